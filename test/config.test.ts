import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, readDeployConfig, secretsOf, variablesOf } from '../src/config.ts';
import { mjProxyGateways } from '../src/providers/mj-proxy/gateways.ts';
import { speeds } from '../src/task.ts';

const least = {
  DISCORD_TOKEN: 'discord-canary',
  ALLOWED_GUILDS: '123456789012345678',
  PROVIDERS: 'main=4allapi',
  PROVIDER_MAIN_API_KEY: 'key-canary',
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('keeps the address of a webhook secret, with its query', () => {
    const url =
      'https://discord.com/api/webhooks/123456789012345678/a-token-that-nobody-may-see?thread_id=12';
    const config = readConfig({ ...least, ALERT_WEBHOOK_URL: url });
    expect(config.alertWebhookUrl).toBe(url);
    expect(secretsOf(config)).toContain('a-token-that-nobody-may-see');
    expect(secretsOf(config)).not.toContain('123456789012345678');
    expect(readConfig(least).alertWebhookUrl).toBeUndefined();
    for (const wrong of [
      'a webhook',
      'ftp://x.example/',
      'https://me:secret@x.example/',
      'https://x.example/#a',
    ])
      expect(problemsOf({ ...least, ALERT_WEBHOOK_URL: wrong })).toEqual([
        'ALERT_WEBHOOK_URL: must be an http or https address without user name or fragment',
      ]);
  });

  it('has limits for an account, in the time zone of the process', () => {
    const config = readConfig({
      ...least,
      PROVIDER_MAIN_DAILY_POINTS: '5000',
      PROVIDER_MAIN_HOURS: '8:00-22:30',
    });
    expect(config.providers[0]).toMatchObject({
      dailyPoints: 5_000,
      hours: { from: 480, to: 1_350, text: '08:00-22:30' },
    });
    expect(config.timeZone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(
      problemsOf({ ...least, PROVIDER_MAIN_DAILY_POINTS: '0', PROVIDER_MAIN_HOURS: 'in the morning' }),
    ).toEqual([
      'PROVIDER_MAIN_DAILY_POINTS: must be a whole number, 1 or more, not 0',
      'PROVIDER_MAIN_HOURS: must be two times of day, as in 08:00-22:00, or 22:00-06:00 for the night',
    ]);
  });

  it('needs four variables and has defaults for the rest', () => {
    expect(readConfig(least)).toMatchObject({
      discord: { token: 'discord-canary', apiUrl: 'https://discord.com/api', guildId: undefined },
      providers: [{ name: 'main', kind: '4allapi', apiKey: 'key-canary', baseUrl: undefined }],
      dataDirectory: './data',
      admin: { host: '127.0.0.1', port: 8788 },
      callbacks: undefined,
      logLevel: 'info',
    });
  });

  it('reports every problem at once, and never a value', () => {
    const problems = problemsOf({
      DISCORD_TOKEN: '',
      ALLOWED_GUILDS: 'hunter2',
      PROVIDERS: 'main=4allapi,spare=nonsense',
      PROVIDER_MAIN_BASE_URL: 'ftp://hunter2',
      ADMIN_PORT: 'hunter2',
      LOG_LEVEL: 'hunter2',
      POLL_MIN_MS: '900',
      POLL_MAX_MS: '800',
    });
    const names = [
      'DISCORD_TOKEN',
      'ALLOWED_GUILDS',
      'PROVIDERS',
      'PROVIDER_MAIN_API_KEY',
      'PROVIDER_MAIN_BASE_URL',
    ];
    for (const name of [...names, 'ADMIN_PORT', 'LOG_LEVEL', 'POLL_MAX_MS']) {
      expect(problems.filter((problem) => problem.startsWith(`${name}:`))).toHaveLength(1);
    }
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  /** Both edges of every range. */
  it.each<[string, string, boolean]>([
    ['DISCORD_GUILD_ID', '1'.repeat(16), false],
    ['DISCORD_GUILD_ID', '1'.repeat(17), true],
    ['DISCORD_GUILD_ID', '1'.repeat(20), true],
    ['DISCORD_GUILD_ID', '1'.repeat(21), false],
    ['OPERATOR_IDS', `${'1'.repeat(17)},${'2'.repeat(20)}`, true],
    ['OPERATOR_IDS', `${'1'.repeat(17)},${'2'.repeat(21)}`, false],
    ['ADMIN_PORT', '-1', false],
    ['ADMIN_PORT', '0', true],
    ['ADMIN_PORT', '65535', true],
    ['ADMIN_PORT', '65536', false],
    ['HTTP_PORT', '0', false],
    ['HTTP_PORT', '1', true],
    ['HTTP_PORT', '65535', true],
    ['HTTP_PORT', '65536', false],
    ['SERVER_BUDGET_POINTS', '-1', false],
    ['SERVER_BUDGET_POINTS', '0', true],
    ['SERVER_BUDGET_POINTS', '0.5', false],
    ['PICTURE_DAYS', '0', true],
    ['POLL_MIN_MS', '0', false],
    ['POLL_MIN_MS', '1', true],
    ['TASK_TIMEOUT_MS', '0', false],
    ['TASK_TIMEOUT_MS', '1', true],
    ['LOST_AFTER_MS', '0', false],
    ['LOST_AFTER_MS', '1', true],
    ['PROVIDER_MAIN_MAX_IN_FLIGHT', '0', false],
    ['PROVIDER_MAIN_MAX_IN_FLIGHT', '1', true],
    ['PROVIDERS', `${'a'.repeat(32)}=4allapi`, true],
    ['PROVIDERS', `${'a'.repeat(33)}=4allapi`, false],
    ['PROVIDER_MAIN_API_KEY', '~!', true],
    ['PROVIDER_MAIN_API_KEY', 'a key', false],
    ['PROVIDER_MAIN_API_KEY', 'k\u00e9y', false],
    ['DISCORD_TOKEN', 'to\u200bken', false],
    ['DISCORD_TOKEN', '\ufffd\ufffdt\0o\0k\0e\0n\0', false],
    ['DISCORD_TOKEN', 'Bot to.ke.n', false],
    ['PROVIDER_MAIN_PATH_PREFIX', 'fast', false],
    ['PROVIDER_MAIN_PATH_PREFIX', '/fast/slow?x', false],
    ['PROVIDER_MAIN_PATH_PREFIX', 'fast=', true],
    ['LOG_LEVEL', 'Debug', true],
    ['ALLOW_DIRECT', 'ON', true],
    ['ALLOW_DIRECT', 'yes', false],
    ['PROVIDER_MAIN_AUTH', 'Bearer', true],
    ['PROVIDER_MAIN_API_GENERATION', 'Seed', true],
    ['PROVIDER_MAIN_TRANSLATION', 'Off', true],
    ['PROVIDER_MAIN_TRANSLATION', 'en', false],
    ['PROVIDER_MAIN_WATERMARK', '© Our Club', true],
    ['PROVIDER_MAIN_WATERMARK', 'x'.repeat(101), false],
    ['PROVIDER_MAIN_WATERMARK', 'two\nlines', false],
  ])('%s=%s is taken: %s', (name, value, isTaken) => {
    const keyOfLongName = { [`PROVIDER_${'A'.repeat(32)}_API_KEY`]: 'key' };
    const problems = problemsOf({ ...least, ...keyOfLongName, [name]: value });
    expect(problems.filter((problem) => problem.startsWith(`${name}:`))).toHaveLength(isTaken ? 0 : 1);
  });

  it.each([
    ['800', '800', true],
    ['800', '801', true],
    ['801', '800', false],
  ])('accepts looks %s to %s ms apart: %s', (shortest, longest, isTaken) => {
    const problems = problemsOf({ ...least, POLL_MIN_MS: shortest, POLL_MAX_MS: longest });
    expect(problems).toHaveLength(isTaken ? 0 : 1);
  });

  it.each([
    'https://host.example/?',
    'https://host.example/#',
    'https://host.example/?key=1',
    'https://:pw@host.example',
  ])('refuses %s as a base URL', (url) => {
    expect(problemsOf({ ...least, PROVIDER_MAIN_BASE_URL: url })).toEqual([
      'PROVIDER_MAIN_BASE_URL: must be an http or https address without user name, query or fragment',
    ]);
  });

  it('reports a value in quotes, which some ways of setting one keep', () => {
    expect(problemsOf({ ...least, PROVIDER_MAIN_API_KEY: '"hunter2"', LOG_LEVEL: "'info'" })).toEqual([
      'PROVIDER_MAIN_API_KEY: must not be in quotes',
      'LOG_LEVEL: must not be in quotes',
      expect.stringMatching(/^LOG_LEVEL: must be one of .*; "'info'" is not, did you mean info\?$/),
    ]);
  });

  it('takes the values of a file that was made on Windows', () => {
    const values = { ...least, HTTP_PORT: '9000', DATA_DIR: '/my data', PUBLIC_URL: '' };
    const lines = Object.entries(values).map(([name, value]) => [name, `${value}\r`] as const);
    const made = Object.fromEntries(
      lines.map(([name, value], at) => [at === 0 ? `\ufeff${name}` : name, value]),
    );
    const text = `\ufeff${lines.map((line) => line.join('=')).join('\n')}`;
    expect(made).toHaveProperty('\ufeffDISCORD_TOKEN', 'discord-canary\r');
    const config = readConfig(made);
    expect(config).toMatchObject({ discord: { token: 'discord-canary' }, dataDirectory: '/my data' });
    expect(readConfig(parseEnv(text) as Record<string, string>)).toEqual(config);
  });

  it.each<[what: string, name: string, value: string, problem: string]>([
    ['a word before a key', 'PROVIDER_MAIN_API_KEY', 'bearer sk-1', 'must be what comes after "Bearer "'],
    ['a word before a token', 'DISCORD_TOKEN', 'Bot to.ke.n', 'must be what comes after "Bot "'],
    ['a blank in a key', 'PROVIDER_MAIN_API_KEY', 'sk-1 2', 'must not have blanks in it: copy it again'],
    ['a sign that cannot be seen', 'DISCORD_TOKEN', 'to\u200bken', 'characters in it that no keyboard types'],
    ['a slip', 'LOG_LEVEL', 'degub', 'silent; "degub" is not, did you mean debug?'],
    ['a slip in a kind', 'PROVIDERS', 'main=4alapi', 'aigc2d; did you mean 4allapi?'],
    ['a number', 'ADMIN_PORT', '87888', 'must be a port number, not 87888'],
    ['one id of several', 'OPERATOR_IDS', `${'1'.repeat(17)},12345`, '(17 to 20 digits), not 12345'],
    [
      'the whole address of a call',
      'PROVIDER_MAIN_BASE_URL',
      'https://api.example/mj/submit/imagine',
      'must end before /mj/',
    ],
  ])('says what is wrong with %s', (_what, name, value, problem) => {
    expect(problemsOf({ ...least, [name]: value })).toEqual([expect.stringContaining(problem)]);
    expect(problemsOf({ ...least, [name]: value })[0]).toMatch(new RegExp(`^${name}: `));
  });

  it.each([
    'https://api.example/mj',
    'https://api.example/mj/',
    'https://mj.example',
    'https://api.example/mj/tasks',
  ])('takes %s as an address, since an API may be there', (url) =>
    expect(problemsOf({ ...least, PROVIDER_MAIN_BASE_URL: url })).toEqual([]),
  );

  it('guesses which variable was meant by one that is misspelled', () => {
    const { DISCORD_TOKEN, PROVIDER_MAIN_API_KEY, ...others } = least;
    expect(problemsOf({ ...others, DISCORD_TOKN: DISCORD_TOKEN, PROVIDER_MAIN_API_KYE: 'hunter2' })).toEqual([
      'DISCORD_TOKEN: is required; DISCORD_TOKN is set: is it meant?',
      'PROVIDER_MAIN_API_KEY: is required; PROVIDER_MAIN_API_KYE is set: is it meant?',
    ]);
    expect(problemsOf({ ...least, ALLOWED_GUILDS: '', ALLOWED_GUILD: '1' })).toEqual([
      'ALLOWED_GUILDS: is required; ALLOWED_GUILD is set: is it meant?',
    ]);
  });

  it('names variables that it does not know, but starts', () => {
    const unknown = {
      RETENTION_DAY: '3',
      PROVIDER_SPARE_API_KEY: 'x',
      PROVIDER_MAIN_PRICE: 'imagine=1',
      DISCORD_CLIENT_ID: '1',
    };
    expect(readConfig({ ...least, ...unknown }).doubts).toEqual([
      'RETENTION_DAY is not a variable of this bot: did you mean RETENTION_DAYS?',
      'PROVIDER_SPARE_API_KEY is ignored: no account in PROVIDERS has such a variable',
      'PROVIDER_MAIN_PRICE is not a variable of this bot: did you mean PROVIDER_MAIN_PRICES?',
      'DISCORD_CLIENT_ID is ignored: this bot has no such variable',
    ]);
  });

  it.each([
    {
      PATH: '/bin',
      HOME: '/root',
      PORT: '80',
      HTTP_COOKIE: 'x',
      npm_config_cache: 'x',
      PWD: '/',
      TERM: 'xterm',
    },
    {
      RELAY_SERVICE_HOST: '10.0.0.1',
      RELAY_PORT: 'tcp://10.0.0.1',
      DATABASE_URL: 'x',
      LOGNAME: 'me',
      NO_COLOR: '1',
    },
    {
      https_proxy: '',
      DISCORD_TOKN: '',
      PROVIDER_SKCANARY0123456789_API_KEY: 'x',
      'PROVIDER_sk-canary_API_KEY': 'x',
    },
    { FTP_PROXY: 'x', ALL_PROXY: 'x', RSYNC_PROXY: 'x', WS_PROXY: 'x', WSS_PROXY: 'x', HTTPS_PORT: '443' },
    { DISCORD_GUILD_ID_FILE: '', PROVIDER_MAIN_BASE_URL: 'https://api.example' },
  ])('has no doubts about %o', (variables) => {
    expect(readConfig({ ...least, ...variables }).doubts).toEqual([]);
  });

  it('registers the commands only at a first start, unless that is set', () => {
    const read = (value: string) => readConfig({ ...least, REGISTER_ON_START: value }).registerOnStart;
    expect(['', 'on', 'off'].map(read)).toEqual([undefined, true, false]);
  });

  it('takes an empty variable for one that is not set', () => {
    const file = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const names = [...file.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gmu)].map(([, name = '']) => name);
    for (const value of ['', ' ', '\r'])
      expect(readConfig({ ...least, ...Object.fromEntries(names.map((name) => [name, value])) })).toEqual(
        readConfig(least),
      );
  });

  it('takes every variable of the example, as it stands there', () => {
    const file = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const example = parseEnv(file.replaceAll(/^# (?=[A-Z][A-Z0-9_]+=\S)/gmu, ''));
    expect(problemsOf({ ...(example as Record<string, string>), ...least })).toEqual([]);
  });

  it.each([
    ['https://relay.example.org/', 'https://relay.example.org'],
    ['HTTPS://Relay.Example.org:443/Bot/', 'https://relay.example.org/Bot'],
    ['https://relay.example.org/a b', 'https://relay.example.org/a%20b'],
    ['http://[FD00:0::1]:80', 'http://[fd00::1]'],
  ])('spells %s as it is called: %s', (written, called) => {
    const { callbacks, providers } = readConfig({
      ...least,
      PUBLIC_URL: written,
      PROVIDER_MAIN_BASE_URL: written,
    });
    expect([callbacks?.publicUrl, providers[0]?.baseUrl]).toEqual([called, called]);
  });

  it.each([
    ['/fast', '/fast'],
    ['/fast/', '/fast'],
    ['fast=/mj-fast/, relax=', { fast: '/mj-fast', relax: '' }],
  ])('puts %s before each path', (written, prefix) => {
    const [provider] = readConfig({ ...least, PROVIDER_MAIN_PATH_PREFIX: written }).providers;
    expect(provider?.pathPrefix).toEqual(prefix);
  });

  it('knows trusted hosts in every spelling', () => {
    const names = '[fd00:0:0::1]:8080,API.Example.org,10.0.0.5:80';
    expect([...readConfig({ ...least, TRUSTED_HOSTS: names }).trustedHosts]).toEqual([
      '[fd00::1]:8080',
      'api.example.org',
      '10.0.0.5:80',
    ]);
  });

  describe('the proxy', () => {
    const proxiesOf = (variables: Record<string, string>) => readConfig({ ...least, ...variables }).proxies;

    it.each([
      [
        { HTTPS_PROXY: 'http://proxy.example:3128' },
        { https: 'http://proxy.example:3128', http: '', except: '' },
      ],
      [{ https_proxy: 'proxy.example:3128' }, { https: 'http://proxy.example:3128', http: '', except: '' }],
      [
        { HTTP_PROXY: 'http://one:1', HTTPS_PROXY: 'https://two:2', NO_PROXY: 'localhost,.lan' },
        { https: 'https://two:2', http: 'http://one:1', except: 'localhost,.lan' },
      ],
      [{ HTTP_PROXY: 'http://one:1' }, { https: 'http://one:1', http: 'http://one:1', except: '' }],
      [{ NO_PROXY: '*' }, undefined],
      [{}, undefined],
    ])('is read from %j', (variables, proxies) => {
      expect(proxiesOf(variables as Record<string, string>)).toEqual(proxies);
    });

    it.each(['socks5://proxy:1080', 'http://proxy:3128/path', 'http://a:%zz@proxy:3128', 'http://'])(
      "can't be %s",
      (url) => {
        expect(problemsOf({ ...least, HTTPS_PROXY: url })).toEqual([
          'HTTPS_PROXY: must be an http or https address, as in http://proxy.example.org:3128',
        ]);
      },
    );

    it('has a password that is hidden in any spelling', () => {
      const config = readConfig({ ...least, HTTPS_PROXY: 'http://user:p%2Fword@proxy:3128' });
      const secrets = ['p%2Fword', 'p/word', Buffer.from('user:p/word').toString('base64')];
      expect(secretsOf(config)).toEqual(expect.arrayContaining(secrets));
    });
  });

  it('refunds ten cancels a day, or the number that is set', () => {
    expect(readConfig(least).refundedCancels).toBe(10);
    expect(readConfig({ ...least, REFUNDED_CANCELS: '0' }).refundedCancels).toBe(0);
    for (const value of ['-1', '1.5', 'many'])
      expect(problemsOf({ ...least, REFUNDED_CANCELS: value })).toEqual([
        expect.stringMatching(/^REFUNDED_CANCELS: must be /),
      ]);
  });

  it.each(['0', '-1', '1.5', 'forever', '999999'])('refuses to keep prompts for %s days', (days) => {
    const problems = problemsOf({ ...least, RETENTION_DAYS: days });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith('RETENTION_DAYS: must be'))).toBe(true);
  });

  it('keeps prompts for a year, or for the number of days that is set', () => {
    expect(readConfig(least).retentionDays).toBe(365);
    expect(readConfig({ ...least, RETENTION_DAYS: '1' }).retentionDays).toBe(1);
  });

  it('accepts callbacks only if it has a public address', () => {
    expect(readConfig({ ...least, HTTP_PORT: '9000' }).callbacks).toBeUndefined();
    const whole = { ...least, PUBLIC_URL: 'https://relay.example.org/bot/', HTTP_HOST: '0.0.0.0' };
    expect(readConfig(whole).callbacks).toEqual({
      publicUrl: 'https://relay.example.org/bot',
      host: '0.0.0.0',
      port: 8787,
    });
    expect(problemsOf({ ...least, PUBLIC_URL: 'relay.example.org', HTTP_PORT: '0' })).toEqual([
      'PUBLIC_URL: must be an http or https address without user name, query or fragment',
      'HTTP_PORT: must be a port number, not 0',
    ]);
  });

  it('reads a secret from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'relay-config-')), 'token');
    writeFileSync(file, 'from-a-file\n');
    const { DISCORD_TOKEN: _, ...rest } = least;
    expect(readConfig({ ...rest, DISCORD_TOKEN_FILE: file }).discord.token).toBe('from-a-file');
    expect(problemsOf({ ...rest, DISCORD_TOKEN_FILE: '/nowhere' })).toEqual([
      'DISCORD_TOKEN_FILE: cannot be read (ENOENT)',
    ]);
    expect(problemsOf({ ...least, DISCORD_TOKEN_FILE: file })[0]).toContain('not both');
  });

  it('uses a kind alone as its name, and accepts names in any case with dashes', () => {
    const environment = {
      ...least,
      PROVIDERS: '4allapi, Spare-Two=4allapi',
      PROVIDER_4ALLAPI_API_KEY: 'a',
      PROVIDER_SPARE_TWO_API_KEY: 'b',
    };
    expect(readConfig(environment).providers.map(({ name, apiKey }) => [name, apiKey])).toEqual([
      ['4allapi', 'a'],
      ['spare-two', 'b'],
    ]);
  });

  it('refuses two accounts with the same name', () => {
    expect(problemsOf({ ...least, PROVIDERS: 'main=4allapi,main=4allapi' })).toEqual([
      'PROVIDERS: the name of entry 2 is that of an earlier entry',
    ]);
  });

  it.each([
    ['in place of the accounts', { PROVIDERS: 'sk-Canary0123456789abcdefCANARY' }],
    ['as the name of an account', { PROVIDERS: 'sk-canary0123456789=4allapi' }],
    ['as a long name of an account', { PROVIDERS: 'canary0123456789abcdef=4allapi' }],
    ['as the name of two accounts', { PROVIDERS: 'sk-canary01=4allapi,sk-canary01=4allapi' }],
    ['as the kind of an account', { PROVIDERS: 'main=sk-canary0123456789' }],
    ['after the kind', { PROVIDERS: 'main=4allapi=sk-canary0123456789', PROVIDER_MAIN_API_KEY: '' }],
    ['in the name of a variable', { 'PROVIDER_sk-CANARY01_API_KEY': 'x', PROVIDER_MAIN_API_KEY: '' }],
    ['as the path of a file', { PROVIDER_MAIN_API_KEY: '', PROVIDER_MAIN_API_KEY_FILE: '/sk-canary01' }],
    [
      'as a path that no file can have',
      { DISCORD_TOKEN: '', DISCORD_TOKEN_FILE: `canary\0${'x'.repeat(5_000)}` },
    ],
    ['in the query of an address', { PROVIDER_MAIN_BASE_URL: 'https://api.example/?key=sk-canary01' }],
    ['as the user of an address', { PROVIDER_MAIN_BASE_URL: 'https://sk-canary01@api.example' }],
    ['in a malformed address', { PUBLIC_URL: 'sk-canary01.example' }],
    ['as the password of a malformed proxy', { HTTPS_PROXY: 'http://me:sk-canary01@proxy/path' }],
  ])('prints no key %s', (_where, variables) => {
    const problems = problemsOf({ ...least, ...(variables as Record<string, string>) });
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).not.toMatch(/canary/i);
  });

  it('never prints the value of any variable', () => {
    const file = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const names = [...file.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gmu)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(30);
    for (const value of [
      'sk-CANARY0123456789',
      '-CANARY',
      'https://x/?CANARY',
      'a=CANARY,b=CANARY',
      '"CANARY"',
    ])
      for (const name of [...names, ...names.map((one) => `${one}_FILE`)])
        expect(problemsOf({ ...least, [name]: value }).join('\n')).not.toMatch(/canary/iu);
  });

  it.each(['main', 'my-second-account', '4allapi', 'spare-2', 'midjourney-proxy-1', 'eu-west-gateway-2026'])(
    'accepts %s as the name of an account',
    (name) => {
      const variables = { PROVIDERS: `${name}=4allapi`, [`${variablesOf(name)}API_KEY`]: 'x' };
      expect(readConfig({ ...least, ...variables }).providers[0]?.name).toBe(name);
    },
  );

  it('allows every server with a star', () => {
    expect(readConfig({ ...least, ALLOWED_GUILDS: '*' }).discord.allowedGuilds).toBe('*');
  });
});

