import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Policies } from '../points/policies.ts';
import { type Priced, priceOf } from '../points/prices.ts';
import { mostEdited, requireEditable, usesEditModel } from '../prompt/edit-model.ts';
import { isSendable, type Lint, lint } from '../prompt/lint.ts';
import { inputFormOf, type ProviderTraits } from '../providers/provider.ts';
import { speedOf } from '../providers/speeds.ts';
import type { Action, Adjustment, Task, TaskRequest } from '../task.ts';
import { type Account, type Accounts, isUsable } from './accounts.ts';
import { isHopeless } from './breaker.ts';
import type { Closing } from './limits.ts';
import { requireVideoForm } from './video-form.ts';

type Work = Pick<TaskRequest, 'action' | 'prompt' | 'speed' | 'pictures' | 'offer' | 'options' | 'region'>;

/** The account that gets some work, and what its API does differently from the words. */
export interface Chosen {
  readonly account: Account;
  readonly adjustments: readonly Adjustment[];
}

/** Chooses the account for fresh work. Follow-ups have no choice: they belong to their parent's account. */
export interface Choice {
  /**
   * Returns the first account that can do the work and is usable, in the server's order or else the operator's; if none is
   * usable, the first that may come back while the task waits. Throws a `UserError` if no account can do it, or if the
   * operator's limits keep all of those that can from it now.
   */
  choose(work: Work, book: string): Promise<Chosen>;
  /** Keeps work at its account. Throws a `UserError` if its API wouldn't take it, or it would certainly fail now. */
  keep(work: Work, account: Account): Chosen;
  /** Returns the account that `choose` will probably return once the words are known; `undefined` if none can do it. */
  foresee(work: Pick<Work, 'action' | 'speed'>, book: string): Promise<Account | undefined>;
  /**
   * Returns where else a task can go if its account doesn't take it: to a usable account, with a `free` slot if there is one;
   * or, if staying would end the task (`isLast`), to one that may come back while it waits.
   */
  next(
    task: Task,
    options: { isLast: boolean; free: Pick<ReadonlyMap<string, unknown>, 'has'> },
  ): Promise<Account | undefined>;
  /** Returns where a waiting task can go, its own account among them, in the order of preference; follow-ups have no choice. */
  rank(task: Task): Promise<readonly Account[]>;
}

export function createChoice({
  accounts,
  policies,
  clock,
}: {
  accounts: Accounts;
  policies: Pick<Policies, 'read'>;
  clock: Clock;
}): Choice {
  async function listFor({ action }: Pick<Work, 'action'>, book: string): Promise<Account[]> {
    const settings = await policies.read(book);
    const chosen = listChosen(accounts, settings.book.accounts);
    return chosen.filter(({ provider }) => provider.actions.has(action));
  }

  /** Returns the entry with the best account: usable, or else with hope, or else the first. */
  function pick<Entry>(fitting: readonly Entry[], accountOf: (entry: Entry) => Account): Entry | undefined {
    const now = clock.now();
    return (
      fitting.find((entry) => isUsable(accountOf(entry), now)) ??
      fitting.find((entry) => hasHope(accountOf(entry), now)) ??
      fitting[0]
    );
  }

  async function rank({ request, account, price, tried = [], origin }: Task): Promise<readonly Account[]> {
    if (request.offer !== undefined) return [];
    // What the person read about their words before the charge has to stay true.
    const isFitting = (other: Account) =>
      hasSpeed(other, request) && reviewFor(other, request).adjustments?.length === 0;
    const capable = await listFor(request, origin.book);
    const isOpen = ({ limits }: Account) =>
      limits.closing({ price, besides: limits.waiting() }, clock.now()) === undefined;
    return capable.filter(
      (other) => other.name === account || (!tried.includes(other.name) && isFitting(other) && isOpen(other)),
    );
  }

  return {
    async choose(work, book) {
      const capable = await listFor(work, book);
      if (capable.length === 0) throw new UserError('action-unavailable');
      const fast = capable.filter((account) => hasSpeed(account, work));
      if (fast.length === 0) throw new UserError('speed-unavailable', { speed: work.speed });
      const reviews = fast.map((account) => reviewFor(account, work));
      const fitting = reviews.filter((review) => review.adjustments !== undefined);
      if (fitting.length === 0) throw firstRefusal(reviews) ?? new UserError('action-unavailable');
      const closings = fitting.map((entry) => closingFor(entry, work, clock.now()));
      const chosen = pick(
        fitting.filter((_, index) => closings[index] === undefined),
        ({ account }) => account,
      );
      if (chosen === undefined) throw toClosed(closings);
      requireHope(chosen.account, clock.now());
      return chosen;
    },

    keep(work, account) {
      requireHope(account, clock.now());
      const kept = { account, adjustments: reviewWork(account, work) };
      const closing = closingFor(kept, work, clock.now());
      if (closing !== undefined) throw toClosed([closing]);
      return kept;
    },

    async foresee(work, book) {
      const fast = (await listFor(work, book)).filter((account) => hasSpeed(account, work));
      const open = fast.filter(({ limits }) => limits.closing({ price: 0 }, clock.now()) === undefined);
      return pick(open.length === 0 ? fast : open, (account) => account);
    },

    async next(task, { isLast, free }) {
      const { account, saidFull = [] } = task;
      const others = (await rank(task)).filter(({ name }) => name !== account && !saidFull.includes(name));
      const now = clock.now();
      const usable = others.filter((other) => isUsable(other, now));
      const working = usable.find(({ name }) => free.has(name)) ?? usable[0];
      return working ?? (isLast ? others.find((other) => hasHope(other, now)) : undefined);
    },

    rank,
  };
}

