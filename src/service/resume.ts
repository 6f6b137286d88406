import { UserError } from '../errors.ts';
import { combinePrompt } from '../prompt/combine.ts';
import { composeEdit } from '../prompt/edit-model.ts';
import type { Database } from '../storage/database.ts';
import { type Region, type TaskRequest, toPrivatePlace } from '../task.ts';
import { refuseSecondTime } from '../tasks/changes.ts';
import type { Lineage } from './consent.ts';
import type { Draft, Drafts } from './drafts.ts';
import type { Preferences } from './preferences.ts';
import type { OfferWindow, Presses } from './presses.ts';
import type { Opened, Starts, TaskCaller, Understanding } from './start.ts';
import type { Translations } from './translations.ts';

/** How people go on with what they have begun. Everything is decided again: a draft proves no right. */
export interface Resume {
  /** Starts the task whose price its person agrees to, once. */
  agree(draftId: string, caller: TaskCaller): Promise<Opened>;
  /** Starts a task with the corrected words, or with those that were written, once. */
  settle(draftId: string, words: 'corrected' | 'written', caller: TaskCaller): Promise<Opened>;
  /** Whether starting it takes seconds, since it's translated first, and whether only its person sees what comes of it. */
  expect(draftId: string, caller: TaskCaller): Promise<{ takesLong: boolean; isPrivate: boolean }>;
  /** The words that something was found in, to change them. */
  wordsOf(draftId: string, caller: TaskCaller): Promise<{ prompt: string }>;
  /** Starts the same with other words, once. */
  change(draftId: string, prompt: string, caller: TaskCaller): Promise<Opened>;
  /** The window as it was sent. */
  windowFor(draftId: string, caller: TaskCaller): Promise<OfferWindow>;
  /** The window, sent again. */
  act(draftId: string, values: { prompt: string; region?: Region }, caller: TaskCaller): Promise<Opened>;
}

export function createResume({
  database,
  drafts,
  preferences,
  starts,
  presses,
  translations,
}: {
  database: Pick<Database, 'tasks'>;
  drafts: Drafts;
  preferences: Pick<Preferences, 'read'>;
  starts: Starts;
  presses: Pick<Presses, 'windowFor' | 'act'>;
  translations: Translations;
}): Resume {
  /** What was paid for isn't reported as something that is gone. */
  async function requireOnce<Kind extends 'price' | 'words'>(id: string, kind: Kind, { origin }: TaskCaller) {
    try {
      return await drafts.require(id, origin.userId, kind);
    } catch (error) {
      await refuseSecondTime(database, { id, origin });
      throw error;
    }
  }

  async function translate(
    request: TaskRequest,
    caller: TaskCaller,
    understanding: Pick<Understanding, 'agreement'> & { readonly onceId: string },
  ): Promise<Opened> {
    // A press that starts nothing isn't translated either.
    await refuseSecondTime(database, { id: understanding.onceId, origin: caller.origin });
    const wish = { ...request, action: 'imagine' } as const;
    const plan = await translations.plan(wish, caller, understanding);
    if (plan.start !== undefined) return plan.start();
    const { overridden: _, ...asTyped } = plan.request;
    return starts.open(asTyped, undefined, caller, {}, understanding);
  }

  return {
    async agree(draftId, caller) {
      const draft = await requireOnce(draftId, 'price', caller);
      const { request, account, price, isAsWritten } = draft;
      const agreement = { id: draftId, price, isAsWritten };
      return starts.open(request, account, whereItBegan(caller, draft), lineageOf(draft), { agreement });
    },
    async settle(draftId, words, caller) {
      const draft = await requireOnce(draftId, 'words', caller);
      const isAsWritten = words === 'written';
      const request = isAsWritten ? draft.request : draft.corrected;
      const price = isAsWritten ? draft.writtenPrice : draft.price;
      if (price === undefined) throw new UserError('unknown-component');
      const agreement = { id: draftId, price, isAsWritten };
      const there = whereItBegan(caller, draft);
      if (!draft.isToTranslate)
        return starts.open(request, draft.account, there, lineageOf(draft), { agreement });
      return translate(request, there, { agreement, onceId: draftId });
    },
    async expect(draftId, caller) {
      const draft = await drafts.find(draftId, caller.origin.userId, 'words');
      const { place } = (draft === undefined ? caller : whereItBegan(caller, draft)).origin;
      return { takesLong: draft?.isToTranslate === true, isPrivate: place.isPrivate === true };
    },
    async wordsOf(draftId, caller) {
      const { request } = await drafts.require(draftId, caller.origin.userId, 'words');
      return { prompt: request.answer ?? request.prompt };
    },
    async change(draftId, prompt, caller) {
      const draft = await requireOnce(draftId, 'words', caller);
      const { request, account, parentId, parentOffer, parentMessageId } = draft;
      const there = whereItBegan(caller, draft);
      if (request.offer !== undefined && parentId !== undefined && parentOffer !== undefined) {
        const press = { taskId: parentId, messageId: parentMessageId ?? '', offer: parentOffer };
        const region = request.region === undefined ? {} : { region: request.region };
        return presses.act({ ...press, prompt, ...region }, there);
      }
      // The window showed everything else that the person has set, so what they took out stays out.
      const { presets } = await preferences.read(caller.asker.userId);
      const typed = { text: prompt, pictures: request.pictures.length };
      const combined = combinePrompt(typed, { presets, speed: request.speed });
      const isEdit = request.action === 'edit';
      const words = isEdit ? composeEdit(combined.prompt, request.pictures.length) : combined.prompt;
      const changed = { ...request, prompt: words, speed: combined.speed };
      const once = { onceId: draftId };
      if (!draft.isToTranslate) return starts.open(changed, account, there, lineageOf(draft), once);
      return translate(changed, there, once);
    },
    async windowFor(draftId, caller) {
      const { prompt, ...draft } = await drafts.require(draftId, caller.asker.userId, 'window');
      const window = await presses.windowFor(draft, caller);
      return { needsRegion: false, ...window, prompt };
    },
    async act(draftId, values, caller) {
      const draft = await drafts.require(draftId, caller.asker.userId, 'window');
      const { taskId, messageId, offer } = draft;
      return presses.act({ taskId, messageId, offer, ...values }, whereItBegan(caller, draft));
    },
  };
}

function lineageOf({
  parentId,
  parentOffer,
  parentMessageId,
}: Pick<Extract<Draft, { kind: 'price' | 'words' }>, keyof Lineage>): Lineage {
  return {
    ...(parentId === undefined ? {} : { parentId }),
    ...(parentOffer === undefined ? {} : { parentOffer }),
    ...(parentMessageId === undefined ? {} : { parentMessageId }),
  };
}

/** A draft's own message is private, but the answer goes where the first one would have gone. */
function whereItBegan(caller: TaskCaller, { channelId, isOpenToBot, isPrivate }: Draft): TaskCaller {
  const { origin } = caller;
  const { isPrivate: _, ...place } = origin.place;
  if (place.channelId !== channelId && !isPrivate) return caller;
  const began = isPrivate ? toPrivatePlace(place) : { ...place, isOpenToBot };
  return { ...caller, origin: { ...origin, place: began } };
}
