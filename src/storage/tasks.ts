import type { Kysely } from 'kysely';
import { endStates, openStates, type Task } from '../task.ts';
import type { Schema, TaskRow } from './schema.ts';

/** Tasks at the provider, or on their way to it: they take a place of the account. */
const inFlightStates = ['submitting', 'running', 'answering'] as const;

const lostHoldsMs = 2 * 60_000;

export interface Tasks {
  insert(task: Task): Promise<void>;
  /** Saves over the revision before; false when somebody else saved first. */
  save(task: Task): Promise<boolean>;
  /** Moves only the next look, for looks that told nothing new; `undefined` ends them. */
  lookAgainAt(id: string, nextLookAt: number | undefined): Promise<void>;
  /** Removes the interaction's token, once nothing needs it any more. */
  forgetToken(id: string): Promise<void>;
  get(id: string): Promise<Task | undefined>;
  getByInteraction(interactionId: string): Promise<Task | undefined>;
  getByMessage(messageId: string): Promise<Task | undefined>;
  /** The last finished task that anybody started by that button. */
  getDonePress(parentId: string, parentOffer: number): Promise<Task | undefined>;
  /** The unfinished task that the same person started by the same button. */
  getUnfinishedPress(parentId: string, parentOffer: number, userId: string): Promise<Task | undefined>;
  /** Running tasks whose look is due, longest due first. */
  listDue(now: number, limit: number): Promise<Task[]>;
  /** Unfinished tasks past their deadline. */
  listOverdue(now: number, limit: number): Promise<Task[]>;
  /** When the next look or deadline is due, epoch milliseconds. */
  nextDueAt(): Promise<number | undefined>;
  /** Acknowledged tasks that wait for a place, oldest first. */
  listWaiting(account: string, now: number): Promise<Task[]>;
  /** When the next postponed task may go, epoch milliseconds. */
  nextWaitingAt(account: string, now: number): Promise<number | undefined>;
  /**
   * Tasks that take a place of the account. One whose answer was lost takes it for two minutes: it may not be there at
   * all, and would block the place until its deadline.
   */
  listInFlight(account: string, now: number): Promise<Task[]>;
  /** Every unfinished task in one of the states; for the start. */
  listByState(...states: Task['state'][]): Promise<Task[]>;
  /** The tasks that were done last, newest first. */
  listLatestDone(limit: number): Promise<Task[]>;
  /** Pulls looks and waits that are further off than `latest` back to it, after the clock was set back. */
  clampDue(latest: { look: number; wait: number }): Promise<void>;
}

