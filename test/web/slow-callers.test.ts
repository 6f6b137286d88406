import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminServer } from '../../src/web/admin.ts';
import { callerLimits } from '../../src/web/caller-limits.ts';
import { createPublicServer } from '../../src/web/public.ts';

/** The real limits, shortened. */
const short = { ...callerLimits, requestMs: 200, idleMs: 300, keepAliveMs: 200, checkEveryMs: 20 };
type Limits = typeof short;

const kinds = {
  public: (limits?: Limits) => createPublicServer({ hear: async () => true }, limits),
  admin: (limits?: Limits) => createAdminServer({ isReady: async () => true }, { now: Date.now }, limits),
};
const head = 'POST /callbacks/main/task/abc HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

async function listen(kind: keyof typeof kinds, limits: Limits): Promise<number> {
  const server = kinds[kind](limits);
  closings.push(() => server.close());
  return Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
}

interface Caller {
  readonly socket: Socket;
  /** Resolves with all that was answered, once the server has closed the connection. */
  readonly closed: Promise<string>;
}

function call(port: number): Caller {
  const socket = connect(port, '127.0.0.1');
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(answer));
  closings.push(() => socket.destroy());
  return { socket, closed };
}

/** Sends a piece again and again until the connection is closed. */
function drip({ socket }: Caller, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 20);
  socket.on('close', () => clearInterval(timer));
}

describe.each(['public', 'admin'] as const)('the %s server', (kind) => {
  // Each of these ends only if the server ends it.
  it.each([
    ['says nothing', '', undefined],
    ['drips headers', 'GET /livez HTTP/1.1\r\n', 'x-more: 1\r\n'],
    ['drips the first line', 'GET /', 'a'],
    ['drips a body', `${head}content-length: 1000\r\n\r\n`, 'x'],
    ['drips a body of chunks', `${head}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n'],
    ['stops within a body', `${head}content-length: 1000\r\n\r\nx`, undefined],
    ['keeps its connection open for later', 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n', undefined],
  ])('hangs up on a caller that %s', async (_what, start, piece) => {
    const caller = call(await listen(kind, short));
    caller.socket.write(start);
    if (piece !== undefined) drip(caller, piece);
    expect(await caller.closed).toMatch(/^(HTTP\/1\.1 (200|404|408) .*)?$/s);
  });

  it('answers others as soon as one of the slow callers that fill it is gone', async () => {
    const port = await listen(kind, { ...short, connections: 5 });
    const slow = Array.from({ length: 5 }, () => call(port));
    for (const caller of slow) caller.socket.write('GET /livez HTTP/1.1\r\n');
    await Promise.all(slow.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
    const sixth = call(port);
    sixth.socket.write('GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(await sixth.closed).toBe('');
    await Promise.all(slow.map(({ closed }) => closed));
    const next = call(port);
    next.socket.write('GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(await next.closed).toMatch(kind === 'admin' ? /^HTTP\/1\.1 200/ : /^HTTP\/1\.1 404/);
  });

  it('answers a caller that is only a little slow', async () => {
    const caller = call(await listen(kind, { ...short, requestMs: 20_000, idleMs: 20_000 }));
    const request = 'GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    for (const character of request) {
      caller.socket.write(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await caller.closed).toMatch(/^HTTP\/1\.1 (200|404)/);
  });

  it('closes slow connections within ten seconds, and takes 256 at most', async () => {
    const { server } = kinds[kind]();
    const { checkEveryMs } = callerLimits;
    for (const limit of [
      server.headersTimeout,
      server.requestTimeout,
      server.timeout,
      server.keepAliveTimeout,
    ]) {
      expect(limit).toBeGreaterThanOrEqual(5_000);
      expect(limit + checkEveryMs).toBeLessThan(10_000);
    }
    expect(checkEveryMs).toBe(1_000);
    expect(server.maxConnections).toBe(256);
  });
});
