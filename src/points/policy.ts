import { UserError } from '../errors.ts';
import type { StoredSettings } from '../storage/settings-document.ts';
import { type Charge, chargeFor, pointsLeft } from './charge.ts';
import type { Calendar } from './period.ts';
import { limitsOf, refuseByRules, type ServerRule, type Whereabouts, type Work } from './server-rules.ts';

/** The book for everything that happens outside of the servers that the operator allows. */
export const directBook = 'direct';

/** How many points everybody gets a week, unless the server decides otherwise. */
export const defaultPoints = 2_000;

/** What the operator decided for every server. */
export interface OperatorSettings {
  /** Ids of the servers where the bot works, or `'*'` for all servers. */
  readonly allowedGuilds: ReadonlySet<string> | '*';
  /** Whether the bot works outside of servers, and as a user-installed app. */
  readonly allowsDirect: boolean;
  readonly operatorIds: ReadonlySet<string>;
  /** How many points a server may spend a month; `undefined` for no limit. */
  readonly serverBudget: number | undefined;
  /** How many times a day a person gets points back for what a provider had begun. */
  readonly refundedCancels: number;
}

/** What was decided for one book. */
export type BookSettings = StoredSettings;
/** What a single person may spend per period, if that was decided. */
export type OwnAllowance = NonNullable<BookSettings['people']>[string];

export interface Settings {
  readonly operator: OperatorSettings;
  readonly book: BookSettings;
}

/** Who asks, and where: everything about them that a decision may depend on. */
export interface Asker {
  readonly userId: string;
  /** The book that it's about: a server's id, or `direct`. */
  readonly book: string;
  readonly roleIds: readonly string[];
  /** Whether Discord says that they may manage the server. */
  readonly isAdministrator: boolean;
  /** The channel that they're in. */
  readonly where?: Whereabouts | undefined;
  /** Outside of servers: whether an operator has ever granted them points. */
  readonly hasDirectGrant?: boolean | undefined;
}

/** What the books say at the moment of a decision, in points and tasks. */
export interface Standing {
  /** How much of the person's allowance is spent in this period. */
  readonly spent: number;
  readonly granted: number;
  /** When the allowance is full again, epoch milliseconds. */
  readonly refillsAt: number;
  /** How much the server has spent this month, out of allowances and grants. */
  readonly serverSpent: number;
  readonly monthEndsAt: number;
  /** How many unfinished tasks the person has. */
  readonly unfinished: number;
  /** How many tasks are waiting in the server. */
  readonly serverWaiting: number;
}

/**
 * What somebody wants: to see what is theirs and end it, to use the bot at all, to change settings, or to start `count` tasks
 * of a price.
 */
export type Wish =
  | { readonly to: 'see' | 'use' | 'administer' | 'operate' }
  | {
      readonly to: 'start';
      /** Absent if a result is only sent to its owner: a server's rules are about what is made and shown there. */
      readonly work?: Work | undefined;
      /** How many points each of them costs; 0 for a result that is shown again. */
      readonly price: number;
      readonly count: number;
      readonly standing: Standing;
    };

/** The rule that decided. Each one is asked only if all earlier ones allow. */
export type Rule =
  | 'server'
  | 'direct'
  | 'blocked'
  | 'administrator'
  | 'operator'
  | ServerRule
  | 'points'
  | 'budget'
  | 'person-limit'
  | 'server-limit'
  | 'all';

export type Decision =
  | { readonly isAllowed: true; readonly rule: 'all'; readonly price: number; readonly charge: Charge }
  | { readonly isAllowed: false; readonly rule: Rule; readonly refusal: UserError };

/** Decides whether somebody may do something, and names the rule that decided. Pure: all that counts is in the arguments. */
export function decide(settings: Settings, asker: Asker, wish: Wish): Decision {
  const refused =
    refuseUse(settings, asker) ??
    refuseBlocked(settings, asker, wish) ??
    refuseAdministration(settings, asker, wish);
  if (refused !== undefined) return refused;
  return wish.to === 'start' ? decideStart(settings, asker, wish) : allowed();
}

function allowed(price = 0, charge: Charge = { allowancePart: 0, grantPart: 0 }): Decision {
  return { isAllowed: true, rule: 'all', price, charge };
}

function refuse(rule: Rule, refusal: UserError): Decision {
  return { isAllowed: false, rule, refusal };
}

export function isOperator({ operator }: Pick<Settings, 'operator'>, { userId }: Asker): boolean {
  return operator.operatorIds.has(userId);
}

function refuseUse(settings: Settings, asker: Asker): Decision | undefined {
  const { allowedGuilds, allowsDirect } = settings.operator;
  if (asker.book === directBook) {
    const isAdmitted = isOperator(settings, asker) || asker.hasDirectGrant === true;
    if (allowsDirect && isAdmitted) return undefined;
    return refuse('direct', new UserError('direct-not-allowed'));
  }
  if (allowedGuilds === '*' || allowedGuilds.has(asker.book)) return undefined;
  return refuse('server', new UserError('server-not-allowed'));
}

