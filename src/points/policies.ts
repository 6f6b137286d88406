import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Repositories } from '../storage/database.ts';
import type { Documents } from '../storage/documents.ts';
import type { Block } from '../storage/settings-document.ts';
import type { SettingChange } from '../storage/settings-journal.ts';
import {
  type Asker,
  type BookSettings,
  decide,
  defaultPoints,
  directBook,
  type OperatorSettings,
  type OwnAllowance,
  type Settings,
} from './policy.ts';

/** What was decided for each book, and who may do what because of it. */
export interface Policies {
  /** Leaves out blocks that have ended. */
  read(book: string): Promise<Settings>;
  /**
   * Changes what was decided for a book, and notes it in the journal with who did. Changes to a book happen one after another,
   * so that none is lost.
   */
  update(
    book: string,
    change: (settings: BookSettings) => BookSettings,
    actorId?: string | undefined,
  ): Promise<Settings>;
  /** Calls back after each change that was saved. */
  listen(listener: (changes: readonly SettingChange[]) => void): void;
  /** Returns the asker with all that a decision needs. Throws a `UserError` if they may not use the bot there. */
  admit(asker: Asker): Promise<Asker>;
  /** Returns the person's own allowances, by book. */
  listAllowances(userId: string): Promise<Record<string, OwnAllowance>>;
  /**
   * Removes the person's own allowances, unless they're lower than what the person would have without them: nobody may get
   * rid of a limit by being forgotten.
   */
  forgetAllowances(userId: string): Promise<void>;
  /** Returns what keeps the person from using the bot, by book. */
  listBlocks(userId: string): Promise<Record<string, Block>>;
  /** Throws a `UserError` if the asker may not decide for that book. */
  requireRight(asker: Asker, to: 'administer' | 'operate'): Promise<Settings>;
}

type Work = (settings: BookSettings) => BookSettings;

/** How many books' settings to keep in memory. */
const mostKnown = 2_000;