describe('PROVIDER_<NAME>_ROUTES', () => {
  const aigc2d = { ...least, PROVIDERS: 'main=aigc2d' };
  const routesOf = (text: string) =>
    readConfig({ ...aigc2d, PROVIDER_MAIN_ROUTES: text }).providers[0]?.routes;

  it('is absent unless set', () => {
    expect(readConfig(aigc2d).providers[0]?.routes).toBeUndefined();
  });

  it('sets paths, the spelling of fields and the callback field, in any order', () => {
    expect(
      routesOf('fields=snake, imagine=/v1/imagine, task=/v1/task?task_id={id}, callback=hook_url'),
    ).toEqual({
      fields: 'snake',
      callback: 'hook_url',
      paths: { imagine: '/v1/imagine', task: '/v1/task?task_id={id}' },
    });
  });

  it.each([
    ['hunter2', /^PROVIDER_MAIN_ROUTES: each part must be one of imagine, upscale, /],
    ['fields=kebab', /fields must be camel or snake$/],
    ['callback=hunter2!', /callback must be the name of a field$/],
    ['imagine=hunter2', /imagine must be a path that begins with \//],
    ['task=/hunter2', /task must hold \{id\}/],
    ['blend=/hunter2/{id}', /blend must not hold \{id\}/],
    ['blend=/a,blend=/hunter2', /names blend twice$/],
  ])('refuses %s with one sentence, without its value', (text, sentence) => {
    const problems = problemsOf({ ...aigc2d, PROVIDER_MAIN_ROUTES: text });
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems[0]).not.toContain('hunter2');
  });

  it('reports all its problems at once', () => {
    expect(problemsOf({ ...aigc2d, PROVIDER_MAIN_ROUTES: 'fields=x,imagine=x,task=/x' })).toHaveLength(3);
  });
});

