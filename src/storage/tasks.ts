import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { isData, type Task } from '../task.ts';
import type { Schema, TaskRow } from './schema.ts';

/** Tasks at the provider, or on their way to it: they take a place of the account. */
const inFlightStates = ['submitting', 'running', 'answering'] as const;

/**
 * Word for word what the partial indexes say, since SQLite uses such an index only where the query repeats its
 * condition with literals (sqlite.org/partialindex.html, section 3).
 */
export const isUnfinished = sql<boolean>`state in ('queued', 'submitting', 'running', 'asking', 'answering')`;

const isDone = sql<boolean>`state = 'done'`;
const isKept = sql<boolean>`emptied = 0 and finished_at is not null`;

const lostHoldsMs = 2 * 60_000;

/** Up to so many people or prompts are asked for by themselves. */
const askedOneByOne = 40;

/** A lost answer holds its place, and its words, for a while only. */
function holdsPlace(now: number) {
  return sql<boolean>`(lost_at is null or lost_at > ${now - lostHoldsMs})`;
}

/** A task in a queue, as far as its turn depends on it. */
export interface Waiting {
  readonly id: string;
  readonly book: string;
  readonly userId: string;
  /** The same for the same words; absent for what is not made of words. */
  readonly promptKey: string | undefined;
  /** Whether files have to be fetched for it before it can go. */
  readonly hasFiles: boolean;
}

/** As `JSON.stringify` writes a request with pictures, or with a region; no words can write that, since their quotes are escaped. */
const hasFiles = sql<number>`case when details like '%"pictures":[{%' or details like '%"region":{%' then 1 else 0 end`;

/** How many tasks of a book are unfinished, by state. */
export type StateCounts = Readonly<Partial<Record<Task['state'], number>>>;

export interface Tasks {
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
  /** Acknowledged tasks that wait for a place, oldest first. */
  listWaiting(account: string, now: number): Promise<Waiting[]>;
  /** When the next postponed task may go, epoch milliseconds. */
  nextWaitingAt(account: string, now: number): Promise<number | undefined>;
  /**
   * How many tasks take a place of the account. One whose answer was lost takes it for two minutes: it may not be there
   * at all, and would block the place until its deadline.
   */
  countInFlight(account: string, now: number): Promise<number>;
  /** How many tasks each of these people has at the providers, by {@link personKey}; who has none is missing. */
  countInFlightByPerson(people: readonly Person[], now: number): Promise<Map<string, number>>;
  /** The prompts that are being made on the account: those of them that were asked for, or all where that is quicker. */
  listPromptsInFlight(account: string, promptKeys: readonly string[], now: number): Promise<Set<string>>;
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

/** Somebody, in the books of a server or outside of all. */
export interface Person {
  readonly book: string;
  readonly userId: string;
}

export function personKey({ book, userId }: Person): string {
  return `${book} ${userId}`;
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
    async listWaiting(account, now) {
      const rows = await database
        .selectFrom('tasks')
        .select(['id', 'book', 'user_id', 'prompt_key', hasFiles.as('has_files')])
        .where('account', '=', account)
        .where('state', '=', 'queued')
        .where(isUnfinished)
        .where('acknowledged_at', 'is not', null)
        .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(({ id, book, user_id, prompt_key, has_files }) => ({
        id,
        book,
        userId: user_id,
        promptKey: prompt_key ?? undefined,
        hasFiles: Number(has_files) === 1,
      }));
    },
    async nextWaitingAt(account, now) {
      const row = await database
        .selectFrom('tasks')
        .select((expression) => expression.fn.min('not_before').as('at'))
        .where('account', '=', account)
        .where('state', '=', 'queued')
        .where(isUnfinished)
        .where('not_before', '>', now)
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
    },
    async countInFlight(account, now) {
      const inFlight = () =>
        count().where('account', '=', account).where('state', 'in', inFlightStates).where(isUnfinished);
      const all = await inFlight().executeTakeFirst();
      // Apart, so that the first count needs nothing but its index.
      const lost = await inFlight()
        .where('lost_at', '<=', now - lostHoldsMs)
        .executeTakeFirst();
      return Number(all?.count ?? 0) - Number(lost?.count ?? 0);
    },
    async countInFlightByPerson(people, now) {
      const counts = new Map<string, number>();
      // One person is found by an index; of very many it is quicker to read what is in flight at all.
      const unique = [...new Map(people.map((person) => [personKey(person), person])).values()];
      const questions = unique.length <= askedOneByOne ? unique : [undefined];
      for (const person of questions) {
        let query = database
          .selectFrom('tasks')
          .select((expression) => ['book', 'user_id', expression.fn.countAll().as('count')])
          .where('state', 'in', inFlightStates)
          .where(isUnfinished)
          .where(holdsPlace(now));
        if (person !== undefined)
          query = query.where('book', '=', person.book).where('user_id', '=', person.userId);
        for (const row of await query.groupBy(['book', 'user_id']).execute())
          counts.set(personKey({ book: row.book, userId: row.user_id }), Number(row.count));
      }
      return counts;
    },
    async listPromptsInFlight(account, promptKeys, now) {
      if (promptKeys.length === 0) return new Set();
      let query = database
        .selectFrom('tasks')
        .select('prompt_key')
        .distinct()
        .where('account', '=', account)
        .where('state', 'in', inFlightStates)
        .where(isUnfinished)
        .where(holdsPlace(now));
      if (promptKeys.length <= askedOneByOne) query = query.where('prompt_key', 'in', promptKeys);
      return new Set((await query.execute()).flatMap(({ prompt_key }) => prompt_key ?? []));
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
    book: task.origin.book,
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
    refund_promised_at: promisedAtOf(task),
    prompt_key: toPromptKey(task.request),
    emptied: task.emptied === 'all' ? 1 : 0,
    details: JSON.stringify(details satisfies Details),
  };
}

function toTask(row: TaskRow): Task {
  const details = JSON.parse(row.details) as Details;
  return {
    ...details,
    origin: { ...details.origin, book: row.book },
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

/** What costs nothing is given back without a promise. */
function promisedAtOf({ stop, price }: Task): number | null {
  return stop?.isRefunded === true && price > 0 ? stop.at : null;
}

/** The one file of a result goes if its address holds it. */
function withoutData({ result }: Details): Pick<Details, 'result'> {
  const [first, ...others] = result?.media ?? [];
  if (result === undefined || first === undefined || others.length > 0 || !isData(first.url)) return {};
  return { result: { ...result, media: [{ ...first, url: 'data:,' }] } };
}

/** Every column that is written costs each index which holds it, changed or not. */
function changesOf(row: TaskRow, before: TaskRow): Partial<TaskRow> {
  const changed = Object.entries(row).filter(([column, value]) => value !== before[column as keyof TaskRow]);
  return Object.fromEntries(changed);
}

/** Upscales are found by their picture, everything else by its words. */
function toPromptKey({ action, prompt }: Task['request']): string | null {
  const isFoundByPicture = action === 'upscale' || action.startsWith('upscale-');
  if (isFoundByPicture || prompt === '') return null;
  return createHash('sha256').update(prompt).digest('base64url').slice(0, 22);
}

function present<Key extends string, Value>(key: Key, value: Value | null): { [K in Key]?: Value } {
  return value === null ? {} : ({ [key]: value } as { [K in Key]: Value });
}
