import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Booking } from '../storage/ledger.ts';
import { type Act, grant, readStatement, reset, type Statement } from './bookings.ts';
import { monthAt, type PeriodUnit, toTimeZone } from './period.ts';
import { type Policies, requirePoints } from './policies.ts';
import {
  type Asker,
  allowanceOf,
  type BookSettings,
  budgetOf,
  calendarOf,
  ceilingOf,
  decide,
  defaultPoints,
  directBook,
  type OwnAllowance,
  type Settings,
} from './policy.ts';

/** The most points that can be granted at once, or allowed per period. */
export const mostPoints = 1_000_000;
export const mostBudget = 1_000_000_000;
export const rowsPerPage = 10;

/** Somebody named by an administrator. */
export interface Named {
  readonly userId: string;
  readonly isBot: boolean;
  /** Whether Discord says that they may manage the server. */
  readonly isAdministrator?: boolean | undefined;
  /** Their roles here; `undefined` if they aren't in the server. */
  readonly roleIds: readonly string[] | undefined;
}

/** What was decided for a book, and what the book has spent this month, in points. */
export interface Overview {
  readonly points: number;
  readonly unit: PeriodUnit;
  readonly timeZone: string;
  readonly people: Readonly<Record<string, OwnAllowance>>;
  readonly roles: Readonly<Record<string, number>>;
  /** The limit in force, if there is one. */
  readonly budget: number | undefined;
  /** The operator's limit, if there is one. */
  readonly ceiling: number | undefined;
  readonly spent: number;
  /** How much of that people got back, although a provider had begun the task. */
  readonly kept: number;
  readonly monthEndsAt: number;
}

/** What something shows after a change, and what was decided before it. */
export type Changed<Shown, Before> = Shown & { readonly before: Before };

/** A page of a person's ledger, newest rows first. Pages are numbered from 1. */
export interface HistoryPage {
  readonly userId: string;
  readonly rows: readonly Booking[];
  readonly page: number;
  readonly pages: number;
}

/**
 * What administrators decide about points, and what people may read about their own. Each call checks the asker's right again
 * and changes the book in one transaction, or throws a `UserError`.
 */
export interface Administration {
  /** Returns the asker's own points. */
  statement(asker: Asker): Promise<Statement>;
  statementOf(asker: Asker, person: Named): Promise<Statement>;
  overview(asker: Asker): Promise<Overview>;
  setDefault(
    asker: Asker,
    change: DefaultChange,
  ): Promise<Changed<Overview, Pick<Overview, 'points' | 'unit' | 'timeZone'>>>;
  /** Sets a person's own allowance; `undefined` goes back to their roles' or everybody's. */
  setPerson(
    asker: Asker,
    person: Named,
    points: OwnAllowance | undefined,
  ): Promise<Changed<Statement, Pick<Statement, 'allowance'>>>;
  /** What the role gave before, if it had an allowance. */
  setRole(
    asker: Asker,
    roleId: string,
    points: number | undefined,
  ): Promise<Changed<Overview, { points: number | undefined }>>;
  /** Sets the monthly limit. Administrators can't raise it above the operator's. `undefined` removes it. */
  setBudget(asker: Asker, points: number | undefined): Promise<Changed<Overview, Pick<Overview, 'budget'>>>;
  grant(asker: Asker, person: Named, points: number, act: Occasion): Promise<Statement>;
  reset(asker: Asker, person: Named, what: 'spending' | 'grants', act: Occasion): Promise<ResetOutcome>;
  /** Returns the asker's own rows or, for administrators, anybody's; the last page if that one doesn't exist. */
  history(asker: Asker, userId: string, page: number, rowsAPage?: number): Promise<HistoryPage>;
}

export interface DefaultChange {
  readonly points?: number | undefined;
  readonly period?: PeriodUnit | undefined;
  readonly timeZone?: string | undefined;
}

export type Occasion = Pick<Act, 'interactionId' | 'note'>;

export interface ResetOutcome {
  /** How many points came back, or how many granted points were removed. */
  readonly points: number;
  /** How many points unfinished tasks hold until they end. */
  readonly held: number;
  readonly statement: Statement;
}

export interface AdministrationDependencies {
  database: Database;
  policies: Policies;
  clock: Clock;
  log: Logger;
}