describe('PROVIDER_<NAME>_FILTER', () => {
  const filterOf = (text: string, kind = '4allapi') =>
    readConfig({ ...least, PROVIDERS: `main=${kind}`, PROVIDER_MAIN_FILTER: text }).providers[0]?.filter;

  it('is absent unless set', () => {
    expect(readConfig(least).providers[0]?.filter).toBeUndefined();
  });

  it.each([
    ['channelId=1118138338562560102', { accountFilter: { channelId: '1118138338562560102' } }],
    [
      ' instanceId = a=b , remark=for the bot, remix=on,nijiRemix=off,remixAutoConsidered=off',
      {
        accountFilter: {
          instanceId: 'a=b',
          remark: 'for the bot',
          remix: true,
          nijiRemix: false,
          remixAutoConsidered: false,
        },
      },
    ],
    ['chooseSameChannel=on', { accountFilter: {}, chooseSameChannel: true }],
    ['modes=off,chooseSameChannel=off', { accountFilter: {}, modes: false, chooseSameChannel: false }],
  ])('reads %s', (text, filter) => {
    expect(filterOf(text)).toEqual(filter);
  });

  it.each([
    ['hunter2', /^PROVIDER_MAIN_FILTER: each part must be one of channelId, instanceId, /],
    ['hunter2=on', /each part must be one of /],
    ['__proto__=hunter2', /each part must be one of /],
    ['remix=hunter2', /remix must be on or off$/],
    ['remix', /remix must be on or off$/],
    ['remark=', /remark must not be empty: leave it out instead$/],
    [`remark=${'hunter2'.repeat(20)}`, /remark must have at most 100 characters$/],
    ['remark=a,remark=hunter2', /names remark twice$/],
  ])('refuses %s with one sentence, without its value', (text, sentence) => {
    const problems = problemsOf({ ...least, PROVIDER_MAIN_FILTER: text });
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems[0]).not.toContain('hunter2');
  });

  it.each(['acedata', 'apixo', 'aigc2d'])('is a mistake at %s, which has no such thing', (kind) => {
    const changes = {
      PROVIDERS: `main=${kind}`,
      PROVIDER_MAIN_FILTER: 'remix=on',
      PROVIDER_MAIN_SPEEDS: 'fast',
    };
    expect(problemsOf({ ...least, ...changes })).toEqual([
      `PROVIDER_MAIN_SPEEDS: is only for 4allapi, yutoai, mjproxy, not for ${kind}`,
      `PROVIDER_MAIN_FILTER: is only for 4allapi, yutoai, mjproxy, not for ${kind}`,
    ]);
  });
});

