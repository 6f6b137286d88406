import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../src/storage/database.ts';
import type { Task } from '../src/task.ts';
import type { Figure, Section } from './figures.ts';
import { maximum, percentile } from './statistics.ts';

const person = '444444444444444444';
const others = 50;
const times = 20;
const batch = 500;
const firstAt = 1_764_000_000_000;
const page = { limit: 11, offset: 0 };
/** The last page that people can turn to. */
const lastPage = { limit: 11, offset: 9_990 };

/** What people do with their history, and what they do it with; every prompt has the words of the second search. */
const questions: readonly [string, (database: Database) => Promise<unknown>][] = [
  ['a search for a rare word', ({ taskWords }) => taskWords.search(person, 'word4711', page)],
  [
    'a search for words of every prompt',
    ({ taskWords }) => taskWords.search(person, 'portrait of snow', page),
  ],
  ['a search for the beginning of every word', ({ taskWords }) => taskWords.search(person, 'wo', page)],
  ['the last page of a search', ({ taskWords }) => taskWords.search(person, 'portrait', lastPage)],
  ['a list', ({ tasks }) => tasks.listPage(person, page)],
  ['the last page of a list', ({ tasks }) => tasks.listPage(person, lastPage)],
  ['a list of a kind without a task', ({ tasks }) => tasks.listPage(person, { ...page, actions: ['video'] })],
];

/** How long the database needs for searches and lists if one person has half of that many tasks. */
export async function measureSearch({ tasks }: { tasks: number }): Promise<Section> {
  const directory = await mkdtemp(join(tmpdir(), 'relay-bench-'));
  const database = await openDatabase(directory);
  try {
    await fill(database, tasks);
    const figures: Figure[] = [];
    for (const [name, ask] of questions) {
      const took = [];
      for (let time = 0; time < times; time += 1) took.push(await measure(() => ask(database)));
      figures.push({
        name: `${name}, median`,
        value: percentile(took, 0.5),
        unit: 'ms',
        goal: { is: 'below', value: 50 },
      });
      figures.push({ name: `${name}, slowest`, value: maximum(took), unit: 'ms' });
    }
    return { title: `search, ${tasks.toLocaleString('en-US')} tasks, ${times} times`, figures };
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function fill(database: Database, tasks: number): Promise<void> {
  for (let start = 0; start < tasks; start += batch) {
    await database.transaction(async (repositories) => {
      for (let number = start; number < Math.min(tasks, start + batch); number += 1)
        await repositories.tasks.insert(toTask(number));
    });
  }
}

function toTask(number: number): Task {
  const words = Array.from(
    { length: 12 },
    (_, place) => `word${(number * 31 + place * place * 977) % 5_000}`,
  );
  return {
    id: `task-${String(number).padStart(11, '0')}`,
    revision: 1,
    state: 'done',
    account: 'main',
    request: {
      action: 'imagine',
      prompt: `a portrait of ${words.join(' ')} in the snow --ar 3:2 --v 7`,
      speed: 'fast',
      pictures: [],
    },
    origin: {
      interactionId: `${number}`,
      userId: number % 2 === 0 ? person : `5555555555555555${String(number % others).padStart(2, '0')}`,
      book: 'server',
      place: {
        applicationId: '111111111111111111',
        channelId: '333333333333333333',
        tokenExpiresAt: firstAt,
        uploadLimitBytes: 1,
        locale: 'en-US',
        isOpenToBot: true,
      },
    },
    price: 100,
    createdAt: firstAt + number * 1_000,
    finishedAt: firstAt + number * 1_000 + 500,
    deadlineAt: firstAt,
  };
}

async function measure(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
