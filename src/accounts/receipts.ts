import type { Logger } from '../log.ts';
import { priceOf } from '../points/prices.ts';
import { variablesOf } from '../providers/front-door.ts';
import type { Action, Task } from '../task.ts';
import type { Accounts } from './accounts.ts';

/** How many receipts of an action count, the latest ones, and how many it takes to believe them. */
const mostRemembered = 20;
const leastReceipts = 5;
/** A price that is off by less is right. */
const tolerance = 0.25;

/** An action that an API charges otherwise than we do, in points: its median receipt of lately. */
export interface PriceDifference {
  readonly action: Action;
  readonly charged: number;
  readonly taken: number;
}

/** What APIs say that tasks cost them (AIGC2D's `point`; no other one tells), next to our own prices. */
export interface Receipts {
  /** Learns from a task that is done. Warns in the log once an account's price turns out to be wrong. */
  learn(task: Task): void;
  /** Prices of that account that are wrong, as far as its receipts tell. */
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
      const { id, request, result } = task;
      const account = accounts.get(task.account);
      const taken = result?.receipt?.points;
      // A picture that is shown again brings the receipt of the first time.
      if (account === undefined || taken === undefined || request.copyOf !== undefined) return;
      const { action } = request;
      const ofAccount = byAccount.get(account.name) ?? new Map<Action, readonly Known[]>();
      const before = ofAccount.get(action) ?? [];
      if (before.some((known) => known.id === id)) return; // a task may be saved again after its end
      const charged = priceOf(account.prices, request);
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

/** The receipt in the middle, if it is off: a few odd ones tell nothing. */
function findDifference(receipts: readonly Known[]): PriceDifference | undefined {
  if (receipts.length < leastReceipts) return undefined;
  // Each next to its own price, since an action costs more at another speed.
  const sorted = [...receipts].sort((one, other) => ratioOf(one) - ratioOf(other));
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined || Math.abs(ratioOf(middle) - 1) <= tolerance) return undefined;
  const { action, charged, taken } = middle;
  return { action, charged, taken };
}

function ratioOf({ taken, charged }: Known): number {
  return taken === charged ? 1 : taken / charged;
}
