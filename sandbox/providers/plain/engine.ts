import type { Clock } from '../clock.ts';
import type { PlainTask } from './task.ts';

/** The outcome of a task's work. */
export interface Outcome {
  /** Realistic milliseconds. */
  takesMs: number;
  /** What it shows at the end. */
  made: Partial<Pick<PlainTask, 'views' | 'text' | 'urls'>>;
  /** Why it fails at the end. */
  complaint?: { code: string; reason: string } | undefined;
}

/** Moves each task through its states at its own times; all tasks at once, since no limit is documented. */
export interface Engine {
  start(task: PlainTask, outcome: Outcome): void;
  /** Ends a task that runs too long; a finished task stays as it is. */
  fail(task: PlainTask, code: string, reason: string): void;
}

const steps = [0.15, 0.3, 0.46, 0.62, 0.93] as const;

export function createEngine(clock: Clock, changed: (task: PlainTask) => void): Engine {
  function move(task: PlainTask, changes: Partial<PlainTask>): void {
    if (task.finishedAt !== undefined) return;
    Object.assign(task, changes);
    changed(task);
  }

  function fail(task: PlainTask, failCode: string, failReason: string): void {
    move(task, { state: 'failed', failCode, failReason, finishedAt: clock.now() });
  }

  return {
    fail,
    start(task, { takesMs, made, complaint }) {
      // Not before: the submit's answer is written before anything moves.
      clock.after(0, () => move(task, { state: 'running', startedAt: clock.now() }));
      if (task.fault?.do === 'stall') return;
      for (const share of steps)
        clock.after(takesMs * share, () => move(task, { percent: Math.round(share * 100) }));
      const { fault } = task;
      clock.after(takesMs, () => {
        if (fault?.do === 'fail') fail(task, '', fault.reason);
        else if (complaint !== undefined) fail(task, complaint.code, complaint.reason);
        else move(task, { state: 'done', percent: 100, finishedAt: clock.now(), ...made });
      });
    },
  };
}
