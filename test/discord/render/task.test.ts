import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePress, encodePress } from '../../../src/discord/custom-id.ts';
import {
  type RenderedMessage,
  renderError,
  renderPlain,
  renderTask,
} from '../../../src/discord/render/task.ts';
import { type FailureKind, ProviderError, UserError } from '../../../src/errors.ts';
import { en } from '../../../src/locales/en.ts';
import { wordsFor } from '../../../src/locales/index.ts';
import { followUpActions, type Offer, type Task } from '../../../src/task.ts';
import { anOffer, anOrigin, aPlace, aRunningTask, aTask } from '../../helpers/tasks.ts';

const id = 'AbCdEfGh_-123456';
const media = [{ kind: 'picture', url: 'https://pictures.example/1.png' }] as const;

function textOf(task: Task): string {
  return JSON.stringify(renderTask(task, en));
}

function aDoneTask(offers: Offer[]): Task {
  return aTask({ id, state: 'done', acceptedAt: 1_000, finishedAt: 43_000, result: { media, offers } });
}

describe('renderTask', () => {
  it('shows what is asked for, and how far it is', () => {
    const { embeds, components } = renderTask(aRunningTask({ progress: 50 }), en);
    expect(embeds[0]).toMatchObject({ title: 'Imagine', footer: { text: 'fast · 100 points' } });
    expect(embeds[0]?.description).toBe(
      '```\na fox\n```\nBeing made\n▰▰▰▰▰▰▱▱▱▱▱▱ 50 %\n<@444444444444444444>',
    );
    expect(components).toEqual([]);
  });

  it('shows the picture as a file of the message, with every offer as a button in its order', () => {
    const offers = [1, 2, 3, 4].map((index) => anOffer({ index }));
    offers.push({ action: 'reroll', token: 'r' }, anOffer({ action: 'variation', index: 1 }));
    const message = renderTask(aDoneTask(offers), en, { shown: { as: 'files', names: [`${id}.png`] } });
    expect(message.embeds[0]?.image).toEqual({ url: `attachment://${id}.png` });
    expect(message.attachments).toEqual([{ id: '0', filename: `${id}.png` }]);
    expect(message.embeds[0]?.footer?.text).toBe('fast · 100 points · 42 s');
    expect(message.components).toHaveLength(2);
    expect(
      message.components.map(({ components }) =>
        components.map((button) =>
          'label' in button ? button.label : 'emoji' in button ? button.emoji?.name : '',
        ),
      ),
    ).toEqual([
      ['U1', 'U2', 'U3', 'U4', '🔄'],
      ['V1', '🗑️'],
    ]);
    expect(JSON.stringify(message)).not.toContain('MJ::');
  });

  it('leaves out an offer that a later version has saved, and counts the others as before', () => {
    const offers = [
      { action: 'upscale', index: 1, token: 'a' },
      { action: 'remix-of-next-year', token: 'b' },
      { action: 'reroll', token: 'c' },
    ] as Offer[];
    const { components } = renderTask(aDoneTask(offers), en, { shown: { as: 'files', names: ['a.png'] } });
    const ids = JSON.stringify(components)
      .match(/offer:[^"]+:\d+/g)
      ?.map((text) => text.split(':').at(-1));
    expect(ids).toEqual(['0', '2']);
  });

  it('has a valid button for every action, and at most 25', () => {
    const offers = [...followUpActions, ...followUpActions].map((action) => ({ action, token: 't' }));
    const { components } = renderTask(aDoneTask(offers), en, { shown: { as: 'files', names: ['a.png'] } });
    expect(components.map((row) => row.components.length)).toEqual([5, 5, 5, 5, 5]);
    const ids = components.flatMap((row) =>
      row.components.map((button) => ('custom_id' in button ? button.custom_id : '')),
    );
    expect(new Set(ids).size).toBe(25);
  });

  it('mentions nobody, whatever the prompt says', () => {
    const prompt = '@everyone <@1> [free nitro](https://evil.example) ``` **bold** \u202egnp.exe # heading';
    const message = renderTask(
      aTask({ request: { action: 'imagine', prompt, speed: 'fast', pictures: [] } }),
      en,
    );
    expect(message.allowed_mentions).toEqual({ parse: [] });
    const description = message.embeds[0]?.description ?? '';
    const block = /^```\n(.*)\n```\n/.exec(description)?.[1];
    expect(block).toContain('@everyone <@1> [free nitro]');
    expect(block).not.toMatch(/`|\u202e/);
  });

  it.each([
    ['emoji', '🦊'],
    ['families', '👨\u200d👩\u200d👧\u200d👦'],
    ['Chinese', '狐'],
    ['Arabic', 'م'],
    ['marks', '*'],
    ['a letter with its marks', 'é\u0302\u0303'],
  ])('stays within what Discord takes for 4,000 of %s', (_what, character) => {
    const text = character.repeat(4_000 / character.length);
    const request = { action: 'shorten', prompt: text, speed: 'fast', pictures: [] } as const;
    const adjustments = [{ flag: '--ar', asked: text, used: text }];
    const failure = { kind: 'rejected', reason: text, mayHaveCost: true } as const;
    for (const task of [
      aTask({
        state: 'done',
        request,
        adjustments,
        result: { media, text: Array(5).fill(text), offers: [] },
      }),
      aTask({ state: 'failed', request, adjustments, failure, parentMessageId: '987' }),
    ]) {
      const [embed] = renderTask(task, en).embeds;
      expect(embed?.description?.length).toBeLessThanOrEqual(4_096);
      expect(embed?.description?.isWellFormed()).toBe(true);
      expect(embed?.title?.length).toBeLessThanOrEqual(256);
      expect(embed?.footer?.text.length).toBeLessThanOrEqual(2_048);
    }
  });

  it('says less of what others wrote, and all of what the bot says, where it is too much for one message', () => {
    const flags = [
      '--stylize',
      '--chaos',
      '--weird',
      '--ar',
      '--q',
      '--iw',
      '--sw',
      '--cw',
      '--ow',
      '--seed',
    ];
    const long = '*'.repeat(400);
    const url = `https://files.example/${'a'.repeat(440)}.png`;
    const task = aTask({
      state: 'done',
      request: { action: 'describe', prompt: '狐'.repeat(1_000), speed: 'fast', pictures: [] },
      adjustments: flags.map((flag) => ({ flag, asked: long, used: long })),
      result: { media: Array(4).fill({ kind: 'picture', url }), text: Array(5).fill(long), offers: [] },
    });
    const [embed] = renderTask(task, en, { shown: { as: 'link' } }).embeds;
    const description = embed?.description ?? '';
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(description.match(/files\.example/g)).toHaveLength(4);
    expect(description.match(/^\*\*\d\.\*\* /gm)).toHaveLength(5);
    expect(description).toContain('The provider does 10 more things in its own way.');
    expect(description.endsWith('<@444444444444444444>')).toBe(true);
  });

  it.each([
    ['that are linked', { as: 'link' }],
    ['of which most are missing', { as: 'files', names: ['1.png'], missing: [1, 2, 3, 4, 5, 6, 7, 8, 9] }],
  ] as const)(
    'stays within what Discord takes for a late result of all that there can be: files %s',
    (_what, shown) => {
      const long = '*'.repeat(400);
      const url = `https://files.example/${'a'.repeat(172)}.png`;
      const task = aTask({
        state: 'failed',
        failure: { kind: 'timeout', mayHaveCost: true },
        lateAt: 3,
        parentMessageId: '9'.repeat(19),
        request: { action: 'describe', prompt: '狐'.repeat(1_000), speed: 'fast', pictures: [] },
        adjustments: Array(10).fill({ flag: '--ar', asked: long, used: long }),
        result: { media: Array(10).fill({ kind: 'picture', url }), text: Array(10).fill(long), offers: [] },
      });
      for (const words of ['en-US', 'zh-CN', 'zh-TW'].map(wordsFor)) {
        const length = renderTask(task, words, { shown }).embeds[0]?.description?.length ?? 0;
        expect(length).toBeLessThanOrEqual(4_096);
      }
    },
  );

  it('shows adjustments and proposals whole where there is room', () => {
    const text = `a fox ${'in the snow '.repeat(19)}`.trim();
    const adjustments = [{ flag: '--ar', asked: '16:9', used: '3:2' }];
    const description = renderTask(
      { ...aDoneTask([]), adjustments, result: { media: [], text: [text], offers: [] } },
      en,
    ).embeds[0]?.description;
    expect(description).toContain(`**1.** ${text}`);
    expect(description).toContain('`--ar 3:2` for `--ar 16:9`');
    expect(description).not.toContain('in its own way');
  });

  it('stays within what Discord takes, whatever the prompt and the reason are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 5_000 }),
        fc.string({ unit: 'binary', maxLength: 5_000 }),
        (prompt, reason) => {
          const task = aTask({
            state: 'failed',
            request: { action: 'imagine', prompt, speed: 'fast', pictures: [] },
            failure: { kind: 'rejected', reason, mayHaveCost: true },
          });
          const description = renderTask(task, en).embeds[0]?.description ?? '';
          expect(description.length).toBeLessThanOrEqual(4_096);
          expect((description.match(/```/g) ?? []).length % 2).toBe(0);
        },
      ),
    );
  });

  const kinds: FailureKind[] = [
    'rejected',
    'auth',
    'balance',
    'busy',
    'unavailable',
    'malformed',
    'timeout',
    'lost',
    'forgotten',
    'input',
    'queue',
    'internal',
  ];
  it.each(kinds)('says why a task failed (%s), and that the points are back', (kind) => {
    const text = textOf(aTask({ state: 'failed', failure: { kind, mayHaveCost: false } }));
    expect(text).toContain(en.failure(kind));
    expect(text).toContain('Your 100 points are back.');
    expect(text).not.toContain('may have been charged');
  });

  it('tells when the operator may have been charged all the same', () => {
    expect(textOf(aTask({ state: 'failed', failure: { kind: 'lost', mayHaveCost: true } }))).toContain(
      'may have been charged',
    );
  });

  it("shows the provider's reason as a quote", () => {
    const task = aTask({
      state: 'failed',
      failure: { kind: 'rejected', reason: 'Banned `word` <@1>', mayHaveCost: false },
    });
    expect(textOf(task)).toContain('It says: `Banned ˋwordˋ <@1>`');
  });

  it("says what is wrong with a person's picture, and nothing of a provider", () => {
    const details = { name: 'photo.heic', type: 'HEIC', takes: ['JPEG', 'PNG'] };
    const refusal = { code: 'picture-type', details } as const;
    const text = textOf(aTask({ state: 'failed', failure: { kind: 'input', refusal, mayHaveCost: false } }));
    expect(text).toContain("❌ `photo.heic` is a HEIC file, and HEIC doesn't work here. Send a JPEG or PNG.");
    expect(text).toContain('Your 100 points are back.');
    expect(text).not.toContain('It says');
  });

  it('names the pictures of a set that are missing, by their addresses if those are safe', () => {
    const shown = { as: 'files', names: ['a.jpg'], missing: [0] } as const;
    const text = (url: string) =>
      renderTask(aTask({ state: 'done', result: { media: [{ kind: 'picture', url }], offers: [] } }), en, {
        shown,
      }).embeds[0]?.description;
    expect(text('https://pictures.example/1.png')).toContain(
      "Picture 1 couldn't be shown; for about a day it's [here](https://pictures.example/1.png).",
    );
    expect(text('https://127.0.0.1/1.png')).toContain("Picture 1 couldn't be shown.");
  });

  const setOf = (kind: 'picture' | 'video', urls: string[]) =>
    aTask({
      state: 'done',
      request: { action: 'imagine', prompt: 'x'.repeat(5_000), speed: 'fast', pictures: [] },
      result: { media: urls.map((url) => ({ kind, url })), offers: [] },
    });

  it('names the videos of a set that could not be attached, and links to each', () => {
    const urls = [1, 2, 3, 4].map((number) => `https://films.example/${number}.mp4`);
    const shown = { as: 'files', names: ['a.mp4'], missing: [1, 3] } as const;
    const text = renderTask(setOf('video', urls), en, { shown }).embeds[0]?.description;
    expect(text).toContain(
      "Video 2 couldn't be shown; for about a day it's [here](https://films.example/2.mp4).",
    );
    expect(text).toContain(
      "Video 4 couldn't be shown; for about a day it's [here](https://films.example/4.mp4).",
    );
    expect(text).not.toContain('Video 1');
  });

  it.each([1_400, 700, 300])(
    'stays within what Discord takes if ten addresses have %s characters',
    (length) => {
      const urls = Array.from({ length: 10 }, (_, index) =>
        `https://films.example/${index}`.padEnd(length, '('),
      );
      const shown = { as: 'files', names: [], missing: urls.map((_, index) => index) } as const;
      const text = renderTask(setOf('video', urls), en, { shown }).embeds[0]?.description ?? '';
      expect(text.length).toBeLessThanOrEqual(4_096);
      expect(text).toContain("Video 10 couldn't be shown");
    },
  );

  it.each([
    ['png', true],
    ['jpg', true],
    ['webp', true],
    ['gif', true],
    ['avif', false],
    ['heic', false],
    ['mp4', false],
    ['webm', false],
    ['mov', false],
  ])('shows a .%s in the embed: %s', (extension, isEmbedded) => {
    const name = `relay-1.${extension}`;
    const message = renderTask(aDoneTask([]), en, { shown: { as: 'files', names: [name] } });
    expect(message.embeds[0]?.image?.url).toBe(isEmbedded ? `attachment://${name}` : undefined);
    expect(message.attachments).toEqual([{ id: '0', filename: name }]);
  });

  it('tells when points come back where an answer was lost', () => {
    expect(textOf(aTask({ state: 'submitting', lostAt: 1, deadlineAt: 3_600_000 }))).toContain('<t:3600:t>');
  });

  it('has words for every state', () => {
    expect(textOf(aTask())).toContain(en.waiting);
    expect(textOf(aTask({ postponedFor: 'busy' }))).toContain(en.waitingForProvider);
    expect(textOf(aTask({ state: 'submitting' }))).toContain(en.submitting);
    expect(textOf(aTask({ state: 'asking' }))).toContain(en.asking);
    expect(textOf(aTask({ state: 'cancelled' }))).toContain('Cancelled. Your 100 points are back.');
    const link = renderTask(aDoneTask([]), en, { shown: { as: 'link' } });
    expect(JSON.stringify(link)).toContain("couldn't be attached");
    expect(JSON.stringify(renderTask(aDoneTask([]), en))).toContain(en.pictureUnreachable);
  });

  it('shows a place in the queue, when it may be ready, and that it takes long', () => {
    const now = 2_000_000;
    const shown = (task: Task, outlook: object) =>
      JSON.stringify(
        renderTask(task, en, { outlook: { now, canCancel: false, isCancelRefunded: true, ...outlook } }),
      );
    expect(shown(aTask(), { place: 3 })).toContain('behind 3 others');
    const running = aRunningTask({ acknowledgedAt: now - 60_000 });
    expect(shown(running, { expectedAt: now + 5_000 })).toContain('ready about <t:2005:R>');
    expect(shown(running, { expectedAt: now - 5_000 })).not.toContain('<t:');
    expect(shown({ ...running, acknowledgedAt: now - 15 * 60_000 }, {})).toContain('longer than usual');
  });

  it('offers Cancel, Try again, Answer, Check and removal where they mean something', () => {
    const kinds = (task: Task, canCancel = false) =>
      JSON.stringify(
        renderTask(task, en, { outlook: { now: 0, canCancel, isCancelRefunded: true } }).components,
      ).match(/(?<=custom_id":")[a-z]+/g);
    const closed = aPlace({ isOpenToBot: false });
    expect(kinds(aTask(), true)).toEqual(['cancel']);
    expect(kinds(aRunningTask())).toBeNull();
    expect(kinds(aTask({ state: 'asking' }), true)).toEqual(['answer', 'cancel']);
    expect(kinds(aTask({ state: 'failed' }))).toEqual(['again', 'remove']);
    expect(kinds(aTask({ state: 'cancelled' }))).toEqual(['again', 'remove']);
    expect(kinds(aDoneTask([]))).toEqual(['remove']);
    expect(kinds(aRunningTask({ origin: anOrigin({ place: closed }) }))).toEqual(['check']);
  });

  it('says on the button, and in words, if no points would come back', () => {
    const outlook = { now: 0, canCancel: true, isCancelRefunded: false };
    const shown = (task: Task, isRefunded: boolean) =>
      JSON.stringify(renderTask(task, en, { outlook: { ...outlook, isCancelRefunded: isRefunded } }));
    const running = aRunningTask({ id: 'abcdefghijklmnop' });
    expect(shown(running, false)).toMatch(
      /"cancel:abcdefghijklmnop:1","style":2,"label":"Cancel \(no refund\)"/,
    );
    expect(shown(running, true)).toMatch(/"cancel:abcdefghijklmnop:0","style":2,"label":"Cancel"/);
    const stop = { at: 1, isRefunded: false };
    const asking = aTask({ state: 'asking', deadlineAt: 3_600_000, stop });
    expect(shown(asking, false)).toContain("if you don't answer by <t:3600:t>, or cancel, your 100 points");
    expect(shown({ ...asking, stop: { at: 1, isRefunded: true } }, true)).not.toContain('refund');
    expect(shown({ ...running, cancellingAt: 1, stop }, false)).toContain("Your 100 points don't come back.");
    const refunded = { ...running, cancellingAt: 1, stop: { at: 1, isRefunded: true } };
    expect(shown(refunded, true)).toContain('asked to cancel this.\\n<@444444444444444444>');
    const notBack = "Your 100 points don't come back: you had no refund left today.";
    expect(textOf(aTask({ state: 'cancelled', stop }))).toContain(`Cancelled. ${notBack}`);
    const failure = { kind: 'timeout', mayHaveCost: true } as const;
    expect(textOf(aTask({ state: 'failed', failure, stop }))).toContain(notBack);
    expect(renderPlain(aTask({ state: 'cancelled', stop }), en)?.content).toContain(notBack);
  });

  it('shows a late result as free, with its buttons', () => {
    const late = aTask({
      state: 'failed',
      lateAt: 5,
      failure: { kind: 'timeout', mayHaveCost: true },
      result: { media, offers: [anOffer()] },
    });
    const message = renderTask(late, en, { shown: { as: 'files', names: ['a.png'] } });
    expect(message.embeds[0]?.description).toContain(en.late);
    expect(JSON.stringify(message.components)).toContain('U1');
    expect(JSON.stringify(message)).not.toContain('Try again');
  });

  const linkTo = (...urls: string[]) => {
    const task = aTask({
      state: 'done',
      result: { media: urls.map((url) => ({ kind: 'picture', url })), offers: [] },
    });
    return renderTask(task, en, { shown: { as: 'link' } }).embeds[0]?.description ?? '';
  };

  it.each([
    'https://pictures.example/1.png?ex=1&is=2',
    'http://pictures.example/1.png',
    'http://pictures.example:8080/1',
  ])('publishes an address like %s', (url) => expect(linkTo(url)).toContain(`[here](${url})`));

  it('publishes the addresses of all files of a set, as far as there is room', () => {
    const urls = [1, 2, 3, 4].map((number) => `https://pictures.example/${number}.png`);
    const all = urls.map((url, index) => `[${index + 1}](${url})`).join(' · ');
    expect(linkTo(...urls)).toContain(all);
    expect(linkTo('https://10.0.0.1/1.png', ...urls)).toContain(all);
    const long = urls.map((url) => `${url}?${'x'.repeat(900)}`);
    expect(linkTo(...long).match(/\]\(/g)).toHaveLength(2);
  });

  it('says what a result waits for, and offers nothing of it yet', () => {
    const task = aDoneTask([anOffer()]);
    for (const from of ['file-server', 'operator'] as const) {
      const message = renderTask(task, en, { shown: { as: 'awaited', from } });
      expect(message.embeds[0]?.description).toContain(en.awaited[from]);
      expect(JSON.stringify(message.components)).not.toContain('U1');
    }
  });

  it.each([
    'ftp://pictures.example/1.png',
    'http://192.168.0.2/1.png',
    'http://gateway:8080/1.png',
    'https://:password@pictures.example/1.png',
    'https://127.0.0.1/1.png',
    'https://gateway.internal/1.png',
    'https://user@pictures.example/1.png',
    `https://pictures.example/${'x'.repeat(2_000)}`,
    `https://pictures.example/${'('.repeat(600)}`,
    'data:image/png;base64,iVBORw0KGgo=',
    'not an address',
  ])('publishes no address like %s', (url) => {
    expect(linkTo(url)).toContain(en.pictureUnreachable);
  });

  it('publishes no address that holds a secret', () => {
    const secret = { kind: 'picture', url: 'https://cdn.example/1.png?key=canary', isPrivate: true } as const;
    const task = aTask({ state: 'done', result: { media: [secret], offers: [] } });
    for (const shown of [{ as: 'link' }, { as: 'files', names: [], missing: [0] }] as const)
      expect(JSON.stringify(renderTask(task, en, { shown }))).not.toContain('canary');
  });

  it('lets no address end its link', () => {
    const url = 'https://pictures.example/x) [Free nitro](https://evil.example/';
    expect(linkTo(url).match(/\]\(/g)).toHaveLength(1);
  });

  it('links to the message that it came from', () => {
    const task = aTask({
      parentMessageId: '987',
      request: { action: 'upscale', prompt: '', speed: 'fast', pictures: [], offer: anOffer({ index: 2 }) },
    });
    const embed = renderTask(task, en).embeds[0];
    expect(embed?.title).toBe('Pick · picture 2');
    expect(embed?.description).toContain(
      'https://discord.com/channels/222222222222222222/333333333333333333/987',
    );
  });
});

describe('renderError', () => {
  it('gives a sentence to a person and an id to what nobody expected', () => {
    expect(
      renderError(new UserError('points-short', { price: 100, left: 1, refillsAt: 1_000 }), en, 'x').content,
    ).toContain('100 points');
    expect(renderError(new ProviderError('auth', 'secret detail'), en, 'x').content).toBe(en.failure('auth'));
    const unknown = renderError(new Error('a secret in a message'), en, 'deadbeef').content;
    expect(unknown).toContain('deadbeef');
    expect(unknown).not.toContain('secret');
  });

  it('says within what Discord takes what a person typed', () => {
    const value = '👨\u200d👩\u200d👧\u200d👦'.repeat(400);
    const { content } = renderError(new UserError('style-reference-malformed', { value }), en, 'x');
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content).toContain('👦…`');
  });

  it('escapes what a person typed', () => {
    const { content } = renderError(
      new UserError('aspect-malformed', { value: '`@everyone`\n[x](https://evil.example)' }),
      en,
      'x',
    );
    expect(content).toContain('`ˋ@everyoneˋ [x](https://evil.example)`');
  });
});

/** Words on the buttons of a message, or their emoji where they have none. */
function labelsIn({ components }: RenderedMessage): unknown[] {
  const buttons = components.flatMap((row) => row.components) as {
    label?: string;
    emoji?: { name: string };
  }[];
  return buttons.map(({ label, emoji }) => label ?? emoji?.name);
}

describe('prompts that were found', () => {
  const text = [
    'a **red** fox --ar 3:2',
    '[click](https://evil.example) @everyone',
    '# big',
    'x'.repeat(900),
    'e',
    'f',
  ];
  const task = aTask({ state: 'done', result: { media: [], text, offers: [anOffer()] } });

  it('are listed harmless, each with a button, before what the provider offers', () => {
    const message = renderTask(task, en);
    const description = message.embeds[0]?.description ?? '';
    expect(description).toContain('**1.** a \\*\\*red\\*\\* fox --ar 3\\:2');
    expect(description).toContain('**2.** \\[click\\]\\(https\\://evil.example\\) \\@everyone');
    expect(labelsIn(message)).toEqual([
      'Imagine 1',
      'Imagine 2',
      'Imagine 3',
      'Imagine 4',
      'Imagine 5',
      'U1',
      '🗑️',
    ]);
  });

  it('stay within what Discord takes', () => {
    const long = Array.from({ length: 5 }, () => '*'.repeat(4_000));
    const request = { ...task.request, prompt: 'x'.repeat(4_000) };
    const message = renderTask({ ...task, request, result: { media: [], text: long, offers: [] } }, en);
    expect(message.embeds[0]?.description?.length).toBeLessThanOrEqual(4_096);
  });
});

describe('custom ids', () => {
  it('come back as they went', () => {
    expect(decodePress(encodePress({ kind: 'offer', taskId: id, offer: 24 }))).toEqual({
      kind: 'offer',
      taskId: id,
      offer: 24,
    });
    expect(encodePress({ kind: 'window', taskId: id, offer: 24 }).length).toBeLessThanOrEqual(100);
  });

  it.each([
    '',
    'offer:',
    'offer:short:1',
    `offer:${id}`,
    `offer:${id}:-1`,
    `offer:${id}:100`,
    `offer:${id}:1:2`,
    `offer:${id}:1\n`,
    `x${encodePress({ kind: 'offer', taskId: id, offer: 1 })}`,
    `drop:${id}:1`,
  ])('refuse %j', (customId) => {
    expect(decodePress(customId)).toBeUndefined();
  });

  it('refuse everything that anybody can think of', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (customId) => decodePress(customId) === undefined));
  });
});
