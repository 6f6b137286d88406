import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Picture, ProviderRequest } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { Failure, InputPicture, Task } from '../task.ts';
import type { Account, Accounts } from './accounts.ts';
import { errorBackoff, firstLookDelay } from './cadence.ts';
import type { Changes } from './changes.ts';
import type { Durations } from './durations.ts';

/** How long a task waits for a place, or for a provider that says "later", before it fails. */
export const queueTimeoutMs = 30 * 60_000;

/** Reads one reference picture; throws an {@link InputError} where it is none that can be used. */
export type LoadInput = (picture: InputPicture, signal: AbortSignal) => Promise<Picture>;

/** A person's picture that cannot be used. The reason is shown to them. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Spends: takes waiting tasks, as places come free, to the provider. */
export interface Lanes {
  /** Looks for tasks of the account that can go now. */
  wake(account: string): void;
  /** Takes no more tasks; resolves once submits under way have ended and are saved. */
  stop(): Promise<void>;
}

export interface LanesDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  durations: Durations;
  loadInput: LoadInput;
  clock: Clock;
  random: () => number;
  log: Logger;
}

export function createLanes(dependencies: LanesDependencies): Lanes {
  const lanes = new Map(
    dependencies.accounts.all.map((account) => [account.name, createLane(account, dependencies)]),
  );
  return {
    wake: (account) => lanes.get(account)?.wake(),
    async stop() {
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
    },
  };
}

