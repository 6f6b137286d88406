import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('starting a task', () => {
  it('submits nothing before Discord has accepted the reply', async () => {
    const { task } = await relay.service.start(
      { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] },
      aCaller(),
    );
    await relay.clock.pass(minute);
    expect(relay.provider.submits).toEqual([]);
    await relay.service.unacknowledged(task.id);
    expect(await relay.read(task.id)).toMatchObject({ state: 'cancelled' });
    expect(await relay.left()).toBe(2_000);
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });

  it('starts one task when Discord delivers an interaction twice', async () => {
    const caller = aCaller();
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const [first, second] = await Promise.all([
      relay.service.start(request, caller),
      relay.service.start(request, caller),
    ]);
    expect(second.task.id).toBe(first.task.id);
    expect([first.isNew, second.isNew].sort()).toEqual([false, true]);
    expect(await relay.left()).toBe(1_900);
  });

  it("refuses what a person can't pay for, and charges nothing", async () => {
    await relay.policies.update(aCaller().asker.book, () => ({ points: 350 }));
    for (let count = 0; count < 3; count += 1) await relay.imagine();
    expect(await codeOf(relay.imagine())).toBe('points-short');
    expect(await relay.left()).toBe(50);
    await relay.policies.update(aCaller().asker.book, () => ({}));
    expect(await relay.left('somebody else')).toBe(2_000);
  });

  it('never spends more than there is, however many start at once', async () => {
    await relay.policies.update(aCaller().asker.book, () => ({ points: 1_000 }));
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => codeOf(relay.imagine())));
    expect(outcomes.filter((code) => code === undefined)).toHaveLength(10);
    expect(await relay.left()).toBe(0);
  });

  it("refuses speeds and actions that the account doesn't have", async () => {
    const request = { action: 'imagine', prompt: 'a fox', speed: 'turbo', pictures: [] } as const;
    expect(await codeOf(relay.service.start(request, aCaller()))).toBe('speed-unavailable');
    expect(await codeOf(relay.service.start({ ...request, action: 'blend' }, aCaller()))).toBe(
      'action-unavailable',
    );
  });
});
