import type { Caller } from '../caller.ts';
import type { Habits } from './habits.ts';
import type { MjTask, Status } from './task.ts';

/** Reports every change to the address that was asked for: an unsigned POST of the task, tried once. */
export interface Hooks {
  notify(task: MjTask): void;
}

export interface HookParts {
  habits: Habits;
  caller: Caller;
  /** The task as a fetch shows it. */
  show(task: MjTask): string;
}

/** What `status.order` is; windows and cancellations come after all others, so they're hardly ever reported (TaskStatus). */
const orders: Record<Status, number> = {
  NOT_START: 0,
  MODAL: 0,
  CANCEL: 0,
  SUBMITTED: 1,
  IN_PROGRESS: 3,
  SUCCESS: 4,
  FAILURE: 4,
};

/**
 * `notifyHook`, as in NotifyServiceImpl.java and NotifyService.cs: requests go out at the same time, so they arrive in
 * any order; Java reports the same twice, trueai doesn't; a failure is logged and forgotten.
 */
export function createHooks({ habits, caller, show }: HookParts): Hooks {
  const told = new WeakMap<MjTask, number>();

  return {
    notify(task) {
      if (task.notifyHook === '') return;
      const rank = orders[task.status] * 1_000 + (Number.parseInt(task.progress, 10) || 0);
      const last = told.get(task) ?? -1;
      if (rank < last || (rank === last && habits.flavour !== 'java')) return;
      told.set(task, rank);
      caller.call(task.notifyHook, show(task));
    },
  };
}
