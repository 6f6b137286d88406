import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusedWith } from '../../sandbox/discord/index.ts';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { valuesOf } from '../../src/setup/env-file.ts';
import { aFolder } from '../helpers/folder.ts';

const program = fileURLToPath(new URL('../../setup.ts', import.meta.url));

let sandbox: Sandbox;
let folder: Awaited<ReturnType<typeof aFolder>>;
beforeEach(async () => {
  [sandbox, folder] = await Promise.all([createSandbox(), aFolder()]);
});
afterEach(async () => {
  await Promise.all([sandbox.close(), folder.remove()]);
  expect(sandbox.discord.violations).toEqual([]);
});

const file = () => join(folder.path, '.env');
const written = () => valuesOf(readFileSync(file(), 'utf8'));

/** What is no secret, and what leads to the stand-ins instead of the real ones. */
function surroundings(): Record<string, string> {
  const { DISCORD_API_URL = '', TRUSTED_HOSTS = '', PROVIDER_MAIN_BASE_URL = '' } = sandbox.environment;
  return { DISCORD_API_URL, TRUSTED_HOSTS, PROVIDER_MAIN_BASE_URL };
}

function secrets() {
  const { DISCORD_TOKEN: token = '', PROVIDER_MAIN_API_KEY: key = '' } = sandbox.environment;
  return { token, key };
}

/** Runs it with that typed, line by line, and nothing after it. */
async function setUp(
  typed: readonly string[],
  variables: Record<string, string> = {},
  options: string[] = [],
) {
  const [command = '', ...words] = [process.execPath, program, ...options];
  return run(command, words, variables, { atOnce: typed });
}

async function run(
  command: string,
  words: readonly string[],
  variables: Record<string, string>,
  type:
    | { atOnce: readonly string[] }
    | { whenAsked: readonly (readonly [question: string, answer: string])[] },
) {
  const env = { PATH: process.env['PATH'] ?? '', ...surroundings(), ...variables };
  const child = spawn(command, words, { cwd: folder.path, env });
  const left = 'whenAsked' in type ? [...type.whenAsked] : [];
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      while (left[0] !== undefined && output.includes(left[0][0]))
        child.stdin.write(`${left.shift()?.[1]}\r`);
    });
  if ('atOnce' in type) child.stdin.end(type.atOnce.map((line) => `${line}\n`).join(''));
  const [code] = (await once(child, 'close')) as [number | null];
  const { token, key } = secrets();
  for (const secret of [token, key]) expect(output).not.toContain(secret);
  return { code, output };
}

