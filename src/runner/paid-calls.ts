import { type Account, pauseAccount, timingOf } from '../accounts/accounts.ts';
import type { Attempt } from '../accounts/breaker.ts';
import { errorBackoff, firstLookDelay } from '../accounts/cadence.ts';
import type { Choice } from '../accounts/choose.ts';
import type { Durations } from '../accounts/durations.ts';
import type { Clock } from '../clock.ts';
import { ProviderError, type ProviderErrorKind } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Picture, ProviderRequest, Submitted } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { Offer, Result, Task, TaskEvent } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import { InputError, inputFailure } from './inputs.ts';
import type { LoadMask } from './masks.ts';
import { loadTimeoutMs, type Prepare } from './preparing.ts';

/** How long a task waits for a place, or for a provider that says "later", before it fails. */
export const queueTimeoutMs = 30 * 60_000;

const submitTimeoutMs = 120_000;
/** How long to wait where the provider does not say for how long. */
const waitMs = 3_000;

/** Refusals that only the operator can mend. */
const operatorKinds: ReadonlySet<ProviderErrorKind> = new Set([
  'auth',
  'balance',
  'malformed',
  'blocked',
  'moved',
]);

/** The paid calls: the only callers of `submit` and `answer`, each once a task. */
export interface Spending {
  /**
   * Takes a waiting task to the provider, with what was prepared for it; `onSaved` is called once it has left the queue.
   */
  submit(
    task: Task,
    account: Account,
    { request, onSaved }: { request?: ProviderRequest | undefined; onSaved: () => void },
  ): Promise<void>;
  /** Shows a picture that is there already: nothing is spent, and no place is needed. */
  copy(task: Task): Promise<void>;
  /** Begins no more calls; those under way go on. */
  stop(): void;
  /** Takes a person's answer to the provider. The task must have been saved as `answering`. */
  answer(task: Task, account: Account, prompt: string): Promise<void>;
}

export interface SpendingDependencies {
  database: Database;
  changes: Changes;
  choice: Choice;
  durations: Durations;
  prepare: Prepare;
  loadMask: LoadMask;
  clock: Clock;
  random: () => number;
  log: Logger;
}

/** All of it or, for a pick that needs no provider, one picture with what can be done to that. */
function resultOfCopy({ id, result }: Task, offer: Offer | undefined): Result | undefined {
  if (result === undefined || result.media.length === 0) return undefined;
  const whole = { ...result, keptAs: result.keptAs ?? id };
  if (offer?.isLocal !== true || offer.index === undefined) return whole;
  const media = result.media[offer.index - 1];
  if (media === undefined) return undefined;
  const offers = result.offers.filter(({ index, isLocal }) => index === offer.index && isLocal !== true);
  return { media: [media], keptAs: whole.keptAs, keptIndex: offer.index - 1, offers };
}

