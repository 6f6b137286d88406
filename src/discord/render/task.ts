import { EmbedBuilder } from '@discordjs/builders';
import { cutText } from '../../clean-text.ts';
import { messageLink, timeOfDay } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import { type Adjustment, isEnded, type Task } from '../../task.ts';
import { noMentions } from '../respond.ts';
import { isSpeed, listShownAdjustments } from './adjustments.ts';
import { toAltTexts } from './alt-text.ts';
import { renderButtons } from './buttons.ts';
import { toStyleLines } from './drawn-style.ts';
import { descriptionLimit } from './embed.ts';
import { toCancelledLine, toFailureLines } from './ending.ts';
import { listCosts, toFooter } from './footer.ts';
import { toQuote, toSafeUrl } from './foreign-text.ts';
import { toHeadline } from './headline.ts';
import { colors, type Outlook, type RenderedMessage, type ShownResult } from './message.ts';
import { namePictures } from './picture-names.ts';
import { toResultLines } from './result.ts';
import { toTranslationLines } from './translation.ts';

/** How much to show of what others wrote: characters of each proposal before escaping, and how many adjustments. */
const amounts = [
  { proposalLength: 250, adjustments: 8 },
  { proposalLength: 120, adjustments: 4 },
  { proposalLength: 40, adjustments: 0 },
] as const;
type Amount = (typeof amounts)[number];
/** Of a picture that went in. */
const nameLength = 40;
const barLength = 12;

/** How long before its token ends an unfinished private task says that only **Check** updates it from then on. */
export const lastWordsMs = 60_000;

/** How old a task is when its message says it's taking longer than usual. */
export const longAfterMs = 15 * 60_000;

export interface Showing {
  shown?: ShownResult;
  outlook?: Outlook;
  /** What a press on each of its offers costs, in their order. */
  prices?: readonly (number | undefined)[];
  /** Whether a picture can be made into a video. */
  animates?: boolean;
  /** For how many days its API promises to keep the files of results, if it does. */
  keptDays?: number | undefined;
}

/**
 * The message that shows a task. Pure: the same task always makes the same message. A result's files stand between the first line
 * and the embed, where Discord shows a picture up to 550 × 350 large; in an embed it's 400 × 300.
 */
export function renderTask(
  task: Task,
  words: Words,
  { shown = { as: 'nothing' }, outlook, prices = [], animates = false, keptDays }: Showing = {},
): RenderedMessage {
  const embed = new EmbedBuilder().setColor(toColor(task));
  const description = describeTask(task, words, { shown, outlook, keptDays });
  if (description !== '') embed.setDescription(description);
  const hasButtons = shown.as !== 'awaited' && task.origin.place.hasNoButtons !== true;
  const costs = hasButtons ? listCosts(task, prices, words) : [];
  const footer = toFooter(task, words, costs);
  if (footer !== '') embed.setFooter({ text: footer });
  const { isSpoiler } = task.origin;
  // An embed's picture can't be hidden (discord-api-docs#1235), but a file can.
  const preview = isEnded(task) || isSpoiler === true ? undefined : toSafeUrl(task.preview);
  if (preview !== undefined) embed.setImage(preview);
  const names = shown.as === 'files' ? shown.names : [];
  const alts = toAltTexts(task, shown, words);
  return {
    content: toHeadline(task, words),
    embeds: [embed.toJSON()],
    components: renderButtons(task, words, { shown, outlook, animates }),
    attachments: names.map((filename, index) => {
      const description = alts[index];
      return {
        id: String(index),
        filename,
        ...(description === undefined ? {} : { description }),
        ...(isSpoiler === true ? { is_spoiler: true as const } : {}),
      };
    }),
    allowed_mentions: noMentions as { parse: never[] },
  };
}

/** Shows less of what others wrote until all of what the bot says fits. */
function describeTask(task: Task, words: Words, showing: Shown): string {
  const fitting = amounts.map((amount) => toLines(task, words, showing, amount).join('\n'));
  const shortest = fitting.at(-1) ?? '';
  return fitting.find(({ length }) => length <= descriptionLimit) ?? cutText(shortest, descriptionLimit);
}

interface Shown {
  shown: ShownResult;
  outlook: Outlook | undefined;
  keptDays: number | undefined;
}

