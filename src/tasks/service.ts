import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { pointsLeft } from '../quota/charge.ts';
import { weekOf } from '../quota/period.ts';
import { priceOf } from '../quota/prices.ts';
import type { Database } from '../storage/database.ts';
import type { Documents } from '../storage/documents.ts';
import type { Offer, Origin, StartAction, Task, TaskRequest } from '../task.ts';
import { type Account, type Accounts, hasSpeed } from './accounts.ts';
import { type Changes, readPurse } from './changes.ts';
import { type Lanes, queueTimeoutMs } from './lanes.ts';

/** Points that everybody gets a week where a server decided nothing. */
export const defaultWeeklyPoints = 2_000;

export interface StartRequest extends Pick<TaskRequest, 'prompt' | 'speed' | 'pictures'> {
  readonly action: StartAction;
}

/** What a person has in the current period, in points. */
export interface Statement {
  readonly allowance: number;
  readonly spent: number;
  readonly granted: number;
  readonly left: number;
  /** When the allowance is full again, epoch milliseconds. */
  readonly refillsAt: number;
}

/**
 * What people can do with tasks. `start` and `act` decide, charge and save, or throw a `UserError`; nothing
 * is submitted before `acknowledged` says that Discord shows an answer.
 */
export interface TaskService {
  start(request: StartRequest, origin: Origin): Promise<Opened>;
  /** Starts what a button of a finished task offers. */
  act(press: { messageId: string; taskId: string; offer: number }, origin: Origin): Promise<Opened>;
  /** Discord has the answer; the task may be spent on. */
  acknowledged(taskId: string, messageId: string | undefined): Promise<void>;
  /** Discord never took the answer: nobody would see the task, so it is cancelled and refunded. */
  unacknowledged(taskId: string): Promise<void>;
  /** Tasks of an earlier run of which it is not known whether Discord took the answer. */
  listUnacknowledged(): Promise<Task[]>;
  get(taskId: string): Promise<Task | undefined>;
  statement(person: { guildId: string | undefined; userId: string }): Promise<Statement>;
  /** Takes up what an earlier run left. */
  resume(): Promise<void>;
}

export interface Opened {
  readonly task: Task;
  /** False where Discord delivered the same interaction again. */
  readonly isNew: boolean;
}

export interface ServiceDependencies {
  database: Database;
  documents: Documents;
  changes: Changes;
  accounts: Accounts;
  lanes: Lanes;
  clock: Clock;
  log: Logger;
}

export function createService(dependencies: ServiceDependencies): TaskService {
  const { database, documents, changes, accounts, lanes, clock, log } = dependencies;

  async function open(
    request: TaskRequest,
    account: Account,
    origin: Origin,
    parent?: Required<Pick<Task, 'parentId' | 'parentOffer' | 'parentMessageId'>>,
  ): Promise<Opened> {
    const now = clock.now();
    const task: Task = {
      id: randomBytes(12).toString('base64url'),
      revision: 1,
      state: 'queued',
      request,
      account: account.name,
      origin,
      price: priceOf(request.action, request.speed),
      createdAt: now,
      deadlineAt: now + queueTimeoutMs,
      ...parent,
    };
    const opened = await changes.open(task, await allowanceOf(origin.place.guildId));
    if (opened.isNew)
      log.info({ taskId: task.id, account: account.name, action: request.action }, 'charged and queued');
    return opened;
  }

  async function allowanceOf(guildId: string | undefined): Promise<number> {
    const settings = guildId === undefined ? undefined : await documents.settings.get(guildId);
    return settings?.weeklyPoints ?? defaultWeeklyPoints;
  }

  /** The task that a message shows: from the map, or from the task table where the map lost it. */
  async function findShown(messageId: string): Promise<Task | undefined> {
    const taskId = await documents.messages.get(messageId);
    const mapped = taskId === undefined ? undefined : await database.tasks.get(taskId);
    if (mapped !== undefined) return mapped;
    const found = await database.tasks.getByMessage(messageId);
    if (found !== undefined) await documents.messages.set(messageId, found.id);
    return found;
  }

  return {
    async start(request, origin) {
      const capable = accounts.listFor(request.action);
      if (capable.length === 0) throw new UserError('action-unavailable');
      const account = capable.find((candidate) => hasSpeed(candidate, request.speed));
      if (account === undefined) throw new UserError('speed-unavailable', { speed: request.speed });
      return open(request, account, origin);
    },

    async act({ messageId, taskId, offer: number }, origin) {
      const parent = await findShown(messageId);
      const offer = parent?.id === taskId ? parent.result?.offers[number] : undefined;
      if (parent === undefined || offer === undefined) throw new UserError('unknown-component');
      const account = accounts.get(parent.account);
      if (account === undefined) throw new UserError('account-gone');
      refuseImpossible(offer, account);
      const { prompt, speed } = parent.request;
      const request: TaskRequest = { action: offer.action, prompt, speed, pictures: [], offer };
      return open(request, account, origin, {
        parentId: parent.id,
        parentOffer: number,
        parentMessageId: messageId,
      });
    },

    async acknowledged(taskId, messageId) {
      const event = messageId === undefined ? {} : { messageId };
      const task = await changes.change(taskId, { type: 'acknowledged', ...event });
      if (task === undefined) return;
      lanes.wake(task.account);
      if (messageId !== undefined) await remember(messageId, taskId);
    },

    async unacknowledged(taskId) {
      const task = await changes.change(taskId, { type: 'cancelled' });
      if (task !== undefined) log.warn({ taskId }, 'Discord did not take the answer: cancelled and refunded');
    },

    async listUnacknowledged() {
      const queued = await database.tasks.listByState('queued');
      return queued.filter((task) => task.acknowledgedAt === undefined);
    },

    get: (taskId) => database.tasks.get(taskId),

    async statement(person) {
      const now = clock.now();
      const allowance = await allowanceOf(person.guildId);
      const purse = await readPurse(database, person, { allowance, now });
      return { ...purse, left: pointsLeft(purse), refillsAt: weekOf(now).endsAt };
    },

    async resume() {
      const submitting = await database.tasks.listByState('submitting');
      for (const task of submitting) await changes.change(task.id, { type: 'lost' });
      for (const account of accounts.all) lanes.wake(account.name);
      if (submitting.length > 0)
        log.warn({ tasks: submitting.length }, 'answers to submits were lost in a stop');
    },
  };

  /** A map entry that cannot be written is found in the task table later. */
  async function remember(messageId: string, taskId: string): Promise<void> {
    try {
      await documents.messages.set(messageId, taskId);
    } catch (error) {
      log.warn({ error, taskId }, 'the message map could not be written');
    }
  }
}

function refuseImpossible(offer: Offer, account: Account): void {
  if (offer.action === 'custom-zoom' || offer.action === 'vary-region') throw new UserError('input-needed');
  if (!account.provider.actions.has(offer.action)) throw new UserError('action-unavailable');
}
