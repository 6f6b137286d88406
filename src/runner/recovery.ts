import type { Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Changes } from '../tasks/changes.ts';
import type { Cancelling } from './cancelling.ts';
import { clampDue } from './due.ts';
import type { Lanes } from './lanes.ts';

/** Takes up all that an earlier run left, however it ended; called once, before anything else runs. */
export type Recover = () => Promise<void>;

export interface RecoveryDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  cancelling: Cancelling;
  lanes: Pick<Lanes, 'wake'>;
  clock: Clock;
  log: Logger;
}

export function createRecovery(dependencies: RecoveryDependencies): Recover {
  const { database, changes, accounts, cancelling, lanes, clock, log } = dependencies;

  /** A submit that was under way is never repeated: where its API has a list, it is searched for. */
  async function loseSubmits(): Promise<void> {
    const submitting = await database.tasks.listByState('submitting');
    for (const task of submitting) {
      const canFind = accounts.get(task.account)?.provider.find !== undefined;
      await changes.change(task.id, canFind ? { type: 'lost', nextLookAt: clock.now() } : { type: 'lost' });
    }
    if (submitting.length > 0)
      log.warn({ tasks: submitting.length }, 'answers to submits were lost in a stop');
  }

  return async () => {
    await clampDue(dependencies, 0); // nobody knows what happened meanwhile: everything is looked at
    await database.deliveries.clampDue(clock.now()); // and may be fetched or written now, by another configuration
    await loseSubmits();
    for (const task of await database.tasks.listByState('asking')) changes.announce(task);
    for (const task of await database.tasks.listCancelling()) {
      const account = accounts.get(task.account);
      if (account !== undefined) cancelling.ask(task, account);
    }
    for (const account of accounts.all) lanes.wake(account.name);
  };
}
