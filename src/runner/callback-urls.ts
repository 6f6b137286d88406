import type { Account } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import { sign } from '../links.ts';
import { lateForMs } from '../task.ts';

/** Returns the URL for an account's API to call about a task; `undefined` if it never calls, mustn't, or can't reach us. */
export type CallbackUrlFor = (account: Account, taskId: string) => string | undefined;

/** The URLs are capabilities: each names one task, and only we can make them. */
export function createCallbackUrls({
  publicUrl,
  key,
  clock,
}: {
  publicUrl: string | undefined;
  key: Buffer;
  clock: Clock;
}): CallbackUrlFor {
  return ({ name, provider, taskTimeoutMs, takesCallbacks }, task) => {
    if (publicUrl === undefined || !takesCallbacks || provider.callback === undefined) return undefined;
    // A result that comes up to a day after the deadline is still delivered.
    const signature = sign({ account: name, task, deadlineAt: clock.now() + taskTimeoutMs + lateForMs }, key);
    return `${publicUrl}/callbacks/${name}/${task}/${signature}`;
  };
}
