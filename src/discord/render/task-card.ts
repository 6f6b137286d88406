import { ButtonBuilder, EmbedBuilder } from '@discordjs/builders';
import { ButtonStyle, type RawFile } from 'discord.js';
import { cleanText, cutText } from '../../clean-text.ts';
import type { Words } from '../../locales/index.ts';
import type { MessageKey } from '../../locales/messages.ts';
import type { TaskCard } from '../../service/task-cards.ts';
import { isBringable } from '../../service/task-messages.ts';
import { isEnded, type openStates, type Task } from '../../task.ts';
import { encodePress } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { listCardFields } from './card-fields.ts';
import { descriptionLimit, embedsLimit, toRow } from './embed.ts';
import { toCancelledLine, toFailureLines } from './ending.ts';
import { toFavoriteButtons } from './favorites.ts';
import { toPlain, toPromptQuote } from './foreign-text.ts';
import { colors } from './message.ts';
import { toProposals } from './result.ts';
import { toTitle } from './title.ts';
import { englishOf } from './translation.ts';

/** How much to show of what others wrote, in characters; all of it is in a file if that isn't enough. */
const amounts = [
  { prompt: 1_800, english: 900, proposal: 150 },
  { prompt: 600, english: 300, proposal: 80 },
  { prompt: 150, english: 100, proposal: 30 },
] as const;
type Amount = (typeof amounts)[number];

/** Everything that is known about a task, on one card, with a file of its prompts if they don't fit. */
export function renderTaskCard(card: TaskCard, words: Words): { message: PrivateMessage; files: RawFile[] } {
  const { task } = card;
  const fields = listCardFields(card, words);
  const title = toTitle(task, words);
  const footer = words.say('card.id', { id: task.id });
  const others = [title, footer, ...fields.flatMap(({ name, value }) => [name, value])].join('').length;
  const room = Math.min(descriptionLimit, embedsLimit - others);
  const tried = amounts.map((amount) => ({ amount, description: toDescription(card, words, amount) }));
  const shortest = { amount: amounts[2], description: toDescription(card, words, amounts[2]) };
  const { amount, description } = tried.find((one) => one.description.length <= room) ?? shortest;
  const embed = new EmbedBuilder().setColor(toColor(task)).setTitle(title).addFields(fields);
  if (description !== '') embed.setDescription(cutText(description, room));
  embed.setFooter({ text: footer });
  const files = isShownWhole(card, amount) ? [] : [{ name: 'prompt.txt', data: toFile(card) }];
  return { message: { embeds: [embed.toJSON()], components: toCardRows(card, words) }, files };
}

function toCardRows(card: TaskCard, words: Words): NonNullable<PrivateMessage['components']> {
  const buttons = [...toFavoriteButtons(card, words), ...toBringButtons(card, words)];
  return buttons.length === 0 ? [] : [toRow(buttons)];
}

/** The message that shows a private task may be lost, and then nobody can link to it. */
function toBringButtons({ task, isOwn }: TaskCard, { say }: Words): ButtonBuilder[] {
  if (!isOwn || !isBringable(task)) return [];
  return [
    new ButtonBuilder()
      .setCustomId(encodePress({ kind: 'bring', taskId: task.id }))
      .setStyle(ButtonStyle.Primary)
      .setLabel(say('button.bring')),
  ];
}

function toDescription({ task, isFavorite }: TaskCard, words: Words, amount: Amount): string {
  const { request, emptied } = task;
  const { say } = words;
  const english = englishOf(task);
  const proposals = toProposals(task).map(
    (text, index) => `**${index + 1}.** ${toPlain(text, amount.proposal)}`,
  );
  return [
    ...(emptied === 'all' || emptied === 'words' ? [say('card.emptied')] : []),
    ...(request.prompt === '' ? [] : [toBlock(request.prompt, amount.prompt)]),
    ...(request.typed === undefined ? [] : [say('card.typed'), toBlock(request.typed, amount.english)]),
    ...(english === undefined ? [] : [say('card.english'), toBlock(english, amount.english)]),
    ...proposals,
    ...toStateLines(task, words),
    ...(isFavorite ? [say('card.favorite')] : []),
  ].join('\n');
}

/** Nothing in a code block is formatted, linked or pinged, and people can copy it. */
function toBlock(text: string, limit: number): string {
  return `\`\`\`\n${toPromptQuote(text, limit)}\n\`\`\``;
}

function toStateLines(task: Task, words: Words): string[] {
  const { say } = words;
  if (task.state === 'cancelled') return [toCancelledLine(task, words)];
  if (task.state === 'failed')
    return task.lateAt === undefined ? toFailureLines(task, words) : [say('task.late')];
  return isEnded(task) ? [] : [`⏳ ${say(openStateKeys[task.state as OpenState])}`];
}

type OpenState = (typeof openStates)[number];
const openStateKeys = {
  queued: 'task.queued',
  submitting: 'task.submitting',
  running: 'task.running',
  asking: 'task.asking',
  answering: 'task.running',
} as const satisfies Readonly<Record<OpenState, MessageKey>>;

function toColor({ state, lateAt }: Task): number | null {
  if (state === 'done' || lateAt !== undefined) return null;
  return state === 'failed' || state === 'cancelled' ? colors[state] : colors.open;
}

/** Whether people can copy the texts from the card as they are. */
function isShownWhole({ task }: TaskCard, { prompt, english }: Amount): boolean {
  const isWhole = (text: string, limit: number) => cleanText(text).length <= limit && !text.includes('`');
  const [sent = '', ...others] = listTexts(task);
  return isWhole(sent, prompt) && others.every((text) => isWhole(text, english));
}

function toFile({ task }: TaskCard): Buffer {
  return Buffer.from(`${listTexts(task).join('\n\n')}\n`);
}

/** What was sent, what that was translated from, and what an API translated it into. */
function listTexts(task: Task): string[] {
  const { prompt, typed } = task.request;
  return [prompt, ...[typed, englishOf(task)].filter((text) => text !== undefined)];
}
