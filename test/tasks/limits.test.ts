import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 10 });
});
afterEach(() => relay.remove());

const prompts = () => relay.provider.submits.map(({ prompt }) => prompt);

describe('a person', () => {
  it('has three tasks running, and ten waiting', async () => {
    for (let count = 0; count < 13; count += 1) await relay.imagine('max', `fox ${count}`);
    expect(prompts()).toEqual(['fox 0', 'fox 1', 'fox 2']);
    expect(await codeOf(relay.imagine('max', 'one more'))).toBe('too-many-yours');
    expect(await relay.left('max')).toBe(700);
    await relay.imagine('mei', 'a hare');
    expect(prompts()).toContain('a hare'); // places that one person may not take are there for others
  });

  it('may start the next where one is done', async () => {
    for (let count = 0; count < 13; count += 1) await relay.imagine('max', `fox ${count}`);
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000);
    expect(prompts().length).toBeGreaterThan(3);
    expect(await codeOf(relay.imagine('max', 'one more'))).toBeUndefined();
  });

  it('gets the last free place once, however many presses come at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => codeOf(relay.imagine('max', `fox ${index}`))),
    );
    expect(outcomes.filter((code) => code === undefined)).toHaveLength(13);
    expect(relay.provider.submits).toHaveLength(3);
  });
});

describe('a server', () => {
  it('has two hundred tasks waiting, and refuses the next before it is charged', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 1 });
    for (let count = 0; count < 201; count += 1) await relay.imagine(`person-${count}`, `fox ${count}`);
    expect(await codeOf(relay.imagine('max', 'one more'))).toBe('too-many-here');
    expect(await relay.left('max')).toBe(2_000);
    const { origin, asker } = aCaller({ userId: 'max', book: 'another server' });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    expect(await codeOf(relay.service.start(request, { origin, asker }))).toBeUndefined();
  });
});
