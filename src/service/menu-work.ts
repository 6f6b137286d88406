import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import { findExpired } from '../inputs/pictures.ts';
import { combinePrompt } from '../prompt/combine.ts';
import { composePrompt, maxPromptLength, takeSpeed } from '../prompt/compose.ts';
import { takeVideoFlags, videoClips } from '../prompt/video.ts';
import { withoutZoom } from '../prompt/zoom.ts';
import type { VideoForm } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import { type InputPicture, type Speed, type Task, type TaskOptions, videoResolutions } from '../task.ts';
import { refuseSecondTime } from '../tasks/changes.ts';
import type { MessageMap } from '../tasks/message-map.ts';
import type { Lineage } from './consent.ts';
import type { Draft, Drafts } from './drafts.ts';
import type { Preferences } from './preferences.ts';
import type { StartRequest } from './presses.ts';
import type { Starts, TaskCaller } from './start.ts';

type MenuDraft = Extract<Draft, { kind: 'menu' }>;

/** What somebody wants to do with the pictures of a message. */
export interface MenuWish {
  readonly action: MenuDraft['action'];
  /** In the order in which they are offered. */
  readonly pictures: readonly InputPicture[];
  /** The task whose result they are, if its button was pressed. */
  readonly parentId?: string;
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
  /** For a video: what can be chosen about it, and what it costs if nothing is. */
  readonly video?: { readonly form: VideoForm; readonly price: number | undefined };
  /** Reference pictures of the result that are used again, and those that no longer exist. */
  readonly references?: { readonly kept: number; readonly gone: number };
}

/** What was sent with the modal. It doesn't prove a right. */
export interface MenuValues {
  readonly prompt?: string;
  /** The numbers of the chosen pictures, from 0. */
  readonly chosen: readonly number[];
  readonly mask?: InputPicture;
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
}

/** How many pictures one task can be made with: as many as the command has options for. */
const mostChosen: Readonly<Record<MenuDraft['action'], number>> = {
  ...{ describe: 1, edit: 1, imagine: 5, video: 1 },
};
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
  starts: Pick<Starts, 'requireAllowed' | 'quote'>;
  accounts: Pick<Accounts, 'all'>;
  clock: Pick<Clock, 'now'>;
}): MenuWork {
  async function keep(
    menu: Omit<MenuDraft, 'kind' | 'expiresAt' | 'channelId' | 'isOpenToBot'>,
    { asker, origin }: TaskCaller,
  ): Promise<string> {
    const { action, speed } = menu;
    if (!accounts.all.some(({ provider }) => provider.actions.has(action)))
      throw new UserError('action-unavailable');
    await starts.requireAllowed({ action, speed }, asker);
    const { channelId, isOpenToBot } = origin.place;
    return drafts.keep(origin.userId, { kind: 'menu', ...menu, channelId, isOpenToBot });
  }

  /** Returns all that some account here can do, since the one that fits gets it. */
  async function describeVideos(pictures: readonly InputPicture[], { asker }: TaskCaller) {
    const forms = accounts.all.flatMap(({ provider, traits }) =>
      provider.actions.has('video') ? (traits.videos ?? []) : [],
    );
    const price = await starts.quote(
      // Some APIs want words, which don't change the price.
      { action: 'video', prompt: 'it moves', speed: 'fast', pictures: pictures.slice(0, 1) },
      asker.book,
    );
    return { form: unite(forms), price };
  }

  /** Returns the task that a result's line of follow-ups began with. */
  async function findFirst(task: Task): Promise<Task | undefined> {
    let first: Task | undefined = task;
    for (let step = 0; first?.request.offer !== undefined && step < mostSteps; step += 1)
      first = first.parentId === undefined ? undefined : await database.tasks.get(first.parentId);
    return first;
  }

  return {
    async begin({ action, pictures, parentId }, caller) {
      const usesAll = pictures.length === 1;
      const lineage = parentId === undefined ? {} : { parentId };
      const draft = await keep({ action, pictures, usesAll, speed: 'fast', ...lineage }, caller);
      const video = action === 'video' ? { video: await describeVideos(pictures, caller) } : {};
      return {
        ...video,
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
      if (task === undefined) throw new UserError('message-without-task');
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

    async finish(draftId, { prompt = '', chosen, mask, options: wished = {} }, { origin }) {
      await refuseSecondTime(database, { id: draftId, origin });
      const menu = await drafts.require(draftId, origin.userId, 'menu');
      const { action, options, parentId } = menu;
      const onceId = draftId;
      const pictures = choose(menu, chosen);
      const fresh = { lineage: {}, isToTranslate: false };
      if (action === 'describe')
        return { ...fresh, request: { onceId, action, prompt: '', speed: menu.speed, pictures } };
      if (action === 'edit') {
        const { text, speed = menu.speed } = takeSpeed(prompt, undefined);
        const region = mask === undefined ? {} : { region: { cells: [], picture: mask } };
        const request = { action, prompt: composePrompt(text), speed, pictures, ...region };
        return { ...fresh, request: { onceId, ...request } };
      }
      if (action === 'video') {
        const { text, options: said, overridden } = takeVideoFlags(prompt, wished);
        const { text: words, speed = menu.speed } = takeSpeed(text, undefined);
        const request = { action, prompt: composePrompt(words, {}, pictures.length), speed, pictures };
        const lineage = parentId === undefined ? {} : { parentId };
        return { lineage, isToTranslate: false, request: { onceId, ...request, options: said, overridden } };
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

/** What can be chosen if the account that fits is found later. */
function unite(forms: readonly VideoForm[]): VideoForm {
  return {
    clips: videoClips.filter((count) => forms.some(({ clips }) => clips.includes(count))),
    resolutions: videoResolutions.filter((one) => forms.some(({ resolutions }) => resolutions.includes(one))),
    takesEnd: forms.some(({ takesEnd }) => takesEnd),
    is720pFast: forms.every(({ is720pFast }) => is720pFast),
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
