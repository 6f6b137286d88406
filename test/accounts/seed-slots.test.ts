import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
/** Seeds that the provider was asked for and hasn't returned yet. */
let asked: PromiseWithResolvers<string>[];

beforeEach(async () => {
  asked = [];
  relay = await createRelay({ maxInFlight: 10 });
  relay.provider.seed = () => {
    const seed = Promise.withResolvers<string>();
    asked.push(seed);
    return seed.promise;
  };
});
afterEach(async () => {
  for (const seed of asked) seed.resolve('1');
  await settle();
  await relay.remove();
});

async function finished(userId: string): Promise<string> {
  const id = await relay.imagine(userId, `a fox of ${userId}`);
  relay.provider.onLook = allDone;
  await relay.clock.pass(20_000);
  relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
  return id;
}

const read = (id: string, userId: string) => relay.seeds.read(id, aCaller({ userId }).asker);

describe('seeds', () => {
  it('are requested three at a time for one person, no matter how many come at once', async () => {
    const id = await finished('max');
    const codes: (string | undefined)[] = [];
    for (let count = 0; count < 50; count += 1) void codeOf(read(id, 'max')).then((code) => codes.push(code));
    await settle();
    expect(asked).toHaveLength(3);
    expect(codes).toEqual(Array(47).fill('seed-too-many'));
  });

  it("count together with a person's tasks at the provider, in both directions", async () => {
    const [id, other] = [await finished('max'), await finished('max')];
    for (const prompt of ['a hare', 'an owl']) await relay.imagine('max', prompt);
    const seed = read(id, 'max');
    await settle();
    expect(await codeOf(read(id, 'max'))).toBe('seed-too-many');
    const third = await relay.imagine('max', 'a wren');
    expect((await relay.read(third)).state).toBe('queued');
    asked[0]?.resolve('77');
    expect(await seed).toBe('77');
    await settle();
    expect((await relay.read(third)).state).toBe('running');
    expect(await codeOf(read(other, 'max'))).toBe('seed-too-many');
  });

  it('leave room for others, and for the same person once one has come or failed', async () => {
    const [mine, another, theirs] = [await finished('max'), await finished('max'), await finished('mei')];
    const first = Array.from({ length: 3 }, () => read(mine, 'max').catch(() => undefined));
    await settle();
    void codeOf(read(theirs, 'mei'));
    await settle();
    expect(asked).toHaveLength(4);
    asked[0]?.reject(new Error('no seed'));
    asked[1]?.resolve('1');
    await Promise.all(first.slice(0, 2));
    for (let count = 0; count < 2; count += 1) void codeOf(read(another, 'max'));
    await settle();
    expect(asked).toHaveLength(6);
  });
});
