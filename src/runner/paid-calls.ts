import { type Account, timingOf } from '../accounts/accounts.ts';
import type { Attempt } from '../accounts/breaker.ts';
import { firstLookDelay } from '../accounts/cadence.ts';
import type { Durations } from '../accounts/durations.ts';
import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { LoadMask } from '../inputs/masks.ts';
import { InputError, inputFailure } from '../inputs/pictures.ts';
import { loadTimeoutMs, type Prepare } from '../inputs/prepare.ts';
import type { Logger } from '../log.ts';
import { type Picture, type ProviderRequest, refKey, type Submitted } from '../providers/provider.ts';
import type { Task, TaskEvent } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { CallbackUrlFor } from './callback-urls.ts';
import { type Outcomes, settle } from './outcomes.ts';

const submitTimeoutMs = 120_000;
/** How long until an answer that couldn't be prepared is tried again. */
const unsentAgainMs = 30_000;

/** The only caller of a provider's `submit` and `answer`, neither of which is ever repeated after an unknown outcome. */
export interface PaidCalls {
  /**
   * Takes a waiting task to the provider, with what was prepared for it. Calls `onSaved` once the task has left the queue.
   */
  submit(
    task: Task,
    account: Account,
    { request, onSaved }: { request?: ProviderRequest | undefined; onSaved: () => void },
  ): Promise<void>;
  /** Takes a person's answer to the provider. The task must already be saved as `answering`. */
  answer(task: Task, account: Account, prompt: string): Promise<void>;
  /** Begins no more submits; calls under way continue. */
  stop(): void;
}

export interface PaidCallsDependencies {
  changes: Changes;
  outcomes: Outcomes;
  durations: Durations;
  prepare: Prepare;
  loadMask: LoadMask;
  callbackUrlFor: CallbackUrlFor;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Hears how long each submit took, and what came of it. */
  onSubmitted?: ((account: string, submit: { tookMs: number; outcome: SubmitOutcome }) => void) | undefined;
}

/** `lost`: nobody knows whether the provider took it. */
export type SubmitOutcome = 'accepted' | 'refused' | 'lost';

export function createPaidCalls(dependencies: PaidCallsDependencies): PaidCalls {
  const { changes, outcomes, durations, loadMask, prepare, callbackUrlFor, clock, random, log } =
    dependencies;

  let isStopped = false;

  async function submit(
    task: Task,
    account: Account,
    { request: prepared, onSaved }: Parameters<PaidCalls['submit']>[2],
  ): Promise<void> {
    const request = prepared ?? (await prepare(task, account));
    if (request === undefined) return;
    const attempt = await account.breaker.enter();
    if (attempt === undefined) return; // it stays in the queue, from where it may go to another account
    const submitting = isStopped ? undefined : await beginSubmit(task, account, attempt);
    onSaved();
    if (submitting === undefined) return attempt.saidNothing(); // if the bot is stopping, the next start takes it up
    const sent = { ...request, ...callbackOf(task, account) };
    const sentAt = clock.now();
    const tell = (outcome: SubmitOutcome) =>
      dependencies.onSubmitted?.(account.name, { tookMs: clock.now() - sentAt, outcome });
    let submitted: Submitted;
    try {
      submitted = await account.provider.submit(sent, AbortSignal.timeout(submitTimeoutMs));
    } catch (error) {
      settle(attempt, error, task);
      tell(error instanceof ProviderError && error.isRefusal ? 'refused' : 'lost');
      return saveWithRetries(task, await outcomes.ofSubmit(error, submitting, account));
    }
    attempt.answered();
    tell('accepted');
    const now = clock.now();
    account.fullUntil = Math.min(account.fullUntil, now);
    const known = { speed: task.request.speed, durationsMs: durations.list(task) };
    const delay = firstLookDelay(timingOf(account), known, random);
    const times = { deadlineAt: now + account.taskTimeoutMs, nextLookAt: now + delay };
    const { ref, update, traceId } = submitted;
    await saveWithRetries(task, { type: 'accepted', ref, update, ...times });
    const facts = { taskId: task.id, account: account.name, providerId: refKey(ref) };
    log.info(traceId === undefined ? facts : { ...facts, traceId }, 'accepted by the provider');
  }

  function callbackOf(task: Task, account: Account): Pick<ProviderRequest, 'callbackUrl'> {
    const callbackUrl = callbackUrlFor(account, task.id);
    return callbackUrl === undefined ? {} : { callbackUrl };
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
    let mask: Picture | undefined;
    try {
      // It may have to be drawn again, since an earlier process may have submitted the task.
      mask = await loadMask(task, AbortSignal.timeout(loadTimeoutMs));
    } catch (error) {
      return saveWithRetries(task, toUnsent(error, task));
    }
    try {
      const submitted = await account.provider.answer(
        task.ref,
        mask === undefined ? { prompt } : { prompt, mask },
        AbortSignal.timeout(submitTimeoutMs),
      );
      await saveWithRetries(task, { type: 'answered', ...submitted });
      log.info({ taskId: task.id, account: account.name }, 'the answer was accepted by the provider');
    } catch (error) {
      const event = outcomes.ofAnswer(error, task, account);
      if (event !== undefined) await saveWithRetries(task, event);
    }
  }

  /** Nothing has left for the provider: the answer can still be sent, unless the person's picture can't be used. */
  function toUnsent(error: unknown, task: Task): TaskEvent {
    if (error instanceof InputError) return inputFailure(error);
    log.error({ error, taskId: task.id }, 'an answer was not sent, since its mask could not be drawn');
    return { type: 'unanswered', notBefore: clock.now() + unsentAgainMs };
  }

  /** What a provider says about money already spent must not be lost because a disk is full for a minute. */
  async function saveWithRetries(task: Task, event: TaskEvent): Promise<void> {
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
    stop() {
      isStopped = true;
    },
  };
}
