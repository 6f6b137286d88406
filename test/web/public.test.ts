import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallbackPath } from '../../src/runner/callbacks.ts';
import { createPublicServer } from '../../src/web/public.ts';

const right = '/callbacks/main/task-1/abc.def';
let heard: { path: CallbackPath; body: string }[];
let server: ReturnType<typeof createPublicServer>;

beforeEach(() => {
  heard = [];
  server = createPublicServer({
    async hear(path, body) {
      if (path.task === 'broken') throw new Error('relay.db: disk is full');
      heard.push({ path: { ...path }, body });
      return path.signature === 'abc.def';
    },
  });
});
afterEach(() => server.close());

describe('the public server', () => {
  it('passes on the text of a callback, no matter what type it claims', async () => {
    const payload = '{"id":18014398509481985}';
    for (const type of [
      'application/json',
      'text/plain',
      'application/nonsense',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await server.inject({
        method: 'POST',
        url: right,
        headers: { 'content-type': type },
        payload,
      });
      expect([answer.statusCode, answer.body], type).toEqual([200, '']);
    }
    expect((await server.inject({ method: 'POST', url: right })).statusCode).toBe(200);
    const path = { account: 'main', task: 'task-1', signature: 'abc.def' };
    expect(heard).toEqual([...Array(4).fill({ path, body: payload }), { path, body: '' }]);
  });

  it('answers an empty 404 to everything else', async () => {
    const requests = [
      { method: 'POST', url: '/callbacks/main/task-1/forged' },
      { method: 'POST', url: `/callbacks/main/task-1/${'x'.repeat(5_000)}` },
      { method: 'POST', url: '/callbacks/main/task-1' },
      { method: 'POST', url: `${right}/more` },
      { method: 'GET', url: right },
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

  it("doesn't reveal what went wrong inside", async () => {
    const answer = await server.inject({ method: 'POST', url: '/callbacks/main/broken/abc.def' });
    expect([answer.statusCode, answer.body]).toEqual([500, '']);
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
