import type { Accounts } from '../accounts/accounts.ts';
import type { SeedSlots } from '../accounts/seed-slots.ts';
import { UserError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import type { Person } from '../storage/waiting.ts';
import type { Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { MessageMap } from '../tasks/message-map.ts';
import { findNamedTask, searchTasks } from './task-search.ts';

/** Gateways wait up to a minute for Midjourney to say (trueai-org/midjourney-proxy). */
const seedTimeoutMs = 70_000;

/** The numbers that pictures were made with. */
export interface Seeds {
  /**
   * Returns the seed of one of the person's finished tasks, named by its id or by the link or id of its message, in digits, and
   * keeps it. The first time this may take a minute at the provider, and counts as one of the tasks that they may have there.
   * Throws a `UserError`, or what the provider throws.
   */
  read(named: string, person: Person): Promise<string>;
  /** Whether any API here tells seeds. */
  areTold(): boolean;
  /** Returns the person's tasks that have a seed and match what was typed, by id or prompt, newest first. */
  suggest(userId: string, typed: string): Promise<Task[]>;
}

export function createSeeds({
  database,
  changes,
  messageMap,
  accounts,
  slots,
  onFree,
}: {
  database: Pick<Database, 'tasks'>;
  changes: Pick<Changes, 'changeAll'>;
  messageMap: Pick<MessageMap, 'find'>;
  accounts: Accounts;
  slots: SeedSlots;
  /** Called when a person's seed no longer counts, so that one of their tasks may go. */
  onFree: () => void;
}): Seeds {
  /** Only pictures have a seed, and only some APIs tell it. */
  function hasSeed({ account, result, ref }: Task): boolean {
    const isPicture = result?.media[0]?.kind === 'picture';
    return isPicture && ref !== undefined && accounts.get(account)?.provider.seed !== undefined;
  }

  return {
    async read(named, person) {
      const task = await findNamedTask(named, { database, messageMap });
      if (task === undefined || task.origin.userId !== person.userId) throw new UserError('task-unknown');
      if (task.result === undefined || task.ref === undefined) throw new UserError('task-unfinished');
      const known = task.facts?.seed;
      if (known !== undefined) return known;
      const account = accounts.get(task.account);
      if (account === undefined) throw new UserError('account-gone');
      const { id, ref } = task;
      const { seed: ask } = account.provider;
      if (ask === undefined) throw new UserError('action-unavailable');
      const seed = await slots
        .run(person, () => ask(ref, AbortSignal.timeout(seedTimeoutMs)))
        .finally(onFree);
      await changes.changeAll([{ id, event: { type: 'told', facts: { seed } } }]);
      return seed;
    },
    areTold: () => accounts.all.some(({ provider }) => provider.seed !== undefined),
    suggest: (userId, typed) => searchTasks(database, { userId, typed, isWanted: hasSeed }),
  };
}
