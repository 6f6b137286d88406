import { ButtonBuilder, EmbedBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import { messageLink } from '../../locales/en.ts';
import type { Words } from '../../locales/index.ts';
import type { HistoryPage, Overview, ResetOutcome } from '../../points/administration.ts';
import type { Statement } from '../../points/bookings.ts';
import { directBook } from '../../points/policy.ts';
import type { Action } from '../../task.ts';
import { encodePage } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, fieldLimit, takeFitting, toRow } from './embed.ts';
import { toQuote } from './foreign-text.ts';
import { colors } from './message.ts';

type Rows = HistoryPage['rows'];

const noteLimit = 60;
/** How many allowances of people or roles always fit into a field of 1,024 characters. */
const shownEntries = 15;

/** A person's points: their own, or those of somebody whom an administrator asks about. */
export function renderStatement(
  statement: Statement,
  words: Words,
  { userId, latest = [] }: { userId?: string; latest?: Rows } = {},
): PrivateMessage {
  const { account } = words;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(account.title);
  if (userId !== undefined) embed.setDescription(words.askedBy(userId));
  embed.addFields(
    { name: account.left, value: words.points(statement.left), inline: true },
    {
      name: account.spent(statement.unit),
      value: account.spentOf(statement.spent, statement.allowance),
      inline: true,
    },
    {
      name: account.refills,
      value: statement.source === 'none' ? account.neverRefills : account.refillsAt(statement.refillsAt),
      inline: true,
    },
  );
  if (statement.source !== 'everybody')
    embed.addFields({ name: account.source, value: account.sources[statement.source], inline: true });
  if (statement.granted > 0)
    embed.addFields({ name: account.granted, value: words.points(statement.granted), inline: true });
  if (statement.budget !== undefined) {
    const { budget, spent, endsAt } = statement.budget;
    embed.addFields({ name: account.budget, value: account.budgetOf(spent, budget, endsAt) });
  }
  if (latest.length > 0)
    embed.addFields({
      name: account.latest,
      value: takeFitting(
        latest.map((row) => toRowLine(row, words)),
        fieldLimit,
      ),
    });
  return { embeds: [embed.toJSON()] };
}

/** What was decided for a server. */
export function renderOverview(overview: Overview, words: Words, sentence?: string): PrivateMessage {
  const { quota } = words;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(quota.title);
  if (sentence !== undefined) embed.setDescription(sentence);
  embed.addFields(
    { name: quota.everybody, value: quota.everybodyGets(overview.points, overview.unit), inline: true },
    { name: quota.timeZone, value: overview.timeZone, inline: true },
    { name: quota.month, value: quota.monthOf(overview), inline: false },
  );
  const { people, roles } = overview;
  addEntries(embed, quota.people, people, (id) => `<@${id}>`, words);
  addEntries(embed, quota.roles, roles, (id) => `<@&${id}>`, words);
  return { embeds: [embed.toJSON()] };
}

function addEntries(
  embed: EmbedBuilder,
  name: string,
  entries: Readonly<Record<string, number>>,
  mention: (id: string) => string,
  words: Words,
): void {
  const all = Object.entries(entries);
  if (all.length === 0) return;
  const lines = all.slice(0, shownEntries).map(([id, points]) => `${mention(id)} ${words.points(points)}`);
  if (all.length > shownEntries) lines.push(words.andMore(all.length - shownEntries));
  embed.addFields({ name, value: lines.join('\n') });
}

/** What a reset did. */
export function renderReset(
  { points, held, statement }: ResetOutcome,
  what: 'spending' | 'grants',
  words: Words,
  userId: string,
): PrivateMessage {
  const content = words.quota.reset(what, points, held);
  return { content, ...renderStatement(statement, words, { userId }) };
}

/** A page of somebody's ledger, with buttons to the pages before and after it. */
export function renderHistory({ userId, rows, page, pages }: HistoryPage, words: Words): PrivateMessage {
  const { quota } = words;
  const lines = rows.map((row) => toRowLine(row, words));
  const embed = new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(quota.history)
    .setDescription(
      takeFitting(
        [words.askedBy(userId), ...(lines.length === 0 ? [quota.noHistory] : lines)],
        descriptionLimit,
      ),
    )
    .setFooter({ text: quota.page(page, pages) });
  const button = (label: string, to: number) =>
    new ButtonBuilder()
      .setCustomId(encodePage({ userId, page: to }))
      .setStyle(ButtonStyle.Secondary)
      .setLabel(label)
      .setDisabled(to < 1 || to > pages);
  const buttons = [button(quota.newer, page - 1), button(quota.older, page + 1)];
  return { embeds: [embed.toJSON()], components: pages === 1 ? [] : [toRow(buttons)] };
}

/** One line of a ledger: when, how many points, what for, and where that is to be seen. */
function toRowLine(row: Rows[number], words: Words): string {
  const points = row.allowancePart + row.grantPart;
  const sign = points > 0 ? '+' : points < 0 ? '−' : '±';
  const amount = `**${sign}${Math.abs(points).toLocaleString('en')}**`;
  const isNothing = row.kind === 'refund' && points === 0;
  const parts = [
    words.shortTime(row.createdAt),
    amount,
    isNothing ? words.nothingBack : words.booking[row.kind],
  ];
  if (row.task !== undefined) {
    const name = words.action(row.task.action as Action);
    const { place } = row.task;
    parts.push(place.messageId === undefined ? name : `[${name}](${messageLink(place)})`);
  }
  if (row.kind === 'refund' && row.monthPart < points && row.book !== directBook)
    parts.push(words.keptByMonth);
  if (row.actorId !== undefined) parts.push(words.bookedBy(row.actorId));
  if (row.note !== undefined) parts.push(`\`${toQuote(row.note, noteLimit)}\``);
  return parts.join(' ');
}
