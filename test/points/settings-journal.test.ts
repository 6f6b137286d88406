import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Asker, BookSettings } from '../../src/points/policy.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { anOrigin } from '../helpers/tasks.ts';

const { book } = anOrigin();
const administrator: Asker = { userId: 'ada', book, roleIds: [], isAdministrator: true };

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

const change = (values: Partial<BookSettings>, actorId?: string) =>
  relay.policies.update(book, (settings) => ({ ...settings, ...values }), actorId);
const list = () => relay.database.settingsJournal.list(book, 10);

describe('the journal of settings', () => {
  it('says who changed what, from what to what, newest first', async () => {
    await change({ sensitive: 'spoiler' }, 'ada');
    await relay.clock.pass(1_000);
    await change({ sensitive: 'never', personRunning: 2 }, 'ben');
    expect(await list()).toEqual([
      expect.objectContaining({ actorId: 'ben', setting: 'personRunning', before: undefined, after: '2' }),
      expect.objectContaining({
        actorId: 'ben',
        setting: 'sensitive',
        before: '"spoiler"',
        after: '"never"',
        at: relay.clock.now(),
      }),
      expect.objectContaining({ actorId: 'ada', setting: 'sensitive', after: '"spoiler"' }),
    ]);
  });

  it('has a row for what administrators decide about points, without whose it was', async () => {
    await relay.administration.setDefault(administrator, { points: 500 });
    const person = { userId: 'max', isBot: false, roleIds: [] };
    await relay.administration.setPerson(administrator, person, 70);
    const rows = await list();
    expect(rows).toMatchObject([
      { actorId: 'ada', setting: 'people', before: undefined, after: '70' },
      { actorId: 'ada', setting: 'points', after: '500' },
    ]);
    expect(JSON.stringify(rows)).not.toContain('max');
  });

  it('has no row for a change that changes nothing', async () => {
    await change({ private: true });
    await change({ private: true });
    expect(await list()).toHaveLength(1);
  });

  it('tells listeners once the change counts', async () => {
    const told: unknown[] = [];
    relay.policies.listen((changes) => told.push(...changes));
    await change({ private: true }, 'ada');
    expect(told).toMatchObject([{ book, actorId: 'ada', setting: 'private', after: 'true' }]);
  });

  it('keeps rows as long as prompts are kept', async () => {
    await change({ private: true });
    relay.clock.set(relay.clock.now() + 366 * 24 * 60 * 60_000);
    await change({ personWaiting: 1 });
    await relay.retention.sweep();
    expect(await list()).toMatchObject([{ setting: 'personWaiting' }]);
  });
});
