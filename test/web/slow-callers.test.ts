import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminServer } from '../../src/web/admin.ts';
import { callerLimits } from '../../src/web/caller-limits.ts';
import { createPublicServer } from '../../src/web/public.ts';

/** The real limits, shortened. */
const short = { ...callerLimits, requestMs: 200, idleMs: 300, keepAliveMs: 200, checkEveryMs: 20 };
/** Nobody is hung up on for being slow. */
const patient = { ...short, requestMs: 20_000, idleMs: 20_000, keepAliveMs: 20_000 };
type Limits = typeof short;

const kinds = {
  public: (limits = callerLimits) => createPublicServer({ hear: async () => true }, { limits }),
  admin: (limits?: Limits) => createAdminServer({ isReady: async () => true }, { now: Date.now }, limits),
};
const first = 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n';
const last = 'GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
const answered = /^HTTP\/1\.1 (200|404)/;
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

  it.each([
    ['slow', 'GET /livez HTTP/1.1\r\n'],
    ['kept for later', 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])(
    'answers others while all connections that it can hold are %s: the oldest makes room',
    async (_what, start) => {
      const port = await listen(kind, { ...patient, connections: 5 });
      const held: Caller[] = [];
      for (let number = 0; number < 5; number += 1) {
        const caller = call(port);
        held.push(caller);
        await once(caller.socket, 'connect');
        caller.socket.write(start);
        if (start.endsWith('\r\n\r\n')) await once(caller.socket, 'data');
      }
      const sixth = call(port);
      sixth.socket.write(last);
      expect(await sixth.closed).toMatch(answered);
      expect(await held[0]?.closed).toMatch(start.endsWith('\r\n\r\n') ? answered : /^$/);
      for (const { socket } of held.slice(1))
        socket.write(start.endsWith('\r\n\r\n') ? last : 'host: x\r\nconnection: close\r\n\r\n');
      for (const { closed } of held.slice(1)) expect(await closed).toMatch(answered);
    },
  );

  it('holds no more than it may, however many come at once', async () => {
    const port = await listen(kind, { ...patient, connections: 5 });
    const callers = Array.from({ length: 30 }, () => call(port));
    const gone = Promise.all(callers.slice(0, 25).map(({ closed }) => closed));
    for (const { socket } of callers) socket.write(first);
    await gone;
    for (const { socket } of callers.slice(25)) socket.write(last);
    for (const { closed } of callers.slice(25)) expect(await closed).toMatch(/HTTP.*HTTP/s);
  });

  it('takes who was just answered for the newest', async () => {
    const port = await listen(kind, { ...patient, connections: 2 });
    const kept = call(port);
    await once(kept.socket, 'connect');
    const slow = call(port);
    await once(slow.socket, 'connect');
    kept.socket.write(first);
    await once(kept.socket, 'data');
    const third = call(port);
    third.socket.write(last);
    expect(await third.closed).toMatch(answered);
    expect(await slow.closed).toBe('');
    kept.socket.write(last);
    expect(await kept.closed).toMatch(/HTTP.*HTTP/s);
  });

  it('keeps a connection for longer than it waits for slow callers, as reverse proxies do', async () => {
    const port = await listen(kind, { ...short, keepAliveMs: 20_000 });
    const kept = call(port);
    kept.socket.write(first);
    await once(kept.socket, 'data');
    await call(port).closed; // for as long as a slow caller may be
    kept.socket.write(last);
    expect(await kept.closed).toMatch(/HTTP.*HTTP/s);
  });

  it('lets a caller pass that is only a little slow', async () => {
    const caller = call(await listen(kind, patient));
    for (const character of last) {
      caller.socket.write(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await caller.closed).toMatch(answered);
  });

  it('ends slow callers within ten seconds, and holds no more than 256 at once', async () => {
    const { server } = kinds[kind]();
    const { checkEveryMs, connections } = callerLimits;
    for (const limit of [server.headersTimeout, server.requestTimeout, server.timeout]) {
      expect(limit).toBeGreaterThanOrEqual(5_000);
      expect(limit + checkEveryMs).toBeLessThan(10_000);
    }
    expect([checkEveryMs, connections]).toEqual([1_000, 256]);
  });

  /** A proxy that sends a request to a connection that is just being closed answers 502, and a callback is lost. */
  it.each([
    ['nginx', 60],
    ['AWS', 60],
    ['Traefik', 90],
    ['Caddy', 120],
    ['Google Cloud', 600],
  ])('keeps connections for longer than %s does', (_proxy, seconds) => {
    expect(kinds[kind]().server.keepAliveTimeout).toBeGreaterThan(seconds * 1_000);
  });
});
