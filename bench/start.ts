import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, openDatabase } from '../src/storage/database.ts';
import type { Task } from '../src/task.ts';
import { createCrowd } from './crowd.ts';
import type { Section } from './figures.ts';
import { createStage, resultsDirectory, type Stage } from './stage.ts';
import { maximum, percentile } from './statistics.ts';

export interface StartOptions {
  tasks: number;
  times: number;
}

/** Slow enough that no task ends while it is measured. */
const pace = 1_000;
const hourMs = 3_600_000;
const submitsAtOnce = 20;

/** How long the bot takes from its start to serving, with that many open tasks in its data. */
export async function measureStart({ tasks, times }: StartOptions): Promise<Section> {
  const stage = await createStage({ pace });
  try {
    const crowd = createCrowd({ discord: stage.discord, people: 2_000 });
    const empty = [];
    for (let time = 0; time < times; time += 1) empty.push(await start(stage, crowd.imagine));
    await fill(stage, tasks);
    const full = [];
    for (let time = 0; time < times; time += 1) full.push(await start(stage, crowd.imagine));
    const readyMs = full.map((one) => one.readyMs);
    const acknowledgedMs = full.map((one) => one.acknowledgedMs);
    const toSeconds = (milliseconds: number) => milliseconds / 1_000;
    return {
      title: `start, ${tasks.toLocaleString('en-US')} open tasks, ${times} times`,
      figures: [
        {
          name: 'spawn → ready, median',
          value: toSeconds(percentile(readyMs, 0.5)),
          unit: 's',
          goal: { is: 'below', value: 1 },
        },
        { name: 'spawn → ready, slowest', value: toSeconds(maximum(readyMs)), unit: 's' },
        {
          name: 'spawn → an interaction at once is acknowledged, median',
          value: toSeconds(percentile(acknowledgedMs, 0.5)),
          unit: 's',
        },
        {
          name: 'the same without a task: spawn → ready, median',
          value: toSeconds(
            percentile(
              empty.map((one) => one.readyMs),
              0.5,
            ),
          ),
          unit: 's',
        },
        { name: 'Node itself, median', value: toSeconds(measureNode(times)), unit: 's' },
      ],
    };
  } finally {
    await stage.close();
  }
}

/** Starts the bot on a copy of the data, so that each start finds the same. */
async function start(stage: Stage, imagine: () => Promise<void>) {
  const directory = await mkdtemp(join(stage.directory, 'copy-'));
  if (existsSync(stage.dataDirectory)) await cp(stage.dataDirectory, directory, { recursive: true });
  const startedAt = performance.now();
  const bot = await stage.startProgram('src/start.ts', { DATA_DIR: directory });
  const readyMs = performance.now() - startedAt;
  const acknowledged = nextAcknowledgement(stage);
  await imagine();
  await acknowledged;
  const acknowledgedMs = performance.now() - startedAt;
  await bot.end('SIGKILL');
  return { readyMs, acknowledgedMs };
}

function nextAcknowledgement({ discord }: Stage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = discord.on((event) => {
    if (event.type !== 'acknowledged') return;
    stop();
    resolve();
  });
  return promise;
}

/** Tasks that the provider is working on, in the database as a crashed bot would have left them. */
async function fill(stage: Stage, tasks: number): Promise<void> {
  const database = await openDatabase(stage.dataDirectory);
  for (let done = 0; done < tasks; done += submitsAtOnce) {
    const numbers = Array.from({ length: Math.min(submitsAtOnce, tasks - done) }, (_, index) => done + index);
    const refs = await Promise.all(numbers.map((number) => submit(stage, toPrompt(number))));
    await insert(
      database,
      numbers.map((number, index) => toTask(stage, number, refs[index] ?? '')),
    );
  }
  await database.close();
}

function toPrompt(number: number): string {
  return `a harbour in the fog, long exposure, muted colours, number ${number}`;
}

async function submit({ provider }: Stage, prompt: string): Promise<string> {
  const response = await fetch(`${provider.url}/mj/submit/imagine`, {
    method: 'POST',
    headers: { 'mj-api-secret': provider.key, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt }),
  });
  const { result } = (await response.json()) as { result: string };
  return result;
}

async function insert(database: Database, tasks: readonly Task[]): Promise<void> {
  await database.transaction(async (repositories) => {
    for (const task of tasks) await repositories.tasks.insert(task);
  });
}

function toTask({ discord }: Stage, number: number, ref: string): Task {
  const now = Date.now();
  const { guild, channels, people } = discord.world;
  return {
    id: `start${number}`,
    revision: 4,
    state: 'running',
    request: { action: 'imagine', prompt: toPrompt(number), speed: 'fast', pictures: [] },
    account: 'main',
    origin: {
      interactionId: String(100_000_000_000_000_000n + BigInt(number)),
      userId: people.member.id,
      book: guild.id,
      place: {
        applicationId: discord.applicationId,
        guildId: guild.id,
        channelId: channels.general.id,
        messageId: String(200_000_000_000_000_000n + BigInt(number)),
        token: 'interaction-token',
        tokenExpiresAt: now + hourMs,
        uploadLimitBytes: 10_485_760,
        locale: 'en-US',
        isOpenToBot: true,
      },
    },
    price: 100,
    createdAt: now,
    acknowledgedAt: now,
    submittedAt: now,
    acceptedAt: now,
    nextLookAt: now,
    deadlineAt: now + hourMs,
    progress: 0,
    ref: { id: ref },
  };
}

/** How many milliseconds a Node takes that does nothing. */
function measureNode(times: number): number {
  const runs = Array.from({ length: times }, () => {
    const startedAt = performance.now();
    spawnSync(process.execPath, ['-e', '0'], { cwd: resultsDirectory });
    return performance.now() - startedAt;
  });
  return percentile(runs, 0.5);
}
