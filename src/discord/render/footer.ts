import type { Words } from '../../locales/index.ts';
import { type PriceList, priceOf } from '../../points/prices.ts';
import { isEnded, type Offer, type Task } from '../../task.ts';
import { buttonGroups, groupOf } from './groups.ts';

/** How long it took, what it cost, and what its buttons cost. */
export function toFooter(task: Task, words: Words, costs: readonly string[]): string {
  const { state, acceptedAt, finishedAt } = task;
  const hasTime = state === 'done' && acceptedAt !== undefined && finishedAt !== undefined;
  const time = hasTime ? [words.duration(Math.max(1_000, finishedAt - acceptedAt))] : [];
  return [...time, toPriceWord(task, words), ...costs].join(' · ');
}

/** Points that are back aren't a price. */
function toPriceWord(task: Task, { say }: Words): string {
  const { state, price, stop, lateAt } = task;
  const isBack = isEnded(task) && state !== 'done' && (stop?.isRefunded !== false || lateAt !== undefined);
  if (price === 0) return say('price.free');
  return isBack ? say('price.refunded') : say('points', { count: price });
}

/** What the buttons of a result cost, by kind: "U free", "V 100". 🔄 stands next to U, and has a price of its own. */
export function listCosts(task: Task, prices: PriceList, words: Words): string[] {
  const offers = task.result?.offers ?? [];
  const rerolls = offers.filter(isReroll);
  const others = offers.filter((offer) => !isReroll(offer));
  const kinds = buttonGroups.map(
    (group) =>
      [words.say(`cost.of.${group}`), others.filter(({ action }) => groupOf(action) === group)] as const,
  );
  const [pick, variation, ...rest] = kinds;
  const ordered = [pick, variation, ['🔄', rerolls] as const, ...rest];
  return ordered.flatMap((kind) =>
    kind === undefined || kind[1].length === 0
      ? []
      : [
          toCost(
            kind[0],
            kind[1].map((offer) => costOf(offer, task, prices)),
            words,
          ),
        ],
  );
}

function isReroll({ action }: Offer): boolean {
  return action === 'reroll' || action === 'reroll-video';
}

/** What a press is charged: it has the words, the speed and the options of its parent. */
function costOf({ action, isLocal }: Offer, { request }: Task, prices: PriceList): number {
  const { prompt, speed, options } = request;
  if (isLocal === true) return 0;
  return priceOf(prices, { action, prompt, speed, ...(options === undefined ? {} : { options }) });
}

function toCost(what: string, costs: readonly number[], { say }: Words): string {
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  if (most === 0) return say('cost.free', { what });
  return least === most ? say('cost', { what, price: most }) : say('cost.range', { what, least, most });
}
