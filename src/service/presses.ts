import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import { AnswerError, UserError } from '../errors.ts';
import type { Asker } from '../points/policy.ts';
import { requireLength } from '../prompt/compose.ts';
import { requirePriced } from '../prompt/scan.ts';
import { hasValidZoom, proposeZoom } from '../prompt/zoom.ts';
import type { Cancelling } from '../runner/cancelling.ts';
import type { Lanes } from '../runner/lanes.ts';
import type { Database } from '../storage/database.ts';
import {
  isEnded,
  isHiddenFrom,
  type Offer,
  type Origin,
  type Place,
  type Region,
  type StartAction,
  type Task,
  type TaskRequest,
} from '../task.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
import type { CancelBegun, CancelOutcome } from '../tasks/stops.ts';
import type { Lineage } from './consent.ts';
import { type Drafts, toDraftPlace } from './drafts.ts';
import type { Preferences } from './preferences.ts';
import { toPressRequest } from './press-prices.ts';
import type { ChoosePressSpeed } from './press-speeds.ts';
import type { Remixes } from './remixes.ts';
import type { Opened, Starts, TaskCaller, Understanding } from './start.ts';
import { type Presser, refuseOthers, type TaskMessages } from './task-messages.ts';
import { isStillOffered, longestSeconds } from './video-length.ts';
import { ownWordsOf, readRegion, readTyped, refuseExpired, requirePaid } from './window-values.ts';
import { type OverriddenOption, readWording } from './wording.ts';

/** The number of **Try again** among a task's offers. */
const againOffer = -1;

export interface StartRequest
  extends Pick<TaskRequest, 'prompt' | 'speed' | 'pictures' | 'options' | 'region'> {
  readonly action: StartAction;
  /** Options that don't count, which their person is told before anything is charged. */
  readonly overridden?: readonly OverriddenOption[];
  /** The draft that it comes from, if that starts only one task. */
  readonly onceId?: string;
}

/** A press on what a result offers. */
export interface OfferPress extends Target {
  readonly offer: number;
}

/** A press, with what was chosen in its modal, if it has one. */
export interface FilledPress extends OfferPress {
  readonly prompt?: string;
  readonly region?: Region;
}

/** What to ask for before an offer can start. */
export interface OfferWindow {
  /** What to propose as the prompt. */
  readonly prompt: string;
  /** Whether to ask for a region of the picture, too. */
  readonly needsRegion: boolean;
  /** Whether the prompt may be left empty, which keeps the picture's own words. */
  readonly mayBeEmpty?: boolean;
  /** Whether the button would start without it: the person wants to be asked. */
  readonly isRemix?: boolean;
}

/** Someone who presses on a message that doesn't show the task: what they may do depends on where that message is. */
export interface PresserSomewhere extends Presser {
  readonly asker: Pick<Asker, 'book'>;
  readonly origin: { readonly place: Pick<Place, 'channelId'> };
}

/**
 * What people start, and what they do with it. Each of these decides and saves, or throws a `UserError`. Those that start a
 * task charge for it, and nothing is submitted before Discord shows an answer.
 */
export interface Presses {
  /** Starts fresh work, and remembers what it comes from. */
  start(request: StartRequest, caller: TaskCaller, lineage?: Lineage): Promise<Opened>;
  /** Starts what a button of a result offers, with what was typed into its modal, if it has one. */
  act(press: FilledPress, caller: TaskCaller, understanding?: Understanding): Promise<Opened>;
  /**
   * Returns what to ask for before an offer can start; `undefined` if that's nothing. Refuses what the person may not start
   * before they type anything.
   */
  windowFor(press: OfferPress, caller: TaskCaller): Promise<OfferWindow | undefined>;
  /** Returns the text to propose as the owner's answer to the provider's question. */
  questionOf(target: Target, userId: string): Promise<Pick<OfferWindow, 'prompt' | 'mayBeEmpty'>>;
  /** Sends the owner's answer to the provider. */
  answer(target: Target, userId: string, prompt: string): Promise<void>;
  /**
   * Cancels a task that waits, or asks the provider to cancel one that runs, if it can. If the points wouldn't come back, it
   * says so and changes nothing, unless `isAgreed`: the presser knows that.
   */
  cancel(target: Target, presser: Presser, isAgreed?: boolean): Promise<CancelOutcome>;
  /** Cancels after a second press: on the question whether to cancel without a refund. */
  cancelAnyway(taskId: string, presser: PresserSomewhere): Promise<CancelBegun>;
  /** Starts a failed or cancelled task again, for the person who presses. */
  again(target: Target, caller: TaskCaller): Promise<Opened>;
}

/** What people do with tasks and with the messages that show them. */
export type TaskService = Presses & TaskMessages;

type Pressed = { readonly parent: Task; readonly number: number; readonly offer: Offer };