function toLines(task: Task, words: Words, showing: Shown, amount: Amount): string[] {
  const { shown, outlook } = showing;
  const { say } = words;
  const deadline = timeOfDay(task.deadlineAt);
  const lines: string[] = [];
  lines.push(...toOriginLine(task, words));
  lines.push(
    ...toPictureLines(task, words, shown),
    ...toTranslationLines(task, words),
    ...toStyleLines(task, words),
  );
  switch (task.state) {
    case 'queued':
      lines.push(`⏳ ${toQueueLine(task, words, outlook)}`);
      break;
    case 'submitting':
      lines.push(
        task.lostAt === undefined
          ? `⏳ ${say('task.submitting')}`
          : `⚠️ ${say('task.answer-lost', { deadline })}`,
      );
      break;
    case 'answering':
    case 'running':
      lines.push(...toRunningLines(task, words, outlook));
      break;
    case 'asking':
      // A text that the person has already given is sent on its own, as soon as there's a free slot.
      if (task.request.answer !== undefined) lines.push(`⏳ ${say('task.postponed')}`);
      else lines.push(`❓ ${say('task.asking')}`);
      if (task.stop?.isRefunded === false)
        lines.push(say('task.answer-or-pay', { price: task.price, deadline }));
      break;
    case 'cancelled':
      lines.push(toCancelledLine(task, words));
      break;
    case 'failed':
      if (task.lateAt === undefined) lines.push(...toFailureLines(task, words));
      else lines.push(say('task.late'), ...toResultLines(task, words, showing, amount.proposalLength));
      break;
    case 'done':
      lines.push(...toResultLines(task, words, showing, amount.proposalLength));
  }
  if (task.isPromptIgnored === true) lines.push(say('task.prompt-ignored'));
  lines.push(...toAdjustmentLines(task, words, amount));
  lines.push(...toCheckLine(task, words, outlook));
  return lines;
}

/** How to see what becomes of it where the bot can't write for long. */
function toCheckLine(task: Task, { say }: Words, outlook: Outlook | undefined): string[] {
  const { place } = task.origin;
  if (isEnded(task) || place.isOpenToBot) return [];
  const isLast = place.isPrivate === true && (outlook?.now ?? 0) >= place.tokenExpiresAt - lastWordsMs;
  return [say(isLast ? 'task.press-check.last' : 'task.press-check')];
}

/** Which message it comes from, unless Discord shows that one above it. */
function toOriginLine({ parentMessageId: messageId, origin: { place } }: Task, { say }: Words): string[] {
  if (messageId === undefined || messageId === place.repliesTo) return [];
  return [say('task.from', { message: messageLink({ ...place, messageId }) })];
}

/** The pictures that went in, by name; one that the message shows needs none. */
function toPictureLines({ request }: Task, words: Words, shown: ShownResult): string[] {
  const names = namePictures(request.pictures, words, nameLength);
  const isShown = request.action === 'describe' && shown.as === 'files';
  return names.length === 0 || isShown ? [] : [words.say('task.pictures', { names: words.and(names) })];
}

function toAdjustmentLines(task: Task, words: Words, { adjustments: most }: Amount): string[] {
  const adjustments = listShownAdjustments(task);
  const lines = adjustments.slice(0, most).map((adjustment) => toAdjustmentLine(adjustment, words));
  const left = adjustments.length - lines.length;
  return left === 0 ? lines : [...lines, words.say('task.adjusted.more', { count: left })];
}

function toAdjustmentLine({ flag, asked, used }: Adjustment, { say }: Words): string {
  const values = { asked: toQuote(asked, 60), used: toQuote(used, 60) };
  return isSpeed({ flag, asked })
    ? say('task.adjusted.speed', values)
    : say('task.adjusted', { ...values, flag: toQuote(flag, 40) });
}

function toQueueLine(task: Task, { say }: Words, outlook: Outlook | undefined): string {
  if (task.postponedFor !== undefined) return say('task.postponed');
  return outlook?.position === undefined || outlook.position === 0
    ? say('task.queued')
    : say('task.queued.behind', { count: outlook.position });
}

function toRunningLines(task: Task, words: Words, outlook: Outlook | undefined): string[] {
  const { say } = words;
  const { usualMs, now = 0 } = outlook ?? {};
  const { progress = 0 } = task;
  const isUnderWay = progress > 0;
  if (task.queue !== undefined) return [say('task.queued-at-provider', { count: task.queue })];
  const lines = [
    usualMs === undefined
      ? say('task.running')
      : say('task.running.usual', { usual: words.duration(usualMs) }),
    // An empty bar that never fills would look as if it were stuck: some APIs say nothing until the end.
    ...(isUnderWay ? [toProgressLine(progress, words)] : []),
  ];
  if (task.acknowledgedAt !== undefined && now - task.acknowledgedAt >= longAfterMs)
    lines.push(say('task.takes-long'));
  if (task.cancellingAt !== undefined) lines.push(toCancelingLine(task, words));
  return lines;
}

function toCancelingLine({ price, stop }: Task, { say }: Words): string {
  return stop?.isRefunded === false ? say('task.canceling.unrefunded', { price }) : say('task.canceling');
}

function toProgressLine(percent: number, { say }: Words): string {
  const progress = percent / 100;
  const filled = Math.round(progress * barLength);
  const bar = `${'▰'.repeat(filled)}${'▱'.repeat(barLength - filled)}`;
  return say('task.progress', { bar, progress });
}

/** What is done needs no color: its picture is what people look at. */
function toColor({ state }: Task): number | null {
  if (state === 'done') return null;
  return state === 'failed' || state === 'cancelled' ? colors[state] : colors.open;
}
