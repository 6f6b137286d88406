import { type Kysely, sql } from 'kysely';
import type { Task } from '../task.ts';
import type { Schema, TaskRow } from './schema.ts';
import { changesOf, type Details, toRow, toTask, withoutData } from './task-rows.ts';
import { createWaitingTasks, isUnfinished, type Person, type WaitingTasks } from './waiting.ts';

const isDone = sql<boolean>`state = 'done'`;
const isKept = sql<boolean>`emptied = 0 and finished_at is not null`;

/** How many tasks of a book are unfinished, by state. */
export type StateCounts = Readonly<Partial<Record<Task['state'], number>>>;

export interface Tasks extends WaitingTasks {
  insert(task: Task): Promise<void>;
  /** Saves what has changed since the revision before; false when somebody else saved first. */
  save(task: Task, before: Task): Promise<boolean>;
  /** Moves only the next look, for looks that told nothing new; `undefined` ends them. */
  lookAgainAt(id: string, nextLookAt: number | undefined): Promise<void>;
  /**
   * Removes what only the final message needed, once that is settled: the interaction's token, and a result's one file if
   * its address holds it, since the message has it now. Of several files the message may show another form.
   */
  settle(id: string): Promise<void>;
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
  countUnfinished(person: Person): Promise<number>;
  /** How many refunds of what a provider had begun were promised to somebody since then, in whichever book. */
  countRefundsPromised(userId: string, since: number): Promise<number>;
  countWaiting(book: string): Promise<number>;
  /** Of a book or, where one is named, of one person in it; the same for the next two. */
  countByState(book: string, userId?: string): Promise<StateCounts>;
  /** Waiting tasks, oldest first. */
  listWaitingIn(book: string, limit: number, userId?: string): Promise<Task[]>;
  /** The tasks that were done last, newest first. */
  listLatestDoneIn(book: string, limit: number, userId?: string): Promise<Task[]>;
  /** Tasks that were made of those, whoever made them. */
  listChildren(parentIds: readonly string[]): Promise<Task[]>;
  /** Tasks of a person, whatever the book, newest first; `before` is the last one of the page before. */
  listByPerson(userId: string, page: { limit: number; before?: Task | undefined }): Promise<Task[]>;
  /** Tasks that ended before, hold words or addresses still, and owe nobody a message; the oldest first. */
  listKept(endedBefore: number, limit: number): Promise<Task[]>;
  /** Every unfinished task in one of the states; for the start. */
  listByState(...states: Task['state'][]): Promise<Task[]>;
  /** Running tasks that the provider was asked to cancel. */
  listCancelling(): Promise<Task[]>;
  /** The tasks that were done last, newest first. */
  listLatestDone(limit: number): Promise<Task[]>;
  /** Pulls looks and waits that are further off than `latest` back to it, after the clock was set back. */
  clampDue(latest: { look: number; wait: number }): Promise<void>;
}

