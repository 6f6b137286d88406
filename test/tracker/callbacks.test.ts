import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { settle } from '../helpers/clock.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';

const publicUrl = 'https://relay.example/bot';
let relay: Relay;

beforeEach(async () => {
  relay = await createRelay({ accounts: ['main', 'spare'], publicUrl, taskTimeoutMs: 900_000 });
  relay.provider.callback = (body) => {
    const { id } = (body ?? {}) as { id?: string };
    return typeof id === 'string' ? { id } : undefined;
  };
});
afterEach(() => relay.remove());

/** The parts of the callback address in the last submit. */
function lastPath() {
  const [account = '', task = '', signature = ''] =
    relay.provider.submits.at(-1)?.callbackUrl?.slice(`${publicUrl}/callbacks/`.length).split('/') ?? [];
  return { account, task, signature };
}

const call = (path = lastPath(), body = '{}') => relay.callbacks.hear(path, body);

describe('a callback', () => {
  it('has the task looked at now, and is never believed', async () => {
    const id = await relay.imagine();
    expect(await call(lastPath(), '{"id":"remote-1","status":"SUCCESS"}')).toBe(true);
    await relay.clock.pass(1_000);
    expect(relay.provider.looks).toHaveLength(1);
    expect((await relay.read(id)).state).toBe('running');
    relay.provider.onLook = allDone;
    await call();
    await relay.clock.pass(1_000);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('costs few looks, no matter how often it comes', async () => {
    await relay.imagine();
    for (let count = 0; count < 100; count += 1) {
      await call();
      await relay.clock.pass(20);
    }
    expect(relay.provider.looks.length).toBeLessThanOrEqual(6);
  });

  it('for many tasks at once keeps no task from being looked at', async () => {
    const paths: ReturnType<typeof lastPath>[] = [];
    for (const user of ['one', 'two', 'three']) {
      await relay.imagine(user, `a fox for ${user}`);
      paths.push(lastPath());
    }
    for (let count = 0; count < 300; count += 1) {
      await call(paths[count % paths.length]);
      await relay.clock.pass(33);
    }
    const looked = relay.provider.looks.flat().map(({ id }) => id);
    for (const id of ['remote-1', 'remote-2', 'remote-3'])
      expect(looked.filter((one) => one === id).length, id).toBeGreaterThan(10);
  });

  it('leads to a look at once even if the clock was set back', async () => {
    const id = await relay.imagine();
    await call();
    await relay.clock.pass(1_000);
    relay.clock.set(relay.clock.now() - 3_600_000);
    await relay.clock.pass(10_000);
    relay.provider.onLook = allDone;
    await call();
    await relay.clock.pass(1_000);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('during a look leads to another look', async () => {
    await relay.imagine();
    let end = () => {};
    relay.provider.onLook = (refs) =>
      new Promise((resolve) => {
        end = () => resolve(new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }])));
      });
    await call();
    await relay.clock.pass(1_000);
    expect(relay.provider.looks).toHaveLength(1);
    await call();
    relay.provider.onLook = allDone;
    end();
    await relay.clock.pass(1_500);
    expect(relay.provider.looks).toHaveLength(2);
  });

  it("that is faster than the submit's answer isn't lost", async () => {
    relay.provider.onLook = allDone;
    relay.provider.onSubmit = async () => {
      await call();
      return { ref: { id: 'remote-1' }, update: { state: 'running' } };
    };
    const id = await relay.imagine();
    await relay.clock.pass(1_000);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('is refused if any part of its address was changed, and after a day', async () => {
    await relay.imagine('one', 'a fox');
    const path = lastPath();
    await relay.imagine('two', 'a hare');
    const other = lastPath();
    const [deadline = '', mac = ''] = path.signature.split('.');
    const later = (Number.parseInt(deadline, 36) + 1).toString(36);
    const forged = [
      { ...path, account: 'spare' },
      { ...path, account: 'gone' },
      { ...path, task: other.task },
      { ...path, task: '' },
      { ...path, signature: '' },
      { ...path, signature: `${later}.${mac}` },
      { ...path, signature: `${deadline}.${mac.slice(0, -2)}` },
      { ...path, signature: `${deadline}.${'A'.repeat(mac.length)}` },
      { ...path, signature: mac },
    ];
    for (const one of forged) expect(await call(one), JSON.stringify(one)).toBe(false);
    await relay.clock.pass(1_000);
    expect(relay.provider.looks).toEqual([]);
    relay.clock.set(relay.clock.now() + 900_000 + 24 * 3_600_000 + 1);
    expect(await call(path)).toBe(false);
  });

  it('is valid after a restart: the key is kept', async () => {
    const id = await relay.imagine();
    const path = lastPath();
    await relay.close();
    const again = await relay.reopen();
    expect(await again.callbacks.hear(path, '')).toBe(true);
    expect((await again.database.tasks.get(id))?.nextLookAt).toBe(relay.clock.now());
    await again.close();
  });

  it('finds a task whose answer was lost', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'cut'));
    const id = await relay.imagine();
    await settle();
    expect(await call(lastPath(), 'nonsense')).toBe(true);
    expect(await call(lastPath(), '{"id":7}')).toBe(true);
    expect((await relay.read(id)).state).toBe('submitting');
    relay.provider.onLook = allDone;
    await call(lastPath(), '{"id":"remote-7"}');
    await relay.clock.pass(1_000);
    expect(await relay.read(id)).toMatchObject({ state: 'done', ref: { id: 'remote-7' } });
    expect(relay.provider.submits).toHaveLength(1);
  });

  it("finds a task whose answer is lost after it came, but not by another account's", async () => {
    const cut = new ProviderError('unavailable', 'cut');
    relay.provider.onSubmit = async () => {
      await call(lastPath(), '{"id":"remote-7"}');
      throw cut;
    };
    const found = await relay.imagine();
    await relay.clock.pass(1_000);
    expect(await relay.read(found)).toMatchObject({ state: 'running', ref: { id: 'remote-7' } });
    relay.provider.onSubmit = async () => {
      if (lastPath().account === 'spare') throw cut;
      await call(lastPath(), '{"id":"remote-8"}');
      throw new ProviderError('balance', 'no credit');
    };
    const moved = await relay.imagine('somebody', 'a hare');
    await relay.clock.pass(1_000);
    expect(await relay.read(moved)).toMatchObject({ state: 'submitting', account: 'spare' });
    expect(relay.provider.submits.map(({ callbackUrl }) => callbackUrl?.split('/').at(-3))).toEqual([
      'main',
      'main',
      'spare',
    ]);
  });

  it('finds a task whose points are back, and its result is free', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'cut'));
    const id = await relay.imagine();
    await relay.clock.pass(12 * 60_000);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
    relay.provider.onLook = allDone;
    await call(lastPath(), '{"id":"remote-7"}');
    await relay.clock.pass(1_000);
    const task = await relay.read(id);
    expect(task).toMatchObject({ state: 'failed', ref: { id: 'remote-7' }, lateAt: expect.any(Number) });
    expect(task.result?.media).toHaveLength(1);
    expect(await relay.left()).toBe(2_000);
  });

  it('that finds a lost task counts as one that arrived', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'cut'));
    const id = await relay.imagine();
    relay.provider.onLook = allDone;
    await call(lastPath(), '{"id":"remote-7"}');
    await relay.clock.pass(1_000);
    expect((await relay.read(id)).state).toBe('done');
    expect(relay.accounts.get('main')?.callsBack).toBe(true);
  });

  it('means nothing after the end, or if the task moved to another account', async () => {
    relay.provider.onLook = allDone;
    const id = await relay.imagine();
    await call();
    await relay.clock.pass(1_000);
    const { revision } = await relay.read(id);
    await call();
    await relay.clock.pass(60_000);
    expect((await relay.read(id)).revision).toBe(revision);
    expect(relay.provider.looks).toHaveLength(1);

    let calls = 0;
    relay.provider.onSubmit = () => {
      calls += 1;
      if (calls === 1) throw new ProviderError('balance', 'no credit');
      return { ref: { id: 'remote-2' }, update: { state: 'running' } };
    };
    await relay.imagine('somebody', 'a hare');
    await settle();
    const [first, second] = relay.provider.submits.slice(-2).map(({ callbackUrl }) => callbackUrl ?? '');
    const toPath = (url = '') => {
      const [account = '', task = '', signature = ''] = url
        .slice(`${publicUrl}/callbacks/`.length)
        .split('/');
      return { account, task, signature };
    };
    expect(await call(toPath(first))).toBe(false);
    expect(await call(toPath(second))).toBe(true);
  });
});

describe('polling', () => {
  const looksWithin = async (ms: number) => {
    const before = relay.provider.looks.length;
    await relay.clock.pass(ms);
    return relay.provider.looks.length - before;
  };

  it('slows down if callbacks arrive, and goes back if an end came without one', async () => {
    await relay.imagine('one', 'a fox');
    expect(await looksWithin(60_000)).toBeGreaterThan(6);
    await call();
    await relay.clock.pass(1_000);
    expect(await looksWithin(60_000)).toBeLessThanOrEqual(4);
    relay.provider.onLook = allDone;
    await call();
    await relay.clock.pass(1_000);
    // The next one's end isn't reported.
    const id = await relay.imagine('two', 'a hare');
    await relay.clock.pass(23_000);
    expect((await relay.read(id)).state).toBe('done');
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    await relay.imagine('three', 'an owl');
    expect(await looksWithin(60_000)).toBeGreaterThan(6);
  });

  it("is used if nobody can be called, or the API doesn't call", async () => {
    delete relay.provider.callback;
    await relay.imagine();
    expect(relay.provider.submits[0]?.callbackUrl).toBeUndefined();
  });
});
