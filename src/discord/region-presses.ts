import { UserError } from '../errors.ts';
import { cellCount } from '../images/cells.ts';
import type { Lineage } from '../service/consent.ts';
import type { OfferPress, OfferWindow, StartRequest } from '../service/presses.ts';
import type { CommandContext } from './command.ts';
import { renderRegionLink, renderRegionQuestion } from './render/region.ts';
import { requirePrivate } from './task-lists.ts';

/** Leads to the editor's page if people can reach it; the parts to choose from are there in any case. */
export async function askForRegion(
  offer: OfferPress,
  window: OfferWindow,
  context: CommandContext,
): Promise<void> {
  const { regions, regionPages, caller, words } = context;
  const draftId = await regions.begin(offer, window, caller);
  const page = await regionPages.begin({ kind: 'offer', ...offer }, window, caller);
  if (page !== undefined) return context.replyPrivately(renderRegionLink(page, words, draftId));
  const make = () => askForParts(draftId, offer.taskId, context);
  await context.replyPrivatelyWith(make, { isNewMessage: true });
}

/**
 * Leads to the page for an edit that only lacks its mask. Throws a `UserError` if nobody can reach the page, or the edit couldn't
 * be started.
 */
export async function askToPaint(
  { request, lineage = {} }: { request: StartRequest; lineage?: Lineage },
  { regionPages, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  const { onceId: _, overridden: __, ...edit } = request;
  const page = await regionPages.begin({ kind: 'edit', request: edit, ...lineage }, request, caller);
  if (page === undefined) throw new UserError('page-unavailable');
  await replyPrivately(renderRegionLink(page, words));
}

/** The second way: numbered parts in place of the link. */
export async function showParts(draftId: string, context: CommandContext): Promise<void> {
  const { regions, caller } = context;
  requirePrivate(caller);
  const taskId = await regions.taskOf(draftId, caller.userId);
  await context.replyPrivatelyWith(() => askForParts(draftId, taskId, context));
}

/** A picture takes a while to be fetched and drawn, so the answer has to be promised first. */
async function askForParts(draftId: string, taskId: string, { regions, words }: CommandContext) {
  const picture = await regions.draw(taskId);
  const alt = words.say('alt.parts', { first: 1, last: cellCount });
  const files =
    picture === undefined ? [] : [{ name: 'parts.jpg', data: picture, contentType: 'image/jpeg', alt }];
  return { message: renderRegionQuestion(draftId, picture !== undefined, words), files };
}
