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
  const ignoredAt = new Map<string, number>();
  return {
    takesPrompts(account) {
      const at = ignoredAt.get(account);
      const now = clock.now();
      return at === undefined || now >= at + ignoresForMs || now < at;
    },
    learn(task) {
      const { id, account, finishedAt = clock.now() } = task;
      if (task.answeredAt !== undefined && isRemix(task.request)) ignoredAt.delete(account);
      if (task.isPromptIgnored !== true && !isRefused(task)) return;
      const isNews = (ignoredAt.get(account) ?? 0) < finishedAt;
      if (!isNews) return;
      ignoredAt.set(account, finishedAt);
      log.warn(
        { taskId: id, account },
        'an API took no other prompt with a button: turn on Remix mode at its Midjourney account',
      );
    },
  };
}

/** trueai-org's refuses the press if its account has Remix mode off ("当前账号不支持 remix", TaskService.cs). */
function isRefused({ request, failure }: Task): boolean {
  return isRemix(request) && failure?.kind === 'rejected' && /remix/iu.test(failure.reason ?? '');
}
