import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { createDownload } from '../../src/images/download.ts';
import { createGuardedAgent } from '../../src/providers/address-guard.ts';
import { createHttp } from '../../src/providers/http.ts';

/** One and a half times the 15 s that agents once allowed; a submit may take 120 s, and a seed 70 s. */
const slowMs = 22_500;

/** Serves one call with an agent like the bot's, and closes everything. */
async function withServer<T>(
  listener: RequestListener,
  call: (url: string, dispatcher: ReturnType<typeof createGuardedAgent>) => Promise<T>,
): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dispatcher = createGuardedAgent({ trustedOrigin: url });
  try {
    return await call(url, dispatcher);
  } finally {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  }
}

/** Real time passes here, because undici's limits run on its own timers; all tests wait at the same time. */
describe.concurrent('an answer that takes its time is waited for as long as the signal of its call allows', () => {
  const signal = () => AbortSignal.timeout(60_000);

  it('before its headers, as with a describe or a seed', { timeout: 60_000 }, async ({ expect }) => {
    const answer = await withServer(
      (_request, response) => void wait(slowMs).then(() => response.end('{"result":"42"}')),
      (url, dispatcher) =>
        createHttp({ dispatcher }).request({ method: 'GET', url, headers: {}, signal: signal() }),
    );
    expect(answer.json).toEqual({ result: '42' });
  });

  it('in the middle of a picture', { timeout: 60_000 }, async ({ expect }) => {
    const bytes = await withServer(
      (_request, response) => {
        response.write('first half, ');
        void wait(slowMs).then(() => response.end('second half'));
      },
      (url, dispatcher) => createDownload(dispatcher)(url, { maxBytes: 100, signal: signal() }),
    );
    expect(bytes.toString()).toBe('first half, second half');
  });

  it('while a body of five pictures uploads over a slow line', { timeout: 60_000 }, async ({ expect }) => {
    const body = { base64Array: Array.from({ length: 5 }, () => 'x'.repeat(5_000_000)) };
    const answer = await withServer(
      async (incoming, response) => {
        await wait(slowMs);
        let received = 0;
        for await (const chunk of incoming) received += (chunk as Buffer).length;
        response.end(String(received));
      },
      (url, dispatcher) =>
        createHttp({ dispatcher }).request({ method: 'POST', url, headers: {}, body, signal: signal() }),
    );
    expect(answer.text).toBe(String(JSON.stringify(body).length));
  });
});
