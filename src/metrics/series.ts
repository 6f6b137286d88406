import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const prefix = 'midjourney_relay_';

/** Seconds. A person has three of them for an answer, so what's below matters most. */
const answerBuckets = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3];
const callBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const taskBuckets = [5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 3_600];
const delayBuckets = [0.5, 1, 2, 5, 10, 15, 30, 60, 300, 3_600];
const loopBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/**
 * Every series of the bot. A label has only values that the operator or the code names: accounts, states, kinds. Nothing that
 * people, Discord or an API can make up, or the number of series would have no end.
 */
export function createSeries(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `${prefix}${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `${prefix}${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    { help, buckets, labelNames = [] }: { help: string; buckets: number[]; labelNames?: readonly Label[] },
  ) => new Histogram({ name: `${prefix}${name}`, help, buckets, labelNames, registers });
  const account = ['account'] as const;

  return {
    tasks: gauge('tasks', 'Unfinished tasks, by account and state.', ['account', 'state']),
    tasksEnded: counter('tasks_ended_total', 'Tasks that have ended, by account and how.', [
      'account',
      'state',
    ]),
    submits: histogram('submit_duration_seconds', {
      help: 'How long providers took to answer a submit, by account and outcome.',
      buckets: callBuckets,
      labelNames: ['account', 'outcome'],
    }),
    finishes: histogram('task_duration_seconds', {
      help: 'How long tasks took that are done, from acceptance by the provider to the result.',
      buckets: taskBuckets,
      labelNames: account,
    }),
    detections: histogram('detection_delay_seconds', {
      help: 'From when a provider says it was finished to when the bot knew; only for APIs that tell.',
      buckets: delayBuckets,
      labelNames: account,
    }),
    shows: histogram('shown_delay_seconds', {
      help: 'From the end of a task, as its provider tells it or else as the bot knew, to its message on Discord.',
      buckets: delayBuckets,
      labelNames: account,
    }),
    looks: histogram('look_batch_size', {
      help: 'How many tasks a provider was asked about in one call.',
      buckets: [1, 2, 5, 10, 20, 30, 40, 50],
      labelNames: account,
    }),
    callbacks: counter('callbacks_total', 'Callbacks, by account and what became of them.', [
      'account',
      'outcome',
    ]),
    accountUp: gauge('account_up', '1 unless the account is left alone after failures.', account),
    accountOutage: gauge('account_outage', '1 for the trouble that an account is in.', [
      'account',
      'trouble',
    ]),
    accountOpen: gauge('account_open', "1 unless the operator's limits close the account now.", account),
    accountSpent: gauge(
      'account_spent_points',
      'Points that an account with a daily limit has spent today.',
      account,
    ),
    accountSlots: gauge('account_slots', 'How many tasks an account may run at once.', account),
    ledgerRows: counter('ledger_rows_total', 'Rows of the ledger, by kind, as of the last check.', ['kind']),
    ledgerPoints: gauge('ledger_points', 'What those rows add up to, in points, by kind.', ['kind']),
    ledgerDrift: gauge('ledger_drift', 'Rows that contradict each other, as of the last check; must be 0.'),
    ledgerChecked: gauge('ledger_checked_timestamp_seconds', 'When the ledger was last checked.'),
    deliveriesWaiting: gauge('deliveries_waiting', 'Messages that Discord does not have yet.'),
    deliveryAge: gauge('delivery_oldest_seconds', 'How long the oldest of those has been owed.'),
    discordAnswers: counter('discord_responses_total', 'Answers of the Discord API, by class of status.', [
      'class',
    ]),
    discordLimited: counter('discord_rate_limited_total', 'Answers of the Discord API with status 429.'),
    discordInvalid: counter(
      'discord_invalid_requests_total',
      'Answers that Discord holds against the bot (10,000 in ten minutes block its address), by status.',
      ['status'],
    ),
    acknowledgements: histogram('acknowledgement_seconds', {
      help: 'From an interaction to the answer that Discord took; it has to come within three seconds.',
      buckets: answerBuckets,
    }),
    eventLoop: histogram('event_loop_delay_seconds', {
      help: 'How late the event loop was, looked at once a second.',
      buckets: loopBuckets,
    }),
    residentMemory: new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory size in bytes.',
      registers,
    }),
    heap: new Gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Heap in use, in bytes.', registers }),
    cpu: new Counter({ name: 'process_cpu_seconds_total', help: 'CPU time spent, in seconds.', registers }),
    startedAt: new Gauge({
      name: 'process_start_time_seconds',
      help: 'When the process started, in seconds since the epoch.',
      registers,
    }),
  };
}

export type Series = ReturnType<typeof createSeries>;
