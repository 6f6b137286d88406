import type { Clock } from '../clock.ts';

/** Posts to the addresses that submits named. */
export interface Caller {
  /** Tries again after each of those (realistic) delays until somebody answers 200. */
  call(url: string, body: string, retryAfterMs?: readonly number[]): void;
  close(): void;
}

const answerTimeoutMs = 30_000;

export function createCaller(clock: Clock): Caller {
  const closing = new AbortController();

  async function post(url: string, body: string): Promise<boolean> {
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(answerTimeoutMs)]);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body, signal });
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch {
      return false; // nobody there, or nobody answers: the same to whoever calls
    }
  }

  function call(url: string, body: string, [delay, ...later]: readonly number[] = []): void {
    void post(url, body).then((isHeard) => {
      if (!isHeard && delay !== undefined) clock.after(delay, () => call(url, body, later));
    });
  }

  return { call, close: () => closing.abort() };
}
