import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import KeyvSqlite from '@keyv/sqlite';
import { Keyv } from 'keyv';
import { z } from 'zod';
import { makePrivate } from '../private-folder.ts';
import {
  type InputPicture,
  type Origin,
  type Region,
  speeds,
  type TaskOptions,
  type TaskRequest,
} from '../task.ts';
import { documentsFile } from './files.ts';
import { bookSettings, type StoredSettings } from './settings-document.ts';

/** Last-write-wins data behind Keyv. Anything lost here is rebuilt or falls back to a default. */
export interface Documents {
  /** Which task each of our messages shows. A missing entry is found again in the task table. */
  readonly messages: DocumentStore<string>;
  /** Settings of a book: a server's, or `direct`. */
  readonly settings: DocumentStore<StoredSettings>;
  /** What people have begun and not decided yet, by `person:id`. */
  readonly drafts: DocumentStore<StoredDraft>;
  /** What people have set for themselves. */
  readonly preferences: DocumentStore<StoredPreferences>;
  /** What the operators were told of, by the name of the condition. */
  readonly alerts: DocumentStore<StoredAlert>;
  /** Masks that people painted, by `person:id`. */
  readonly masks: DocumentStore<StoredMask>;
  /** As {@link Database.emptyLog}. */
  emptyLog(): Promise<boolean>;
  close(): Promise<void>;
}

export interface DocumentStore<Value> {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<void>;
  /** The keys of all entries at this moment. */
  listKeys(): Promise<string[]>;
}

const points = z.number().int().nonnegative();

/** Written by us, and read by the same version of the program or one close to it. */
const taskRequest = z.custom<TaskRequest>(
  (value) => typeof value === 'object' && value !== null && 'action' in value && 'prompt' in value,
);
const inputPicture = z.custom<InputPicture>(
  (value) => typeof value === 'object' && value !== null && 'url' in value && 'name' in value,
);
const anyDraft = {
  /** Epoch milliseconds: afterwards it counts as deleted. */
  expiresAt: z.number(),
  /** Where its person was. A draft's own message is always private; what comes of it only is if they wanted that. */
  channelId: z.string(),
  isOpenToBot: z.boolean(),
  isPrivate: z.boolean().default(false),
};

/** The account that it has to go to, and the button that it came from. */
const lineage = {
  account: z.string().optional(),
  parentId: z.string().optional(),
  parentOffer: z.number().optional(),
  parentMessageId: z.string().optional(),
};

const draft = z.discriminatedUnion('kind', [
  /** A task whose price its person has not agreed to. */
  z.object({
    ...anyDraft,
    kind: z.literal('price'),
    request: taskRequest,
    price: points,
    /** Whether its person wants it sent as it is, although something in it is doubtful. */
    isAsWritten: z.boolean().optional(),
    ...lineage,
  }),
  /** A task with something in its words that won't work, or may not. */
  z.object({
    ...anyDraft,
    kind: z.literal('words'),
    request: taskRequest,
    corrected: taskRequest,
    /** What its person was told that the corrected one costs. */
    price: points,
    /** The same for the one as it was written; absent if it can't be sent like that. */
    writtenPrice: points.optional(),
    /** Whether it's translated before it starts. */
    isToTranslate: z.boolean(),
    ...lineage,
  }),
  /** What was typed into the window of an offer. */
  z.object({
    ...anyDraft,
    kind: z.literal('window'),
    taskId: z.string(),
    messageId: z.string(),
    offer: z.number(),
    prompt: z.string(),
  }),
  /** What somebody does with the pictures of a message, or with its prompt, until they send the modal. */
  z.object({
    ...anyDraft,
    kind: z.literal('menu'),
    action: z.enum(['describe', 'edit', 'imagine', 'video']),
    pictures: z.array(inputPicture).readonly(),
    /** Whether all of the pictures are used; otherwise some of them are chosen. */
    usesAll: z.boolean(),
    speed: z.enum(speeds),
    options: z.custom<TaskOptions>((value) => typeof value === 'object' && value !== null).optional(),
    /** For an edit that is made again: what to edit, unless another mask is sent. */
    region: z.custom<Region>((value) => typeof value === 'object' && value !== null).optional(),
    parentId: z.string().optional(),
    parentMessageId: z.string().optional(),
  }),
  /** A page of the region editor that somebody has the link to. */
  z.object({
    ...anyDraft,
    kind: z.literal('page'),
    /** SHA-256 of the part of the link that nobody can guess, in base64url. */
    secretHash: z.string(),
    /** What its person is called where they pressed the button. */
    name: z.string(),
    roleIds: z.array(z.string()).readonly(),
    isAdministrator: z.boolean(),
    /** The channel where they pressed it: a server's rules may be about that. */
    where: z
      .object({ channelId: z.string(), parentId: z.string().optional(), isAgeRestricted: z.boolean() })
      .readonly()
      .optional(),
    origin: z.custom<Origin>((value) => typeof value === 'object' && value !== null && 'place' in value),
    work: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('offer'), taskId: z.string(), messageId: z.string(), offer: z.number() }),
      z.object({
        kind: z.literal('edit'),
        request: taskRequest,
        parentId: z.string().optional(),
        parentMessageId: z.string().optional(),
      }),
    ]),
    prompt: z.string(),
    mayBeEmpty: z.boolean(),
  }),
]);
export type StoredDraft = z.infer<typeof draft>;

const mask = z.object({
  /** Base64. */
  png: z.string(),
  /** Epoch milliseconds: afterwards it's removed. */
  keptUntil: z.number(),
});
export type StoredMask = z.infer<typeof mask>;

