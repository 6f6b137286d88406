import type { Clock } from '../clock.ts';
import type { ProviderErrorKind } from '../errors.ts';

/** What says that an account, not one task of it, is the trouble. */
export type Trouble = Extract<
  ProviderErrorKind,
  'auth' | 'balance' | 'unavailable' | 'malformed' | 'blocked' | 'moved'
>;

/** Nothing is submitted before that time, epoch milliseconds; then one task tries whether it works again. */
export interface Outage {
  readonly trouble: Trouble;
  readonly until: number;
}

/** What a failure proves: one person's words, pictures or slow links must never close an account for everybody. */
export interface Evidence {
  /** Whether nobody but the API can have said so, so that it's the account's trouble whoever asked. */
  readonly isOwn: boolean;
  /** Whose task it was. */
  readonly userId: string;
}

/** One submit that was let through. Exactly one of these is called once its answer is known. */
export interface Attempt {
  /** The account answered: it took the task, or refused it for reasons that lie in the task. */
  answered(): void;
  /** It failed for what may be trouble of the account. */
  failed(trouble: Trouble, evidence: Evidence): void;
  /** It was not made after all, or its answer tells nothing of the account. */
  saidNothing(): void;
}

/**
 * Keeps tasks from an account that does not work. Each submit without an answer leaves somebody without a picture until
 * its deadline, so few are under way at a time, and after some failures in a row none is for a while.
 */
export interface Breaker {
  /** Why nothing is submitted now; `undefined` while it may be. */
  outage(): Outage | undefined;
  /** Whether the next submit only tries out whether the account works again. */
  isOnTrial(): boolean;
  /** Waits for its turn to submit; `undefined` where nothing may be submitted any more. */
  enter(): Promise<Attempt | undefined>;
}

export interface BreakerOptions {
  clock: Clock;
  /** How many submits may be under way at once. */
  atOnce: number;
  /** Asks the account something that's free: what trouble that meets, if any. Absent where nothing can be asked. */
  askFreely?: (() => Promise<Trouble | undefined>) | undefined;
  onOpen(outage: Outage, failures: number): void;
  onClose(): void;
}

/** After so many failures in a row, the way is closed. */
const mostFailures = 3;
const firstOutageMs = 30_000;
const longestOutageMs = 5 * 60_000;

/** With these the next submit would fail as surely: one is enough, if it's the account's own word. */
function isFirm(trouble: Trouble): boolean {
  return trouble === 'auth' || trouble === 'balance';
}

/** Whether what is submitted there would fail for sure. While one tries whether it still would, nobody knows. */
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
  /** Who has met which trouble since it last worked. */
  const met = new Map<string, Set<string>>();
  /** How often it has opened since it last worked: each time for longer. */
  let outages = 0;
  let last: Outage | undefined;
  let isTrying = false;
  let isAsking = false;

  function outage(): Outage | undefined {
    if (last === undefined) return undefined;
    const now = clock.now();
    // None lasts longer, but where the clock was set back.
    if (last.until > now + longestOutageMs) last = { ...last, until: now + longestOutageMs };
    return now >= last.until && !isTrying ? undefined : last;
  }

  function open(trouble: Trouble): void {
    // A refusal costs nobody anything, and whoever has topped up should not wait long.
    const lastsMs = isFirm(trouble) ? firstOutageMs : Math.min(longestOutageMs, firstOutageMs * 2 ** outages);
    outages += 1;
    last = { trouble, until: clock.now() + lastsMs };
    onOpen(last, failures);
  }

  function close(): void {
    const wasOpen = last !== undefined;
    last = undefined;
    failures = 0;
    outages = 0;
    met.clear();
    if (wasOpen) onClose();
  }

  function leave(): void {
    underWay -= 1;
    queue.shift()?.();
  }

  /** Whether two people have met it by now, this one as the last. Firm troubles have to be the same. */
  function isMetByMore(trouble: Trouble, userId: string, isTrial: boolean): boolean {
    const key = isFirm(trouble) ? trouble : '';
    const people = met.get(key) ?? new Set();
    // Whoever has closed it already must not keep it closed alone.
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

  /** All that is known comes from one person's tasks. */
  function findOut(): void {
    if (askFreely === undefined || isAsking) return;
    isAsking = true;
    const before = last;
    void askFreely()
      .catch(() => undefined)
      .then((trouble) => {
        isAsking = false;
        // What has changed meanwhile is newer.
        if (trouble !== undefined && last === before && failures > 0) open(trouble);
      });
  }

  function toAttempt(isTrial: boolean): Attempt {
    underWay += 1;
    if (isTrial) isTrying = true;
    const settle = (work: () => void) => {
      if (isTrial) isTrying = false;
      // What left before it was opened says nothing about how it is now.
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
    isOnTrial: () => last !== undefined,
    async enter() {
      while (underWay >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
      if (outage() === undefined) return toAttempt(last !== undefined);
      queue.shift()?.(); // whoever comes next is sent away, too
      return undefined;
    },
  };
}
