import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorOptions } from '../../src/errors.ts';
import { settle } from '../helpers/clock.ts';
import {
  allDone,
  createRelay,
  createScriptedProvider,
  type Relay,
  type RelayOptions,
  type ScriptedProvider,
} from '../helpers/relay.ts';

const names = ['first', 'second', 'third'] as const;
type Name = (typeof names)[number];

let relay: Relay;
let providers: Record<Name, ScriptedProvider>;

async function open(options: RelayOptions = {}): Promise<void> {
  await relay?.remove();
  providers = {
    first: createScriptedProvider(),
    second: createScriptedProvider(),
    third: createScriptedProvider(),
  };
  relay = await createRelay({ accounts: names, providers, maxInFlight: 10, ...options });
}
beforeEach(() => open());
afterEach(() => relay.remove());

function refuse(name: Name, retryAfterMs?: number, options: ProviderErrorOptions = { status: 429 }): void {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  providers[name].onSubmit = () => Promise.reject(new ProviderError('busy', 'full', { ...options, ...wait }));
}

function accept(name: Name): void {
  providers[name].onSubmit = () => ({
    ref: { id: `${name}-${providers[name].submits.length}` },
    update: { state: 'running' },
  });
}

async function imagine(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1)
    ids.push(await relay.imagine(`person-${number}`, `fox ${number}`));
  for (let turn = 0; turn < 4; turn += 1) await settle();
  return ids;
}

const accountsOf = (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await relay.read(id)).account));
const submits = () => names.map((name) => providers[name].submits.length);

describe('a task that every account asks to wait', () => {
  it('starts again from the first account of the order', async () => {
    for (const name of names) refuse(name);
    const [id = ''] = await imagine(1);
    expect(submits()).toEqual([1, 1, 1]);
    expect(await relay.read(id)).toMatchObject({ state: 'queued', account: 'first', postponedFor: 'busy' });
    accept('first');
    await relay.clock.pass(30_000);
    expect(submits()).toEqual([2, 1, 1]);
    expect(await relay.read(id)).toMatchObject({ state: 'running', account: 'first' });
    expect(await relay.read(id)).not.toHaveProperty('saidFull');
  });

  it('goes to the one that takes tasks again first, if that is much sooner', async () => {
    refuse('first', 300_000);
    refuse('second', 60_000);
    refuse('third', 200_000);
    const [id = ''] = await imagine(1);
    expect(await relay.read(id)).toMatchObject({ state: 'queued', account: 'second' });
    accept('second');
    await relay.clock.pass(61_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', account: 'second' });
    expect(submits()).toEqual([1, 2, 1]);
  });

  it('asks all of them round by round, and fails after half an hour', async () => {
    for (const name of names) refuse(name);
    const [id = ''] = await imagine(1);
    await relay.clock.pass(31 * 60_000);
    const counts = submits();
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'busy', mayHaveCost: false },
    });
    expect(await relay.left('person-0')).toBe(2_000);
  });

  it('is never asked for again where 503 was said, even in a later round', async () => {
    refuse('first', undefined, { status: 503, hasOwnMarks: true });
    refuse('second');
    refuse('third', undefined, { status: 503, hasOwnMarks: true });
    const [id = ''] = await imagine(1);
    await relay.clock.pass(10 * 60_000);
    const [first, second, third] = submits();
    expect([first, third]).toEqual([1, 1]);
    expect(second).toBeGreaterThan(10);
    accept('second');
    await relay.clock.pass(60_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', account: 'second' });
  });

  it('stays where it was if the settings of its server cannot be read', async () => {
    for (const name of names) refuse(name);
    const { read } = relay.policies;
    const [id = ''] = await imagine(1);
    relay.policies.read = () => Promise.reject(new Error('unknown shape'));
    await relay.clock.pass(60_000);
    expect((await relay.read(id)).state).toBe('queued');
    relay.policies.read = read;
    accept('first');
    await relay.clock.pass(60_000);
    expect((await relay.read(id)).state).toBe('running');
  });
});

describe('a burst', () => {
  it('waits for the account that is preferred, as long as that takes tasks', async () => {
    await open({ maxInFlight: 2 });
    const ids = await imagine(6);
    await relay.clock.pass(60_000);
    expect(submits()).toEqual([2, 0, 0]);
    expect(new Set(await accountsOf(ids))).toEqual(new Set(['first']));
    providers.first.onLook = allDone;
    await relay.clock.pass(120_000);
    expect(submits()).toEqual([6, 0, 0]);
  });

  it('spreads over accounts with free slots once the preferred one asks for a pause', async () => {
    await open({ maxInFlight: 2 });
    refuse('first', 300_000);
    const ids = await imagine(4);
    await relay.clock.pass(1_000);
    expect(submits()).toEqual([1, 2, 2]);
    for (const id of ids) expect((await relay.read(id)).state).toBe('running');
  });

  it('that already waits there is sent to each free slot once', async () => {
    await open({ maxInFlight: 1 });
    let pause = () => {};
    providers.first.onSubmit = () =>
      new Promise((_resolve, reject) => {
        pause = () => reject(new ProviderError('busy', 'full', { status: 429, retryAfterMs: 300_000 }));
      });
    const ids = await imagine(3);
    expect(await accountsOf(ids)).toEqual(['first', 'first', 'first']);
    pause();
    for (let turn = 0; turn < 4; turn += 1) await settle();
    expect(submits()).toEqual([1, 1, 1]);
    expect((await accountsOf(ids)).toSorted()).toEqual(['second', 'second', 'third']);
  });

  it('goes back to the preferred account once its pause is over', async () => {
    await open({ maxInFlight: 1 });
    refuse('first', 60_000);
    const ids = await imagine(5);
    expect(submits()).toEqual([1, 1, 1]);
    accept('first');
    providers.first.onLook = allDone;
    await relay.clock.pass(180_000);
    // The other two never finish, so the first makes all the rest.
    expect(submits()).toEqual([4, 1, 1]);
    const states = await Promise.all(ids.map(async (id) => (await relay.read(id)).state));
    expect(states.filter((state) => state === 'done')).toHaveLength(3);
  });

  it('goes to whichever account is free first', async () => {
    await open({ maxInFlight: 1 });
    refuse('first', 600_000);
    await imagine(4);
    expect(submits()).toEqual([1, 1, 1]);
    providers.third.onLook = allDone;
    await relay.clock.pass(60_000);
    expect(submits()).toEqual([1, 1, 3]);
  });

  it('is not passed around while a person has three at the providers', async () => {
    await open({ maxInFlight: 5 });
    refuse('first', 600_000);
    const ids: string[] = [];
    for (let number = 0; number < 6; number += 1) ids.push(await relay.imagine('one', `fox ${number}`));
    await settle();
    const before = await Promise.all(ids.map(async (id) => (await relay.read(id)).revision));
    await relay.clock.pass(120_000);
    expect(submits()).toEqual([1, 3, 0]);
    const after = await Promise.all(ids.map(async (id) => (await relay.read(id)).revision));
    expect(after).toEqual(before);
  });
});
