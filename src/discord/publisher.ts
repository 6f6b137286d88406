import type { Clock } from '../clock.ts';
import { PictureError } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import type { Words } from '../locales/index.ts';
import type { Logger } from '../log.ts';
import { isEnded, type Task } from '../task.ts';
import type { ByteBudget, Share } from '../tasks/byte-budget.ts';
import type { Outbox, OwedMessage } from '../tasks/outbox.ts';
import type { EditResult, Edits } from './edits.ts';
import { createProgress } from './progress.ts';
import { type Outlook, renderMention, renderTask, type ShownResult } from './render.ts';
import { type LoadResult, linkTo, type ResultFiles } from './result-files.ts';

/** Each waits for the provider's file server and for Discord most of the time. */
const deliveriesAtOnce = 16;
/** A result that cannot be fetched for so long is delivered as a link, which works for about a day. */
const fetchForMs = 10 * 60_000;
/** What Discord does not take for a day it never takes. */
const giveUpAfterMs = 24 * 60 * 60_000;
const longestSleepMs = 30_000;

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
  /** Of the files of all results that are under way. */
  budget: ByteBudget;
  /** What is expected of an unfinished task. */
  outlook: (task: Task) => Outlook;
  words: (locale: string) => Words;
  clock: Clock;
  log: Logger;
}

