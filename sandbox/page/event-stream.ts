import type { ServerResponse } from 'node:http';
import type { Change, Snapshot, StreamEvent } from './protocol.ts';

/** Every open tab gets a whole snapshot first, and then each change, numbered; a tab that reconnects gets a new snapshot. */
export interface EventStream {
  open(response: ServerResponse): void;
  send(change: Change): void;
  close(): void;
}

/** Some proxies close what is silent. */
const pingEveryMs = 15_000;

export function createEventStream(readSnapshot: () => Snapshot): EventStream {
  const tabs = new Set<ServerResponse>();
  let number = 0;

  const ping = setInterval(() => {
    for (const tab of tabs) tab.write(': here\n\n');
  }, pingEveryMs);
  ping.unref();

  function write(tab: ServerResponse, event: StreamEvent): void {
    tab.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  return {
    open(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      write(response, { type: 'snapshot', number, snapshot: readSnapshot() });
      tabs.add(response);
      response.once('close', () => tabs.delete(response));
    },
    send(change) {
      number += 1;
      for (const tab of tabs) write(tab, { type: 'change', number, change });
    },
    close() {
      clearInterval(ping);
      for (const tab of tabs) tab.end();
      tabs.clear();
    },
  };
}
