import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { listPrices } from '../../src/points/prices.ts';
import type { Offer, Speed, Update } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { always, aResult, createRelay, type Relay, type RelayOptions } from '../helpers/relay.ts';
import { aCaller, targetOf } from '../helpers/tasks.ts';

const me = '444444444444444444';
const other = '555555555555555555';
const offers: Offer[] = [
  { action: 'variation', index: 1, token: 'variation1' },
  { action: 'vary-region', token: 'variation_region' },
  { action: 'upscale', index: 1, token: 'upscale1', isLocal: true },
];
const result: Update = { ...(aResult as Extract<Update, { state: 'done' }>), offers };

let relay: Relay;
afterEach(() => relay.remove());

async function begin(options: RelayOptions = {}, { speed = 'fast' as Speed, prompt = 'a fox' } = {}) {
  const prices = { main: listPrices('acedata', { points: {}, percents: { relax: 50, turbo: 200 } }) };
  relay = await createRelay({ kinds: { main: 'acedata' }, prices, ...options });
  (relay.provider as { speeds: ReadonlySet<Speed> }).speeds = new Set(['fast', 'relax', 'turbo']);
  relay.provider.onLook = always(result);
  const id = await relay.imagine(other, prompt, speed);
  await relay.clock.pass(10_000);
  return (offer = 0, userId = me) => relay.service.act({ ...targetOf(id), offer }, aCaller({ userId }));
}

const takesPressSpeeds = true;

describe('a button', () => {
  it("is pressed at its person's speed, for the price of that, where the API can be told", async () => {
    const press = await begin({ takesPressSpeeds });
    await relay.preferences.set(me, { speed: 'relax' });
    const { task } = await press();
    expect(task).toMatchObject({ price: 50, request: { action: 'variation', speed: 'relax' } });
    await relay.service.acknowledged(task.id, 'm');
    await settle();
    expect(relay.provider.submits.at(-1)).toMatchObject({ action: 'variation', speed: 'relax' });
  });

  it('that would cost more than it says is asked about first, and costs that then', async () => {
    const press = await begin({ takesPressSpeeds });
    await relay.preferences.set(me, { speed: 'turbo' });
    const before = await relay.left();
    const refusal = await press().catch((error: unknown) => error);
    const { draft = '', price } = detailsOf(refusal, 'price-unconfirmed') ?? {};
    expect(price).toBe(200);
    expect(await relay.left()).toBe(before);
    const { task } = await relay.resume.agree(draft, aCaller({ userId: me }));
    expect(task).toMatchObject({ price: 200, request: { speed: 'turbo' } });
  });

  it.each<[string, RelayOptions, Parameters<typeof begin>[1], Speed]>([
    ['where the API has no speed for it', {}, {}, 'relax'],
    ['where the version has no turbo', { takesPressSpeeds }, { prompt: 'a fox --v 8.1' }, 'turbo'],
  ])('keeps the speed of its picture %s', async (_, options, made, speed) => {
    const press = await begin(options, made);
    await relay.preferences.set(me, { speed });
    const { task } = await press();
    expect(task).toMatchObject({ price: 100, request: { speed: 'fast' } });
  });

  it('keeps the speed of its picture where the API has no such speed for what it makes', async () => {
    const press = await begin({ takesPressSpeeds });
    relay.provider.review = ({ action, speed }) => {
      if (action === 'variation' && speed === 'relax') throw new UserError('speed-unavailable', { speed });
      return [];
    };
    await relay.preferences.set(me, { speed: 'relax' });
    expect((await press()).task).toMatchObject({ price: 100, request: { speed: 'fast' } });
  });

  it('keeps the speed of its picture for who has not set any, whatever its maker prefers', async () => {
    const press = await begin({ takesPressSpeeds }, { speed: 'relax' });
    await relay.preferences.set(other, { speed: 'turbo' });
    expect((await press()).task).toMatchObject({ price: 50, request: { speed: 'relax' } });
  });

  it('opens its window for who can pay for it at their speed', async () => {
    await begin({ takesPressSpeeds });
    const caller = aCaller({ userId: me });
    await relay.policies.update(caller.asker.book, () => ({ people: { [me]: 60 } }));
    const [id = ''] = relay.announced.map((task) => task.id);
    const window = () => relay.service.windowFor({ ...targetOf(id), offer: 1 }, caller);
    expect(await codeOf(window())).toBe('points-short');
    await relay.preferences.set(me, { speed: 'relax' });
    expect(await window()).toMatchObject({ needsRegion: true });
  });

  it('that shows what is there is free at any speed', async () => {
    const press = await begin({ takesPressSpeeds });
    await relay.preferences.set(me, { speed: 'turbo' });
    expect((await press(2)).task).toMatchObject({ price: 0 });
  });
});
