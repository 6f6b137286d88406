import { describe, expect, it } from 'vitest';
import { renderTaskCard } from '../../../src/discord/render/task-card.ts';
import { english } from '../../../src/locales/index.ts';
import type { TaskCard } from '../../../src/service/task-cards.ts';
import type { Task, TaskRequest } from '../../../src/task.ts';
import { anOrigin, aPlace, aTask } from '../../helpers/tasks.ts';

const at = 1_764_000_000_000;

function aDone(changes: Partial<Task> = {}, request: Partial<TaskRequest> = {}): Task {
  return aTask({
    id: 'done-task-000001',
    state: 'done',
    account: 'main',
    price: 100,
    createdAt: at,
    acceptedAt: at + 1_000,
    finishedAt: at + 31_000,
    origin: anOrigin({ place: aPlace({ messageId: '777777777777777777' }) }),
    result: { media: [{ kind: 'picture', url: 'https://cdn.example/1.png' }], offers: [] },
    request: { action: 'imagine', prompt: 'a fox --ar 16:9 --v 7', speed: 'fast', pictures: [], ...request },
    ...changes,
  });
}

function show(card: Partial<TaskCard> & { task: Task }) {
  const { message, files } = renderTaskCard(
    { children: [], siblings: [], isOwn: true, isFavorite: false, ...card },
    english,
  );
  const [embed] = message.embeds ?? [];
  const { title = '', description = '', footer, fields = [] } = embed ?? {};
  const texts = [
    title,
    description,
    footer?.text ?? '',
    ...fields.flatMap(({ name, value }) => [name, value]),
  ];
  return {
    title,
    description,
    footer: footer?.text,
    values: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    fields,
    text: texts.join('\n'),
    length: texts.join('').length,
    file: files.map(({ name, data }) => [name, String(data)]),
  };
}

