import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError, UserError } from '../../src/errors.ts';
import { listPrices } from '../../src/points/prices.ts';
import type { Offer } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, createScriptedProvider, type Relay, type ScriptedProvider } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
let providers: Record<'cheap' | 'dear', ScriptedProvider>;

beforeEach(async () => {
  providers = { cheap: createScriptedProvider(), dear: createScriptedProvider() };
  const prices = {
    cheap: listPrices('mjproxy'),
    dear: listPrices('mjproxy', { points: { imagine: 300, upscale: 70, 'custom-zoom': 250 }, percents: {} }),
  };
  relay = await createRelay({ accounts: ['cheap', 'dear'], providers, prices, maxInFlight: 50 });
});
afterEach(() => relay.remove());

const offers: Offer[] = [
  { action: 'upscale', index: 1, token: 'U1' },
  { action: 'variation', index: 1, token: 'V1' },
  { action: 'custom-zoom', token: 'zoom' },
  { action: 'extend-low', index: 1, token: 'extend' },
];

/** Every task is done at once, with those offers. */
function finishAtOnce(provider: ScriptedProvider, kind: 'picture' | 'video' = 'picture'): void {
  const media = [{ kind, url: 'https://pictures.example/1.png' }];
  provider.onSubmit = () => ({ ref: { id: 'x' }, update: { state: 'done', media, offers } });
}

async function start(changes: Partial<Parameters<Relay['service']['start']>[0]> = {}) {
  const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [], ...changes } as const;
  const caller = aCaller();
  const { task } = await relay.agreed(relay.service.start(request, caller), caller);
  await relay.service.acknowledged(task.id, `message-of-${task.id}`);
  await settle();
  return { task, taskId: task.id, messageId: `message-of-${task.id}` };
}

