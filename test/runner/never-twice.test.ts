import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorOptions } from '../../src/errors.ts';
import { settle } from '../helpers/clock.ts';
import { submitTo } from '../helpers/paid-calls.ts';
import { createRelay, createScriptedProvider, type Relay, type ScriptedProvider } from '../helpers/relay.ts';

let relay: Relay;
let first: ScriptedProvider;
let spare: ScriptedProvider;

async function open(accounts: readonly string[]): Promise<void> {
  first = createScriptedProvider();
  spare = createScriptedProvider();
  relay = await createRelay({ accounts, providers: { first, spare }, maxInFlight: 10 });
}
beforeEach(() => open(['first', 'spare']));
afterEach(() => relay.remove());

const refuse =
  (kind: ProviderError['kind'], options: ProviderErrorOptions = {}) =>
  () =>
    Promise.reject(new ProviderError(kind, 'no', options));
const noChannel = refuse('busy', { status: 503, hasOwnMarks: true });

async function imagine(): Promise<string> {
  const id = await relay.imagine('max', 'a fox');
  await settle();
  return id;
}

describe('a paid call that may have been accepted', () => {
  it.each<[string, ProviderError['kind'], ProviderErrorOptions]>([
    ['408', 'rejected', { status: 408 }],
    ['425', 'rejected', { status: 425 }],
    ['499', 'busy', { status: 499 }],
    ['500', 'auth', { status: 500 }],
    ['503', 'busy', { status: 503 }],
    ['504', 'balance', { status: 504 }],
    ['a truncated answer', 'unavailable', {}],
  ])('is never made again, here or elsewhere, after %s', async (_what, kind, options) => {
    first.onSubmit = refuse(kind, options);
    const id = await imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'submitting', account: 'first' });
    await relay.clock.pass(31 * 60_000);
    expect(first.submits).toHaveLength(1);
    expect(spare.submits).toEqual([]);
  });

  it.each<[string, ProviderError['kind'], ProviderErrorOptions]>([
    ['a web page with 401', 'auth', { status: 401, isPage: true }],
    ['a web page with 403', 'malformed', { status: 403, isPage: true }],
    ['a web page with 404', 'malformed', { status: 404, isPage: true, definite: true }],
    ['a web page with 429', 'busy', { status: 429, isPage: true }],
    ["a firewall's web page", 'blocked', { status: 403, isPage: true, definite: true }],
  ])('ends at once after %s, and says that it may have cost something', async (_what, kind, options) => {
    first.onSubmit = refuse(kind, options);
    const id = await imagine();
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      account: 'first',
      failure: { kind, mayHaveCost: true },
    });
    expect(await relay.left('max')).toBe(2_000);
    await relay.clock.pass(31 * 60_000);
    expect([...first.submits, ...spare.submits]).toHaveLength(1);
  });
});

describe('a paid call that was certainly refused', () => {
  it.each<[string, ProviderError['kind'], ProviderErrorOptions]>([
    ['a refused key', 'auth', { status: 401 }],
    ['an empty account', 'balance', { status: 403, hasOwnMarks: true }],
    ['too many requests', 'busy', { status: 429 }],
    ['no channel', 'busy', { status: 503, hasOwnMarks: true }],
    ['a connection that was never made', 'unavailable', { definite: true, hasOwnMarks: true }],
    ['a firewall', 'blocked', { definite: true, status: 403 }],
    ['a redirect', 'moved', { definite: true, status: 308 }],
    ['a problem of its own', 'faulty', { status: 200 }],
  ])('is made at the next account after %s', async (_what, kind, options) => {
    first.onSubmit = refuse(kind, options);
    const id = await imagine();
    await settle();
    expect(await relay.read(id)).toMatchObject({ state: 'running', account: 'spare' });
    expect([first.submits.length, spare.submits.length]).toEqual([1, 1]);
  });

  it('ends if the prompt is the reason', async () => {
    first.onSubmit = refuse('rejected', { status: 400 });
    const id = await imagine();
    expect(await relay.read(id)).toMatchObject({ failure: { kind: 'rejected', mayHaveCost: false } });
    expect(spare.submits).toEqual([]);
  });
});

describe('what new-api says with 503', () => {
  const say = async (type: string) => {
    const error = { message: 'no channel', type, code: 'model_not_found' };
    const answer = await submitTo('4allapi', { status: 503, text: JSON.stringify({ error }) });
    first.onSubmit = () => Promise.reject(answer.error ?? new Error('it was accepted'));
    return imagine();
  };

  it('before it accepts anything has the next account make the task', async () => {
    const id = await say('new_api_error');
    await settle();
    expect(await relay.read(id)).toMatchObject({ state: 'running', account: 'spare' });
    expect([first.submits.length, spare.submits.length]).toEqual([1, 1]);
  });

  it("proves nothing in a form that isn't its own", async () => {
    const id = await say('server_error');
    await relay.clock.pass(9 * 60_000);
    expect(await relay.read(id)).toMatchObject({ state: 'submitting', account: 'first' });
    expect([first.submits.length, spare.submits.length]).toEqual([1, 0]);
  });
});

