import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createDownload, type DownloadError } from '../../src/images/download.ts';
import { createGuardedAgent } from '../../src/providers/address-guard.ts';

describe('createDownload', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Downloads through the guard, which trusts the address's own origin by default. */
  function fetchFrom(url: string, { maxBytes = 1_000, trusted = url } = {}): Promise<Buffer | DownloadError> {
    const trustedOrigin = URL.parse(trusted)?.origin;
    const dispatcher = createGuardedAgent({ trustedOrigin });
    open.push(() => void dispatcher.destroy());
    return createDownload(dispatcher)(url, { maxBytes, signal: AbortSignal.timeout(5_000) }).catch(
      (error: unknown) => error as DownloadError,
    );
  }

  it('sends the signed query unchanged, says who asks, and returns the bytes', async () => {
    const url = await serve((request, response) =>
      response.end(`${request.url} ${request.headers['user-agent']}`),
    );
    expect(String(await fetchFrom(`${url}/a%20b.png?ex=67&is=66&hm=f6&`))).toMatch(
      /^\/a%20b\.png\?ex=67&is=66&hm=f6& midjourney-relay\/\d+\.\d+\.\d+ \(\+https:\/\/\S+\)$/,
    );
  });

  it.each([404, 403, 429, 500, 503])('says after a %i that the file may be there later', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end('no'));
    expect(await fetchFrom(url)).toMatchObject({
      name: 'DownloadError',
      trouble: 'unavailable',
      host: new URL(url).host,
      status,
    });
  });

  it.each([200, 201, 203, 206, 299])('accepts the file from a %i', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end('the file'));
    expect(String(await fetchFrom(url))).toBe('the file');
  });

  it.each([200, 202, 203, 204, 205])('treats an empty %i as not there yet', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await fetchFrom(url)).toMatchObject({ name: 'DownloadError', trouble: 'unavailable' });
  });

  it('stops at the limit, announced or not', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': '2000' });
      else response.flushHeaders();
      response.end('x'.repeat(2_000));
    });
    expect(await fetchFrom(`${url}/announced`)).toMatchObject({ trouble: 'too-large' });
    expect(await fetchFrom(`${url}/not`)).toMatchObject({ trouble: 'too-large' });
  });

  it.each([
    ['of exactly the limit', 1_000, 1_000],
    ['one byte larger', 1_001, 'too-large'],
  ])('counts a file %s, announced or not', async (_what, bytes, outcome) => {
    const url = await serve((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': String(bytes) });
      else response.flushHeaders(); // Node would announce a body that is sent at once
      response.end('x'.repeat(bytes));
    });
    for (const path of ['/announced', '/not']) {
      const fetched = await fetchFrom(url + path);
      expect(Buffer.isBuffer(fetched) ? fetched.length : fetched.trouble, path).toBe(outcome);
    }
  });

  it('joins the pieces of a file in order, and counts all of them', async () => {
    const url = await serve(async (request, response) => {
      const pieces =
        request.url === '/large' ? Array.from({ length: 4 }, () => 'x'.repeat(300)) : ['the', ' ', 'file'];
      for (const piece of pieces) {
        response.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect(String(await fetchFrom(url))).toBe('the file');
    expect(await fetchFrom(`${url}/large`)).toMatchObject({ trouble: 'too-large' });
  });

  it('hangs up on a server that never stops sending', async () => {
    let isLeft = false;
    const url = await serve((_request, response) => {
      response.on('close', () => {
        isLeft = true;
      });
      const send = () => response.writable && response.write('x'.repeat(500), send);
      send();
    });
    expect(await fetchFrom(url)).toMatchObject({ trouble: 'too-large' });
    await expect.poll(() => isLeft).toBe(true);
  });

  it('may be tried again after a broken connection', async () => {
    const url = await serve((_request, response) => response.destroy());
    expect(await fetchFrom(url)).toMatchObject({ name: 'DownloadError', trouble: 'unavailable' });
  });

  describe('a redirect', () => {
    /** `/3` leads to `/2`, and so on to `/0`, where the file is. */
    const countDown =
      (status: number): RequestListener =>
      (request, response) => {
        const left = Number(request.url?.slice(1));
        if (left === 0) return void response.end('the file');
        response.writeHead(status, { location: `/${left - 1}` }).end('<a href="…">Found</a>');
      };

    it.each([301, 302, 303, 307, 308])('with %i is followed, three times at most', async (status) => {
      const url = await serve(countDown(status));
      expect(String(await fetchFrom(`${url}/1`))).toBe('the file');
      expect(String(await fetchFrom(`${url}/3`))).toBe('the file');
      expect(await fetchFrom(`${url}/4`)).toMatchObject({ trouble: 'malformed' });
    });

    it('in circles is given up', async () => {
      let asked = 0;
      const url = await serve((_request, response) => {
        asked += 1;
        response.writeHead(302, { location: '/again' }).end();
      });
      expect(await fetchFrom(url)).toMatchObject({ trouble: 'malformed', host: new URL(url).host });
      expect(asked).toBe(4);
    });

    it.each([
      ['another origin of this machine', 'http://127.0.0.1:1/secret'],
      ['a private address', 'https://192.168.1.1/admin'],
      ["a cloud's metadata", 'http://169.254.169.254/latest/meta-data/'],
      ['a mapped private address', 'https://[::ffff:10.0.0.1]/'],
    ])('to %s is refused', async (_what, location) => {
      const url = await serve((_request, response) => response.writeHead(302, { location }).end());
      expect(await fetchFrom(url)).toMatchObject({ trouble: 'blocked', host: new URL(location).host });
    });

    it.each(['file:///etc/passwd', 'data:image/png;base64,AAAA', 'javascript:alert(1)'])(
      'to %s is refused',
      async (location) => {
        const url = await serve((_request, response) => response.writeHead(302, { location }).end());
        expect(await fetchFrom(url)).toMatchObject({ trouble: 'malformed' });
      },
    );

    it('without a target brings no file', async () => {
      const url = await serve((_request, response) => response.writeHead(302).end());
      expect(await fetchFrom(url)).toMatchObject({ trouble: 'unavailable' });
    });
  });

  it('fetches an http address as https, never plainly', async () => {
    let isReached = false;
    const url = await serve((_request, response) => {
      isReached = true;
      response.end('the file');
    });
    const { port } = new URL(url);
    // Untrusted and private: it may be reached neither way.
    expect(
      await fetchFrom(`http://localhost:${port}/`, { trusted: 'https://elsewhere.example' }),
    ).toMatchObject({
      trouble: 'blocked',
    });
    expect(isReached).toBe(false);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('decodes %s that nobody asked for, within the limit', async (encoding, compress) => {
    const url = await serve((request, response) => {
      const text = request.url === '/large' ? 'x'.repeat(100_000) : 'the file';
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(text));
    });
    expect(String(await fetchFrom(url))).toBe('the file');
    expect(await fetchFrom(`${url}/large`)).toMatchObject({ trouble: 'too-large' });
  });

  it.each(['gzip', 'identity', 'aws-chunked', 'constructor'])(
    "keeps bytes as they are if they aren't %s although the header says so",
    async (encoding) => {
      const url = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end('the file'),
      );
      expect(String(await fetchFrom(url))).toBe('the file');
    },
  );

  describe('a data: address', () => {
    it.each([
      ['base64', `data:image/png;base64,${Buffer.from('the file').toString('base64')}`],
      ['base64 without a type', `data:;base64,${Buffer.from('the file').toString('base64')}`],
      ['upper case', `DATA:image/png;base64,${Buffer.from('the file').toString('base64')}`],
      [
        'base64 with percents',
        `data:image/png;base64,${encodeURIComponent(Buffer.from('the file').toString('base64'))}`,
      ],
      ['percents', 'data:text/plain,the%20file'],
    ])('contains its file: %s', async (_how, url) => {
      expect(String(await fetchFrom(url))).toBe('the file');
    });

    it.each([
      ['of 50 MB', `data:image/png;base64,${'A'.repeat(66_000_000)}`, 'too-large'],
      ['a little too large', `data:image/png;base64,${Buffer.alloc(1_001).toString('base64')}`, 'too-large'],
      ['that is empty', 'data:,', 'malformed'],
      ['that is empty in base64', 'data:image/png;base64,', 'malformed'],
      ['without a comma', 'data:image/png;base64', 'malformed'],
    ])('%s is refused', async (_what, url, trouble) => {
      expect(await fetchFrom(url)).toMatchObject({ trouble });
    });
  });

  it.each(['', 'fox.png', '/mj/image/17', 'ftp://example.org/fox.png', 'https://'])(
    'makes no call for %j',
    async (url) => {
      expect(await fetchFrom(url)).toMatchObject({ trouble: 'malformed', host: undefined });
    },
  );

  describe('a file that must arrive at a minimum speed', () => {
    const slowest = { bytesPerSecond: 100_000, afterMs: 50 };
    const from = (url: string, options = {}) => {
      const dispatcher = createGuardedAgent({ trustedOrigin: new URL(url).origin });
      open.push(() => void dispatcher.destroy());
      // The time limit never ends: only the minimum speed ends what is slow.
      const { signal } = new AbortController();
      return createDownload(dispatcher)(url, { maxBytes: 1_000_000, signal, slowest, ...options }).catch(
        (error: unknown) => error as DownloadError,
      );
    };

    it('is given up if it stops after its first bytes', async () => {
      const url = await serve((_request, response) => void response.writeHead(200).write('GIF8'));
      expect(await from(url)).toMatchObject({ name: 'DownloadError', trouble: 'slow' });
    });

    it('is given up if it drips', async () => {
      const url = await serve((_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'), 5);
        response.on('close', () => clearInterval(timer));
      });
      expect(await from(url)).toMatchObject({ name: 'DownloadError', trouble: 'slow' });
    });

    it('is given up if nothing comes in time', async () => {
      const url = await serve(() => undefined);
      expect(await from(url, { signal: AbortSignal.timeout(20) })).toMatchObject({ trouble: 'slow' });
    });

    it('arrives if it is fast, or small enough to arrive at once', async () => {
      const fast = await serve((_request, response) => response.end(Buffer.alloc(500_000)));
      expect(await from(fast)).toHaveLength(500_000);
      const small = await serve((_request, response) => response.end('GIF8'));
      expect(await from(small)).toHaveLength(4);
    });

    it("isn't judged by its first moments", async () => {
      const url = await serve((_request, response) => {
        response.writeHead(200).write('GI');
        setTimeout(() => response.end('F8'), 600);
      });
      expect(await from(url, { slowest: { ...slowest, afterMs: 60_000 } })).toHaveLength(4);
    });

    it('may be slow if no minimum speed is set', async () => {
      const url = await serve((_request, response) => {
        response.writeHead(200).write('GI');
        setTimeout(() => response.end('F8'), 60);
      });
      expect(await from(url, { slowest: undefined })).toHaveLength(4);
      const late = await serve(() => undefined);
      expect(await from(late, { slowest: undefined, signal: AbortSignal.timeout(20) })).toMatchObject({
        trouble: 'unavailable',
      });
    });
  });
});
