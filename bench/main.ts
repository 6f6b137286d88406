import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAcknowledge } from './acknowledge.ts';
import { measureAttack } from './attack.ts';
import type { Report, Section } from './figures.ts';
import { measureInFlight } from './in-flight.ts';
import { describeMachine } from './machine.ts';
import { describeProfile } from './profile.ts';
import { measureSearch } from './search.ts';
import { resultsDirectory } from './stage.ts';
import { measureStart } from './start.ts';
import { summarize } from './summary.ts';
import { renderReport } from './table.ts';
import { measureVisible } from './visible.ts';

const usage = `npm run bench                          all measures, once
npm run bench -- NAME...               some: acknowledge, in-flight, visible, start, search, attack
npm run bench -- summary FILE...       merges reports to a Markdown table
npm run bench -- profile FILE          where the time of a .cpuprofile went

--seconds N   how long acknowledge, in-flight and attack measure (30, 60, 60)
--rate N      interactions a second of acknowledge (200)
--tasks N     tasks of in-flight (1,000 and 10,000), visible (300), start (10,000) and search (100,000)
--times N     starts (5)
--runs N      how often all is done; more than one also prints the summary (1)
--out FILE    where the report goes (bench-results/TIME.json); with several runs, before their number
--profile     acknowledge and in-flight also take a CPU profile of the bot (bench-results/*.cpuprofile)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    rate: { type: 'string' },
    tasks: { type: 'string' },
    times: { type: 'string' },
    runs: { type: 'string', default: '1' },
    out: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function numberOr(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0)) throw new Error(`${text} is no number above 0`);
  return value;
}

const measures: Readonly<Record<string, () => Promise<Section[]>>> = {
  acknowledge: async () => [
    await measureAcknowledge({
      perSecond: numberOr(values.rate, 200),
      seconds: numberOr(values.seconds, 30),
      isProfiled: values.profile,
    }),
  ],
  async 'in-flight'() {
    const sections: Section[] = [];
    const loads = values.tasks === undefined ? [1_000, 10_000] : [numberOr(values.tasks, 0)];
    for (const tasks of loads) {
      const options = { tasks, seconds: numberOr(values.seconds, 60), isProfiled: values.profile };
      sections.push(await measureInFlight(options));
    }
    return sections;
  },
  // Each is hardly any load, so they run side by side.
  visible: () => {
    const tasks = numberOr(values.tasks, 300);
    return Promise.all([
      measureVisible({ kind: 'mjproxy', spread: 'narrow', tasks }),
      measureVisible({ kind: 'mjproxy', spread: 'wide', tasks }),
      measureVisible({ kind: '4allapi', spread: 'wide', tasks }),
    ]);
  },
  start: async () => [
    await measureStart({ tasks: numberOr(values.tasks, 10_000), times: numberOr(values.times, 5) }),
  ],
  search: async () => [await measureSearch({ tasks: numberOr(values.tasks, 100_000) })],
  attack: async () => [await measureAttack({ seconds: numberOr(values.seconds, 60) })],
};

async function run(names: readonly string[]): Promise<Report> {
  const startedAt = new Date().toISOString();
  const sections: Section[] = [];
  for (const name of names) {
    const measure = measures[name];
    if (measure === undefined) throw new Error(`There is no measure "${name}"\n\n${usage}`);
    say(`${new Date().toISOString()} ${name}`);
    sections.push(...(await measure()));
  }
  return { startedAt, machine: describeMachine(resultsDirectory), sections };
}

async function runAll(names: readonly string[]): Promise<void> {
  const runs = numberOr(values.runs, 1);
  const reports: Report[] = [];
  for (let number = 1; number <= runs; number += 1) {
    const report = await run(names);
    reports.push(report);
    const path = save(report, runs === 1 ? undefined : number);
    say(`\n${renderReport(report)}\n\nwritten to ${path}\n`);
  }
  if (runs > 1) say(summarize(reports));
}

function save(report: Report, number: number | undefined): string {
  mkdirSync(resultsDirectory, { recursive: true });
  const usual = join(resultsDirectory, `${report.startedAt.replaceAll(':', '-')}.json`);
  const path =
    number === undefined || !values.out ? values.out : values.out.replace(/(\.json)?$/, `-${number}.json`);
  writeFileSync(path ?? usual, `${JSON.stringify(report, undefined, 2)}\n`);
  return path ?? usual;
}

function readReport(path: string): Report {
  return JSON.parse(readFileSync(path, 'utf8')) as Report;
}

async function main(): Promise<void> {
  const [what, ...files] = positionals;
  if (values.help) say(usage);
  else if (what === 'summary') say(summarize(files.map(readReport)));
  else if (what === 'profile') say(files.map(describeProfile).join('\n\n'));
  else await runAll(positionals.length === 0 ? Object.keys(measures) : positionals);
}

await main();
