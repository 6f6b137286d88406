import {
  ActionRowBuilder,
  ButtonBuilder,
  EmbedBuilder,
  type MessageActionRowComponentBuilder,
} from '@discordjs/builders';
import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  ButtonStyle,
} from 'discord.js';
import { ProviderError, UserError } from '../errors.ts';
import type { Words } from '../locales/index.ts';
import { type Action, isEnded, type Offer, type Task } from '../task.ts';
import type { Statement } from '../tasks/service.ts';
import { encodePress } from './custom-id.ts';
import { noMentions } from './respond.ts';

/** The body of a message edit, as Discord's API takes it; files are named, not held. */
export interface RenderedMessage {
  content: string;
  embeds: APIEmbed[];
  components: APIActionRowComponent<APIComponentInMessageActionRow>[];
  attachments: { id: string; filename: string }[];
  allowed_mentions: { parse: never[] };
}

/** A result as it is shown: as a file of the message, as an address, or not at all. */
export type ShownResult =
  | { as: 'files'; names: readonly string[] }
  | { as: 'link'; url: string }
  | { as: 'nothing' };

const colors = { open: 0x5865f2, done: 0x57f287, failed: 0xed4245, cancelled: 0x99aab5 } as const;
const promptLimit = 1_000;
const reasonLimit = 300;
const barLength = 12;

/** The message that shows a task. Pure: the same task gives the same message. */
export function renderTask(
  task: Task,
  words: Words,
  result: ShownResult = { as: 'nothing' },
): RenderedMessage {
  const embed = new EmbedBuilder().setColor(colorOf(task)).setTitle(titleOf(task, words));
  embed.setDescription([promptOf(task), linesOf(task, words, result).join('\n')].filter(Boolean).join('\n'));
  embed.setFooter({ text: footerOf(task, words) });
  const names = result.as === 'files' ? result.names : [];
  const shown = names.find((name) => !name.endsWith('.mp4'));
  if (shown !== undefined) embed.setImage(`attachment://${shown}`);
  return {
    content: '',
    embeds: [embed.toJSON()],
    components: task.state === 'done' ? renderOffers(task, words) : [],
    attachments: names.map((filename, index) => ({ id: String(index), filename })),
    allowed_mentions: noMentions as { parse: never[] },
  };
}

/** A person's points, for their eyes only. */
export function renderStatement(statement: Statement, words: Words): { embeds: APIEmbed[] } {
  const { title, left, spent, refills, spentOf, granted, refillsAt } = words.account;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(title);
  embed.addFields(
    { name: left, value: words.points(statement.left), inline: true },
    { name: spent, value: spentOf(statement.spent, statement.allowance), inline: true },
    { name: refills, value: refillsAt(statement.refillsAt), inline: true },
  );
  if (statement.granted > 0)
    embed.addFields({ name: granted, value: words.points(statement.granted), inline: true });
  return { embeds: [embed.toJSON()] };
}

/** The one sentence for something that was thrown; `id` finds an unexpected one in the log. */
export function renderError(error: unknown, words: Words, id: string): { content: string } {
  if (error instanceof UserError)
    return { content: words.userError(error.code, escapeDetails(error.details) as never) };
  if (error instanceof ProviderError) return { content: words.failure(error.kind) };
  return { content: words.internalError(id) };
}

/**
 * Foreign text as it can be shown in a line: without control characters, without anything that Discord
 * would format or link, and not too long.
 */
