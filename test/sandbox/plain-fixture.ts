import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StandIn } from '../../sandbox/providers/stand-in.ts';

/** A bare client for a stand-in that takes a bearer's key. */
export function createClient(standIn: StandIn, key: string = standIn.key) {
  async function call(path: string, init: RequestInit = {}) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${standIn.url}${path}`, { headers, ...init });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers are of any shape, the point of a test is to look.
    return { status: response.status, text, json: toJson(text) as any };
  }
  return {
    get: (path: string) => call(path),
    post: (path: string, body: unknown) => call(path, { method: 'POST', body: JSON.stringify(body) }),
  };
}

/** A server for callbacks: records what arrives, and answers with those statuses or not at all, then with 200. */
export async function createListener(answers: (number | 'silence')[] = []) {
  const heard: string[] = [];
  const watchers = new Set<() => void>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      heard.push(text);
      const answer = answers.shift() ?? 200;
      if (answer !== 'silence') response.writeHead(answer).end();
      for (const watch of watchers) watch();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    heard,
    until: (holds: () => boolean) =>
      new Promise<void>((resolve) => {
        const watch = () => {
          if (holds()) resolve();
        };
        watchers.add(watch);
        watch();
      }),
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
