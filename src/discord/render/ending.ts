import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';
import { toSentence } from './error.ts';
import { toQuote } from './foreign-text.ts';

const reasonLimit = 300;
const codeLimit = 60;

/** Why there's no result, and whether the points are back: for messages without anything that others wrote. */
export function toEndLines(task: Task, words: Words): string[] {
  if (task.state === 'cancelled') return [toCancelledLine(task, words)];
  return [words.say(`failure.${task.failure?.kind ?? 'internal'}`), toPointsLine(task, words)];
}

export function toCancelledLine(task: Task, words: Words): string {
  return `${words.say('task.canceled')} ${toPointsLine(task, words)}`;
}

/** Whether the points came back. */
function toPointsLine({ price, stop }: Task, { say }: Words): string {
  return say(stop?.isRefunded === false ? 'task.not-refunded' : 'task.refunded', { price });
}

/** Whether there was a result, but no way to show it. */
export function isUnshown({ failure }: Task): boolean {
  return failure?.kind === 'unshown' || failure?.kind === 'unfetched';
}

export function toFailureLines(task: Task, words: Words): string[] {
  const { kind, reason, code, refusal, mayHaveCost } = task.failure ?? {
    kind: 'internal',
    mayHaveCost: false,
  };
  const lines = [`❌ ${refusal === undefined ? words.say(`failure.${kind}`) : toSentence(refusal, words)}`];
  if (reason !== undefined)
    lines.push(words.say('task.provider-says', { reason: toQuote(reason, reasonLimit) }));
  lines.push(toPointsLine(task, words));
  if (mayHaveCost) lines.push(words.say('task.may-have-cost'));
  if (code !== undefined) lines.push(words.say('task.provider-code', { code: toQuote(code, codeLimit) }));
  return lines;
}
