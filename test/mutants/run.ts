import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutants } from './list.ts';
import { type Mutant, MutantError, mutate } from './mutant.ts';
import { describeOutcome, isFine, judge, type Outcome, summarize, type VitestReport } from './report.ts';

const usage = `npm run mutants                all of them, one after another
npm run mutants -- WORD...     those with one of these in their name or their file

--at-once N   how many at once (1)
--green       takes it that the tests pass without a mutant: half the time, for those that were tried just now
--out FILE    where the report goes (bench-results/mutants.json)
--list        only prints what there is`;

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The slowest test files take a minute; what takes longer than this hangs. */
const longestRunMs = 5 * 60_000;
const leftOut: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  'data',
  'sandbox-data',
  'bench-results',
  '.env',
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'at-once': { type: 'string', default: '1' },
    out: { type: 'string', default: join(root, 'bench-results/mutants.json') },
    green: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The repository in a folder of its own: the working tree is never touched. */
function makeCopy(parent: string, name: string): string {
  const copy = join(parent, name);
  cpSync(root, copy, { recursive: true, filter: (path) => !leftOut.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

const running = new Set<ChildProcess>();

function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

/** Runs those test files in a copy, up to the first failure; `undefined` if they never end. */
async function runTests(copy: string, tests: readonly string[]): Promise<VitestReport | undefined> {
  const report = join(copy, 'vitest-report.json');
  rmSync(report, { force: true });
  const words = [
    'run',
    '--config',
    'test/mutants/vitest.config.ts',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, ...words, ...tests], {
    cwd: copy,
    stdio: 'ignore',
    detached: true, // a group of its own, so that its workers end with it
  });
  let isOverdue = false;
  const timer = setTimeout(() => {
    isOverdue = true;
    endGroup(child);
  }, longestRunMs);
  const { promise, resolve, reject } = Promise.withResolvers<NodeJS.Signals | null>();
  child.on('error', reject).on('exit', (_code, signal) => resolve(signal));
  running.add(child);
  const signal = await promise;
  running.delete(child);
  clearTimeout(timer);
  if (isOverdue) return undefined;
  // Somebody else has ended it, as a machine that is short of memory does.
  if (signal !== null || !existsSync(report)) return { numPassedTests: 0, testResults: [] };
  return JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
}

/** Whether those tests pass as they are; each set is tried once. */
function createBaseline() {
  const known = new Map<string, Promise<boolean>>();
  return (copy: string, tests: readonly string[]): Promise<boolean> => {
    const key = tests.join(' ');
    const result =
      known.get(key) ?? runTests(copy, tests).then((report) => judge(report).verdict === 'SURVIVED');
    known.set(key, result);
    return result;
  };
}

async function tryMutant(
  copy: string,
  mutant: Mutant,
  areGreen: ReturnType<typeof createBaseline>,
): Promise<Outcome> {
  const { name, file, breaks, tests, meansNothing } = mutant;
  const facts = { name, file, breaks };
  const startedAt = performance.now();
  const end = (rest: Pick<Outcome, 'verdict' | 'by'>): Outcome => ({
    ...facts,
    ...rest,
    seconds: (performance.now() - startedAt) / 1_000,
  });
  const path = join(copy, file);
  let mutated: string;
  try {
    mutated = mutate(copy, mutant);
  } catch (error) {
    if (error instanceof MutantError) return end({ verdict: 'DOES NOT APPLY', by: error.message });
    throw error;
  }
  if (meansNothing !== undefined) return end({ verdict: 'means nothing', by: meansNothing });
  if (!(await areGreen(copy, tests))) return end({ verdict: 'TESTS ARE RED' });
  const original = readFileSync(path);
  writeFileSync(path, mutated);
  try {
    return end(judge(await runTests(copy, tests)));
  } finally {
    writeFileSync(path, original);
  }
}

async function runAll(chosen: readonly Mutant[], atOnce: number): Promise<Outcome[]> {
  const parent = mkdtempSync(join(tmpdir(), 'relay-mutants-'));
  const remove = () => rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
  const giveUp = () => {
    for (const child of running) endGroup(child);
    remove();
    process.exit(130);
  };
  process.once('SIGINT', giveUp).once('SIGTERM', giveUp);
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const areGreen = values.green ? async () => true : createBaseline();
  const outcomes: Outcome[] = [];
  const left = [...chosen];
  async function work(number: number): Promise<void> {
    const copy = makeCopy(parent, String(number));
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const outcome = await tryMutant(copy, mutant, areGreen);
      outcomes.push(outcome);
      say(describeOutcome(outcome, width));
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, (_, number) => work(number)));
  } finally {
    remove();
  }
  return outcomes;
}

async function main(): Promise<void> {
  if (values.help) return say(usage);
  const atOnce = Number(values['at-once']);
  if (!Number.isInteger(atOnce) || atOnce < 1) throw new Error('--at-once takes a whole number above 0');
  const isChosen = ({ name, file }: Mutant) =>
    positionals.length === 0 || positionals.some((word) => `${name} ${file}`.includes(word));
  const chosen = mutants.filter(isChosen);
  if (chosen.length === 0) throw new Error('No mutant has that in its name or its file');
  if (values.list)
    return say(chosen.map(({ name, file, breaks }) => `${name} (${file}): ${breaks}`).join('\n'));
  const outcomes = await runAll(chosen, atOnce);
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(outcomes, undefined, 2)}\n`);
  say(`\n${summarize(outcomes)}\nwritten to ${values.out}`);
  if (!outcomes.every(isFine)) process.exitCode = 1;
}

await main();
