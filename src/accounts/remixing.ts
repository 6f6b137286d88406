import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { isRemix } from '../remix.ts';
import type { Task } from '../task.ts';

/** How long an account that ignored a prompt isn't asked again: its owner may turn Remix mode on. */
const ignoresForMs = 24 * 60 * 60_000;

/** Whether accounts really take another prompt with a button, as far as tasks have shown. */
export interface Remixing {
  takesPrompts(account: string): boolean;
  /** Learns from a task that has ended. */
  learn(task: Task): void;
}

export function createRemixing({ clock, log }: { clock: Clock; log: Pick<Logger, 'warn'> }): Remixing {
  /** What the latest task of each account has shown, and when it ended. */
  const shown = new Map<string, { readonly at: number; readonly takes: boolean }>();

  function takesPrompts(account: string): boolean {
    const { at = 0, takes = true } = shown.get(account) ?? {};
    const age = clock.now() - at;
    return takes || age < 0 || age >= ignoresForMs;
  }

  return {
    takesPrompts,
    learn(task) {
      const { id, account, finishedAt = clock.now() } = task;
      const takes = readVerdict(task);
      // A task may be saved again after its end.
      if (takes === undefined || finishedAt <= (shown.get(account)?.at ?? 0)) return;
      const tookThem = takesPrompts(account);
      shown.set(account, { at: finishedAt, takes });
      if (tookThem && !takesPrompts(account))
        log.warn(
          { taskId: id, account },
          'an API took no other prompt with a button: turn on Remix mode at its Midjourney account',
        );
    },
  };
}

/** Whether the task's API took another prompt; `undefined` if the task doesn't tell. */
function readVerdict(task: Task): boolean | undefined {
  if (task.isPromptIgnored === true || isRefused(task)) return false;
  return task.answeredAt !== undefined && isRemix(task.request) ? true : undefined;
}

/** trueai-org's refuses the press if its account has Remix mode off ("当前账号不支持 remix", TaskService.cs). */
function isRefused({ request, failure }: Task): boolean {
  return isRemix(request) && failure?.kind === 'rejected' && /remix/iu.test(failure.reason ?? '');
}
