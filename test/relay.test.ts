import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone, createRelay, type Relay } from './helpers/relay.ts';
import { aCaller } from './helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('the road of a task', () => {
  it('goes from the charge to an owed message', async () => {
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'running', ref: { id: 'remote-1' }, price: 100 });
    expect(await relay.left()).toBe(1_900);
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({ state: 'done' });
    expect(await relay.left()).toBe(1_900);
    expect((await relay.outbox.listDue(10)).map(({ task }) => task.id)).toEqual([id]);
  });
});

describe('a restart', () => {
  it('keeps looking at running tasks and submits waiting ones', async () => {
    const ids = [];
    for (let count = 0; count < 4; count += 1)
      ids.push(await relay.imagine(`person-${count}`, `prompt ${count}`));
    await relay.close();
    const again = await relay.reopen();
    relay.provider.onLook = allDone;
    again.tracker.start();
    await again.recover();
    await relay.clock.pass(minute);
    for (const id of ids) expect((await again.database.tasks.get(id))?.state).toBe('done');
    expect(relay.provider.submits).toHaveLength(4);
  });

  it('never repeats a submit that was in progress, and refunds it at the deadline', async () => {
    const call = Promise.withResolvers<never>();
    relay.provider.onSubmit = () => call.promise;
    const id = await relay.imagine();
    await relay.crash();
    const again = await relay.reopen();
    again.tracker.start();
    await again.recover();
    expect(await again.database.tasks.get(id)).toMatchObject({
      state: 'submitting',
      lostAt: relay.clock.now(),
    });
    await relay.clock.pass(61 * minute);
    expect(await again.database.tasks.get(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
    expect(relay.provider.submits).toHaveLength(1);
    const statement = await again.administration.statement(aCaller().asker);
    expect(statement.left).toBe(2_000);
  });

  it('knows which replies Discord may or may not have accepted', async () => {
    const { task } = await relay.service.start(
      { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] },
      aCaller(),
    );
    await relay.close();
    const again = await relay.reopen();
    expect((await again.service.listUnacknowledged()).map(({ id }) => id)).toEqual([task.id]);
  });
});
