import type { Account, Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import { isSigned } from '../links.ts';
import type { Database } from '../storage/database.ts';
import { isEnded, isLost, type Task } from '../task.ts';
import { readRef } from './hearsay.ts';
import type { LostTasks } from './lost.ts';
import type { Tracker } from './tracker.ts';

/** The parts of the URL that an API was given to call. */
export interface CallbackPath {
  readonly account: string;
  readonly task: string;
  readonly signature: string;
}

/**
 * How providers say "look at this task now". Nothing else in a callback is believed, as long as the provider can be asked:
 * anybody who knows the URL can send the same thing again, late, or with another body.
 */
export interface Callbacks {
  /** Takes note of a callback. Returns false if we didn't issue the URL, or it has expired or is for another account. */
  hear(path: CallbackPath, body: string): Promise<boolean>;
}

export interface CallbacksDependencies {
  key: Buffer;
  database: Database;
  accounts: Accounts;
  lostTasks: Pick<LostTasks, 'adopt'>;
  tracker: Pick<Tracker, 'nudge'>;
  clock: Clock;
  /** Hears of each callback; the account is `undefined` if the address isn't one of ours. */
  onCallback?: ((outcome: CallbackOutcome, account: string | undefined) => void) | undefined;
}

/** `duplicate`: its task has ended already. */
export type CallbackOutcome = 'accepted' | 'duplicate' | 'rejected';

export function createCallbacks(dependencies: CallbacksDependencies): Callbacks {
  const { key, database, accounts, lostTasks, tracker, clock } = dependencies;

  /** A lost task is at the provider after all: the body says what it's called there. */
  async function adopt(task: Task, account: Account, text: string): Promise<void> {
    const ref = readRef(text, task, account);
    if (ref !== undefined) await lostTasks.adopt(task, account, { ref, nextLookAt: clock.now() });
  }

  function reject(): false {
    dependencies.onCallback?.('rejected', undefined);
    return false;
  }

  return {
    async hear(path, body) {
      if (!isSigned(path, key, clock.now())) return reject();
      const account = accounts.get(path.account);
      const task = await database.tasks.get(path.task);
      // A task that moved to another account no longer concerns the first one.
      if (account === undefined || task?.account !== account.name) return reject();
      dependencies.onCallback?.(isEnded(task) ? 'duplicate' : 'accepted', account.name);
      account.callsBack = true;
      if (isLost(task)) await adopt(task, account, body);
      // The answer to a submit that's under way may still be lost.
      const isNeeded = account.provider.readCallback !== undefined || task.state === 'submitting';
      await tracker.nudge(task.id, isNeeded ? body : undefined);
      return true;
    },
  };
}
