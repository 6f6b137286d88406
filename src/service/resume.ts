import type { Database } from '../storage/database.ts';
import type { Region } from '../task.ts';
import { refuseSecondTime } from '../tasks/changes.ts';
import type { Draft, Drafts } from './drafts.ts';
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
  database,
  drafts,
  starts,
  presses,
}: {
  database: Pick<Database, 'tasks'>;
  drafts: Drafts;
  starts: Starts;
  presses: Pick<Presses, 'windowFor' | 'act'>;
}): Resume {
  /** What was paid for isn't reported as something that is gone. */
  async function requirePrice(id: string, { origin }: TaskCaller) {
    try {
      return await drafts.require(id, origin.userId, 'price');
    } catch (error) {
      await refuseSecondTime(database, { id, origin });
      throw error;
    }
  }

  return {
    async agree(draftId, caller) {
      const draft = await requirePrice(draftId, caller);
      const { request, account, price, parentId, parentOffer, parentMessageId } = draft;
      const lineage = {
        ...(parentId === undefined ? {} : { parentId }),
        ...(parentOffer === undefined ? {} : { parentOffer }),
        ...(parentMessageId === undefined ? {} : { parentMessageId }),
      };
      return starts.open(request, account, inPublic(caller, draft), lineage, { id: draftId, price });
    },
    async windowFor(draftId, caller) {
      const { prompt, ...draft } = await drafts.require(draftId, caller.asker.userId, 'window');
      const window = await presses.windowFor(draft, caller);
      return { needsRegion: false, ...window, prompt };
    },
    async act(draftId, values, caller) {
      const draft = await drafts.require(draftId, caller.asker.userId, 'window');
      const { taskId, messageId, offer } = draft;
      return presses.act({ taskId, messageId, offer, ...values }, inPublic(caller, draft));
    },
  };
}

/** Only the draft's message is private: the answer goes to the channel, where the first one would have gone. */
function inPublic(caller: TaskCaller, { channelId, isOpenToBot }: Draft): TaskCaller {
  const { origin } = caller;
  if (origin.place.channelId !== channelId) return caller;
  return { ...caller, origin: { ...origin, place: { ...origin.place, isOpenToBot } } };
}
