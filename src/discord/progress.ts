import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { EditOutcome, Edits } from './edits.ts';
import { withoutForeignWords } from './final-message.ts';
import type { RenderedMessage } from './render/message.ts';
import { lastWordsMs, longAfterMs } from './render/task.ts';

/** Between two edits of one message: Discord takes about five in a few seconds, and people can't read any faster. */
const progressEveryMs = 3_000;
/** With more than this in total, each message is edited less often: progress is nice to have, results are a must. */
const mostEditsASecond = 40;
/** Before the first edit, so that a task that starts at once needs one edit less. */
const firstProgressMs = 1_000;
/** How often the position in the queue is looked at. */
const queueEveryMs = 15_000;

/** Draws unfinished tasks now and then, always the newest state and never the same twice. Losing an edit costs nothing. */
export interface Progress {
  /** Takes note of a saved, unfinished task. */
  show(task: Task): void;
  /** Stops drawing that task; resolves once an edit under way has ended. */
  end(taskId: string): Promise<void>;
  stop(): void;
}

export interface ProgressDependencies {
  edits: Edits;
  render: (task: Task) => Promise<RenderedMessage>;
  /** Called with the id of a message, if it wasn't known yet. */
  onLocated: (task: Task, messageId: string) => Promise<void>;
  clock: Clock;
  log: Logger;
}

/** What is known about a message that shows an unfinished task. */
interface Slot {
  latest: Task;
  lastEditAt: number;
  lastBody: string;
  timer: { at: number; cancel: () => void } | undefined;
  editing: Promise<void> | undefined;
  /** Nobody can see the message: edits would only count as failed requests. */
  isGone: boolean;
  /** How much is left out, because Discord refused the message with it. */
  plainness: Plainness;
}

/** 0: nothing; 1: the provider's preview, whose address Discord may refuse; 2: other people's words, too. */
type Plainness = 0 | 1 | 2;

export function createProgress({ edits, render, onLocated, clock, log }: ProgressDependencies): Progress {
  const slots = new Map<string, Slot>();
  let isStopped = false;

  function show(task: Task): void {
    if (isStopped) return;
    const slot = slots.get(task.id);
    if (slot === undefined) {
      const fresh = {
        latest: task,
        lastEditAt: clock.now() + firstProgressMs - progressEveryMs, // so that the next edit is due when the timer is
        lastBody: '',
        timer: undefined,
        editing: undefined,
        isGone: false,
        plainness: 0 as const,
      };
      slots.set(task.id, fresh);
      arm(fresh, clock.now() + firstProgressMs);
    } else if (task.revision > slot.latest.revision) {
      if (task.origin.place.token !== slot.latest.origin.place.token)
        Object.assign(slot, { isGone: false, lastBody: '' });
      slot.latest = task;
      arm(slot, slot.lastEditAt + editEveryMs());
    }
  }

  function editEveryMs(): number {
    return Math.max(progressEveryMs, (slots.size / mostEditsASecond) * 1_000);
  }

  /** Draws at that time, unless it's going to draw earlier anyway. */
  function arm(slot: Slot, at: number): void {
    if (slot.editing !== undefined || slot.isGone || isStopped) return;
    if (slot.timer !== undefined && slot.timer.at <= at) return;
    slot.timer?.cancel();
    const cancel = clock.after(at - clock.now(), () => {
      slot.timer = undefined;
      if (slots.get(slot.latest.id) === slot) slot.editing = draw(slot);
    });
    slot.timer = { at, cancel };
  }

  async function draw(slot: Slot): Promise<void> {
    const task = slot.latest;
    try {
      for (let isRefused = true; isRefused; ) {
        const message = await render(toPlainer(task, slot.plainness));
        const body = JSON.stringify(message);
        isRefused = body !== slot.lastBody && (await edit(slot, task, message, body)) === 'refused';
        if (slot.plainness === 2) break;
        if (isRefused) slot.plainness = slot.plainness === 0 && task.preview !== undefined ? 1 : 2;
      }
    } catch (error) {
      log.error({ error, taskId: task.id }, 'progress could not be drawn');
    }
    slot.editing = undefined;
    if (slots.get(task.id) !== slot) return;
    if (slot.latest.revision > task.revision) arm(slot, clock.now() + editEveryMs());
    else armRedraw(slot);
  }

  async function edit(slot: Slot, task: Task, message: RenderedMessage, body: string): Promise<EditOutcome> {
    const { outcome, error, messageId } = await edits.edit(task.origin.place, message, []);
    slot.lastEditAt = clock.now();
    if (outcome === 'done') slot.lastBody = body;
    else log.debug({ taskId: task.id, outcome, error }, 'progress was not shown');
    slot.isGone = outcome === 'gone' || outcome === 'unreachable' || outcome === 'forbidden';
    if (messageId !== undefined && task.origin.place.messageId === undefined)
      await onLocated(task, messageId);
    return outcome;
  }

  /** Some words change without an event: the position in the queue, and that it takes long. */
  function armRedraw(slot: Slot): void {
    const { state, acknowledgedAt = 0, origin } = slot.latest;
    const { isPrivate, tokenExpiresAt } = origin.place;
    const longAt = acknowledgedAt + longAfterMs;
    const lastWordsAt = isPrivate === true ? tokenExpiresAt - lastWordsMs : longAt;
    const next = [longAt, lastWordsAt].filter((at) => clock.now() < at);
    if (state === 'queued') next.push(clock.now() + queueEveryMs);
    if (next.length > 0) arm(slot, Math.min(...next));
  }

  return {
    show,
    async end(taskId) {
      const slot = slots.get(taskId);
      slot?.timer?.cancel();
      slots.delete(taskId);
      await slot?.editing;
    },
    stop() {
      isStopped = true;
      for (const slot of slots.values()) slot.timer?.cancel();
    },
  };
}

function toPlainer(task: Task, plainness: Plainness): Task {
  const { preview: _, ...bare } = task;
  if (plainness === 0) return task;
  return plainness === 1 ? bare : withoutForeignWords(bare);
}
