import { type Account, pauseAccount, shortPauseMs } from '../accounts/accounts.ts';
import { type Attempt, isHopeless } from '../accounts/breaker.ts';
import { errorBackoff } from '../accounts/cadence.ts';
import type { Choice } from '../accounts/choose.ts';
import type { Clock } from '../clock.ts';
import { ProviderError, type ProviderErrorKind } from '../errors.ts';
import type { Logger } from '../log.ts';
import { queueTimeoutMs, type Task, type TaskEvent } from '../task.ts';
import { toLost } from '../tracker/lost.ts';
import { type Room, restsUntil } from './room.ts';

/** How long to wait if the provider doesn't say. */
const waitMs = 3_000;

/** Refusals that only the operator can fix. */
const operatorKinds: ReadonlySet<ProviderErrorKind> = new Set([
  'auth',
  'balance',
  'malformed',
  'blocked',
  'moved',
]);

/** What a failed paid call means for its task. */
export interface Outcomes {
  /**
   * After a submit: a definite refusal ends or postpones the task, or moves it to another account. A refusal that may not be
   * the API's own ends the task, too, but never moves it. Anything else leaves the outcome unknown.
   */
  ofSubmit(error: unknown, task: Task, account: Account): Promise<TaskEvent>;
  /** After an answer; `undefined` if only looks can tell whether the answer arrived. */
  ofAnswer(error: unknown, task: Task, account: Account): TaskEvent | undefined;
}

export function createOutcomes({
  choice,
  room,
  lostAfterMs,
  clock,
  random,
  log,
}: {
  choice: Pick<Choice, 'next' | 'rank'>;
  room: Pick<Room, 'freeSlots'>;
  lostAfterMs: number;
  clock: Clock;
  random: () => number;
  log: Logger;
}): Outcomes {
  async function ofSubmit(error: unknown, task: Task, account: Account): Promise<TaskEvent> {
    const facts = { taskId: task.id, account: account.name, error };
    const now = clock.now();
    if (!isRefusal(error, task)) {
      log.error(facts, "the provider's answer to a submit was lost");
      return toLost(task, account, { now, searchAt: now + waitMs, lostAfterMs });
    }
    if (!error.definite || error.kind === 'rejected') return refused(error, facts);
    const canWait = error.kind === 'busy' || error.kind === 'unavailable';
    const fallbackMs = waitMs + errorBackoff(3, random);
    const notBefore =
      error.retryAfterMs === undefined ? now + fallbackMs : pauseAccount(account, error, fallbackMs, now);
    const isFull = error.kind === 'busy' && error.status !== 503;
    if (error.kind === 'busy') account.fullUntil = notBefore;
    const deadlineAt = task.createdAt + queueTimeoutMs;
    const next = await nextFor(task, !canWait);
    if (next !== undefined) {
      log.warn({ ...facts, next: next.name }, 'the account refuses a task; another one gets it');
      return { type: 'moved', account: next.name, deadlineAt, isFull };
    }
    if (!canWait) return refused(error, facts);
    const first = await firstToRest(task, { account, at: notBefore });
    if (first.at >= deadlineAt) return refused(error, facts);
    log.warn(facts, 'the provider asks to wait');
    const where = first.account === account ? {} : { account: first.account.name };
    return {
      type: 'postponed',
      ...where,
      notBefore: first.at,
      deadlineAt,
      reason: error.kind,
      ...statusOf(error),
    };
  }

  /**
   * Returns the account that takes tasks again first, and when. If others that come before it in the order are ready almost as
   * soon, the first of them does.
   */
  async function firstToRest(task: Task, own: Rest): Promise<Rest> {
    const now = clock.now();
    const ranked = await readOr(task, choice.rank(task), []);
    const others = ranked.filter(({ breaker }) => !isHopeless(breaker.outage(), now));
    const rests = others.map((other) =>
      other === own.account ? own : { account: other, at: Math.max(restsUntil(other), now + waitMs) },
    );
    const soonest = Math.min(own.at, ...rests.map(({ at }) => at));
    return rests.find(({ at }) => at <= soonest + shortPauseMs) ?? own;
  }

  async function nextFor(task: Task, isLast: boolean): Promise<Account | undefined> {
    const reading = room.freeSlots(clock.now()).then((free) => choice.next(task, { isLast, free }));
    return readOr(task, reading, undefined);
  }

  /** If the settings or the queues can't be read, a refused task stays where it is. */
  async function readOr<Value>(task: Task, reading: Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await reading;
    } catch (error) {
      log.error({ error, taskId: task.id }, 'another account could not be chosen');
      return otherwise;
    }
  }

  function ofAnswer(error: unknown, task: Task, account: Account): TaskEvent | undefined {
    const facts = { taskId: task.id, account: account.name, error };
    if (!isRefusal(error, task)) {
      log.error(facts, 'it is not known whether an answer arrived');
      return undefined;
    }
    if (error.kind !== 'busy' || !error.definite) return refused(error, facts);
    // With a full queue, the provider's modal stays open: the answer can be sent again.
    log.warn(facts, 'the provider asks to wait with an answer');
    const notBefore = pauseAccount(account, error, waitMs, clock.now());
    return { type: 'unanswered', notBefore, ...statusOf(error) };
  }

  function refused(error: ProviderError, facts: object): TaskEvent {
    if (operatorKinds.has(error.kind)) log.error(facts, 'the account cannot be used');
    else log.info(facts, 'refused by the provider');
    const reason = error.reason === undefined ? {} : { reason: error.reason };
    return { type: 'failed', failure: { kind: error.kind, ...reason, mayHaveCost: !error.definite } };
  }

  return { ofSubmit, ofAnswer };
}

/** An account that takes nothing before then, epoch milliseconds. */
interface Rest {
  readonly account: Account;
  readonly at: number;
}

/** Reports what a failed submit says about its account. If something in between may have answered, that's nothing. */
export function settle(attempt: Attempt, error: unknown, { origin: { userId } }: Task): void {
  if (!(error instanceof ProviderError)) attempt.failed('malformed', { isOwn: false, userId });
  else if (error.mayLieInRequest) attempt.saidNothing();
  else if (error.kind !== 'rejected' && error.kind !== 'busy')
    attempt.failed(error.kind, { isOwn: error.hasOwnMarks, userId });
  else if (error.definite) attempt.answered();
  else attempt.saidNothing();
}

/**
 * Whether a paid call was refused. A gateway that says twice in a row, with 503, that it isn't taking anything may have taken
 * something: it isn't asked a third time.
 */
function isRefusal(error: unknown, { postponedBy }: Task): error is ProviderError {
  if (!(error instanceof ProviderError) || !error.isRefusal) return false;
  return !(error.status === 503 && postponedBy === 503);
}

function statusOf({ status }: ProviderError): { status?: number } {
  return status === undefined ? {} : { status };
}
