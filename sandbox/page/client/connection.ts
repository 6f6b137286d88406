import type { Action, Change, Outcome, Snapshot, StreamEvent } from '../protocol.ts';

export interface Listener {
  snapshot(snapshot: Snapshot): void;
  change(change: Change): void;
  /** The sandbox is gone, or back: a snapshot follows. */
  lost(): void;
}

const againAfterMs = 1_000;

/** Keeps the event stream open: after an interruption or a gap, it starts again with a whole snapshot. */
export function listen(listener: Listener): void {
  let stream: EventSource;
  let last = -1;

  function open(): void {
    stream = new EventSource('/events');
    stream.onmessage = ({ data }) => hear(JSON.parse(data) as StreamEvent);
    stream.onerror = reopen;
  }

  function reopen(): void {
    stream.close();
    listener.lost();
    setTimeout(open, againAfterMs);
  }

  function hear(event: StreamEvent): void {
    if (event.type === 'change' && event.number !== last + 1) {
      reopen();
      return;
    }
    last = event.number;
    if (event.type === 'snapshot') listener.snapshot(event.snapshot);
    else listener.change(event.change);
  }

  open();
}

/** Never rejects: if the sandbox is gone, that is a refusal, too. */
export async function send(action: Action): Promise<Outcome> {
  try {
    const response = await fetch('/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    if (!response.ok)
      return { done: false, says: `The sandbox answers ${response.status}. Please reload the page.` };
    return await response.json();
  } catch {
    return {
      done: false,
      says: 'The sandbox is not running. Start it with “npm run sandbox”; this page comes back by itself.',
    };
  }
}
