import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** A change of one setting. Values are JSON; absent if the setting wasn't set, or no longer is. */
export interface SettingChange {
  readonly book: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who changed it; absent if the bot did. */
  readonly actorId?: string | undefined;
  readonly setting: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Who changed which setting of a server, and when. */
export interface SettingsJournal {
  add(changes: readonly SettingChange[]): Promise<void>;
  /** Returns a book's latest changes, newest first. */
  list(book: string, limit: number): Promise<SettingChange[]>;
  /** Removes what is older. */
  removeBefore(at: number): Promise<void>;
}

export function createSettingsJournal(database: Kysely<Schema>): SettingsJournal {
  return {
    async add(changes) {
      if (changes.length === 0) return;
      await database
        .insertInto('settings_journal')
        .values(
          changes.map(({ book, at, actorId = null, setting, before = null, after = null }) => ({
            book,
            created_at: at,
            actor_id: actorId,
            setting,
            before,
            after,
          })),
        )
        .execute();
    },
    async list(book, limit) {
      const rows = await database
        .selectFrom('settings_journal')
        .selectAll()
        .where('book', '=', book)
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        book: row.book,
        at: Number(row.created_at),
        setting: row.setting,
        actorId: row.actor_id ?? undefined,
        before: row.before ?? undefined,
        after: row.after ?? undefined,
      }));
    },
    async removeBefore(at) {
      await database.deleteFrom('settings_journal').where('created_at', '<', at).execute();
    },
  };
}
