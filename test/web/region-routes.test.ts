import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPublicServer } from '../../src/web/public.ts';
import type { RegionDesk } from '../../src/web/region-desk.ts';
import type { RegionAnswer } from '../../src/web/region-protocol.ts';

const token = 'T'.repeat(59);
let taken: { token: string; body: string }[];
let picture: Awaited<ReturnType<RegionDesk['picture']>>;
let answer: RegionAnswer | undefined;
/** What reading a mask, or fetching a picture, waits for. */
let work: Promise<void>;
let server: ReturnType<typeof createPublicServer>;
let assetPath: string;

function open(prefix = '') {
  const createDesk = (path: string): RegionDesk => {
    assetPath = path;
    return {
      show: async (shown) => ({ status: shown === token ? 200 : 404, html: `<p>${shown}</p>` }),
      async picture() {
        await work;
        return picture;
      },
      findOver: async (shown) =>
        shown.length === token.length ? undefined : { kind: 'over', sentence: 'Gone.' },
      async take(toToken, body) {
        taken.push({ token: toToken, body });
        await work;
        return answer;
      },
    };
  };
  server = createPublicServer({ hear: async () => true }, { region: { createDesk, prefix } });
}

beforeEach(() => {
  taken = [];
  work = Promise.resolve();
  picture = { bytes: Buffer.from('a picture'), type: 'image/png', maskSize: { width: 3, height: 2 } };
  answer = { kind: 'started', sentence: 'Started.' };
  open();
});
afterEach(() => server.close());

const get = (url: string) => server.inject({ method: 'GET', url });

