import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PermissionFlagsBits } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { startProgram } from '../../sandbox/bot.ts';
import { kinds } from '../../sandbox/index.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { lockDirectory } from '../../src/storage/lock.ts';
import { aTask } from '../helpers/tasks.ts';
import { register, useSandbox } from '../helpers/whole.ts';

/** One line per account: everything it can do, by price. */
const pricesOfKinds = [
  'ok    prices of 4allapi (4allapi): 100: imagine, blend, shorten, edit, reroll, vary, zoom, pan, other; 50: describe, swap, upscale; 800: video; relax 40 %; omni-reference 200 %; hd 163 %',
  'ok    prices of yutoai (yutoai): 100: imagine, blend, shorten, reroll, vary, zoom, pan, other; 50: describe, upscale; 800: video; 400: imagine-all; relax 40 %; omni-reference 200 %; hd 163 %',
  'ok    prices of mjproxy (mjproxy): 100: imagine, blend, edit, reroll, vary-region, upscale-2x, upscale-4x, upscale-subtle, upscale-creative, zoom, pan, other; 50: describe, shorten, swap, variation, vary-subtle, vary-strong; 800: video; 10: upscale; 400: imagine-all; relax 40 %; turbo 200 %; 720p 325 %; 2-clips 50 %; 1-clip 25 %; omni-reference 200 %; hd 163 %',
  'ok    prices of acedata (acedata): 100: imagine, blend, edit, reroll, vary, zoom, pan, other; 20: describe, shorten, upscale; 400: video; relax 40 %; turbo 200 %; v8-references 400 %; omni-reference 200 %; hd 400 %',
  'ok    prices of apixo (apixo): 100: imagine, edit, reroll, vary, upscale, enhance; turbo 200 %',
  'ok    prices of aigc2d (aigc2d): 100: imagine, blend; 50: describe, vary; 10: upscale; omni-reference 200 %; hd 163 %',
];

