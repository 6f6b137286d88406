import { cellCount } from '../images/cells.ts';
import type { OfferPress, OfferWindow } from '../service/presses.ts';
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
