import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, owner, targetOf } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('a result that comes too late', () => {
  it('is delivered without a charge', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'timeout' } });
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    relay.provider.onLook = allDone;
    await relay.clock.pass(6 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', result: { media: [{ kind: 'picture' }] } });
    expect((await relay.outbox.listDue(10)).map(({ task }) => task.id)).toContain(id);
    expect(await relay.left()).toBe(2_000);
    expect(await codeOf(relay.service.act({ ...targetOf(id), offer: 0 }, aCaller()))).toBeUndefined();
    expect((await relay.database.ledger.listByTask(id)).map(({ kind }) => kind)).toEqual([
      'charge',
      'refund',
    ]);
  });

  it('is not waited for after its message was removed', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    await relay.service.remove(targetOf(id), owner);
    relay.provider.onLook = allDone;
    await relay.clock.pass(10 * minute);
    expect((await relay.read(id)).result).toBeUndefined();
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });
});
