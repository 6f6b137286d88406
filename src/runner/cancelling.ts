import type { Account, Accounts } from '../accounts/accounts.ts';
import { ProviderError, UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { CancelOutcome } from '../tasks/stops.ts';

const cancelTimeoutMs = 15_000;

/** Ends tasks that somebody no longer wants, here or at the provider. */
export interface Cancelling {
  /** Throws a `UserError` if it's too late to cancel. Doesn't check who asks. */
  cancel(task: Task, isAgreed: boolean): Promise<CancelOutcome>;
  /** Asks the provider again, if the bot was stopped before it answered. */
  ask(task: Task, account: Account): void;
}

export function createCancelling({
  changes,
  accounts,
  log,
}: {
  changes: Changes;
  accounts: Accounts;
  log: Logger;
}): Cancelling {
  async function cancel(
    { id, account: name, price, origin }: Task,
    isAgreed: boolean,
  ): Promise<CancelOutcome> {
    const account = accounts.get(name);
    const canAskProvider = account?.provider.cancel !== undefined;
    const cancelled = await changes.cancel(id, { canAskProvider, isAgreed });
    if (cancelled.outcome === 'too-late') throw new UserError('cancel-too-late');
    if (cancelled.outcome === 'unrefunded') {
      const { perDay, day } = cancelled.limit;
      return { isCancelled: false, price, userId: origin.userId, perDay, dayEndsAt: day.endsAt };
    }
    const { outcome, task } = cancelled;
    if (outcome === 'cancelling' && account !== undefined) ask(task, account);
    return { isCancelled: true, isRefunded: task.stop?.isRefunded ?? true, price };
  }

  /** Asks in the background: a press has to be answered within three seconds. */
  function ask(task: Task, account: Account): void {
    const asked = account.provider.cancel?.(task.ref ?? {}, AbortSignal.timeout(cancelTimeoutMs));
    asked
      ?.catch(async (error: unknown) => {
        log.warn({ error, taskId: task.id }, 'the provider could not be asked to cancel');
        // Without an answer, it may have been cancelled: what the person was told about the points still holds.
        const isCertain = error instanceof ProviderError && error.definite;
        await changes.change(task.id, { type: 'cancel-failed', isCertain });
      })
      .catch((error: unknown) => log.error({ error, taskId: task.id }, 'a cancel could not be saved'));
  }

  return { cancel, ask };
}
