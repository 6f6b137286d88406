import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import { findExpired } from '../inputs/pictures.ts';
import { combinePrompt } from '../prompt/combine.ts';
import { composePrompt, maxPromptLength, takeSpeed } from '../prompt/compose.ts';
import { mostEdited } from '../prompt/edit-model.ts';
import { takeVideoFlags } from '../prompt/video.ts';
import { withoutZoom } from '../prompt/zoom.ts';
import type { Database } from '../storage/database.ts';
import { type InputPicture, isHiddenFrom, type Speed, type Task, type TaskOptions } from '../task.ts';
import { refuseSecondTime } from '../tasks/changes.ts';
import type { MessageMap } from '../tasks/message-map.ts';
import type { Lineage } from './consent.ts';
import { type Draft, type Drafts, toDraftPlace } from './drafts.ts';
import { findFirstRequest } from './first-requests.ts';
import { type EditValues, isGrid, toMenuEdit, withQuarters } from './menu-edits.ts';
import { lineageOf } from './painted-edits.ts';
import type { Preferences } from './preferences.ts';
import type { StartRequest } from './presses.ts';
import type { Starts, TaskCaller } from './start.ts';
import { findVideoChoices, type VideoChoices } from './video-choices.ts';

type MenuDraft = Extract<Draft, { kind: 'menu' }>;

/** What somebody wants to do with the pictures of a message. */
export interface MenuWish {
  readonly action: MenuDraft['action'];
  /** In the order in which they are offered. */
  readonly pictures: readonly InputPicture[];
  /** Where they are, if what comes of it is to say so. */
  readonly source?: { readonly messageId: string; readonly isOurs: boolean };
}

/** What to ask for before it can start. */
export interface MenuWindow {
  readonly draft: string;
  readonly action: MenuDraft['action'];
  /** The pictures to choose from; empty if there's nothing to choose. */
  readonly choices: readonly Pick<InputPicture, 'name' | 'quarter'>[];
  /** How many of them may be chosen. */
  readonly mostChosen: number;
  /** The words to start with. */
  readonly prompt: string;
  /** Whether somebody's mask would be used. */
  readonly takesMask: boolean;
  /** Whether they can paint one in their browser. */
  readonly takesPainting: boolean;
  /** Whether only a part is edited again unless they choose another one. */
  readonly hasPart: boolean;
  /** How many other pictures can be added to it. */
  readonly mostAdded: number;
  /** For a video: what can be chosen about it, and what it costs if nothing is. */
  readonly video?: VideoChoices;
  /** Reference pictures of the result that are used again, and those that no longer exist. */
  readonly references?: { readonly kept: number; readonly gone: number };
}

/** What was sent with the modal. It doesn't prove a right. */
export interface MenuValues extends EditValues {
  /** The numbers of the chosen pictures, from 0. */
  readonly chosen: readonly number[];
  /** What was chosen about a video. */
  readonly options?: TaskOptions;
}

/**
 * What people do with a message from its menu. Between the menu and the modal, it's kept as a draft, so that what they send
 * can't be about another picture.
 */
export interface MenuWork {
  /** Refuses what the person may not start before they type anything. */
  begin(wish: MenuWish, caller: TaskCaller): Promise<MenuWindow>;
  /**
   * The same for the prompt, parameters and reference pictures of the result that a message shows. Throws a `UserError` if it
   * shows none, or one that no prompt made.
   */
  beginAgain(messageId: string, caller: TaskCaller): Promise<MenuWindow>;
  /** Returns what to start, once. Throws a `UserError` for what can't be started, was started, or is no longer kept. */
  finish(draftId: string, values: MenuValues, caller: TaskCaller): Promise<MenuStart>;
}

/** What a person wants to start, and what it comes from. */
export interface MenuStart {
  readonly request: StartRequest;
  readonly lineage: Lineage;
  /** Whether their prompts are translated. */
  readonly isToTranslate: boolean;
  /** Whether they paint a mask before it starts. */
  readonly isToPaint: boolean;
  /** Whether only they see what comes of it. */
  readonly isPrivate: boolean;
}

