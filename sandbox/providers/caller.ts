import type { Clock } from './clock.ts';
import type { CallbackMode } from './stand-in.ts';
import type { Traffic } from './traffic.ts';

/** Posts to the addresses in submits. The other side can't do any harm: nothing here waits for its answer. */
export interface Caller {
  /** What happens to every post from now on, including retries. */
  mode: CallbackMode;
  /** Tries again after each of those (realistic) delays until one is answered with 200. */
  call(url: string, body: string, retryAfterMs?: readonly number[]): void;
  close(): void;
}

/** APIXO's (docs/api-reference/webhooks); the others don't document how long they wait. */
const answerTimeoutMs = 30_000;

/** How many times a call is made, at the same time. */
const posts: Readonly<Record<CallbackMode, number>> = { off: 0, on: 1, doubled: 2 };

export function createCaller({ clock, traffic }: { clock: Clock; traffic: Traffic }): Caller {
  const closing = new AbortController();

  /** The status of the answer; `undefined` if nobody is there, or nobody answers, which is the same to a caller. */
  async function send(url: string, body: string): Promise<number | undefined> {
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(answerTimeoutMs)]);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body, signal });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return undefined;
    }
  }

  async function post(url: string, body: string): Promise<boolean> {
    const at = clock.now();
    const status = await send(url, body);
    const call = { at, path: toPath(url), body, status };
    if (!closing.signal.aborted) traffic.emit({ type: 'callback', at: clock.now(), call });
    return status === 200;
  }

  async function deliver(url: string, body: string, [delay, ...later]: readonly number[]): Promise<void> {
    const heard = await Promise.all(Array.from({ length: posts[caller.mode] }, () => post(url, body)));
    if (delay === undefined || heard.length === 0 || heard.includes(true)) return;
    clock.after(delay, () => void deliver(url, body, later));
  }

  const caller: Caller = {
    mode: 'on',
    call(url, body, retryAfterMs = []) {
      if (URL.canParse(url)) void deliver(url, body, retryAfterMs);
    },
    close: () => closing.abort(),
  };
  return caller;
}

/** Without the query and the last of several parts, which is where a client's signature is. */
function toPath(url: string): string {
  return new URL(url).pathname.replace(/^(\/.+\/)[^/]+$/, '$1…');
}
