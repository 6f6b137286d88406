import type { Clock } from '../clock.ts';
import { DownloadError } from '../images/download.ts';
import type { Words } from '../locales/index.ts';
import type { Logger } from '../log.ts';
import { isEnded, type Task } from '../task.ts';
import type { Outbox, OwedMessage } from '../tasks/outbox.ts';
import type { EditResult, Edits } from './edits.ts';
import { renderTask } from './render.ts';
import type { LoadResult, ResultFiles } from './result-files.ts';

/** Between two edits of one message: Discord takes about five in a few seconds, and people read no faster. */
const progressEveryMs = 3_000;
/** Before the first edit, so that a task which starts at once needs one edit less. */
const firstProgressMs = 1_000;
const deliveriesAtOnce = 4;
/** After that many downloads in vain, the result is delivered without its picture. */
const maxDownloads = 6;
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
  words: (locale: string) => Words;
  clock: Clock;
  log: Logger;
}

/** What is known of a message that shows an unfinished task. */
interface Slot {
  latest: Task;
  lastEditAt: number;
  cancelTimer: (() => void) | undefined;
  editing: Promise<void> | undefined;
}

export function createPublisher(dependencies: PublisherDependencies): Publisher {
  const { outbox, edits, loadResult, words, clock, log } = dependencies;
  const slots = new Map<string, Slot>();
  const delivering = new Map<string, Promise<void>>();
  let isStarted = false;
  let isStopping = false;
  let cancelTimer = () => {};
  let draining: Promise<void> | undefined;
  let isWokenAgain = false;

  function announce(task: Task): void {
    if (isEnded(task)) {
      slots.get(task.id)?.cancelTimer?.();
      drain();
    } else if (task.acknowledgedAt !== undefined && !isStopping) {
      scheduleProgress(task);
    }
  }

  function scheduleProgress(task: Task): void {
    const slot = slots.get(task.id);
    if (slot === undefined) {
      const fresh: Slot = { latest: task, lastEditAt: 0, cancelTimer: undefined, editing: undefined };
      slots.set(task.id, fresh);
      arm(fresh, firstProgressMs);
    } else if (task.revision > slot.latest.revision) {
      slot.latest = task;
      arm(slot, slot.lastEditAt + progressEveryMs - clock.now());
    }
  }

  function arm(slot: Slot, delayMs: number): void {
    if (slot.cancelTimer !== undefined || slot.editing !== undefined) return;
    slot.cancelTimer = clock.after(delayMs, () => {
      slot.cancelTimer = undefined;
      if (slots.get(slot.latest.id) !== slot) return; // the final message is on its way, or there
      slot.editing = drawProgress(slot).finally(() => {
        slot.editing = undefined;
        slot.lastEditAt = clock.now();
      });
    });
  }

  async function drawProgress(slot: Slot): Promise<void> {
    const task = slot.latest;
    const { place } = task.origin;
    const { outcome, error } = await edits.edit(place, renderTask(task, words(place.locale)), []);
    if (outcome !== 'done') log.debug({ taskId: task.id, outcome, error }, 'progress was not shown');
    if (slot.latest.revision > task.revision && slots.get(task.id) === slot) {
      clock.after(0, () => arm(slot, progressEveryMs));
    }
  }

  function drain(): void {
    if (!isStarted) return;
    isWokenAgain = true;
    draining ??= drainUntilQuiet().finally(() => {
      draining = undefined;
    });
  }

  async function drainUntilQuiet(): Promise<void> {
    while (isWokenAgain) {
      isWokenAgain = false;
      try {
        await takeDue();
      } catch (error) {
        log.error({ error }, 'owed messages could not be read');
        sleep(5_000);
        return;
      }
    }
  }

  async function takeDue(): Promise<void> {
    const free = deliveriesAtOnce - delivering.size;
    if (free <= 0) return;
    const due = await outbox.listDue(delivering.size + free);
    for (const owed of due.filter(({ task }) => !delivering.has(task.id)).slice(0, free)) startDelivery(owed);
    const nextDueAt = await outbox.nextDueAt();
    if (nextDueAt !== undefined) sleep(nextDueAt - clock.now());
  }

  function sleep(delayMs: number): void {
    cancelTimer();
    if (!isStopping) cancelTimer = clock.after(Math.min(longestSleepMs, Math.max(100, delayMs)), drain);
  }

  function startDelivery(owed: OwedMessage): void {
    const { id } = owed.task;
    const work = deliver(owed)
      .catch((error: unknown) => {
        log.error({ error, taskId: id }, 'a final message could not be made');
        return outbox.postpone(id, backoff(owed.attempts));
      })
      .catch((error: unknown) => log.error({ error, taskId: id }, 'an owed message could not be saved'))
      .finally(() => {
        delivering.delete(id);
        drain();
      });
    delivering.set(id, work);
  }

  async function deliver({ task, attempts }: OwedMessage): Promise<void> {
    await slots.get(task.id)?.editing;
    slots.delete(task.id);
    const loaded = await load(task, attempts);
    if (loaded === undefined) return outbox.postpone(task.id, backoff(attempts));
    const result = await show(task, loaded);
    if (result.outcome === 'later') {
      log.warn({ taskId: task.id, attempts, error: result.error }, 'Discord did not take a final message');
      return outbox.postpone(task.id, result.retryAfterMs ?? backoff(attempts));
    }
    if (result.outcome === 'done') log.info({ taskId: task.id, state: task.state }, 'delivered');
    else
      log.warn(
        { taskId: task.id, outcome: result.outcome, error: result.error },
        'nobody can see this message any more',
      );
    await outbox.settle(task.id);
  }

  /** The result's files; `undefined` where fetching them is worth another try later. */
  async function load(task: Task, attempts: number): Promise<ResultFiles | undefined> {
    const { place } = task.origin;
    try {
      return await loadResult(task, edits.limitFor(place, edits.routeFor(place)));
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      log.warn({ taskId: task.id, attempts, error }, 'a result could not be fetched');
      return attempts + 1 < maxDownloads ? undefined : { shown: { as: 'nothing' }, files: [] };
    }
  }

  async function show(task: Task, { shown, files }: ResultFiles): Promise<EditResult> {
    const { place } = task.origin;
    const language = words(place.locale);
    const result = await edits.edit(place, renderTask(task, language, shown), files);
    const url = task.result?.media[0]?.url;
    if (result.outcome === 'too-large' && url !== undefined) {
      return edits.edit(place, renderTask(task, language, { as: 'link', url }), []);
    }
    if (result.outcome === 'refused') {
      log.error(
        { taskId: task.id, error: result.error },
        'Discord refuses a message; it is sent without foreign words',
      );
      return edits.edit(place, renderTask(withoutForeignWords(task), language, shown), files);
    }
    return result;
  }

  return {
    announce,
    start() {
      isStarted = true;
      drain();
    },
    async stop(graceMs) {
      isStopping = true;
      for (const slot of slots.values()) slot.cancelTimer?.();
      const isOver = new Promise<void>((resolve) => clock.after(graceMs, resolve));
      await Promise.race([flush(), isOver]);
      isStarted = false;
      cancelTimer();
    },
  };

  async function flush(): Promise<void> {
    await draining;
    while (delivering.size > 0 || draining !== undefined) {
      await Promise.all([...delivering.values(), draining]);
    }
  }
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