describe('npm run doctor', () => {
  const whole = useSandbox({ kinds });

  async function doctor(overrides: Record<string, string> = {}) {
    const environment = { ...whole.sandbox.environment, ...overrides };
    const program = startProgram('src/doctor.ts', environment);
    const code = await program.exited;
    const secrets = Object.entries(environment).filter(([name]) => /(_TOKEN|_API_KEY)$/.test(name));
    for (const [, secret] of secrets.filter(([, value]) => value.length > 0))
      expect(program.lines.join('\n')).not.toContain(secret);
    return { code, lines: program.lines };
  }

  /** That value for the same variable of every account. */
  function forAll(part: string, value: string): Record<string, string> {
    return Object.fromEntries(kinds.map((kind) => [`PROVIDER_${kind.toUpperCase()}_${part}`, value]));
  }

  it('finds everything all right, and leaves no trace', async () => {
    const { code, lines } = await doctor();
    expect(lines).toEqual([
      expect.stringMatching(/^ok {4}configuration: it can be read; 6 accounts \(4allapi, /),
      'ok    Discord token: it belongs to Midjourney Relay',
      expect.stringMatching(/^ok {4}commands: \d+ commands registered in all servers$/),
      'ok    servers: in 1 server (The Sandbox), with all permissions',
      'skip  way out: HTTPS_PROXY is not set: everything is called directly',
      expect.stringMatching(/^(ok|warn) +storage: .* can be written, [\d.]+ GiB free/),
      'ok    ledger: there is no database yet; the first start creates it',
      'ok    server budget: no monthly limit for 1 allowed server',
      ...['4allapi', 'yutoai', 'mjproxy', 'acedata'].map(
        (kind) => `ok    account ${kind} (${kind}): the key works; this API does not tell the balance`,
      ),
      'ok    account apixo (apixo): the key works; 1,000 USD left',
      'ok    account aigc2d (aigc2d): the key works; 1,000,000 points left',
      ...pricesOfKinds,
      'warn  alerts: nobody is told if something breaks: set ALERT_WEBHOOK_URL or OPERATOR_IDS',
      'skip  public address: PUBLIC_URL is not set',
    ]);
    expect(code).toBe(0);
    expect(await readdir(whole.sandbox.dataDirectory)).toEqual([]);
    for (const { submits } of whole.sandbox.providers) expect(submits).toEqual([]);
  });

  it('checks everything else if the token and all keys are wrong', async () => {
    const { code, lines } = await doctor({
      DISCORD_TOKEN: 'MTU3.wrong.canary-token',
      ...forAll('API_KEY', 'sk-wrong-canary-key'),
    });
    expect(code).toBe(1);
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([
      'FAIL  Discord token: Discord refuses the token: look at DISCORD_TOKEN',
      'skip  commands and servers: fix the token first',
      'skip  way out: HTTPS_PROXY is not set: everything is called directly',
      ...kinds.map(
        (kind) =>
          `FAIL  account ${kind} (${kind}): the key was refused (401): look at PROVIDER_${kind.toUpperCase()}_API_KEY`,
      ),
      'warn  alerts: nobody is told if something breaks: set ALERT_WEBHOOK_URL or OPERATOR_IDS',
      'skip  public address: PUBLIC_URL is not set',
    ]);
  });

  it('names the variables that fix accounts, and accepts them', async () => {
    const { PROVIDER_MJPROXY_BASE_URL: url = '' } = whole.sandbox.environment;
    const wrong = {
      PROVIDERS: 'own=mjproxy,yutoai,aigc2d',
      PROVIDER_OWN_API_KEY: whole.sandbox.environment['PROVIDER_MJPROXY_API_KEY'] ?? '',
      PROVIDER_OWN_BASE_URL: `${url}/mj`,
      PROVIDER_OWN_AUTH: 'bearer',
      PROVIDER_OWN_PATH_PREFIX: '/fats',
      PROVIDER_YUTOAI_PATH_PREFIX: '/fats',
      PROVIDER_AIGC2D_ROUTES: 'balance=/nowhere,task=/nowhere/{id}',
    };
    const { code, lines } = await doctor(wrong);
    expect(code).toBe(1);
    const faults = lines.filter((line) => line.startsWith('FAIL'));
    expect(faults.map((line) => line.replace(/^FAIL {2}(account \w+) .*; it works with/, '$1'))).toEqual([
      `account own PROVIDER_OWN_BASE_URL=${url} and PROVIDER_OWN_AUTH=mj-api-secret and PROVIDER_OWN_PATH_PREFIX= (empty)`,
      'account yutoai PROVIDER_YUTOAI_PATH_PREFIX= (empty)',
      expect.stringContaining('PROVIDER_AIGC2D_ROUTES to its paths'),
    ]);
    const right = faults.flatMap((line) => [...line.matchAll(/(PROVIDER_\w+)=(\S*)/g)]);
    const cured = Object.fromEntries(right.map(([, name = '', value = '']) => [name, value]));
    const again = await doctor({ ...wrong, ...cured, PROVIDER_AIGC2D_ROUTES: 'balance=/nowhere' });
    expect(again.lines.filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(again.code).toBe(0);
  });

  it('says what Discord and the accounts lack', async () => {
    const { discord, environment } = whole.sandbox;
    const { guild } = discord.world;
    for (const role of guild.roles.slice(0, 1)) role.permissions &= ~PermissionFlagsBits.AttachFiles;
    const [imagine] = commands;
    if (imagine !== undefined) await register(whole.sandbox, {}, [imagine]);
    const { code, lines } = await doctor({
      ALLOWED_GUILDS: `${guild.id},123456789012345678`,
      PROVIDERS: '4allapi,mjproxy,acedata,yutoai',
      PROVIDER_4ALLAPI_BASE_URL: `${environment['PROVIDER_4ALLAPI_BASE_URL']}/v1`,
      PROVIDER_MJPROXY_BASE_URL: 'https://nowhere.invalid',
      PROVIDER_ACEDATA_BASE_URL: 'http://127.0.0.1:9',
      PROVIDER_YUTOAI_BASE_URL: 'http://127.0.0.1:9',
      TRUSTED_HOSTS: `${environment['TRUSTED_HOSTS']},127.0.0.1:9`,
    });
    expect(code).toBe(1);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^FAIL {2}commands: not registered in all servers: .*blend.*npm run deploy$/),
        expect.stringMatching(/^FAIL {2}server 123456789012345678: the bot is not in this server/),
        `FAIL  server ${guild.id}: in The Sandbox the bot's roles lack Attach Files`,
        expect.stringMatching(/^warn {2}account 4allapi .* with any prefix before \/mj\//),
        expect.stringMatching(/^FAIL {2}account mjproxy .*\(E[A-Z_]+\): look at PROVIDER_MJPROXY_BASE_URL$/),
        expect.stringMatching(/^FAIL {2}account acedata .*nobody listens there \(ECONNREFUSED\)/),
      ]),
    );
  });

  it('says which way each connection goes, and what to do about a proxy that wants a password', async () => {
    const proxy = createServer().on('connect', (_request, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const { lines } = await doctor({
      PROVIDERS: 'apixo,aigc2d,spare=4allapi',
      PROVIDER_SPARE_API_KEY: 'sk-spare',
      PROVIDER_AIGC2D_BASE_URL: 'https://aigc2d.example.org',
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: '127.0.0.1',
    }).finally(() => proxy.close());
    expect(lines.find((line) => line.includes('way out'))).toMatch(
      new RegExp(
        `^ok {4}way out: through 127\\.0\\.0\\.1:${port} to account aigc2d \\(aigc2d\\.example\\.org\\), ` +
          'account spare \\(api\\.4allapi\\.com\\); directly to Discord \\(127.*\\), account apixo \\(127.*\\)$',
      ),
    );
    for (const account of ['aigc2d (aigc2d)', 'spare (4allapi)'])
      expect(lines).toContain(
        `FAIL  account ${account}: the proxy asks for a name and a password: look at HTTPS_PROXY (PROXY_407)`,
      );
  });

  it('names a broken ledger, even while the bot has it open', async () => {
    const { dataDirectory } = whole.sandbox;
    const unlock = lockDirectory(dataDirectory);
    const database = await openDatabase(dataDirectory);
    const task = aTask();
    await database.tasks.insert(task);
    chmodSync(dataDirectory, 0o750);
    const { code, lines } = await doctor({ PROVIDERS: 'apixo' });
    await database.close();
    unlock();
    expect(lines).toContain(`FAIL  ledger: tasks without exactly one charge: ${task.id}`);
    const storage = lines.find((line) => line.includes('storage:'));
    expect(storage).toMatch(/^warn .*the bot is running.*others on this machine can read it/);
    expect(code).toBe(1);
  });

  it('fails if anybody could spend without a limit, and shows what the operator has set', async () => {
    const open = { PROVIDERS: 'aigc2d', ALLOWED_GUILDS: '*' };
    const { code, lines } = await doctor({ ...open, PROVIDER_AIGC2D_PRICES: 'upscale=15,variation=60' });
    expect(lines).toContain(
      'FAIL  server budget: ALLOWED_GUILDS=* lets everybody who adds the bot spend without a limit: set SERVER_BUDGET_POINTS',
    );
    expect(lines).toContain(
      'ok    prices of aigc2d (aigc2d): 100: imagine, blend; 50: describe; 15: upscale; 60: vary; omni-reference 200 %; hd 163 %',
    );
    expect(code).toBe(1);
    const limited = await doctor({ ...open, SERVER_BUDGET_POINTS: '5000' });
    expect(limited.lines).toContain('ok    server budget: a server may spend 5,000 points a month');
    expect(limited.code).toBe(0);
  });

  it('names every problem of the configuration, and checks nothing else', async () => {
    const { code, lines } = await doctor({ DISCORD_TOKEN: '', PROVIDERS: '4allapi,other=nothing' });
    expect(lines).toEqual([
      'FAIL  configuration: DISCORD_TOKEN: is required',
      expect.stringMatching(/^FAIL {2}configuration: PROVIDERS: the kind of entry 2 is unknown/),
      'skip  everything else: fix the configuration first',
    ]);
    expect(code).toBe(1);
    expect(whole.sandbox.discord.requests.filter(({ method }) => method === 'GET')).toEqual([]);
  });
});
