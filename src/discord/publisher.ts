import type { Clock } from '../clock.ts';
import type { Words } from '../locales/index.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import { isEnded, type Task } from '../task.ts';
import type { ByteBudget } from '../tasks/byte-budget.ts';
import type { Outbox, OwedMessage } from '../tasks/outbox.ts';
import { type AwaitedFrom, createAwaitedFiles } from './awaited-files.ts';
import { adviceFor, type EditResult, type Edits } from './edits.ts';
import { createFinalMessages, type FinalOutcome, type FinalResult, firstTries } from './final-message.ts';
import { createProgress } from './progress.ts';
import { isUnshown } from './render/ending.ts';
import { renderMention } from './render/mention.ts';
import type { Outlook, ShownResult } from './render/message.ts';
import { renderPlain } from './render/plain.ts';
import { renderTask } from './render/task.ts';
import type { LoadResult } from './result-files.ts';

/** Each waits for the provider's file server and for Discord most of the time. Over a slow line there are fewer. */
const mostDeliveriesAtOnce = 16;
/** What Discord does not take for a day it never takes, unless the bot was merely off for that day and has hardly tried. */
const giveUpAfterMs = 24 * 60 * 60_000;
const giveUpAfterAttempts = 10;
const longestSleepMs = 30_000;
const afterFailureMs = 5_000;
/** A machine of Discord's that has not heard of a message yet has, by then. */
const goneAgainAfterMs = 5_000;
/** Of a message that the bot has no right to write; Discord counts refusals, and shuts out who collects 10,000 in ten minutes. */
const forbiddenEveryMs = 60 * 60_000;

/** What is worth another try, and what the operator or a moderator can do about it. */
const waiting: Readonly<Partial<Record<FinalOutcome, string>>> = {
  later: 'a message has to be sent again later',
  archived: 'a message waits for its thread: it is archived, and the bot cannot open it',
  'too-slow':
    'a result could not be uploaded in time; it is sent again, made smaller, with fewer others at once',
  locked: 'a message waits for its thread: unlock it, or let the bot manage threads (Manage Threads)',
  forbidden: 'a message waits until the bot may write it',
};

/**
 * The only writer of tasks' messages. Progress is drawn now and then and may be lost; the final message is owed
 * by a row in the database and is tried until Discord has it, or can never have it.
 */
export interface Publisher {
  /** Takes note of a saved task; draws it when it is its turn. */
  announce(task: Task): void;
  /** Sends what earlier runs still owe, from now on. */
  start(): void;
  /** Resolves once what is due is delivered, or after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export interface PublisherDependencies {
  outbox: Outbox;
  edits: Edits;
  loadResult: LoadResult;
  /** Remembers which message shows a task, where the acknowledgement did not tell. */
  locate: (taskId: string, messageId: string) => Promise<void>;
  /** Refunds a result that can never be shown, and owes its person a message that says so; false if there is none. */
  unshow: (taskId: string, kind: 'unshown' | 'unfetched') => Promise<boolean>;
  /** The variable that names an account's address, for the operator. */
  baseUrlVariableOf: (account: string) => string;
  /** Of the files of all results that are under way. */
  budget: ByteBudget;
  /** What is expected of an unfinished task. */
  outlook: (task: Task) => Promise<Outlook>;
  words: (locale: string) => Words;
  random: () => number;
  clock: Clock;
  log: Logger;
}

