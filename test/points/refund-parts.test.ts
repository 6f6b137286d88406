import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const person = { userId: '444444444444444444', isBot: false, roleIds: [] };
const day = 24 * 60 * 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
  const { book } = aCaller().asker;
  await relay.policies.update(book, () => ({ points: 60, period: 'day' }));
  const administrator = { userId: 'admin', book, roleIds: [], isAdministrator: true };
  await relay.administration.grant(administrator, person, 70, { interactionId: 'grant-1' });
});
afterEach(() => relay.remove());

const statement = () => relay.administration.statement(aCaller().asker);

describe('refunded points', () => {
  it('go back where they were taken from, part by part', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'failed' });
    const rows = await relay.database.ledger.listByTask(id);
    expect(rows.map(({ kind, allowancePart, grantPart }) => [kind, allowancePart, grantPart])).toEqual([
      ['charge', -60, -40],
      ['refund', 60, 40],
    ]);
    expect(await statement()).toMatchObject({ spent: 0, granted: 70, left: 130 });
  });

  it('go into the period of the charge: a new day gets none of them', async () => {
    const id = await relay.imagine();
    expect(await statement()).toMatchObject({ spent: 60, granted: 30, left: 30 });
    relay.provider.onLook = (refs) =>
      new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'failed', kind: 'rejected' }]));
    relay.clock.set(relay.clock.now() + day);
    expect(await statement()).toMatchObject({ spent: 0, granted: 30, left: 90 });
    await relay.clock.pass(20_000);
    expect((await relay.read(id)).state).toBe('failed');
    expect(await statement()).toMatchObject({ spent: 0, granted: 70, left: 130 });
    const [charge, refund] = await relay.database.ledger.listByTask(id);
    expect(refund?.period).toBe(charge?.period);
    expect(refund?.createdAt).toBeGreaterThan(charge?.createdAt ?? 0);
  });
});
