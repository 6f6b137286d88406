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
import { cutText, shortenText } from '../../clean-text.ts';
import { ProviderError, type Refusal, UserError } from '../../errors.ts';
import { messageLink } from '../../locales/en.ts';
import type { Words } from '../../locales/index.ts';
import { type Action, followUpActions, isEnded, type Offer, type Task } from '../../task.ts';
import { encodePress, type PressKind } from '../custom-id.ts';
import { escapeDetails, toPlain, toPromptQuote, toQuote } from '../foreign-text.ts';
import { noMentions } from '../respond.ts';
import { listLinks, toLink, toSafeUrl } from '../result-links.ts';
import { toCancelButton } from './cancel.ts';

/** The body of a message edit, as Discord's API takes it; files are named, not held. */
export interface RenderedMessage {
  content: string;
  embeds: APIEmbed[];
  components: APIActionRowComponent<APIComponentInMessageActionRow>[];
  attachments: { id: string; filename: string }[];
  allowed_mentions: { parse: never[] };
}

/** A result as it is shown: as a file of the message, as an address, not yet, or not at all. */
export type ShownResult =
  | {
      as: 'files';
      names: readonly string[];
      /** Which of the result's files are not there, or only as an empty tile, from 0. */
      missing?: readonly number[];
      /** What a file is that Discord doesn't show, as people call it. */
      notShown?: string;
    }
  | { as: 'link' }
  /** Its files are awaited: from the provider's file server, or until an operator lets the bot call it. */
  | { as: 'awaited'; from: 'file-server' | 'operator' }
  | { as: 'nothing' };

export const colors = { open: 0x5865f2, done: 0x57f287, failed: 0xed4245, cancelled: 0x99aab5 } as const;
/** Limits in UTF-16 code units, as Discord counts: together they fit into an embed's 4,096. */
const promptLimit = 1_000;
const reasonLimit = 300;
const linksLimit = 2_000;
const contentLimit = 2_000;
/** Of a message's 2,000 without an embed. */
const plainLinksLimit = 1_600;
/** Discord's limit of a description. */
const descriptionLimit = 4_096;
/** How much is shown of what others wrote: of each of five proposals, before it is escaped, and how many adjustments. */
const amounts = [
  { proposalLength: 250, adjustments: 8 },
  { proposalLength: 120, adjustments: 4 },
  { proposalLength: 40, adjustments: 0 },
] as const;
type Amount = (typeof amounts)[number];
const barLength = 12;

/** What is expected of an unfinished task, beside what it says itself. */
export interface Outlook {
  readonly now: number;
  /** How many tasks stand before it in the queue. */
  readonly place?: number | undefined;
  /** When tasks of that sort were ready lately, epoch milliseconds. */
  readonly expectedAt?: number | undefined;
  readonly canCancel: boolean;
  /** Whether the points would come back, if it were cancelled now. */
  readonly isCancelRefunded: boolean;
}

/** After so long a task is said to take long. */
export const longAfterMs = 15 * 60_000;

export interface Showing {
  shown?: ShownResult;
  outlook?: Outlook;
}

/** The message that shows a task. Pure: the same task gives the same message. */
export function renderTask(
  task: Task,
  words: Words,
  { shown = { as: 'nothing' }, outlook }: Showing = {},
): RenderedMessage {
  const embed = new EmbedBuilder().setColor(colorOf(task)).setTitle(titleOf(task, words));
  embed.setDescription(describeTask(task, words, { shown, outlook }));
  embed.setFooter({ text: footerOf(task, words) });
  const names = shown.as === 'files' ? shown.names : [];
  const picture = names.find((name) => /\.(png|jpg|webp|gif)$/.test(name));
  const preview = isEnded(task) ? undefined : toSafeUrl(task.preview);
  if (picture !== undefined) embed.setImage(`attachment://${picture}`);
  else if (preview !== undefined) embed.setImage(preview);
  return {
    content: '',
    embeds: [embed.toJSON()],
    components: renderButtons(task, words, shown, outlook),
    attachments: names.map((filename, index) => ({ id: String(index), filename })),
    allowed_mentions: noMentions as { parse: never[] },
  };
}