/** Those who decide about blocks can't be blocked: they could lift it, and nobody else might be left to. */
function refuseBlocked(settings: Settings, asker: Asker, { to }: Wish): Decision | undefined {
  const block = settings.book.blocked?.[asker.userId];
  if (block === undefined || to === 'see') return undefined;
  if (asker.isAdministrator || isOperator(settings, asker)) return undefined;
  return refuse('blocked', new UserError('blocked', { until: block.until, reason: block.reason }));
}

/** Operators pay, so they may do everything that administrators may; outside of servers, only they decide. */
function refuseAdministration(settings: Settings, asker: Asker, { to }: Wish): Decision | undefined {
  if (to === 'see' || to === 'use' || to === 'start' || isOperator(settings, asker)) return undefined;
  if (to === 'operate' || asker.book === directBook)
    return refuse('operator', new UserError('operators-only'));
  return asker.isAdministrator ? undefined : refuse('administrator', new UserError('administrators-only'));
}

function decideStart(settings: Settings, asker: Asker, wish: Extract<Wish, { to: 'start' }>): Decision {
  const { standing, count } = wish;
  const refused = wish.work && refuseByRules(settings.book, asker, wish.work);
  if (refused !== undefined) return refuse(refused.rule, refused.refusal);
  const price = wish.price * count;
  if (price === 0) return refuseLimits(settings, standing, count) ?? allowed();
  const { allowance } = allowanceOf(settings, asker);
  const purse = { allowance, spent: standing.spent, granted: standing.granted };
  const charge = chargeFor(price, purse);
  if (charge === undefined) {
    const refillsAt = price <= allowance + standing.granted ? standing.refillsAt : undefined;
    return refuse('points', new UserError('points-short', { price, left: pointsLeft(purse), refillsAt }));
  }
  const left = Math.max(0, (budgetOf(settings, asker) ?? Number.POSITIVE_INFINITY) - standing.serverSpent);
  if (price > left) {
    const refillsAt = standing.monthEndsAt;
    return refuse('budget', new UserError('budget-short', { price, left, refillsAt }));
  }
  return refuseLimits(settings, standing, count) ?? allowed(price, charge);
}

function refuseLimits({ book }: Settings, standing: Standing, count: number): Decision | undefined {
  const { personRunning, personWaiting, serverWaiting } = limitsOf(book);
  if (standing.unfinished + count > personRunning + personWaiting) {
    const details = { running: personRunning, waiting: personWaiting };
    return refuse('person-limit', new UserError('too-many-yours', details));
  }
  if (standing.serverWaiting + count > serverWaiting)
    return refuse('server-limit', new UserError('too-many-here', { waiting: serverWaiting }));
  return undefined;
}

/** Where an allowance comes from. */
export type AllowanceSource = 'person' | 'role' | 'everybody' | 'none';

/**
 * Returns how many points somebody may spend per period: their own allowance if they have one, or else the highest of their
 * roles', or else everybody's. Outside of servers, only operators get everybody's. Without a limit, that's infinitely many;
 * what they spend still counts toward the server's month.
 */
export function allowanceOf(
  settings: Settings,
  asker: Asker,
): { allowance: number; source: AllowanceSource } {
  const { people = {}, roles = {}, points = defaultPoints } = settings.book;
  const own = people[asker.userId];
  if (own === 'unlimited') return { allowance: Number.POSITIVE_INFINITY, source: 'person' };
  if (own !== undefined) return { allowance: own, source: 'person' };
  const byRole = asker.roleIds.map((id) => roles[id]).filter((value) => value !== undefined);
  if (byRole.length > 0) return { allowance: Math.max(...byRole), source: 'role' };
  if (asker.book === directBook && !isOperator(settings, asker)) return { allowance: 0, source: 'none' };
  return { allowance: points, source: 'everybody' };
}

/** Returns how many points the server may spend a month, by the lower of its two limits; `undefined` for no limit. */
export function budgetOf(settings: Settings, { book }: Pick<Asker, 'book'>): number | undefined {
  const ceiling = ceilingOf(settings, book);
  const { budget } = settings.book;
  if (ceiling === undefined || budget === undefined) return ceiling ?? budget;
  return Math.min(ceiling, budget);
}

/** Returns what the operator lets a server spend a month. Outside of servers, there's no limit: every grant is the operator's. */
export function ceilingOf({ operator, book: { ceiling } }: Settings, book: string): number | undefined {
  return book === directBook ? undefined : (ceiling ?? operator.serverBudget);
}

export function calendarOf({ period = 'week', timeZone = 'UTC' }: BookSettings): Calendar {
  return { unit: period, timeZone };
}
