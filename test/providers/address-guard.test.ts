import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuardedAgent } from '../../src/providers/address-guard.ts';

describe('createGuardedAgent', () => {
  const connections: string[] = [];
  const server = createServer((incoming, response) => {
    connections.push(incoming.url ?? '');
    response.end('secret');
  });
  let port: number;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function codeOf(url: string, trustedHosts: string[] = []): Promise<string> {
    const dispatcher = createGuardedAgent({ trustedHosts: new Set(trustedHosts), connectTimeoutMs: 1_000 });
    try {
      const { body } = await request(url, { dispatcher });
      return await body.text();
    } catch (error) {
      return String((error as { code?: string }).code);
    } finally {
      await dispatcher.destroy();
    }
  }

  it.each([
    'https://127.0.0.1:PORT/',
    'https://2130706433:PORT/',
    'https://0x7f.1:PORT/',
    'https://[::1]:PORT/',
    'https://[::ffff:127.0.0.1]:PORT/',
    'https://localhost:PORT/',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'http://127.0.0.1:PORT/',
    'http://93.184.216.34/',
  ])('does not connect to %s', async (url) => {
    const before = connections.length;
    expect(await codeOf(url.replace('PORT', String(port)))).toBe('BLOCKED_ADDRESS');
    expect(connections).toHaveLength(before);
  });

  it('connects to hosts that the operator trusts, by host and by host and port', async () => {
    expect(await codeOf(`http://127.0.0.1:${port}/`, ['127.0.0.1'])).toBe('secret');
    expect(await codeOf(`http://localhost:${port}/`, [`localhost:${port}`])).toBe('secret');
    expect(await codeOf(`http://127.0.0.1:${port}/`, [`127.0.0.1:${port + 1}`])).toBe('BLOCKED_ADDRESS');
  });
});