describe('a gateway that accepts nothing for now', () => {
  beforeEach(async () => {
    await relay.remove();
    await open(['first']);
  });

  it('is asked a second time, and after the same answer never again', async () => {
    first.onSubmit = noChannel;
    const id = await imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'queued', postponedFor: 'busy' });
    await relay.clock.pass(29 * 60_000);
    expect(first.submits).toHaveLength(2);
    const failure = { kind: 'lost', mayHaveCost: true };
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure, lostAt: expect.any(Number) });
    expect(await relay.left('max')).toBe(2_000);
    expect(first.submits).toHaveLength(2);
  });

  it('gets the task if it accepts it the second time', async () => {
    first.onSubmit = noChannel;
    const id = await imagine();
    first.onSubmit = createScriptedProvider().onSubmit;
    await relay.clock.pass(60_000);
    const task = await relay.read(id);
    expect(task).toMatchObject({ state: 'running' });
    expect(task.postponedBy).toBeUndefined();
  });

  it("is still asked if the two aren't in a row, and while it says 429 or that its queue is full", async () => {
    const answers = [503, 429, 503, 'nobody there', 503, 200, 429, 429] as const;
    first.onSubmit = () => {
      const status = answers[first.submits.length - 1];
      if (status === undefined) return { ref: { id: 'remote' }, update: { state: 'running' } };
      const options = status === 'nobody there' ? { definite: true } : { status };
      return Promise.reject(new ProviderError('busy', 'later', { ...options, hasOwnMarks: true }));
    };
    const id = await imagine();
    await relay.clock.pass(20 * 60_000);
    expect(first.submits).toHaveLength(9);
    expect(await relay.read(id)).toMatchObject({ state: 'running' });
  });

  it('gets no third chance elsewhere', async () => {
    await relay.remove();
    await open(['first', 'spare']);
    first.onSubmit = noChannel;
    spare.onSubmit = noChannel;
    const id = await imagine();
    await relay.clock.pass(29 * 60_000);
    // The spare one was also asked, and waited for once.
    expect([first.submits.length, spare.submits.length]).toEqual([1, 2]);
    expect(await relay.read(id)).toMatchObject({ failure: { kind: 'lost' }, account: 'spare' });
  });
});

describe("an answer to a provider's question", () => {
  it('is sent a second time after 503, and never a third', async () => {
    first.onSubmit = () => ({ ref: { id: 'remote' }, update: { state: 'asking', prompt: 'a fox' } });
    first.onAnswer = noChannel;
    const id = await imagine();
    const target = { taskId: id, messageId: `message-of-${id}` };
    const answer = async () => {
      await relay.service.answer(target, 'max', 'a red fox').catch(() => undefined);
      await settle();
      await relay.clock.pass(20_000);
    };
    await answer();
    expect((await relay.read(id)).state).toBe('asking');
    await answer();
    // Looks find out whether it arrived, and nobody is asked again.
    expect((await relay.read(id)).state).toBe('running');
    await answer();
    expect(first.answers).toHaveLength(2);
  });

  it.each<[string, ProviderErrorOptions]>([
    ['408', { status: 408 }],
    ['a proxy’s 503', { status: 503 }],
  ])("may have arrived after %s, and isn't sent again", async (_what, options) => {
    first.onSubmit = () => ({ ref: { id: 'remote' }, update: { state: 'asking', prompt: 'a fox' } });
    first.onAnswer = refuse('busy', options);
    const id = await imagine();
    const target = { taskId: id, messageId: `message-of-${id}` };
    await relay.service.answer(target, 'max', 'a red fox');
    await settle();
    expect((await relay.read(id)).state).toBe('answering');
    await relay.clock.pass(60_000);
    expect(first.answers).toHaveLength(1);
  });

  it("is over after a web page with 429, and isn't sent again", async () => {
    first.onSubmit = () => ({ ref: { id: 'remote' }, update: { state: 'asking', prompt: 'a fox' } });
    first.onAnswer = refuse('busy', { status: 429, isPage: true });
    const id = await imagine();
    await relay.service.answer({ taskId: id, messageId: `message-of-${id}` }, 'max', 'a red fox');
    await settle();
    await relay.clock.pass(60_000);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { mayHaveCost: true } });
    expect(first.answers).toHaveLength(1);
  });
});
