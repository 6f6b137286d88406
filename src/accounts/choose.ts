import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Rules } from '../points/settings.ts';
import type { Adjustment, Task, TaskRequest } from '../task.ts';
import { type Account, type Accounts, isUsable } from './accounts.ts';
import { isHopeless } from './breaker.ts';

type Work = Pick<TaskRequest, 'action' | 'prompt' | 'speed' | 'pictures' | 'offer'>;

/** Which account gets fresh work. Follow-ups have no choice: they belong to the account of their parent. */
export interface Choice {
  /**
   * The first account that can do it and works, in the server's order or else the operator's; where none works, the
   * first that may come back while the task waits. Throws a `UserError` where nobody can do it.
   */
  choose(work: Work, book: string): Promise<Account>;
  /** Which one that will be, as far as it can be told before the words are known; `undefined` where nobody can do it. */
  foresee(work: Pick<Work, 'action' | 'speed'>, book: string): Promise<Account | undefined>;
  /**
   * Where a task can go that its account does not take: to an account that works or, where staying would end the task
   * (`isLast`), to one that may come back while it waits.
   */
  next(task: Task, isLast: boolean): Promise<Account | undefined>;
}

export function createChoice({
  accounts,
  rules,
  clock,
}: {
  accounts: Accounts;
  rules: Pick<Rules, 'read'>;
  clock: Clock;
}): Choice {
  async function listFor({ action }: Pick<Work, 'action'>, book: string): Promise<Account[]> {
    const settings = await rules.read(book);
    const chosen = listChosen(accounts, settings.book.accounts);
    return chosen.filter(({ provider }) => provider.actions.has(action));
  }

  function pick(fitting: readonly Account[]): Account | undefined {
    const now = clock.now();
    return (
      fitting.find((account) => isUsable(account, now)) ??
      fitting.find((account) => hasHope(account, now)) ??
      fitting[0]
    );
  }

  return {
    async choose(work, book) {
      const capable = await listFor(work, book);
      if (capable.length === 0) throw new UserError('action-unavailable');
      const fast = capable.filter((account) => hasSpeed(account, work));
      if (fast.length === 0) throw new UserError('speed-unavailable', { speed: work.speed });
      const [first] = fast;
      const fitting = fast.filter((account) => review(account, work) !== undefined);
      if (fitting.length === 0 && first !== undefined) reviewWork(first, work); // says what is wrong
      const chosen = pick(fitting);
      if (chosen === undefined) throw new UserError('action-unavailable');
      requireHope(chosen, clock.now());
      return chosen;
    },

    async foresee(work, book) {
      return pick((await listFor(work, book)).filter((account) => hasSpeed(account, work)));
    },

    async next(task, isLast) {
      const { request, account, tried = [], origin } = task;
      if (request.offer !== undefined) return undefined;
      const others = (await listFor(request, origin.book)).filter(
        ({ name }) => name !== account && !tried.includes(name),
      );
      // What was told of the words before they were charged has to stay true.
      const fitting = others.filter(
        (other) => hasSpeed(other, request) && review(other, request)?.length === 0,
      );
      const now = clock.now();
      const working = fitting.find((other) => isUsable(other, now));
      return working ?? (isLast ? fitting.find((other) => hasHope(other, now)) : undefined);
    },
  };
}

/** The accounts of a server's choice, in its order; all of them where it chose none that is there. */
export function listChosen(accounts: Accounts, chosen: readonly string[] | undefined): readonly Account[] {
  const known = (chosen ?? []).flatMap((name) => accounts.get(name) ?? []);
  return known.length === 0 ? accounts.all : known;
}

/**
 * What the account's API makes of the words. Throws a `UserError` for what it would drop, and for a picture that it is to
 * fetch and that is too large for it: on its way there, nobody can make it smaller.
 */
export function reviewWork({ provider, traits }: Account, work: Work): readonly Adjustment[] {
  const { by, mostBytes: limit } = traits.inputs;
  for (const { name, bytes = 0 } of by === 'address' ? work.pictures : [])
    if (bytes > limit) throw new UserError('picture-too-large', { name, bytes, limit });
  return provider.review?.(work) ?? [];
}

/** The same; `undefined` if the API would not take it. */
function review(account: Account, work: Work): readonly unknown[] | undefined {
  try {
    return reviewWork(account, work);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function hasSpeed({ provider }: Account, { speed }: Pick<Work, 'speed'>): boolean {
  return provider.speeds.has(speed);
}

function hasHope({ breaker }: Account, now: number): boolean {
  return !isHopeless(breaker.outage(), now);
}

/** Throws a `UserError` where a task of that account would fail for sure. */
export function requireHope({ breaker }: Account, now: number): void {
  const outage = breaker.outage();
  if (!isHopeless(outage, now)) return;
  throw new UserError('account-unusable', { trouble: outage.trouble, until: outage.until });
}