/** Returns the accounts that a server chose, in its order; all of them if none that it chose exists. */
export function listChosen(accounts: Accounts, chosen: readonly string[] | undefined): readonly Account[] {
  const known = (chosen ?? []).flatMap((name) => accounts.get(name) ?? []);
  return known.length === 0 ? accounts.all : known;
}

/**
 * Returns what the account's API does differently from the words. Throws a `UserError` for what it would drop, for more
 * pictures than it takes, for words that don't go with them, for a mask or a form of video that it doesn't take, and for a
 * picture that it fetches by itself and that the bot would have to change: one that is too large, or a part of one.
 */
function reviewWork({ provider, traits, kind }: Account, work: Work): readonly Adjustment[] {
  const { translates = false, choosesNiji = false, masksEdits = false } = traits;
  if (work.offer === undefined && work.options?.translate === true && !translates)
    throw new UserError('translation-unavailable');
  if (work.offer === undefined && work.options?.isNiji === true && !choosesNiji)
    throw new UserError('niji-unavailable');
  const most = mostPicturesOf(traits, work.action);
  if (work.pictures.length > most) throw new UserError('too-many-pictures', { limit: most });
  if (usesEditModel(work) && work.region !== undefined) throw new UserError('mask-for-several');
  if (work.action === 'edit' && work.region !== undefined && !masksEdits)
    throw new UserError('mask-unsupported');
  requireVideoForm(work, traits.videos);
  requireEditable(work);
  const { by, mostBytes: limit } = inputFormOf(traits, work);
  if (by === 'address' && work.pictures.some(({ quarter }) => quarter !== undefined))
    throw new UserError('quarter-unsupported');
  for (const { name, bytes = 0 } of by === 'address' ? work.pictures : [])
    if (bytes > limit) throw new UserError('picture-too-large', { name, bytes, limit, by: 'provider' });
  requireSendable(work, kind);
  return provider.review?.(work) ?? [];
}

function mostPicturesOf({ mostPictures, editModelInputs }: ProviderTraits, action: Action): number {
  const most = mostPictures?.[action];
  if (most !== undefined || action !== 'edit') return most ?? Number.POSITIVE_INFINITY;
  return editModelInputs === undefined ? 1 : mostEdited;
}

/** Throws a `UserError` for words that an API of that kind would certainly turn down or drop; most follow-ups send none of these. */
function requireSendable({ action, prompt, speed, pictures, offer }: Work, kind: string): void {
  const sendsNone = offer !== undefined && offer.takesWords !== true;
  if (sendsNone || action === 'shorten' || prompt === '') return;
  const hasStyle = pictures.some(({ role }) => role === 'style');
  const linted = lint(prompt, { action, speed, pictures: pictures.length, hasStyle, kind });
  if (!isSendable(linted)) throw new UserError('flags-unsupported', { flags: flagsOf(linted) });
}

function flagsOf({ findings }: Lint): string {
  const flags = findings.flatMap(({ details, isCertain }) =>
    isCertain && 'flag' in details ? [details.flag] : [],
  );
  return [...new Set(flags)].join(' ');
}

/** Returns why the operator's limits keep the work from that account; what waits there already comes first. */
function closingFor({ account, adjustments }: Chosen, work: Work, now: number): Closing | undefined {
  const { limits, prices } = account;
  const priced: Priced = { ...work, speed: speedOf(work, adjustments) };
  return limits.closing({ price: priceOf(prices, priced), besides: limits.waiting() }, now);
}

/** The refusal of work that no account may do now: it names the one that is open again first. */
function toClosed(closings: readonly (Closing | undefined)[]): UserError {
  const known = closings.filter((closing) => closing !== undefined);
  const [first] = known.toSorted((one, other) => one.until - other.until);
  const { reason = 'hours', until = Number.POSITIVE_INFINITY } = first ?? {};
  return new UserError('account-closed', { reason, until: Number.isFinite(until) ? until : undefined });
}

type Review =
  | Chosen
  | { readonly account: Account; readonly adjustments?: never; readonly refusal: UserError };

/** Returns the same, with the refusal in place of the adjustments if the API wouldn't take it. */
function reviewFor(account: Account, work: Work): Review {
  try {
    return { account, adjustments: reviewWork(account, work) };
  } catch (error) {
    if (error instanceof UserError) return { account, refusal: error };
    throw error;
  }
}

function firstRefusal([first]: readonly Review[]): UserError | undefined {
  return first !== undefined && 'refusal' in first ? first.refusal : undefined;
}

function hasSpeed({ provider }: Account, { action, speed }: Pick<Work, 'action' | 'speed'>): boolean {
  return provider.speeds.has(speed) || unchosen.has(action);
}

/** Nobody can choose a speed for these, so they run at the one that the account has. */
const unchosen: ReadonlySet<Action> = new Set<Action>(['describe', 'shorten', 'swap']);

function hasHope({ breaker }: Account, now: number): boolean {
  return !isHopeless(breaker.outage(), now);
}

/** Throws a `UserError` if a task of that account would certainly fail. */
function requireHope({ breaker }: Account, now: number): void {
  const outage = breaker.outage();
  if (!isHopeless(outage, now)) return;
  throw new UserError('account-unusable', { trouble: outage.trouble, until: outage.until });
}
