import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Changes } from '../tasks/changes.ts';
import { isCopy, toCopied } from '../tasks/copies.ts';
import { clampDue } from '../tracker/due.ts';
import { toLost } from '../tracker/lost.ts';
import type { Cancelling } from './cancelling.ts';
import type { Lanes } from './lanes.ts';

/** Takes up everything that an earlier run left behind, no matter how it ended. Called once, before anything else runs. */
export type Recover = () => Promise<void>;

export interface RecoveryDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  cancelling: Cancelling;
  lanes: Pick<Lanes, 'wake'>;
  lostAfterMs: number;
  clock: Clock;
  log: Logger;
}

export function createRecovery(dependencies: RecoveryDependencies): Recover {
  const { database, changes, accounts, cancelling, lanes, lostAfterMs, clock, log } = dependencies;

  /** A submit that was under way is never repeated: if its API has a list, the task is searched for. */
  async function loseSubmits(): Promise<void> {
    const submitting = await database.tasks.listByState('submitting');
    for (const task of submitting) {
      const now = clock.now();
      const lost = toLost(task, accounts.get(task.account), { now, searchAt: now, lostAfterMs });
      await changes.change(task.id, lost);
    }
    if (submitting.length > 0)
      log.warn({ tasks: submitting.length }, 'the answers to submits were lost when the bot stopped');
  }

  /** Versions before this one acknowledged a copy and ended it in two transactions. */
  async function endCopies(): Promise<void> {
    const copies = (await database.tasks.listByState('queued')).filter(isCopy);
    for (const task of copies.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined))
      await changes.change(task.id, await toCopied(database.tasks, task));
  }

  return async () => {
    await clampDue(dependencies, 0); // nobody knows what happened in the meantime: look at everything
    await database.deliveries.clampDue(clock.now()); // a new configuration may be able to fetch or write them
    await loseSubmits();
    await endCopies();
    // Their messages may not say yet what they wait for.
    for (const state of ['queued', 'asking'] as const)
      for (const task of await database.tasks.listByState(state))
        if (task.acknowledgedAt !== undefined) changes.announce(task);
    // Nothing else may happen to one before its message has to say that its token ends.
    for (const state of ['submitting', 'running', 'answering'] as const)
      for (const task of await database.tasks.listByState(state))
        if (task.origin.place.isPrivate === true) changes.announce(task);
    for (const task of await database.tasks.listCancelling()) {
      const account = accounts.get(task.account);
      if (account !== undefined) cancelling.ask(task, account);
    }
    for (const account of accounts.all) lanes.wake(account.name);
  };
}
