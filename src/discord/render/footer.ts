import type { Words } from '../../locales/index.ts';
import { type Action, isEnded, type Task } from '../../task.ts';
import { toForeignLabel } from './foreign-label.ts';
import { buttonGroups, gridGroups, groupOf } from './groups.ts';

/** A line of a footer doesn't end between a button and its price. */
const noBreak = '\u00a0';
/** Of the name of a button, in a footer. */
const longestName = 20;

/** How long it took, what it cost, and what its buttons cost. */
export function toFooter(task: Task, words: Words, costs: readonly string[]): string {
  const { state, acceptedAt, finishedAt } = task;
  const hasTime = state === 'done' && acceptedAt !== undefined && finishedAt !== undefined;
  const time = hasTime ? [words.duration(Math.max(1_000, finishedAt - acceptedAt))] : [];
  return [...time, ...toPriceWords(task, words), ...costs].join(' · ');
}

/** Points that are back aren't a price, and the message above already says that they are. */
function toPriceWords(task: Task, { say }: Words): string[] {
  const { state, price, stop, lateAt } = task;
  const isBack = isEnded(task) && state !== 'done' && (stop?.isRefunded !== false || lateAt !== undefined);
  if (isBack) return [];
  return [price === 0 ? say('price.free') : say('points', { count: price })];
}

/**
 * What the buttons of a result cost, by kind: "U free", "V 100". 🔄 stands next to U, and has a price of its own. `prices` are in
 * the order of the offers; a kind without any is left out.
 */
export function listCosts(
  { result }: Pick<Task, 'result'>,
  prices: readonly (number | undefined)[],
  words: Words,
): string[] {
  const priced = (result?.offers ?? []).map(({ action }, index) => ({ action, price: prices[index] }));
  const pricesOf = (fits: (action: Action) => boolean) =>
    priced.flatMap(({ action, price }) => (price === undefined || !fits(action) ? [] : [price]));
  const kinds = buttonGroups.map((group) => ({
    what: (group === 'other' ? nameOther(result) : undefined) ?? words.say(`cost.of.${group}`),
    costs: pricesOf((action) => groupOf(action) === group && !isReroll(action)),
  }));
  return kinds
    .toSpliced(gridGroups.length, 0, { what: '🔄', costs: pricesOf(isReroll) })
    .filter(({ costs }) => costs.length > 0)
    .map((kind) => toCost(kind, words).split(' ').join(noBreak));
}

/** What the API calls its own button, if it's the only one and its name isn't long. */
function nameOther(result: Task['result']): string | undefined {
  const others = (result?.offers ?? []).filter(({ action }) => groupOf(action) === 'other');
  const [name, ...more] = new Set(others.map((offer) => toForeignLabel(offer)));
  return more.length === 0 && name !== undefined && name.length <= longestName ? name : undefined;
}

function isReroll(action: Action): boolean {
  return action === 'reroll' || action === 'reroll-video' || action === 'redescribe';
}

function toCost({ what, costs }: { what: string; costs: readonly number[] }, { say }: Words): string {
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  if (most === 0) return say('cost.free', { what });
  return least === most ? say('cost', { what, price: most }) : say('cost.range', { what, least, most });
}