export function createSpending(dependencies: SpendingDependencies): Spending {
  const { database, changes, choice, durations, loadMask, prepare, clock, random, log } = dependencies;

  let isStopped = false;

  async function submit(
    task: Task,
    account: Account,
    { request: prepared, onSaved }: Parameters<Spending['submit']>[2],
  ): Promise<void> {
    if (task.request.copyOf !== undefined) return copy(task);
    const request = prepared ?? (await prepare(task, account));
    if (request === undefined) return;
    const attempt = await account.breaker.enter();
    if (attempt === undefined) return; // it stays in the queue, from where it may go elsewhere
    const submitting = isStopped ? undefined : await beginSubmit(task, account, attempt);
    onSaved();
    if (submitting === undefined) return attempt.saidNothing(); // what waits is taken up at the next start
    let submitted: Submitted;
    try {
      submitted = await account.provider.submit(request, AbortSignal.timeout(submitTimeoutMs));
    } catch (error) {
      settle(attempt, error, task);
      return saveSurely(task, await refusalOf(error, submitting, account));
    }
    attempt.answered();
    const now = clock.now();
    const delay = firstLookDelay(timingOf(account), durations.list(task), random);
    const times = { deadlineAt: now + account.taskTimeoutMs, nextLookAt: now + delay };
    await saveSurely(task, { type: 'accepted', ...submitted, ...times });
    log.info({ taskId: task.id, account: account.name }, 'accepted by the provider');
  }

  async function beginSubmit(task: Task, account: Account, attempt: Attempt): Promise<Task | undefined> {
    const deadlineAt = clock.now() + account.taskTimeoutMs;
    try {
      return await changes.change(task.id, { type: 'submitting', deadlineAt });
    } catch (error) {
      attempt.saidNothing();
      throw error;
    }
  }

  async function answer(task: Task, account: Account, prompt: string): Promise<void> {
    if (task.ref === undefined || account.provider.answer === undefined) return;
    const mask = await maskFor(task);
    if (mask instanceof InputError) return saveSurely(task, inputFailure(mask));
    try {
      const submitted = await account.provider.answer(
        task.ref,
        mask === undefined ? { prompt } : { prompt, mask },
        AbortSignal.timeout(submitTimeoutMs),
      );
      await saveSurely(task, { type: 'answered', ...submitted });
      log.info({ taskId: task.id, account: account.name }, 'the answer was accepted by the provider');
    } catch (error) {
      const facts = { taskId: task.id, account: account.name, error };
      // Unknown: the task stays as it is, and looks tell whether the answer arrived.
      if (!isRefusal(error, task)) log.error(facts, 'what became of an answer is not known');
      else await saveSurely(task, refusalOfAnswer(error, account, facts));
    }
  }

  /** Drawn again for the answer: the process may be another than the one that submitted. */
  async function maskFor(task: Task): Promise<Picture | InputError | undefined> {
    try {
      return await loadMask(task, AbortSignal.timeout(loadTimeoutMs));
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
  }

  /** A full queue leaves the provider's window open: the answer can be sent again. */
  function refusalOfAnswer(error: ProviderError, account: Account, facts: object): TaskEvent {
    if (error.kind !== 'busy' || !error.definite) return refused(error, facts);
    log.warn(facts, 'the provider asks to wait with an answer');
    const notBefore = pauseAccount(account, error, waitMs, clock.now());
    return { type: 'unanswered', notBefore, ...statusOf(error) };
  }

  async function copy(task: Task): Promise<void> {
    const source = await database.tasks.get(task.request.copyOf ?? '');
    const result = source === undefined ? undefined : resultOfCopy(source, task.request.offer);
    const event: TaskEvent =
      result === undefined
        ? { type: 'failed', failure: { kind: 'forgotten', mayHaveCost: false } }
        : { type: 'copied', result, ...(source?.ref === undefined ? {} : { ref: source.ref }) };
    await changes.change(task.id, event);
  }

  /**
   * What a failed submit means: a definite refusal ends or postpones the task; one that's not certain to be the API's ends
   * it, too, but is never sent elsewhere; all else leaves its outcome open.
   */
  async function refusalOf(error: unknown, task: Task, account: Account): Promise<TaskEvent> {
    const facts = { taskId: task.id, account: account.name, error };
    const now = clock.now();
    if (!isRefusal(error, task)) {
      log.error(facts, "the provider's answer to a submit was lost");
      return account.provider.find === undefined
        ? { type: 'lost' }
        : { type: 'lost', nextLookAt: now + waitMs };
    }
    if (!error.definite) return refused(error, facts);
    if (error.kind === 'rejected') return refused(error, facts);
    const canWait = error.kind === 'busy' || error.kind === 'unavailable';
    const fallbackMs = waitMs + errorBackoff(3, random);
    const notBefore =
      error.retryAfterMs === undefined ? now + fallbackMs : pauseAccount(account, error, fallbackMs, now);
    const deadlineAt = task.createdAt + queueTimeoutMs;
    const next = await nextFor(task, !canWait);
    if (next !== undefined) {
      log.warn({ ...facts, next: next.name }, 'the account refuses a task; another one gets it');
      return { type: 'moved', account: next.name, deadlineAt };
    }
    if (!canWait || notBefore >= deadlineAt) return refused(error, facts);
    log.warn(facts, 'the provider asks to wait');
    return { type: 'postponed', notBefore, deadlineAt, reason: error.kind, ...statusOf(error) };
  }

  /** Settings that cannot be read keep a refused task where it is, rather than in between. */
  async function nextFor(task: Task, isLast: boolean): Promise<Account | undefined> {
    try {
      return await choice.next(task, isLast);
    } catch (error) {
      log.error({ error, taskId: task.id }, 'another account could not be chosen');
      return undefined;
    }
  }

  function refused(error: ProviderError, facts: object): TaskEvent {
    if (operatorKinds.has(error.kind)) log.error(facts, 'the account cannot be used');
    else log.info(facts, 'refused by the provider');
    const reason = error.reason === undefined ? {} : { reason: error.reason };
    return { type: 'failed', failure: { kind: error.kind, ...reason, mayHaveCost: !error.definite } };
  }

  /** What was said of money that is spent must not be lost to a disk that is full for a minute. */
  async function saveSurely(task: Task, event: TaskEvent): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        await changes.change(task.id, event);
        return;
      } catch (error) {
        const ref = 'ref' in event ? event.ref : undefined;
        log.error(
          { error, taskId: task.id, ref },
          'what the provider said could not be saved; this is tried again',
        );
        await new Promise<void>((resolve) => clock.after(Math.min(30_000, 1_000 * 2 ** failures), resolve));
      }
    }
  }

  return {
    submit,
    answer,
    copy,
    stop() {
      isStopped = true;
    },
  };
}

/**
 * Whether somebody said no to a paid call. A gateway that says twice in a row, with 503, that it takes nothing now may have
 * taken something: it's not asked a third time.
 */
function isRefusal(error: unknown, { postponedBy }: Task): error is ProviderError {
  if (!(error instanceof ProviderError) || !error.isRefusal) return false;
  return !(error.status === 503 && postponedBy === 503);
}

function statusOf({ status }: ProviderError): { status?: number } {
  return status === undefined ? {} : { status };
}

/** What a failed submit says of its account. What may be anybody's answer says nothing. */
function settle(attempt: Attempt, error: unknown, { origin: { userId } }: Task): void {
  if (!(error instanceof ProviderError)) attempt.failed('malformed', { isOwn: false, userId });
  else if (error.mayLieInRequest) attempt.saidNothing();
  else if (error.kind !== 'rejected' && error.kind !== 'busy')
    attempt.failed(error.kind, { isOwn: error.hasOwnMarks, userId });
  else if (error.definite) attempt.answered();
  else attempt.saidNothing();
}
