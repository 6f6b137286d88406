import { mentionRole } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { Changed, Overview } from '../../points/administration.ts';
import type { Statement } from '../../points/bookings.ts';
import { toPoints } from './points.ts';

type Points = number | undefined;

/** "**Allowance:** 2,000 points → 3,000 points" */
function toLine(name: string, from: string, to: string, { say }: Words): string {
  return from === to ? say('quota.unchanged', { name, value: to }) : say('quota.changed', { name, from, to });
}

function join(sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join('\n');
}

/** What everyone got before, and gets now. */
export function toDefaultChange(
  { before, ...now }: Changed<Overview, Pick<Overview, 'points' | 'unit' | 'timeZone'>>,
  words: Words,
): string {
  const { say } = words;
  const gets = ({ points: count, unit }: Pick<Overview, 'points' | 'unit'>) =>
    say(`quota.everyone-gets.${unit}`, { count });
  const isSameZone = before.timeZone === now.timeZone;
  const isSameAmount = before.points === now.points && before.unit === now.unit;
  return join([
    isSameAmount && !isSameZone ? undefined : toLine(say('quota.everyone'), gets(before), gets(now), words),
    isSameZone ? undefined : toLine(say('quota.time-zone'), before.timeZone, now.timeZone, words),
    before.unit === now.unit ? undefined : say('quota.new-period'),
  ]);
}

/** What a person got before, and gets now. */
export function toPersonChange(
  { before, allowance }: Changed<Statement, Pick<Statement, 'allowance'>>,
  isOwn: boolean,
  words: Words,
): string {
  const { say } = words;
  const points = (count: number) => toPoints(count, words);
  return join([
    toLine(say('account.allowance'), points(before.allowance), points(allowance), words),
    isOwn ? undefined : say('quota.person-unset'),
  ]);
}

/** What a role gave before, and gives now. */
export function toRoleChange(
  { roleId, points }: { roleId: string; points: Points },
  before: { points: Points },
  words: Words,
): string {
  const { say } = words;
  const gives = (count: Points) =>
    count === undefined ? say('quota.no-allowance') : say('points', { count });
  return toLine(mentionRole(roleId), gives(before.points), gives(points), words);
}

/** What a server could spend in a month before, and can now. */
export function toBudgetChange(
  { before, budget, spent }: Changed<Overview, Pick<Overview, 'budget'>>,
  words: Words,
): string {
  const { say } = words;
  const limit = (count: Points) => (count === undefined ? say('quota.no-limit') : say('points', { count }));
  const isSpent = budget !== undefined && spent >= budget;
  return join([
    toLine(say('quota.limit'), limit(before.budget), limit(budget), words),
    isSpent ? say('quota.spent', { spent }) : undefined,
  ]);
}