/**
 * The message that shows a task where Discord refused it twice: plain text and an address, without a word of anybody
 * else. `undefined` if there would be nothing of its result in it.
 */
export function renderPlain(task: Task, words: Words): RenderedMessage | undefined {
  const links = listLinks(task, plainLinksLimit);
  if (task.state === 'done' && links.length === 0) return undefined;
  const lines = links.length === 0 ? endLines(task, words) : [words.notAttached(links)];
  return {
    content: [titleOf(task, words), ...lines, words.askedBy(task.origin.userId)].join('\n'),
    embeds: [],
    components: [],
    attachments: [],
    allowed_mentions: noMentions as { parse: never[] },
  };
}

function endLines(task: Task, words: Words): string[] {
  if (task.state === 'cancelled') return [cancelledLine(task, words)];
  return [words.failure(task.failure?.kind ?? 'internal'), pointsLine(task, words)];
}

function cancelledLine(task: Task, words: Words): string {
  return `${words.cancelled} ${pointsLine(task, words)}`;
}

/** Where the points of a task without a result are. */
function pointsLine({ price, stop }: Task, words: Words): string {
  return stop?.isRefunded === false ? words.notRefunded(price) : words.refunded(price);
}

/** Whether it had a result that nobody will see. */
export function isUnshown({ failure }: Task): boolean {
  return failure?.kind === 'unshown' || failure?.kind === 'unfetched';
}

/** A short message that tells a task's owner that it is there: the only one that pings anybody. */
export interface RenderedMention {
  content: string;
  nonce: string;
  enforce_nonce: true;
  message_reference: { message_id: string; fail_if_not_exists: false };
  allowed_mentions: { parse: never[]; users: string[]; replied_user: false };
}

export function renderMention(task: Task, words: Words): RenderedMention {
  const { userId, place } = task.origin;
  return {
    content: isUnshown(task)
      ? [words.askedBy(userId), ...endLines(task, words)].join(' ')
      : words.mention(userId, task.result !== undefined),
    nonce: task.lateAt === undefined ? task.id : `${task.id}-late`,
    enforce_nonce: true,
    message_reference: { message_id: place.messageId ?? '', fail_if_not_exists: false },
    allowed_mentions: { parse: [], users: [userId], replied_user: false },
  };
}

/** The one sentence for something that was thrown; `id` finds an unexpected one in the log. */
export function renderError(error: unknown, words: Words, id: string): { content: string } {
  if (error instanceof UserError) return { content: shortenText(toSentence(error, words), contentLimit) };
  if (error instanceof ProviderError) return { content: words.failure(error.kind) };
  return { content: words.internalError(id) };
}

function titleOf(task: Task, words: Words): string {
  const { action, offer } = task.request;
  return offer?.index === undefined ? words.action(action) : words.actionOf(action, offer.index);
}

/** In a code block nothing is a mention, a link or a format. */
function promptOf(task: Task): string {
  const prompt = toPromptQuote(task.request.prompt, promptLimit);
  return prompt === '' ? '' : `\`\`\`\n${prompt}\n\`\`\``;
}

/** As much as Discord takes: what others wrote makes room for what the bot says. */
function describeTask(task: Task, words: Words, showing: Shown): string {
  const fitting = amounts.map((amount) =>
    [promptOf(task), ...linesOf(task, words, showing, amount)].filter(Boolean).join('\n'),
  );
  const shortest = fitting.at(-1) ?? '';
  return fitting.find(({ length }) => length <= descriptionLimit) ?? cutText(shortest, descriptionLimit);
}

interface Shown {
  shown: ShownResult;
  outlook: Outlook | undefined;
}

