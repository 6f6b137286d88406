import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { settle } from '../helpers/clock.ts';
import {
  allDone,
  createRelay,
  createScriptedProvider,
  type Relay,
  type ScriptedProvider,
} from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
let providers: Record<'down' | 'poor' | 'good', ScriptedProvider>;

beforeEach(async () => {
  providers = {
    down: createScriptedProvider(),
    poor: createScriptedProvider(),
    good: createScriptedProvider(),
  };
  providers.down.onSubmit = () =>
    Promise.reject(new ProviderError('unavailable', 'refused', { definite: true }));
  providers.poor.onSubmit = () => Promise.reject(new ProviderError('balance', 'no credit'));
  relay = await createRelay({ accounts: ['down', 'poor', 'good'], providers, maxInFlight: 50 });
});
afterEach(() => relay.remove());

describe('fresh work', () => {
  it('goes to the next account after a definite refusal, and is submitted once', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 30; count += 1)
      ids.push(await relay.imagine(`person-${count}`, `fox ${count}`));
    await settle();
    await settle();
    providers.good.onLook = allDone;
    await relay.clock.pass(60_000);
    for (const id of ids)
      expect(await relay.read(id)).toMatchObject({ state: 'done', account: 'good', tried: ['down', 'poor'] });
    expect(providers.good.submits).toHaveLength(30);
    expect(await relay.left('person-7')).toBe(1_900);
  });

  it('fails and is refunded where every account has refused it', async () => {
    providers.good.onSubmit = () => Promise.reject(new ProviderError('auth', 'wrong key'));
    const id = await relay.imagine();
    await settle();
    await settle();
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'auth' } });
    expect(await relay.left()).toBe(2_000);
  });

  it('stays where its outcome is unknown, or its words are refused', async () => {
    providers.down.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'cut'));
    const lost = await relay.imagine('one', 'a fox');
    providers.down.onSubmit = () => Promise.reject(new ProviderError('rejected', 'banned'));
    const banned = await relay.imagine('two', 'a hare');
    await settle();
    expect(await relay.read(lost)).toMatchObject({ state: 'submitting', account: 'down' });
    expect(await relay.read(banned)).toMatchObject({ state: 'failed', failure: { kind: 'rejected' } });
    expect(providers.poor.submits).toEqual([]);
  });

  it('does not go to an account that would drop its words', async () => {
    providers.poor.review = () => [{ flag: '--s', asked: '77', used: '100' }];
    const id = await relay.imagine();
    await settle();
    await settle();
    expect(await relay.read(id)).toMatchObject({ account: 'good', tried: ['down'] });
  });
});

describe('a follow-up', () => {
  it('stays with the account of its parent', async () => {
    const parent = await relay.imagine();
    await settle();
    await settle();
    providers.good.onLook = allDone;
    await relay.clock.pass(20_000);
    providers.good.onSubmit = () => Promise.reject(new ProviderError('balance', 'no credit'));
    const press = { taskId: parent, messageId: `message-of-${parent}`, offer: 0 };
    const { task } = await relay.service.act(press, aCaller());
    await relay.service.acknowledged(task.id, 'follow-up');
    await settle();
    expect(await relay.read(task.id)).toMatchObject({ state: 'failed', account: 'good' });
    expect(await relay.left()).toBe(1_900);
  });
});