export interface PressesDependencies {
  database: Database;
  accounts: Pick<Accounts, 'get'>;
  lanes: Pick<Lanes, 'answer'>;
  starts: Starts;
  messageMap: MessageMap;
  drafts: Pick<Drafts, 'keep'>;
  preferences: Pick<Preferences, 'read'>;
  remixes: Remixes;
  choosePressSpeed: ChoosePressSpeed;
  cancelling: Cancelling;
  /** Whether a task's pictures can still be shown without its provider. */
  isAvailable: (task: Task) => Promise<boolean>;
  clock: Clock;
}

export function createPresses(dependencies: PressesDependencies): Presses {
  const { database, accounts, lanes, cancelling, starts, messageMap, drafts, clock } = dependencies;
  const { preferences, remixes } = dependencies;
  const { open } = starts;

  async function readOffer(press: OfferPress, userId: string): Promise<{ parent: Task; offer: Offer }> {
    const parent = await messageMap.require(press, userId);
    if (parent.emptied === 'all') throw new UserError('task-emptied');
    const offer = parent.result?.offers[press.offer];
    if (offer === undefined) throw new UserError('unknown-component');
    if (!isStillOffered(parent, offer)) throw new UserError('video-longest', { seconds: longestSeconds });
    return { parent, offer };
  }

  /** Finds the picture if it was taken out of this grid before, since showing it again is free. */
  async function findCopy(parent: Task, number: number, offer: Offer): Promise<Task | undefined> {
    if (offer.action !== 'upscale') return undefined;
    const done = await database.tasks.getDonePress(parent.result?.keptAs ?? parent.id, number);
    if (done?.result === undefined || done.result.media.length === 0) return undefined;
    return (await dependencies.isAvailable(done)) ? done : undefined;
  }

  /**
   * Whether words that are left empty are those of the picture: its own, which are sent again, or else whatever the API has
   * kept. Those may have a speed in them that we, or somebody else, had added; only a fast one is sure to have none.
   */
  function mayBeEmpty({ account, request: { speed } }: Task, own: string): boolean {
    return own !== '' || (speed === 'fast' && accounts.get(account)?.provider.takesEmptyAnswers === true);
  }

  /** Reads a text from a modal; an empty one means the task's `own`. The task already has its speed, and so its price. */
  function readText(text: string, task: Task, own?: string): string {
    const prompt = readTyped(text, task.request.speed) || (own ?? '');
    if (prompt === '' && (own === undefined || !mayBeEmpty(task, own))) throw new UserError('prompt-empty');
    return requireLength(prompt);
  }

  function readAnswer(text: string, task: Task): string {
    try {
      const prompt = readText(text, task, ownWordsOf(task));
      const request = { ...task.request, prompt, answer: prompt };
      requirePriced(request);
      const { findings, corrected, isSendable } = readWording(request, accounts.get(task.account)?.kind);
      if (!isSendable) throw new UserError('answer-wrong', { findings, corrected });
      requirePaid(task, prompt);
      return prompt;
    } catch (error) {
      throw error instanceof UserError ? new AnswerError(error) : error;
    }
  }

  /** What is wrong with a window that was sent, next to a button that opens it again with the same words. */
  async function refuseWindow(
    code: 'zoom-malformed' | 'region-missing' | 'region-everything',
    { taskId, messageId, offer }: OfferPress,
    { prompt, origin }: { prompt: string; origin: Origin },
  ): Promise<never> {
    const press = { taskId, messageId, offer, ...toDraftPlace(origin.place) };
    const draft = await drafts.keep(origin.userId, { kind: 'window', ...press, prompt });
    throw new UserError(code, { draft });
  }

  /** Refuses early what the press would be refused for. */
  async function requireAllowed({ parent, number, offer }: Pressed, asker: Asker): Promise<void> {
    const speed = await dependencies.choosePressSpeed(parent, offer, asker.userId);
    const lineage = { parentId: parent.id, parentOffer: number };
    await starts.requireAllowed({ ...toPressRequest(parent, offer), speed }, asker, parent.account, lineage);
  }

  /** What a button asks for first only for people who want that. */
  async function remixWindowFor({ parent, number, offer }: Pressed, asker: Asker) {
    const { remix: wantsIt } = await preferences.read(asker.userId);
    const remix = wantsIt === true ? remixes.find(parent, offer) : undefined;
    if (remix === undefined) return undefined;
    await requireAllowed({ parent, number, offer }, asker);
    return { prompt: remix.prompt, needsRegion: false, mayBeEmpty: true, isRemix: true };
  }

  async function readQuestion(target: Target, userId: string): Promise<Task> {
    const task = await messageMap.require(target, userId);
    if (task.origin.userId !== userId) throw new UserError('not-yours');
    if (task.state !== 'asking') throw new UserError('asked-no-more');
    return task;
  }

  async function act(
    press: FilledPress,
    caller: TaskCaller,
    understanding: Understanding = {},
  ): Promise<Opened> {
    const { parent: shown, offer } = await readOffer(press, caller.origin.userId);
    const { account, request: made } = shown;
    const lineage = { parentId: shown.id, parentOffer: press.offer, parentMessageId: press.messageId };
    const speed = await dependencies.choosePressSpeed(shown, offer, caller.asker.userId);
    const parent = { ...shown, request: { ...made, speed } };
    const request = toPressRequest(parent, offer);
    const { hidden: _hidden, ...typedRequest } = request; // what somebody types is sent as it is
    const begin = (one: TaskRequest) =>
      open(one, account, caller, lineage, { ...understanding, usualSpeed: made.speed });
    if (offer.isLocal === true) return begin({ ...request, copyOf: parent.id });
    if (offer.action === 'custom-zoom') {
      const answer = readText(press.prompt ?? '', parent);
      const typed = { prompt: answer, origin: caller.origin };
      if (!hasValidZoom(answer)) await refuseWindow('zoom-malformed', press, typed);
      return begin({ ...typedRequest, prompt: answer, answer });
    }
    if (offer.action === 'vary-region') {
      const answer = readText(press.prompt ?? '', parent, ownWordsOf(parent));
      const region = readRegion(press.region);
      const typed = { prompt: answer, origin: caller.origin };
      if (typeof region === 'string') return refuseWindow(region, press, typed);
      return begin({ ...typedRequest, prompt: answer, answer, region });
    }
    if (offer.takesWords === true && press.prompt !== undefined)
      return begin({ ...request, prompt: readText(press.prompt, parent, made.prompt || undefined) });
    if (press.prompt !== undefined) {
      const { presets } = await preferences.read(caller.asker.userId);
      const remixed = remixes.read(parent, offer, { text: press.prompt, presets, readText });
      if ('offer' in remixed) return act({ ...press, ...remixed }, caller, understanding);
      refuseExpired(remixed.request, clock.now());
      return begin(remixed.request);
    }
    const copy = await findCopy(parent, press.offer, offer);
    return begin(copy === undefined ? request : { ...request, copyOf: copy.id });
  }

  return {
    async start({ overridden = [], onceId, ...request }, caller, lineage = {}) {
      return open(request, undefined, caller, lineage, { overridden, onceId });
    },

    act,

    async windowFor(press, { asker }) {
      const { parent, offer } = await readOffer(press, asker.userId);
      const pressed = { parent, number: press.offer, offer };
      const needsRegion = offer.action === 'vary-region';
      if (offer.action !== 'custom-zoom' && !needsRegion) return remixWindowFor(pressed, asker);
      await requireAllowed(pressed, asker);
      const { prompt } = parent.request;
      if (!needsRegion) return { prompt: proposeZoom(prompt), needsRegion };
      return { prompt, needsRegion, mayBeEmpty: mayBeEmpty(parent, ownWordsOf(parent)) };
    },

    async questionOf(target, userId) {
      const task = await readQuestion(target, userId);
      const prompt = ownWordsOf(task);
      return { prompt, mayBeEmpty: mayBeEmpty(task, prompt) };
    },

    async answer(target, userId, text) {
      const task = await readQuestion(target, userId);
      const prompt = readAnswer(text, task);
      if (!(await lanes.answer(task, prompt))) throw new UserError('asked-no-more');
    },

    async cancel(target, presser, isAgreed = false) {
      const task = await messageMap.require(target, presser.userId);
      refuseOthers(task, presser);
      return cancelling.cancel(task, isAgreed);
    },

    async cancelAnyway(taskId, presser) {
      const task = await database.tasks.get(taskId);
      if (task === undefined || isHiddenFrom(task, presser.userId)) throw new UserError('unknown-component');
      const { book, place } = task.origin;
      const isThere = presser.asker.book === book && presser.origin.place.channelId === place.channelId;
      refuseOthers(task, { ...presser, canManageMessages: presser.canManageMessages && isThere });
      const outcome = await cancelling.cancel(task, true);
      if (!outcome.isCancelled) throw new UserError('cancel-too-late');
      return outcome;
    },

    async again(target, caller) {
      const task = await messageMap.require(target, caller.origin.userId);
      if (task.state === 'done' || !isEnded(task)) throw new UserError('unknown-component');
      const { request, parentId, parentOffer, parentMessageId } = task;
      if (task.emptied !== undefined) throw new UserError('task-emptied');
      refuseExpired(request, clock.now());
      if (request.offer === undefined) {
        // Fresh work goes to any account that can do it now. Two presses of this button are one task, too.
        const lineage = { parentId: task.id, parentOffer: againOffer, parentMessageId: target.messageId };
        return open(request, undefined, caller, lineage);
      }
      const lineage = { parentId, parentOffer, parentMessageId };
      const known = Object.fromEntries(Object.entries(lineage).filter(([, value]) => value !== undefined));
      return open(request, task.account, caller, known);
    },
  };
}