describe('the price of a task', () => {
  it('is that of the account that gets it', async () => {
    expect((await start()).task).toMatchObject({ account: 'cheap', price: 100 });
    providers.cheap.review = () => {
      throw new UserError('flags-unsupported', { flags: '--odd' });
    };
    expect((await start()).task).toMatchObject({ account: 'dear', price: 300 });
    expect(await relay.left()).toBe(1_600);
  });

  it('decides whether there are enough points, and a refusal names it', async () => {
    const { asker } = aCaller();
    await relay.policies.update(asker.book, () => ({ people: { [asker.userId]: 299 } }));
    expect((await start()).task.price).toBe(100);
    await relay.policies.update(asker.book, () => ({ people: { [asker.userId]: 399 }, accounts: ['dear'] }));
    const refused = await start().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'points-short', details: { price: 300, left: 299 } });
  });

  it('is, for buttons, that of the account that made the picture', async () => {
    finishAtOnce(providers.dear);
    const { asker } = aCaller();
    await relay.policies.update(asker.book, () => ({ accounts: ['dear'] }));
    const parent = await start();
    await relay.policies.update(asker.book, () => ({ accounts: ['cheap'] }));
    const { task } = await relay.service.act({ ...parent, offer: 0 }, aCaller());
    expect(task).toMatchObject({ account: 'dear', price: 70 });
  });

  it('is checked with that account before a modal opens', async () => {
    finishAtOnce(providers.dear);
    const { asker } = aCaller();
    const settings = (allowance: number) => ({ people: { [asker.userId]: allowance }, accounts: ['dear'] });
    await relay.policies.update(asker.book, () => settings(549));
    const parent = await start();
    const press = () => relay.service.windowFor({ ...parent, offer: 2 }, aCaller());
    expect(await codeOf(press())).toBe('points-short');
    await relay.policies.update(asker.book, () => settings(550));
    expect(await codeOf(press())).toBeUndefined();
  });

  it("is checked with the account that will probably get it, if the prompt isn't known yet", async () => {
    const text = ['a red fox'];
    providers.cheap.onSubmit = () => ({ ref: {}, update: { state: 'done', media: [], text, offers: [] } });
    const { taskId, messageId } = await start({ action: 'describe' });
    const { asker } = aCaller();
    const read = () => relay.proposals.read({ taskId, messageId, index: 0 }, aCaller());
    await relay.policies.update(asker.book, () => ({ people: { [asker.userId]: 349 }, accounts: ['dear'] }));
    expect(await codeOf(read())).toBe('points-short');
    await relay.policies.update(asker.book, () => ({ people: { [asker.userId]: 350 }, accounts: ['dear'] }));
    expect(await codeOf(read())).toBeUndefined();
  });

  it('stays the same when another account gets the task', async () => {
    providers.cheap.onSubmit = () =>
      Promise.reject(new ProviderError('unavailable', 'refused', { definite: true }));
    const { taskId } = await start();
    await settle();
    expect(await relay.read(taskId)).toMatchObject({ account: 'dear', price: 100 });
    expect(await relay.left()).toBe(1_900);
  });

  it('is read again from the account that tries it again', async () => {
    providers.cheap.onSubmit = () => Promise.reject(new ProviderError('rejected', 'banned'));
    const failed = await start();
    await relay.policies.update(aCaller().asker.book, () => ({ accounts: ['dear'] }));
    const { task } = await relay.service.again(failed, aCaller());
    expect(task).toMatchObject({ account: 'dear', price: 300 });
  });

  it('counts the lines of a video, and of its extensions', async () => {
    const actions = new Set([...providers.cheap.actions, 'video' as const]);
    Object.assign(providers.cheap, { actions });
    finishAtOnce(providers.cheap, 'video');
    const { asker } = aCaller();
    await relay.policies.update(asker.book, () => ({ points: 20_000 }));
    const [small, tall] = [
      await start({ action: 'video' }),
      await start({ action: 'video', options: { resolution: '720p' } }),
    ];
    expect([small.task.price, tall.task.price]).toEqual([800, 2_600]);
    const prices = [];
    for (const parent of [small, tall])
      prices.push((await relay.service.act({ ...parent, offer: 3 }, aCaller())).task.price);
    expect(prices).toEqual([800, 2_600]);
  });

  it.each([
    ['at its own speed', { speed: 'fast' }, [10, 50, 100, 800]],
    ['at the speed that the provider really uses', { speed: 'relax' }, [10, 50, 100, 800]],
    ['under a tall video', { action: 'video', options: { resolution: '720p' } }, [10, 50, 100, 2_600]],
  ] as const)('of a press is known before it: %s', async (_what, request, expected) => {
    finishAtOnce(providers.cheap);
    providers.cheap.review = ({ speed, offer }) =>
      offer !== undefined && speed !== 'fast' ? [{ flag: `--${speed}`, asked: speed, used: 'fast' }] : [];
    Object.assign(providers.cheap, { actions: new Set([...providers.cheap.actions, 'video' as const]) });
    const rich = aCaller().asker;
    await relay.policies.update(rich.book, () => ({ people: { [rich.userId]: 10_000 } }));
    const parent = await start(request);
    const told = relay.pricesOf(await relay.read(parent.taskId));
    const charged: number[] = [];
    for (const offer of [0, 1, 2, 3]) {
      const isZoom = offers[offer]?.action === 'custom-zoom';
      const press = { ...parent, offer, ...(isZoom ? { prompt: 'a fox --zoom 1.4' } : {}) };
      const caller = aCaller();
      charged.push((await relay.agreed(relay.service.act(press, caller), caller)).task.price);
    }
    expect(told).toEqual(charged);
    expect(told).toEqual(expected);
  });

  it('of a press that would be refused is not known, and one that needs no API is free', async () => {
    finishAtOnce(providers.cheap);
    const parent = await relay.read((await start()).taskId);
    const result = { media: [], offers: [{ ...offers[0], isLocal: true }, offers[1], offers[2]] as Offer[] };
    providers.cheap.review = ({ action }) => {
      if (action === 'variation') throw new UserError('flags-unsupported', { flags: '--x' });
      return [];
    };
    expect(relay.pricesOf({ ...parent, result })).toEqual([0, undefined, 100]);
    expect(relay.pricesOf({ ...parent, result, account: 'gone' })).toEqual([0, undefined, undefined]);
  });

  it('and its speed follow the speed that the provider really uses', async () => {
    finishAtOnce(providers.cheap);
    providers.cheap.review = ({ speed, offer }) =>
      offer !== undefined && speed !== 'fast' ? [{ flag: `--${speed}`, asked: speed, used: 'fast' }] : [];
    const parent = await start({ speed: 'relax' });
    expect(parent.task).toMatchObject({ price: 40, request: { speed: 'relax' } });
    const { asker } = aCaller();
    // 40 are spent: a relaxed zoom could be paid, a fast one cannot.
    await relay.policies.update(asker.book, () => ({ people: { [asker.userId]: 139 } }));
    expect(await codeOf(relay.service.windowFor({ ...parent, offer: 2 }, aCaller()))).toBe('points-short');
    const caller = aCaller();
    const { task } = await relay.agreed(relay.service.act({ ...parent, offer: 1 }, caller), caller);
    expect(task).toMatchObject({
      price: 50,
      request: { speed: 'fast' },
      adjustments: [{ flag: '--relax', asked: 'relax', used: 'fast' }],
    });
    await relay.service.acknowledged(task.id, 'varied');
    await settle();
    expect(providers.cheap.submits.at(-1)).toMatchObject({ action: 'variation', speed: 'fast' });
  });

  it('is zero for a picture that is shown again, on any account', async () => {
    finishAtOnce(providers.cheap);
    const parent = await start();
    const press = async () => {
      const { task } = await relay.service.act({ ...parent, offer: 0 }, aCaller());
      await relay.service.acknowledged(task.id, `message-of-${task.id}`);
      await settle();
      return task.price;
    };
    expect([await press(), await press()]).toEqual([10, 0]);
  });
});
