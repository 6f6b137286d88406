import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, auditDatabase, hasDatabase } from '../../src/storage/audit.ts';
import { databaseFile } from '../../src/storage/files.ts';
import { isInUse, lockDirectory } from '../../src/storage/lock.ts';
import { aFolder } from '../helpers/folder.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';

const rich = '444444444444444444';

describe('the audit', () => {
  let relay: Relay;
  let folder: string;
  beforeEach(async () => {
    relay = await createRelay();
    folder = relay.path;
  });
  afterEach(() => relay.remove());

  /** One running task and one that was refused, with their rows. */
  async function work(): Promise<{ runs: string; failed: string }> {
    const runs = await relay.imagine(rich, 'a fox');
    const failed = await relay.imagine(rich, 'a hare');
    await relay.changes.change(failed, { type: 'failed', failure: { kind: 'rejected', mayHaveCost: false } });
    return { runs, failed };
  }

  /** Changes rows as somebody with a database tool would, past everything that keeps the books right. */
  function breakBy(statement: string, ...values: string[]): void {
    const sqlite = new DatabaseSync(join(folder, databaseFile));
    sqlite.exec('pragma foreign_keys = off');
    sqlite.prepare(statement).run(...values);
    sqlite.close();
  }

  async function findings(): Promise<NonNullable<Audit['books']>['findings']> {
    return (await auditDatabase(folder)).books?.findings ?? [];
  }

  it('finds nothing in untouched books, while the bot has them open', async () => {
    await work();
    expect(await auditDatabase(folder)).toEqual({
      gap: { pending: [], unknown: [] },
      damage: [],
      books: { findings: [], tasks: 2 },
    });
  });

  it.each([
    ['a charge that is gone', 'delete from ledger where id = ?', 'charge:'],
    ['a charge of another kind', "update ledger set kind = 'grant' where id = ?", 'charge:'],
  ])('names the task of %s', async (_what, statement, kind) => {
    const { runs } = await work();
    breakBy(statement, kind + runs);
    expect(await findings()).toEqual([{ what: 'tasks without exactly one charge', ids: [runs] }]);
  });

  it('names a charge that differs from the price', async () => {
    const { runs } = await work();
    breakBy('update tasks set price = 1 where id = ?', runs);
    expect(await findings()).toEqual([
      { what: 'charges that are not the price of their task', ids: [`charge:${runs}`] },
    ]);
  });

  it('names a task that failed and kept its points', async () => {
    const { failed } = await work();
    breakBy('delete from ledger where id = ?', `refund:${failed}`);
    expect(await findings()).toEqual([
      { what: 'tasks that failed or were cancelled, without exactly one refund', ids: [failed] },
    ]);
  });

  it('names a refund of a task that is done', async () => {
    const { failed } = await work();
    breakBy("update tasks set state = 'done' where id = ?", failed);
    expect(await findings()).toEqual([
      { what: 'refunds of tasks that neither failed nor were cancelled', ids: [`refund:${failed}`] },
    ]);
  });

  it.each(['allowance_part = 1000', "period = '1999-W01'", "user_id = 'somebody else'"])(
    'names a refund with %s',
    async (change) => {
      const { failed } = await work();
      breakBy(`update ledger set ${change} where id = ?`, `refund:${failed}`);
      expect(await findings()).toEqual([
        { what: 'refunds that do not give back their charge', ids: [`refund:${failed}`] },
      ]);
    },
  );

  it("names a refund of only half, of the allowance, the grants or the server's month", async () => {
    const { failed } = await work();
    for (const change of ['allowance_part = 40', 'allowance_part = 0', 'month_part = 40']) {
      breakBy(`update ledger set allowance_part = 100, month_part = 100 where id = ?`, `refund:${failed}`);
      breakBy(`update ledger set ${change} where id = ?`, `refund:${failed}`);
      const whats = (await findings()).map(({ what }) => what);
      expect(whats, change).toContain('refunds that do not give back their charge');
    }
  });

  it('names points that were kept although nobody was warned, or no provider had started', async () => {
    const { failed } = await work();
    const ids = [`refund:${failed}`];
    breakBy('update ledger set month_part = 0 where id = ?', ...ids);
    breakBy('update tasks set accepted_at = null where id = ?', failed);
    const began = "refunds that the server's month kept although no provider had begun their task";
    expect(await findings()).toEqual([{ what: began, ids }]);
    breakBy('update tasks set accepted_at = 5 where id = ?', failed);
    expect(await findings()).toEqual([]);
    breakBy('update ledger set allowance_part = 0 where id = ?', ...ids);
    expect(await findings()).toEqual([{ what: 'points that were kept although nobody was told', ids }]);
    const stop = `update tasks set details = json_set(details, '$.stop', json('{"at":1,"isRefunded":false}'))`;
    breakBy(`${stop} where id = ?`, failed);
    expect(await findings()).toEqual([]);
  });

  it("names a grant that counts toward the server's month", async () => {
    breakBy(
      `insert into ledger (id, kind, book, user_id, allowance_part, grant_part, month_part, period, month, created_at)
       values ('grant:1', 'grant', 'direct', ?, 0, 5, 5, '2026-W48', '2026-11', 1)`,
      rich,
    );
    expect(await findings()).toEqual([{ what: "grants and resets in the server's month", ids: ['grant:1'] }]);
  });

  it("names rows of a task that doesn't exist", async () => {
    const { failed } = await work();
    breakBy('delete from deliveries where task_id = ?', failed);
    breakBy('delete from tasks where id = ?', failed);
    const [finding] = await findings();
    expect(finding?.what).toBe('charges and refunds of no task');
    expect([...(finding?.ids ?? [])].sort()).toEqual([`charge:${failed}`, `refund:${failed}`]);
  });

  it('names a person below zero', async () => {
    breakBy(
      `insert into ledger (id, kind, book, user_id, allowance_part, grant_part, period, month, created_at)
       values ('grant:1', 'grant', 'direct', ?, 0, -1, '2026-W48', '2026-11', 1)`,
      rich,
    );
    expect(await findings()).toEqual([
      { what: 'people with less than no granted points', ids: [`${rich} in direct`] },
    ]);
  });

  it('follows rows that are changed or removed by hand, and names sums that are not theirs', async () => {
    const { runs, failed } = await work();
    breakBy('update ledger set note = ? where id = ?', 'by hand', `charge:${runs}`);
    expect(await findings()).toEqual([]);
    breakBy('delete from ledger where task_id = ?', failed);
    breakBy('delete from deliveries where task_id = ?', failed);
    breakBy('delete from tasks where id = ?', failed);
    expect(await findings()).toEqual([]);
    breakBy('update month_sums set month_part = month_part - 1');
    breakBy('delete from person_sums');
    const whats = (await findings()).map(({ what, ids }) => [what, ids.length]);
    expect(whats).toEqual([
      ["servers' months whose sum is not that of their rows", 1],
      ['people whose sum is not that of their rows', 1],
    ]);
  });

  it('leaves books of another version alone', async () => {
    breakBy("delete from kysely_migration where name = '0002-books'");
    expect(await auditDatabase(folder)).toMatchObject({ gap: { pending: ['0002-books'] }, books: undefined });
    breakBy("insert into kysely_migration (name, timestamp) values ('9999-later', '')");
    expect((await auditDatabase(folder)).gap.unknown).toEqual(['9999-later']);
  });

  it('says what is damaged in the file', async () => {
    for (let index = 0; index < 3; index += 1) await work();
    await relay.crash();
    const path = join(folder, databaseFile);
    new DatabaseSync(path).exec('pragma journal_mode = delete');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0xff, bytes.length - bytes.readUInt16BE(16)));
    const { damage, books } = await auditDatabase(folder);
    expect(damage.length).toBeGreaterThan(0);
    expect(books).toBeUndefined();
  });
});

describe('a data directory', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => folder.remove());

  it('is as empty as before after a check', async () => {
    expect(hasDatabase(folder.path)).toBe(false);
    expect(isInUse(folder.path)).toBe(false);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('reports whether somebody has it open, and stays available to others', () => {
    const unlock = lockDirectory(folder.path);
    expect(isInUse(folder.path)).toBe(true);
    unlock();
    expect(isInUse(folder.path)).toBe(false);
    lockDirectory(folder.path)();
  });

  it("isn't valid with a file in it that isn't a database", async () => {
    await writeFile(join(folder.path, databaseFile), 'a letter to my aunt, and no database at all');
    expect((await auditDatabase(folder.path)).damage).toEqual(['file is not a database']);
  });
});
