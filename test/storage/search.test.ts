import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { auditDatabase } from '../../src/storage/audit.ts';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import type { Task, TaskRequest } from '../../src/task.ts';
import { createWordBacklog } from '../../src/tasks/word-backlog.ts';
import { createFakeClock } from '../helpers/clock.ts';
import { aFolder } from '../helpers/folder.ts';
import { anOrigin, aTask } from '../helpers/tasks.ts';

const me = '444444444444444444';
const page = { limit: 10, offset: 0 };

let folder: Awaited<ReturnType<typeof aFolder>>;
let database: Database;
beforeEach(async () => {
  folder = await aFolder();
  database = await openDatabase(folder.path);
});
afterEach(async () => {
  await database.close();
  await folder.remove();
});

function aDone(
  prompt: string,
  { request = {}, ...changes }: Partial<Omit<Task, 'request'>> & { request?: Partial<TaskRequest> } = {},
): Task {
  return aTask({
    state: 'done',
    finishedAt: 2,
    request: { action: 'imagine', prompt, speed: 'fast', pictures: [], ...request },
    ...changes,
  });
}

/** The prompts that somebody finds. */
async function find(text: string, userId = me, { limit, offset } = page): Promise<string[] | undefined> {
  const found = await database.taskWords.search(userId, text, { limit, offset });
  return found?.map(({ request }) => request.prompt);
}

async function saveChanged(task: Task, event: Parameters<typeof apply>[1]): Promise<void> {
  const next = apply(task, event, 9);
  if (next === undefined) throw new Error('nothing happened');
  expect(await database.tasks.save(next, task)).toBe(true);
}

