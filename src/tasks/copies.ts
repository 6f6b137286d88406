import type { Tasks } from '../storage/tasks.ts';
import type { Facts, Offer, Result, Task, TaskEvent } from '../task.ts';

/** Whether the task only shows an existing picture again: it costs nothing, and no provider hears of it. */
export function isCopy({ request }: Task): boolean {
  return request.copyOf !== undefined;
}

/** Returns how a copy ends: with the picture or, if its source no longer has it, failed. */
export async function toCopied(tasks: Pick<Tasks, 'get'>, { request }: Task): Promise<TaskEvent> {
  const source = await tasks.get(request.copyOf ?? '');
  const result = source === undefined ? undefined : resultOfCopy(source, request.offer);
  if (result === undefined) return { type: 'failed', failure: { kind: 'forgotten', mayHaveCost: false } };
  const isWhole = request.offer?.isLocal !== true;
  return {
    type: 'copied',
    result,
    ...(source?.ref === undefined ? {} : { ref: source.ref }),
    ...(isWhole && source?.facts !== undefined ? { facts: toFactsOfCopy(source.facts) } : {}),
  };
}

/** What is told about the picture itself; making it took time and money only once. */
function toFactsOfCopy({ cost: _, submittedAt, startedAt, finishedAt, realSpeed, ...facts }: Facts): Facts {
  return facts;
}

/** Returns the whole result or, for a local offer, one picture with the offers for it. */
function resultOfCopy({ id, result }: Task, offer: Offer | undefined): Result | undefined {
  if (result === undefined || (result.media.length === 0 && result.text === undefined)) return undefined;
  const whole = { ...result, keptAs: result.keptAs ?? id };
  if (offer?.isLocal !== true || offer.index === undefined) return whole;
  const media = result.media[offer.index - 1];
  if (media === undefined) return undefined;
  const offers = result.offers.filter(({ index, isLocal }) => index === offer.index && isLocal !== true);
  return { media: [media], keptAs: whole.keptAs, keptIndex: offer.index - 1, offers };
}