export function createAdministration(dependencies: AdministrationDependencies): Administration {
  const { database, policies, clock, log } = dependencies;

  const administer = (asker: Asker) => policies.requireRight(asker, 'administer');

  const readOf = (asker: Asker, settings: Settings) =>
    readStatement(database, { asker, settings }, clock.now());

  async function toOverview(book: string, settings: Settings): Promise<Overview> {
    const month = monthAt(clock.now());
    const { points = defaultPoints, people = {}, roles = {} } = settings.book;
    return {
      points,
      ...calendarOf(settings.book),
      people,
      roles,
      budget: budgetOf(settings, { book }),
      ceiling: ceilingOf(settings, book),
      spent: await database.ledger.spentByBook(book, month.key),
      kept: await database.ledger.keptByBook(book, month.key),
      monthEndsAt: month.endsAt,
    };
  }

  /** Logs who changed what; points aren't a secret from the operator who pays for them. */
  function note(asker: Asker, facts: object, sentence: string): void {
    log.info({ book: asker.book, actorId: asker.userId, ...facts }, sentence);
  }

  /** The settings before and after a change, with no other change in between. */
  async function update(
    { book, userId: actorId }: Asker,
    change: (book: BookSettings) => BookSettings,
  ): Promise<{ before: Settings; settings: Settings }> {
    let stored: BookSettings = {};
    const settings = await policies.update(
      book,
      (before) => {
        stored = before;
        return change(before);
      },
      actorId,
    );
    return { before: { ...settings, book: stored }, settings };
  }

  return {
    async statement(asker) {
      return readOf(asker, await policies.read(asker.book));
    },

    async statementOf(asker, person) {
      return readOf(toAsker(asker, person), await administer(asker));
    },

    async overview(asker) {
      return toOverview(asker.book, await administer(asker));
    },

    async setDefault(asker, { points, period, timeZone }) {
      await administer(asker);
      const known = timeZone === undefined ? undefined : toTimeZone(timeZone);
      if (timeZone !== undefined && known === undefined)
        throw new UserError('time-zone-unknown', { value: timeZone });
      if (points !== undefined) requirePoints(points, 0, mostPoints);
      const change = present({ points, period, timeZone: known });
      if (Object.keys(change).length === 0) throw new UserError('nothing-to-change');
      const { before, settings } = await update(asker, (book) => ({ ...book, ...change }));
      note(asker, change, "a book's default is set");
      const { points: had = defaultPoints } = before.book;
      return {
        ...(await toOverview(asker.book, settings)),
        before: { points: had, ...calendarOf(before.book) },
      };
    },

    async setPerson(asker, person, points) {
      await administer(asker);
      if (points !== undefined) {
        requireMember(asker, person);
        if (points !== 'unlimited') requirePoints(points, 0, mostPoints);
      }
      const { before, settings } = await update(asker, (book) => ({
        ...book,
        people: withEntry(book.people, person.userId, points),
      }));
      note(asker, { userId: person.userId, points }, "a person's allowance is set");
      const theirs = toAsker(asker, person);
      return { ...(await readOf(theirs, settings)), before: allowanceOf(before, theirs) };
    },

    async setRole(asker, roleId, points) {
      await administer(asker);
      if (points !== undefined) {
        if (roleId === asker.book) throw new UserError('role-is-everybody');
        requirePoints(points, 0, mostPoints);
      }
      const { before, settings } = await update(asker, (book) => ({
        ...book,
        roles: withEntry(book.roles, roleId, points),
      }));
      note(asker, { roleId, points }, "a role's allowance is set");
      const overview = await toOverview(asker.book, settings);
      return { ...overview, before: { points: before.book.roles?.[roleId] } };
    },

    async setBudget(asker, points) {
      const settings = await administer(asker);
      if (asker.book === directBook) throw new UserError('no-limit-here');
      if (points !== undefined) requirePoints(points, 0, mostBudget);
      const isByOperator = decide(settings, asker, { to: 'operate' }).isAllowed;
      const ceiling = ceilingOf(settings, asker.book);
      if (!isByOperator && points !== undefined && ceiling !== undefined && points > ceiling)
        throw new UserError('budget-too-high', { ceiling });
      const changed = await update(asker, (book) =>
        // What an operator sets takes effect: the administrators' own limit, which may be lower, is removed.
        isByOperator
          ? withLimit(withLimit(book, 'budget', undefined), 'ceiling', points)
          : withLimit(book, 'budget', points),
      );
      note(asker, { points, isByOperator }, "a server's monthly limit is set");
      const overview = await toOverview(asker.book, changed.settings);
      return { ...overview, before: { budget: budgetOf(changed.before, asker) } };
    },

    async grant(asker, person, points, act) {
      const settings = await administer(asker);
      requireMember(asker, person);
      requirePoints(points, 1, mostPoints);
      const terms = { settings, asker: toAsker(asker, person) };
      const now = clock.now();
      const isNew = await database.transaction(({ ledger }) =>
        grant(ledger, terms, points, { ...act, actorId: asker.userId, now }),
      );
      if (isNew) note(asker, { userId: person.userId, points }, 'points are granted');
      return readOf(terms.asker, settings);
    },

    async reset(asker, person, what, act) {
      const settings = await administer(asker);
      const terms = { settings, asker: toAsker(asker, person) };
      const now = clock.now();
      const outcome = await database.transaction((books) =>
        reset(books, terms, what, { ...act, actorId: asker.userId, now }),
      );
      note(asker, { userId: person.userId, what, points: outcome.points }, 'points are reset');
      return { ...outcome, statement: await readOf(terms.asker, settings) };
    },

    async history(asker, userId, page, rowsAPage = rowsPerPage) {
      if (userId !== asker.userId) await administer(asker);
      const count = await database.ledger.countByPerson(asker.book, userId);
      const pages = Math.max(1, Math.ceil(count / rowsAPage));
      const shown = Math.min(pages, Math.max(1, Math.trunc(page) || 1));
      const offset = (shown - 1) * rowsAPage;
      const rows = await database.ledger.listByPerson(asker.book, userId, { limit: rowsAPage, offset });
      return { userId, rows, page: shown, pages };
    },
  };
}

/** Returns the named person as an asker, in the book of the asker who named them. */
function toAsker({ book }: Asker, { userId, roleIds = [] }: Named): Asker {
  return { userId, book, roleIds, isAdministrator: false };
}

/** Throws a `UserError` for bots and, in servers, for people who are not in them. */
function requireMember({ book }: Asker, { userId, isBot, roleIds }: Named): void {
  if (isBot) throw new UserError('person-is-bot', { userId });
  if (book !== directBook && roleIds === undefined) throw new UserError('person-left', { userId });
}

function withEntry<Points>(
  entries: Readonly<Record<string, Points>> = {},
  key: string,
  points: Points | undefined,
): Record<string, Points> {
  const { [key]: _before, ...others } = entries;
  return points === undefined ? others : { ...others, [key]: points };
}

function withLimit(
  before: BookSettings,
  key: 'budget' | 'ceiling',
  points: number | undefined,
): BookSettings {
  const { [key]: _before, ...others } = before;
  return points === undefined ? others : { ...others, [key]: points };
}

function present<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<Values>;
}
