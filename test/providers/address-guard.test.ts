import type dns from 'node:dns';
import { createServer } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AgentOptions,
  createGuardedAgent,
  isBlocked,
  isPrivateHost,
} from '../../src/providers/address-guard.ts';

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

  async function codeOf(url: string, options: AgentOptions = {}): Promise<string> {
    const dispatcher = createGuardedAgent({ connectTimeoutMs: 1_000, ...options });
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
  ])("doesn't connect to %s", async (url) => {
    const before = connections.length;
    expect(await codeOf(url.replace('PORT', String(port)))).toBe('BLOCKED_ADDRESS');
    expect(connections).toHaveLength(before);
  });

  it('connects to its trusted origin, and only to exactly that one', async () => {
    const trust = (trustedOrigin: string) => ({ trustedOrigin });
    const here = `http://127.0.0.1:${port}`;
    expect(await codeOf(`${here}/`, trust(here))).toBe('secret');
    expect(await codeOf(`http://localhost:${port}/`, trust(`http://localhost:${port}`))).toBe('secret');
    for (const other of [
      `http://127.0.0.1:${port + 1}`,
      `https://127.0.0.1:${port}`,
      `http://localhost:${port}`,
    ])
      expect(await codeOf(`${here}/`, trust(other))).toBe('BLOCKED_ADDRESS');
  });

  describe('a host name', () => {
    const resolving = (...addresses: string[]): AgentOptions => ({
      lookup: ((_name: string, _options: unknown, callback: (error: null, found: object[]) => void) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: isIP(address) })),
        )) as unknown as typeof dns.lookup,
    });

    it.each([
      ['private', ['10.0.0.7']],
      ['local', ['127.0.0.1']],
      ['private among public ones', ['162.159.128.233', '192.168.1.4']],
      ['private in the other family', ['162.159.128.233', 'fd00::1']],
      ['a mapped private one', ['::ffff:10.0.0.7']],
      ['missing', []],
    ])('is refused if its address is %s', async (_what, addresses) => {
      const before = connections.length;
      expect(await codeOf(`https://pictures.example.org:${port}/`, resolving(...addresses))).toBe(
        'BLOCKED_ADDRESS',
      );
      expect(connections).toHaveLength(before);
    });
  });
});

/** Both edges of every range, and the addresses right outside. */
describe('isBlocked', () => {
  it.each([
    // Discord (discord.com, gateway.discord.gg, cdn.discordapp.com), Cloudflare, and others that serve APIs and pictures.
    '162.159.128.233',
    '162.159.130.234',
    '162.159.135.232',
    '162.159.133.233',
    '104.16.0.1',
    '104.21.32.1',
    '172.64.0.1',
    '172.67.180.1',
    '188.114.96.7',
    '141.101.64.1',
    '1.1.1.1',
    '8.8.8.8',
    '34.149.0.1',
    '52.95.110.1',
    '47.88.0.1',
    '120.55.1.1',
    '93.184.216.34',
    // Neighbors of refused ranges.
    '1.0.0.0',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '191.255.255.255',
    '192.0.1.0',
    '192.0.3.0',
    '192.88.98.255',
    '192.88.100.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '198.51.99.255',
    '198.51.101.0',
    '203.0.112.255',
    '203.0.114.0',
    '223.255.255.255',
    '2606:4700::6810:1',
    '2606:4700:4700::1111',
    '2a06:98c1:3121::7',
    '2001:4860:4860::8888',
    '2001:200::1',
    '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db9::',
    '2003::1',
    '2400:cb00:2048::1',
    '2620:fe::fe',
    '64:ff9b:2::',
    '64:ff9b::a29f:80e9', // 162.159.128.233 through NAT64
    '64:ff9b::1.1.1.1',
    '0064:FF9B:0:0:0:0:101:101',
    '100:0:0:2::',
    '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '3fff:1000::',
    '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '5f01::',
    // Public addresses in the mapped form that some systems report for a connection.
    '::ffff:162.159.128.233',
    '::ffff:1.1.1.1',
    '::ffff:aca0:1', // 172.160.0.1
  ])('accepts %s', (address) => {
    expect(isBlocked(address)).toBe(false);
  });

  it.each([
    '0.0.0.0',
    '0.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '127.0.0.0',
    '127.255.255.255',
    '169.254.0.0',
    '169.254.169.254',
    '169.254.255.255',
    '172.16.0.0',
    '172.17.0.1',
    '172.31.255.255',
    '192.0.0.0',
    '192.0.0.255',
    '192.0.2.0',
    '192.0.2.255',
    '192.88.99.0',
    '192.88.99.255',
    '192.168.0.0',
    '192.168.255.255',
    '198.18.0.0',
    '198.19.255.255',
    '198.51.100.0',
    '198.51.100.255',
    '203.0.113.0',
    '203.0.113.255',
    '224.0.0.0',
    '239.255.255.255',
    '240.0.0.0',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff',
    '::127.0.0.1',
    '::ffff:ffff',
    '::ffff:0.0.0.0',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe', // 169.254.169.254
    '::ffff:192.168.1.1',
    '::ffff:0:0:0',
    '::ffff:0:127.0.0.1',
    '::ffff:0:ffff:ffff',
    '64:ff9b::7f00:1', // 127.0.0.1
    '64:ff9b::a00:1',
    '64:ff9b::192.168.0.1',
    '64:ff9b::',
    '64:ff9b:1::1',
    '64:ff9b:1:ffff:ffff:ffff:ffff:ffff',
    '100::1',
    '100::ffff:ffff:ffff:ffff',
    '100:0:0:1::',
    '100:0:0:1:ffff:ffff:ffff:ffff',
    '2001::1',
    '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db8::1',
    '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '2002:7f00:1::1',
    '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '3fff::',
    '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff',
    '5f00::',
    '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'fc00::',
    'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'fe80::1',
    'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'fec0::',
    'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'ff00::',
    'ff02::1',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ])('refuses %s', (address) => {
    expect(isBlocked(address)).toBe(true);
  });
});

/** For names that aren't looked up: behind a proxy, and in an API's answers. */
describe('isPrivateHost', () => {
  it.each([
    'localhost',
    'localhost.',
    'db.localhost',
    'new-api',
    'new-api.',
    'printer.local',
    'printer.local.',
    'wiki.internal',
    'wiki.intranet',
    'nas.lan',
    'nas.home',
    'nas.corp',
    'nas.home.arpa',
    'api.test',
    'api.invalid',
    '127.0.0.1',
    '10.0.0.7',
    '[::1]',
    '[fd00::1]',
    '[::ffff:a00:7]',
  ])('is %s', (host) => {
    expect(isPrivateHost(host)).toBe(true);
  });

  it.each([
    'discord.com',
    'discord.com.',
    'cdn.discordapp.com',
    'localhost.example',
    'mylocal.example.org',
    'home.example.org',
    'example.homes',
    'example.land',
    'nas.arpa.example',
    'xn--fiqs8s.example',
    '8.8.8.8',
    '[2606:4700::6810:1]',
    '[64:ff9b::101:101]',
  ])("isn't %s", (host) => {
    expect(isPrivateHost(host)).toBe(false);
  });
});
