import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTask } from '../../../src/discord/render/task.ts';
import { english, wordsFor } from '../../../src/locales/index.ts';
import type { Offer, Task } from '../../../src/task.ts';
import { anOffer, aRunningTask, aTask } from '../../helpers/tasks.ts';

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
    const { embeds, components } = renderTask(aRunningTask({ progress: 50 }), english);
    expect(embeds[0]).toMatchObject({ title: 'Imagine', footer: { text: 'Fast · 100 points' } });
    expect(embeds[0]?.description).toBe(
      '```\na fox\n```\nIn progress\n▰▰▰▰▰▰▱▱▱▱▱▱ 50%\n<@444444444444444444>',
    );
    expect(components).toEqual([]);
  });

  it('mentions nobody, whatever the prompt says', () => {
    const prompt = '@everyone <@1> [free nitro](https://evil.example) ``` **bold** \u202egnp.exe # heading';
    const message = renderTask(
      aTask({ request: { action: 'imagine', prompt, speed: 'fast', pictures: [] } }),
      english,
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
      const [embed] = renderTask(task, english).embeds;
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
    const [embed] = renderTask(task, english, { shown: { as: 'link' } }).embeds;
    const description = embed?.description ?? '';
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(description.match(/files\.example/g)).toHaveLength(4);
    expect(description.match(/^\*\*\d\.\*\* /gm)).toHaveLength(5);
    expect(description).toContain('The provider does 10 more things its own way.');
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
          const description = renderTask(task, english).embeds[0]?.description ?? '';
          expect(description.length).toBeLessThanOrEqual(4_096);
          expect((description.match(/```/g) ?? []).length % 2).toBe(0);
        },
      ),
    );
  });

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
    const message = renderTask(aDoneTask([]), english, { shown: { as: 'files', names: [name] } });
    expect(message.embeds[0]?.image?.url).toBe(isEmbedded ? `attachment://${name}` : undefined);
    expect(message.attachments).toEqual([{ id: '0', filename: name }]);
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
    expect(JSON.stringify(link)).toContain("couldn't be attached");
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
    expect(shown(refunded, true)).toContain('asked to cancel this.\\n<@444444444444444444>');
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
    const embed = renderTask(task, english).embeds[0];
    expect(embed?.title).toBe('Pick · image 2');
    expect(embed?.description).toContain(
      'https://discord.com/channels/222222222222222222/333333333333333333/987',
    );
  });
});
