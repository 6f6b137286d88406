import type { Clock } from '../clock.ts';
import type { ProviderErrorKind } from '../errors.ts';

/** Trouble with an account as a whole, not with one of its tasks. */
export type Trouble = Extract<
  ProviderErrorKind,
  'auth' | 'balance' | 'unavailable' | 'malformed' | 'blocked' | 'moved' | 'faulty'
>;

/** Nothing is submitted before `until`, epoch milliseconds; then one task tries whether the account works again. */
export interface Outage {
  readonly trouble: Trouble;
  readonly until: number;
}

/** `since` is when the first of its outages in a row began, epoch milliseconds. */
export interface Health {
  readonly trouble?: { readonly kind: Trouble; readonly since: number } | undefined;
  readonly isProven: boolean;
}

/** What a failure proves: one person's words, pictures, or slow links must never close an account for everybody. */
export interface Evidence {
  /** Whether only the API can have said so, which makes it the account's trouble, no matter who asked. */
  readonly isOwn: boolean;
  /** Whose task it was. */
  readonly userId: string;
}

/** A submit that was let through. Exactly one of these is called once its answer is known. */
export interface Attempt {
  /** The account answered: it took the task, or refused it because of the task itself. */
  answered(): void;
  /** It failed, and that may be trouble with the account. */
  failed(trouble: Trouble, evidence: Evidence): void;
  /** It wasn't made after all, or the answer says nothing about the account. */
  saidNothing(): void;
}

/**
 * Keeps tasks away from an account that doesn't work. Each submit without an answer leaves somebody without a picture until
 * its deadline, so only a few are under way at a time, and after some failures in a row, none is for a while.
 */
export interface Breaker {
  /** Why nothing may be submitted now; `undefined` if something may. */
  outage(): Outage | undefined;
  /**
   * The trouble that it's in, and since when, until a task shows that it works again; absent before that, and `isProven` says
   * whether any task has shown it since the start.
   */
  health(): Health;
  /** Whether the next submit is a trial: it tries whether the account works again. */
  isOnTrial(): boolean;
  /** Waits for a turn to submit; resolves to `undefined` if nothing may be submitted by then. */
  enter(): Promise<Attempt | undefined>;
}

export interface BreakerOptions {
  clock: Clock;
  /** How many submits may be under way at once. */
  atOnce: number;
  /** Makes a free call to the account, and returns the trouble that it meets. Absent if the API has no such call. */
  askFreely?: (() => Promise<Trouble | undefined>) | undefined;
  onOpen(outage: Outage, failures: number): void;
  onClose(): void;
}

/** How many failures in a row close the account. */
const mostFailures = 3;
const firstOutageMs = 30_000;
const longestOutageMs = 5 * 60_000;

/** Whether the next submit would certainly fail, too: one failure is enough, if only the API can have said so. */
function isFirm(trouble: Trouble): boolean {
  return trouble === 'auth' || trouble === 'balance';
}

/** Whether a submit would certainly fail. During a trial, nobody knows. */
export function isHopeless(
  outage: Outage | undefined,
  now: number,
): outage is Outage & { trouble: 'auth' | 'balance' } {
  return outage !== undefined && isFirm(outage.trouble) && outage.until > now;
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, atOnce, askFreely, onOpen, onClose } = options;
  const queue: (() => void)[] = [];
  let underWay = 0;
  let failures = 0;
  /** Who has met which trouble since the account last worked. */
  const met = new Map<string, Set<string>>();
  /** How many outages there were since the account last worked: each one lasts longer. */
  let outages = 0;
  let last: Outage | undefined;
  let since = 0;
  let isProven = false;
  let isTrying = false;
  let isAsking = false;

  function outage(): Outage | undefined {
    if (last === undefined) return undefined;
    const now = clock.now();
    // No outage lasts longer than this, unless the clock was set back.
    if (last.until > now + longestOutageMs) last = { ...last, until: now + longestOutageMs };
    return now >= last.until && !isTrying ? undefined : last;
  }

  function open(trouble: Trouble): void {
    // A refusal doesn't cost anybody anything, and an operator who has topped up shouldn't have to wait.
    const lastsMs = isFirm(trouble) ? firstOutageMs : Math.min(longestOutageMs, firstOutageMs * 2 ** outages);
    outages += 1;
    if (last === undefined) since = clock.now();
    last = { trouble, until: clock.now() + lastsMs };
    onOpen(last, failures);
  }

  function close(): void {
    const wasOpen = last !== undefined;
    last = undefined;
    isProven = true;
    failures = 0;
    outages = 0;
    met.clear();
    if (wasOpen) onClose();
  }

  function leave(): void {
    underWay -= 1;
    queue.shift()?.();
  }

  /** Whether at least two people have met the trouble, with this one. Firm troubles have to be the same. */
  function isMetByMore(trouble: Trouble, userId: string, isTrial: boolean): boolean {
    const key = isFirm(trouble) ? trouble : '';
    const people = met.get(key) ?? new Set();
    // One of the people who closed the account must not keep it closed alone.
    const isNew = !people.has(userId);
    met.set(key, people.add(userId));
    return people.size > 1 && (isNew || !isTrial);
  }

  function fail(trouble: Trouble, { isOwn, userId }: Evidence, isTrial: boolean): void {
    failures += 1;
    const isProven = isMetByMore(trouble, userId, isTrial) || isOwn;
    if (!isTrial && !isFirm(trouble) && failures < mostFailures) return;
    if (isProven) open(trouble);
    else findOut();
  }

  /** Asks the account itself, since all failures come from one person's tasks. */
  function findOut(): void {
    if (askFreely === undefined || isAsking) return;
    isAsking = true;
    const before = last;
    void askFreely()
      .catch(() => undefined)
      .then((trouble) => {
        isAsking = false;
        // If anything changed in the meantime, that's newer.
        if (trouble !== undefined && last === before && failures > 0) open(trouble);
      });
  }

  function toAttempt(isTrial: boolean): Attempt {
    underWay += 1;
    if (isTrial) isTrying = true;
    const settle = (work: () => void) => {
      if (isTrial) isTrying = false;
      // A submit that began before the outage says nothing about how the account is now.
      if (isTrial || last === undefined) work();
      leave();
    };
    return {
      answered: () => settle(close),
      saidNothing: () => settle(() => undefined),
      failed: (trouble, evidence) => settle(() => fail(trouble, evidence, isTrial)),
    };
  }

  return {
    outage,
    health: () => ({ trouble: last && { kind: last.trouble, since }, isProven }),
    isOnTrial: () => last !== undefined,
    async enter() {
      while (underWay >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
      if (outage() === undefined) return toAttempt(last !== undefined);
      queue.shift()?.(); // so that the next one in line is turned away, too
      return undefined;
    },
  };
}
