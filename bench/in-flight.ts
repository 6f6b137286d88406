import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { toFigures, watchAcknowledgements } from './acknowledgements.ts';
import { createCrowd } from './crowd.ts';
import type { Figure, Goal, Section } from './figures.ts';
import { createProcessMeter } from './process-meter.ts';
import { onSchedule, sleep } from './schedule.ts';
import { createStage, type Stage, toDelayFigures } from './stage.ts';
import { mean } from './statistics.ts';

export interface InFlightOptions {
  tasks: number;
  seconds: number;
  isProfiled: boolean;
}

/** The average time of a task, so that ends are spread as evenly as starts. */
const rampSeconds = 45;
const settleSeconds = 15;
/** A few tasks are always waiting in the bot instead of being at the API. */
const keptUpShare = 0.9;
const mebibyte = 1024 ** 2;

/** Goals by the number of tasks. */
const goals: Readonly<Record<number, { looks?: Goal; cores: Goal; mebibytes: Goal }>> = {
  1000: { cores: { is: 'below', value: 0.5 }, mebibytes: { is: 'at most', value: 200 } },
  10000: {
    looks: { is: 'at most', value: 0.3 },
    cores: { is: 'below', value: 1 },
    mebibytes: { is: 'at most', value: 350 },
  },
};

/** What the bot needs to keep that many tasks running: each one that ends at the API is replaced at once. */
export async function measureInFlight({ tasks, seconds, isProfiled }: InFlightOptions): Promise<Section> {
  const stage = await createStage({ remember: 3 * tasks + 5_000 });
  try {
    const crowd = createCrowd({ discord: stage.discord, people: Math.max(2_000, 2 * tasks) });
    const bot = await stage.startBot();
    const bytesBefore = measureDisk(stage.dataDirectory).databases;
    const edits = countEdits(stage);
    const acknowledgements = watchAcknowledgements(stage.discord);
    const imagine = () => void crowd.imagine();
    stage.provider.onVisible((ended) => {
      for (const _ of ended) imagine();
    });
    await onSchedule({ perSecond: tasks / rampSeconds, seconds: rampSeconds }, imagine);
    await sleep(settleSeconds * 1_000);

    const meters = [process.pid, stage.provider.pid].map(createProcessMeter);
    const before = { counts: await stage.provider.count(), ...edits };
    bot.begin(isProfiled ? `in-flight-${tasks}` : undefined);
    acknowledgements.start();
    for (const meter of meters) meter.start();
    const atApi = await sampleAtApi(stage, seconds);
    const [runner, provider] = meters.map((meter) => meter.stop());
    acknowledgements.stop();
    const usage = await bot.end();
    const counts = await stage.provider.count();
    const finals = edits.finals - before.finals;
    const disk = measureDisk(stage.dataDirectory);
    const goal = goals[tasks];
    const title = `in flight, ${tasks.toLocaleString('en-US')} tasks for ${seconds} s`;
    const perFinal = (value: number) => value / finals;
    const figures: Figure[] = [
      {
        name: 'tasks at the API, mean',
        value: mean(atApi),
        unit: '',
        goal: { is: 'at least', value: keptUpShare * tasks },
      },
      { name: 'ramp-up', value: rampSeconds + settleSeconds, unit: 's' },
      { name: 'tasks finished at the API', value: counts.finished - before.counts.finished, unit: '' },
      { name: 'results delivered', value: finals, unit: '' },
      { name: 'finished and not delivered at the end', value: counts.finished - edits.finals, unit: '' },
      withGoal(
        {
          name: 'look requests / finished task',
          value: (counts.looks - before.counts.looks) / (counts.finished - before.counts.finished),
          unit: '',
        },
        goal?.looks,
      ),
      {
        name: 'tasks in a look, mean',
        value: (counts.lookedAt - before.counts.lookedAt) / (counts.looks - before.counts.looks),
        unit: '',
      },
      {
        name: 'message edits / delivered task',
        value: perFinal(edits.all - before.all),
        unit: '',
      },
      withGoal({ name: 'bot: CPU', value: usage.cores, unit: 'cores' }, goal?.cores),
      withGoal(
        { name: 'bot: resident memory, max', value: usage.maxResidentBytes / mebibyte, unit: 'MiB' },
        goal?.mebibytes,
      ),
      ...toDelayFigures(usage),
      ...toFigures('acknowledged', acknowledgements.read()),
      {
        name: 'databases / task',
        value: (disk.databases - bytesBefore) / counts.submits / 1024,
        unit: 'KiB',
      },
      { name: 'kept pictures / delivered task', value: disk.pictures / edits.finals / 1024, unit: 'KiB' },
      ...countTroubles(bot.process.lines),
      { name: 'provider: CPU', value: provider?.cores ?? 0, unit: 'cores' },
      { name: 'local Discord and runner: CPU', value: runner?.cores ?? 0, unit: 'cores' },
    ];
    return { title, figures };
  } finally {
    await stage.close();
  }
}

function withGoal(figure: Figure, goal: Goal | undefined): Figure {
  return goal === undefined ? figure : { ...figure, goal };
}

/** Edits of the bot's messages; a task's final one brings its picture. */
function countEdits({ discord }: Stage): { all: number; finals: number } {
  const edits = { all: 0, finals: 0 };
  discord.on((event) => {
    if (event.type !== 'message-edited') return;
    edits.all += 1;
    if (event.message.attachments.length > 0) edits.finals += 1;
  });
  return edits;
}

/** How many tasks were at the API in each of the seconds. */
async function sampleAtApi({ provider }: Stage, seconds: number): Promise<number[]> {
  const samples: number[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  while (performance.now() < endsAt) {
    await sleep(Math.min(1_000, endsAt - performance.now()));
    const { submits, finished } = await provider.count();
    samples.push(submits - finished);
  }
  return samples;
}

/** How many bytes the bot keeps, by kind. */
function measureDisk(directory: string): { databases: number; pictures: number } {
  const sizes = (folder: string) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, { name }) => sum + sizeOf(join(folder, name)), 0);
  return { databases: sizes(directory), pictures: sizes(join(directory, 'pictures')) };
}

/** Files come and go while the bot runs. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Warnings and errors in the log, by what they say. */
function countTroubles(lines: readonly string[]): Figure[] {
  const counts = new Map<string, number>();
  for (const line of lines.filter((one) => /"level":"(?:warn|error|fatal)"/.test(one))) {
    const { level, msg } = JSON.parse(line) as { level: string; msg: string };
    const name = `log: ${level}: ${msg}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, value]) => ({ name, value, unit: '' }));
}