/** A field that a newer version of the program wrote in its own way counts as never set: the others stay. */
const ownField = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/** What a person has set for themselves; absent if they never did. */
const personPreferences = z.object({
  aspect: ownField(z.string()),
  version: ownField(z.string()),
  speed: ownField(z.enum(speeds)),
  stylize: ownField(z.number()),
  raw: ownField(z.boolean()),
  /** What comes after every prompt. */
  suffix: ownField(z.string()),
  /** Whether prompts are translated into English. */
  translate: ownField(z.boolean()),
  /** Whether buttons that make new pictures ask for the prompt first. */
  remix: ownField(z.boolean()),
  /** Whether what they start is shown to them alone. */
  private: ownField(z.boolean()),
  /** `off`: the person isn't told when a task ends; `direct`: they get a direct message instead of a mention. */
  notify: ownField(z.enum(['direct', 'off'])),
  /** `off`: the person's pictures don't say how they were made. */
  metadata: ownField(z.literal('off')),
  /** Texts to put into a prompt, by their name in lower case. */
  presets: ownField(z.record(z.string(), z.string())),
  codes: ownField(
    z.array(z.object({ name: z.string(), kind: z.enum(['style', 'profile']), value: z.string() })).readonly(),
  ),
});
export type StoredPreferences = z.infer<typeof personPreferences>;

const alert = z.object({
  isOpen: z.boolean(),
  /** When that was told, epoch milliseconds. */
  at: z.number(),
  /** What was told when it began: its end repeats it. */
  what: z.string(),
});
export type StoredAlert = z.infer<typeof alert>;

/** How long a statement waits for another connection to the file. */
const busyTimeoutMs = 5_000;

/** Opens `documents.db` in the directory, which is created if missing. */
export function openDocuments(directory: string): Documents {
  makePrivate(directory);
  const path = join(directory, documentsFile);
  prepare(path);
  const uri = `sqlite://${path}`;
  // A lost entry of the map is found again in the task table; lost settings of a server are not.
  const messages = openStore({ uri, table: 'messages', schema: z.string(), canBeLost: true });
  const settings = openStore({ uri, table: 'settings', schema: bookSettings, canBeLost: false });
  const drafts = openStore({ uri, table: 'drafts', schema: draft, canBeLost: true });
  const preferences = openStore({ uri, table: 'preferences', schema: personPreferences, canBeLost: false });
  const alerts = openStore({ uri, table: 'alerts', schema: alert, canBeLost: true });
  // A task that is paid for needs its mask.
  const masks = openStore({ uri, table: 'masks', schema: mask, canBeLost: false });
  return {
    messages,
    settings,
    drafts,
    preferences,
    alerts,
    masks,
    // All tables are in one file.
    emptyLog: settings.emptyLog,
    async close() {
      await messages.close();
      await settings.close();
      await drafts.close();
      await preferences.close();
      await alerts.close();
      await masks.close();
    },
  };
}

const tables = ['messages', 'settings', 'drafts', 'preferences', 'alerts', 'masks'] as const;

/**
 * Makes the file before the adapters open it, each with a connection of its own: the first one to switch a new file to a
 * write-ahead log needs it for itself, and the others wait for their whole time limit meanwhile. The tables are as Keyv's
 * adapter makes them. Whatever is wrong with the file is reported by each adapter.
 */
function prepare(path: string): void {
  try {
    const sqlite = new DatabaseSync(path, { timeout: busyTimeoutMs });
    try {
      sqlite.exec('pragma journal_mode = wal');
      for (const table of tables)
        sqlite.exec(`create table if not exists ${table}(key varchar(255) primary key, value text)`);
    } finally {
      sqlite.close();
    }
  } catch {
    // Each call of a store fails with the reason.
  }
}

/**
 * One namespace with its own adapter and table: with a shared adapter, namespaces list each other's entries
 * (@keyv/sqlite 4). Without `throwOnErrors`, Keyv answers a broken disk with `undefined`.
 */
function openStore<Value>({
  uri,
  table,
  schema,
  canBeLost,
}: {
  uri: string;
  table: (typeof tables)[number];
  schema: z.ZodType<Value>;
  /** Whether an entry of an unknown shape counts as missing, and a power cut may cost the latest ones. */
  canBeLost: boolean;
}) {
  const adapter = new KeyvSqlite({ uri, table, busyTimeout: busyTimeoutMs });
  const keyv = new Keyv<Value>({ store: adapter, throwOnErrors: true });
  // If a store can't be opened, each call fails; without a listener that would also end the process.
  adapter.on('error', () => undefined);
  keyv.on('error', () => undefined);
  // @keyv/sqlite 4 has no option for these; without them each entry costs two fsyncs of a journal file.
  const synchronous = `synchronous = ${canBeLost ? 'normal' : 'full'}`;
  for (const pragma of ['journal_mode = wal', synchronous, 'secure_delete = on'])
    adapter.query(`pragma ${pragma}`).catch(() => undefined);
  return {
    async get(key: string) {
      const stored = await keyv.get(key);
      if (stored === undefined) return undefined;
      const parsed = schema.safeParse(stored);
      if (parsed.success) return parsed.data;
      if (canBeLost) return undefined;
      throw new Error(`the document ${table}:${key} has an unknown shape`);
    },
    async set(key: string, value: Value) {
      await keyv.set(key, value);
    },
    async delete(key: string) {
      await keyv.delete(key);
    },
    async listKeys() {
      const rows: { key: string }[] = await adapter.query(`select key from ${table}`);
      return rows.map(({ key }) => key.replace(/^keyv:/u, ''));
    },
    async emptyLog() {
      const [row]: { busy: number }[] = await adapter.query('pragma wal_checkpoint(truncate)');
      return row?.busy === 0;
    },
    close: () => adapter.close(),
  };
}
