import type { Kysely } from 'kysely';
import type { Schema, StarRow } from './schema.ts';

/** A result that enough people like, and its message in the server's star channel. */
export interface Star {
  readonly taskId: string;
  readonly channelId: string;
  /** Absent until it's forwarded. */
  readonly messageId?: string | undefined;
  /** `due`: it has to be forwarded. `withdrawn`: its message there has to go. */
  readonly state: StarRow['state'];
  /** How many tries have failed. */
  readonly attempts: number;
  readonly createdAt: number;
}

export interface Stars {
  /** Resolves to false if it has ever been one: it isn't forwarded twice. */
  add(taskId: string, channelId: string, at: number): Promise<boolean>;
  /** Returns those with something left to do by then, longest due first. */
  listDue(now: number, limit: number): Promise<Star[]>;
  nextDueAt(): Promise<number | undefined>;
  /** Its message is in the star channel. */
  settle(taskId: string, messageId: string | undefined): Promise<void>;
  postpone(taskId: string, dueAt: number): Promise<void>;
  /** Nothing is left to do, ever. */
  end(taskId: string): Promise<void>;
  /** Its result was deleted, so it isn't forwarded; if it has been, that message has to go. */
  withdraw(taskId: string, at: number): Promise<void>;
}

const unsettled = ['due', 'withdrawn'] as const;

export function createStars(database: Kysely<Schema>): Stars {
  const update = (taskId: string) => database.updateTable('stars').where('task_id', '=', taskId);
  return {
    async add(taskId, channelId, at) {
      const { numInsertedOrUpdatedRows = 0n } = await database
        .insertInto('stars')
        .values({
          task_id: taskId,
          channel_id: channelId,
          message_id: null,
          state: 'due',
          attempts: 0,
          due_at: at,
          created_at: at,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    async listDue(now, limit) {
      const rows = await database
        .selectFrom('stars')
        .selectAll()
        .where('state', 'in', unsettled)
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        taskId: row.task_id,
        channelId: row.channel_id,
        messageId: row.message_id ?? undefined,
        state: row.state,
        attempts: Number(row.attempts),
        createdAt: Number(row.created_at),
      }));
    },
    async nextDueAt() {
      const { at } = await database
        .selectFrom('stars')
        .select(({ fn }) => fn.min('due_at').as('at'))
        .where('state', 'in', unsettled)
        .executeTakeFirstOrThrow();
      return at === null ? undefined : Number(at);
    },
    async settle(taskId, messageId) {
      // If it was withdrawn meanwhile, its message has to go now that there is one.
      await update(taskId)
        .set({ message_id: messageId ?? null })
        .execute();
      await update(taskId).where('state', '=', 'due').set({ state: 'sent' }).execute();
    },
    async postpone(taskId, dueAt) {
      await update(taskId)
        .set(({ eb }) => ({ due_at: dueAt, attempts: eb('attempts', '+', 1) }))
        .execute();
    },
    async end(taskId) {
      await update(taskId).set({ state: 'over' }).execute();
    },
    async withdraw(taskId, at) {
      await update(taskId)
        .where('state', 'in', ['due', 'sent'])
        .set({ state: 'withdrawn', due_at: at, attempts: 0 })
        .execute();
    },
  };
}
