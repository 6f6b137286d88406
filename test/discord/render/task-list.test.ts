import { describe, expect, it } from 'vitest';
import { renderTaskList } from '../../../src/discord/render/task-list.ts';
import { english } from '../../../src/locales/index.ts';
import type { ListedTask, TaskList } from '../../../src/service/task-lists.ts';
import type { Task, TaskRequest } from '../../../src/task.ts';
import { anOrigin, aPlace, aTask } from '../../helpers/tasks.ts';

const messageId = '777777777777777777';
const link = `https://discord.com/channels/222222222222222222/333333333333333333/${messageId}`;

function aRow(
  changes: Partial<Task> = {},
  request: Partial<TaskRequest> = {},
  listed: Partial<ListedTask> = {},
): ListedTask {
  const task = aTask({
    id: 'Abc_-01234567890',
    state: 'done',
    createdAt: 1_764_000_000_000,
    origin: anOrigin({ place: aPlace({ messageId }) }),
    request: { action: 'imagine', prompt: 'a fox --ar 3:2', speed: 'fast', pictures: [], ...request },
    ...changes,
  });
  return { task, isOwn: true, isFavorite: false, ...listed };
}

function show(list: Partial<TaskList>) {
  const message = renderTaskList(
    {
      listing: { filter: 'mine', page: 1 },
      tasks: [],
      hasMore: false,
      isCatchingUp: false,
      keptDays: 365,
      ...list,
    },
    english,
  );
  const [embed] = message.embeds ?? [];
  return {
    title: embed?.title,
    text: embed?.description ?? '',
    lines: (embed?.description ?? '').split('\n'),
    footer: embed?.footer?.text,
    rows: (message.components ?? []) as unknown as { components: Record<string, unknown>[] }[],
  };
}

describe('a list of tasks', () => {
  it('says of each what it is, how it went, when, and where', () => {
    const { title, lines, footer } = show({
      tasks: [
        aRow({}, {}, { isFavorite: true }),
        aRow({ state: 'running' }, { action: 'upscale', offer: { action: 'upscale', index: 2 } as never }),
        aRow({ state: 'failed', lateAt: 1 }),
        aRow({ state: 'cancelled', removedAt: 1 }),
        aRow({ state: 'queued', origin: anOrigin() }),
      ],
    });
    expect(title).toBe('Your tasks');
    expect(lines).toEqual([
      '**Imagine** a fox --ar 3\\:2',
      `✅ Done · <t:1764000000:R> · ${link} · ❤️`,
      '**Image #2** a fox --ar 3\\:2',
      `⏳ In progress · <t:1764000000:R> · ${link}`,
      '**Imagine** a fox --ar 3\\:2',
      `✅ Done, late · <t:1764000000:R> · ${link}`,
      '**Imagine** a fox --ar 3\\:2',
      '🚫 Canceled · <t:1764000000:R> · message deleted · `Abc_-01234567890`',
      '**Imagine** a fox --ar 3\\:2',
      '⏳ Waiting · <t:1764000000:R> · `Abc_-01234567890`',
    ]);
    expect(footer).toBe('Page 1 · Prompts and images are removed from the bot after 365 days.');
  });

  it('says whose a favorite is, if it still has a prompt, and nothing about a deleted one', () => {
    const listing = { filter: 'favorites', page: 1 } as const;
    const theirs = { isOwn: false, isFavorite: true };
    const { title, lines } = show({
      listing,
      tasks: [
        aRow({}, {}, theirs),
        aRow({ removedAt: 1 }, { prompt: '' }, theirs),
        aRow({ emptied: 'all' }, { prompt: '' }, theirs),
      ],
    });
    expect(title).toBe('Your favorites');
    expect(lines).toEqual([
      '**Imagine** a fox --ar 3\\:2',
      `✅ Done · <t:1764000000:R> · by <@444444444444444444> · ${link} · ❤️`,
      '**Imagine**',
      '✅ Done · <t:1764000000:R> · by <@444444444444444444> · message deleted · ❤️',
      '**Imagine**',
      `✅ Done · <t:1764000000:R> · by <@444444444444444444> · prompt removed · ${link} · ❤️`,
    ]);
  });

  it.each([
    ['nothing at all', {}, 'Nothing here yet. Start with `/imagine`.'],
    ['no favorites', { listing: { filter: 'favorites', page: 1 } }, 'Press ❤️ under a result'],
    ['a page behind the last one', { listing: { filter: 'mine', page: 7 } }, "There's nothing on this page."],
    ['nothing found', { listing: { words: 'fox', page: 1 } }, 'None of your prompts has all of these words.'],
    [
      'nothing found yet',
      { listing: { words: 'fox', page: 1 }, isCatchingUp: true },
      'Older tasks are still being added',
    ],
  ] as const)('has a sentence for %s', (_, list, sentence) => {
    expect(show(list).text).toContain(sentence);
  });

  it('has buttons to the pages around it, and none if there is one page', () => {
    const turns = (list: Partial<TaskList>) =>
      show({ tasks: [aRow()], ...list }).rows.flatMap(({ components }) =>
        components.map(({ label, custom_id: id, disabled }) => [label, id, disabled]),
      );
    expect(turns({})).toEqual([]);
    expect(turns({ hasMore: true })).toEqual([
      ['Newer', 'list:mine:any:0', true],
      ['Older', 'list:mine:any:2', false],
    ]);
    expect(turns({ listing: { words: 'red fox', page: 3 } })).toEqual([
      ['Newer', 'search:2:red fox', false],
      ['Older', 'search:4:red fox', true],
    ]);
    expect(turns({ listing: { filter: 'failed', kind: 'video', page: 2 }, hasMore: true })).toEqual([
      ['Newer', 'list:failed:video:1', false],
      ['Older', 'list:failed:video:3', false],
    ]);
  });

  it('has a menu to remove favorites', () => {
    const { rows } = show({ listing: { filter: 'favorites', page: 1 }, tasks: [aRow({}, { prompt: '' })] });
    expect(rows[0]?.components[0]).toMatchObject({
      custom_id: 'unfavorite-from:list:favorites:any:1',
      options: [{ label: 'Imagine', value: 'Abc_-01234567890' }],
    });
    expect(show({ listing: { filter: 'favorites', page: 1 } }).rows).toEqual([]);
  });

  it.each([
    ['formats', '*_~|>#[]()<@'.repeat(40)],
    ['pings', '<@444444444444444444> @everyone '.repeat(20)],
    ['links', '[free points](https://evil.example) '.repeat(20)],
    ['right-to-left words', 'שלום '.repeat(80)],
    ['families', '👨‍👩‍👧‍👦'.repeat(60)],
  ])('fits, and shows all ten rows, with prompts full of %s', (_, prompt) => {
    const label = '*'.repeat(100);
    const offer = { action: 'other', label } as never;
    const tasks = Array.from({ length: 10 }, () =>
      aRow({ state: 'running' }, { prompt, action: 'other', offer }, { isOwn: false, isFavorite: true }),
    );
    const { text } = show({ tasks, listing: { words: 'x'.repeat(80), page: 1 }, isCatchingUp: true });
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(text.split(link)).toHaveLength(11);
    expect(text).toContain('Older tasks are still being added');
    expect(text).not.toMatch(/(?<!\\)\[free points\]\(|(?<!\\)<@4{18}> @/u);
  });
});
