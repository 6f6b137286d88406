import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Seeds } from '../../src/service/seeds.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, always, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const person = '444444444444444444';
const { asker } = aCaller({ userId: person });

let relay: Relay;
let seeds: Seeds;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 50, findsByPrompt: false });
  relay.provider.onLook = allDone;
  relay.provider.seed = async ({ id }) => `${Number(id?.replace('remote-', '')) * 1_000}`;
  seeds = relay.seeds;
});
afterEach(() => relay.remove());

async function finished(prompt = 'a fox', userId = person): Promise<string> {
  const id = await relay.imagine(userId, prompt);
  await relay.clock.pass(10_000);
  return id;
}

describe('a seed', () => {
  it('is shown to the person who made the picture, and to nobody else', async () => {
    const [first, second] = [await finished(), await finished()];
    expect(await seeds.read(second, asker)).toBe('2000');
    expect(await seeds.read(` ${first} `, asker)).toBe('1000');
    expect(await codeOf(seeds.read(first, aCaller({ userId: 'stranger' }).asker))).toBe('task-unknown');
    expect(await codeOf(seeds.read('nothing', asker))).toBe('task-unknown');
  });

  it('is asked for once, and then stands on the card of the task', async () => {
    const id = await finished();
    const listOwed = () => relay.database.deliveries.listDue(Number.MAX_SAFE_INTEGER, 10);
    const owed = await listOwed();
    expect((await relay.taskCards.read(id, asker)).task.facts?.seed).toBeUndefined();
    expect(await seeds.read(id, asker)).toBe('1000');
    relay.provider.seed = async () => {
      throw new Error('asked again');
    };
    expect(await seeds.read(id, asker)).toBe('1000');
    expect((await relay.taskCards.read(id, asker)).task).toMatchObject({
      state: 'done',
      facts: { seed: '1000' },
    });
    expect(await listOwed()).toEqual(owed);
  });

  it('is found by the message that shows the picture, for its maker alone', async () => {
    const [message, link] = [
      '888888888888888888',
      'https://discord.com/channels/222222222222222222/333333333333333333/888888888888888888',
    ];
    await finished();
    await relay.documents.messages.set(message, await finished());
    for (const named of [message, link]) {
      expect(await seeds.read(named, asker)).toBe('2000');
      expect(await codeOf(seeds.read(named, aCaller({ userId: 'stranger' }).asker))).toBe('task-unknown');
    }
    expect(await codeOf(seeds.read('999999999999999999', asker))).toBe('task-unknown');
  });

  it('is available once the picture is, if the API has seeds', async () => {
    relay.provider.onLook = () => new Map();
    const running = await relay.imagine();
    expect(await codeOf(seeds.read(running, asker))).toBe('task-unfinished');
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000);
    delete relay.provider.seed;
    expect(await codeOf(seeds.read(running, asker))).toBe('action-unavailable');
  });
});

describe('tasks that are suggested', () => {
  it('are the latest 25, newest first, and others once somebody types', async () => {
    await relay.policies.update('222222222222222222', () => ({ points: 10_000 }));
    const ids: string[] = [];
    for (let number = 0; number < 27; number += 1) ids.push(await finished(`fox ${number + 1}.`));
    const suggested = await seeds.suggest(person, '');
    expect(suggested.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 25));
    // Beyond what is shown at first.
    expect((await seeds.suggest(person, 'FOX 1.')).map(({ id }) => id)).toEqual([ids[0]]);
    expect((await seeds.suggest(person, ids[1] ?? '')).map(({ id }) => id)).toEqual([ids[1]]);
    expect(await seeds.suggest(person, 'hare')).toEqual([]);
  });

  it("are the person's own, and finished", async () => {
    await finished('a fox', 'another');
    relay.provider.onLook = () => new Map();
    await relay.imagine(person, 'a hare');
    expect(await seeds.suggest(person, '')).toEqual([]);
    expect(await seeds.suggest('another', '')).toHaveLength(1);
  });

  it('are pictures of an API that tells seeds', async () => {
    await finished();
    expect(await seeds.suggest(person, '')).toHaveLength(1);
    const video = {
      state: 'done' as const,
      media: [{ kind: 'video' as const, url: 'https://v.example/1.mp4' }],
      offers: [],
    };
    const text = { state: 'done' as const, media: [], text: ['a fox'], offers: [] };
    for (const update of [video, text]) {
      relay.provider.onLook = always(update);
      await finished();
    }
    expect(await seeds.suggest(person, '')).toHaveLength(1);
    delete relay.provider.seed;
    expect(await seeds.suggest(person, '')).toEqual([]);
  });
});
