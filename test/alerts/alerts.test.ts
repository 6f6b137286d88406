import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlerts } from '../../src/alerts/alerts.ts';
import type { Condition } from '../../src/alerts/conditions.ts';
import type { Sent } from '../../src/alerts/ways.ts';
import type { StoredAlert } from '../../src/storage/documents.ts';
import { createFakeClock } from '../helpers/clock.ts';

const minutes = (count: number) => count * 60_000;

let saved: Map<string, StoredAlert>;
let clock: ReturnType<typeof createFakeClock>;
let states: Record<string, Condition['state']>;
let sent: string[];
let answer: Sent | Error;
let lines: unknown[];
let stop: () => Promise<void>;

/** Starts the alerts, as each start of the bot does. */
function start() {
  const note = (...line: unknown[]) => void lines.push(line);
  const alerts = createAlerts({
    look: async () =>
      Object.entries(states).map(([id, state]) => ({
        id,
        state,
        what: `The ${id} is bad`,
        cure: `Fix ${id}.`,
      })),
    ways: {
      async send(text) {
        if (answer instanceof Error) throw answer;
        if (answer.isDone) sent.push(text);
        return answer;
      },
    },
    documents: {
      alerts: {
        get: async (key) => saved.get(key),
        set: async (key, value) => void saved.set(key, value),
        delete: async (key) => void saved.delete(key),
        listKeys: async () => [...saved.keys()],
      },
    },
    clock,
    log: { info: note, warn: note, error: note } as never,
  });
  stop = alerts.stop;
  alerts.start();
  return alerts;
}

beforeEach(() => {
  saved = new Map();
  clock = createFakeClock();
  [states, sent, answer, lines] = [{}, [], { isDone: true }, []];
});
afterEach(() => stop());

describe('alerts', () => {
  it('are told once, with the cure, and once more when it is over', async () => {
    states = { disk: 'good', ledger: 'unknown' };
    const alerts = start();
    await alerts.lookNow();
    expect(sent).toEqual([]);
    states = { disk: 'bad', ledger: 'unknown' };
    for (let round = 0; round < 3; round += 1) await alerts.lookNow();
    expect(sent).toEqual(['⚠️ The disk is bad. Fix disk.']);
    states = { disk: 'unknown' };
    await alerts.lookNow();
    expect(sent).toHaveLength(1);
    states = { disk: 'good' };
    for (let round = 0; round < 3; round += 1) await alerts.lookNow();
    expect(sent).toEqual(['⚠️ The disk is bad. Fix disk.', '✅ Over: The disk is bad.']);
  });

  it("aren't repeated by a restart, and don't count as over before somebody has seen that", async () => {
    states = { account: 'bad' };
    await start().lookNow();
    await stop();
    states = { account: 'unknown' };
    const again = start();
    await again.lookNow();
    states = { account: 'bad' };
    await again.lookNow();
    expect(sent).toHaveLength(1);
    states = { account: 'good' };
    await again.lookNow();
    expect(sent.at(-1)).toBe('✅ Over: The account is bad.');
  });

  it('come as one message if several things are wrong at once', async () => {
    states = { disk: 'bad', ledger: 'bad' };
    await start().lookNow();
    expect(sent).toEqual(['⚠️ The disk is bad. Fix disk.\n⚠️ The ledger is bad. Fix ledger.']);
  });

  it('are tried again, less and less often, until they are sent; then they count as told', async () => {
    states = { disk: 'bad' };
    answer = { isDone: false, reason: 'ALERT_WEBHOOK_URL answered 500' };
    const alerts = start();
    await alerts.lookNow();
    const tries = () => lines.length;
    expect(tries()).toBe(1);
    await alerts.lookNow(); // too early
    expect(tries()).toBe(1);
    await clock.pass(25_000);
    expect(tries()).toBe(2);
    answer = { isDone: true };
    await clock.pass(minutes(2));
    expect(sent).toHaveLength(1);
    await clock.pass(minutes(2));
    expect(sent).toHaveLength(1);
  });

  it('wait for as long as the other side asks, within reason', async () => {
    states = { disk: 'bad' };
    answer = { isDone: false, reason: 'ALERT_WEBHOOK_URL answered 429', retryAfterMs: minutes(5) };
    await start().lookNow();
    answer = { isDone: true };
    await clock.pass(minutes(4));
    expect(sent).toEqual([]);
    await clock.pass(minutes(2));
    expect(sent).toHaveLength(1);
  });

  it("don't fill a channel if something is unsteady", async () => {
    states = { account: 'bad' };
    const alerts = start();
    await alerts.lookNow();
    for (let turn = 0; turn < 5; turn += 1) {
      states = { account: 'good' };
      await alerts.lookNow();
      states = { account: 'bad' };
      await alerts.lookNow();
    }
    expect(sent).toHaveLength(2);
    await clock.pass(minutes(11));
    expect(sent).toHaveLength(3);
  });

  it('go on after a mistake of their own', async () => {
    states = { disk: 'bad' };
    answer = new Error('unexpected');
    const alerts = start();
    await alerts.lookNow();
    answer = { isDone: true };
    await alerts.lookNow();
    expect(sent).toHaveLength(1);
  });
});
