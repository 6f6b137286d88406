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
let providers: Record<'poor' | 'good', ScriptedProvider>;

beforeEach(() => {
  providers = { poor: createScriptedProvider(), good: createScriptedProvider() };
});
afterEach(() => relay.remove());

/** Follow-ups of a result whose account got into trouble later. */
describe('a follow-up on an account in trouble', () => {
  const target = (taskId: string, offer = 0) => ({ taskId, messageId: `message-of-${taskId}`, offer });

  /** A grid of `poor`, and `poor` as it is now. */
  async function gridOf(trouble: 'auth' | 'balance' | 'unavailable' | 'malformed'): Promise<string> {
    providers.poor.onLook = allDone;
    relay = await createRelay({ accounts: ['poor'], providers, maxInFlight: 50 });
    const parent = await relay.imagine();
    await relay.clock.pass(20_000);
    providers.poor.onSubmit = () => Promise.reject(new ProviderError(trouble, 'no', { definite: true }));
    for (let count = 0; count < 3; count += 1)
      await relay.imagine(`person-${count}`, `hare ${count}`).catch(() => {});
    expect(relay.accounts.all[0]?.breaker.outage()).toMatchObject({ trouble });
    return parent;
  }

  it.each(['auth', 'balance'] as const)(
    'is refused before it is charged, for any button, while the account is refused (%s)',
    async (trouble) => {
      const parent = await gridOf(trouble);
      const submits = providers.poor.submits.length;
      const caller = aCaller({ userId: 'late' });
      const region = { prompt: 'a hat', region: { cells: [2] } };
      const presses = [
        () => relay.service.act(target(parent), caller),
        () => relay.service.act({ ...target(parent, 2), prompt: 'a fox --zoom 1.5' }, caller),
        () => relay.service.act({ ...target(parent, 3), ...region }, caller),
        () => relay.service.windowFor(target(parent, 2), caller),
        () => relay.service.windowFor(target(parent, 3), caller),
      ];
      for (const press of presses)
        await expect(press()).rejects.toMatchObject({
          code: 'account-unusable',
          details: { trouble, until: expect.any(Number) },
        });
      expect(await relay.left('late')).toBe(2_000);
      expect(providers.poor.submits).toHaveLength(submits);
    },
  );

  it.each(['unavailable', 'malformed'] as const)(
    'waits if the account may be back in time (%s)',
    async (trouble) => {
      const parent = await gridOf(trouble);
      const { task } = await relay.service.act(target(parent), aCaller({ userId: 'late' }));
      await relay.service.acknowledged(task.id, 'follow-up');
      await settle();
      expect(await relay.read(task.id)).toMatchObject({ state: 'queued', account: 'poor' });
      providers.poor.onSubmit = createScriptedProvider().onSubmit;
      await relay.clock.pass(31_000);
      expect(await relay.read(task.id)).toMatchObject({ state: 'running', account: 'poor' });
    },
  );

  it('that waits when its account runs out of credit is refunded, and goes nowhere else', async () => {
    providers.poor.onLook = allDone;
    relay = await createRelay({ accounts: ['poor', 'good'], providers, maxInFlight: 1 });
    const parent = await relay.imagine();
    await relay.clock.pass(20_000);
    let fail = () => {};
    providers.poor.onSubmit = () =>
      new Promise((_resolve, reject) => {
        fail = () => reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
      });
    await relay.imagine('first', 'a hare');
    const { task } = await relay.service.act(target(parent), aCaller({ userId: 'late' }));
    await relay.service.acknowledged(task.id, 'follow-up');
    await settle();
    fail();
    await settle();
    await settle();
    expect(await relay.read(task.id)).toMatchObject({
      state: 'failed',
      account: 'poor',
      failure: { kind: 'balance' },
    });
    expect(await relay.left('late')).toBe(2_000);
    expect(providers.good.submits.map(({ action }) => action)).toEqual(['imagine']);
  });

  it('shows a picture that already exists, no matter what the account says', async () => {
    const parent = await gridOf('balance');
    const { task: first } = await (async () => {
      await relay.clock.pass(31_000);
      providers.poor.onSubmit = createScriptedProvider().onSubmit;
      const opened = await relay.service.act(target(parent), aCaller());
      await relay.service.acknowledged(opened.task.id, 'first');
      await relay.clock.pass(20_000);
      return opened;
    })();
    expect(await relay.read(first.id)).toMatchObject({ state: 'done' });
    providers.poor.onSubmit = () => Promise.reject(new ProviderError('balance', 'no credit'));
    await relay.imagine('another', 'an owl');
    await settle();
    const { task } = await relay.service.act(target(parent), aCaller({ userId: 'late' }));
    await relay.service.acknowledged(task.id, 'again');
    await settle();
    expect(await relay.read(task.id)).toMatchObject({ state: 'done', price: 0 });
  });
});
