import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { pointsLeft } from '../quota/charge.ts';
import { weekOf } from '../quota/period.ts';
import { priceOf } from '../quota/prices.ts';
import type { Database } from '../storage/database.ts';
import type { Documents } from '../storage/documents.ts';
import type { Action, Origin, Speed, Task, TaskRequest } from '../task.ts';
import { type Account, type Accounts, hasSpeed } from './accounts.ts';
import { type Changes, readPurse } from './changes.ts';
import { queueTimeoutMs } from './spending.ts';

/** Points that everybody gets a week where a server decided nothing. */
export const defaultWeeklyPoints = 2_000;

/** What a person has in the current period, in points. */
export interface Statement {
  readonly allowance: number;
  readonly spent: number;
  readonly granted: number;
  readonly left: number;
  /** When the allowance is full again, epoch milliseconds. */
  readonly refillsAt: number;
}

export interface Opened {
  readonly task: Task;
  /** False where Discord delivered the same interaction again. */
  readonly isNew: boolean;
}

/** Where a task came from: the task, the number of the offer, and the message that was pressed. */
export type Lineage = Partial<Pick<Task, 'parentId' | 'parentOffer' | 'parentMessageId'>>;

/** How tasks begin: priced, charged and saved, or refused with a `UserError`. */
export interface Opening {
  open(request: TaskRequest, account: Account, origin: Origin, lineage?: Lineage): Promise<Opened>;
  /** The first account, in the operator's order, that can do it. Throws a `UserError` where none can. */
  accountFor(action: Action, speed: Speed): Account;
  statement(person: Person): Promise<Statement>;
  /** Refuses early what the person could not pay for; the charge itself decides. */
  requirePoints(price: number, person: Person): Promise<void>;
}

/** Somebody, in the books of a server or outside of all. */
export interface Person {
  readonly guildId?: string | undefined;
  readonly userId: string;
}

export interface OpeningDependencies {
  database: Database;
  documents: Documents;
  changes: Changes;
  accounts: Accounts;
  clock: Clock;
  log: Logger;
}

export function createOpening(dependencies: OpeningDependencies): Opening {
  const { database, documents, changes, accounts, clock, log } = dependencies;

  async function allowanceOf(guildId: string | undefined): Promise<number> {
    const settings = guildId === undefined ? undefined : await documents.settings.get(guildId);
    return settings?.weeklyPoints ?? defaultWeeklyPoints;
  }

  async function statement({ guildId, userId }: Person): Promise<Statement> {
    const now = clock.now();
    const allowance = await allowanceOf(guildId);
    const purse = await readPurse(database, { guildId, userId }, { allowance, now });
    return { ...purse, left: pointsLeft(purse), refillsAt: weekOf(now).endsAt };
  }

  return {
    statement,
    async open(request, account, origin, lineage = {}) {
      const now = clock.now();
      const task: Task = {
        id: randomBytes(12).toString('base64url'),
        revision: 1,
        state: 'queued',
        request,
        account: account.name,
        origin,
        price: request.copyOf === undefined ? priceOf(request.action, request.speed) : 0,
        createdAt: now,
        deadlineAt: now + queueTimeoutMs,
        ...lineage,
      };
      const opened = await changes.open(task, await allowanceOf(origin.place.guildId));
      const facts = { taskId: opened.task.id, account: account.name, action: request.action };
      if (opened.isNew) log.info(facts, 'charged and queued');
      return opened;
    },
    accountFor(action, speed) {
      const capable = accounts.listFor(action);
      if (capable.length === 0) throw new UserError('action-unavailable');
      const account = capable.find((candidate) => hasSpeed(candidate, speed));
      if (account === undefined) throw new UserError('speed-unavailable', { speed });
      return account;
    },
    async requirePoints(price, person) {
      const { left, refillsAt } = await statement(person);
      if (price > left) throw new UserError('points-short', { price, left, refillsAt });
    },
  };
}
