import { ButtonBuilder, EmbedBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import { dateAndTime, mentionPerson, mentionRole, messageLink, relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { HistoryPage, Overview, ResetOutcome } from '../../points/administration.ts';
import type { Statement } from '../../points/bookings.ts';
import { directBook, type OwnAllowance } from '../../points/policy.ts';
import type { PriceSheet } from '../../service/price-view.ts';
import type { Action } from '../../task.ts';
import { encodePage } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, fieldLimit, takeFitting, toRow } from './embed.ts';
import { toQuote } from './foreign-text.ts';
import { colors } from './message.ts';
import { renderPrices } from './prices.ts';

type Rows = HistoryPage['rows'];

const noteLimit = 60;
/** How many allowances of people or roles always fit into a field of 1,024 characters. */
const shownEntries = 15;

/** A person's points: their own, or those of someone an administrator asks about. */
export function renderStatement(
  statement: Statement,
  words: Words,
  {
    userId,
    latest = [],
    prices = [],
  }: { userId?: string; latest?: Rows; prices?: readonly PriceSheet[] } = {},
): PrivateMessage {
  const { say } = words;
  const { left, unit, spent, allowance, source, granted, budget } = statement;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(say('account.title'));
  if (userId !== undefined) embed.setDescription(mentionPerson(userId));
  embed.addFields(
    { name: say('account.left'), value: toPoints(left, words), inline: true },
    {
      name: say(`account.spent.${unit}`),
      value: isUnlimited(allowance)
        ? say('points', { count: spent })
        : say('account.spent-of', { spent, allowance }),
      inline: true,
    },
  );
  if (!isUnlimited(allowance))
    embed.addFields({ name: say('account.refills'), value: toRefill(statement, words), inline: true });
  if (source !== 'everybody') {
    const value = say(`account.allowance.${source}`);
    embed.addFields({ name: say('account.allowance'), value, inline: true });
  }
  if (granted > 0) {
    const value = say('points', { count: granted });
    embed.addFields({ name: say('account.granted'), value, inline: true });
  }
  if (budget !== undefined) {
    const values = { ...budget, endsAt: relativeTime(budget.endsAt) };
    embed.addFields({ name: say('account.budget'), value: say('account.budget-of', values) });
  }
  embed.addFields(renderPrices(prices, words));
  if (latest.length > 0) {
    const lines = latest.map((row) => toRowLine(row, words));
    embed.addFields({ name: say('account.latest'), value: takeFitting(lines, fieldLimit) });
  }
  return { embeds: [embed.toJSON()] };
}

/** How many points somebody may spend, which may have no limit. */
export function toPoints(points: OwnAllowance, { say }: Words): string {
  return isUnlimited(points) ? say('points.unlimited') : say('points', { count: points });
}

export function isUnlimited(points: OwnAllowance): points is 'unlimited' {
  return points === 'unlimited' || points === Number.POSITIVE_INFINITY;
}

function toRefill({ source, refillsAt }: Statement, { say }: Words): string {
  return source === 'none' ? say('account.never-refills') : relativeTime(refillsAt);
}

/** A server's settings for points, after a sentence about what has changed. */
export function renderOverview(overview: Overview, words: Words, sentence?: string): PrivateMessage {
  const { say } = words;
  const { points: count, unit, timeZone, people, roles } = overview;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(say('quota.title'));
  if (sentence !== undefined) embed.setDescription(sentence);
  embed.addFields(
    { name: say('quota.everyone'), value: say(`quota.everyone-gets.${unit}`, { count }), inline: true },
    { name: say('quota.time-zone'), value: timeZone, inline: true },
    { name: say('quota.month'), value: toMonth(overview, words), inline: false },
  );
  addEntries(embed, say('quota.people'), toEntries(people, mentionPerson, words));
  addEntries(embed, say('quota.roles'), toEntries(roles, mentionRole, words));
  return { embeds: [embed.toJSON()] };
}

/** Up to four sentences: what's spent, the operator's limit, what was refunded, and when the next month starts. */
function toMonth({ spent, kept, budget, ceiling, monthEndsAt }: Overview, { say }: Words): string {
  const sentences = [
    budget === undefined
      ? say('quota.month.spent', { spent })
      : say('quota.month.spent-of', { spent, budget }),
    ceiling === undefined || ceiling === budget ? undefined : say('quota.month.ceiling', { ceiling }),
    kept === 0 ? undefined : say('quota.month.kept', { kept }),
    say('quota.month.next', { monthEndsAt: relativeTime(monthEndsAt) }),
  ];
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}

function addEntries(embed: EmbedBuilder, name: string, lines: readonly string[]): void {
  if (lines.length > 0) embed.addFields({ name, value: lines.join('\n') });
}

function toEntries(
  entries: Readonly<Record<string, OwnAllowance>>,
  mention: (id: string) => string,
  words: Words,
): string[] {
  const all = Object.entries(entries);
  const lines = all.slice(0, shownEntries).map(([id, points]) => `${mention(id)} ${toPoints(points, words)}`);
  return all.length > shownEntries
    ? [...lines, words.say('more', { count: all.length - shownEntries })]
    : lines;
}

/** What a reset did. */
export function renderReset(
  { points: count, held, statement }: ResetOutcome,
  what: 'spending' | 'grants',
  words: Words,
  userId: string,
): PrivateMessage {
  const done = words.say(`quota.reset.${what}`, { count });
  const content = held === 0 ? done : `${done} ${words.say('quota.reset.held', { held })}`;
  return { content, ...renderStatement(statement, words, { userId }) };
}

/** A page of a person's ledger, with buttons to the pages before and after it. */
export function renderHistory({ userId, rows, page, pages }: HistoryPage, words: Words): PrivateMessage {
  const { say } = words;
  const lines = rows.length === 0 ? [say('history.empty')] : rows.map((row) => toRowLine(row, words));
  const embed = new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(say('history.title'))
    .setDescription(takeFitting([mentionPerson(userId), ...lines], descriptionLimit))
    .setFooter({ text: say('history.page', { page, pages }) });
  const button = (label: string, to: number) =>
    new ButtonBuilder()
      .setCustomId(encodePage({ userId, page: to }))
      .setStyle(ButtonStyle.Secondary)
      .setLabel(label)
      .setDisabled(to < 1 || to > pages);
  const buttons = [button(say('button.newer'), page - 1), button(say('button.older'), page + 1)];
  return { embeds: [embed.toJSON()], components: pages === 1 ? [] : [toRow(buttons)] };
}

/** One line of a ledger: when, how many points, what for, and where to see it. */
function toRowLine(row: Rows[number], words: Words): string {
  const points = row.allowancePart + row.grantPart;
  const isKeptByMonth = row.kind === 'refund' && row.monthPart < points && row.book !== directBook;
  const parts = [
    toBooking(row, words),
    isKeptByMonth ? words.say('history.kept-by-month') : undefined,
    row.note === undefined ? undefined : `\`${toQuote(row.note, noteLimit)}\``,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

function toBooking(row: Rows[number], words: Words): string {
  const { say } = words;
  const points = row.allowancePart + row.grantPart;
  const values = { date: dateAndTime(row.createdAt), amount: toAmount(points, words) };
  if (row.kind === 'grant' || row.kind === 'reset')
    return row.actorId === undefined
      ? say(`history.${row.kind}`, values)
      : say(`history.${row.kind}.by`, { ...values, person: mentionPerson(row.actorId) });
  const kind = row.kind === 'refund' && points === 0 ? 'no-refund' : row.kind;
  return row.task === undefined
    ? say(`history.${kind}.unknown`, values)
    : say(`history.${kind}`, { ...values, task: toTaskLink(row.task, words) });
}

function toAmount(points: number, { number }: Words): string {
  const sign = points > 0 ? '+' : points < 0 ? '−' : '±';
  return `${sign}${number(Math.abs(points))}`;
}

function toTaskLink({ action, place }: NonNullable<Rows[number]['task']>, { say }: Words): string {
  const name = say(`action.${action as Action}`);
  // Nobody can follow a link to a message that only its person sees, or that their client has forgotten.
  const isLinked = place.messageId !== undefined && place.isPrivate !== true;
  return isLinked ? `[${name}](${messageLink(place)})` : name;
}
