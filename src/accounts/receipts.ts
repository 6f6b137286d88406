import type { Logger } from '../log.ts';
import { priceOf } from '../points/prices.ts';
import { toSent } from '../prompt/hidden-suffix.ts';
import { variablesOf } from '../providers/front-door.ts';
import type { Action, Task } from '../task.ts';
import type { Accounts } from './accounts.ts';

/** How many of an action's latest receipts count, and how many it takes to believe them. */
const mostRemembered = 20;
const leastReceipts = 5;
/** A price counts as right if it's off by no more than this share. */
const tolerance = 0.1;
const roundingError = 1e-9;

/** An action whose price differs from what the API charges, in points, going by the median of its latest receipts. */
export interface PriceDifference {
  readonly action: Action;
  readonly charged: number;
  readonly taken: number;
}

/** Compares our prices with what APIs say tasks cost (only AIGC2D does, in `point`). */
export interface Receipts {
  /** Learns from a task that is done. Warns in the log once an account's price turns out to be wrong. */
  learn(task: Task): void;
  /** Returns the account's prices that are wrong, going by its receipts. */
  differences(account: string): readonly PriceDifference[];
}

interface Known extends PriceDifference {
  readonly id: string;
}

export function createReceipts({
  accounts,
  log,
}: {
  accounts: Pick<Accounts, 'get'>;
  log: Pick<Logger, 'warn'>;
}): Receipts {
  const byAccount = new Map<string, Map<Action, readonly Known[]>>();

  return {
    learn(task) {
      const { id, request, facts } = task;
      const account = accounts.get(task.account);
      const { cost } = facts ?? {};
      // A picture that is shown again cost something the first time only.
      if (account === undefined || cost?.unit !== 'points' || request.copyOf !== undefined) return;
      const taken = cost.amount;
      const { action } = request;
      const ofAccount = byAccount.get(account.name) ?? new Map<Action, readonly Known[]>();
      const before = ofAccount.get(action) ?? [];
      if (before.some((known) => known.id === id)) return; // a task may be saved again after its end
      const charged = priceOf(account.prices, toSent(request));
      const after = [{ id, action, charged, taken }, ...before].slice(0, mostRemembered);
      byAccount.set(account.name, ofAccount.set(action, after));
      const difference = findDifference(after);
      if (difference === undefined || findDifference(before) !== undefined) return;
      log.warn(
        { account: account.name, ...difference, variable: `${variablesOf(account.name)}PRICES` },
        'an API charges a different number of points for an action than the bot does: set the variable to what it charges',
      );
    },
    differences: (account) =>
      [...(byAccount.get(account)?.values() ?? [])].flatMap((known) => findDifference(known) ?? []),
  };
}

/** Returns the receipt in the middle if it's off, since a few odd ones say nothing. */
function findDifference(receipts: readonly Known[]): PriceDifference | undefined {
  if (receipts.length < leastReceipts) return undefined;
  // Compares each with its own price, since an action costs more at another speed.
  const sorted = [...receipts].sort((one, other) => ratioOf(one) - ratioOf(other));
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined || Math.abs(ratioOf(middle) - 1) <= tolerance + roundingError) return undefined;
  const { action, charged, taken } = middle;
  return { action, charged, taken };
}

function ratioOf({ taken, charged }: Known): number {
  return taken === charged ? 1 : taken / charged;
}
