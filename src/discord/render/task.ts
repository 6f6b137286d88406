import { EmbedBuilder } from '@discordjs/builders';
import { cutText } from '../../clean-text.ts';
import { mentionPerson, messageLink, timeOfDay } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import { type Adjustment, isEnded, type Task } from '../../task.ts';
import { noMentions } from '../respond.ts';
import { renderButtons } from './buttons.ts';
import { descriptionLimit } from './embed.ts';
import { toCancelledLine, toFailureLines } from './ending.ts';
import { toPromptQuote, toQuote, toSafeUrl } from './foreign-text.ts';
import { colors, type Outlook, type RenderedMessage, type ShownResult } from './message.ts';
import { toResultLines } from './result.ts';
import { toTitle } from './title.ts';

/** In UTF-16 code units, as Discord counts. */
const promptLimit = 1_000;
/** How much to show of what others wrote: characters of each proposal before escaping, and how many adjustments. */
const amounts = [
  { proposalLength: 250, adjustments: 8 },
  { proposalLength: 120, adjustments: 4 },
  { proposalLength: 40, adjustments: 0 },
] as const;
type Amount = (typeof amounts)[number];
const barLength = 12;

/** How old a task is when its message says it's taking longer than usual. */
export const longAfterMs = 15 * 60_000;

export interface Showing {
  shown?: ShownResult;
  outlook?: Outlook;
}

/** The message that shows a task. Pure: the same task always makes the same message. */
export function renderTask(
  task: Task,
  words: Words,
  { shown = { as: 'nothing' }, outlook }: Showing = {},
): RenderedMessage {
  const embed = new EmbedBuilder().setColor(toColor(task)).setTitle(toTitle(task, words));
  embed.setDescription(describeTask(task, words, { shown, outlook }));
  embed.setFooter({ text: toFooter(task, words) });
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

/** A code block, in which Discord sees no mentions, links or formatting. */
function quotePrompt(task: Task): string {
  const prompt = toPromptQuote(task.request.prompt, promptLimit);
  return prompt === '' ? '' : `\`\`\`\n${prompt}\n\`\`\``;
}

/** Shows less of what others wrote until all of what the bot says fits. */
function describeTask(task: Task, words: Words, showing: Shown): string {
  const fitting = amounts.map((amount) =>
    [quotePrompt(task), ...toLines(task, words, showing, amount)].filter(Boolean).join('\n'),
  );
  const shortest = fitting.at(-1) ?? '';
  return fitting.find(({ length }) => length <= descriptionLimit) ?? cutText(shortest, descriptionLimit);
}

interface Shown {
  shown: ShownResult;
  outlook: Outlook | undefined;
}

function toLines(task: Task, words: Words, { shown, outlook }: Shown, amount: Amount): string[] {
  const { say } = words;
  const deadline = timeOfDay(task.deadlineAt);
  const lines: string[] = [];
  if (task.parentMessageId !== undefined) {
    lines.push(
      say('task.from', { message: messageLink({ ...task.origin.place, messageId: task.parentMessageId }) }),
    );
  }
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
      else lines.push(say('task.late'), ...toResultLines(task, words, shown, amount.proposalLength));
      break;
    case 'done':
      lines.push(...toResultLines(task, words, shown, amount.proposalLength));
  }
  lines.push(...toAdjustmentLines(task, words, amount));
  if (!isEnded(task) && !task.origin.place.isOpenToBot) lines.push(say('task.press-check'));
  lines.push(mentionPerson(task.origin.userId));
  return lines;
}

function toAdjustmentLines(
  { adjustments = [] }: Task,
  words: Words,
  { adjustments: most }: Amount,
): string[] {
  const lines = adjustments.slice(0, most).map((adjustment) => toAdjustmentLine(adjustment, words));
  const left = adjustments.length - lines.length;
  return left === 0 ? lines : [...lines, words.say('task.adjusted.more', { count: left })];
}

function toAdjustmentLine({ flag, asked, used }: Adjustment, { say }: Words): string {
  const values = { asked: toQuote(asked, 60), used: toQuote(used, 60) };
  const isSpeed = flag === `--${asked}`;
  return isSpeed
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
  if (task.queue !== undefined)
    return [say('task.queued-at-provider', { count: task.queue }), toProgressLine(0, words)];
  const lines = [
    usualMs === undefined
      ? say('task.running')
      : say('task.running.usual', { usual: words.duration(usualMs) }),
    toProgressLine(task.progress ?? 0, words),
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

function toFooter(task: Task, words: Words): string {
  const parts = [words.say(`speed.${task.request.speed}`), words.say('points', { count: task.price })];
  if (task.state === 'done' && task.acceptedAt !== undefined && task.finishedAt !== undefined) {
    parts.push(words.duration(Math.max(1_000, task.finishedAt - task.acceptedAt)));
  }
  return parts.join(' · ');
}

function toColor(task: Task): number {
  return isEnded(task) ? colors[task.state as 'done' | 'failed' | 'cancelled'] : colors.open;
}
