import { describe, expect, it } from 'vitest';
import { encodePage } from '../../../src/discord/custom-id.ts';
import { renderHistory, renderOverview, renderStatement } from '../../../src/discord/render/points.ts';
import type { PrivateMessage } from '../../../src/discord/respond.ts';
import { english } from '../../../src/locales/index.ts';
import type { HistoryPage } from '../../../src/points/administration.ts';
import { defaultLimits } from '../../../src/points/server-rules.ts';
import { unique } from '../../helpers/tasks.ts';

const userId = '444444444444444444';
const statement = {
  allowance: 2_000,
  source: 'everybody',
  spent: 1_500,
  granted: 0,
  left: 500,
  unit: 'week',
  limits: defaultLimits,
  refillsAt: 86_400_000,
} as const;

const fieldsOf = (message: PrivateMessage) =>
  (message.embeds?.[0]?.fields ?? []).map(({ name, value }) => `${name}: ${value}`);

function aRow(changes: Partial<HistoryPage['rows'][number]> = {}): HistoryPage['rows'][number] {
  return {
    id: 'charge:1',
    kind: 'charge',
    book: '222222222222222222',
    userId,
    allowancePart: -70,
    grantPart: -30,
    monthPart: -100,
    period: '2026-W48',
    month: '2026-11',
    createdAt: 86_400_000,
    ...changes,
  };
}

describe('a statement', () => {
  it('shows what is left, and the rest only where there is some', () => {
    expect(fieldsOf(renderStatement(statement, english))).toEqual([
      'Left: 500 points',
      'Spent this week: 1,500 of 2,000 points',
      'Refills: <t:86400:R>',
    ]);
    const full = renderStatement(
      {
        ...statement,
        source: 'role',
        granted: 1,
        unit: 'day',
        budget: { budget: 10_000, spent: 400, endsAt: 86_400_000 },
      },
      english,
      { userId, latest: [aRow()] },
    );
    expect(full.embeds?.[0]?.description).toBe(`<@${userId}>`);
    expect(fieldsOf(full).slice(1)).toEqual([
      'Spent today: 1,500 of 2,000 points',
      'Refills: <t:86400:R>',
      'Allowance: From a role',
      'Granted (never expires): 1 point',
      'This server, this month: 400 of 10,000 points spent, starts over <t:86400:R>',
      'Latest: <t:86400:d> <t:86400:t> **−100** for a task',
    ]);
  });
});

describe('a history', () => {
  it('links each row to its task, and shows foreign words harmless', () => {
    const place = { guildId: '2', channelId: '3', messageId: '5' };
    const rows = [
      aRow({ task: { action: 'imagine', place } }),
      aRow({ task: { action: 'imagine', place: { ...place, isPrivate: true } } }),
      aRow({
        kind: 'refund',
        allowancePart: 70,
        grantPart: 30,
        monthPart: 100,
        task: { action: 'reroll', place: { channelId: '3' } },
      }),
      aRow({ kind: 'refund', allowancePart: 70, grantPart: 30, monthPart: 0 }),
      aRow({ kind: 'refund', book: 'direct', allowancePart: 70, grantPart: 30, monthPart: 0 }),
      aRow({ kind: 'refund', allowancePart: 0, grantPart: 0, monthPart: 0 }),
      aRow({
        kind: 'grant',
        allowancePart: 0,
        grantPart: 40,
        actorId: '777',
        note: '`@everyone` [x](https://evil.example)',
      }),
      aRow({ allowancePart: 0, grantPart: 0 }),
    ];
    const { embeds, components } = renderHistory({ userId, rows, page: 1, pages: 1 }, english);
    expect(embeds?.[0]?.description?.split('\n')).toEqual([
      `<@${userId}>`,
      '<t:86400:d> <t:86400:t> **−100** for [Imagine](https://discord.com/channels/2/3/5)',
      '<t:86400:d> <t:86400:t> **−100** for Imagine',
      '<t:86400:d> <t:86400:t> **+100** back from Reroll',
      "<t:86400:d> <t:86400:t> **+100** back from a task · still counts toward this server's monthly total",
      '<t:86400:d> <t:86400:t> **+100** back from a task',
      '<t:86400:d> <t:86400:t> **±0** not refunded for a task',
      '<t:86400:d> <t:86400:t> **+40** granted by <@777> · `ˋ@everyoneˋ [x](https://evil.example)`',
      '<t:86400:d> <t:86400:t> **±0** for a task',
    ]);
    expect(components).toEqual([]);
  });

  it('turns pages within what there is, and says when there is nothing', () => {
    const { components } = renderHistory({ userId, rows: [aRow()], page: 1, pages: 3 }, english);
    const [row] = components ?? [];
    expect(row !== undefined && 'components' in row ? row.components : []).toMatchObject([
      { label: 'Newer', disabled: true },
      { label: 'Older', disabled: false, custom_id: encodePage({ userId, page: 2 }) },
    ]);
    const empty = renderHistory({ userId, rows: [], page: 1, pages: 1 }, english);
    expect(empty.embeds?.[0]?.description).toContain('Nothing yet');
  });

  it.each([
    [1, 3, [true, false], [0, 2]],
    [2, 3, [false, false], [1, 3]],
    [3, 3, [false, true], [2, 4]],
    [1, 2, [true, false], [0, 2]],
    [2, 2, [false, true], [1, 3]],
  ])('leads from page %i of %i to the ones beside it, and not beyond', (page, pages, disabled, ids) => {
    const { components } = renderHistory({ userId, rows: [aRow()], page, pages }, english);
    const [row] = components ?? [];
    expect(row !== undefined && 'components' in row ? row.components : []).toMatchObject([
      { disabled: disabled[0], custom_id: encodePage({ userId, page: ids[0] ?? 0 }) },
      { disabled: disabled[1], custom_id: encodePage({ userId, page: ids[1] ?? 0 }) },
    ]);
  });

  it('stays within what Discord takes', () => {
    const place = { guildId: unique(), channelId: unique(), messageId: unique() };
    const row = aRow({
      task: { action: 'upscale-creative', place },
      actorId: unique(),
      note: '𒐫'.repeat(200),
    });
    const rows = Array.from({ length: 10 }, () => row);
    const { embeds } = renderHistory({ userId, rows, page: 1, pages: 1 }, english);
    expect(embeds?.[0]?.description?.length).toBeLessThanOrEqual(4_096);
    const [latest] = renderStatement(statement, english, { latest: rows.slice(0, 5) }).embeds ?? [];
    expect(latest?.fields?.at(-1)?.value.length).toBeLessThanOrEqual(1_024);
  });
});

describe('an overview', () => {
  it('stays within what Discord takes, whatever was decided', () => {
    const people = Object.fromEntries(Array.from({ length: 400 }, () => [unique(), 1_000_000]));
    const message = renderOverview(
      {
        points: 2_000,
        unit: 'month',
        timeZone: 'UTC',
        people,
        roles: people,
        budget: 500,
        ceiling: 900,
        spent: 600,
        kept: 100,
        monthEndsAt: 0,
      },
      english,
    );
    const fields = message.embeds?.[0]?.fields ?? [];
    for (const { value } of fields) expect(value.length).toBeLessThanOrEqual(1_024);
    expect(fieldsOf(message)).toContain(
      "This month: 600 of 500 points spent. The bot's operator allows up to 900 points. 100 of those points were refunded but still count, because the provider had already started the tasks. The next month starts <t:0:R>.",
    );
    expect(fields.at(-1)?.value).toContain('and 385 more');
  });
});
