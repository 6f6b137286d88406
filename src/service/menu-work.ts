import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import { findExpired } from '../inputs/pictures.ts';
import { combinePrompt } from '../prompt/combine.ts';
import { composePrompt, maxPromptLength, takeSpeed } from '../prompt/compose.ts';
import { withoutZoom } from '../prompt/zoom.ts';
import type { Database } from '../storage/database.ts';
import { type InputPicture, isHiddenFrom, type Speed, type Task } from '../task.ts';
import { refuseSecondTime } from '../tasks/changes.ts';
import type { MessageMap } from '../tasks/message-map.ts';
import type { Lineage } from './consent.ts';
import { type Draft, type Drafts, toDraftPlace } from './drafts.ts';
import type { Preferences } from './preferences.ts';
import type { StartRequest } from './presses.ts';
import type { Starts, TaskCaller } from './start.ts';

type MenuDraft = Extract<Draft, { kind: 'menu' }>;

/** What somebody wants to do with the pictures of a message. */
export interface MenuWish {
  readonly action: MenuDraft['action'];
  /** In the order in which they are offered. */
  readonly pictures: readonly InputPicture[];
}

/** What to ask for before it can start. */
export interface MenuWindow {
  readonly draft: string;
  readonly action: MenuDraft['action'];
  /** The names of the pictures to choose from; empty if there's nothing to choose. */
  readonly choices: readonly string[];
  /** How many of them may be chosen. */
  readonly mostChosen: number;
  /** The words to start with. */
  readonly prompt: string;
  /** Whether somebody's mask would be used. */
  readonly takesMask: boolean;
  /** Reference pictures of the result that are used again, and those that no longer exist. */
  readonly references?: { readonly kept: number; readonly gone: number };
}

/** What was sent with the modal. It doesn't prove a right. */
export interface MenuValues {
  readonly prompt?: string;
  /** The numbers of the chosen pictures, from 0. */
  readonly chosen: readonly number[];
  readonly mask?: InputPicture;
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
  /** Whether only they see what comes of it. */
  readonly isPrivate: boolean;
}

/** How many pictures one task can be made with: as many as the command has options for. */
const mostChosen: Readonly<Record<MenuDraft['action'], number>> = { describe: 1, edit: 1, imagine: 5 };
/** More generations than anybody makes. */
const mostSteps = 100;

export function createMenuWork({
  database,
  messageMap,
  drafts,
  preferences,
  starts,
  accounts,
  clock,
}: {
  database: Pick<Database, 'tasks'>;
  messageMap: Pick<MessageMap, 'find'>;
  drafts: Pick<Drafts, 'keep' | 'require'>;
  preferences: Pick<Preferences, 'read'>;
  starts: Pick<Starts, 'requireAllowed'>;
  accounts: Pick<Accounts, 'all'>;
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

  /** Returns the task that a result's line of follow-ups began with. */
  async function findFirst(task: Task): Promise<Task | undefined> {
    let first: Task | undefined = task;
    for (let step = 0; first?.request.offer !== undefined && step < mostSteps; step += 1)
      first = first.parentId === undefined ? undefined : await database.tasks.get(first.parentId);
    return first;
  }

  return {
    async begin({ action, pictures }, caller) {
      const usesAll = pictures.length === 1;
      const draft = await keep({ action, pictures, usesAll, speed: 'fast' }, caller);
      return {
        draft,
        action,
        choices: usesAll ? [] : pictures.map(({ name }) => name),
        mostChosen: mostChosen[action],
        prompt: '',
        takesMask: action === 'edit' && accounts.all.some(({ traits }) => traits.masksEdits === true),
      };
    },

    async beginAgain(messageId, caller) {
      const task = await messageMap.find(messageId);
      if (task === undefined || isHiddenFrom(task, caller.origin.userId))
        throw new UserError('message-without-task');
      const first = await findFirst(task);
      if (task.emptied !== undefined || first?.emptied !== undefined) throw new UserError('task-emptied');
      const words = withoutZoom(task.request.prompt);
      if (first?.request.action !== 'imagine' || words === '') throw new UserError('task-without-prompt');
      // Not every API lets a follow-up have the speed that was asked for in the beginning.
      const { pictures: given, options, speed: asked } = first.request;
      const pictures = given
        .filter((picture) => findExpired([picture], clock.now()) === undefined)
        .map((picture) => ({ ...picture, isFromMessage: true }));
      const { prompt, speed } = writeSpeed(words, asked);
      const kept = { pictures, usesAll: true, speed, ...(options === undefined ? {} : { options }) };
      const draft = await keep({ action: 'imagine', ...kept, parentId: task.id }, caller);
      const references = { kept: pictures.length, gone: given.length - pictures.length };
      return { draft, action: 'imagine', choices: [], mostChosen: 0, prompt, takesMask: false, references };
    },

    async finish(draftId, { prompt = '', chosen, mask }, { origin }) {
      await refuseSecondTime(database, { id: draftId, origin });
      const menu = await drafts.require(draftId, origin.userId, 'menu');
      const { action, options, parentId } = menu;
      const onceId = draftId;
      const pictures = choose(menu, chosen);
      const fresh = { lineage: {}, isToTranslate: false, isPrivate: menu.isPrivate };
      if (action === 'describe')
        return { ...fresh, request: { onceId, action, prompt: '', speed: menu.speed, pictures } };
      if (action === 'edit') {
        const { text, speed = menu.speed } = takeSpeed(prompt, undefined);
        const region = mask === undefined ? {} : { region: { cells: [], picture: mask } };
        const request = { action, prompt: composePrompt(text), speed, pictures, ...region };
        return { ...fresh, request: { onceId, ...request } };
      }
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
