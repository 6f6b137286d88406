import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import { settle } from '../helpers/clock.ts';
import { allDone, aResult, createRelay, type Relay, type RelayOptions } from '../helpers/relay.ts';
import { readScrape } from '../helpers/scrape.ts';
import { aRunningTask, aTask } from '../helpers/tasks.ts';

let relay: Relay;
let metrics: Metrics;

/** A relay whose work is counted. */
async function open(options: RelayOptions = {}) {
  const listeners = {
    onSubmitted: (...heard: Parameters<Metrics['onSubmitted']>) => metrics.onSubmitted(...heard),
    onLook: (...heard: Parameters<Metrics['onLook']>) => metrics.onLook(...heard),
    onCallback: (...heard: Parameters<Metrics['onCallback']>) => metrics.onCallback(...heard),
  };
  relay = await createRelay({ maxInFlight: 10, findsByPrompt: false, ...options, listeners });
  metrics = createMetrics(relay);
  relay.changes.listen(metrics.learn);
}

const scrape = async () => readScrape(await metrics.render());

beforeEach(() => open());
afterEach(async () => {
  metrics.stop();
  await relay.remove();
});

const main = { account: 'main' };

describe('the metrics', () => {
  it('follow names and units as Prometheus wants them', async () => {
    const { families } = await scrape();
    expect(families.length).toBeGreaterThan(25);
    for (const { name, type, help, samples } of families) {
      expect(name).toMatch(/^(?:midjourney_relay|process|nodejs)_[a-z_]+$/u);
      expect(help, name).toMatch(/\w/u);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(samples.length, name).toBeGreaterThan(0);
    }
  });

  it('count unfinished tasks by account and state, and those of an account that is gone', async () => {
    await relay.imagine('one');
    await relay.database.tasks.insert(aTask({ id: 'left-over', account: 'long-gone' }));
    const { value } = await scrape();
    expect(value('tasks', { ...main, state: 'running' })).toBe(1);
    expect(value('tasks', { ...main, state: 'queued' })).toBe(0);
    expect(value('tasks', { account: 'none', state: 'queued' })).toBe(1);
  });

  it('count ends once, and how long tasks took', async () => {
    const id = await relay.imagine('one');
    await relay.clock.pass(4_000);
    relay.provider.onLook = allDone;
    await relay.clock.pass(26_000);
    const task = await relay.read(id);
    const tookMs = (task.finishedAt ?? 0) - (task.acceptedAt ?? 0);
    relay.changes.announce(task);
    metrics.learn({ ...task, removedAt: 1 });
    const { value, histogram } = await scrape();
    expect(value('tasks_ended_total', { ...main, state: 'done' })).toBe(1);
    expect(value('tasks_ended_total', { ...main, state: 'failed' })).toBe(0);
    expect(histogram('task_duration_seconds', main)).toEqual({ count: 1, sum: tookMs / 1_000 });
    await relay.clock.pass(60_000);
    relay.changes.announce(task);
    expect((await scrape()).value('tasks_ended_total', { ...main, state: 'done' })).toBe(1);
  });

  it('count an end once, even if its task is saved again at once', async () => {
    const task = aRunningTask({ state: 'cancelled', finishedAt: relay.clock.now() });
    metrics.learn(task);
    metrics.learn({ ...task, revision: task.revision + 1, removedAt: relay.clock.now() });
    const { value } = await scrape();
    expect(value('tasks_ended_total', { ...main, state: 'cancelled' })).toBe(1);
  });

  it('tell how late a result was noticed and shown, by the clock of the provider if it has one', async () => {
    const finishedAt = relay.clock.now();
    const task = aRunningTask({ state: 'done', finishedAt, facts: { finishedAt: finishedAt - 7_000 } });
    metrics.learn(task);
    await relay.clock.pass(2_000);
    metrics.onShown(task);
    await relay.clock.pass(60_000);
    metrics.onShown(task); // once more, with a new token
    metrics.onShown(aRunningTask({ id: 'silent', state: 'failed', finishedAt: relay.clock.now() - 500 }));
    const { histogram } = await scrape();
    expect(histogram('detection_delay_seconds', main)).toEqual({ count: 1, sum: 7 });
    expect(histogram('shown_delay_seconds', main)).toEqual({ count: 2, sum: 9.5 });
  });

  it('time submits by what came of them', async () => {
    await relay.imagine('one');
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no', { definite: true }));
    await relay.imagine('two');
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'cut'));
    await relay.imagine('three');
    const { histogram } = await scrape();
    for (const outcome of ['accepted', 'refused', 'lost'])
      expect(histogram('submit_duration_seconds', { ...main, outcome }).count, outcome).toBe(1);
  });

  it('know how many tasks a look is about', async () => {
    for (const name of ['one', 'two', 'three']) await relay.imagine(name);
    await relay.clock.pass(10_000);
    const { histogram } = await scrape();
    const { count, sum } = histogram('look_batch_size', main);
    expect(sum / count).toBeGreaterThan(1);
  });

  it('count callbacks that help, come too late, or are none of ours', async () => {
    metrics.stop();
    await relay.remove();
    await open({ publicUrl: 'https://relay.example' });
    relay.provider.callback = () => undefined;
    const id = await relay.imagine('one');
    const url = new URL(relay.provider.submits[0]?.callbackUrl ?? '');
    const [, , account = '', task = '', signature = ''] = url.pathname.split('/');
    expect(await relay.callbacks.hear({ account, task, signature }, '')).toBe(true);
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('done');
    await relay.callbacks.hear({ account, task, signature }, '');
    await relay.callbacks.hear({ account: 'made-up', task, signature }, '');
    const { value } = await scrape();
    expect(value('callbacks_total', { ...main, outcome: 'accepted' })).toBe(1);
    expect(value('callbacks_total', { ...main, outcome: 'duplicate' })).toBe(1);
    expect(value('callbacks_total', { account: 'none', outcome: 'rejected' })).toBe(1);
  });

  it('know which account is in which trouble, closed, or has spent what', async () => {
    metrics.stop();
    await relay.remove();
    await open({ accounts: ['main', 'spare'], limits: { main: { dailyPoints: 100 } } });
    await relay.imagine('one');
    expect((await scrape()).value('account_open', main)).toBe(0);
    expect((await scrape()).value('account_spent_points', main)).toBe(100);
    relay.provider.onSubmit = () =>
      Promise.reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
    await relay.imagine('two');
    await settle();
    const spare = { account: 'spare' };
    const { value } = await scrape();
    expect(value('account_up', main)).toBe(1);
    expect(value('account_up', spare)).toBe(0);
    expect(value('account_outage', { ...spare, trouble: 'balance' })).toBe(1);
    expect(value('account_outage', { ...spare, trouble: 'auth' })).toBe(0);
    expect(value('account_slots', spare)).toBe(10);
  });

  it('know what the ledger holds, and how many rows of it are wrong', async () => {
    expect((await scrape()).value('ledger_drift')).toBe(0);
    metrics.onBooks({
      findings: [
        { what: 'tasks without exactly one charge', ids: ['a', 'b'] },
        { what: 'refunds', ids: ['c'] },
      ],
      movements: [
        { kind: 'charge', count: 12, points: -1_200 },
        { kind: 'refund', count: 2, points: 200 },
      ],
    });
    const { value } = await scrape();
    expect(value('ledger_drift')).toBe(3);
    expect(value('ledger_rows_total', { kind: 'charge' })).toBe(12);
    expect(value('ledger_points', { kind: 'charge' })).toBe(-1_200);
    expect(value('ledger_rows_total', { kind: 'grant' })).toBe(0);
    expect(value('ledger_checked_timestamp_seconds')).toBe(relay.clock.now() / 1_000);
  });

  it('know which messages are still owed, and for how long', async () => {
    await relay.imagine('one');
    relay.provider.onLook = () => new Map([['remote-1', aResult]]);
    await relay.clock.pass(10_000);
    await relay.clock.pass(20_000);
    const { value } = await scrape();
    expect(value('deliveries_waiting')).toBe(1);
    expect(value('delivery_oldest_seconds')).toBeGreaterThanOrEqual(20);
  });

  it('count what Discord answers, and what it holds against the bot', async () => {
    metrics.onAnswer(200, { isShared: false });
    metrics.onAnswer(404, { isShared: false });
    metrics.onAnswer(403, { isShared: false });
    metrics.onAnswer(429, { isShared: false });
    metrics.onAnswer(429, { isShared: true });
    const { value } = await scrape();
    expect(value('discord_responses_total', { class: '2xx' })).toBe(1);
    expect(value('discord_responses_total', { class: '4xx' })).toBe(4);
    expect(value('discord_rate_limited_total')).toBe(2);
    expect(value('discord_invalid_requests_total', { status: '429' })).toBe(1);
    expect(value('discord_invalid_requests_total', { status: '403' })).toBe(1);
    expect(value('discord_invalid_requests_total', { status: '401' })).toBe(0);
  });

  it('time answers to interactions, the first one each', async () => {
    metrics.onReceived('1');
    await relay.clock.pass(400);
    metrics.onAnswered('1');
    metrics.onAnswered('1');
    metrics.onAnswered('never heard of');
    expect((await scrape()).histogram('acknowledgement_seconds')).toEqual({ count: 1, sum: 0.4 });
  });

  it('notice a process that is busy, and what it uses', async () => {
    await relay.clock.pass(2_500);
    const before = (await scrape()).histogram('event_loop_delay_seconds');
    expect(before).toEqual({ count: 2, sum: 0 });
    relay.clock.set(relay.clock.now() + 2_000); // as if nothing had run for two seconds
    await relay.clock.pass(1_000);
    const { histogram, value } = await scrape();
    expect(histogram('event_loop_delay_seconds')).toEqual({ count: 3, sum: 2 });
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(value('nodejs_heap_size_used_bytes')).toBeGreaterThan(1_000_000);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(value('process_start_time_seconds')).toBeGreaterThan(1_700_000_000);
  });

  it('have no more series after a thousand tasks of a thousand people', async () => {
    const lines = async () => (await metrics.render()).split('\n').length;
    const before = await lines();
    for (let number = 0; number < 1_000; number += 1) {
      const task = aRunningTask({
        id: `task-${number}`,
        state: 'done',
        account: `forged-${number}`,
        finishedAt: relay.clock.now(),
      });
      metrics.learn(task);
      metrics.onShown(task);
      metrics.onCallback('rejected', undefined);
      metrics.onReceived(`interaction-${number}`);
    }
    expect((await lines()) - before).toBeLessThan(60);
  });
});
