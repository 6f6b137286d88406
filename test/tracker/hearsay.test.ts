import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Update } from '../../src/task.ts';
import { createHearsay } from '../../src/tracker/hearsay.ts';
import { always, aResult as anyResult, createRelay, type Relay } from '../helpers/relay.ts';

const publicUrl = 'https://relay.example';
const taskTimeoutMs = 900_000;
const aResult = anyResult as Extract<Update, { state: 'done' }>;
const failed: Update = { state: 'failed', kind: 'rejected', reason: 'not allowed' };
let relay: Relay;

/** An API whose callbacks carry the result: `{"id": …, "update": …}`. */
beforeEach(async () => {
  relay = await createRelay({ publicUrl, taskTimeoutMs });
  const read = (body: unknown) => (body ?? {}) as { id?: string; update?: Update };
  relay.provider.callback = (body) => {
    const { id } = read(body);
    return id === undefined ? undefined : { id };
  };
  relay.provider.readCallback = (body, ref) => (read(body).id === ref['id'] ? read(body).update : undefined);
});
afterEach(() => relay.remove());

async function call(update: Update | undefined, id = 'remote-1'): Promise<void> {
  const [account = '', task = '', signature = ''] =
    relay.provider.submits.at(-1)?.callbackUrl?.slice(`${publicUrl}/callbacks/`.length).split('/') ?? [];
  const body = JSON.stringify({ id, update });
  expect(await relay.callbacks.hear({ account, task, signature }, body)).toBe(true);
  await relay.clock.pass(1_000);
}

const cannotBeAsked = () => Promise.reject(new ProviderError('unavailable', 'down'));
const unknown = () => new Map();

describe('a callback that carries the result', () => {
  it.each([
    ['cannot be asked', cannotBeAsked],
    ['does not know the task', unknown],
    ['answers something unreadable', always({ state: 'running', unread: 'a task without a state' })],
    ['asks to wait', () => Promise.reject(new ProviderError('busy', 'slow', { retryAfterMs: 60_000 }))],
  ] as const)('is believed if its API %s, within a second', async (_what, look) => {
    const id = await relay.imagine();
    relay.provider.onLook = look;
    await call(aResult);
    expect(await relay.read(id)).toMatchObject({ state: 'done', result: { media: aResult.media } });
    expect(await relay.left()).toBe(1_900);
  });

  it('is believed while its account is left alone', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = () => Promise.reject(new ProviderError('busy', 'x', { retryAfterMs: 60_000 }));
    await relay.clock.pass(10_000);
    const looks = relay.provider.looks.length;
    await call(aResult);
    expect((await relay.read(id)).state).toBe('done');
    expect(relay.provider.looks).toHaveLength(looks);
  });

  it('that says it failed returns the points', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = unknown;
    await call(failed);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { reason: 'not allowed' } });
    expect(await relay.left()).toBe(2_000);
  });

  it.each([
    ['running', always({ state: 'running', progress: 40 })],
    ['done with other pictures', always({ ...aResult, media: [] })],
    ['failed', always(failed)],
  ] as const)('only has the task looked at, if a look shows it %s', async (_what, look) => {
    const id = await relay.imagine();
    relay.provider.onLook = look;
    await call({ ...aResult, media: [{ kind: 'picture', url: 'https://liar.example/1.png' }] });
    const task = await relay.read(id);
    expect(JSON.stringify(task)).not.toContain('liar.example');
    expect(relay.provider.looks).toHaveLength(1);
  });

  it.each([
    ['another task', aResult, 'remote-2'],
    ['a task that still runs', { state: 'running', progress: 99 }, 'remote-1'],
    ['nothing', undefined, 'remote-1'],
  ] as const)('ends nothing if it is about %s', async (_what, update, about) => {
    const id = await relay.imagine();
    relay.provider.onLook = unknown;
    await call(update, about);
    expect((await relay.read(id)).state).toBe('running');
  });

  it('counts at the deadline, if looks never showed an end', async () => {
    const id = await relay.imagine();
    await call(aResult);
    expect((await relay.read(id)).state).toBe('running');
    await relay.clock.pass(taskTimeoutMs);
    expect(await relay.read(id)).toMatchObject({ state: 'done', result: { media: aResult.media } });
  });

  it('is still there if its end could not be saved at first', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = unknown;
    const changeAll = relay.changes.changeAll;
    let isFull = true;
    relay.changes.changeAll = (changes) =>
      isFull ? Promise.reject(new Error('disk full')) : changeAll(changes);
    await call(aResult);
    expect((await relay.read(id)).state).toBe('running');
    isFull = false;
    await relay.clock.pass(120_000);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('is lost without harm: the task is looked at as usual', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = always(aResult);
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('finds a task whose answer was lost, and brings its result', async () => {
    relay.provider.onSubmit = cannotBeAsked;
    const id = await relay.imagine();
    relay.provider.onLook = unknown;
    await call(aResult, 'remote-7');
    expect(await relay.read(id)).toMatchObject({ state: 'done', ref: { id: 'remote-7' } });
    expect(relay.provider.submits).toHaveLength(1);
  });

  it('finds a task whose answer was lost after it came', async () => {
    let lose = () => {};
    relay.provider.onSubmit = () =>
      new Promise((_resolve, reject) => {
        lose = () => reject(new ProviderError('unavailable', 'no answer'));
      });
    const id = await relay.imagine();
    relay.provider.onLook = unknown;
    await call(aResult, 'remote-7');
    expect((await relay.read(id)).state).toBe('submitting');
    lose();
    await relay.clock.pass(5_000);
    expect(await relay.read(id)).toMatchObject({ state: 'done', ref: { id: 'remote-7' } });
    expect(relay.provider.submits).toHaveLength(1);
    expect(await relay.left()).toBe(1_900);
  });

  it('after the task was given up brings a free result', async () => {
    relay.provider.onLook = unknown;
    const id = await relay.imagine();
    await relay.clock.pass(taskTimeoutMs + 60_000);
    expect((await relay.read(id)).state).toBe('failed');
    await call(aResult);
    const task = await relay.read(id);
    expect(task.result?.media).toEqual(aResult.media);
    expect(await relay.left()).toBe(2_000);
  });

  it('is as long as a result, or is not kept', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = unknown;
    await call({ ...aResult, text: ['x'.repeat(70_000)] });
    expect((await relay.read(id)).state).toBe('running');
  });
});

it('what callbacks say about many tasks is not kept without end', async () => {
  const id = await relay.imagine();
  const [task, account] = [await relay.read(id), relay.accounts.get('main')];
  if (account === undefined) throw new Error('there is no account');
  const hearsay = createHearsay();
  const body = JSON.stringify({ id: 'remote-1', update: aResult });
  hearsay.keep(id, body);
  for (let count = 1; count < 500; count += 1) hearsay.keep(`task-${count}`, body);
  expect(hearsay.about(task, account)?.state).toBe('done');
  hearsay.keep('task-500', body);
  expect(hearsay.about(task, account)).toBeUndefined();
});

it('an account without callbacks gets no address to call', async () => {
  await relay.remove();
  relay = await createRelay({ publicUrl, takesCallbacks: false });
  relay.provider.callback = () => undefined;
  await relay.imagine();
  expect(relay.provider.submits[0]?.callbackUrl).toBeUndefined();
});