export function createTasks(database: Kysely<Schema>): Tasks {
  const select = () => database.selectFrom('tasks').selectAll();
  const count = () =>
    database.selectFrom('tasks').select((expression) => expression.fn.countAll().as('count'));
  const first = async (query: { executeTakeFirst(): Promise<TaskRow | undefined> }) => {
    const row = await query.executeTakeFirst();
    return row === undefined ? undefined : toTask(row);
  };

  return {
    ...createWaitingTasks(database),
    async insert(task) {
      await database.insertInto('tasks').values(toRow(task)).execute();
    },
    async save(task, before) {
      const result = await database
        .updateTable('tasks')
        .set(changesOf(toRow(task), toRow(before)))
        .where('id', '=', task.id)
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
    async settle(id) {
      const row = await database
        .selectFrom('tasks')
        .select('details')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return;
      const details = JSON.parse(row.details) as Details;
      const { token: _token, ...place } = details.origin.place;
      const without = { ...details, origin: { ...details.origin, place }, ...withoutData(details) };
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
          .where(isDone)
          .orderBy('finished_at', 'desc')
          .limit(1),
      ),
    getUnfinishedPress: (parentId, parentOffer, userId) =>
      first(
        select()
          .where('parent_id', '=', parentId)
          .where('parent_offer', '=', parentOffer)
          .where('user_id', '=', userId)
          .where(isUnfinished),
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
      const query = select().where(isUnfinished).where('deadline_at', '<=', now);
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
        .select('deadline_at as at')
        .where(isUnfinished)
        .orderBy('deadline_at')
        .limit(1)
        .executeTakeFirst();
      const times = [look?.at, deadline?.at].filter((at) => at !== null && at !== undefined).map(Number);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    async countUnfinished({ book, userId }) {
      const row = await count()
        .where('book', '=', book)
        .where('user_id', '=', userId)
        .where(isUnfinished)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async countRefundsPromised(userId, since) {
      const row = await count()
        .where('user_id', '=', userId)
        .where('refund_promised_at', '>=', since)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async countWaiting(book) {
      const row = await count()
        .where('book', '=', book)
        .where('state', '=', 'queued')
        .where(isUnfinished)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async countByState(book, userId) {
      let query = database
        .selectFrom('tasks')
        .select((expression) => ['state', expression.fn.countAll().as('count')])
        .where('book', '=', book)
        .where(isUnfinished);
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      const rows = await query.groupBy('state').execute();
      return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
    },
    async listWaitingIn(book, limit, userId) {
      let query = select().where('book', '=', book).where('state', '=', 'queued').where(isUnfinished);
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      return (await query.orderBy('created_at').orderBy('id').limit(limit).execute()).map(toTask);
    },
    async listLatestDoneIn(book, limit, userId) {
      let query = select().where('book', '=', book).where(isDone);
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      return (await query.orderBy('finished_at', 'desc').limit(limit).execute()).map(toTask);
    },
    async listChildren(parentIds) {
      if (parentIds.length === 0) return [];
      return (await select().where('parent_id', 'in', parentIds).execute()).map(toTask);
    },
    async listByPerson(userId, { limit, before }) {
      let query = select().where('user_id', '=', userId);
      if (before !== undefined) {
        query = query.where((where) =>
          where.or([
            where('created_at', '<', before.createdAt),
            where.and([where('created_at', '=', before.createdAt), where('id', '<', before.id)]),
          ]),
        );
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toTask);
    },
    async listKept(endedBefore, limit) {
      const rows = await select()
        .where('finished_at', '<', endedBefore)
        .where(isKept)
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom('deliveries')
                .select('deliveries.task_id')
                .whereRef('deliveries.task_id', '=', 'tasks.id'),
            ),
          ),
        )
        .orderBy('finished_at')
        .limit(limit)
        .execute();
      return rows.map(toTask);
    },
    async listByState(...states) {
      const rows = await select()
        .where('state', 'in', states)
        .where(isUnfinished)
        .orderBy('created_at')
        .execute();
      return rows.map(toTask);
    },
    async listCancelling() {
      // The text is looked through here, and parsed only where it is needed: there may be ten thousand others.
      const marked = sql<boolean>`details like '%"cancellingAt":%'`;
      const rows = await select().where('state', '=', 'running').where(isUnfinished).where(marked).execute();
      return rows.map(toTask).filter(({ cancellingAt }) => cancellingAt !== undefined);
    },
    async listLatestDone(limit) {
      const query = select().where(isDone).orderBy('finished_at', 'desc');
      return (await query.limit(limit).execute()).map(toTask);
    },
    async clampDue({ look, wait }) {
      await database
        .updateTable('tasks')
        .set({ next_look_at: look })
        .where('next_look_at', '>', look)
        .execute();
      await database
        .updateTable('tasks')
        .set({ not_before: wait })
        .where('not_before', '>', wait)
        .where(isUnfinished)
        .execute();
    },
  };
}
