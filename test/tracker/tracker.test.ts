import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseAccount } from '../../src/accounts/accounts.ts';
import { ProviderError } from '../../src/errors.ts';
import { settle } from '../helpers/clock.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { holdTimeLimits, never, type TimeLimits } from '../helpers/time-limits.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('the second time', () => {
  it("a task is missing, its nine minutes aren't added to earlier ones", async () => {
    const id = await relay.imagine();
    const seen = relay.provider.onLook;
    for (let round = 0; round < 3; round += 1) {
      relay.provider.onLook = () => new Map();
      await relay.clock.pass(9 * minute);
      expect(await relay.read(id)).toMatchObject({ state: 'running' });
      expect(await relay.read(id)).toHaveProperty('missingSince');
      relay.provider.onLook = seen;
      await relay.clock.pass(minute);
      expect(await relay.read(id)).not.toHaveProperty('missingSince');
    }
    relay.provider.onLook = () => new Map();
    await relay.clock.pass(12 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'forgotten' } });
  });

  it('looks fail, they are as close together as the first time', async () => {
    await relay.imagine();
    const fail = () => Promise.reject(new ProviderError('unavailable', 'down'));
    const [account] = relay.accounts.all;
    relay.provider.onLook = fail;
    await relay.clock.pass(5 * minute);
    expect(account?.failures).toBeGreaterThan(4);
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    await relay.clock.pass(3 * minute);
    relay.provider.onLook = fail;
    const before = relay.provider.looks.length;
    await relay.clock.pass(minute);
    // Every few seconds at first; a row of failures that continued would bring one or two a minute.
    expect(relay.provider.looks.length - before).toBeGreaterThan(3);
  });

  it('an account asks to wait, the longer wait counts, no matter which came first', async () => {
    relay.provider.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 2 * minute }));
    await relay.imagine();
    const until = relay.clock.now() + 2 * minute;
    const [account] = relay.accounts.all;
    expect(account?.pausedUntil).toBe(until);
    relay.provider.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 5_000 }));
    // A task that was being submitted when the account asked for two minutes.
    if (account !== undefined)
      pauseAccount(account, new ProviderError('busy', 'full', { retryAfterMs: 5_000 }), 0, relay.clock.now());
    expect(account?.pausedUntil).toBe(until);
    await relay.clock.pass(minute);
    expect(relay.provider.submits).toHaveLength(1);
  });

  it('a callback comes for a task that has ended, nothing is looked at', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    const looks = relay.provider.looks.length;
    await relay.tracker.nudge(id);
    await relay.clock.pass(minute);
    expect(relay.provider.looks).toHaveLength(looks);
  });
});

describe('a request to wait', () => {
  it.each([
    [0, 1_000],
    [1_000, 1_000],
    [1_001, 1_001],
    [600_000, 600_000],
    [600_001, 600_000],
    [86_400_000, 600_000],
  ])('of %i ms makes it wait for %i', async (retryAfterMs, waitMs) => {
    relay.provider.onLook = () => Promise.reject(new ProviderError('busy', 'slow down', { retryAfterMs }));
    await relay.imagine();
    await relay.clock.pass(5_000);
    expect(relay.provider.looks).toHaveLength(1);
    expect(relay.accounts.all[0]?.pausedUntil).toBe(relay.clock.now() + waitMs);
  });
});

describe("a request to wait past a task's half hour", () => {
  it('ends the task at once instead of after the wait', async () => {
    relay.provider.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 10 * minute }));
    const id = await relay.imagine();
    await relay.clock.pass(10 * minute + 1_000);
    expect(await relay.read(id)).toMatchObject({ state: 'queued', postponedFor: 'busy' });
    await relay.clock.pass(10 * minute + 1_000);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'busy', mayHaveCost: false },
    });
    expect(relay.provider.submits).toHaveLength(3);
    expect(await relay.left()).toBe(2_000);
  });
});

