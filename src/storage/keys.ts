import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Secrets that the bot creates for itself, once. */
export interface Keys {
  /** 32 random bytes under that name: created when they're first needed, and the same ever after. */
  read(name: string): Promise<Buffer>;
}

const keyBytes = 32;

export function createKeys(database: Kysely<Schema>): Keys {
  return {
    async read(name) {
      const made = randomBytes(keyBytes).toString('base64url');
      await database
        .insertInto('keys')
        .values({ name, value: made })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await database
        .selectFrom('keys')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return Buffer.from(row.value, 'base64url');
    },
  };
}