function linesOf(task: Task, words: Words, { shown, outlook }: Shown, amount: Amount): string[] {
  const lines: string[] = [];
  if (task.parentMessageId !== undefined) {
    lines.push(words.from(messageLink({ ...task.origin.place, messageId: task.parentMessageId })));
  }
  switch (task.state) {
    case 'queued':
      lines.push(`⏳ ${queueLine(task, words, outlook)}`);
      break;
    case 'submitting':
      lines.push(
        task.lostAt === undefined ? `⏳ ${words.submitting}` : `⚠️ ${words.answerLost(task.deadlineAt)}`,
      );
      break;
    case 'answering':
    case 'running':
      lines.push(...runningLines(task, words, outlook));
      break;
    case 'asking':
      // A text that was given before is sent by itself, as soon as there is room for it.
      if (task.request.answer !== undefined) lines.push(`⏳ ${words.waitingForProvider}`);
      else lines.push(`❓ ${words.asking}`);
      if (task.stop?.isRefunded === false) lines.push(words.answerOrPay(task.price, task.deadlineAt));
      break;
    case 'cancelled':
      lines.push(cancelledLine(task, words));
      break;
    case 'failed':
      if (task.lateAt === undefined) lines.push(...failureLines(task, words));
      else lines.push(words.late, ...resultLines(task, words, shown, amount));
      break;
    case 'done':
      lines.push(...resultLines(task, words, shown, amount));
  }
  lines.push(...adjustmentLines(task, words, amount));
  if (!isEnded(task) && !task.origin.place.isOpenToBot) lines.push(words.pressCheck);
  lines.push(words.askedBy(task.origin.userId));
  return lines;
}

function adjustmentLines({ adjustments = [] }: Task, words: Words, { adjustments: most }: Amount): string[] {
  const lines = adjustments
    .slice(0, most)
    .map(({ flag, asked, used }) => words.adjusted(toQuote(flag, 40), toQuote(asked, 60), toQuote(used, 60)));
  const left = adjustments.length - lines.length;
  return left === 0 ? lines : [...lines, words.adjustedMore(left)];
}

function queueLine(task: Task, words: Words, outlook: Outlook | undefined): string {
  if (task.postponedFor !== undefined) return words.waitingForProvider;
  return outlook?.place === undefined || outlook.place === 0
    ? words.waiting
    : words.waitingBehind(outlook.place);
}

function runningLines(task: Task, words: Words, outlook: Outlook | undefined): string[] {
  const { expectedAt, now = 0 } = outlook ?? {};
  if (task.queue !== undefined) return [words.queuedAtProvider(task.queue), barOf(0)];
  const isExpected = expectedAt !== undefined && expectedAt > now;
  const lines = [
    isExpected ? `${words.running}, ${words.expected(expectedAt)}` : words.running,
    barOf(task.progress ?? 0),
  ];
  if (task.acknowledgedAt !== undefined && now - task.acknowledgedAt >= longAfterMs)
    lines.push(words.takesLong);
  if (task.cancellingAt !== undefined)
    lines.push(words.cancelling(task.price, task.stop?.isRefunded ?? true));
  return lines;
}

function resultLines(task: Task, words: Words, shown: ShownResult, { proposalLength }: Amount): string[] {
  const texts = proposalsOf(task).map((text, index) => `**${index + 1}.** ${toPlain(text, proposalLength)}`);
  if (shown.as === 'files') return [...texts, ...fileLines(task, words, shown)];
  if ((task.result?.media.length ?? 0) === 0) return texts;
  if (shown.as === 'awaited') return [...texts, `⏳ ${words.awaited[shown.from]}`];
  const links = shown.as === 'link' ? listLinks(task, linksLimit) : [];
  return [...texts, links.length === 0 ? words.pictureUnreachable : words.notAttached(links)];
}

function fileLines(
  { result }: Task,
  words: Words,
  { missing = [], notShown }: Extract<ShownResult, { as: 'files' }>,
): string[] {
  let room = linksLimit;
  const lines = missing.map((index) => {
    const { kind = 'picture', ...media } = result?.media[index] ?? {};
    const line = words.partMissing(kind, index + 1, toLink(media));
    if (line.length > room) return words.partMissing(kind, index + 1, undefined);
    room -= line.length;
    return line;
  });
  return notShown === undefined ? lines : [...lines, words.notShownByDiscord(notShown)];
}

