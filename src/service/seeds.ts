import type { Accounts } from '../accounts/accounts.ts';
import type { SeedSlots } from '../accounts/seed-slots.ts';
import { cleanText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import type { Person } from '../storage/waiting.ts';
import type { Task } from '../task.ts';

/** Discord shows so many proposals. */
const mostSuggested = 25;
/** Among so many of the latest tasks is looked for what somebody types. */
const mostSearched = 200;
/** Gateways wait for up to a minute until Midjourney has told (trueai-org/midjourney-proxy). */
const seedTimeoutMs = 70_000;

/** The numbers that pictures were made with. */
export interface Seeds {
  /**
   * The seed of a finished task of that person, in digits. It counts among what they may have at the providers, where it
   * may take a minute. Throws a `UserError`, or what the provider throws.
   */
  read(taskId: string, person: Person): Promise<string>;
  /** Tasks of that person which may have one, newest first, with what they have typed in their id or prompt. */
  suggest(userId: string, typed: string): Promise<Task[]>;
}

export function createSeeds({
  database,
  accounts,
  slots,
  onFree,
}: {
  database: Pick<Database, 'tasks'>;
  accounts: Accounts;
  slots: SeedSlots;
  /** Called once somebody may have one more at the providers again. */
  onFree: () => void;
}): Seeds {
  return {
    async read(taskId, person) {
      const task = await database.tasks.get(taskId.trim());
      if (task === undefined || task.origin.userId !== person.userId) throw new UserError('task-unknown');
      if (task.result === undefined || task.ref === undefined) throw new UserError('task-unfinished');
      const account = accounts.get(task.account);
      if (account === undefined) throw new UserError('account-gone');
      const { ref } = task;
      const { seed } = account.provider;
      if (seed === undefined) throw new UserError('action-unavailable');
      return slots.run(person, () => seed(ref, AbortSignal.timeout(seedTimeoutMs))).finally(onFree);
    },
    async suggest(userId, typed) {
      const wanted = cleanText(typed).toLowerCase();
      const latest = await database.tasks.listByPerson(userId, { limit: mostSearched });
      const fits = ({ id, request, result, ref }: Task) =>
        result !== undefined &&
        ref !== undefined &&
        (id.toLowerCase().startsWith(wanted) || request.prompt.toLowerCase().includes(wanted));
      return latest.filter(fits).slice(0, mostSuggested);
    },
  };
}
