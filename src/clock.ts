/** Time as an argument: what needs to wait takes one, and tests hand in their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `work` after `delayMs`; the returned function calls it off. */
  after(delayMs: number, work: () => void): () => void;
}

const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, Math.min(Math.max(0, delayMs), longestTimerMs));
    return () => clearTimeout(timer);
  },
};
