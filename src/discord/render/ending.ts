import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';
import { toSentence } from './error.ts';
import { toQuote } from './foreign-text.ts';

const reasonLimit = 300;

/** Why there is no result, and where the points are: for messages without a word of anybody else. */
export function toEndLines(task: Task, words: Words): string[] {
  if (task.state === 'cancelled') return [toCancelledLine(task, words)];
  return [words.say(`failure.${task.failure?.kind ?? 'internal'}`), toPointsLine(task, words)];
}

export function toCancelledLine(task: Task, words: Words): string {
  return `${words.say('task.canceled')} ${toPointsLine(task, words)}`;
}

/** Whether the points of a task without a result came back. */
function toPointsLine({ price, stop }: Task, { say }: Words): string {
  return say(stop?.isRefunded === false ? 'task.not-refunded' : 'task.refunded', { price });
}

/** Whether it had a result that nobody will see. */
export function isUnshown({ failure }: Task): boolean {
  return failure?.kind === 'unshown' || failure?.kind === 'unfetched';
}

export function toFailureLines(task: Task, words: Words): string[] {
  const { kind, reason, refusal, mayHaveCost } = task.failure ?? { kind: 'internal', mayHaveCost: false };
  const lines = [`❌ ${refusal === undefined ? words.say(`failure.${kind}`) : toSentence(refusal, words)}`];
  if (reason !== undefined)
    lines.push(words.say('task.provider-says', { reason: toQuote(reason, reasonLimit) }));
  lines.push(toPointsLine(task, words));
  if (mayHaveCost) lines.push(words.say('task.may-have-cost'));
  return lines;
}
