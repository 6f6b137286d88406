/**
 * Columns as Kysely sees them. Times are epoch milliseconds, points are whole numbers, ids are strings;
 * JSON is text that only our own code reads. The SQL stays in what SQLite and PostgreSQL share.
 */
export interface Schema {
  tasks: TaskRow;
  ledger: LedgerRow;
  month_sums: MonthSumsRow;
  person_sums: PersonSumsRow;
  deliveries: DeliveryRow;
  keys: KeyRow;
  favorites: FavoriteRow;
  task_words: TaskWordsRow;
  /** One row until the words of every task from before there was an index are in it. */
  word_backlog: { id: number /** The last task, by id, whose words are in it. */; after_task: string };
  /** One row, written to check whether writing works. */
  heartbeat: { id: number; at: number };
}

export interface TaskRow {
  id: string;
  revision: number;
  state: string;
  action: string;
  account: string;
  user_id: string;
  /** Whose books: a server's id, or `direct`. */
  book: string;
  guild_id: string | null;
  channel_id: string;
  message_id: string | null;
  /** Discord's id of the interaction that started it; unique, so a second delivery starts nothing. */
  interaction_id: string;
  parent_id: string | null;
  parent_offer: number | null;
  price: number;
  created_at: number;
  acknowledged_at: number | null;
  not_before: number | null;
  accepted_at: number | null;
  finished_at: number | null;
  next_look_at: number | null;
  deadline_at: number;
  lost_at: number | null;
  /** When its person was promised their points back, although the provider had begun it; null for all others. */
  refund_promised_at: number | null;
  /** Stands for the prompt; null if the task isn't made from words. */
  prompt_key: string | null;
  /** 1 once all its words and addresses are removed. */
  emptied: number;
  /** Everything else about a task, as JSON. */
  details: string;
}

export interface LedgerRow {
  /** `charge:<task>`, `refund:<task>`, …: a unique key, so that each of them happens only once. */
  id: string;
  kind: 'charge' | 'refund' | 'grant' | 'reset';
  /** Whose books: a server's id, or `direct`. */
  book: string;
  user_id: string;
  task_id: string | null;
  /** Points taken from (below 0) or given back to (above 0) the period's allowance. */
  allowance_part: number;
  /** The same for granted points, which don't expire. */
  grant_part: number;
  /** Points that the month of the server's budget spent (below 0) or got back (above 0). */
  month_part: number;
  /** The period of the person's allowance that the row counts in, as `2026-W48`. */
  period: string;
  /** The month of the server's budget that the row counts in, as `2026-11`. */
  month: string;
  created_at: number;
  /** Who granted or reset them; null for the bot itself. */
  actor_id: string | null;
  note: string | null;
}

/** The sums of a book's charges and refunds in a month; a trigger adds each new row of the ledger. */
export interface MonthSumsRow {
  book: string;
  month: string;
  allowance_part: number;
  grant_part: number;
  month_part: number;
}

/** The same for all rows about a person in a book, and how many there are. */
export interface PersonSumsRow {
  book: string;
  user_id: string;
  grant_part: number;
  entries: number;
}

export interface KeyRow {
  name: string;
  /** Base64url. */
  value: string;
}

export interface DeliveryRow {
  task_id: string;
  /** `final` edits the task's message; `mention` tells its owner that it's there. */
  kind: 'final' | 'mention';
  attempts: number;
  due_at: number;
  created_at: number;
}

/** A result that somebody wants to find again: their own, or anybody's. */
export interface FavoriteRow {
  user_id: string;
  task_id: string;
  created_at: number;
}

/** The words that a task is found by; a task without words has no row. */
export interface TaskWordsRow {
  /** In the order in which tasks were started, so that the newest ones are found first. */
  number: number;
  task_id: string;
  user_id: string;
  words: string;
}