describe('the routes of the region editor', () => {
  it('read nothing that is sent to a link which leads nowhere', async () => {
    const payload = 'x'.repeat(9 * 1_048_576);
    const answered = await server.inject({ method: 'POST', url: '/region/another', payload });
    expect([answered.statusCode, answered.json()]).toEqual([410, { kind: 'over', sentence: 'Gone.' }]);
    expect(taken).toEqual([]);
  });

  it('hand out the page and the picture, which nobody keeps or passes on', async () => {
    for (const [url, type] of [
      [`/region/${token}`, 'text/html; charset=utf-8'],
      [`/region/${token}/picture`, 'image/png'],
    ] as const) {
      const { statusCode, headers } = await get(url);
      expect(statusCode).toBe(200);
      expect(headers).toMatchObject({
        'content-type': type,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
          "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
      });
      expect(headers).not.toHaveProperty('set-cookie');
    }
    expect((await get(`/region/${token}/picture`)).headers['mask-size']).toBe('3x2');
  });

  it('say whether a picture is still to come', async () => {
    picture = 'late';
    const { statusCode, headers } = await get(`/region/${token}/picture`);
    expect([statusCode, headers['retry-after']]).toEqual([503, '2']);
    picture = 'gone';
    expect((await get(`/region/${token}/picture`)).statusCode).toBe(404);
  });

  it('take what a page sends, up to 8 MiB, and nothing larger', async () => {
    const send = (payload: string) => server.inject({ method: 'POST', url: `/region/${token}`, payload });
    const body = 'x'.repeat(8 * 1_048_576);
    const { statusCode, headers, payload } = await send(body);
    expect([statusCode, JSON.parse(payload)]).toEqual([200, answer]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(taken).toEqual([{ token, body }]);
    expect((await send(`${body}x`)).statusCode).toBe(413);
    const callback = { method: 'POST', url: '/callbacks/main/task/signature', payload: body } as const;
    expect((await server.inject(callback)).statusCode).toBe(413);
    answer = { kind: 'over', sentence: 'Over.' };
    expect((await send('{}')).statusCode).toBe(410);
    answer = undefined;
    expect((await send('{}')).statusCode).toBe(400);
  });

  it.each(['POST', 'GET'] as const)('have room for one person, and for others (%s)', async (method) => {
    const answers: string[] = [];
    const ask = async (asked: string) => {
      const url = method === 'GET' ? `/region/${asked}/picture` : `/region/${asked}`;
      const { statusCode, headers } = await server.inject({ method, url });
      answers.push(`${statusCode} ${headers['retry-after'] ?? ''}`.trim());
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    work = promise;
    // Another link of the same person makes no difference; another person does.
    const links = [1, 2, 3, 4, 5, 6].map((one) => `${token.slice(0, -1)}${one}`);
    const asked = [...links, `U${token.slice(1)}`].map(ask);
    await vi.waitFor(() => expect(answers).toEqual(['503 2', '503 2']));
    resolve();
    await Promise.all(asked);
    expect(answers.slice(2)).toEqual(['200', '200', '200', '200', '200']);
    await ask(token);
    expect(answers.at(-1)).toBe('200');
  });

  it('have room for so many people only', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    work = promise;
    const codes: number[] = [];
    const asked = Array.from({ length: 20 }, async (_, index) => {
      const url = `/region/${index + 10}${token.slice(2)}`;
      codes.push((await server.inject({ method: 'POST', url })).statusCode);
    });
    await vi.waitFor(() => expect(codes).toEqual([503, 503, 503, 503]));
    expect(taken).toHaveLength(16);
    resolve();
    await Promise.all(asked);
    expect(codes.filter((code) => code === 200)).toHaveLength(16);
  });

  it('count a mask until it has been read, or until its sender has hung up before', async () => {
    const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
    const head = `POST /region/${token} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n`;
    const send = async (text: string) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    };
    const post = async () => (await server.inject({ method: 'POST', url: `/region/${token}` })).statusCode;
    const { promise, resolve } = Promise.withResolvers<void>();
    work = promise;
    const read = await Promise.all([1, 2, 3, 4].map(() => send(`${head}{}`)));
    await vi.waitFor(() => expect(taken).toHaveLength(4));
    // They hang up, but their masks are still being read.
    for (const socket of read) socket.destroy();
    const count = promisify(server.server.getConnections.bind(server.server));
    await vi.waitFor(async () => expect(await count()).toBe(0));
    expect(await post()).toBe(503);
    resolve();
    await vi.waitFor(async () => expect(await post()).toBe(200));
    // These never send their body.
    const unread = await Promise.all([1, 2, 3, 4].map(() => send(head)));
    await vi.waitFor(async () => expect(await post()).toBe(503));
    for (const socket of unread) socket.destroy();
    await vi.waitFor(async () => expect(await post()).toBe(200));
  });

  it("hand out the page's files forever, without types, under names that change with them", async () => {
    const names = ['main.ts', 'mask.ts', 'editor.css', 'icon.svg'];
    for (const name of names) {
      const { statusCode, headers, payload } = await get(`${assetPath}/${name}`);
      expect([name, statusCode]).toEqual([name, 200]);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      if (!name.endsWith('.ts')) continue;
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
      expect(payload).not.toMatch(/\b(?:interface|readonly|import type)\b(?!.*\*)/u);
    }
    for (const wrong of [
      '/assets/old/main.ts',
      `${assetPath}/nothing.ts`,
      `${assetPath}/..%2Fpublic.ts`,
      '/assets/main.ts',
    ])
      expect([wrong, (await get(wrong)).statusCode]).toEqual([wrong, 404]);
  });

  it('work behind a path of PUBLIC_URL, whether the reverse proxy cuts it off or not', async () => {
    await server.close();
    open('/bot');
    expect(assetPath).toMatch(/^\/bot\/assets\//u);
    for (const url of [
      `/region/${token}`,
      `/bot/region/${token}`,
      `/region/${token}/picture`,
      `/bot/region/${token}/picture`,
    ])
      expect([url, (await get(url)).statusCode]).toEqual([url, 200]);
    expect((await get(`${assetPath}/main.ts`)).statusCode).toBe(200);
    expect((await get(`${assetPath.slice('/bot'.length)}/main.ts`)).statusCode).toBe(200);
    const posted = { method: 'POST', url: `/bot/region/${token}?from=x`, payload: '{}' } as const;
    expect((await server.inject(posted)).statusCode).toBe(200);
    expect(taken).toEqual([{ token, body: '{}' }]);
  });

  it.each([
    ['PUT', `/region/${token}`],
    ['DELETE', `/region/${token}`],
    ['POST', `/region/${token}/picture`],
    ['POST', '/assets/a/b'],
    ['GET', '/region'],
    ['GET', `/region/${token}/other`],
    ['OPTIONS', `/region/${token}`],
  ] as const)('are nothing else: %s %s', async (method, url) => {
    expect((await server.inject({ method, url })).statusCode).toBe(404);
    expect(taken).toEqual([]);
  });

  it("aren't there without PUBLIC_URL", async () => {
    await server.close();
    server = createPublicServer({ hear: async () => true });
    for (const url of [`/region/${token}`, `/region/${token}/picture`, `${assetPath}/main.ts`])
      expect([url, (await get(url)).statusCode]).toEqual([url, 404]);
  });
});
