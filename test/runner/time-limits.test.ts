import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccountSettings } from '../../src/accounts/administration.ts';
import type { ProviderConfig } from '../../src/config.ts';
import { checkAccount } from '../../src/doctor/accounts.ts';
import { ProviderError } from '../../src/errors.ts';
import { DownloadError } from '../../src/images/download.ts';
import { createByteBudget } from '../../src/tasks/byte-budget.ts';
import { createResults } from '../../src/tasks/results.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay, type RelayOptions } from '../helpers/relay.ts';
import { aCaller, aTask } from '../helpers/tasks.ts';
import { holdTimeLimits, never, type TimeLimits } from '../helpers/time-limits.ts';

const minute = 60_000;
const log = pino({ level: 'silent' });

let relay: Relay;
let limits: TimeLimits;
beforeEach(() => {
  limits = holdTimeLimits();
});
afterEach(async () => {
  limits.restore();
  await relay?.remove();
});

const target = (taskId: string) => ({ taskId, messageId: `message-of-${taskId}` });
const owner = { userId: '444444444444444444', canManageMessages: false };

async function open(options: RelayOptions = {}) {
  relay = await createRelay(options);
  relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
}

async function finished(): Promise<string> {
  const id = await relay.imagine();
  relay.provider.onLook = allDone;
  await relay.clock.pass(20_000);
  return id;
}

/** Lets the one limit that was set run out, which must have that length. */
async function endLimit(ms: number): Promise<void> {
  const set = await limits.take();
  expect(set.map((limit) => limit.ms)).toEqual([ms]);
  await set[0]?.end();
}

/** How an API call ends once its time is over. */
function neverAnswered(signal: AbortSignal): Promise<never> {
  return never(signal).catch(() => {
    throw new ProviderError('unavailable', 'the request failed (TimeoutError)', { code: 'TimeoutError' });
  });
}

describe('an API that never answers', () => {
  it('a submit is given up after two minutes: its outcome is unknown, and its slot comes free', async () => {
    await open({ maxInFlight: 1 });
    const accept = relay.provider.submit;
    relay.provider.submit = (_request, signal) => neverAnswered(signal);
    const id = await relay.imagine();
    const set = await limits.take();
    expect(set.map(({ ms }) => ms)).toEqual([10_000, minute, 2 * minute]); // for pictures, a mask, the submit
    await set[2]?.end();
    expect(await relay.read(id)).toMatchObject({ state: 'submitting' });
    expect(await relay.read(id)).toHaveProperty('lostAt');
    relay.provider.submit = accept;
    const next = await relay.imagine('another', 'a hare');
    await relay.clock.pass(3 * minute);
    expect(await relay.read(next)).toMatchObject({ state: 'running' });
  });

  it('an answer is given up after two minutes, and the bot can stop', async () => {
    await open();
    relay.provider.onSubmit = () => ({ ref: { id: 'window' }, update: { state: 'asking' } });
    const id = await relay.imagine();
    relay.provider.answer = (_ref, _answer, signal) => neverAnswered(signal);
    limits.skip();
    await relay.service.answer(target(id), owner.userId, 'a hare');
    await settle();
    const set = await limits.take();
    expect(set.map(({ ms }) => ms)).toEqual([minute, 2 * minute]); // for a mask, and for the answer
    await set[1]?.end();
    await relay.lanes.stop();
    expect(await relay.read(id)).toMatchObject({ state: 'answering' });
  });

  it('a cancel is given up after 15 seconds, and can be tried again', async () => {
    await open();
    const id = await relay.imagine();
    relay.provider.cancel = (_ref, signal) => neverAnswered(signal);
    limits.skip();
    await relay.service.cancel(target(id), owner);
    expect(await codeOf(relay.service.cancel(target(id), owner))).toBe('cancel-too-late');
    await endLimit(15_000);
    expect(await codeOf(relay.service.cancel(target(id), owner))).toBeUndefined();
  });

  it('a seed is waited for a little longer than gateways wait', async () => {
    await open();
    const id = await finished();
    relay.provider.seed = (_ref, signal) => neverAnswered(signal);
    limits.skip();
    const failed = expect(relay.seeds.read(id, aCaller().asker)).rejects.toThrow('TimeoutError');
    await endLimit(70_000);
    await failed;
  });

  it('a balance is given up after five seconds, and the others are shown', async () => {
    await open({ accounts: ['main'], operator: { operatorIds: new Set([owner.userId]) } });
    relay.provider.balance = (signal) => neverAnswered(signal);
    const settings = createAccountSettings({ ...relay, receipts: { differences: () => [] }, log });
    limits.skip();
    const reading = settings.read(aCaller().asker);
    await endLimit(5_000);
    expect(await reading).toMatchObject([{ name: 'main', balance: 'unavailable' }]);
  });

  it('the doctor says so after 15 seconds', async () => {
    const account = { name: 'main', kind: 'acedata', apiKey: 'sk-right' } as ProviderConfig;
    const checking = checkAccount(account, { request: ({ signal }) => neverAnswered(signal) });
    await endLimit(15_000);
    expect(await checking).toMatchObject({ verdict: 'FAIL', what: 'account main (acedata)' });
  });
});

describe('a file server that never answers', () => {
  it('costs a task ten seconds, and no slot', async () => {
    await open({ loadInput: (_picture, _form, signal) => never(signal) });
    const pictures = [{ url: 'https://pictures.example/1.png', name: '1.png' }];
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures } as const;
    const { task } = await relay.service.start(request, aCaller());
    await relay.service.acknowledged(task.id, '1');
    await settle();
    expect((await relay.read(task.id)).state).toBe('queued');
    await endLimit(10_000);
    expect((await relay.read(task.id)).state).toBe('failed');
    expect(await relay.left()).toBe(2_000);
    expect(relay.provider.submits).toEqual([]);
  });

  it('costs a result 30 seconds, and returns its room', async () => {
    await open();
    const media = [{ kind: 'picture', url: 'https://pictures.example/1.png' }] as const;
    const results = createResults({
      downloadOwn: () => never(new AbortController().signal),
      downloadFrom:
        () =>
        (_url, { signal, hasRoom }) => {
          hasRoom?.(1_000);
          return never(signal).catch(() => {
            throw new DownloadError('the file could not be fetched (TimeoutError)', 'unavailable');
          });
        },
      pictures: { sizeOf: () => 0, read: async () => undefined, keep: async () => undefined } as never,
      database: relay.database,
      readOwnFiles: async () => [],
      log,
    });
    const budget = createByteBudget(1_000);
    const task = aTask({ state: 'done', result: { media, offers: [] } });
    const opening = budget.share((share) => results.openEach(task, share));
    await settle();
    let hasRoom = false;
    const next = budget.share(async (share) => {
      await share.take(1_000);
      hasRoom = true;
    });
    await settle();
    expect(hasRoom).toBe(false);
    await endLimit(30_000);
    expect(await opening).toEqual([expect.any(DownloadError)]);
    await next;
    expect(hasRoom).toBe(true);
  });
});
