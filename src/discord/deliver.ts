import type { Clock } from '../clock.ts';
import type { Words } from '../locales/index.ts';
import type { Logger } from '../log.ts';
import type { PressPrices } from '../service/press-prices.ts';
import type { Task } from '../task.ts';
import type { ByteBudget } from '../tasks/byte-budget.ts';
import type { Outbox, OwedMessage } from '../tasks/outbox.ts';
import { type AwaitedFrom, createAwaitedFiles } from './awaited-files.ts';
import type { DirectResults } from './direct-results.ts';
import { adviceFor, type EditResult, type Edits } from './edits.ts';
import { createFinalMessages, type FinalOutcome, type FinalResult, firstTries } from './final-message.ts';
import { isUnshown } from './render/ending.ts';
import { renderMention } from './render/mention.ts';
import type { ShownResult } from './render/message.ts';
import { renderPlain } from './render/plain.ts';
import { renderTask } from './render/task.ts';
import type { LoadResult } from './result-files.ts';

/** After a day Discord will never take it, unless the bot was off for that day and has hardly tried. */
const giveUpAfterMs = 24 * 60 * 60_000;
const giveUpAfterAttempts = 10;
/** By then, one of Discord's machines that hadn't heard of a new message has. */
const goneAgainAfterMs = 5_000;
/** For a message that the bot has no right to write; Discord counts refusals, and bans bots with 10,000 in ten minutes. */
const forbiddenEveryMs = 60 * 60_000;

/** What is worth another try, and what the operator or a moderator can do about it. */
const waiting: Readonly<Partial<Record<FinalOutcome, string>>> = {
  later: 'a message has to be sent again later',
  archived: 'a message waits for its thread: it is archived, and the bot cannot open it',
  'too-slow': 'a result could not be uploaded in time; it is sent again, smaller, with fewer others at once',
  locked: 'a message waits for its thread: unlock it, or let the bot manage threads (Manage Threads)',
  forbidden: 'a message waits until the bot may write it',
};

/**
 * Tries once to send an owed message; then settles it, postpones it, or gives it up. Never rejects: `undefined` if
 * something unexpected happened, which is in the log, and the message stays owed.
 */
export type Deliver = (owed: OwedMessage) => Promise<FinalOutcome | undefined>;

export interface DeliverDependencies {
  outbox: Outbox;
  edits: Edits;
  /** Tells a task's person by direct message that it ended. */
  tellDirectly: DirectResults['tell'];
  loadResult: LoadResult;
  /** Remembers which message shows a task, if the acknowledgement didn't say. */
  locate: (taskId: string, messageId: string) => Promise<void>;
  /** Refunds a result that can never be shown, and owes its person a message that says so; false if there is none. */
  unshow: (taskId: string, kind: 'unshown' | 'unfetched') => Promise<boolean>;
  /** What a press on each of a task's offers costs. */
  pricesOf: PressPrices;
  /** Whether any account makes videos of pictures. */
  animates: () => boolean;
  /** For how many days an account's API promises to keep the files of results, if it does. */
  keepsFilesDays: (account: string) => number | undefined;
  /** The variable that names an account's address, for the operator. */
  baseUrlVariableOf: (account: string) => string;
  /** Shared by the files of all results under way. */
  budget: ByteBudget;
  words: (locale: string) => Words;
  random: () => number;
  clock: Clock;
  log: Logger;
  /** Hears of each task whose end Discord has now. */
  onShown?: ((task: Task) => void) | undefined;
}

