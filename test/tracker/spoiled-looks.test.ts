import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Ref, Update } from '../../src/task.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 10, findsByPrompt: false });
});
afterEach(() => relay.remove());

/** A provider that answers as usual unless it is asked about those. */
function spoiledBy(ids: readonly string[], error: () => Error) {
  return (refs: readonly Ref[]): Map<string, Update> => {
    if (refs.some((ref) => ids.includes(ref['id'] ?? ''))) throw error();
    return allDone(refs);
  };
}

const people = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

describe('a task that spoils the answer to a look', () => {
  it.each([
    ['that is too large', () => new ProviderError('malformed', 'the answer is larger than 4194304 bytes')],
    ['that is a refusal of one task', () => new ProviderError('rejected', 'no such task')],
    ['that our own reading breaks on', () => new TypeError('name is not a function')],
  ])('%s costs nobody else their result', async (_what, error) => {
    const ids = [];
    for (const person of people) ids.push(await relay.imagine(person));
    relay.provider.onLook = spoiledBy(['remote-3', 'remote-6'], error);
    await relay.clock.pass(20_000);
    const states = await Promise.all(ids.map(async (id) => (await relay.read(id)).state));
    expect(states).toEqual(['done', 'done', 'running', 'done', 'done', 'running', 'done']);
    // The account keeps working: it is neither paused nor closed.
    const later = await relay.imagine('eight');
    expect(await relay.read(later)).toMatchObject({ state: 'running' });
    // And so do the two, once they can be read.
    relay.provider.onLook = allDone;
    await relay.clock.pass(60_000);
    for (const id of ids) expect(await relay.read(id)).toMatchObject({ state: 'done' });
  });

  it.each(['auth', 'busy', 'unavailable'] as const)(
    "isn't blamed if the account is in trouble (%s): one call is enough to know",
    async (kind) => {
      for (const person of people) await relay.imagine(person);
      let calls = 0;
      relay.provider.onLook = () => {
        calls += 1;
        throw new ProviderError(kind, 'not now', { retryAfterMs: 300_000 });
      };
      await relay.clock.pass(20_000);
      expect(calls).toBe(1);
    },
  );
});

describe("a task that can't be read", () => {
  it('is reported to the operator once, with its id, until it can be read again', async () => {
    const id = await relay.imagine('one');
    const other = await relay.imagine('two');
    const told = () => relay.lines.filter((line) => line.includes('name is not a function'));
    const unreadable = (refs: readonly Ref[]) =>
      new Map(
        refs.map((ref): [string, Update] => [
          ref['id'] ?? '',
          ref['id'] === 'remote-1'
            ? { state: 'running', unread: 'name is not a function' }
            : { state: 'running' },
        ]),
      );
    relay.provider.onLook = unreadable;
    await relay.clock.pass(60_000);
    expect(told()).toEqual([expect.stringContaining(id)]);
    expect(await relay.read(id)).toMatchObject({ state: 'running' });
    expect(await relay.read(id)).not.toHaveProperty('unread');
    relay.provider.onLook = allDone;
    await relay.clock.pass(60_000);
    for (const one of [id, other]) expect(await relay.read(one)).toMatchObject({ state: 'done' });
    expect(told()).toHaveLength(1);
  });
});
