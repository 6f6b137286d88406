import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTask, type Showing } from '../../../src/discord/render/task.ts';
import { english, wordsFor } from '../../../src/locales/index.ts';
import type { Offer, Task } from '../../../src/task.ts';
import { anOffer, anOrigin, aPlace, aRunningTask, aTask } from '../../helpers/tasks.ts';

const id = 'AbCdEfGh_-123456';
const media = [{ kind: 'picture', url: 'https://pictures.example/1.png' }] as const;

function textOf(task: Task): string {
  return JSON.stringify(renderTask(task, english));
}

function aDoneTask(offers: Offer[]): Task {
  return aTask({ id, state: 'done', acceptedAt: 1_000, finishedAt: 43_000, result: { media, offers } });
}

describe('renderTask', () => {
  it('shows what is asked for, and how far it is', () => {
    const { content, embeds, components } = renderTask(aRunningTask({ progress: 50 }), english);
    expect(content).toBe('**a fox** - <@444444444444444444> (Fast)');
    expect(embeds[0]).toMatchObject({
      description: 'In progress\n▰▰▰▰▰▰▱▱▱▱▱▱ 50%',
      footer: { text: '100 points' },
    });
    expect(components).toEqual([]);
  });

  it('mentions nobody, whatever the prompt says', () => {
    const prompt = '@everyone <@1> [free nitro](https://evil.example) ``` **bold** \u202egnp.exe # heading';
    const message = renderTask(
      aTask({ request: { action: 'imagine', prompt, speed: 'fast', pictures: [] } }),
      english,
    );
    expect(message.allowed_mentions).toEqual({ parse: [] });
    const bold = /^\*\*(.*)\*\* - <@4{18}> \(Fast\)$/u.exec(message.content)?.[1];
    expect(bold).toContain('\\@everyone \\<\\@1\\> \\[free nitro\\]\\(https\\://evil\\.example\\)');
    expect(bold).toContain('\\*\\*bold\\*\\* gnp\\.exe \\# heading');
    expect(bold).not.toMatch(/`|\u202e/);
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
      const message = renderTask(task, english);
      expect(message.content.length).toBeLessThanOrEqual(2_000);
      expect(message.content.isWellFormed()).toBe(true);
      const [embed] = message.embeds;
      expect(embed?.description?.length).toBeLessThanOrEqual(4_096);
      expect(embed?.description?.isWellFormed()).toBe(true);
      expect(embed?.footer?.text.length ?? 0).toBeLessThanOrEqual(2_048);
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
    const message = renderTask(task, english, { shown: { as: 'link' } });
    const description = message.embeds[0]?.description ?? '';
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(description.match(/files\.example/g)).toHaveLength(4);
    expect(description.match(/^\*\*\d\.\*\* /gm)).toHaveLength(5);
    expect(description).toContain('The provider does 6 more things its own way.');
    expect(message.content.endsWith('Describe by <@444444444444444444> (Fast)')).toBe(true);
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
      english,
    ).embeds[0]?.description;
    expect(description).toContain(`**1.** ${text}`);
    expect(description).toContain('`--ar 3:2` instead of `--ar 16:9`');
    expect(description).not.toContain('its own way');
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
          const { content, embeds } = renderTask(task, english);
          expect(embeds[0]?.description?.length).toBeLessThanOrEqual(4_096);
          expect(content.length).toBeLessThanOrEqual(2_000);
          expect(content).not.toMatch(/`|https?:/);
        },
      ),
    );
  });

  it.each(['png', 'jpg', 'webp', 'gif', 'avif', 'heic', 'mp4', 'webm', 'mov'])(
    'shows a .%s as a file, which is larger than in the embed, with its prompt as its description',
    (extension) => {
      const name = `relay-1.${extension}`;
      const message = renderTask(aDoneTask([]), english, { shown: { as: 'files', names: [name] } });
      expect(message.embeds[0]?.image).toBeUndefined();
      expect(message.attachments).toEqual([{ id: '0', filename: name, description: 'a fox' }]);
    },
  );

  it.each([
    ['https://cdn.example/50.webp', 'https://cdn.example/50.webp'],
    ['http://10.0.0.7/50.webp', undefined],
    ['https://user:secret@cdn.example/50.webp', undefined],
  ])('shows a picture that grows, but none that people could not open: %s', (preview, shown) => {
    expect(renderTask(aRunningTask({ preview }), english).embeds[0]?.image?.url).toBe(shown);
    const ended = renderTask({ ...aDoneTask([]), preview }, english, {
      shown: { as: 'files', names: ['1.png'] },
    });
    expect(ended.embeds[0]?.image).toBeUndefined();
  });

  it.each<[Task['state'], number | undefined]>([
    ['running', 0x5865f2],
    ['done', undefined],
    ['failed', 0xed4245],
    ['cancelled', 0x99aab5],
  ])('has a color if it is %s: %s', (state, color) => {
    expect(renderTask(aTask({ state }), english).embeds[0]?.color).toBe(color);
  });

  it('says how many are ahead of it at the provider, before it has any progress', () => {
    const description = renderTask(aRunningTask({ queue: 2, progress: 40 }), english).embeds[0]?.description;
    expect(description).toBe('Waiting at the provider, 2 tasks ahead');
  });

  it.each([undefined, 0])('has no bar before there is any progress (%s)', (progress) => {
    const running = aRunningTask(progress === undefined ? {} : { progress });
    expect(textOf(running)).toContain('In progress');
    expect(textOf(running)).not.toMatch(/▱|%/u);
    expect(textOf(aRunningTask({ progress: 1 }))).toContain('▱▱▱▱▱▱▱▱▱▱▱▱ 1%');
  });

  it('says what Check is for, as long as it is needed', () => {
    const origin = { ...aTask().origin, place: { ...aTask().origin.place, isOpenToBot: false } };
    const sentence = english.say('task.press-check');
    expect(textOf(aRunningTask({ origin }))).toContain(sentence);
    expect(textOf(aRunningTask())).not.toContain(sentence);
    expect(textOf({ ...aDoneTask([]), origin })).not.toContain(sentence);
  });

  it('tells when points come back where an answer was lost', () => {
    expect(textOf(aTask({ state: 'submitting', lostAt: 1, deadlineAt: 3_600_000 }))).toContain('<t:3600:t>');
  });

  it('has words for every state', () => {
    expect(textOf(aTask())).toContain(english.say('task.queued'));
    expect(textOf(aTask({ postponedFor: 'busy' }))).toContain(english.say('task.postponed'));
    expect(textOf(aTask({ state: 'submitting' }))).toContain(english.say('task.submitting'));
    expect(textOf(aTask({ state: 'asking' }))).toContain(english.say('task.asking'));
    expect(textOf(aTask({ state: 'cancelled' }))).toContain('Canceled. Your 100 points are back.');
    const link = renderTask(aDoneTask([]), english, { shown: { as: 'link' } });
    expect(JSON.stringify(link)).toContain("couldn't attach the result");
    expect(JSON.stringify(renderTask(aDoneTask([]), english))).toContain(english.say('result.unreachable'));
  });

  it('shows its position in the queue, when it may be ready, and that it takes long', () => {
    const now = 2_000_000;
    const shown = (task: Task, outlook: object) =>
      JSON.stringify(
        renderTask(task, english, { outlook: { now, canCancel: false, isCancelRefunded: true, ...outlook } }),
      );
    expect(shown(aTask(), { position: 3 })).toContain('3 tasks ahead');
    const running = aRunningTask({ acknowledgedAt: now - 60_000 });
    expect(shown(running, { usualMs: 40_000 })).toContain('In progress, usually 40s');
    expect(shown(running, { usualMs: 40_000 })).not.toContain('<t:');
    expect(shown(running, {})).not.toContain('usually');
    expect(shown({ ...running, acknowledgedAt: now - 15 * 60_000 }, {})).toContain('longer than usual');
  });

  it('says on the button, and in words, if no points would come back', () => {
    const outlook = { now: 0, canCancel: true, isCancelRefunded: false };
    const shown = (task: Task, isRefunded: boolean) =>
      JSON.stringify(renderTask(task, english, { outlook: { ...outlook, isCancelRefunded: isRefunded } }));
    const running = aRunningTask({ id: 'abcdefghijklmnop' });
    expect(shown(running, false)).toMatch(
      /"cancel:abcdefghijklmnop:1","style":2,"label":"Cancel \(no refund\)"/,
    );
    expect(shown(running, true)).toMatch(/"cancel:abcdefghijklmnop:0","style":2,"label":"Cancel"/);
    const stop = { at: 1, isRefunded: false };
    const asking = aTask({ state: 'asking', deadlineAt: 3_600_000, stop });
    expect(shown(asking, false)).toContain(
      "If you cancel, or don't answer by <t:3600:t>, you won't get your 100 points back.",
    );
    expect(shown({ ...asking, stop: { at: 1, isRefunded: true } }, true)).not.toContain('refund');
    expect(shown({ ...running, cancellingAt: 1, stop }, false)).toContain(
      "You won't get your 100 points back.",
    );
    const refunded = { ...running, cancellingAt: 1, stop: { at: 1, isRefunded: true } };
    expect(shown(refunded, true)).toContain('asked to cancel this."');
  });

  it('shows a late result as free, with its buttons', () => {
    const late = aTask({
      state: 'failed',
      lateAt: 5,
      failure: { kind: 'timeout', mayHaveCost: true },
      result: { media, offers: [anOffer()] },
    });
    const message = renderTask(late, english, { shown: { as: 'files', names: ['a.png'] } });
    expect(message.embeds[0]?.description).toContain(english.say('task.late'));
    expect(JSON.stringify(message.components)).toContain('U1');
    expect(JSON.stringify(message)).not.toContain('Try again');
  });

  it('links to the message that it came from', () => {
    const task = aTask({
      parentMessageId: '987',
      request: { action: 'upscale', prompt: '', speed: 'fast', pictures: [], offer: anOffer({ index: 2 }) },
    });
    const { content, embeds } = renderTask(task, english);
    expect(content).toBe('**Image #2** - <@444444444444444444> (Fast)');
    expect(embeds[0]?.description).toContain(
      'https://discord.com/channels/222222222222222222/333333333333333333/987',
    );
  });

  it.each<[string, Partial<Task>, string]>([
    ['an imagine', {}, '**a fox** - <@444444444444444444> (Fast)'],
    [
      'an image of a set',
      { request: { ...aTask().request, action: 'upscale', speed: 'relax', offer: anOffer({ index: 3 }) } },
      '**a fox** - Image #3 by <@444444444444444444> (Relax)',
    ],
    [
      'a variation of one',
      { request: { ...aTask().request, action: 'variation', offer: anOffer({ index: 2 }) } },
      '**a fox** - Variations · image #2 by <@444444444444444444> (Fast)',
    ],
    [
      'something without words',
      { request: { ...aTask().request, action: 'blend', prompt: '' } },
      '**Blend** - <@444444444444444444> (Fast)',
    ],
  ])('begins as the official bot does: %s', (_what, changes, line) => {
    expect(renderTask(aTask(changes), english).content).toBe(line);
  });

  it('names the pictures that went in, and not the described one that it shows', () => {
    const named = (action: 'imagine' | 'describe', shown?: Showing['shown']) => {
      const names = ['fox `1`.png', '@everyone.png'];
      const pictures = names.map((name) => ({ name, url: 'https://p.example/1.png' }));
      const task = aTask({ state: 'done', request: { ...aTask().request, action, pictures } });
      return renderTask(task, english, { ...(shown && { shown }) }).embeds[0]?.description;
    };
    expect(named('imagine')).toBe('With `fox ˋ1ˋ.png` and `@everyone.png`');
    expect(named('describe')).toContain('With ');
    expect(named('describe', { as: 'files', names: ['fox.png'] })).toBeUndefined();
  });

  it('says which picture only lent its style', () => {
    const pictures = [
      { name: 'cat.png', url: 'https://p.example/1.png' },
      { name: 'ink.png', url: 'https://p.example/2.png', role: 'style' },
    ] as const;
    const task = aTask({ state: 'done', request: { ...aTask().request, action: 'edit', pictures } });
    expect(renderTask(task, english).embeds[0]?.description).toBe('With `cat.png` and `ink.png` (its style)');
  });

  it('says which words matter, by the shorter prompts', () => {
    const task = aTask({
      state: 'done',
      request: { ...aTask().request, action: 'shorten', prompt: 'A very red fox, in deep *snow* --ar 3:2' },
      result: { media: [], text: ['a red fox in snow', 'red fox in snow', 'Red fox'], offers: [] },
    });
    expect(renderTask(task, english).embeds[0]?.description?.split('\n').slice(0, 3)).toEqual([
      'What matters: A ~~very~~ **red** **fox,** in ~~deep~~ \\*snow\\*',
      '',
      '**1.** a red fox in snow',
    ]);
  });

  it.each([
    ['**a fox**, in the ~~deep deep~~ snow', '**a fox**, in the ~~deep deep~~ snow'],
    [
      '**@everyone** [x](https://e.org) ~~_so_~~ `y`',
      '**\\@everyone** \\[x\\]\\(https\\://e\\.org\\) ~~\\_so\\_~~ ˋyˋ',
    ],
    ['a ** fox ** and *one* more', 'a  **fox**  and \\*one\\* more'],
    ['**never closed', '**never closed**'],
    [`**${'x'.repeat(400)}**`, `**${'x'.repeat(248)}**`],
  ])('shows which words matter as the API says: %s', (weighed, shown) => {
    const task = aTask({
      state: 'done',
      request: { ...aTask().request, action: 'shorten', prompt: 'a fox in the deep deep snow' },
      result: { media: [], text: ['a fox'], weighed, offers: [] },
    });
    expect(renderTask(task, english).embeds[0]?.description?.split('\n')[0]).toBe(`What matters: ${shown}`);
  });

  it.each([
    ['no message', undefined, true],
    ['that message', '987', false],
    ['a question that only its owner sees', '988', true],
  ])('says which message it comes from if Discord shows %s above it: %s, %s', (_what, repliesTo, isSaid) => {
    const place = aPlace(repliesTo === undefined ? {} : { repliesTo });
    const task = aTask({ parentMessageId: '987', origin: anOrigin({ place }) });
    const { description } = renderTask(task, english).embeds[0] ?? {};
    expect(description?.startsWith('From ') ?? false).toBe(isSaid);
  });

  describe('says in its footer', () => {
    const offers = [
      ...[1, 2].map((index) => anOffer({ index, isLocal: true })),
      { action: 'reroll', token: 'r' },
      anOffer({ action: 'variation' }),
    ] as const;
    const footerOf = (task: Task, showing: Showing = {}) =>
      renderTask(task, english, showing).embeds[0]?.footer?.text;

    it('the time, the price, and what the buttons cost', () => {
      const grid = aDoneTask([...offers]);
      expect(footerOf(grid, { prices: [0, 0, 100, 50] })).toBe(
        '42s · 100 points · U\u00a0free · V\u00a050 · 🔄\u00a0100',
      );
    });

    it('one price for each kind of button, or from which to which', () => {
      const followUps = [
        'upscale-subtle',
        'vary-strong',
        'zoom-2x',
        'square',
        'pan-up',
        'animate-low',
      ] as const;
      const single = aDoneTask(followUps.map((action) => ({ action, token: 't' })));
      expect(footerOf(single, { prices: [50, 100, 100, 70, undefined, 2_600] })).toBe(
        '42s · 100 points · Upscale\u00a050 · Vary\u00a0100 · Zoom\u00a070–100 · Animate\u00a02,600',
      );
    });

    it.each<[string, Partial<Task>, string | undefined]>([
      [
        'nothing about points that are back, as the message does',
        { state: 'failed', failure: { kind: 'rejected', mayHaveCost: false } },
        undefined,
      ],
      ['points that stay', { state: 'cancelled', stop: { at: 1, isRefunded: false } }, '100 points'],
      [
        'nothing about a result that came late',
        { state: 'failed', lateAt: 3, stop: { at: 1, isRefunded: false } },
        undefined,
      ],
      ['what cost nothing', { state: 'done', price: 0 }, 'free'],
      ['what still runs', { state: 'running' }, '100 points'],
    ])('%s', (_what, changes, footer) => {
      expect(footerOf(aTask(changes))).toBe(footer);
    });

    it('no costs of buttons that are not there yet', () => {
      const prices = [0, 0, 100, 50];
      expect(footerOf(aDoneTask([...offers]), { prices, shown: { as: 'awaited', from: 'operator' } })).toBe(
        '42s · 100 points',
      );
    });
  });
});
