import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkPublicAddress } from '../../src/doctor/public-address.ts';

describe('the public address', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function serve(listener: RequestListener): Promise<number> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  /** A port that nobody uses, as far as one can tell. */
  async function aFreePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  const check = (publicUrl: string, port: number) =>
    checkPublicAddress({ host: '127.0.0.1', port, publicUrl });

  /** A reverse proxy that strips the path prefix. */
  async function proxy(to: number, prefix: string): Promise<number> {
    return serve(async ({ url = '' }, response) => {
      const { status } = await fetch(`http://127.0.0.1:${to}${url.replace(prefix, '')}`);
      response.writeHead(status).end();
    });
  }

  it('is skipped if there is none', async () => {
    expect(await checkPublicAddress(undefined)).toMatchObject({ verdict: 'skip' });
  });

  it('leads in through a reverse proxy, and leaves the port free afterwards', async () => {
    const port = await aFreePort();
    const front = await proxy(port, '/relay');
    for (let time = 0; time < 2; time += 1) {
      const { verdict, text } = await check(`http://127.0.0.1:${front}/relay`, port);
      expect(text).toMatch(
        /^a call to PUBLIC_URL arrives at HTTP_PORT; .*private address.*; it is plain http/,
      );
      expect(verdict).toBe('warn');
    }
  });

  it('answers like the program that has the port', async () => {
    const port = await serve((_request, response) => response.writeHead(404).end('not here'));
    const front = await proxy(port, '');
    expect((await check(`http://127.0.0.1:${port}`, port)).text).toContain(
      'the same answer as the program at HTTP_PORT',
    );
    expect((await check(`http://127.0.0.1:${front}`, port)).text).toContain('the call did not arrive');
  });

  it('says what it can about an address that leads elsewhere', async () => {
    const port = await aFreePort();
    const elsewhere = await serve((_request, response) => response.writeHead(502).end('bad gateway'));
    const moved = await serve((_request, response) => response.writeHead(301, { location: '/' }).end());
    const nobody = await aFreePort();
    expect(await check(`http://127.0.0.1:${elsewhere}`, port)).toMatchObject({
      verdict: 'warn',
      text: expect.stringMatching(/answers 502, but the call did not arrive.*from outside it may still work/),
    });
    expect((await check(`http://127.0.0.1:${moved}`, port)).text).toContain('leads elsewhere');
    expect((await check(`http://127.0.0.1:${nobody}`, port)).text).toContain('nobody listens there');
  });

  it("fails if its host has no address, or the port isn't on this machine", async () => {
    const port = await aFreePort();
    const { verdict, text } = await check('https://nowhere.invalid', port);
    expect(['FAIL', 'warn']).toContain(verdict); // offline, nobody can tell
    expect(text).toMatch(/\((ENOTFOUND|EAI_AGAIN)\)/);
    const foreign = { host: '192.0.2.1', port, publicUrl: 'https://nowhere.invalid' };
    expect(await checkPublicAddress(foreign)).toMatchObject({ verdict: 'FAIL' });
  });
});
