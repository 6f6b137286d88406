import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { PriceList } from '../points/prices.ts';
import type { Provider, ProviderTraits } from '../providers/provider.ts';
import { type Breaker, createBreaker, type Trouble } from './breaker.ts';
import type { PollTiming } from './cadence.ts';

/** One configured account at a provider, with what the relay learned about it. */
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
  readonly breaker: Breaker;
  /** Nothing is asked of it before, epoch milliseconds. */
  pausedUntil: number;
  /** Failed looks in a row. */
  failures: number;
  /** Whether callbacks of its API are known to arrive: then it is asked rarely. */
  callsBack: boolean;
}

export interface AccountOptions {
  name: string;
  kind: string;
  provider: Provider;
  traits: ProviderTraits;
  prices: PriceList;
  maxInFlight?: number | undefined;
  taskTimeoutMs?: number | undefined;
  /** Asks the account something that's free and needs the key; throws a `ProviderError` if that fails. */
  askFreely?: ((signal: AbortSignal) => Promise<unknown>) | undefined;
  poll?: { firstMs?: number | undefined; minMs?: number | undefined; maxMs?: number | undefined };
}

export interface Accounts {
  readonly all: readonly Account[];
  get(name: string): Account | undefined;
}

/** In the operator's order of preference. */
export function createAccounts(
  options: readonly AccountOptions[],
  watch: { clock: Clock; log: Logger },
): Accounts {
  const all = options.map((account) => toAccount(account, watch));
  return { all, get: (name) => all.find((account) => account.name === name) };
}

/** How often to look where callbacks say that there is something new. */
const slowPollMs = 20_000;

/** How often the account is asked now. */
export function timingOf({ timing, callsBack }: Account): PollTiming {
  if (!callsBack) return timing;
  const slow = (ms: number) => Math.max(ms, slowPollMs);
  return { firstMs: slow(timing.firstMs), minMs: slow(timing.minMs), maxMs: slow(timing.maxMs) };
}

/** A shorter pause is waited for; for a longer one, fresh work goes elsewhere. */
const shortPauseMs = 10_000;

/** Whether a task that is submitted there now has a chance. */
export function isUsable({ breaker, pausedUntil }: Account, now: number): boolean {
  return breaker.outage() === undefined && pausedUntil <= now + shortPauseMs;
}

/** A provider's own wish is followed within these bounds, so that neither 0 nor a day does harm. */
const shortestPauseMs = 1_000;
export const longestPauseMs = 10 * 60_000;

/** Leaves the account alone for as long as the provider asks, or for `fallbackMs`. Gives until when. */
export function pauseAccount(account: Account, error: unknown, fallbackMs: number, now: number): number {
  const asked = error instanceof ProviderError ? error.retryAfterMs : undefined;
  const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, asked ?? fallbackMs));
  account.pausedUntil = Math.max(account.pausedUntil, now + pauseMs);
  return account.pausedUntil;
}

/** However few tasks an account may run, so many may be submitted at once; of many, a tenth. */
const leastAtOnce = 3;

const freeCallTimeoutMs = 10_000;

/** What trouble a free call meets; a refusal of that one call, or a wish to wait, is none. */
async function findTrouble(ask: NonNullable<AccountOptions['askFreely']>): Promise<Trouble | undefined> {
  try {
    await ask(AbortSignal.timeout(freeCallTimeoutMs));
    return undefined;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.kind === 'rejected' || error.kind === 'busy' ? undefined : error.kind;
  }
}

function toAccount(options: AccountOptions, { clock, log }: { clock: Clock; log: Logger }): Account {
  const { name, kind, provider, traits, prices, taskTimeoutMs, askFreely, poll = {} } = options;
  const maxInFlight = options.maxInFlight ?? traits.maxInFlight;
  const minMs = poll.minMs ?? traits.pollFloorMs;
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
      maxMs: Math.max(minMs, poll.maxMs ?? 15_000),
    },
    pausedUntil: 0,
    failures: 0,
    callsBack: false,
  };
}
