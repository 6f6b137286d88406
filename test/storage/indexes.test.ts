import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/database.ts';
import { createDeliveries } from '../../src/storage/deliveries.ts';
import { createFavorites } from '../../src/storage/favorites.ts';
import { createLedger } from '../../src/storage/ledger.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { createKysely } from '../../src/storage/sqlite.ts';
import { createTaskWords } from '../../src/storage/task-words.ts';
import { createTasks } from '../../src/storage/tasks.ts';
import { aFolder } from '../helpers/folder.ts';

let sqlite: DatabaseSync;
let remove: () => Promise<void>;
/** How SQLite runs each query, according to `explain query plan`. */
let plans: Map<string, string>;

beforeEach(async () => {
  const folder = await aFolder();
  await (await openDatabase(folder.path)).close();
  sqlite = new DatabaseSync(`${folder.path}/relay.db`);
  plans = new Map();
  remove = async () => {
    sqlite.close();
    await folder.remove();
  };
});
afterEach(() => remove());

/** The database, noting the plan of each query. */
function explained(): DatabaseSync {
  return new Proxy(sqlite, {
    get(target, key) {
      if (key === 'prepare') {
        return (sql: string) => {
          const plan = target.prepare(`explain query plan ${sql}`);
          const values = (sql.match(/\?/g) ?? []).map(() => '1');
          plans.set(
            sql,
            plan
              .all(...values)
              .map(({ detail }) => String(detail))
              .join('; '),
          );
          return target.prepare(sql);
        };
      }
      const value = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe("every query on a task's road", () => {
  it('uses an index, no matter how many tasks and bookings there are', async () => {
    const kysely = createKysely<Schema>(explained());
    const [tasks, ledger, deliveries] = [createTasks(kysely), createLedger(kysely), createDeliveries(kysely)];
    const [favorites, taskWords] = [createFavorites(kysely), createTaskWords(kysely)];
    const person = { book: 'server', userId: 'person' };
    await tasks.get('id');
    await tasks.getByInteraction('id');
    await tasks.getByMessage('id');
    await tasks.getDonePress('id', 1);
    await tasks.getUnfinishedPress('id', 1, 'person');
    await tasks.listDue(1, 1);
    await tasks.listOverdue(1, 1);
    await tasks.nextDueAt();
    await tasks.listWaiting('account', 1);
    await tasks.nextWaitingAt('account', 1);
    await tasks.countInFlight('account', 1);
    await tasks.countInFlightByPerson([person], 1);
    await tasks.listPromptsInFlight('account', ['key'], 1);
    await tasks.listPromptsInFlight(
      'account',
      Array.from({ length: 99 }, () => 'key'),
      1,
    );
    await tasks.listChildren(['id']);
    await tasks.countInFlightByPerson(
      Array.from({ length: 99 }, (_, index) => ({ ...person, userId: `${index}` })),
      1,
    );
    await tasks.countUnfinished(person);
    await tasks.countRefundsPromised('person', 1);
    await tasks.countWaiting('server');
    await tasks.countByState('server');
    await tasks.listWaitingIn('server', 1);
    await tasks.listLatestDoneIn('server', 1);
    await tasks.listLatestDone(1);
    await tasks.listByPerson('person', { limit: 1 });
    const page = { limit: 1, offset: 0 };
    await tasks.listPage('person', page);
    await tasks.listPage('person', { ...page, actions: ['imagine', 'blend'] });
    await tasks.listPage('person', { ...page, states: 'unfinished' });
    await tasks.listPage('person', { ...page, states: 'failed' });
    await favorites.listTasks('person', { ...page, actions: ['imagine'] });
    await favorites.listAmong('person', ['id']);
    await favorites.listAll('person');
    await taskWords.search('person', 'fox', page);
    await taskWords.catchUp(1);
    await ledger.get('id');
    await ledger.spentAllowance('server', 'person', '2026-W48');
    await ledger.grantBalance('server', 'person');
    await ledger.heldByUnfinished('server', 'person', '2026-W48');
    await ledger.spentByBook('server', '2026-11');
    await ledger.keptByBook('server', '2026-11');
    await ledger.hasGrant('server', 'person');
    await ledger.listByTask('id');
    await ledger.listByPerson('server', 'person', { limit: 1, offset: 0 });
    await ledger.countByPerson('server', 'person');
    await ledger.listAll('person', { limit: 1 });
    await ledger.forgetNotes('person');
    await tasks.listKept(1, 1);
    await deliveries.isOwed('id');
    expect(plans.size).toBeGreaterThan(25);
    const slow = [...plans].filter(([, plan]) =>
      /SCAN (tasks|ledger|deliveries|favorites|task_words)(?! USING)/.test(plan),
    );
    expect(slow).toEqual([]);
    const lists = [...plans].filter(([sql]) => sql.includes('"id" in (select "id" from "tasks"'));
    // A list of one kind reads no row of another one, and one of a state not even its entry in an index.
    expect(lists.map(([, plan]) => /USING (?:COVERING )?INDEX tasks_\w+/u.exec(plan)?.[0])).toEqual([
      'USING COVERING INDEX tasks_by_user',
      'USING COVERING INDEX tasks_by_user',
      'USING INDEX tasks_open_by_user',
      'USING INDEX tasks_failed_by_user',
    ]);
  });

  it('would be noticed without an index', async () => {
    const kysely = createKysely<Schema>(explained());
    await kysely.selectFrom('tasks').selectAll().where('price', '=', 1).execute();
    expect([...plans.values()]).toEqual(['SCAN tasks']);
  });
});