describe('a task that two people share at the provider', () => {
  it('brings each of them the picture, and each pays for their own', async () => {
    relay.provider.onSubmit = () => ({ ref: { id: 'same' }, update: { state: 'running' } });
    const first = await relay.imagine();
    relay.provider.onLook = () =>
      new Map([
        [
          'same',
          { state: 'done', media: [{ kind: 'picture', url: 'https://cdn.example/a.png' }], offers: [] },
        ],
      ]);
    await relay.clock.pass(minute);
    expect(await relay.read(first)).toMatchObject({ state: 'done' });
    const second = await relay.imagine();
    await relay.clock.pass(minute);
    expect(await relay.read(second)).toMatchObject({ state: 'done', price: 100 });
    expect(await relay.left()).toBe(1_800);
  });
});

describe('an API that reports a problem of its own', () => {
  it('ends the task at once if there is no other account', async () => {
    relay.provider.onSubmit = () =>
      Promise.reject(
        new ProviderError('faulty', 'an error of its own', { status: 200, reason: 'System error' }),
      );
    const id = await relay.imagine();
    await relay.clock.pass(1_000);
    const failure = { kind: 'faulty', reason: 'System error', mayHaveCost: false };
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure });
    expect(await relay.left()).toBe(2_000);
    expect(relay.provider.submits).toHaveLength(1);
  });
});

describe('a look that never ends', () => {
  let limits: TimeLimits;
  beforeEach(() => {
    limits = holdTimeLimits();
  });
  afterEach(() => limits.restore());

  const hang = () => {
    relay.provider.look = (refs, signal) => {
      relay.provider.looks.push([...refs]);
      return never(signal);
    };
  };

  it('is given up after a minute, and its tasks get to their deadline', async () => {
    await relay.remove();
    relay = await createRelay({ taskTimeoutMs: minute });
    const id = await relay.imagine();
    limits.skip();
    hang();
    await relay.clock.pass(minute + 1_000);
    expect(relay.provider.looks).toHaveLength(1);
    expect(await relay.read(id)).toMatchObject({ state: 'running' });
    const [look, ...others] = await limits.take();
    expect([look?.ms, others]).toEqual([minute, []]);
    await look?.end();
    await relay.clock.pass(1_000);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'timeout' } });
    expect(await relay.left()).toBe(2_000);
  });

  it("for a task whose answer was lost doesn't prevent later searches", async () => {
    let searches = 0;
    relay.provider.find = (_reference, signal) => {
      searches += 1;
      return searches === 1 ? never(signal) : Promise.resolve({ id: 'found' });
    };
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await relay.imagine();
    limits.skip();
    await relay.clock.pass(minute);
    expect(searches).toBe(1);
    await (await limits.take())[0]?.end();
    await relay.clock.pass(minute);
    expect(await relay.read(id)).toMatchObject({ state: 'running', ref: { id: 'found' } });
  });

  it('ends with the bot', async () => {
    await relay.imagine();
    hang();
    await relay.clock.pass(10_000);
    let isStopped = false;
    const stopping = relay.tracker.stop().then(() => {
      isStopped = true;
    });
    await settle();
    expect(isStopped).toBe(true);
    await stopping;
  });
});

describe('a result that was given up', () => {
  it('is asked about for a day, and no longer', async () => {
    await relay.remove();
    relay = await createRelay({ taskTimeoutMs: minute });
    await relay.imagine();
    await relay.clock.pass(2 * minute);
    const inTenMinutes = async () => {
      const before = relay.provider.looks.length;
      await relay.clock.pass(10 * minute);
      return relay.provider.looks.length - before;
    };
    expect(await inTenMinutes()).toBe(2);
    relay.clock.set(relay.clock.now() + 23 * 60 * minute);
    expect(await inTenMinutes()).toBeGreaterThan(0);
    relay.clock.set(relay.clock.now() + 60 * minute);
    await inTenMinutes();
    expect(await inTenMinutes()).toBe(0);
  });
});