/** One account's places: at most `maxInFlight` tasks of it are on their way to, or at, the provider. */
function createLane(account: Account, dependencies: LanesDependencies) {
  const { database, clock, log } = dependencies;
  /** Taken out of the queue here, but not yet saved as `submitting`. Person by task. */
  const claimed = new Map<string, string>();
  const underWay = new Set<Promise<void>>();
  let isStopped = false;
  let pumping: Promise<void> | undefined;
  let isWokenAgain = false;
  let cancelTimer = () => {};

  function wake(): void {
    if (isStopped) return;
    isWokenAgain = true;
    pumping ??= pumpUntilQuiet().finally(() => {
      pumping = undefined;
    });
  }

  async function pumpUntilQuiet(): Promise<void> {
    while (isWokenAgain && !isStopped) {
      isWokenAgain = false;
      try {
        await pump();
      } catch (error) {
        log.error({ error, account: account.name }, 'the queue could not be read');
        wakeAt(clock.now() + 5_000);
        return;
      }
    }
  }

  async function pump(): Promise<void> {
    const now = clock.now();
    if (account.pausedUntil > now) return wakeAt(account.pausedUntil);
    const waiting = (await database.tasks.listWaiting(account.name, now)).filter(
      ({ id }) => !claimed.has(id),
    );
    const busy = await database.tasks.countInFlight(account.name);
    for (const userId of claimed.values()) busy.set(userId, (busy.get(userId) ?? 0) + 1);
    for (const task of takeTurns(waiting, busy, account.maxInFlight)) start(task);
    const later = await database.tasks.nextWaitingAt(account.name, now);
    if (later !== undefined) wakeAt(later);
  }

  function wakeAt(at: number): void {
    cancelTimer();
    cancelTimer = clock.after(at - clock.now(), wake);
  }

  function start(task: Task): void {
    claimed.set(task.id, task.origin.userId);
    const work = spend(task, account, dependencies, () => claimed.delete(task.id))
      .catch((error: unknown) => log.error({ error, taskId: task.id }, 'a submit could not be saved'))
      .finally(() => {
        claimed.delete(task.id);
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  }

  return {
    wake,
    async stop() {
      isStopped = true;
      cancelTimer();
      await pumping;
      await Promise.all(underWay);
    },
  };
}

/**
 * The next tasks for the free places: always the oldest task of whoever has the fewest in flight, so that
 * nobody's tenth task stands before another's first.
 */
export function takeTurns(
  waiting: readonly Task[],
  inFlight: ReadonlyMap<string, number>,
  places: number,
): Task[] {
  const counts = new Map(inFlight);
  const rest = [...waiting];
  const taken: Task[] = [];
  let free = places - [...counts.values()].reduce((sum, count) => sum + count, 0);
  const load = (task: Task) => counts.get(task.origin.userId) ?? 0;
  while (free > 0 && rest.length > 0) {
    const next = rest.reduce((best, task) => (load(task) < load(best) ? task : best));
    rest.splice(rest.indexOf(next), 1);
    counts.set(next.origin.userId, load(next) + 1);
    taken.push(next);
    free -= 1;
  }
  return taken;
}

/** Takes one task from the queue to the provider: the only caller of `submit`, once a task. */
async function spend(
  task: Task,
  account: Account,
  dependencies: LanesDependencies,
  onSaved: () => void,
): Promise<void> {
  const { changes, clock, log, loadInput } = dependencies;
  const facts = { taskId: task.id, account: account.name };
  const signal = AbortSignal.timeout(120_000);

  let request: ProviderRequest;
  try {
    request = await toProviderRequest(task, dependencies.database, (picture) => loadInput(picture, signal));
  } catch (error) {
    if (!(error instanceof InputError)) log.error({ ...facts, error }, 'a task could not be prepared');
    const failure: Failure =
      error instanceof InputError
        ? { kind: 'input', reason: error.message, mayHaveCost: false }
        : { kind: 'internal', mayHaveCost: false };
    await changes.change(task.id, { type: 'failed', failure });
    return;
  }

  const deadlineAt = clock.now() + account.taskTimeoutMs;
  const submitting = await changes.change(task.id, { type: 'submitting', deadlineAt });
  onSaved();
  if (submitting === undefined) return;

  try {
    const { ref, update } = await account.provider.submit(request, signal);
    const now = clock.now();
    const delay = firstLookDelay(account.timing, dependencies.durations.list(task), dependencies.random);
    await changes.change(task.id, {
      type: 'accepted',
      ref,
      update,
      deadlineAt: now + account.taskTimeoutMs,
      nextLookAt: now + delay,
    });
    log.info(facts, 'accepted by the provider');
  } catch (error) {
    await handleRefusal(error, submitting, account, dependencies);
  }
}

/** Whatever a submit can throw: a definite refusal ends or postpones the task, all else leaves its outcome open. */
async function handleRefusal(
  error: unknown,
  task: Task,
  account: Account,
  { changes, clock, random, log }: LanesDependencies,
): Promise<void> {
  const facts = { taskId: task.id, account: account.name, error };
  if (!(error instanceof ProviderError) || !error.definite) {
    log.error(facts, "the provider's answer to a submit was lost");
    await changes.change(task.id, { type: 'lost' });
    return;
  }
  const waits = error.kind === 'busy' || error.kind === 'unavailable';
  const notBefore = clock.now() + (error.retryAfterMs ?? 3_000 + errorBackoff(3, random));
  const deadlineAt = task.createdAt + queueTimeoutMs;
  if (waits && notBefore < deadlineAt) {
    log.warn(facts, 'the provider asks to wait');
    if (error.retryAfterMs !== undefined) account.pausedUntil = Math.max(account.pausedUntil, notBefore);
    await changes.change(task.id, { type: 'postponed', notBefore, deadlineAt, reason: error.kind });
    return;
  }
  if (error.kind === 'rejected') log.info(facts, 'refused by the provider');
  else log.error(facts, 'the account cannot be used');
  const reason = error.reason === undefined ? {} : { reason: error.reason };
  await changes.change(task.id, {
    type: 'failed',
    failure: { kind: error.kind, ...reason, mayHaveCost: false },
  });
}

async function toProviderRequest(
  task: Task,
  database: Database,
  load: (picture: InputPicture) => Promise<Picture>,
): Promise<ProviderRequest> {
  const { action, prompt, speed, offer } = task.request;
  const pictures = await Promise.all(task.request.pictures.map(load));
  const request = { action, prompt, speed, pictures, reference: task.id };
  if (offer === undefined || task.parentId === undefined) return request;
  const parent = await database.tasks.get(task.parentId);
  if (parent?.ref === undefined) throw new Error('the parent of a follow-up has no ref');
  return { ...request, parent: { ref: parent.ref, offer } };
}
