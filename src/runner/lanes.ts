import { type Accounts, timingOf } from '../accounts/accounts.ts';
import { firstLookDelay } from '../accounts/cadence.ts';
import { findGivenAnswer } from '../remix.ts';
import { askingTimeoutMs, isEnded, type Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import { afterFailureMs, type Claims, createLane, type LaneDependencies } from './lane.ts';

/** Takes waiting tasks to the provider as slots open up, and people's answers. */
export interface Lanes {
  /** Looks for the account's tasks that can go now. */
  wake(account: string): void;
  /** Takes note of a saved task: it may open a slot, wait for one, or ask a question that was answered in advance. */
  expect(task: Task): void;
  /** How many tasks were ahead of this one when its lane last ran; `undefined` if it wasn't waiting. */
  positionOf(task: Task): number | undefined;
  /** Saves that the answer is on its way, then sends it. Returns false if the question is no longer open. */
  answer(task: Task, prompt: string): Promise<boolean>;
  /** Takes no more tasks; resolves once the calls under way have ended and are saved. */
  stop(): Promise<void>;
}

export interface LanesDependencies extends LaneDependencies {
  accounts: Accounts;
  changes: Changes;
  random: () => number;
}

export function createLanes(dependencies: LanesDependencies): Lanes {
  const { accounts, changes, room, paidCalls, clock, random, log } = dependencies;
  const claims: Claims = { claimed: room.claimed, turn: Promise.resolve() };
  const lanes = new Map(
    accounts.all.map((account) => [account.name, createLane(account, claims, dependencies)]),
  );
  const answers = new Set<Promise<void>>();
  const timers = new Set<() => void>();
  let isStopped = false;

  async function answer(task: Task, prompt: string): Promise<boolean> {
    const account = accounts.get(task.account);
    if (account === undefined) return false;
    const now = clock.now();
    const known = { speed: task.request.speed, durationsMs: [] };
    const nextLookAt = now + firstLookDelay(timingOf(account), known, random);
    const deadlineAt = now + Math.max(account.taskTimeoutMs, askingTimeoutMs);
    const answering = await changes.change(task.id, { type: 'answering', prompt, deadlineAt, nextLookAt });
    if (answering === undefined) return false;
    follow(
      paidCalls
        .answer(answering, account, prompt)
        .catch((error: unknown) => log.error({ error, taskId: task.id }, 'an answer could not be sent')),
    );
    return true;
  }

  /** Lets `stop` wait for the work, which must not fail. */
  function follow(work: Promise<void>): void {
    const followed = work.finally(() => answers.delete(followed));
    answers.add(followed);
  }

  /** The person answered before the provider asked, or before it had room for the answer. */
  function answerWhenDue(task: Task, prompt: string, dueAt = task.notBefore ?? 0): void {
    if (isStopped) return; // the next start takes it up
    const cancel = clock.after(dueAt - clock.now(), () => {
      timers.delete(cancel);
      follow(sendGivenAnswer(task, prompt));
    });
    timers.add(cancel);
  }

  async function sendGivenAnswer(task: Task, prompt: string): Promise<void> {
    try {
      await answer(task, prompt);
    } catch (error) {
      log.error({ error, taskId: task.id }, 'an answer could not be saved; this is tried again');
      answerWhenDue(task, prompt, clock.now() + afterFailureMs);
    }
  }

  return {
    wake: (account) => lanes.get(account)?.wake(),
    expect(task) {
      const { state } = task;
      const isWaiting = state === 'queued' && task.acknowledgedAt !== undefined;
      const freesSlot = isEnded(task) || state === 'asking';
      for (const [name, lane] of lanes) {
        // How much a person may run at once is counted across all accounts.
        const isConcerned = name === task.account ? isWaiting || freesSlot : freesSlot && lane.hasWaiting();
        if (isConcerned) lane.wake();
      }
      const given = state === 'asking' ? findGivenAnswer(task) : undefined;
      if (given !== undefined) answerWhenDue(task, given);
    },
    positionOf: (task) => lanes.get(task.account)?.positionOf(task.id),
    answer,
    async stop() {
      isStopped = true;
      paidCalls.stop();
      for (const cancel of timers) cancel();
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      while (answers.size > 0) await Promise.all(answers);
    },
  };
}
