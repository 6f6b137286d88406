import type { Accounts } from '../accounts/accounts.ts';
import { UserError } from '../errors.ts';
import { priceOf } from '../points/prices.ts';
import { toSent } from '../prompt/hidden-suffix.ts';
import { speedOf } from '../providers/speeds.ts';
import type { Offer, Task, TaskOptions, TaskRequest } from '../task.ts';
import { countExtensions, isExtension, isStillOffered } from './video-length.ts';

/** Returns what a press on an offer asks for: it has the words, the speed and the options of its parent. */
export function toPressRequest({ request }: Pick<Task, 'request'>, offer: Offer): TaskRequest {
  const { prompt, speed, hidden } = request;
  const options = toOptions(request, offer);
  return {
    action: offer.action,
    prompt,
    speed,
    pictures: [],
    offer,
    ...(hidden === undefined ? {} : { hidden }),
    ...(options === undefined ? {} : { options }),
  };
}

/**
 * A video goes on as large as it is. If a button can't say how many clips to make of one, it may make four; the same set again
 * has as many as before.
 */
function toOptions(request: TaskRequest, { action, takesWords }: Offer): TaskOptions | undefined {
  if (!isExtension(action)) return request.options;
  const { clips, ...options } = request.options ?? {};
  const kept = takesWords === true && clips !== undefined ? { clips } : {};
  return { ...options, ...kept, extensions: countExtensions(request) + 1 };
}

/** Returns what a press on each of a task's offers is charged, in their order; `undefined` for one that would be refused. */
export type PressPrices = (task: Task) => readonly (number | undefined)[];

/** A picture that was taken out of its grid before is free, which only the press finds out. */
export function createPressPrices({ accounts }: { accounts: Accounts }): PressPrices {
  function priceAt(task: Task, offer: Offer): number | undefined {
    if (offer.isLocal === true) return 0;
    const account = accounts.get(task.account);
    if (!isStillOffered(task, offer)) return undefined;
    if (account === undefined || !account.provider.actions.has(offer.action)) return undefined;
    try {
      const request = toSent(toPressRequest(task, offer));
      const adjustments = account.provider.review?.(request) ?? [];
      return priceOf(account.prices, { ...request, speed: speedOf(request, adjustments) });
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  return (task) => (task.result?.offers ?? []).map((offer) => priceAt(task, offer));
}
