import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBooks } from '../../src/storage/books-check.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 10, findsByPrompt: false });
});
afterEach(() => relay.remove());

const check = () => checkBooks(relay.path, AbortSignal.timeout(30_000));

describe('the check of the books', () => {
  it('finds nothing while the bot works, and says what was booked', async () => {
    await relay.imagine('one');
    await relay.imagine('two', 'a hare', 'relax');
    expect(await check()).toEqual({ findings: [], movements: [{ kind: 'charge', count: 2, points: -140 }] });
  });

  it.each([
    ['a charge of another price', "update ledger set allowance_part = -1 where kind = 'charge'"],
    ['a task without a charge', 'delete from ledger'],
    ['a refund of a task that runs', "update ledger set kind = 'refund'"],
  ])('finds %s', async (_what, change) => {
    await relay.imagine('one');
    const sqlite = new DatabaseSync(join(relay.path, 'relay.db'));
    sqlite.exec(change);
    sqlite.close();
    const { findings } = await check();
    expect(findings.flatMap(({ ids }) => ids).length).toBeGreaterThan(0);
  });

  it('ends with the bot', async () => {
    const ending = new AbortController();
    const checked = checkBooks(relay.path, ending.signal);
    ending.abort();
    await expect(checked).rejects.toThrow();
  });

  it('fails if there is no database', async () => {
    await expect(checkBooks(join(relay.path, 'nowhere'), AbortSignal.timeout(30_000))).rejects.toThrow();
  });
});
