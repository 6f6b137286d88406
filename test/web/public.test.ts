import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallbackPath } from '../../src/tracker/callbacks.ts';
import { createPublicServer } from '../../src/web/public.ts';

interface Request {
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: Buffer | Readable;
}

const right = '/callbacks/main/task-1/abc.def';
let heard: { path: CallbackPath; body: string }[];
let failures: unknown[];
let server: ReturnType<typeof createPublicServer>;

beforeEach(() => {
  heard = [];
  failures = [];
  const callbacks = {
    async hear(path: CallbackPath, body: string) {
      if (path.task === 'broken') throw new Error('relay.db: disk is full');
      heard.push({ path: { ...path }, body });
      return path.signature === 'abc.def';
    },
  };
  server = createPublicServer(callbacks, { report: (error) => failures.push(error) });
});
afterEach(() => server.close());

describe('the public server', () => {
  it.each([
    'application/json',
    'application/json; charset=GBK',
    'text/plain',
    'application/nonsense',
    'multipart/form-data; boundary=x',
    'json',
    '/',
    '',
    undefined,
  ])('passes the text of a callback on, whatever it says that it is: %s', async (type) => {
    const payload = '{"id":18014398509481985}';
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = await server.inject({ method: 'POST', url: right, headers, payload });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(heard).toEqual([
      { path: { account: 'main', task: 'task-1', signature: 'abc.def' }, body: payload },
    ]);
  });

  it.each<[what: string, request: Request]>([
    ['without a body', { url: right }],
    ['with a slash at its end', { url: `${right}/` }],
    ['with a query', { url: `${right}?from=main` }],
    ['behind a path that the reverse proxy leaves there', { url: `/bot${right}` }],
    ['behind a path twice', { url: `/callbacks${right}` }],
    ['behind two slashes', { url: `/${right}` }],
    ['with letters that are encoded', { url: right.replace('.', '%2E') }],
    ['packed', { url: right, headers: { 'content-encoding': 'gzip' }, payload: gzipSync('{"id":1}') }],
    ['in pieces', { url: right, payload: Readable.from(['{"id"', ':1}']) }],
    ['with a body that is no text', { url: right, payload: Buffer.from([0xff, 0xfe, 0x00]) }],
  ])('hears a callback %s', async (_what, request) => {
    const answer = await server.inject({ method: 'POST', ...request });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(heard.map(({ path }) => path)).toEqual([
      { account: 'main', task: 'task-1', signature: 'abc.def' },
    ]);
  });

  it('answers an empty 404 to everything else', async () => {
    const requests = [
      { method: 'POST', url: '/callbacks/main/task-1/forged' },
      { method: 'POST', url: `/callbacks/main/task-1/${'x'.repeat(5_000)}` },
      { method: 'POST', url: '/callbacks/main/task-1' },
      { method: 'POST', url: `${right}/more` },
      { method: 'POST', url: `${right}//` },
      { method: 'POST', url: '/bot' },
      { method: 'GET', url: right },
      { method: 'HEAD', url: right },
      { method: 'OPTIONS', url: right },
      { method: 'PUT', url: right },
      { method: 'DELETE', url: right },
      { method: 'GET', url: '/' },
      { method: 'GET', url: '/livez' },
      { method: 'GET', url: '/metrics' },
    ] as const;
    for (const request of requests) {
      const answer = await server.inject(request);
      expect([answer.statusCode, answer.body], `${request.method} ${request.url}`).toEqual([404, '']);
    }
  });

  it('refuses a body of more than 1 MiB', async () => {
    const payload = 'x'.repeat(1_048_577);
    const answer = await server.inject({ method: 'POST', url: right, payload });
    expect(answer.statusCode).toBe(413);
    expect(heard).toEqual([]);
  });

  it('tells its operator what went wrong inside, and nobody else', async () => {
    const answer = await server.inject({ method: 'POST', url: '/callbacks/main/broken/abc.def' });
    expect([answer.statusCode, answer.body]).toEqual([500, '']);
    expect(failures).toEqual([new Error('relay.db: disk is full')]);
  });

  it("doesn't bother its operator with what callers do wrong", async () => {
    const payload = 'x'.repeat(2 * 1_048_576);
    expect((await server.inject({ method: 'POST', url: right, payload })).statusCode).toBe(413);
    expect((await server.inject({ method: 'POST', url: '/callbacks/%zz/%/%' })).statusCode).toBe(404);
    expect(failures).toEqual([]);
  });

  it('answers malformed requests', async () => {
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    socket.write('POST /callbacks/%zz/%/% HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
    expect(await answered).toMatch(/^HTTP\/1\.1 4\d\d/);
    socket.destroy();
  });
});