describe('PROVIDER_<NAME>_UPLOADS', () => {
  it.each([
    [undefined, false],
    ['off', false],
    ['ON', true],
  ])('is %s', (value, uploads) => {
    const set = value === undefined ? {} : { PROVIDER_MAIN_UPLOADS: value };
    expect(readConfig({ ...least, ...set }).providers[0]?.uploads).toBe(uploads);
  });

  it('is on or off, and only for kinds that have it', () => {
    expect(problemsOf({ ...least, PROVIDER_MAIN_UPLOADS: 'hunter2' })).toEqual([
      'PROVIDER_MAIN_UPLOADS: must be on or off',
    ]);
    expect(problemsOf({ ...least, PROVIDERS: 'main=apixo', PROVIDER_MAIN_UPLOADS: 'on' })).toEqual([
      'PROVIDER_MAIN_UPLOADS: is only for 4allapi, yutoai, mjproxy, not for apixo',
    ]);
  });
});

describe('PROVIDER_<NAME>_SPEEDS', () => {
  const yutoai = { ...least, PROVIDERS: 'main=yutoai', PROVIDER_MAIN_BASE_URL: 'https://yutoai.example' };
  const speedsOf = (changes: Record<string, string>) =>
    readConfig({ ...least, ...changes }).providers[0]?.speeds;

  it('lists the speeds of an account', () => {
    expect(speedsOf({})).toBeUndefined();
    expect(speedsOf({ PROVIDER_MAIN_SPEEDS: 'Turbo, fast' })).toEqual(['fast', 'turbo']);
    expect(speedsOf({ ...yutoai, PROVIDER_MAIN_SPEEDS: 'fast' })).toEqual(['fast']);
    expect(
      speedsOf({ ...yutoai, PROVIDER_MAIN_SPEEDS: 'turbo', PROVIDER_MAIN_PATH_PREFIX: 'turbo=/turbo' }),
    ).toEqual(['turbo']);
    expect(
      speedsOf({ ...yutoai, PROVIDER_MAIN_SPEEDS: 'turbo', PROVIDER_MAIN_PATH_PREFIX: '/mj-turbo' }),
    ).toEqual(['turbo']);
  });

  it.each(['', 'hunter2', 'fast,hunter2', 'fast,fast'])('refuses "%s"', (text) => {
    const problems = problemsOf({ ...least, PROVIDER_MAIN_SPEEDS: text });
    const said = 'PROVIDER_MAIN_SPEEDS: must be one or more of relax, fast, turbo, separated by commas';
    expect(problems).toEqual(text === '' ? [] : [said]);
  });

  it('knows which kinds say the speed in their paths by themselves', () => {
    for (const kind of ['4allapi', 'yutoai', 'mjproxy'] as const) {
      const { pathPrefix } = mjProxyGateways[kind];
      const inPath: readonly string[] = typeof pathPrefix === 'string' ? speeds : Object.keys(pathPrefix);
      for (const speed of speeds) {
        const problems = problemsOf({ ...yutoai, PROVIDERS: `main=${kind}`, PROVIDER_MAIN_SPEEDS: speed });
        expect([kind, speed, problems.length]).toEqual([kind, speed, inPath.includes(speed) ? 0 : 1]);
      }
    }
  });

  it('refuses a speed without a path if the path says the speed', () => {
    const said = 'PROVIDER_MAIN_SPEEDS: turbo needs a path of its own in PROVIDER_MAIN_PATH_PREFIX';
    expect(problemsOf({ ...yutoai, PROVIDER_MAIN_SPEEDS: 'fast,turbo' })).toEqual([said]);
    const prefix = { PROVIDER_MAIN_PATH_PREFIX: 'fast=/mj-fast' };
    expect(problemsOf({ ...least, ...prefix, PROVIDER_MAIN_SPEEDS: 'turbo,fast' })).toEqual([said]);
  });
});