export function toQuote(text: string, limit: number): string {
  const line = text
    .replace(/[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .replaceAll('`', 'ˋ')
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}

function titleOf(task: Task, words: Words): string {
  const { action, offer } = task.request;
  return offer?.index === undefined ? words.action(action) : words.actionOf(action, offer.index);
}

/** In a code block nothing is a mention, a link or a format. */
function promptOf(task: Task): string {
  const prompt = toQuote(task.request.prompt, promptLimit);
  return prompt === '' ? '' : `\`\`\`\n${prompt}\n\`\`\``;
}

function linesOf(task: Task, words: Words, result: ShownResult): string[] {
  const lines: string[] = [];
  if (task.parentMessageId !== undefined) lines.push(words.from(linkTo(task, task.parentMessageId)));
  switch (task.state) {
    case 'queued':
      lines.push(`⏳ ${task.postponedFor === undefined ? words.waiting : words.waitingForProvider}`);
      break;
    case 'submitting':
      lines.push(
        task.lostAt === undefined ? `⏳ ${words.submitting}` : `⚠️ ${words.answerLost(task.deadlineAt)}`,
      );
      break;
    case 'answering':
    case 'running':
      lines.push(words.running, barOf(task.progress ?? 0));
      break;
    case 'asking':
      lines.push(`❓ ${words.asking}`);
      break;
    case 'cancelled':
      lines.push(words.cancelled(task.price));
      break;
    case 'failed':
      lines.push(...failureLines(task, words));
      break;
    case 'done':
      if (result.as === 'link') lines.push(words.pictureTooLarge(result.url));
      if (result.as === 'nothing' && (task.result?.media.length ?? 0) > 0)
        lines.push(words.pictureUnreachable);
  }
  lines.push(words.askedBy(task.origin.userId));
  return lines;
}

function failureLines(task: Task, words: Words): string[] {
  const { kind, reason, mayHaveCost } = task.failure ?? { kind: 'internal', mayHaveCost: false };
  const lines = [`❌ ${words.failure(kind)}`];
  if (reason !== undefined) lines.push(words.providerSays(`\`${toQuote(reason, reasonLimit)}\``));
  lines.push(words.refunded(task.price));
  if (mayHaveCost) lines.push(words.mayHaveCost);
  return lines;
}

function barOf(progress: number): string {
  const filled = Math.round((progress / 100) * barLength);
  return `${'▰'.repeat(filled)}${'▱'.repeat(barLength - filled)} ${progress} %`;
}

function footerOf(task: Task, words: Words): string {
  const parts = [words.speed(task.request.speed), words.points(task.price)];
  if (task.state === 'done' && task.acceptedAt !== undefined && task.finishedAt !== undefined) {
    parts.push(`${Math.max(1, Math.round((task.finishedAt - task.acceptedAt) / 1_000))} s`);
  }
  return parts.join(' · ');
}

function colorOf(task: Task): number {
  return isEnded(task) ? colors[task.state as 'done' | 'failed' | 'cancelled'] : colors.open;
}

function linkTo(task: Task, messageId: string): string {
  const { guildId = '@me', channelId } = task.origin.place;
  return `https://discord.com/channels/${guildId}/${channelId}/${messageId}`;
}

const emoji: Readonly<Partial<Record<Action, string>>> = {
  reroll: '🔄',
  'vary-subtle': '🪄',
  'vary-strong': '🪄',
  'vary-region': '🖌️',
  zoom: '🔍',
  'zoom-2x': '🔍',
  'zoom-1.5x': '🔍',
  'custom-zoom': '🔍',
  square: '↔️',
  'pan-left': '⬅️',
  'pan-right': '➡️',
  'pan-up': '⬆️',
  'pan-down': '⬇️',
  'animate-high': '🎞️',
  'animate-low': '🎞️',
  'extend-high': '🎞️',
  'extend-low': '🎞️',
};

/** Buttons whose picture says it all. */
const wordless: ReadonlySet<Action> = new Set(['reroll', 'pan-left', 'pan-right', 'pan-up', 'pan-down']);

/** Every offer as a button, in the provider's order, in as few rows as hold them; at most 5 × 5. */
function renderOffers(task: Task, words: Words): RenderedMessage['components'] {
  const buttons = (task.result?.offers ?? [])
    .slice(0, 25)
    .map((offer, index) => toButton(task.id, offer, index, words));
  const rows: RenderedMessage['components'] = [];
  for (let start = 0; start < buttons.length; start += 5) {
    const row = new ActionRowBuilder<MessageActionRowComponentBuilder>();
    row.addComponents(buttons.slice(start, start + 5));
    rows.push(row.toJSON() as RenderedMessage['components'][number]);
  }
  return rows;
}

function toButton(taskId: string, offer: Offer, index: number, words: Words): ButtonBuilder {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ taskId, offer: index }))
    .setStyle(ButtonStyle.Secondary);
  const symbol = emoji[offer.action];
  if (symbol !== undefined) button.setEmoji({ name: symbol });
  if (!wordless.has(offer.action)) button.setLabel(words.button(offer.action, offer.index));
  return button;
}

function escapeDetails(details: unknown): unknown {
  if (typeof details !== 'object' || details === null) return details;
  const escaped = Object.entries(details).map(([key, value]) => [
    key,
    typeof value === 'string' && key !== 'link' ? toQuote(value, 100) : value,
  ]);
  return Object.fromEntries(escaped);
}