/** At most as many as stand in one row of buttons. */
function proposalsOf({ result }: Task): readonly string[] {
  return (result?.text ?? []).slice(0, 5);
}

function failureLines(task: Task, words: Words): string[] {
  const { kind, reason, refusal, mayHaveCost } = task.failure ?? { kind: 'internal', mayHaveCost: false };
  const lines = [`❌ ${refusal === undefined ? words.failure(kind) : toSentence(refusal, words)}`];
  if (reason !== undefined) lines.push(words.providerSays(`\`${toQuote(reason, reasonLimit)}\``));
  lines.push(pointsLine(task, words));
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
  'reroll-video': '🔄',
  'extend-high': '🎞️',
  'extend-low': '🎞️',
};

/** Buttons whose picture says it all. */
const wordless: ReadonlySet<Action> = new Set([
  'reroll',
  'reroll-video',
  'pan-left',
  'pan-right',
  'pan-up',
  'pan-down',
]);

/** At most 5 × 5: every offer in the provider's order, and what else can be done with the message. */
function renderButtons(
  task: Task,
  words: Words,
  shown: ShownResult,
  outlook: Outlook | undefined,
): RenderedMessage['components'] {
  const own = ownButtons(task, words, outlook);
  // Nobody chooses among pictures that are not there yet.
  const offers = shown.as === 'awaited' ? [] : (task.result?.offers ?? []);
  const buttons = offers
    .slice(0, 25 - own.length - proposalsOf(task).length)
    .flatMap((offer, index) => (isKnown(offer) ? toButton(task.id, offer, index, words) : []));
  const rows: RenderedMessage['components'] = [];
  const proposals = proposalsOf(task).map((_, index) => toProposalButton(task.id, index, words));
  const all = [...proposals, ...buttons, ...own];
  for (let start = 0; start < all.length; start += 5) {
    const row = new ActionRowBuilder<MessageActionRowComponentBuilder>();
    row.addComponents(all.slice(start, start + 5));
    rows.push(row.toJSON() as RenderedMessage['components'][number]);
  }
  return rows;
}

function ownButtons(task: Task, words: Words, outlook: Outlook | undefined): ButtonBuilder[] {
  const { buttons } = words;
  const button = (kind: PressKind, style = ButtonStyle.Secondary) =>
    new ButtonBuilder().setCustomId(encodePress({ kind, taskId: task.id })).setStyle(style);
  const own: ButtonBuilder[] = [];
  if (task.state === 'asking' && task.request.answer === undefined)
    own.push(button('answer', ButtonStyle.Primary).setLabel(buttons.answer));
  if (task.state === 'failed' && task.lateAt === undefined) own.push(button('again').setLabel(buttons.again));
  if (task.state === 'cancelled') own.push(button('again').setLabel(buttons.again));
  if (!isEnded(task) && !task.origin.place.isOpenToBot) own.push(button('check').setLabel(buttons.check));
  if (!isEnded(task) && outlook?.canCancel === true)
    own.push(toCancelButton(task.id, outlook.isCancelRefunded, words));
  if (isEnded(task)) own.push(button('remove').setEmoji({ name: '🗑️' }));
  return own;
}

function toProposalButton(taskId: string, index: number, words: Words): ButtonBuilder {
  return new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'proposal', taskId, offer: index }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(words.buttons.proposal(index + 1));
}

/** A later version may have saved an offer that has no name here: it costs its button, and not the whole message. */
function isKnown({ action }: Offer): boolean {
  return followUpActions.includes(action);
}

function toButton(taskId: string, offer: Offer, index: number, words: Words): ButtonBuilder {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'offer', taskId, offer: index }))
    .setStyle(ButtonStyle.Secondary);
  const symbol = emoji[offer.action];
  if (symbol !== undefined) button.setEmoji({ name: symbol });
  if (!wordless.has(offer.action)) button.setLabel(words.button(offer.action, offer.index));
  return button;
}

function toSentence({ code, details }: Pick<Refusal, 'code' | 'details'>, words: Words): string {
  return words.userError(code, escapeDetails(details) as never);
}
