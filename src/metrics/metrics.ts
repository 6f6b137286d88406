import { Registry } from 'prom-client';
import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import type { BooksReport } from '../storage/books-check.ts';
import type { Database } from '../storage/database.ts';
import { endStates, isEnded, openStates, type Task } from '../task.ts';
import { createSeries, type Series } from './series.ts';

export interface MetricsDependencies {
  readonly accounts: Pick<Accounts, 'all'>;
  readonly database: Pick<Database, 'tasks' | 'deliveries'>;
  readonly clock: Clock;
}

/** Figures for Prometheus. Others report to it by its listeners; what can be counted later is read at each scrape. */
export interface Metrics {
  readonly contentType: string;
  /** Returns everything in Prometheus's text format. */
  render(): Promise<string>;
  /** Hears of each saved task. */
  learn(task: Task): void;
  /** As the listeners of those who do the work are called there. */
  onSubmitted(account: string, submit: { tookMs: number; outcome: string }): void;
  onLook(account: string, tasks: number): void;
  onCallback(outcome: string, account: string | undefined): void;
  onShown(task: Task): void;
  onReceived(interactionId: string): void;
  onAnswered(interactionId: string): void;
  onAnswer(status: number, about: { isShared: boolean }): void;
  onBooks(report: BooksReport): void;
  stop(): void;
}

const everySecondMs = 1_000;
/** Further saves of a task come within moments of its end, or long after it. */
const newsForMs = 5_000;
const mostRemembered = 10_000;
const troubles = ['auth', 'balance', 'unavailable', 'malformed', 'blocked', 'moved', 'faulty'] as const;
const ledgerKinds = ['charge', 'refund', 'grant', 'reset'];
const invalidStatuses = [401, 403, 429];
/** The account of tasks that no longer have one. */
const nobody = 'none';

export function createMetrics({ accounts, database, clock }: MetricsDependencies): Metrics {
  const registry = new Registry();
  const series = createSeries(registry);
  const names = new Set(accounts.all.map(({ name }) => name));
  const toLabel = (account: string | undefined) =>
    account !== undefined && names.has(account) ? account : nobody;
  const ended = createMemory<true>();
  const shown = createMemory<true>();
  const received = createMemory<number>();
  const sinceMs = (at: number) => Math.max(0, clock.now() - at) / 1_000;
  begin(series, names);
  const stopWatching = watchLoop(clock, (seconds) => series.eventLoop.observe(seconds));
  let cpuSeconds = 0;

  async function collect(): Promise<void> {
    const now = clock.now();
    series.tasks.reset();
    for (const account of names) for (const state of openStates) series.tasks.set({ account, state }, 0);
    for (const { account, state, count } of await database.tasks.countUnfinishedByAccount())
      series.tasks.inc({ account: toLabel(account), state }, count);
    for (const { name: account, breaker, limits, maxInFlight } of accounts.all) {
      const outage = breaker.outage();
      series.accountUp.set({ account }, outage === undefined ? 1 : 0);
      for (const trouble of troubles)
        series.accountOutage.set({ account, trouble }, outage?.trouble === trouble ? 1 : 0);
      const price = limits.dailyPoints === undefined ? 0 : 1;
      series.accountOpen.set({ account }, limits.closing({ price }, now) === undefined ? 1 : 0);
      series.accountSpent.set({ account }, limits.spent(now));
      series.accountSlots.set({ account }, maxInFlight);
    }
    series.deliveriesWaiting.set(await database.deliveries.count());
    const oldest = await database.deliveries.oldestSince();
    series.deliveryAge.set(oldest === undefined ? 0 : sinceMs(oldest));
    const { rss, heapUsed } = process.memoryUsage();
    series.residentMemory.set(rss);
    series.heap.set(heapUsed);
    const { user, system } = process.cpuUsage();
    const spent = (user + system) / 1_000_000;
    series.cpu.inc(Math.max(0, spent - cpuSeconds));
    cpuSeconds = spent;
  }

  return {
    contentType: registry.contentType,
    async render() {
      await collect();
      return registry.metrics();
    },
    learn(task) {
      const { id, state, acceptedAt, finishedAt, facts } = task;
      if (!isEnded(task) || finishedAt === undefined || clock.now() - finishedAt > newsForMs) return;
      if (ended.has(id)) return;
      ended.set(id, true);
      const account = toLabel(task.account);
      series.tasksEnded.inc({ account, state });
      // A copy was made before.
      if (state !== 'done' || acceptedAt === undefined || task.request.copyOf !== undefined) return;
      series.finishes.observe({ account }, Math.max(0, finishedAt - acceptedAt) / 1_000);
      if (facts?.finishedAt !== undefined)
        series.detections.observe({ account }, Math.max(0, finishedAt - facts.finishedAt) / 1_000);
    },
    onSubmitted(account, { tookMs, outcome }) {
      series.submits.observe({ account: toLabel(account), outcome }, Math.max(0, tookMs) / 1_000);
    },
    onLook: (account, tasks) => series.looks.observe({ account: toLabel(account) }, tasks),
    onCallback: (outcome, account) => series.callbacks.inc({ account: toLabel(account), outcome }),
    onShown({ id, account, facts, finishedAt, request }) {
      // Later it's only shown again.
      if (shown.has(id)) return;
      shown.set(id, true);
      // What the provider says of a copy is about the original.
      const at = (request.copyOf === undefined ? facts?.finishedAt : undefined) ?? finishedAt;
      if (at !== undefined) series.shows.observe({ account: toLabel(account) }, sinceMs(at));
    },
    onReceived: (interactionId) => received.set(interactionId, clock.now()),
    onAnswered(interactionId) {
      const at = received.take(interactionId);
      if (at !== undefined) series.acknowledgements.observe(sinceMs(at));
    },
    onAnswer(status, { isShared }) {
      series.discordAnswers.inc({ class: toClass(status) });
      if (status === 429) series.discordLimited.inc();
      // Discord docs, topics/rate-limits, "Invalid Request Limit".
      if (invalidStatuses.includes(status) && !isShared)
        series.discordInvalid.inc({ status: String(status) });
    },
    onBooks({ findings, movements }) {
      series.ledgerDrift.set(findings.reduce((sum, { ids }) => sum + ids.length, 0));
      series.ledgerChecked.set(clock.now() / 1_000);
      series.ledgerRows.reset();
      for (const kind of ledgerKinds) {
        const { count = 0, points = 0 } = movements.find((movement) => movement.kind === kind) ?? {};
        series.ledgerRows.inc({ kind }, count);
        series.ledgerPoints.set({ kind }, points);
      }
    },
    stop: stopWatching,
  };
}

