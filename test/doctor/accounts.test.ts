import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { standIns } from '../../sandbox/providers/index.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import { createMjproxy } from '../../sandbox/providers/mj-proxy/mjproxy.ts';
import type { ProviderConfig, ProviderKind } from '../../src/config.ts';
import { checkAccount } from '../../src/doctor/accounts.ts';
import { createHttp } from '../../src/providers/http.ts';

const key = 'sk-right';
const kinds = Object.keys(standIns) as ProviderKind[];

describe('what the doctor says about an account', () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  function check(kind: ProviderKind, baseUrl: string) {
    const dispatcher = new Agent();
    open.push(dispatcher);
    const account = { name: 'my-own', kind, apiKey: key, baseUrl } as ProviderConfig;
    return checkAccount(account, createHttp({ dispatcher }));
  }

  /** An API that answers everything with that. */
  async function serve(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
    const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({
      async close() {
        server.closeAllConnections();
        server.close();
      },
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const forms = ['empty', 'no-content', 'null', 'object', 'code', 'code-400', 'code-404'] as const;
  const routes = ['own', '404', '405', '501', 'page', 'web-interface', 'code'] as const;
  it.each<Partial<Habits>>([
    ...forms.map((unknownTask) => ({ unknownTask })),
    ...forms.map((unknownTask) => ({ unknownTask, looks: [], unknownRoute: 'page' as const })),
    ...routes.map((unknownRoute) => ({ unknownRoute, looks: [] })),
  ])('accepts a gateway that works, with any habits (%o)', async (habits) => {
    const standIn = await createMjproxy({ key, habits });
    open.push(standIn);
    expect(await check('mjproxy', standIn.url)).toMatchObject({
      verdict: 'ok',
      text: 'the key works; this API does not tell the balance',
    });
  });

  it.each(['web-interface', '404', 'page'] as const)(
    'blames the base URL if nothing is there (%s)',
    async (unknownRoute) => {
      const standIn = await createMjproxy({ key, habits: { unknownRoute } });
      open.push(standIn);
      const { verdict, text } = await check('mjproxy', `${standIn.url}/nowhere`);
      expect(verdict).toBe('FAIL');
      expect(text).toContain(`it works with PROVIDER_MY_OWN_BASE_URL=${standIn.url}`);
    },
  );

  it.each(kinds)('names the host that %s redirects to, and no more of the address', async (kind) => {
    const url = await serve(301, '', { location: 'https://new.example/mj?token=secret' });
    const { verdict, text } = await check(kind, url);
    expect(verdict).toBe('FAIL');
    expect(text).toContain('the API redirects to https://new.example: set PROVIDER_MY_OWN_BASE_URL to it');
    expect(text).not.toContain('secret');
  });

  it.each(kinds)('tells a firewall in front of %s from a wrong key', async (kind) => {
    const { verdict, text } = await check(kind, await serve(403, 'error code: 1020'));
    expect(verdict).toBe('FAIL');
    expect(text).toContain('a firewall blocks this machine (Cloudflare, error 1020)');
    expect(text).not.toContain('API_KEY');
  });

  it.each(kinds)("can't judge the key of %s while a firewall limits the rate", async (kind) => {
    const { verdict, text } = await check(kind, await serve(429, 'error code: 1015'));
    expect(verdict).toBe('warn');
    expect(text).toContain('Cloudflare limits the rate');
  });

  it.each([
    ['200 and a code', 200, { code: 9, description: '系统异常' }],
    ['400 and an error', 400, { error: { message: 'this group is closed' } }],
  ])("doesn't blame the address if the API itself refuses: %s", async (_what, status, body) => {
    const { verdict, text } = await check('mjproxy', await serve(status, JSON.stringify(body)));
    expect(verdict).toBe('FAIL');
    expect(text).toMatch(/系统异常|this group is closed/);
    expect(text).toContain('the address is right');
    expect(text).not.toContain('BASE_URL');
  });

  it.each([
    [5, 'ok'],
    [0.01, 'ok'],
    [0, 'warn'],
    [-1, 'warn'],
  ])('judges %d dollars: %s', async (dollars, verdict) => {
    const json = { code: 200, message: 'success', data: dollars };
    const answer = { status: 200, json, text: JSON.stringify(json), retryAfterMs: undefined };
    const account = { name: 'main', kind: 'apixo', apiKey: key } as ProviderConfig;
    expect(await checkAccount(account, { request: async () => answer })).toMatchObject({ verdict });
  });
});
