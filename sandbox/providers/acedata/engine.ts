import type { Clock } from '../clock.ts';
import { type AceTask, hasEnded, type Mode, type Outcome } from './task.ts';

/** Runs tasks, each through its progress at its own times. */
export interface Engine {
  start(task: AceTask, work: () => Outcome | undefined): void;
}

export interface EngineParts {
  clock: Clock;
  changed(task: AceTask): void;
}

/** Percent after a share of the time, in jumps like Midjourney's own messages. */
const steps = [
  [0.25, 0],
  [0.4, 15],
  [0.55, 46],
  [0.7, 62],
  [0.9, 93],
] as const;

const paceFactors: Readonly<Record<Mode, number>> = { relax: 3, fast: 1, turbo: 0.4 };

export function createEngine({ clock, changed }: EngineParts): Engine {
  function end(task: AceTask, error?: AceTask['error']): void {
    if (hasEnded(task)) return;
    Object.assign(task, { finishedAt: clock.now(), error, ...(error ? {} : { progress: 100 }) });
    changed(task);
  }

  function start(task: AceTask, work: () => Outcome | undefined): void {
    // Not before: the submit's answer is written before anything moves.
    clock.after(0, () => {
      task.startedAt = clock.now();
      changed(task);
      const outcome = work();
      if (outcome === undefined) {
        end(task, { code: 'bad_request', message: 'The action is not available for the image' });
        return;
      }
      task.outcome = outcome;
      advance(task, { outcome, at: 0, share: 0 });
    });
  }

  function advance(
    task: AceTask,
    { outcome, at, share }: { outcome: Outcome; at: number; share: number },
  ): void {
    const takesMs = outcome.takesMs * paceFactors[task.mode];
    const isStalled = task.fault?.do === 'stall';
    // A complaint from Midjourney comes at once, and is reported as a bad request (imagine guide).
    if (outcome.complaint !== undefined) {
      const message = outcome.complaint;
      clock.after(takesMs * 0.1, () => end(task, { code: 'bad_request', message }));
      return;
    }
    const step = steps[at];
    if (isStalled && at === 2) return;
    clock.after(takesMs * ((step?.[0] ?? 1) - share), () => {
      if (step === undefined) {
        end(
          task,
          task.fault?.do === 'fail' ? { code: 'task_failed', message: task.fault.reason } : undefined,
        );
        return;
      }
      task.progress = step[1];
      changed(task);
      advance(task, { outcome, at: at + 1, share: step[0] });
    });
  }

  return { start };
}
