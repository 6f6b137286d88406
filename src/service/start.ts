import { randomBytes } from 'node:crypto';
import type { Accounts } from '../accounts/accounts.ts';
import type { Choice } from '../accounts/choose.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { decideTask } from '../points/bookings.ts';
import type { Policies } from '../points/policies.ts';
import type { Asker } from '../points/policy.ts';
import { type Priced, priceOf } from '../points/prices.ts';
import { requirePriced } from '../prompt/scan.ts';
import type { Database } from '../storage/database.ts';
import {
  type Adjustment,
  type Origin,
  queueTimeoutMs,
  type Speed,
  speeds,
  type Task,
  type TaskRequest,
} from '../task.ts';
import type { Changes } from '../tasks/changes.ts';

export interface Opened {
  readonly task: Task;
  /** False if Discord delivered the same interaction again. */
  readonly isNew: boolean;
}

/** Who asks for a task, and where the answer goes. */
export interface TaskCaller {
  readonly asker: Asker;
  readonly origin: Origin;
}

/** Where a follow-up comes from: the task, the number of the offer, and the message whose button was pressed. */
export type Lineage = Partial<Pick<Task, 'parentId' | 'parentOffer' | 'parentMessageId'>>;

/** How tasks begin: read once more exactly as they'll be sent, priced, charged, and saved, or refused with a `UserError`. */
export interface Starts {
  /** Starts a task at that account; at the best one for it if `undefined`. */
  open(
    request: TaskRequest,
    account: string | undefined,
    caller: TaskCaller,
    lineage?: Lineage,
  ): Promise<Opened>;
  /** Refuses early what `open` would refuse; `open` has the last word. */
  requireAllowed(
    request: Priced & Partial<TaskRequest>,
    asker: Asker,
    account?: string | undefined,
  ): Promise<void>;
}

export interface StartsDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  choice: Choice;
  policies: Policies;
  clock: Clock;
  log: Logger;
}

export function createStarts(dependencies: StartsDependencies): Starts {
  const { database, changes, accounts, choice, policies, clock, log } = dependencies;

  /** An account that is no longer configured adjusts nothing: only what works without a provider goes there. */
  function keepAt(name: string, request: TaskRequest): readonly Adjustment[] {
    const account = accounts.get(name);
    return account === undefined ? [] : choice.keep(request, account).adjustments;
  }

  /** Returns the account, and what its API makes of the words. A copy isn't sent anywhere, so nothing is adjusted. */
  async function assign(
    request: TaskRequest,
    named: string | undefined,
    book: string,
  ): Promise<{ account: string; adjustments: readonly Adjustment[] }> {
    if (named === undefined) {
      const { account, adjustments } = await choice.choose(request, book);
      return { account: account.name, adjustments };
    }
    return { account: named, adjustments: request.copyOf === undefined ? keepAt(named, request) : [] };
  }

  /** Returns the price in points; 0 if no account can do it, which is refused elsewhere. */
  function priceAt(name: string | undefined, request: Priced): number {
    const account = accounts.get(name ?? '');
    return account === undefined ? 0 : priceOf(account.prices, request);
  }

  return {
    async open(request, named, { asker, origin }, lineage = {}) {
      const isCopy = request.copyOf !== undefined;
      const { account, adjustments } = await assign(request, named, asker.book);
      const used = { ...request, speed: speedOf(request, adjustments) };
      requirePriced(used);
      const now = clock.now();
      const task: Task = {
        id: randomBytes(12).toString('base64url'),
        revision: 1,
        state: 'queued',
        request: used,
        account,
        origin,
        price: isCopy ? 0 : priceAt(account, used),
        createdAt: now,
        deadlineAt: now + queueTimeoutMs,
        ...(adjustments.length === 0 ? {} : { adjustments }),
        ...lineage,
      };
      const opened = await changes.open(task, { settings: await policies.read(asker.book), asker });
      const facts = { taskId: opened.task.id, account, action: request.action };
      if (opened.isNew) log.info(facts, 'charged and queued');
      return opened;
    },
    async requireAllowed(request, asker, named) {
      const account = named ?? (await choice.foresee(request, asker.book))?.name;
      const whole = { prompt: '', ...request, pictures: [] };
      const adjustments = named === undefined ? [] : keepAt(named, whole);
      const used = { ...whole, speed: speedOf(whole, adjustments) };
      const terms = { settings: await policies.read(asker.book), asker };
      const price = priceAt(account, used);
      const decision = await decideTask(database, terms, { price, now: clock.now() });
      if (!decision.isAllowed) throw decision.refusal;
    },
  };
}

/** Returns the speed that the task will run at: if the API adjusts it, it charges for the adjusted one. */
export function speedOf({ speed }: TaskRequest, adjustments: readonly Adjustment[]): Speed {
  const adjusted = adjustments.find(({ flag }) => flag === `--${speed}`)?.used;
  return speeds.find((known) => known === adjusted) ?? speed;
}
