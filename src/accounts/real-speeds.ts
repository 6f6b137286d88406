import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Speed, Task } from '../task.ts';

/** How long an account's next warning waits. */
const againMs = 60 * 60_000;

/** Compares the speeds at which tasks ran with those that were paid for, as far as APIs tell. */
export interface RealSpeeds {
  /** Learns from a task that is done. Warns in the log, once an hour for each account. */
  learn(task: Task): void;
}

export function createRealSpeeds({ clock, log }: { clock: Clock; log: Pick<Logger, 'warn'> }): RealSpeeds {
  const quietUntil = new Map<string, number>();
  return {
    learn(task) {
      const { id, account, state, request, facts } = task;
      const asked = speedOf(task);
      const ran = facts?.realSpeed;
      // A picture that is shown again ran once, and what was asked for then is another task's.
      if (state !== 'done' || ran === undefined || ran === asked || request.copyOf !== undefined) return;
      const now = clock.now();
      // After a start, tasks of the last days are learned from again.
      if (now - (task.finishedAt ?? now) > againMs) return;
      const until = quietUntil.get(account) ?? 0;
      if (now < until && until <= now + againMs) return;
      quietUntil.set(account, now + againMs);
      log.warn(
        { taskId: id, account, asked, ran },
        'an API ran a task at another speed than it was asked for and paid for: look at the speeds of its accounts',
      );
    },
  };
}

/** The speed that was asked of the API, which can't do every one for everything. */
function speedOf({ request: { speed }, adjustments = [] }: Task): Speed | string {
  return adjustments.find(({ flag }) => flag === `--${speed}`)?.used ?? speed;
}
