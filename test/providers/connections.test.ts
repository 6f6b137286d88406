import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderError } from '../../src/errors.ts';
import { createGuardedAgent } from '../../src/providers/address-guard.ts';
import { createHttp } from '../../src/providers/http.ts';

describe('a call that never left is recognized', () => {
  const closings: (() => unknown)[] = [];
  afterEach(() => Promise.all(closings.splice(0).map((close) => close())));

  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closings.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  async function post(url: string, proxy?: string): Promise<ProviderError> {
    const proxies = proxy === undefined ? undefined : { https: proxy, http: proxy, except: '' };
    const dispatcher = createGuardedAgent({ trustedOrigin: new URL(url).origin, proxies });
    closings.push(() => dispatcher.destroy());
    const signal = AbortSignal.timeout(5_000);
    const request = { method: 'POST', url, headers: {}, body: { prompt: 'a fox' }, signal } as const;
    return createHttp({ dispatcher })
      .request(request)
      .then(
        () => expect.fail('it was answered'),
        (error: unknown) => error as ProviderError,
      );
  }

  it('when nobody listens', async () => {
    const port = await listen(createServer());
    await Promise.all(closings.splice(0).map((close) => close()));
    expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({
      kind: 'unavailable',
      definite: true,
      code: 'ECONNREFUSED',
    });
  });

  it.each([
    ['resets the connection while TLS begins', (socket: Socket) => void socket.resetAndDestroy()],
    ['closes the connection while TLS begins', (socket: Socket) => void socket.end()],
    [
      'speaks plain http at an https port',
      (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ],
  ])('when the other side %s', async (_what, answer) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    const error = await post(`https://127.0.0.1:${await listen(server)}/`);
    expect(error).toMatchObject({ kind: 'unavailable', definite: true });
    expect(error.code).toMatch(/^[A-Z_]+$/);
  });

  it.each([403, 407, 502])('when a proxy answers CONNECT with %i', async (status) => {
    const proxy = createHttpServer();
    proxy.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    const url = `http://127.0.0.1:${await listen(proxy)}`;
    expect(await post('https://api.example.org/', url)).toMatchObject({
      kind: 'unavailable',
      definite: true,
      code: `PROXY_${status}`,
    });
  });

  it("when the configured proxy doesn't exist", async () => {
    expect(await post('https://api.example.org/', 'http://127.0.0.1:1')).toMatchObject({
      definite: true,
      code: 'ECONNREFUSED',
    });
  });

  it.each([
    ['resets it', (socket: Socket) => void socket.resetAndDestroy()],
    ['closes it', (socket: Socket) => void socket.destroy()],
    ['answers nonsense', (socket: Socket) => void socket.end('nonsense')],
  ])('but not when the connection was made, and the other side %s', async (_what, answer) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    const url = `http://127.0.0.1:${await listen(server)}/`;
    expect(await post(url)).toMatchObject({ kind: 'unavailable', definite: false });
  });
});