export function createPublisher(dependencies: PublisherDependencies): Publisher {
  const { outbox, edits, budget, locate, unshow, outlook, words, random, clock, log } = dependencies;
  const wordsOf = (task: Task) => words(task.origin.place.locale);
  const render = (task: Task, shown: ShownResult) => renderTask(task, wordsOf(task), { shown });
  const renderUnfinished = async (task: Task) =>
    renderTask(task, wordsOf(task), { outlook: await outlook(task) });
  const onLocated = (task: Task, messageId: string) => locate(task.id, messageId);
  const progress = createProgress({ edits, render: renderUnfinished, onLocated, clock, log });
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
  /** When Discord first said of a task's message that it does not know it. */
  const goneSince = new Map<string, number>();
  const delivering = new Map<string, Promise<void>>();
  let deliveriesAtOnce = mostDeliveriesAtOnce;
  const loop = createLoop({
    clock,
    round: takeDue,
    onError(error) {
      log.error({ error }, 'owed messages could not be read');
      return clock.now() + afterFailureMs;
    },
    longestSleepMs,
  });

  async function takeDue(): Promise<number | undefined> {
    const free = deliveriesAtOnce - delivering.size;
    if (free <= 0) return undefined; // the end of a delivery wakes the loop
    const due = await outbox.listDue(delivering.size + free, (taskId) => delivering.has(taskId));
    for (const owed of due.slice(0, free)) if (!delivering.has(owed.task.id)) startDelivery(owed);
    const nextDueAt = await outbox.nextDueAt();
    // What is being delivered is due, too.
    const shortestSleepMs = delivering.size > 0 ? 1_000 : 100;
    return nextDueAt === undefined ? undefined : Math.max(nextDueAt, clock.now() + shortestSleepMs);
  }

  function startDelivery(owed: OwedMessage): void {
    const { id } = owed.task;
    const work = deliver(owed)
      .catch((error: unknown) => {
        log.error({ error, taskId: id }, 'an owed message could not be made');
        return postpone(owed);
      })
      .catch((error: unknown) => log.error({ error, taskId: id }, 'an owed message could not be saved'))
      .finally(() => {
        delivering.delete(id);
        loop.wake();
      });
    delivering.set(id, work);
  }

  async function deliver(owed: OwedMessage): Promise<void> {
    const { task, kind, attempts } = owed;
    await progress.end(task.id);
    const result: FinalResult =
      kind === 'final' ? await budget.share((share) => finals.send(owed, share)) : await deliverMention(task);
    learnPace(result);
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
      return outbox.settle(owed);
    }
    const facts = { taskId: task.id, kind, outcome: result.outcome, error: result.error };
    if (result.outcome === 'refused') return endRefused(owed, facts);
    if (result.outcome === 'unfetched' && (await unshow(task.id, 'unfetched'))) return;
    log.warn(facts, 'not delivered, for good');
    await outbox.giveUp(owed);
  }

  /** Uploads that share a line slow each other down. */
  function learnPace({ outcome }: FinalResult): void {
    if (outcome === 'too-slow') deliveriesAtOnce = Math.max(1, Math.floor(deliveriesAtOnce / 2));
    if (outcome === 'done') deliveriesAtOnce = Math.min(mostDeliveriesAtOnce, deliveriesAtOnce + 1);
  }

  /** A message is gone once Discord has said so twice, some seconds apart. */
  function isNewlyGone({ id }: Task): boolean {
    const since = goneSince.get(id) ?? clock.now();
    goneSince.set(id, since);
    return clock.now() - since < goneAgainAfterMs;
  }

  /** Nothing is owed any more. */
  function forget(taskId: string): void {
    files.forget(taskId);
    finals.forget(taskId);
    goneSince.delete(taskId);
  }

  /** What people deleted is their own doing; what Discord refuses to show is not paid for. */
  async function endRefused(owed: OwedMessage, facts: object): Promise<void> {
    if (owed.kind === 'final' && (await unshow(owed.task.id, 'unshown'))) {
      log.error(facts, 'Discord refuses to show a result in any form: it is refunded');
      return;
    }
    log.error(facts, 'Discord refuses a message in any form, and it is given up');
    // The message that says so is one of its own, and may be taken.
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

  /** While a result's files are awaited, their message says so. */
  async function tellAwaited(task: Task, from: AwaitedFrom): Promise<boolean> {
    const { place } = task.origin;
    const { outcome, error, messageId } = await edits.edit(place, render(task, { as: 'awaited', from }), []);
    if (messageId !== undefined && place.messageId === undefined) await locate(task.id, messageId);
    if (outcome !== 'done')
      log.debug({ taskId: task.id, outcome, error }, 'it was not shown what is awaited');
    return outcome !== 'later';
  }

  async function deliverMention(task: Task): Promise<EditResult> {
    const { place } = task.origin;
    if (!place.isOpenToBot || place.messageId === undefined) return { outcome: 'unreachable' };
    return edits.send(place, renderMention(task, wordsOf(task)));
  }

  async function flush(): Promise<void> {
    do await Promise.all([loop.idle(), ...delivering.values()]);
    while (delivering.size > 0);
  }

  return {
    announce(task) {
      if (isEnded(task)) loop.wake();
      else if (task.acknowledgedAt !== undefined) progress.show(task);
    },
    start: loop.start,
    async stop(graceMs) {
      progress.stop();
      const isOver = new Promise<void>((resolve) => clock.after(graceMs, resolve));
      await Promise.race([flush(), isOver]);
      await loop.stop();
    },
  };
}

/** Exponential from 2 s to 5 min, give or take a quarter, so that what failed together is not tried together. */
function backoff(attempts: number, random: () => number): number {
  return Math.min(300_000, 2_000 * 2 ** Math.min(attempts, 8)) * (0.75 + random() / 2);
}
