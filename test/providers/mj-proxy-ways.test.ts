import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createMjproxy } from '../../sandbox/providers/mj-proxy/mjproxy.ts';
import { createYutoai } from '../../sandbox/providers/mj-proxy/yutoai.ts';
import type { ProviderConfig } from '../../src/config.ts';
import { askAccount, findSettingsFor } from '../../src/providers/check.ts';
import { createHttp } from '../../src/providers/http.ts';

const key = 'sk-right';
const speeds = { 'mj-fast': 'fast', 'mj-relax': 'relax' } as const;

describe('another way to call a midjourney-proxy', () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  /** A server that only answers at that path, with the key in that form. */
  async function serve(takes: (path: string) => boolean, has: (headers: IncomingHttpHeaders) => boolean) {
    const asked: string[] = [];
    const server = createServer(({ url = '', headers }, response) => {
      const [prefix = ''] = url.split('/mj/task/');
      asked.push(prefix);
      if (!has(headers)) response.writeHead(401).end();
      else if (takes(prefix)) response.writeHead(200).end('[]');
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({
      async close() {
        server.closeAllConnections();
        server.close();
      },
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  function configure(baseUrl: string, wrong: Partial<ProviderConfig> = {}) {
    const dispatcher = new Agent();
    open.push(dispatcher);
    const account: ProviderConfig = {
      name: 'main',
      kind: 'mjproxy',
      apiKey: key,
      baseUrl,
      pathPrefix: undefined,
      auth: undefined,
      speeds: undefined,
      filter: undefined,
      uploads: undefined,
      routes: undefined,
      apiGeneration: undefined,
      maxInFlight: undefined,
      prices: undefined,
      ...wrong,
    };
    return { account, ask: { http: createHttp({ dispatcher }), signal: AbortSignal.timeout(10_000) } };
  }

  const forms = {
    bearer: ({ authorization }: IncomingHttpHeaders) => authorization === `Bearer ${key}`,
    raw: ({ authorization }: IncomingHttpHeaders) => authorization === key,
    'mj-api-secret': (headers: IncomingHttpHeaders) => headers['mj-api-secret'] === key,
  } as const;
  const auths = Object.keys(forms) as (keyof typeof forms)[];

  it.each(
    auths.flatMap((right) =>
      auths.filter((wrong) => wrong !== right).map((wrong) => [right, wrong] as const),
    ),
  )('finds %s where %s is configured', async (right, wrong) => {
    const { url } = await serve((prefix) => prefix === '', forms[right]);
    const { account, ask } = configure(url, { auth: wrong });
    await expect(askAccount(account, ask)).rejects.toMatchObject({ kind: 'auth' });
    expect(await findSettingsFor(account, ask)).toEqual({ AUTH: right });
  });

  it.each<[string, readonly string[], Partial<ProviderConfig>, object]>([
    ['no prefix', [''], { pathPrefix: '/fast' }, { PATH_PREFIX: '' }],
    ['bare speeds', ['/fast', '/relax'], {}, { PATH_PREFIX: 'fast=/fast,relax=/relax' }],
    ['the one speed that there is', ['/mj-fast'], {}, { PATH_PREFIX: 'fast=/mj-fast' }],
    [
      'speeds after a dash',
      ['/mj-fast', '/mj-relax', '/mj-turbo'],
      { pathPrefix: { fast: '/fast' } },
      { PATH_PREFIX: 'fast=/mj-fast,relax=/mj-relax,turbo=/mj-turbo' },
    ],
    [
      'what is left of the configured ones',
      ['/speedy', '/fast'],
      { pathPrefix: { relax: '/slow', fast: '/speedy' } },
      { PATH_PREFIX: 'fast=/speedy' },
    ],
  ])('finds %s', async (_what, takes, wrong, settings) => {
    const { url } = await serve((prefix) => takes.includes(prefix), forms['mj-api-secret']);
    const { account, ask } = configure(url, wrong);
    await expect(askAccount(account, ask)).rejects.toMatchObject({ kind: 'malformed', status: 404 });
    expect(await findSettingsFor(account, ask)).toEqual(settings);
  });

  it('finds an address that was copied with too much of its path, and several mistakes at once', async () => {
    const { url } = await serve((prefix) => prefix === '/mj-fast', forms.raw);
    const { account, ask } = configure(`${url}/mj/submit`, { auth: 'bearer', pathPrefix: '/x' });
    expect(await findSettingsFor(account, ask)).toEqual({
      BASE_URL: url,
      AUTH: 'raw',
      PATH_PREFIX: 'fast=/mj-fast',
    });
  });

  it('tries a wrong key in each form, and nothing more', async () => {
    const { url, asked } = await serve(
      () => true,
      () => false,
    );
    const { account, ask } = configure(url);
    expect(await findSettingsFor(account, ask)).toBeUndefined();
    expect(asked).toEqual(['', '', '']);
  });

  it('gives up if there is no midjourney-proxy', async () => {
    const { url } = await serve(
      () => false,
      () => true,
    );
    const { account, ask } = configure(url);
    expect(await findSettingsFor(account, ask)).toBeUndefined();
  });

  it('says what a stand-in expects', async () => {
    const java = await createMjproxy({ key, habits: { flavour: 'java' } });
    const dashed = await createYutoai({ key, habits: { speedWords: speeds } });
    const bare = await createYutoai({ key, habits: { speedWords: {} } });
    open.push(java, dashed, bare);
    const settingsOf = (url: string, wrong: Partial<ProviderConfig>) => {
      const { account, ask } = configure(url, wrong);
      return findSettingsFor(account, ask);
    };
    expect(await settingsOf(java.url, { auth: 'raw', pathPrefix: '/mj-fast' })).toEqual({
      AUTH: 'mj-api-secret',
      PATH_PREFIX: '',
    });
    expect(await settingsOf(dashed.url, { kind: 'yutoai' })).toEqual({
      PATH_PREFIX: 'fast=/mj-fast,relax=/mj-relax',
    });
    // An empty value would mean the kind's own prefixes, which it doesn't have.
    expect(await settingsOf(bare.url, { kind: 'yutoai' })).toEqual({ PATH_PREFIX: 'fast=' });
  });
});
