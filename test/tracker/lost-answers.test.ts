import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { SentWords } from '../../src/providers/provider.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('a lost answer from an API that can be searched', () => {
  it('is found and adopted', async () => {
    relay.provider.find = async (reference) => ({ id: `found-${reference}` });
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', ref: { id: `found-${id}` } });
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('done');
    expect(relay.provider.submits).toHaveLength(1);
    expect(await relay.left()).toBe(1_900);
  });

  it('is searched for until the deadline, even when searches fail or find nothing', async () => {
    let searches = 0;
    relay.provider.find = () => {
      searches += 1;
      return searches % 2 === 0
        ? Promise.resolve(undefined)
        : Promise.reject(new ProviderError('unavailable', 'down'));
    };
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    expect(searches).toBeGreaterThan(50);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
  });

  it('is still searched for once its points are back, and its result is free', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    relay.provider.find = async () => undefined;
    const id = await relay.imagine();
    await relay.clock.pass(11 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    relay.provider.find = async () => ({ id: 'late' });
    relay.provider.onLook = allDone;
    await relay.clock.pass(6 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', lateAt: expect.any(Number) });
    expect((await relay.outbox.listDue(10)).map(({ task }) => task.id)).toContain(id);
    expect(await relay.left()).toBe(2_000);
    expect((await relay.database.ledger.listByTask(id)).map(({ kind }) => kind)).toEqual([
      'charge',
      'refund',
    ]);
  });

  it('is searched for a day after its points came back, and no longer', async () => {
    let searches = 0;
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await relay.imagine();
    await relay.clock.pass(11 * minute);
    relay.provider.find = async () => {
      searches += 1;
      return undefined;
    };
    await relay.clock.pass(25 * 60 * minute);
    expect(searches).toBeGreaterThan(250);
    expect(searches).toBeLessThan(300);
    expect(await relay.read(id)).not.toHaveProperty('nextLookAt');
  });

  it("doesn't hold up the looks at other tasks while it's searched for", async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    relay.provider.find = (_reference, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    const lost = await relay.imagine('max', 'a fox');
    relay.provider.onSubmit = () => ({ ref: { id: 'known' }, update: { state: 'running' } });
    const known = await relay.imagine('mei', 'a hare');
    let looks = 0;
    relay.provider.onLook = (refs) => {
      looks += 1;
      return looks === 1 ? new Map([['known', { state: 'running' }]]) : allDone(refs);
    };
    for (const id of [lost, known]) await relay.database.tasks.lookAgainAt(id, relay.clock.now() + 4_000);
    await relay.clock.pass(20_000);
    expect((await relay.read(lost)).state).toBe('submitting');
    expect((await relay.read(known)).state).toBe('done');
  });

  it('is found after a crash in the middle of the call', async () => {
    relay.provider.find = async () => ({ id: 'found' });
    relay.provider.onSubmit = () => new Promise(() => undefined);
    const id = await relay.imagine();
    await relay.crash();
    const again = await relay.reopen();
    again.tracker.start();
    await again.recover();
    await relay.clock.pass(10_000);
    expect(await again.database.tasks.get(id)).toMatchObject({ state: 'running', ref: { id: 'found' } });
  });
});

describe('points for a lost answer', () => {
  const lose = () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
  };
  const open = async (lostAfterMs: number) => {
    await relay.remove();
    relay = await createRelay({ lostAfterMs });
  };

  it('come back that long after the submit, although nothing can be searched', async () => {
    await open(5 * minute);
    lose();
    const id = await relay.imagine();
    await relay.clock.pass(5 * minute - 1);
    expect((await relay.read(id)).state).toBe('submitting');
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'lost', mayHaveCost: true },
    });
    expect(await relay.left()).toBe(2_000);
  });

  it('come back no sooner than the call has ended and was searched for once', async () => {
    await open(1);
    let end = () => {};
    relay.provider.onSubmit = () =>
      new Promise((_resolve, reject) => {
        end = () => reject(new ProviderError('unavailable', 'no answer'));
      });
    let searches = 0;
    relay.provider.find = async () => {
      searches += 1;
      return undefined;
    };
    const id = await relay.imagine();
    await relay.clock.pass(100_000);
    expect((await relay.read(id)).state).toBe('submitting');
    end();
    await relay.clock.pass(20_000);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
    expect(searches).toBeGreaterThan(0);
    expect(await relay.left()).toBe(2_000);
  });

  it('come back in time if the clock is set back by a day', async () => {
    lose();
    const id = await relay.imagine();
    relay.clock.set(relay.clock.now() - 24 * 60 * minute);
    await relay.clock.pass(11 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
    expect(await relay.left()).toBe(2_000);
  });

  it('count from the submit over a restart, and come back once', async () => {
    relay.provider.onSubmit = () => new Promise(() => undefined);
    const id = await relay.imagine();
    await relay.crash();
    await relay.clock.pass(9 * minute);
    const again = await relay.reopen();
    again.tracker.start();
    await again.recover();
    await relay.clock.pass(minute + 10_000);
    expect((await again.database.tasks.get(id))?.state).toBe('failed');
    await again.recover();
    await relay.clock.pass(20 * minute);
    expect((await again.database.ledger.listByTask(id)).map(({ kind }) => kind)).toEqual([
      'charge',
      'refund',
    ]);
  });

  it('come back for each task of a person whose answers are lost one after another', async () => {
    lose();
    const first = await relay.imagine();
    await relay.clock.pass(11 * minute);
    const second = await relay.imagine();
    await relay.clock.pass(11 * minute);
    for (const id of [first, second]) expect((await relay.read(id)).failure?.kind).toBe('lost');
    expect(relay.provider.submits).toHaveLength(2);
    expect(await relay.left()).toBe(2_000);
  });
});