describe('PROVIDER_<NAME>_PRICES', () => {
  const two = { ...least, PROVIDERS: 'main=4allapi,spare-two=acedata', PROVIDER_SPARE_TWO_API_KEY: 'x' };

  it('belongs to one account', () => {
    const { providers } = readConfig({ ...two, PROVIDER_SPARE_TWO_PRICES: 'imagine=150,relax=50' });
    expect(providers.map(({ prices }) => prices)).toEqual([
      undefined,
      { points: { imagine: 150 }, percents: { relax: 50 } },
    ]);
  });

  it('reports its problems with the others', () => {
    const prices = { PROVIDER_MAIN_PRICES: 'imagine=-1', PROVIDER_SPARE_TWO_PRICES: 'magic=1,video=x' };
    expect(problemsOf({ ...two, ...prices, LOG_LEVEL: 'x' })).toEqual([
      expect.stringMatching(/^PROVIDER_MAIN_PRICES: imagine must be/),
      expect.stringMatching(/^PROVIDER_SPARE_TWO_PRICES: each part must be one of/),
      expect.stringMatching(/^PROVIDER_SPARE_TWO_PRICES: video must be/),
      expect.stringMatching(/^LOG_LEVEL: /),
    ]);
  });
});

describe("an account's pace", () => {
  const two = { ...least, PROVIDERS: 'main=apixo,spare=acedata', PROVIDER_SPARE_API_KEY: 'x' };
  const paceOf = (environment: Record<string, string>) =>
    readConfig({ ...two, ...environment }).providers.map(({ poll, taskTimeoutMs }) => ({
      ...poll,
      taskTimeoutMs,
    }));

  it('is its own, and for the rest that of all accounts', () => {
    const everybody = { POLL_FIRST_MS: '1', POLL_MIN_MS: '2', POLL_MAX_MS: '3', TASK_TIMEOUT_MS: '4' };
    const own = { PROVIDER_MAIN_POLL_FIRST_MS: '10', PROVIDER_MAIN_TASK_TIMEOUT_MS: '40' };
    expect(paceOf({ ...everybody, ...own, PROVIDER_MAIN_POLL_MAX_MS: '30' })).toEqual([
      { firstMs: 10, minMs: 2, maxMs: 30, taskTimeoutMs: 40 },
      { firstMs: 1, minMs: 2, maxMs: 3, taskTimeoutMs: 4 },
    ]);
    const none = { firstMs: undefined, minMs: undefined, maxMs: undefined, taskTimeoutMs: undefined };
    expect(paceOf({})).toEqual([none, none]);
  });

  it.each([
    [{ PROVIDER_MAIN_POLL_MIN_MS: '9', PROVIDER_MAIN_POLL_MAX_MS: '8' }, 'PROVIDER_MAIN_POLL_MAX_MS'],
    [{ PROVIDER_MAIN_POLL_MIN_MS: '9', POLL_MAX_MS: '8' }, 'POLL_MAX_MS'],
    [{ POLL_MIN_MS: '9', PROVIDER_MAIN_POLL_MAX_MS: '8' }, 'PROVIDER_MAIN_POLL_MAX_MS'],
    [{ PROVIDER_MAIN_POLL_FIRST_MS: '0' }, 'PROVIDER_MAIN_POLL_FIRST_MS'],
    [{ PROVIDER_MAIN_TASK_TIMEOUT_MS: 'x' }, 'PROVIDER_MAIN_TASK_TIMEOUT_MS'],
    [{ PROVIDER_MAIN_CALLBACKS: 'never' }, 'PROVIDER_MAIN_CALLBACKS'],
  ])('%j is reported as a problem of %s, once', (environment, name) => {
    expect(problemsOf({ ...two, ...environment })).toEqual([expect.stringMatching(`^${name}: `)]);
  });

  it.each([
    { PROVIDER_MAIN_POLL_MIN_MS: '8', PROVIDER_MAIN_POLL_MAX_MS: '8' },
    { POLL_MIN_MS: '5', POLL_MAX_MS: '6', PROVIDER_MAIN_POLL_MIN_MS: '6' },
  ])('%j is in order', (environment) => {
    expect(problemsOf({ ...two, ...environment })).toEqual([]);
  });

  it('may be without callbacks, by the account', () => {
    const { providers } = readConfig({ ...two, PROVIDER_MAIN_CALLBACKS: 'off' });
    expect(providers.map(({ takesCallbacks }) => takesCallbacks)).toEqual([false, true]);
  });
});

describe('PROVIDER_<NAME>_API_GENERATION', () => {
  it('is one of two values', () => {
    const apixo = { ...least, PROVIDERS: 'main=apixo' };
    const generationOf = (value: string) =>
      readConfig({ ...apixo, PROVIDER_MAIN_API_GENERATION: value }).providers[0]?.apiGeneration;
    expect(generationOf('seed')).toBe('seed');
    expect(problemsOf({ ...apixo, PROVIDER_MAIN_API_GENERATION: 'hunter2' })).toEqual([
      'PROVIDER_MAIN_API_GENERATION: must be one of seed, current',
    ]);
  });
});

describe('readDeployConfig', () => {
  it('needs no provider', () => {
    expect(readDeployConfig({ DISCORD_TOKEN: 'x', ALLOWED_GUILDS: '*' }).discord.token).toBe('x');
  });
});
