import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createHttp } from '../../src/providers/http.ts';
import { parseJson } from '../../src/providers/json.ts';

function mark(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from('\uFEFF'), bytes]);
}

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

  it('returns status, text, JSON and how long to wait', async () => {
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

  it('says that it timed out', async () => {
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

  it.each([
    ['whole', 12_000_000, {}],
    ['compressed', 12_000_000, { 'content-encoding': 'gzip' }],
  ])("reads a list of a month's tasks (%s)", async (_what, bytes, headers) => {
    const text = JSON.stringify(Array.from({ length: bytes / 6_000 }, () => ({ prompt: 'x'.repeat(6_000) })));
    const body = 'content-encoding' in headers ? gzipSync(text) : text;
    const url = await serve((_request, response) => response.writeHead(200, headers).end(body));
    const dispatcher = new Agent();
    open.push(() => dispatcher.destroy());
    const signal = AbortSignal.timeout(10_000);
    const answer = await createHttp({ dispatcher }).request({ method: 'GET', url, headers: {}, signal });
    expect(answer.json).toHaveLength(2_000);
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i), and says where it leads', async (status) => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      response
        .writeHead(status, { location: 'https://user:canary@new.example:8443/mj/x?token=canary' })
        .end();
    });
    expect(await get(url)).toMatchObject({ status, redirectOrigin: 'https://new.example:8443' });
    expect(asked).toEqual(['/']);
  });

  it.each([
    [
      'a path of its own',
      302,
      '/elsewhere?token=canary',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ],
    ['a host without a scheme', 302, '//new.example/mj', 'http://new.example'],
    ['nothing like an address', 302, 'https://', undefined],
    ['a script', 302, 'javascript:alert(1)', undefined],
    ['a file that was not changed', 200, 'https://new.example/', undefined],
  ])('reads a Location of %s', async (_what, status, location, redirectOrigin) => {
    const url = await serve((_request, response) => response.writeHead(status, { location }).end());
    const answer = await get(url);
    expect('redirectOrigin' in answer ? answer.redirectOrigin : undefined).toEqual(redirectOrigin);
  });

  const json = Buffer.from('{"result":"14001934816969359"}');
  const read = { result: '14001934816969359' };
  it.each<[string, Record<string, string>, Buffer]>([
    ['as plain text', { 'content-type': 'text/plain' }, json],
    ['as a web page', { 'content-type': 'text/html; charset=utf-8' }, json],
    ['without a type', {}, json],
    ['after a byte order mark', { 'content-type': 'application/json' }, mark(json)],
    ['after two of them', {}, mark(mark(json))],
    ['after empty lines', {}, Buffer.concat([Buffer.from('\r\n\n'), json])],
    ['as a JSON string', {}, Buffer.from(JSON.stringify(json.toString()))],
    ['as a JSON string after a mark', {}, mark(Buffer.from(JSON.stringify(json.toString())))],
    ['gzipped', { 'content-encoding': 'gzip' }, gzipSync(json)],
    ['gzipped, by its old name', { 'content-encoding': 'x-gzip' }, gzipSync(json)],
    ['gzipped, in capitals', { 'content-encoding': 'GZIP' }, gzipSync(json)],
    ['gzipped, with a mark inside', { 'content-encoding': 'gzip' }, gzipSync(mark(json))],
    ['gzipped without saying so', {}, gzipSync(json)],
    ['gzipped in its header only', { 'content-encoding': 'gzip' }, json],
    ['gzipped twice', { 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync(json))],
    ['deflated', { 'content-encoding': 'deflate' }, deflateSync(json)],
    ['deflated without a frame', { 'content-encoding': 'deflate' }, deflateRawSync(json)],
    ['in brotli', { 'content-encoding': 'br' }, brotliCompressSync(json)],
    ['in zstd', { 'content-encoding': 'zstd' }, zstdCompressSync(json)],
    ['as identity', { 'content-encoding': 'identity' }, json],
    ["with an encoding that doesn't exist", { 'content-encoding': 'utf-8' }, json],
  ])('reads JSON that comes %s', async (_what, headers, body) => {
    const url = await serve((_request, response) => response.writeHead(200, headers).end(body));
    expect(await get(url)).toMatchObject({ json: read });
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(20_000_000))],
    ['deflate', deflateSync(Buffer.alloc(20_000_000))],
  ])('calls a small body in %s that would become a huge one malformed', async (encoding, body) => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    expect(await get(url)).toMatchObject({ kind: 'malformed', definite: false });
  });

  it("calls a body that can't be decompressed malformed, with the outcome unknown", async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(json).subarray(0, 20)),
    );
    expect(await get(url)).toMatchObject({ kind: 'malformed', definite: false });
  });

  const chinese = Buffer.from(
    '7b226465736372697074696f6e223a22cce1bdbbb3c9b9a6222c22726573756c74223a223137227d',
    'hex',
  );
  it.each([
    ['gbk', 'application/json;charset=gbk', chinese],
    ['GB2312 in quotes', 'text/plain; charset="GB2312"', chinese],
    ['gb18030', 'application/json; charset=gb18030 ; q=1', chinese],
    ['utf8', 'application/json; charset=utf8', Buffer.from('{"description":"提交成功","result":"17"}')],
    ['nothing', 'application/json', Buffer.from('{"description":"提交成功","result":"17"}')],
    [
      'one that nobody knows',
      'text/html; charset=klingon',
      Buffer.from('{"description":"提交成功","result":"17"}'),
    ],
    [
      'UTF-16',
      'application/json; charset=utf-16le',
      Buffer.from('{"description":"提交成功","result":"17"}', 'utf16le'),
    ],
  ])('reads an answer by its charset: %s', async (_what, type, body) => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': type }).end(body),
    );
    expect(await get(url)).toMatchObject({ json: { description: '提交成功', result: '17' } });
  });

  it('reads an answer whose encoding is a JavaScript property name', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'constructor' }).end(json),
    );
    expect(await get(url)).toMatchObject({ json: read });
  });

  it('names what the HTTP parser stumbles over', async () => {
    const server = createTcpServer((socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nx-odd name: 1\r\ncontent-length: 2\r\n\r\n{}'),
      ),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(async () => server.close());
    const error = await get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(error).toMatchObject({
      kind: 'unavailable',
      definite: false,
      code: expect.stringMatching(/^(HPE_|HTTPParserError$)/),
    });
  });

  it.each([
    ['an error without a code', new RangeError('too deep'), 'RangeError'],
    [
      'an error whose code is not set',
      Object.assign(new Error('odd'), { name: 'HTTPParserError', code: undefined }),
      'HTTPParserError',
    ],
    ['several errors at once', new AggregateError([new Error('one')], 'several'), 'AggregateError'],
    ['an error with a code', Object.assign(new Error('odd'), { code: 'EPROTO' }), 'EPROTO'],
    ['a text', 'odd', 'unknown'],
  ])('names %s', async (_what, thrown, code) => {
    const dispatcher = {
      dispatch: () => {
        throw thrown;
      },
    } as unknown as Agent;
    const http = createHttp({ dispatcher });
    const signal = AbortSignal.timeout(10_000);
    const work = http.request({ method: 'GET', url: 'https://api.example', headers: {}, signal });
    await expect(work).rejects.toMatchObject({
      code,
      message: `the request failed (${code})`,
    });
  });

  it.each(['"ok"', '"{half"', '12', 'null'])('leaves %s unchanged', async (text) => {
    const url = await serve((_request, response) => response.end(text));
    expect(await get(url)).toMatchObject({ json: JSON.parse(text) });
  });

  it('introduces the bot', async () => {
    const url = await serve((request, response) =>
      response.end(JSON.stringify({ by: request.headers['user-agent'] })),
    );
    expect(await get(url)).toMatchObject({
      json: { by: expect.stringMatching(/^midjourney-relay\/\d+\.\d+\.\d+ \(\+https:\/\/\S+\)$/) },
    });
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

  it("doesn't read endlessly nested text as JSON", () => {
    expect(parseJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBeUndefined();
    expect(parseJson('['.repeat(100_000))).toBeUndefined();
    expect(parseJson(`${'['.repeat(100)}17${']'.repeat(100)}`)).toHaveLength(1);
  });

  it.each(['', '{', '<html>', 'undefined', '{"a":1}{"b":2}'])("doesn't read %j as JSON", (text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});