describe('a lost task without our reference', () => {
  const lose = () => Promise.reject(new ProviderError('unavailable', 'reset'));
  const listed = (...ids: string[]) => {
    relay.provider.find = async () => undefined;
    relay.provider.findAlike = async () => ids.map((id) => ({ id }));
  };
  const refOf = async (id: string) => (await relay.read(id)).ref?.['id'];

  it('is found by its words and its time, if there is one such task', async () => {
    let sent: SentWords | undefined;
    relay.provider.find = async () => undefined;
    relay.provider.findAlike = async (words) => {
      sent = words;
      return [{ id: 'alike' }];
    };
    relay.provider.onSubmit = lose;
    const submittedAt = relay.clock.now();
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    expect(sent).toMatchObject({ action: 'imagine', prompt: 'a fox', speed: 'fast', since: submittedAt });
    expect(sent?.until).toBe(submittedAt + 3 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'running', ref: { id: 'alike' } });
  });

  it('is not guessed at between two', async () => {
    listed('one', 'two');
    relay.provider.onSubmit = lose;
    const id = await relay.imagine();
    await relay.clock.pass(9 * minute);
    expect((await relay.read(id)).state).toBe('submitting');
    await relay.clock.pass(2 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
  });

  it("is never somebody else's task, not even a finished one", async () => {
    relay.provider.onLook = allDone;
    const known = await relay.imagine('one');
    await relay.clock.pass(30_000);
    expect(await refOf(known)).toBe('remote-1');
    listed('remote-1');
    relay.provider.onSubmit = lose;
    const id = await relay.imagine('two');
    await relay.clock.pass(minute);
    expect(await refOf(id)).toBeUndefined();
    listed('remote-1', 'mine');
    await relay.clock.pass(minute);
    expect(await refOf(id)).toBe('mine');
  });

  it('belongs to nobody while another person may have sent it, or is just sending it', async () => {
    await relay.remove();
    relay = await createRelay({ findsByPrompt: false });
    listed('one');
    relay.provider.onSubmit = lose;
    const first = await relay.imagine('one');
    let refuse = () => {};
    relay.provider.onSubmit = () =>
      new Promise((_resolve, reject) => {
        refuse = () => reject(new ProviderError('rejected', 'banned'));
      });
    const second = await relay.imagine('two');
    await relay.clock.pass(9 * minute);
    expect([await refOf(first), await refOf(second)]).toEqual([undefined, undefined]);
    refuse();
    await relay.clock.pass(30_000);
    expect(await refOf(first)).toBe('one');
  });

  it('is not searched for by words if it has pictures, or none', async () => {
    let searches = 0;
    relay.provider.find = async () => undefined;
    relay.provider.findAlike = async () => {
      searches += 1;
      return [{ id: 'alike' }];
    };
    relay.provider.onSubmit = lose;
    const pictures = [{ url: 'https://pictures.example/1.png', name: '1.png' }];
    for (const prompt of ['a fox', '']) {
      const request = {
        action: prompt === '' ? 'describe' : 'imagine',
        prompt,
        speed: 'fast',
        pictures,
      } as const;
      const { task } = await relay.service.start(request, aCaller());
      await relay.service.acknowledged(task.id, `message-of-${task.id}`);
    }
    await relay.clock.pass(2 * minute);
    expect(searches).toBe(0);
  });
});
