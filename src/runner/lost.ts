import { type Account, timingOf } from '../accounts/accounts.ts';
import { nextLookDelay } from '../accounts/cadence.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Ref, Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import { lookBy } from './sightings.ts';

/** Tasks whose submit got no usable answer. They are never submitted again, but the provider may have them. */
export interface LostTasks {
  /** Searches the account's list for the task and adopts it, or sets its next look. */
  find(task: Task, account: Account, signal: AbortSignal): Promise<void>;
  /** Continues the task under the provider's ref for it. Returns false if the task is no longer lost. */
  adopt(task: Task, account: Account, found: { ref: Ref; nextLookAt: number }): Promise<boolean>;
}

export function createLostTasks({
  changes,
  clock,
  random,
  log,
}: {
  changes: Changes;
  clock: Clock;
  random: () => number;
  log: Logger;
}): LostTasks {
  async function adopt(
    task: Task,
    account: Account,
    { ref, nextLookAt }: { ref: Ref; nextLookAt: number },
  ): Promise<boolean> {
    const deadlineAt = clock.now() + account.taskTimeoutMs;
    const update = { state: 'running' } as const;
    const adopted = await changes.change(task.id, { type: 'accepted', ref, update, deadlineAt, nextLookAt });
    if (adopted === undefined) return false;
    log.info({ taskId: task.id, account: account.name }, 'a task whose answer was lost was found again');
    return true;
  }

  return {
    adopt,
    async find(task, account, signal) {
      const now = clock.now();
      const delay = nextLookDelay(timingOf(account), now - (task.lostAt ?? now), random);
      const nextLookAt = lookBy(task, now + delay, now);
      try {
        const ref = await account.provider.find?.(task.id, signal);
        if (ref === undefined) await changes.changeAll([{ id: task.id, nextLookAt }]);
        else await adopt(task, account, { ref, nextLookAt });
      } catch (error) {
        log.warn({ error, taskId: task.id, account: account.name }, "a lost task couldn't be searched for");
        await changes.changeAll([{ id: task.id, nextLookAt }]);
      }
    },
  };
}
