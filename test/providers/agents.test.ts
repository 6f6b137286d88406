import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Agents, createAgents } from '../../src/providers/agents.ts';

describe('createAgents', () => {
  const server = createServer(({ url }, response) => {
    if (url === '/cookies')
      response.setHeader(
        'set-cookie',
        Array.from({ length: 10 }, () => 'x'.repeat(4_000)),
      );
    response.end('reached');
  });
  const other = createServer((_incoming, response) => response.end('reached'));
  const opened: Agents[] = [];
  let here: string;
  let elsewhere: string;

  beforeAll(async () => {
    for (const one of [server, other])
      await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await Promise.all(opened.map((agents) => agents.close()));
    server.close();
    other.close();
  });

  function open(variables: Record<string, string>) {
    const config = readConfig({
      DISCORD_TOKEN: 'token',
      ALLOWED_GUILDS: '*',
      PROVIDERS: 'own=mjproxy,main=4allapi',
      PROVIDER_OWN_API_KEY: 'key',
      PROVIDER_OWN_BASE_URL: here,
      PROVIDER_MAIN_API_KEY: 'key',
      ...variables,
    });
    const agents = createAgents(config);
    opened.push(agents);
    const [own, main] = config.providers.map((account) => agents.account(account));
    if (own === undefined || main === undefined) throw new Error('two accounts were configured');
    return { agents, own, main };
  }

  async function call(dispatcher: Dispatcher, url: string): Promise<string> {
    try {
      return await (await request(url, { dispatcher })).body.text();
    } catch (error) {
      return String((error as { code?: string }).code);
    }
  }

  it("accepts more headers than Node's default", async () => {
    const { agents, own } = open({ TRUSTED_HOSTS: '127.0.0.1' });
    expect(await call(own, `${here}/cookies`)).toBe('reached');
    expect(await call(agents.discord, `${here}/cookies`)).toBe('reached');
  });

  it.each([
    ['host', () => '127.0.0.1'],
    ['host and port', () => new URL(here).host],
  ])(
    'trusts the origin of a base URL that TRUSTED_HOSTS names by %s, for that account only',
    async (_how, name) => {
      const { agents, own, main } = open({ TRUSTED_HOSTS: name() });
      expect(await call(own, here)).toBe('reached');
      // The same host at another port isn't the base URL that the operator set.
      expect(await call(own, elsewhere)).toBe('BLOCKED_ADDRESS');
      for (const stranger of [main, agents.links, agents.discordFiles])
        expect(await call(stranger, here)).toBe('BLOCKED_ADDRESS');
    },
  );

  it.each([
    ['nobody', undefined],
    ['another host', 'localhost'],
    ['another port', '127.0.0.1:1'],
  ])('trusts no base URL if TRUSTED_HOSTS names %s', async (_what, names) => {
    const { own } = open(names === undefined ? {} : { TRUSTED_HOSTS: names });
    expect(await call(own, here)).toBe('BLOCKED_ADDRESS');
  });

  it("fetches files from the host of Discord's API, and from no other private host", async () => {
    const { agents, own } = open({ DISCORD_API_URL: `${elsewhere}/api`, TRUSTED_HOSTS: '127.0.0.1' });
    expect(await call(agents.discord, elsewhere)).toBe('reached');
    expect(await call(agents.discordFiles, `${elsewhere}/attachments/1/2/fox.png`)).toBe('reached');
    expect(await call(agents.discordFiles, here)).toBe('BLOCKED_ADDRESS');
    for (const stranger of [own, agents.links])
      expect(await call(stranger, elsewhere)).toBe('BLOCKED_ADDRESS');
  });
});