export function createPublisher(dependencies: PublisherDependencies): Publisher {
  const { outbox, edits, loadResult, budget, outlook, words, clock, log } = dependencies;
  const wordsOf = (task: Task) => words(task.origin.place.locale);
  const render = (task: Task, shown?: ShownResult) =>
    renderTask(task, wordsOf(task), shown === undefined ? { outlook: outlook(task) } : { shown });
  const progress = createProgress({ edits, render: (task) => render(task), clock, log });
  const delivering = new Map<string, Promise<void>>();
  let isStarted = false;
  let isStopping = false;
  let cancelTimer = () => {};
  let draining: Promise<void> | undefined;
  let isWokenAgain = false;

  function drain(): void {
    if (!isStarted) return;
    isWokenAgain = true;
    draining ??= drainUntilQuiet();
  }

  async function drainUntilQuiet(): Promise<void> {
    while (isWokenAgain) {
      isWokenAgain = false;
      await takeDue().catch((error: unknown) => {
        log.error({ error }, 'owed messages could not be read');
        sleep(5_000);
      });
    }
    draining = undefined; // in the same step as the last look at `isWokenAgain`, so that no wake is lost
  }

  async function takeDue(): Promise<void> {
    const free = deliveriesAtOnce - delivering.size;
    if (free <= 0) return;
    const due = await outbox.listDue(delivering.size + free, (taskId) => delivering.has(taskId));
    for (const owed of due.slice(0, free)) if (!delivering.has(owed.task.id)) startDelivery(owed);
    const nextDueAt = await outbox.nextDueAt();
    if (nextDueAt !== undefined) sleep(nextDueAt - clock.now());
  }

  function sleep(delayMs: number): void {
    cancelTimer();
    if (!isStopping)
      cancelTimer = clock.after(
        Math.min(longestSleepMs, Math.max(delivering.size > 0 ? 1_000 : 100, delayMs)),
        drain,
      );
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
        drain();
      });
    delivering.set(id, work);
  }

  async function deliver(owed: OwedMessage): Promise<void> {
    const { task, kind, attempts } = owed;
    await progress.end(task.id);
    const result =
      kind === 'final'
        ? await budget.share((share) => deliverFinal(owed, share))
        : await deliverMention(task);
    if (result.outcome === 'later') {
      log.warn(
        { taskId: task.id, kind, attempts, error: result.error },
        'a message has to be sent again later',
      );
      return postpone(owed, result.retryAfterMs);
    }
    if (result.outcome === 'done') {
      log.info({ taskId: task.id, kind, state: task.state }, 'delivered');
      return outbox.settle(owed);
    } else
      log.warn(
        { taskId: task.id, kind, outcome: result.outcome, error: result.error },
        'not delivered, for good',
      );
    await outbox.giveUp(owed);
  }

  async function postpone(owed: OwedMessage, delayMs = backoff(owed.attempts)): Promise<void> {
    if (clock.now() - owed.owedSince < giveUpAfterMs) return outbox.postpone(owed, delayMs);
    log.error({ taskId: owed.task.id, kind: owed.kind }, 'not delivered within a day, and given up');
    await outbox.giveUp(owed);
  }

  async function deliverFinal({ task, attempts }: OwedMessage, share: Share): Promise<EditResult> {
    const { place } = task.origin;
    const limit = edits.limitFor(place);
    const loaded = await load(task, limit, share);
    if ('outcome' in loaded) return loaded;
    const isWaiting = loaded.gap !== undefined && isWorthWaiting(task, loaded.gap);
    // Nobody waits for the others of a set: they are shown at once, and the message stays owed.
    if (isWaiting && attempts > 0) return { outcome: 'later', error: loaded.gap };
    const result = await show(task, loaded);
    if (isWaiting && result.outcome === 'done') return { outcome: 'later', error: loaded.gap };
    if (result.outcome !== 'too-large') return result;
    // Discord takes less here than it said: fitted once more, then as an address.
    const refitted = await load(task, Math.floor(Math.min(limit / 2, edits.smallestLimitBytes)), share);
    const again = 'outcome' in refitted ? refitted : await show(task, refitted);
    return again.outcome === 'too-large' ? show(task, linkTo(task)) : again;
  }

  /** The result's files, as an address where they cannot be had, or that it is worth another try. */
  async function load(task: Task, limitBytes: number, share: Share): Promise<ResultFiles | EditResult> {
    try {
      return await loadResult(task, limitBytes, share);
    } catch (error) {
      if (!(error instanceof DownloadError) && !(error instanceof PictureError)) throw error;
      return isWorthWaiting(task, error) ? { outcome: 'later', error } : linkTo(task);
    }
  }

  /** What cannot be fetched may be there later; what cannot be decoded never can. */
  function isWorthWaiting(task: Task, error: DownloadError | PictureError): boolean {
    const age = clock.now() - (task.lateAt ?? task.finishedAt ?? 0);
    if (error instanceof DownloadError && error.trouble === 'unavailable' && age <= fetchForMs) return true;
    log.error({ error, taskId: task.id }, 'a result could not be fetched');
    return false;
  }

  async function show(task: Task, { shown, files }: ResultFiles): Promise<EditResult> {
    const { place } = task.origin;
    const result = await edits.edit(place, render(task, shown), files);
    if (result.outcome !== 'refused') return result;
    log.error(
      { taskId: task.id, error: result.error },
      'Discord refuses a message; it is sent without foreign words',
    );
    return edits.edit(place, render(withoutForeignWords(task), shown), files);
  }

  async function deliverMention(task: Task): Promise<EditResult> {
    const { place } = task.origin;
    if (!place.isOpenToBot || place.messageId === undefined) return { outcome: 'gone' };
    return edits.send(place, renderMention(task, wordsOf(task)));
  }

  async function flush(): Promise<void> {
    while (delivering.size > 0 || draining !== undefined) {
      await Promise.all([...delivering.values(), draining]);
    }
  }

  return {
    announce(task) {
      if (isEnded(task)) drain();
      else if (task.acknowledgedAt !== undefined) progress.show(task);
    },
    start() {
      isStarted = true;
      drain();
    },
    async stop(graceMs) {
      isStopping = true;
      progress.stop();
      const isOver = new Promise<void>((resolve) => clock.after(graceMs, resolve));
      await Promise.race([flush(), isOver]);
      isStarted = false;
      cancelTimer();
    },
  };
}

/** Exponential from 2 s to 5 min. */
function backoff(attempts: number): number {
  return Math.min(300_000, 2_000 * 2 ** Math.min(attempts, 8));
}

/** AutoMod refuses edits for words in them (Discord code 200000): the result is worth more than its prompt. */
function withoutForeignWords(task: Task): Task {
  const { failure } = task;
  const request = { ...task.request, prompt: '' };
  return failure === undefined
    ? { ...task, request }
    : { ...task, request, failure: { kind: failure.kind, mayHaveCost: failure.mayHaveCost } };
}
