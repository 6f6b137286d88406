import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createHttp, parseJson } from '../../src/providers/http.ts';

describe('createHttp over a real socket', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
  });

  async function serve(listener: Parameters<typeof createServer>[1]): Promise<string> {
    const server: Server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function get(url: string, timeouts: { headersTimeout?: number; bodyTimeout?: number } = {}) {
    const dispatcher = new Agent(timeouts);
    open.push(() => dispatcher.destroy());
    const http = createHttp({ dispatcher, maxBytes: 1_000_000 });
    const signal = AbortSignal.timeout(10_000);
    return http
      .request({ method: 'GET', url, headers: {}, signal })
      .catch((error: unknown) => error as ProviderError);
  }

  it('gives status, text, JSON and how long to wait', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(503, { 'retry-after': '2' }).end('{"id":14001934816969359}'),
    );
    expect(await get(url)).toMatchObject({
      status: 503,
      retryAfterMs: 2_000,
      json: { id: '14001934816969359' },
    });
  });

  it('calls a server that never answers unavailable', async () => {
    const url = await serve(() => undefined);
    expect(await get(url, { headersTimeout: 50 })).toMatchObject({
      kind: 'unavailable',
      definite: false,
      code: 'UND_ERR_HEADERS_TIMEOUT',
    });
  });

  it('says that the time was up', async () => {
    const url = await serve(() => undefined);
    const dispatcher = new Agent();
    open.push(() => dispatcher.destroy());
    const late = createHttp({ dispatcher }).request({
      method: 'GET',
      url,
      headers: {},
      signal: AbortSignal.timeout(20),
    });
    await expect(late).rejects.toMatchObject({ kind: 'unavailable', code: 'TimeoutError' });
  });

  it('calls an answer that stops half-way unavailable', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":', () => response.destroy());
    });
    expect(await get(url)).toMatchObject({ kind: 'unavailable', definite: false });
  });

  it('calls an answer of 50 MB malformed without reading all of it', async () => {
    const sent = { bytes: 0 };
    const chunk = Buffer.alloc(100_000, 'x');
    const url = await serve((_request, response) => {
      const write = () => {
        while (sent.bytes < 50_000_000 && !response.destroyed) {
          sent.bytes += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    expect(await get(url)).toMatchObject({ kind: 'malformed' });
    expect(sent.bytes).toBeLessThan(20_000_000);
  });

  it('follows no redirect', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect(await get(url)).toMatchObject({ status: 302 });
  });

  it('names no address in an error', async () => {
    const url = await serve((_request, response) => response.destroy());
    const error = await get(`${url}/path?signature=canary`);
    expect(error).toBeInstanceOf(ProviderError);
    expect(
      JSON.stringify(error) + String((error as Error).stack) + String((error as Error).cause),
    ).not.toContain('canary');
  });
});

describe('parseJson', () => {
  it('keeps ids exactly and leaves other numbers alone', () => {
    expect(
      parseJson('{"a":14001934816969359,"b":9007199254740991,"c":1.5,"d":-1e3,"e":[1648406635623804928]}'),
    ).toEqual({
      a: '14001934816969359',
      b: 9_007_199_254_740_991,
      c: 1.5,
      d: -1_000,
      e: ['1648406635623804928'],
    });
  });

  it.each(['', '{', '<html>', 'undefined', '{"a":1}{"b":2}'])('calls %j no JSON', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});