describe('a search', () => {
  it.each([
    ['a word', 'fox'],
    ['a word in capitals', 'FOX'],
    ['the beginning of a word', 'fo'],
    ['two words in any order', 'snow fox'],
    ['a word with an accent that was left out', 'cafe'],
    ['a word with an accent', 'CAFÉ'],
    ['letters of another width', 'ｆｏｘ'],
    ['a parameter', '--ar 16:9'],
    ['one Chinese character', '雪'],
    ['Chinese words in the middle of a sentence', '狐狸'],
    ['two Chinese words apart', '狐狸 雪地'],
    ['words of the text that was translated', 'Wald'],
    ['words of the answer to a question', 'zoomed'],
    ['a word next to an emoji', '🦊 fox'],
  ])('finds %s', async (_, text) => {
    const prompt = 'A red Fox in the snow, café, 一只红色的狐狸在雪地里 --ar 16:9';
    await database.tasks.insert(
      aDone(prompt, { request: { typed: 'ein Fuchs im Wald', answer: 'zoomed out' } }),
    );
    expect(await find(text)).toEqual([prompt]);
  });

  it.each([
    ['a word that is missing', 'wolf'],
    ['one of two words', 'fox wolf'],
    ['the middle of a word', 'ox'],
    ['a single letter that a word begins with', 'f'],
    ['Chinese characters in another order', '狸狐'],
    ["a search engine's word for either", 'wolf OR fox'],
    ["a search engine's word for not", 'snow NOT wolf'],
    ['the name of a column', 'user_id:444444444444444444'],
    ['the id of its person', me],
    ['a star', 'w*'],
    ['quotes', 'fox" OR "wolf'],
    ['a bracket that never closes', 'wolf)'],
    ['a statement', `fox'; delete from task_words; --`],
  ])("doesn't find %s", async (_, text) => {
    await database.tasks.insert(aDone('a red fox in the snow 狐狸'));
    expect(await find(text)).toEqual([]);
    expect(await find('fox')).toHaveLength(1);
  });

  it.each([[''], ['   '], ['--'], ['🦊'], ['"'], ['\0'], ['*']])(
    'knows that there is no word in %j',
    async (text) => {
      expect(await find(text)).toBeUndefined();
    },
  );

  it('never finds what others wrote, even if their ids begin alike', async () => {
    const [one, other] = ['some', 'some body'];
    await database.tasks.insert(aDone('a fox of one', { origin: anOrigin({ userId: one }) }));
    await database.tasks.insert(aDone('a fox of another', { origin: anOrigin({ userId: other }) }));
    expect(await find('fox', one)).toEqual(['a fox of one']);
    expect(await find('fox', other)).toEqual(['a fox of another']);
    expect(await find('fox', 'body')).toEqual([]);
  });

  it('shows the newest first, in pages, also those of one moment', async () => {
    for (const createdAt of [7, 5, 5, 6])
      await database.tasks.insert(aDone(`fox ${createdAt}`, { createdAt }));
    expect(await find('fox')).toEqual(['fox 7', 'fox 6', 'fox 5', 'fox 5']);
    expect(await find('fox', me, { limit: 2, offset: 1 })).toEqual(['fox 6', 'fox 5']);
  });

  it('keeps what other transactions of the same commit wrote if one is rolled back', async () => {
    const [kept, lost] = [aDone('a kept fox'), aDone('a lost fox')];
    const outcomes = await Promise.allSettled([
      database.transaction(({ tasks }) => tasks.insert(kept)),
      database.transaction(async ({ tasks }) => {
        await tasks.insert(lost);
        throw new Error('no points');
      }),
      database.transaction(({ tasks }) => tasks.insert(aDone('a third fox'))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await find('fox')).toEqual(expect.arrayContaining(['a kept fox', 'a third fox']));
    expect(await find('lost')).toEqual([]);
    expect((await auditDatabase(folder.path)).damage).toEqual([]);
  });
});

describe('words that are removed', () => {
  it('are found no longer, and are in no file', async () => {
    const task = aDone('a zyxwvut fox', { request: { typed: 'ein geheimer Qwertz' } });
    await database.tasks.insert(task);
    for (let count = 0; count < 40; count += 1) await database.tasks.insert(aDone(`fox ${count}`));
    await saveChanged(task, { type: 'forgotten', isAll: true });
    expect(await find('zyxwvut')).toEqual([]);
    expect(await find('geheimer')).toEqual([]);
    await database.emptyLog();
    const bytes = await readFile(join(folder.path, 'relay.db'), 'latin1');
    for (const word of ['zyxwvut', 'geheimer', 'qwertz', 'Qwertz']) expect(bytes.includes(word)).toBe(false);
    expect(await find('fox')).toHaveLength(10);
  });

  it('are those of somebody else alone, if only they are forgotten', async () => {
    const task = aDone('a borrowed fox');
    await database.tasks.insert(task);
    await saveChanged(task, { type: 'forgotten', isAll: false });
    expect(await find('borrowed')).toEqual([]);
  });

  it("don't come back with a change that came too late", async () => {
    const task = aDone('a red fox');
    await database.tasks.insert(task);
    await saveChanged(task, { type: 'forgotten', isAll: true });
    expect(
      await database.tasks.save(
        { ...task, revision: 2 },
        { ...task, request: { ...task.request, prompt: '' } },
      ),
    ).toBe(false);
    expect(await find('fox')).toEqual([]);
  });
});

describe('tasks from before there was an index', () => {
  /** As a folder of an earlier version looks after its schema was brought up to date. */
  function forgetIndex(): void {
    const sqlite = new DatabaseSync(join(folder.path, 'relay.db'));
    sqlite.exec(`delete from task_words; insert or replace into word_backlog values (1, '')`);
    sqlite.close();
  }

  it('are added a few at a time, and again after a crash, with what is new meanwhile', async () => {
    for (let count = 0; count < 50; count += 1)
      await database.tasks.insert(aDone(`fox ${count}`, { createdAt: count }));
    await database.tasks.insert(aDone(''));
    forgetIndex();
    expect(await database.taskWords.isBehind()).toBe(true);
    expect(await find('fox')).toEqual([]);
    const clock = createFakeClock(0);
    const backlog = createWordBacklog({ database, clock, log: { warn: () => undefined } });
    backlog.start();
    await backlog.idle();
    const first = await find('fox', me, { limit: 99, offset: 0 });
    expect(first).toHaveLength(20);
    await backlog.stop();

    await database.close();
    database = await openDatabase(folder.path);
    await database.tasks.insert(aDone('a new fox', { createdAt: 99 }));
    const again = createWordBacklog({ database, clock, log: { warn: () => undefined } });
    again.start();
    await again.idle();
    await clock.pass(1_000);
    const found = await find('fox', me, { limit: 99, offset: 0 });
    expect(found).toHaveLength(51);
    expect(found?.slice(0, 2)).toEqual(['a new fox', 'fox 49']);
    expect(await database.taskWords.isBehind()).toBe(false);
    await again.stop();
  });

  it('stay out if their words are removed first', async () => {
    const task = aDone('a red fox');
    await database.tasks.insert(task);
    forgetIndex();
    await saveChanged(task, { type: 'forgotten', isAll: true });
    await database.taskWords.catchUp(10);
    expect(await find('fox')).toEqual([]);
  });
});
