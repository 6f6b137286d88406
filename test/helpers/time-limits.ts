import { settle } from './clock.ts';

export interface TimeLimit {
  readonly ms: number;
  /** Lets its time run out. */
  end(): Promise<void>;
}

export interface TimeLimits {
  /** The limits that were set since the last call; waits until there is one. */
  take(): Promise<TimeLimit[]>;
  /** Forgets the limits that were set so far. */
  skip(): void;
  /** Ends the remaining ones, so that nothing waits for them, and restores Node's own. */
  restore(): void;
}

/** Real time limits (`AbortSignal.timeout`) without the time: each is recorded, and runs out when told to. */
export function holdTimeLimits(): TimeLimits {
  const limits: TimeLimit[] = [];
  const controllers: AbortController[] = [];
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    controllers.push(controller);
    limits.push({
      ms,
      async end() {
        endNow(controller);
        await settle();
      },
    });
    return controller.signal;
  };
  return {
    async take() {
      // Only a failing test waits for the end of this.
      for (let turn = 0; limits.length === 0 && turn < 500; turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 10));
      await settle();
      return limits.splice(0);
    },
    skip: () => void limits.splice(0),
    restore() {
      for (const controller of controllers) endNow(controller);
      AbortSignal.timeout = timeout;
    },
  };
}

function endNow(controller: AbortController): void {
  controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
}

/** A peer that never answers: it ends only with its signal. */
export function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
