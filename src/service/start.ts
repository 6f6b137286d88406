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
  /** False where Discord delivered the same interaction again. */
  readonly isNew: boolean;
}

/** Who asks for a task, and where its answer goes. */
export interface TaskCaller {
  readonly asker: Asker;
  readonly origin: Origin;
}

/** Where a task came from: the task, the number of the offer, and the message that was pressed. */
export type Lineage = Partial<Pick<Task, 'parentId' | 'parentOffer' | 'parentMessageId'>>;

/** How tasks begin: read once more as they are sent, priced, charged and saved, or refused with a `UserError`. */
export interface Starts {
  /** For that account or, where none is named, for the one that is to be chosen. */
  open(
    request: TaskRequest,
    account: string | undefined,
    caller: TaskCaller,
    lineage?: Lineage,
  ): Promise<Opened>;
  /** Refuses early what would be refused, for that account as above; `open` decides for good. */
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

  /** For an account that is configured no longer there is nothing to say: only what needs no provider goes there. */
  function keepAt(name: string, request: TaskRequest): readonly Adjustment[] {
    const account = accounts.get(name);
    return account === undefined ? [] : choice.keep(request, account).adjustments;
  }

  /** Where it goes, and what is made of its words there. A copy goes nowhere: its picture is there. */
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

  /** Points that the account takes; 0 if nobody can do it, which is refused elsewhere. */
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

/** The speed at which it will run: what an API changes of it is what it charges for. */
function speedOf({ speed }: TaskRequest, adjustments: readonly Adjustment[]): Speed {
  const adjusted = adjustments.find(({ flag }) => flag === `--${speed}`)?.used;
  return speeds.find((known) => known === adjusted) ?? speed;
}
