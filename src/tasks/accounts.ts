import { ProviderError, UserError } from '../errors.ts';
import type { Provider, ProviderTraits } from '../providers/provider.ts';
import type { Action, Speed, TaskRequest } from '../task.ts';
import type { PollTiming } from './cadence.ts';

/** One configured account at a provider, with what the relay learned about it. */
export interface Account {
  readonly name: string;
  readonly provider: Provider;
  readonly traits: ProviderTraits;
  readonly maxInFlight: number;
  readonly taskTimeoutMs: number;
  readonly timing: PollTiming;
  /** Nothing is asked of it before, epoch milliseconds. */
  pausedUntil: number;
  /** Failed looks in a row. */
  failures: number;
}

export interface AccountOptions {
  name: string;
  provider: Provider;
  traits: ProviderTraits;
  maxInFlight?: number | undefined;
  taskTimeoutMs?: number | undefined;
  poll?: { firstMs?: number | undefined; minMs?: number | undefined; maxMs?: number | undefined };
}

export interface Accounts {
  readonly all: readonly Account[];
  get(name: string): Account | undefined;
  /** Accounts that can do it, in the operator's order of preference. */
  listFor(action: Action): Account[];
}

export function createAccounts(options: readonly AccountOptions[]): Accounts {
  const all = options.map(toAccount);
  return {
    all,
    get: (name) => all.find((account) => account.name === name),
    listFor: (action) => all.filter((account) => account.provider.actions.has(action)),
  };
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

export function hasSpeed(account: Account, speed: Speed): boolean {
  return account.provider.speeds.has(speed);
}

/** Whether the account's API would take those words as they are: what was told before stays true. */
export function takesWords(
  { provider }: Account,
  request: Pick<TaskRequest, 'action' | 'prompt' | 'speed'>,
): boolean {
  try {
    return (provider.review?.(request) ?? []).length === 0;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function toAccount({
  name,
  provider,
  traits,
  maxInFlight,
  taskTimeoutMs,
  poll = {},
}: AccountOptions): Account {
  const minMs = poll.minMs ?? traits.pollFloorMs;
  return {
    name,
    provider,
    traits,
    maxInFlight: maxInFlight ?? traits.maxInFlight,
    taskTimeoutMs: taskTimeoutMs ?? traits.taskTimeoutMs,
    timing: {
      firstMs: poll.firstMs ?? Math.max(minMs, 5_000),
      minMs,
      maxMs: Math.max(minMs, poll.maxMs ?? 15_000),
    },
    pausedUntil: 0,
    failures: 0,
  };
}