describe('the card of a task', () => {
  it('shows all that is known', () => {
    const task = aDone({
      facts: {
        promptEnglish: 'a red fox',
        submittedAt: at + 1_000,
        startedAt: at + 2_000,
        finishedAt: at + 29_000,
        realSpeed: 'relax',
        seed: '42',
        jobId: '0badcafe-0000-4000-8000-000000000001',
        width: 2048,
        height: 1152,
        cost: { amount: 1_250.5, unit: 'points' },
      },
      adjustments: [{ flag: '--chaos', asked: '7', used: '5' }],
    });
    const parent = aDone({ id: 'parent-000000001', origin: anOrigin({ place: aPlace({ messageId: '1' }) }) });
    const child = aDone(
      { id: 'child-0000000001' },
      { action: 'upscale', offer: { action: 'upscale', index: 2, token: 'x' } },
    );
    const { title, description, values, footer, file } = show({
      task,
      providerId: '1799',
      parent,
      children: [child],
    });
    expect(title).toBe('Imagine');
    expect(footer).toBe('ID done-task-000001');
    expect(description).toBe('```\na fox --ar 16:9 --v 7\n```\nIn English:\n```\na red fox\n```');
    const [seconds, link] = [
      at / 1_000,
      'https://discord.com/channels/222222222222222222/333333333333333333',
    ];
    const time = (after: number) => `<t:${seconds + after}:d> <t:${seconds + after}:T>`;
    expect(values).toEqual({
      Speed: 'Fast, but it ran at Relax',
      Points: '100 points',
      Account: '`main`',
      Size: '2048 × 1152',
      Seed: '`42`',
      "Midjourney's job ID": '`0badcafe-0000-4000-8000-000000000001`',
      'ID at the provider': '`1799`',
      'Cost at the provider': '1,250.5 points',
      Parameters: '`--ar 16:9` `--v 7`\n`--chaos 7 → 5`',
      Times: `Requested: ${time(0)}\nAccepted: ${time(1)}\nFinished: ${time(31)}`,
      'Times at the provider': `Submitted: ${time(1)}\nStarted: ${time(2)}\nFinished: ${time(29)}\nTook 27s`,
      Result: `${link}/777777777777777777\nFiles, for about a day: [1](https://cdn.example/1.png)`,
      'Made from': `Imagine · ${link}/1 · \`parent-000000001\``,
      'Made from this': `Image #2 · ${link}/777777777777777777 · \`child-0000000001\``,
    });
    expect(file).toEqual([]);
  });

  it('shows what a prompt was translated from, and no English that says the same', () => {
    const facts = { promptEnglish: 'A fox --v 7 --ar 16:9 --fast' };
    expect(show({ task: aDone({ facts }, { typed: '狐狸' }) }).description).toBe(
      '```\na fox --ar 16:9 --v 7\n```\nTranslated from:\n```\n狐狸\n```',
    );
  });

  it('leaves out what nobody told', () => {
    const { values } = show({ task: aDone({ acceptedAt: at + 1_000 }, { prompt: 'a fox' }) });
    expect(Object.keys(values)).toEqual(['Speed', 'Points', 'Account', 'Times', 'Result']);
  });

  it.each([
    ['waits', { state: 'queued' }, '⏳ Waiting for a free slot', '100 points'],
    ['runs', { state: 'running' }, '⏳ In progress', '100 points'],
    [
      'failed',
      { state: 'failed', failure: { kind: 'rejected', reason: 'no `foxes`', mayHaveCost: true } },
      'The provider says: `no ˋfoxesˋ`\nYour 100 points are back.',
      '100 points, refunded',
    ],
    ['was canceled', { state: 'cancelled' }, 'Your 100 points are back.', '100 points, refunded'],
    [
      'was canceled without a refund',
      { state: 'cancelled', stop: { at, isRefunded: false } },
      "You didn't get your 100 points back",
      '100 points',
    ],
    [
      'came late',
      { state: 'failed', lateAt: at, failure: { kind: 'timeout', mayHaveCost: true } },
      "so it's free",
      '100 points, refunded',
    ],
    ['was free', { price: 0 }, 'a fox', 'free'],
    [
      'is emptied',
      { emptied: 'all', request: { action: 'imagine', prompt: '', speed: 'fast', pictures: [] } },
      'have been removed',
      '100 points',
    ],
  ] as const)('says so if a task %s', (_, changes, sentence, points) => {
    const { description, values } = show({ task: aDone(changes as Partial<Task>) });
    expect(description).toContain(sentence);
    expect(values['Points']).toBe(points);
    if ('emptied' in changes) expect(description).not.toContain('```');
  });

  it('formats, links and pings nothing that others wrote', () => {
    const bad = '**x** [y](https://evil.example) <@1> @everyone ```js\ncode``` `z` # head\n> quote';
    const { text, description, file } = show({
      task: aDone(
        { facts: { promptEnglish: `in English ${bad}`, seed: bad, jobId: bad }, account: 'main' },
        {
          prompt: `${bad} --no ${bad}`,
          typed: bad,
          pictures: [{ url: 'https://x.example/1.png', name: bad }],
        },
      ),
      providerId: bad,
    });
    // Everything foreign stands between backticks, and none of its own can end them.
    const outside = text.replace(/```\n[^`]*\n```/gu, '').replace(/`[^`\n]*`/gu, '');
    expect(outside).not.toMatch(/evil|everyone|<@1>|head|quote|code/u);
    expect(description.split('```')).toHaveLength(7);
    expect(file[0]?.[1]).toContain(bad);
  });

  it('attaches prompts that are too long for a card, whole', () => {
    const prompt = `${'一只狐狸 '.repeat(1_190)}--ar 16:9`;
    const promptEnglish = 'a fox '.repeat(1_000);
    const { file, length, description } = show({ task: aDone({ facts: { promptEnglish } }, { prompt }) });
    expect(length).toBeLessThanOrEqual(6_000);
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(file).toEqual([['prompt.txt', `${prompt}\n\n${promptEnglish}\n`]]);
  });

  it.each([
    ['a long everything', 'x'.repeat(6_000), 'https://cdn.example/'.padEnd(880, 'y')],
    ['emoji', '🦊'.repeat(3_000), 'https://cdn.example/1.png'],
    ['flags', '--ar 1:1 '.repeat(600), 'https://cdn.example/1.png'],
    ['markdown', '*_~|['.repeat(1_200), 'https://cdn.example/1.png'],
  ])('stays within what Discord takes: %s', (_, text, url) => {
    const many = Array.from({ length: 60 }, (_item, index) =>
      aDone({ id: `child-${index}`.padEnd(16, 'x') }),
    );
    const task = aDone(
      {
        facts: { promptEnglish: text, seed: text, jobId: text, cost: { amount: 1, unit: text } },
        adjustments: Array.from({ length: 20 }, () => ({ flag: text, asked: text, used: text })),
        result: {
          media: Array.from({ length: 8 }, () => ({ kind: 'picture' as const, url })),
          text: [text, text, text, text, text],
          offers: [],
        },
      },
      { prompt: text, pictures: Array.from({ length: 5 }, () => ({ url, name: text })) },
    );
    const { length, fields, description } = show({ task, providerId: text, parent: task, children: many });
    expect(length).toBeLessThanOrEqual(6_000);
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(fields.length).toBeLessThanOrEqual(25);
    for (const { name, value } of fields) {
      expect(name.length).toBeLessThanOrEqual(256);
      expect(value.length).toBeLessThanOrEqual(1_024);
      expect(value).not.toBe('');
    }
  });

  it('names siblings, without a link to a message that was deleted', () => {
    const sibling = aDone({ id: 'done-task-000002', removedAt: at });
    const { values } = show({ task: aDone(), siblings: [sibling] });
    expect(values['Made from the same image']).toBe('Imagine · message deleted · `done-task-000002`');
    expect(show({ task: aDone({ removedAt: at }) }).values['Result']).toContain('message deleted');
  });

  it('has a button to add a result to one’s favorites, or to remove it from them', () => {
    const idsOf = (card: Partial<TaskCard>) =>
      JSON.stringify(
        renderTaskCard(
          { task: aDone(), children: [], siblings: [], isOwn: true, isFavorite: false, ...card },
          english,
        ).message.components,
      ).match(/[a-z]*favorite(?=:)/g);
    expect(idsOf({})).toEqual(['favorite']);
    expect(idsOf({ isFavorite: true })).toEqual(['unfavorite']);
    expect(idsOf({ isOwn: false })).toBeNull();
    expect(idsOf({ isOwn: false, isFavorite: true })).toEqual(['unfavorite']);
    expect(idsOf({ task: aTask({ state: 'failed' }) })).toBeNull();
    expect(show({ task: aDone(), isFavorite: true }).description).toContain('One of your favorites');
  });
});