/** How many of a message's pictures one task can be made with. */
const mostChosen: Readonly<Record<MenuDraft['action'], number>> = {
  ...{ describe: 1, edit: 1, imagine: 5, video: 1 },
};

export function createMenuWork({
  database,
  messageMap,
  drafts,
  preferences,
  starts,
  accounts,
  publicUrl,
  clock,
}: {
  database: Pick<Database, 'tasks'>;
  messageMap: Pick<MessageMap, 'find'>;
  drafts: Pick<Drafts, 'keep' | 'require'>;
  preferences: Pick<Preferences, 'read'>;
  starts: Pick<Starts, 'requireAllowed' | 'quote'>;
  accounts: Pick<Accounts, 'all'>;
  publicUrl: string | undefined;
  clock: Pick<Clock, 'now'>;
}): MenuWork {
  async function keep(
    menu: Omit<MenuDraft, 'kind' | 'expiresAt' | 'channelId' | 'isOpenToBot' | 'isPrivate'>,
    { asker, origin }: TaskCaller,
  ): Promise<string> {
    const { action, speed } = menu;
    if (!accounts.all.some(({ provider }) => provider.actions.has(action)))
      throw new UserError('action-unavailable');
    await starts.requireAllowed({ action, speed }, asker);
    return drafts.keep(origin.userId, { kind: 'menu', ...menu, ...toDraftPlace(origin.place) });
  }

  /** What a modal asks for besides words, as far as any account would use it. */
  function extrasOf(action: MenuDraft['action'], pictures: number) {
    const able = accounts.all.filter(({ provider }) => action === 'edit' && provider.actions.has('edit'));
    const takesSeveral = able.some(({ traits }) => traits.editModelInputs !== undefined);
    const takesMask = able.some(({ traits }) => traits.masksEdits === true);
    return {
      takesMask,
      takesPainting: takesMask && publicUrl !== undefined,
      mostAdded: takesSeveral ? Math.max(0, mostEdited - pictures) : 0,
    };
  }

  /** Whether somebody may want to edit one picture of a grid, and an account can be sent a part of a file. */
  function mayCut(action: MenuDraft['action'], { result }: Task, pictures: readonly InputPicture[]): boolean {
    if (action !== 'edit') return false;
    const takesBytes = accounts.all.some(
      ({ provider, traits }) => provider.actions.has('edit') && traits.inputs.by === 'bytes',
    );
    return takesBytes && pictures.length === 1 && result !== undefined && isGrid(result);
  }

  return {
    async begin({ action, pictures: found, source }, caller) {
      const task = source?.isOurs === true ? await messageMap.find(source.messageId) : undefined;
      const pictures = task !== undefined && mayCut(action, task, found) ? withQuarters(found) : found;
      const usesAll = pictures.length === 1;
      const lineage = {
        ...(task === undefined ? {} : { parentId: task.id }),
        ...(source === undefined ? {} : { parentMessageId: source.messageId }),
      };
      // What is imagined gets the speed with everything else that the person has set.
      const { speed: usual = 'fast' } = await preferences.read(caller.asker.userId);
      const speed = action === 'edit' || action === 'video' ? usual : 'fast';
      const draft = await keep({ action, pictures, usesAll, speed, ...lineage }, caller);
      const choices = usesAll ? [] : pictures;
      const { book } = caller.asker;
      const video =
        action === 'video'
          ? { video: await findVideoChoices({ pictures, speed, book }, { accounts, starts }) }
          : {};
      const extras = { ...extrasOf(action, 1), ...video };
      return {
        draft,
        action,
        choices,
        mostChosen: mostChosen[action],
        prompt: '',
        hasPart: false,
        ...extras,
      };
    },

    async beginAgain(messageId, caller) {
      const task = await messageMap.find(messageId);
      if (task === undefined || isHiddenFrom(task, caller.origin.userId))
        throw new UserError('message-without-task');
      const first = await findFirstRequest(database.tasks, task, caller.origin.userId);
      if (task.emptied !== undefined || first?.emptied !== undefined) throw new UserError('task-emptied');
      const words = withoutZoom(task.request.prompt);
      const { action } = first?.request ?? {};
      if (first === undefined || (action !== 'imagine' && action !== 'edit') || words === '')
        throw new UserError('task-without-prompt');
      // Not every API lets a follow-up have the speed that was asked for in the beginning.
      const { pictures: given, options, speed: asked, region } = first.request;
      const isKept = (picture: InputPicture) => findExpired([picture], clock.now()) === undefined;
      const edited = action === 'edit' ? [...given, ...(region?.picture ? [region.picture] : [])] : [];
      const lost = edited.find((picture) => !isKept(picture));
      if (lost !== undefined) throw new UserError('picture-gone', { name: lost.name });
      const pictures = given.filter(isKept).map((picture) => ({ ...picture, isFromMessage: true }));
      const { prompt, speed } = writeSpeed(words, asked);
      const kept = { pictures, usesAll: true, speed, ...(options === undefined ? {} : { options }) };
      const draft = await keep(
        { action, ...kept, parentId: task.id, ...(region === undefined ? {} : { region }) },
        caller,
      );
      const references = { kept: pictures.length, gone: given.length - pictures.length };
      const extras = extrasOf(action, pictures.length);
      const hasPart = region !== undefined;
      return { draft, action, choices: [], mostChosen: 0, prompt, hasPart, ...extras, references };
    },

    async finish(draftId, values, { origin }) {
      const { prompt = '', chosen } = values;
      await refuseSecondTime(database, { id: draftId, origin });
      const menu = await drafts.require(draftId, origin.userId, 'menu');
      const { action, options, parentId } = menu;
      const onceId = draftId;
      const pictures = choose(menu, chosen);
      const { isToPaint = false } = values;
      const fresh = { lineage: {}, isToTranslate: false, isToPaint: false, isPrivate: menu.isPrivate };
      if (action === 'describe')
        return { ...fresh, request: { onceId, action, prompt: '', speed: menu.speed, pictures } };
      if (action === 'edit')
        return {
          ...fresh,
          request: { onceId, ...toMenuEdit(menu, pictures, values) },
          lineage: lineageOf(menu),
          isToPaint,
        };
      if (action === 'video')
        return {
          ...fresh,
          request: { onceId, ...toVideo(menu, pictures, values) },
          lineage: lineageOf(menu),
        };
      const own = await preferences.read(origin.userId);
      const typed = { text: prompt, pictures: pictures.length };
      if (parentId === undefined) {
        const request = { onceId, action, ...combinePrompt(typed, own), pictures };
        return { ...fresh, request, isToTranslate: own.translate === true };
      }
      // The window showed the whole prompt of the result, so what was taken out of it stays out.
      const words = combinePrompt(typed, { presets: own.presets ?? {}, speed: menu.speed });
      const request = { onceId, action, ...words, pictures, ...(options === undefined ? {} : { options }) };
      return { ...fresh, request, lineage: { parentId } };
    },
  };
}

