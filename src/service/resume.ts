import type { Region } from '../task.ts';
import type { Drafts } from './drafts.ts';
import type { OfferWindow, Presses } from './presses.ts';
import type { Opened, Starts, TaskCaller } from './start.ts';

/** How people go on with what they have begun. Everything is decided again: a draft proves no right. */
export interface Resume {
  /** Starts the task whose price its person agrees to, once. */
  agree(draftId: string, caller: TaskCaller): Promise<Opened>;
  /** The window as it was sent. */
  windowFor(draftId: string, caller: TaskCaller): Promise<OfferWindow>;
  /** The window, sent again. */
  act(draftId: string, values: { prompt: string; region?: Region }, caller: TaskCaller): Promise<Opened>;
}

export function createResume({
  drafts,
  starts,
  presses,
}: {
  drafts: Drafts;
  starts: Starts;
  presses: Pick<Presses, 'windowFor' | 'act'>;
}): Resume {
  return {
    async agree(draftId, { asker, origin }) {
      const draft = await drafts.require(draftId, asker.userId, 'price');
      const { request, account, price, channelId, isOpenToBot, parentId, parentOffer, parentMessageId } =
        draft;
      // Only the question is private: the answer goes to the channel, where the command's would have gone.
      const isThere = origin.place.channelId === channelId;
      const place = { ...origin.place, isOpenToBot: isThere ? isOpenToBot : origin.place.isOpenToBot };
      const lineage = {
        ...(parentId === undefined ? {} : { parentId }),
        ...(parentOffer === undefined ? {} : { parentOffer }),
        ...(parentMessageId === undefined ? {} : { parentMessageId }),
      };
      const caller = { asker, origin: { ...origin, place } };
      return starts.open(request, account, caller, lineage, { id: draftId, price });
    },
    async windowFor(draftId, caller) {
      const { prompt, ...press } = await drafts.require(draftId, caller.asker.userId, 'window');
      const { needsRegion = false } = (await presses.windowFor(press, caller)) ?? {};
      return { prompt, needsRegion };
    },
    async act(draftId, values, caller) {
      const { taskId, messageId, offer } = await drafts.require(draftId, caller.asker.userId, 'window');
      return presses.act({ taskId, messageId, offer, ...values }, caller);
    },
  };
}