describe('npm run setup', () => {
  it('asks, checks each answer, writes .env for its owner only, and registers the commands', async () => {
    const { token, key } = secrets();
    const { code, output } = await setUp([token, '', '4allapi', key, '123456789012345678', '50000']);
    expect(output).toContain('ok: it belongs to Midjourney Relay');
    expect(output).toContain(`${sandbox.discord.world.guild.id}  The Sandbox`);
    expect(output).toContain('ok: the key works');
    expect(output).toContain('commands are registered in all servers');
    expect(output).toContain('scope=bot+applications.commands&permissions=274878024704');
    expect(code).toBe(0);
    expect(written()).toEqual({
      DISCORD_TOKEN: token,
      ALLOWED_GUILDS: sandbox.discord.world.guild.id,
      PROVIDERS: 'main=4allapi',
      PROVIDER_MAIN_BASE_URL: surroundings()['PROVIDER_MAIN_BASE_URL'],
      PROVIDER_MAIN_API_KEY: key,
      OPERATOR_IDS: '123456789012345678',
      SERVER_BUDGET_POINTS: '50000',
    });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(sandbox.discord.commands().map(({ name }) => name)).toContain('imagine');
    const bot = sandbox.launchBot(written());
    await bot.line('"msg":"ready"');
  });

  it('says what is wrong with an answer, and asks again', async () => {
    const { token, key } = secrets();
    const answers = ['Bot x.y.z', 'MTU3.wrong.token', '', token, 'here', '', '4alapi', '4allapi'];
    const { code, output } = await setUp([
      ...answers,
      'wrong key',
      'sk-wrong',
      '',
      key,
      '12',
      '',
      'many',
      '',
    ]);
    for (const text of [
      'DISCORD_TOKEN: must be what comes after "Bot "',
      'FAIL: Discord refuses the token: look at DISCORD_TOKEN',
      'ALLOWED_GUILDS: must be a Discord id',
      'did you mean 4allapi?',
      'PROVIDER_MAIN_API_KEY: must not have blanks in it',
      'FAIL: the key was refused (401): look at PROVIDER_MAIN_API_KEY',
      'OPERATOR_IDS: must be a Discord id (17 to 20 digits), not 12',
      'SERVER_BUDGET_POINTS: must be a whole number',
    ])
      expect(output).toContain(text);
    expect(code).toBe(0);
    expect(written()).toMatchObject({ DISCORD_TOKEN: token, PROVIDER_MAIN_API_KEY: key });
    expect(Object.keys(written())).not.toContain('OPERATOR_IDS');
    expect(Object.keys(written())).not.toContain('SERVER_BUDGET_POINTS');
  });

  it('needs nobody to answer if the variables are set', async () => {
    const { code } = await setUp([], sandbox.environment);
    expect(code).toBe(0);
    expect(written()).toMatchObject({ DISCORD_TOKEN: secrets().token, PROVIDERS: 'main=4allapi' });
  });

  it.each([
    ['a token', 'DISCORD_TOKEN'],
    ['a server', 'ALLOWED_GUILDS'],
    ['an account', 'PROVIDERS'],
    ['a key', 'PROVIDER_MAIN_API_KEY'],
  ])('writes nothing without %s, and says which variable is needed', async (_what, name) => {
    const { code, output } = await setUp([], { ...sandbox.environment, [name]: '' });
    expect(code).toBe(1);
    expect(output).toContain(`setup ended: ${name} is needed`);
    expect(existsSync(file())).toBe(false);
    expect(sandbox.discord.commands()).toEqual([]);
  });

  it('keeps what is in .env, and replaces a value only if that is wanted', async () => {
    const { token, key } = secrets();
    const old = `# mine\nDISCORD_TOKEN=${token}\nLOG_LEVEL=debug\nPROVIDER_MAIN_API_KEY=sk-old\n`;
    writeFileSync(file(), old);
    const answers = ['', 'main=4allapi'.slice(5), '', key, '', ''];
    const kept = await setUp([...answers, 'n']);
    expect(kept.code).toBe(1);
    expect(kept.output).toContain('has another PROVIDER_MAIN_API_KEY. Replace it?');
    expect(readFileSync(file(), 'utf8')).toBe(old);
    const replaced = await setUp([...answers, 'y']);
    expect(replaced.code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toMatch(/^# mine\nDISCORD_TOKEN=.*\nLOG_LEVEL=debug\n/);
    expect(written()).toMatchObject({ PROVIDER_MAIN_API_KEY: key });
  });

  it('replaces without a question if that is asked for', async () => {
    writeFileSync(file(), 'DISCORD_TOKEN=old\n');
    const left = await setUp([], sandbox.environment);
    expect(left.code).toBe(1);
    expect(left.output).toContain('setup ended: nobody answered: npm run setup -- --yes replaces it');
    expect(readFileSync(file(), 'utf8')).toBe('DISCORD_TOKEN=old\n');
    expect((await setUp([], sandbox.environment, ['--yes'])).code).toBe(0);
    expect(written()).toMatchObject({ DISCORD_TOKEN: secrets().token });
  });

  it('says where people may see commands twice', async () => {
    const { trouble, world } = sandbox.discord;
    const match = /^GET \/applications\/\d+\/guilds\/\d+\/commands$/;
    trouble.rules.push({ match, do: refusedWith(403, 50_001, 'Missing Access') });
    const { code, output } = await setUp([], sandbox.environment);
    expect(output).toContain(`people may see commands twice in ${world.guild.id}`);
    expect(code).toBe(1);
  });

  it('says in a sentence that .env is not a file', async () => {
    mkdirSync(file());
    const { code, output } = await setUp([], sandbox.environment);
    expect(code).toBe(1);
    expect(output).toBe(`setup ended: ${file()} can't be read or written (EISDIR)\n`);
  });

  it('shows the way into a server if the bot is in none', async () => {
    sandbox.discord.world.guild.hasApp = false;
    const { id } = sandbox.discord.world.guild;
    const { token, key } = secrets();
    const { code, output } = await setUp([token, '', id, '4allapi', key, '', '']);
    expect(output).toContain('The bot is in no server yet. Open this address to add it');
    expect(output).toContain(`client_id=${sandbox.discord.applicationId}`);
    expect(code).toBe(0);
    expect(written()).toMatchObject({ ALLOWED_GUILDS: id });
  });

  it('finds the variables with which an account works, and sets them if that is wanted', async () => {
    const own = await createSandbox({ kind: 'mjproxy' });
    const {
      DISCORD_TOKEN = '',
      PROVIDER_MAIN_API_KEY = '',
      PROVIDER_MAIN_BASE_URL: url = '',
    } = own.environment;
    const { DISCORD_API_URL = '', TRUSTED_HOSTS = '' } = own.environment;
    const there = { DISCORD_API_URL, TRUSTED_HOSTS, PROVIDER_MAIN_BASE_URL: '' };
    const { code, output } = await setUp(
      [DISCORD_TOKEN, '', 'mjproxy', `${url}/mj`, PROVIDER_MAIN_API_KEY, 'y', '', ''],
      there,
    );
    expect(output).toContain(`it works with PROVIDER_MAIN_BASE_URL=${url}\n`);
    expect(code).toBe(0);
    expect(written()).toMatchObject({ PROVIDERS: 'main=mjproxy', PROVIDER_MAIN_BASE_URL: url });
    await own.close();
  });

  const hasTerminal = spawnSync('script', ['--version']).status === 0;
  it.skipIf(!hasTerminal)('keeps what is typed in a terminal off the screen', async () => {
    const { token, key } = secrets();
    const whenAsked = [
      ['Reset Token): ', token],
      ['or * for any', ''],
      ['Which API', 'APIXO\u007f\u007f\u007f\u007f\u007f4allapi'],
      ['Key for', key],
      ['user id', ''],
      ['a month', ''],
    ] as const;
    const words = ['-qefc', `${process.execPath} ${program}`, '/dev/null'];
    const { code, output } = await run('script', words, {}, { whenAsked });
    expect(output).toContain('ok: it belongs to Midjourney Relay');
    expect(code).toBe(0);
    expect(written()).toMatchObject({ DISCORD_TOKEN: token, PROVIDER_MAIN_API_KEY: key });
  });

  it.skipIf(!hasTerminal)(
    'writes nothing after Ctrl-C, even at a question that needs no answer',
    async () => {
      const { token, key } = secrets();
      const whenAsked = [
        ['Reset Token): ', token],
        ['or * for any', ''],
        ['Which API', '4allapi'],
        ['Key for', key],
        ['user id', '\u0003'],
      ] as const;
      const words = ['-qefc', `${process.execPath} ${program}`, '/dev/null'];
      const { code } = await run('script', words, {}, { whenAsked });
      expect(code).not.toBe(0);
      expect(existsSync(file())).toBe(false);
      expect(sandbox.discord.commands()).toEqual([]);
    },
  );
});