export function createTasks(database: Kysely<Schema>): Tasks {
  const select = () => database.selectFrom('tasks').selectAll();
  const first = async (query: { executeTakeFirst(): Promise<TaskRow | undefined> }) => {
    const row = await query.executeTakeFirst();
    return row === undefined ? undefined : toTask(row);
  };

  return {
    async insert(task) {
      await database.insertInto('tasks').values(toRow(task)).execute();
    },
    async save(task) {
      const { id, ...row } = toRow(task);
      const result = await database
        .updateTable('tasks')
        .set(row)
        .where('id', '=', id)
        .where('revision', '=', task.revision - 1)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
    async lookAgainAt(id, nextLookAt) {
      await database
        .updateTable('tasks')
        .set({ next_look_at: nextLookAt ?? null })
        .where('id', '=', id)
        .where('next_look_at', 'is not', null)
        .execute();
    },
    async forgetToken(id) {
      const row = await database
        .selectFrom('tasks')
        .select('details')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return;
      const details = JSON.parse(row.details) as Details;
      const { token: _token, ...place } = details.origin.place;
      const without = { ...details, origin: { ...details.origin, place } };
      await database
        .updateTable('tasks')
        .set({ details: JSON.stringify(without) })
        .where('id', '=', id)
        .execute();
    },
    get: (id) => first(select().where('id', '=', id)),
    getByInteraction: (interactionId) => first(select().where('interaction_id', '=', interactionId)),
    getByMessage: (messageId) => first(select().where('message_id', '=', messageId)),
    getDonePress: (parentId, parentOffer) =>
      first(
        select()
          .where('parent_id', '=', parentId)
          .where('parent_offer', '=', parentOffer)
          .where('state', '=', 'done')
          .orderBy('finished_at', 'desc')
          .limit(1),
      ),
    getUnfinishedPress: (parentId, parentOffer, userId) =>
      first(
        select()
          .where('parent_id', '=', parentId)
          .where('parent_offer', '=', parentOffer)
          .where('user_id', '=', userId)
          .where('state', 'not in', endStates),
      ),
    async listDue(now, limit) {
      const rows = await select()
        .where('next_look_at', '<=', now)
        .orderBy('next_look_at')
        .limit(limit)
        .execute();
      return rows.map(toTask);
    },
    async listOverdue(now, limit) {
      const query = select().where('state', 'in', openStates).where('deadline_at', '<=', now);
      return (await query.orderBy('deadline_at').limit(limit).execute()).map(toTask);
    },
    async nextDueAt() {
      const look = await database
        .selectFrom('tasks')
        .select((expression) => expression.fn.min('next_look_at').as('at'))
        .where('next_look_at', 'is not', null)
        .executeTakeFirst();
      const deadline = await database
        .selectFrom('tasks')
        .select((expression) => expression.fn.min('deadline_at').as('at'))
        .where('state', 'in', openStates)
        .executeTakeFirst();
      const times = [look?.at, deadline?.at].filter((at) => at !== null && at !== undefined).map(Number);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    async listWaiting(account, now) {
      const rows = await select()
        .where('account', '=', account)
        .where('state', '=', 'queued')
        .where('acknowledged_at', 'is not', null)
        .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toTask);
    },
    async nextWaitingAt(account, now) {
      const row = await database
        .selectFrom('tasks')
        .select((expression) => expression.fn.min('not_before').as('at'))
        .where('account', '=', account)
        .where('state', '=', 'queued')
        .where('not_before', '>', now)
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
    },
    async listInFlight(account, now) {
      const rows = await select()
        .where('account', '=', account)
        .where('state', 'in', inFlightStates)
        .where((where) => where.or([where('lost_at', 'is', null), where('lost_at', '>', now - lostHoldsMs)]))
        .execute();
      return rows.map(toTask);
    },
    async listByState(...states) {
      const rows = await select().where('state', 'in', states).orderBy('created_at').execute();
      return rows.map(toTask);
    },
    async listLatestDone(limit) {
      const query = select().where('state', '=', 'done').orderBy('finished_at', 'desc');
      return (await query.limit(limit).execute()).map(toTask);
    },
    async clampDue({ look, wait }) {
      await database
        .updateTable('tasks')
        .set({ next_look_at: look })
        .where('next_look_at', '>', look)
        .execute();
      await database.updateTable('tasks').set({ not_before: wait }).where('not_before', '>', wait).execute();
    },
  };
}

type Details = Omit<
  Task,
  | 'id'
  | 'revision'
  | 'state'
  | 'account'
  | 'parentId'
  | 'parentOffer'
  | 'price'
  | 'createdAt'
  | 'acknowledgedAt'
  | 'notBefore'
  | 'acceptedAt'
  | 'finishedAt'
  | 'nextLookAt'
  | 'deadlineAt'
  | 'lostAt'
>;

function toRow(task: Task): TaskRow {
  const {
    id,
    revision,
    state,
    account,
    parentId,
    parentOffer,
    price,
    createdAt,
    acknowledgedAt,
    notBefore,
    acceptedAt,
    finishedAt,
    nextLookAt,
    deadlineAt,
    lostAt,
    ...details
  } = task;
  return {
    id,
    revision,
    state,
    action: task.request.action,
    account,
    user_id: task.origin.userId,
    guild_id: task.origin.place.guildId ?? null,
    channel_id: task.origin.place.channelId,
    message_id: task.origin.place.messageId ?? null,
    interaction_id: task.origin.interactionId,
    parent_id: parentId ?? null,
    parent_offer: parentOffer ?? null,
    price,
    created_at: createdAt,
    acknowledged_at: acknowledgedAt ?? null,
    not_before: notBefore ?? null,
    accepted_at: acceptedAt ?? null,
    finished_at: finishedAt ?? null,
    next_look_at: nextLookAt ?? null,
    deadline_at: deadlineAt,
    lost_at: lostAt ?? null,
    details: JSON.stringify(details satisfies Details),
  };
}

function toTask(row: TaskRow): Task {
  const details = JSON.parse(row.details) as Details;
  return {
    ...details,
    id: row.id,
    revision: Number(row.revision),
    state: row.state as Task['state'],
    account: row.account,
    price: Number(row.price),
    createdAt: Number(row.created_at),
    deadlineAt: Number(row.deadline_at),
    ...present('parentId', row.parent_id),
    ...present('parentOffer', row.parent_offer),
    ...present('acknowledgedAt', row.acknowledged_at),
    ...present('notBefore', row.not_before),
    ...present('acceptedAt', row.accepted_at),
    ...present('finishedAt', row.finished_at),
    ...present('nextLookAt', row.next_look_at),
    ...present('lostAt', row.lost_at),
  };
}

function present<Key extends string, Value>(key: Key, value: Value | null): { [K in Key]?: Value } {
  return value === null ? {} : ({ [key]: value } as { [K in Key]: Value });
}
