import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Asker } from '../../src/points/policy.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, unique } from '../helpers/tasks.ts';

const { userId, book } = anOrigin();
const person: Asker = aCaller().asker;
const administrator: Asker = { userId: 'ada', book, roleIds: [], isAdministrator: true };
const elsewhere: Asker = { ...administrator, book: '999999999999999999' };
const mebibyte = 1_048_576;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 50, operator: { operatorIds: new Set(['olga']) } });
});
afterEach(() => relay.remove());

const exported = async (asker = administrator, month?: string) =>
  String((await relay.bookReports.exportLedger(asker, { month, mostBytes: mebibyte })).bytes);
const grant = (note: string, points = 5) =>
  relay.administration.grant(administrator, { userId, isBot: false, roleIds: [] }, points, {
    interactionId: unique(),
    note,
  });

describe('reports about everybody', () => {
  it('are refused for people, and made for administrators and operators', async () => {
    for (const work of [
      (asker: Asker) => relay.bookReports.rank(asker, 'period'),
      (asker: Asker) => relay.bookReports.exportLedger(asker, { mostBytes: mebibyte }),
    ]) {
      expect(await codeOf(work(person))).toBe('administrators-only');
      expect(await codeOf(work(administrator))).toBeUndefined();
      expect(await codeOf(work({ ...person, userId: 'olga' }))).toBeUndefined();
    }
  });

  it('say nothing about another server', async () => {
    await relay.imagine();
    await grant('a secret');
    expect(await relay.bookReports.rank(elsewhere, 'month')).toMatchObject({
      people: [],
      count: 0,
      points: 0,
    });
    expect((await exported(elsewhere)).trim().split('\n')).toHaveLength(1);
  });
});

describe('a ranking', () => {
  it('counts what people paid minus what came back, most first, and no grants', async () => {
    await relay.imagine('one', 'a fox');
    await relay.imagine('two', 'a hare');
    const lost = await relay.imagine('two', 'a lynx');
    await relay.imagine('two', 'an owl');
    await grant('a present', 9_000);
    await relay.changes.change(lost, { type: 'failed', failure: { kind: 'rejected', mayHaveCost: false } });
    expect(await relay.bookReports.rank(administrator, 'period')).toEqual({
      span: 'period',
      unit: 'week',
      people: [
        { userId: 'two', points: 200, tasks: 3 },
        { userId: 'one', points: 100, tasks: 1 },
      ],
      count: 2,
      points: 300,
    });
  });

  it("follows the server's periods and the months of its limit, and a refund counts where its charge did", async () => {
    relay.clock.set(Date.parse('2026-11-29T20:00:00Z'));
    const id = await relay.imagine('one');
    relay.clock.set(Date.parse('2026-12-01T00:30:00Z'));
    await relay.imagine('two', 'a hare');
    const pointsOf = async (span: 'period' | 'last-period' | 'month' | 'last-month') =>
      (await relay.bookReports.rank(administrator, span)).people.map((one) => [one.userId, one.points]);
    expect(await pointsOf('last-period')).toEqual([['one', 100]]);
    expect(await pointsOf('last-month')).toEqual([['one', 100]]);
    expect(await pointsOf('period')).toEqual([['two', 100]]);
    expect(await pointsOf('month')).toEqual([['two', 100]]);
    await relay.changes.change(id, { type: 'failed', failure: { kind: 'rejected', mayHaveCost: false } });
    expect(await pointsOf('last-month')).toEqual([['one', 0]]);
    expect(await pointsOf('month')).toEqual([['two', 100]]);
  });

  it('names ten people, and counts the others', async () => {
    for (let number = 0; number < 12; number += 1) await relay.imagine(`person-${number}`, `fox ${number}`);
    const { people, count, points } = await relay.bookReports.rank(administrator, 'period');
    expect([people.length, count, points]).toEqual([10, 12, 1_200]);
  });
});

describe('an exported ledger', () => {
  it('has a line for each row, without the prompt, and no note in it is a formula', async () => {
    const id = await relay.imagine(userId, 'a very private fox');
    await grant('=HYPERLINK("https://example.com")');
    const text = await exported();
    const [head, charge, granted] = text.trim().split('\r\n');
    expect(head).toMatch(/^\uFEFF?time,kind,person,by,task,action,account,/u);
    expect(charge).toContain(`,charge,${userId},,${id},imagine,main,-100,0,-100,`);
    expect(granted).toContain(`,grant,${userId},ada,,,,0,5,0,`);
    expect(granted).toMatch(/,"'=HYPERLINK\(""https:\/\/example\.com""\)"$/u);
    expect(text).not.toContain('private fox');
  });

  it('holds one month if asked, and refuses what is no month', async () => {
    relay.clock.set(Date.parse('2026-11-29T20:00:00Z'));
    await grant('in november');
    relay.clock.set(Date.parse('2026-12-02T20:00:00Z'));
    await grant('in december');
    expect(await exported(administrator, ' 2026-12 ')).toContain('in december');
    expect(await exported(administrator, '2026-12')).not.toContain('in november');
    for (const month of ['2026-13', '2026-1', 'november', "2026-11' or 1=1", ''])
      expect(await codeOf(exported(administrator, month))).toBe('month-malformed');
  });

  it("is gzipped if Discord wouldn't take it otherwise, and refused if it won't take that", async () => {
    for (let number = 0; number < 40; number += 1) await grant(`for the poster ${number}`);
    const plain = await exported();
    const options = { mostBytes: plain.length - 1 };
    const file = await relay.bookReports.exportLedger(administrator, options);
    expect(file.name).toBe('ledger.csv.gz');
    expect(String(gunzipSync(file.bytes))).toBe(plain);
    expect(file.bytes.length).toBeLessThan(plain.length);
    expect(await codeOf(relay.bookReports.exportLedger(administrator, { mostBytes: 200 }))).toBe(
      'ledger-too-large',
    );
  });
});

describe('questions that come at once', () => {
  it('are answered one after another, and refused once too many wait', async () => {
    const codes = await Promise.all(
      Array.from({ length: 8 }, () => codeOf(relay.bookReports.rank(administrator, 'period'))),
    );
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(3);
    expect(await codeOf(relay.bookReports.rank(administrator, 'period'))).toBeUndefined();
  });
});
