import { settle } from './clock.ts';

export interface TimeLimit {
  readonly ms: number;
  /** Its time is over. */
  end(): Promise<void>;
}

export interface TimeLimits {
  /** Those that were set since the last call; waits until there is one. */
  take(): Promise<TimeLimit[]>;
  /** Forgets those that were set up to now. */
  skip(): void;
  /** Ends what is left, so that nothing waits for it, and brings Node's own back. */
  restore(): void;
}

/** Real limits of time, `AbortSignal.timeout`, without the time: each is noted, and over when it is told so. */
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
      // Only a test that fails waits for the end of this.
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

/** What a peer does that never answers: it ends with its signal, and not before. */
export function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