/** A video of what was chosen: what its words say of it counts, and what was chosen instead is told. */
function toVideo(
  menu: MenuDraft,
  pictures: readonly InputPicture[],
  { prompt = '', options: chosen = {} }: MenuValues,
): StartRequest {
  const { text, options, overridden } = takeVideoFlags(prompt, chosen);
  const { text: words, speed = menu.speed } = takeSpeed(text, undefined);
  const composed = composePrompt(words, {}, pictures.length);
  return { action: 'video', prompt: composed, speed, pictures, options, overridden };
}

/** Anybody can send any numbers: those of other pictures don't count. */
function choose({ action, pictures, usesAll }: MenuDraft, numbers: readonly number[]): InputPicture[] {
  if (usesAll) return [...pictures];
  const chosen = pictures.filter((_, index) => numbers.includes(index));
  if (chosen.length === 0 || chosen.length > mostChosen[action]) throw new UserError('unknown-component');
  return chosen;
}

/** A speed is a flag as long as people can see it; where it has no room, it's kept next to the words. */
function writeSpeed(words: string, speed: Speed): { prompt: string; speed: Speed } {
  const prompt = speed === 'fast' ? words : `${words} --${speed}`;
  return prompt.length > maxPromptLength ? { prompt: words, speed } : { prompt, speed: 'fast' };
}
