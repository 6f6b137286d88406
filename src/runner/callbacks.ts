import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Account, Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { parseJson } from '../providers/json.ts';
import type { Database } from '../storage/database.ts';
import { lateForMs, type Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { Tracker } from './tracker.ts';

/** What an API that calls back was given to call. */
export interface CallbackPath {
  readonly account: string;
  readonly task: string;
  readonly signature: string;
}

/**
 * The providers' way to say "look at that task now". Nothing that they say is believed: anybody may send the same, late,
 * twice, or with another body.
 */
export interface Callbacks {
  /** Takes note of a call; false where the address is none of ours, or serves no more. */
  hear(path: CallbackPath, body: string): Promise<boolean>;
}

/** Where an account's API may call back about a task; `undefined` where nobody can reach us. */
export type CallbackUrlFor = (account: Account, taskId: string) => string | undefined;

/** The addresses are capabilities: they name one task, and only we can make them. */
export function createCallbackUrls({
  publicUrl,
  key,
  clock,
}: {
  publicUrl: string | undefined;
  key: Buffer;
  clock: Clock;
}): CallbackUrlFor {
  return ({ name, provider, taskTimeoutMs }, task) => {
    if (publicUrl === undefined || provider.callback === undefined) return undefined;
    // What comes within a day after the deadline is delivered, too.
    const signature = sign({ account: name, task, deadlineAt: clock.now() + taskTimeoutMs + lateForMs }, key);
    return `${publicUrl}/callbacks/${name}/${task}/${signature}`;
  };
}

export interface CallbacksDependencies {
  key: Buffer;
  database: Database;
  changes: Changes;
  accounts: Accounts;
  tracker: Tracker;
  clock: Clock;
  log: Logger;
}

export function createCallbacks(dependencies: CallbacksDependencies): Callbacks {
  const { key, database, changes, accounts, tracker, clock, log } = dependencies;

  /** A task whose answer was lost is there after all: the body says under which name. */
  async function adopt(task: Task, account: Account, text: string): Promise<void> {
    const ref = account.provider.callback?.(readBody(text), task.request);
    if (ref === undefined) return;
    const now = clock.now();
    const times = { deadlineAt: now + account.taskTimeoutMs, nextLookAt: now };
    const adopted = await changes.change(task.id, {
      type: 'accepted',
      ref,
      update: { state: 'running' },
      ...times,
    });
    if (adopted === undefined) return;
    log.info({ taskId: task.id, account: account.name }, 'a task whose answer was lost has called back');
  }

  return {
    async hear(path, body) {
      if (!isSigned(path, key, clock.now())) return false;
      const account = accounts.get(path.account);
      const task = await database.tasks.get(path.task);
      // A task that was moved to another account is none of the first one's business any more.
      if (account === undefined || task?.account !== account.name) return false;
      account.callsBack = true;
      const isLost = task.state === 'submitting' && task.lostAt !== undefined;
      if (isLost) await adopt(task, account, body);
      await tracker.hint(task.id);
      return true;
    },
  };
}

interface Claim {
  account: string;
  task: string;
  deadlineAt: number;
}

/** `<deadline, base 36>.<HMAC-SHA256 of account, task and deadline, base64url>`. */
function sign(claim: Claim, key: Buffer): string {
  const deadline = claim.deadlineAt.toString(36);
  return `${deadline}.${macOf(claim.account, claim.task, deadline, key).toString('base64url')}`;
}

function macOf(account: string, task: string, deadline: string, key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify(['callback', account, task, deadline]))
    .digest();
}

function isSigned({ account, task, signature }: CallbackPath, key: Buffer, now: number): boolean {
  const [deadline = '', mac = ''] = signature.split('.');
  const right = macOf(account, task, deadline, key);
  const given = Buffer.from(mac, 'base64url');
  return (
    given.length === right.length && timingSafeEqual(given, right) && Number.parseInt(deadline, 36) > now
  );
}

function readBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined; // nothing in it is needed but a name
  }
}