export function createDeliver(dependencies: DeliverDependencies): Deliver {
  const { outbox, edits, budget, locate, unshow, words, random, clock, log } = dependencies;
  const wordsOf = (task: Task) => words(task.origin.place.locale);
  const render = (task: Task, shown: ShownResult) =>
    renderTask(task, wordsOf(task), {
      ...{ shown, prices: dependencies.pricesOf(task), animates: dependencies.animates() },
      keptDays: dependencies.keepsFilesDays(task.account),
    });
  const files = createAwaitedFiles({ ...dependencies, tell: tellAwaited });
  const finals = createFinalMessages({
    edits,
    files,
    render,
    renderPlain: (task) => renderPlain(task, wordsOf(task)),
    renderMention: (task) => renderMention(task, wordsOf(task)),
    settleMention: (owed) => outbox.settle({ ...owed, kind: 'mention' }),
    log,
  });
  /** When Discord first said that it doesn't know a task's message. */
  const goneSince = new Map<string, number>();

  async function deliver(owed: OwedMessage): Promise<FinalOutcome> {
    const { task, kind } = owed;
    const result: FinalResult =
      kind === 'final' ? await budget.share((share) => finals.send(owed, share)) : await sendMention(task);
    await conclude(owed, result);
    return result.outcome;
  }

  async function conclude(owed: OwedMessage, result: FinalResult): Promise<void> {
    const { task, kind, attempts } = owed;
    if (result.outcome === 'gone' && isNewlyGone(task)) return postpone(owed, goneAgainAfterMs);
    const reason = waiting[result.outcome];
    if (reason !== undefined) {
      const advice = adviceFor(result.error);
      const facts = { taskId: task.id, kind, attempts, error: result.error };
      log.warn(facts, advice === undefined ? reason : `${reason}: ${advice}`);
      const isRefused = result.outcome === 'forbidden' && attempts >= firstTries;
      return postpone(owed, isRefused ? forbiddenEveryMs : result.retryAfterMs);
    }
    forget(task.id);
    if (result.outcome === 'done') {
      const isNews = kind === 'final' && task.origin.place.messageId === undefined;
      if (isNews && result.messageId !== undefined) await locate(task.id, result.messageId);
      log.info({ taskId: task.id, kind, state: task.state }, 'delivered');
      if (kind === 'final') dependencies.onShown?.(task);
      return outbox.settle(owed);
    }
    const facts = { taskId: task.id, kind, outcome: result.outcome, error: result.error };
    if (result.outcome === 'refused') return endRefused(owed, facts);
    if (result.outcome === 'unfetched' && (await unshow(task.id, 'unfetched'))) return;
    log.warn(facts, 'not delivered, for good');
    const isToldAnyway = result.outcome === 'unreachable' && task.origin.isToldDirectly === true;
    await outbox.giveUp(owed, { isToldAnyway });
  }

  /** A message is gone once Discord has said so twice, some seconds apart. */
  function isNewlyGone({ id }: Task): boolean {
    const since = goneSince.get(id) ?? clock.now();
    goneSince.set(id, since);
    return clock.now() - since < goneAgainAfterMs;
  }

  /** Nothing is owed for that task any longer. */
  function forget(taskId: string): void {
    files.forget(taskId);
    finals.forget(taskId);
    goneSince.delete(taskId);
  }

  /** If people delete a message, that's their decision; if Discord refuses to show a result, nobody pays for it. */
  async function endRefused(owed: OwedMessage, facts: object): Promise<void> {
    if (owed.kind === 'final' && (await unshow(owed.task.id, 'unshown'))) {
      log.error(facts, 'Discord refuses to show a result in any form: it is refunded');
      return;
    }
    log.error(facts, 'Discord refuses a message in any form, and it is given up');
    const { place, isToldDirectly } = owed.task.origin;
    if (isUnshown(owed.task) && place.isPrivate === true) {
      const told = await edits.whisper(place, renderMention(owed.task, wordsOf(owed.task)));
      if (told.outcome === 'later') return postpone(owed);
      return outbox.giveUp(owed, { isToldAnyway: isToldDirectly === true });
    }
    // The message that says so is a new one, which Discord may take.
    if (isUnshown(owed.task)) await outbox.settle(owed);
    else await outbox.giveUp(owed);
  }

  async function postpone(owed: OwedMessage, delayMs = backoff(owed.attempts, random)): Promise<void> {
    const isHopeless = clock.now() - owed.owedSince >= giveUpAfterMs && owed.attempts >= giveUpAfterAttempts;
    if (!isHopeless) return outbox.postpone(owed, delayMs);
    log.error({ taskId: owed.task.id, kind: owed.kind }, 'not delivered within a day, and given up');
    forget(owed.task.id);
    if (owed.kind === 'final' && (await unshow(owed.task.id, 'unshown'))) return;
    await outbox.giveUp(owed);
  }

  /** While a result's files are awaited, its message says so. */
  async function tellAwaited(task: Task, from: AwaitedFrom): Promise<boolean> {
    const { place } = task.origin;
    const { outcome, error, messageId } = await edits.edit(place, render(task, { as: 'awaited', from }), []);
    if (messageId !== undefined && place.messageId === undefined) await locate(task.id, messageId);
    if (outcome !== 'done')
      log.debug({ taskId: task.id, outcome, error }, 'a message could not say what it waits for');
    return outcome !== 'later';
  }

  /** If a person takes no direct messages, they're mentioned where that tells nobody else of something private. */
  async function sendMention(task: Task): Promise<EditResult> {
    const { place, isToldDirectly } = task.origin;
    if (isToldDirectly === true) {
      const told = await dependencies.tellDirectly(task, wordsOf(task));
      if (told.outcome === 'done') return { outcome: 'done' };
      if (told.outcome === 'later') return { ...told, outcome: 'later' };
      log.info(
        { taskId: task.id },
        'a person takes no direct messages, so they are told in the channel, if at all',
      );
    }
    if (!place.isOpenToBot || place.messageId === undefined) return { outcome: 'unreachable' };
    return edits.send(place, renderMention(task, wordsOf(task)));
  }

  return async (owed) => {
    const { id } = owed.task;
    try {
      return await deliver(owed);
    } catch (error) {
      log.error({ error, taskId: id }, 'an owed message could not be made');
    }
    await postpone(owed).catch((error: unknown) =>
      log.error({ error, taskId: id }, 'an owed message could not be saved'),
    );
    return undefined;
  };
}

/** Exponential from 2 s to 5 min, give or take a quarter, so that what failed together isn't tried again together. */
function backoff(attempts: number, random: () => number): number {
  return Math.min(300_000, 2_000 * 2 ** Math.min(attempts, 8)) * (0.75 + random() / 2);
}