/** A rate needs a first value, so everything that may happen starts at 0. */
function begin(series: Series, names: ReadonlySet<string>): void {
  for (const account of names) {
    for (const state of endStates) series.tasksEnded.inc({ account, state }, 0);
    for (const outcome of ['accepted', 'refused', 'lost']) series.submits.zero({ account, outcome });
    for (const outcome of ['accepted', 'duplicate']) series.callbacks.inc({ account, outcome }, 0);
    for (const histogram of [series.finishes, series.detections, series.shows, series.looks])
      histogram.zero({ account });
  }
  series.callbacks.inc({ account: nobody, outcome: 'rejected' }, 0);
  for (const kind of ledgerKinds) {
    series.ledgerRows.inc({ kind }, 0);
    series.ledgerPoints.set({ kind }, 0);
  }
  for (const kind of ['2xx', '3xx', '4xx', '5xx']) series.discordAnswers.inc({ class: kind }, 0);
  for (const status of invalidStatuses) series.discordInvalid.inc({ status: String(status) }, 0);
  series.startedAt.set(Math.round(Date.now() / 1_000 - process.uptime()));
}

function toClass(status: number): string {
  return `${Math.min(5, Math.max(2, Math.floor(status / 100)))}xx`;
}

/** What is known by an id, without growing forever: the oldest entries make room. */
function createMemory<Value>() {
  const known = new Map<string, Value>();
  return {
    has: (id: string) => known.has(id),
    set(id: string, value: Value) {
      known.set(id, value);
      const [oldest] = known.keys();
      if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
    },
    take(id: string): Value | undefined {
      const value = known.get(id);
      known.delete(id);
      return value;
    },
  };
}

/** Tells, once a second, how late the event loop is. */
function watchLoop(clock: Clock, tell: (seconds: number) => void): () => void {
  let isStopped = false;
  let cancel = () => {};
  function wait(): void {
    const dueAt = clock.now() + everySecondMs;
    cancel = clock.after(everySecondMs, () => {
      tell(Math.max(0, clock.now() - dueAt) / 1_000);
      if (!isStopped) wait();
    });
  }
  wait();
  return () => {
    isStopped = true;
    cancel();
  };
}
