import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';

/** The condition of indexes that only hold unfinished tasks. */
export const unfinished = sql<boolean>`state in ('queued', 'submitting', 'running', 'asking', 'answering')`;

export interface Index {
  readonly on: string;
  readonly columns: readonly string[];
  /** Which rows the index holds; all of them unless given. */
  readonly where?: Expression<SqlBool>;
  readonly isUnique?: boolean;
}

/** Creates an index in a step of the schema. Released steps never change, so neither may the SQL of this function. */
export async function createIndex(
  database: Kysely<unknown>,
  name: string,
  { on, columns, where, isUnique = false }: Index,
): Promise<void> {
  let index = database.schema
    .createIndex(name)
    .on(on)
    .columns([...columns]);
  if (isUnique) index = index.unique();
  await (where === undefined ? index : index.where(where)).execute();
}
