import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { PriceList } from '../points/prices.ts';
import type { Provider, ProviderTraits } from '../providers/provider.ts';
import { type Breaker, createBreaker, type Trouble } from './breaker.ts';
import type { PollTiming } from './cadence.ts';
import { createLimits, type LimitOptions, type Limits } from './limits.ts';
import { createSpending, type Spending } from './spending.ts';

/** A configured account at a provider, and what the bot has learned about it. */
export interface Account {
  readonly name: string;
  /** The kind of its API, as in `PROVIDERS`. */
  readonly kind: string;
  readonly provider: Provider;
  readonly traits: ProviderTraits;
  /** What its API charges, in points. */
  readonly prices: PriceList;
  readonly maxInFlight: number;
  readonly taskTimeoutMs: number;
  readonly timing: PollTiming;
  /** Whether its API may be given an address to call back. */
  readonly takesCallbacks: boolean;
  readonly breaker: Breaker;
  /** When it may work, and for how many points a day, as far as the operator limits that. */
  readonly limits: Limits;
  /** The account isn't called before this time, epoch milliseconds. */
  pausedUntil: number;
  /** It said that it takes nothing more before this time; only tasks that have a choice wait for that. */
  fullUntil: number;
  /** How many looks in a row have failed. */
  failures: number;
  /** Whether its API's callbacks are known to arrive: if so, it's polled less often. */
  callsBack: boolean;
}

export interface AccountOptions extends LimitOptions {
  name: string;
  kind: string;
  provider: Provider;
  traits: ProviderTraits;
  prices: PriceList;
  maxInFlight?: number | undefined;
  taskTimeoutMs?: number | undefined;
  /** Makes a free call that needs the key. Throws a `ProviderError` if it fails. */
  askFreely?: ((signal: AbortSignal) => Promise<unknown>) | undefined;
  takesCallbacks?: boolean | undefined;
  poll?: { firstMs?: number | undefined; minMs?: number | undefined; maxMs?: number | undefined };
}

export interface Accounts {
  readonly all: readonly Account[];
  get(name: string): Account | undefined;
  /** What those with a daily limit have spent. */
  readonly spending: Spending;
}

interface Surroundings {
  readonly clock: Clock;
  readonly log: Logger;
  /** Whose hours and days the operator's limits mean. */
  readonly timeZone?: string | undefined;
}

/** Creates the accounts in the operator's order of preference. */
export function createAccounts(
  options: readonly AccountOptions[],
  { timeZone = 'UTC', ...watch }: Surroundings,
): Accounts {
  const spending = createSpending(timeZone);
  spending.watch(options.filter(({ dailyPoints }) => dailyPoints !== undefined).map(({ name }) => name));
  const all = options.map((account) => ({
    ...toAccount(account, watch),
    limits: createLimits(account.name, account, { spending, timeZone }),
  }));
  return { all, get: (name) => all.find((account) => account.name === name), spending };
}

/** The shortest time between looks if callbacks say when there's something new. */
const slowPollMs = 20_000;

/** Returns how often to poll the account now. */
export function timingOf({ timing, callsBack }: Account): PollTiming {
  if (!callsBack) return timing;
  const slow = (ms: number) => Math.max(ms, slowPollMs);
  const { firstMs, minMs, maxMs } = timing;
  return { ...timing, firstMs: slow(firstMs), minMs: slow(minMs), maxMs: slow(maxMs) };
}

/** Fresh work waits for a pause up to this long; if the pause is longer, it goes to another account. */
export const shortPauseMs = 10_000;

/** Whether the account works, is within its hours and isn't paused for long, so that a task can go there soon. */
export function isUsable({ breaker, pausedUntil, limits }: Account, now: number): boolean {
  const isOpen = limits.closing({ price: 0 }, now) === undefined;
  return isOpen && breaker.outage() === undefined && pausedUntil <= now + shortPauseMs;
}

/** A provider's `Retry-After` is kept within these bounds, so that neither 0 nor a day does any harm. */
const shortestPauseMs = 1_000;
export const longestPauseMs = 10 * 60_000;

/** Pauses the account for as long as the provider asks, or else for `fallbackMs`. Returns when the pause ends. */
export function pauseAccount(account: Account, error: unknown, fallbackMs: number, now: number): number {
  const asked = error instanceof ProviderError ? error.retryAfterMs : undefined;
  const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, asked ?? fallbackMs));
  account.pausedUntil = Math.max(account.pausedUntil, now + pauseMs);
  return account.pausedUntil;
}

/** How many submits may be under way at once, at the least; accounts with many slots get a tenth of them. */
const leastAtOnce = 3;

const freeCallTimeoutMs = 10_000;

/** Returns the trouble that a free call meets. A refusal of just that call, or a request to wait, doesn't count. */
async function findTrouble(ask: NonNullable<AccountOptions['askFreely']>): Promise<Trouble | undefined> {
  try {
    await ask(AbortSignal.timeout(freeCallTimeoutMs));
    return undefined;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.kind === 'rejected' || error.kind === 'busy' ? undefined : error.kind;
  }
}

function toAccount(
  options: AccountOptions,
  { clock, log }: Omit<Surroundings, 'timeZone'>,
): Omit<Account, 'limits'> {
  const { name, kind, provider, traits, prices, taskTimeoutMs, askFreely, poll = {} } = options;
  const maxInFlight = options.maxInFlight ?? traits.maxInFlight;
  const minMs = poll.minMs ?? traits.pollFloorMs;
  const { firstLookMs, pollCeilingMs = 15_000 } = traits;
  const breaker = createBreaker({
    clock,
    atOnce: Math.max(leastAtOnce, Math.ceil(maxInFlight / 10)),
    askFreely: askFreely === undefined ? undefined : () => findTrouble(askFreely),
    onOpen: ({ trouble, until }, failures) =>
      log.error(
        { account: name, trouble, failures, until: new Date(until) },
        'the account does not work: nothing is submitted there for a while',
      ),
    onClose: () => log.info({ account: name }, 'the account works again'),
  });
  return {
    name,
    kind,
    provider,
    traits,
    prices,
    breaker,
    maxInFlight,
    taskTimeoutMs: taskTimeoutMs ?? traits.taskTimeoutMs,
    timing: {
      firstMs: poll.firstMs ?? Math.max(minMs, 5_000),
      minMs,
      maxMs: Math.max(minMs, poll.maxMs ?? pollCeilingMs),
      // The operator's own variable goes before the API's documents.
      ...(poll.firstMs === undefined && firstLookMs !== undefined ? { leastFirstMs: firstLookMs } : {}),
    },
    takesCallbacks: options.takesCallbacks ?? true,
    pausedUntil: 0,
    fullUntil: 0,
    failures: 0,
    callsBack: false,
  };
}