export interface PoliciesDependencies {
  operator: OperatorSettings;
  documents: Pick<Documents, 'settings'>;
  ledger: Repositories['ledger'];
  journal: Pick<Repositories['settingsJournal'], 'add'>;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

export function createPolicies({
  operator,
  documents,
  ledger,
  journal,
  clock,
  log,
}: PoliciesDependencies): Policies {
  const listeners: ((changes: readonly SettingChange[]) => void)[] = [];
  const changing = new Map<string, Promise<unknown>>();
  /** Kept in memory, since every press needs them and only this process changes them. */
  const known = new Map<string, BookSettings>();

  async function read(book: string): Promise<Settings> {
    const stored = known.has(book) ? undefined : await documents.settings.get(book);
    const settings = known.get(book) ?? stored ?? {}; // known by now if it was changed in the meantime
    remember(book, settings);
    return { operator, book: withoutEnded(settings, clock.now()) };
  }

  function remember(book: string, settings: BookSettings): void {
    known.delete(book);
    known.set(book, settings);
    const [oldest] = known.keys();
    if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  }

  async function change(book: string, work: Work, actorId: string | undefined): Promise<Settings> {
    const before = withoutEnded((await documents.settings.get(book)) ?? {}, clock.now());
    const settings = work(before);
    const changes = listChanges(before, settings).map((one) => ({ ...one, book, at: clock.now(), actorId }));
    // First, so that no change is without a row.
    await journal.add(changes);
    await documents.settings.set(book, settings);
    remember(book, settings);
    for (const listener of listeners) listener(changes);
    log.info({ book, ...withoutPeople(settings) }, 'settings changed');
    return { operator, book: settings };
  }

  function update(book: string, work: Work, actorId?: string | undefined): Promise<Settings> {
    const before = changing.get(book) ?? Promise.resolve();
    const turn = before.then(() => change(book, work, actorId));
    const settled = Promise.allSettled([turn]).then(() => {
      if (changing.get(book) === settled) changing.delete(book);
    });
    changing.set(book, settled);
    return turn;
  }

  async function listBooks(): Promise<[book: string, settings: BookSettings][]> {
    const books: [string, BookSettings][] = [];
    for (const book of await documents.settings.listKeys()) books.push([book, (await read(book)).book]);
    return books;
  }

  async function listBooksOf(userId: string): Promise<[book: string, settings: BookSettings][]> {
    return (await listBooks()).filter(([, { people = {} }]) => people[userId] !== undefined);
  }

  return {
    read,
    update,
    listen: (listener) => void listeners.push(listener),
    async listAllowances(userId) {
      const books = await listBooksOf(userId);
      return Object.fromEntries(books.map(([book, { people = {} }]) => [book, people[userId] ?? 0]));
    },
    async forgetAllowances(userId) {
      for (const [book] of await listBooksOf(userId))
        await update(book, (settings) => withoutAllowance(settings, book, userId));
    },
    async listBlocks(userId) {
      const blocks = (await listBooks()).map(([book, { blocked }]) => [book, blocked?.[userId]] as const);
      return Object.fromEntries(blocks.flatMap(([book, block]) => (block ? [[book, block]] : [])));
    },
    async admit(asker) {
      const hasDirectGrant = asker.book === directBook && (await ledger.hasGrant(directBook, asker.userId));
      const known = { ...asker, hasDirectGrant };
      // The operator alone says who may use the bot, so the book's settings aren't read for it.
      refuseUnlessAllowed({ operator, book: {} }, known, 'use');
      return known;
    },
    async requireRight(asker, to) {
      const settings = await read(asker.book);
      refuseUnlessAllowed(settings, asker, to);
      return settings;
    },
  };
}

function withoutAllowance(settings: BookSettings, book: string, userId: string): BookSettings {
  const { [userId]: own, ...people } = settings.people ?? {};
  // The bot knows a person's roles only while they use it, so any role counts.
  const everybody = book === directBook ? 0 : (settings.points ?? defaultPoints);
  const most = Math.max(everybody, ...Object.values(settings.roles ?? {}));
  const isLimit = own !== undefined && own !== 'unlimited' && own < most;
  return own === undefined || isLimit ? settings : { ...settings, people };
}

function refuseUnlessAllowed(settings: Settings, asker: Asker, to: 'use' | 'administer' | 'operate'): void {
  const decision = decide(settings, asker, { to });
  if (!decision.isAllowed) throw decision.refusal;
}

function withoutEnded(settings: BookSettings, now: number): BookSettings {
  const { blocked, ...others } = settings;
  if (blocked === undefined) return settings;
  const left = Object.entries(blocked).filter(([, { until }]) => until === undefined || until > now);
  return left.length === 0 ? others : { ...others, blocked: Object.fromEntries(left) };
}

/**
 * Lists what is different, setting by setting. Whose allowance it was, and who was blocked, isn't kept: people can have their
 * data removed.
 */
export function listChanges(
  before: BookSettings,
  after: BookSettings,
): Pick<SettingChange, 'setting' | 'before' | 'after'>[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => name !== 'people' && name !== 'blocked',
  );
  const people = listPeopleChanges('people', before.people, after.people);
  const blocked = listPeopleChanges('blocked', toTimes(before.blocked), toTimes(after.blocked));
  const others = names.map((setting) => ({
    setting,
    before: toJson(before[setting as keyof BookSettings]),
    after: toJson(after[setting as keyof BookSettings]),
  }));
  return [...others, ...people, ...blocked].filter((one) => one.before !== one.after);
}

function listPeopleChanges(
  setting: 'people' | 'blocked',
  before: Readonly<Record<string, unknown>> = {},
  after: Readonly<Record<string, unknown>> = {},
) {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return ids.map((id) => ({ setting, before: toJson(before[id]), after: toJson(after[id]) }));
}

/** A reason may say who it is. */
function toTimes(blocked: BookSettings['blocked'] = {}): Record<string, Pick<Block, 'at' | 'until'>> {
  return Object.fromEntries(Object.entries(blocked).map(([id, { at, until }]) => [id, { at, until }]));
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** Leaves out who has an allowance or is blocked: the log may only say how many. */
function withoutPeople({ people = {}, blocked = {}, roles = {}, suffix, ...rest }: BookSettings) {
  return {
    ...rest,
    hasSuffix: suffix !== undefined,
    people: Object.keys(people).length,
    blocked: Object.keys(blocked).length,
    roles: Object.keys(roles).length,
  };
}

/** Throws a `UserError` unless the points are whole and within bounds. Discord checks that, too, but not what a script sends. */
export function requirePoints(points: number, smallest: number, largest: number): number {
  if (Number.isSafeInteger(points) && points >= smallest && points <= largest) return points;
  throw new UserError('points-malformed', { smallest, largest });
}
