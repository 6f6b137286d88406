import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createDownload, type DownloadError } from '../../src/images/download.ts';

describe('createDownload', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function serve(listener: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function fetchFrom(url: string, maxBytes = 1_000): Promise<Buffer | DownloadError> {
    const dispatcher = new Agent();
    open.push(() => void dispatcher.destroy());
    return createDownload(dispatcher)(url, { maxBytes, signal: AbortSignal.timeout(5_000) }).catch(
      (error: unknown) => error as DownloadError,
    );
  }

  it('sends the signed query unchanged and gives the bytes', async () => {
    const url = await serve((request, response) => response.end(request.url));
    expect(String(await fetchFrom(`${url}/a%20b.png?ex=67&is=66&hm=f6&`))).toBe(
      '/a%20b.png?ex=67&is=66&hm=f6&',
    );
  });

  it.each([
    [404, false],
    [403, false],
    [302, false],
    [429, false],
    [500, false],
    [503, false],
  ])('after a %i it may be tried again', async (status, isFinal) => {
    const url = await serve((_request, response) => response.writeHead(status).end('no'));
    expect(await fetchFrom(url)).toMatchObject({ name: 'DownloadError', isFinal });
  });

  it('stops at the limit, announced or not', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': '2000' });
      response.end('x'.repeat(2_000));
    });
    expect(await fetchFrom(`${url}/announced`)).toMatchObject({ isFinal: true });
    expect(await fetchFrom(`${url}/not`)).toMatchObject({ isFinal: true });
  });

  it('may be tried again after a broken connection', async () => {
    const url = await serve((_request, response) => response.destroy());
    expect(await fetchFrom(url)).toMatchObject({ name: 'DownloadError', isFinal: false });
  });
});
