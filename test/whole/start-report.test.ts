import { describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { brokenGateway, refusedWith } from '../../sandbox/discord/index.ts';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { useSandbox } from '../helpers/whole.ts';

const checking = { CHECK_ON_START: 'on', REGISTER_ON_START: '' };

/** The lines of its log, as they were written. */
function linesOf(bot: { lines: readonly string[] }, level: 'info' | 'warn'): string[] {
  return bot.lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { level: string; msg: string })
    .filter((line) => line.level === level)
    .map(({ msg }) => msg);
}

describe('a start', () => {
  const whole = useSandbox();

  it('says what the doctor knows', async () => {
    const bot = await whole.sandbox.startBot(checking);
    for (const text of [
      '"msg":"starting"',
      '"node":"v2',
      'Discord token: it belongs to Midjourney Relay',
      'commands registered in all servers"',
      'servers: in 1 server (The Sandbox), with all permissions',
      'account main (4allapi): the key works',
    ])
      await bot.line(text);
    expect(linesOf(bot, 'warn')).toEqual([]);
    expect(whole.sandbox.provider.submits).toEqual([]);
  });

  it('warns of everything that is wrong, says what helps, and works as well as it can', async () => {
    const bot = await whole.sandbox.startBot({
      ...checking,
      PROVIDER_MAIN_API_KEY: 'sk-wrong-canary-key',
      PROVIDER_MAIN_API_KYE: 'sk-canary',
      ALLOWED_GUILDS: `${whole.sandbox.discord.world.guild.id},123456789012345678`,
    });
    await bot.line('look at PROVIDER_MAIN_API_KEY');
    await bot.line('account main');
    await bot.line('guild_id=123456789012345678');
    const warnings = linesOf(bot, 'warn').join('\n');
    expect(warnings).toContain('did you mean PROVIDER_MAIN_API_KEY?');
    expect(warnings).toContain(
      'account main (4allapi): the key was refused (401): look at PROVIDER_MAIN_API_KEY',
    );
    expect(warnings).toContain('server 123456789012345678: the bot is not in this server');
    expect(bot.lines.join('\n')).not.toContain('canary');
    const shown = await whole.run('account show');
    await shown.acknowledged;
  });

  it('prints the invitation if the bot is in no server', async () => {
    const { discord } = whole.sandbox;
    discord.world.guild.hasApp = false;
    const bot = whole.sandbox.launchBot({ ...checking, ALLOWED_GUILDS: '*', SERVER_BUDGET_POINTS: '1' });
    expect(await bot.line('invite it with')).toContain(
      `https://discord.com/oauth2/authorize?client_id=${discord.applicationId}&scope=bot+applications.commands&permissions=274878024704`,
    );
  });

  it('neither waits for a Discord and providers that are down, nor fails because of them', async () => {
    whole.sandbox.discord.trouble.rules.push({
      match: /^GET \/applications/,
      times: 99,
      do: brokenGateway(502),
    });
    await whole.sandbox.provider.close();
    const bot = await whole.sandbox.startBot({ ...checking, REGISTER_ON_START: 'on' });
    await bot.line('the commands could not be registered');
    await bot.line('nobody listens there');
    expect(await bot.end()).toBe(0);
  });

  it('asks nobody if the operator says so', async () => {
    const bot = await whole.sandbox.startBot({
      CHECK_ON_START: 'off',
      REGISTER_ON_START: 'off',
      ALLOWED_GUILDS: '*',
    });
    await bot.line('set SERVER_BUDGET_POINTS');
    expect(await bot.end()).toBe(0);
    expect(bot.lines.join('\n')).not.toMatch(/it belongs to|the key works/);
  });
});

describe('a start with an address that ends with /mj', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('says which address works', async () => {
    const { PROVIDER_MAIN_BASE_URL: url = '' } = whole.sandbox.environment;
    const bot = await whole.sandbox.startBot({ ...checking, PROVIDER_MAIN_BASE_URL: `${url}/mj` });
    expect(await bot.line('account main')).toContain(`it works with PROVIDER_MAIN_BASE_URL=${url}"`);
  });
});

describe('a first start', () => {
  async function inSandbox(work: (sandbox: Sandbox) => Promise<void>): Promise<void> {
    const sandbox = await createSandbox();
    try {
      await work(sandbox);
      expect(sandbox.discord.violations).toEqual([]);
    } finally {
      await sandbox.close();
    }
  }
  const checked = 'commands registered in all servers"';

  it('registers the commands, and no later one does', () =>
    inSandbox(async (sandbox) => {
      const first = await sandbox.startBot(checking);
      await first.line(checked);
      expect(linesOf(first, 'info')).toContain('commands registered');
      expect(sandbox.discord.commands().map(({ name }) => name)).toContain('imagine');
      await first.end();
      const second = await sandbox.startBot(checking);
      await second.line(checked);
      expect(linesOf(second, 'info')).not.toContain('commands registered');
    }));

  it('registers the commands even if a server lets no application look at its commands', () =>
    inSandbox(async (sandbox) => {
      const match = /^GET \/applications\/\d+\/guilds\/\d+\/commands$/;
      sandbox.discord.trouble.rules.push({ match, do: refusedWith(403, 50_001, 'Missing Access') });
      const bot = await sandbox.startBot(checking);
      await bot.line(checked);
      expect(sandbox.discord.commands().map(({ name }) => name)).toContain('imagine');
    }));

  it('registers nothing while Discord does not say what is registered', () =>
    inSandbox(async (sandbox) => {
      const match = /^GET \/applications\/\d+\/guilds\/\d+\/commands$/;
      sandbox.discord.trouble.rules.push({ match, do: refusedWith(400, 0, 'Bad Request') });
      const bot = await sandbox.startBot(checking);
      await bot.line('the commands could not be registered');
      expect(sandbox.discord.commands()).toEqual([]);
    }));

  it('leaves commands alone that are registered in one server only', () =>
    inSandbox(async (sandbox) => {
      await sandbox.deploy({ DISCORD_GUILD_ID: sandbox.discord.world.guild.id });
      const bot = await sandbox.startBot(checking);
      await bot.line('run npm run deploy');
      expect(sandbox.discord.commands()).toEqual([]);
    }));

  it('registers nothing if that is off, and says what to do', () =>
    inSandbox(async (sandbox) => {
      const bot = await sandbox.startBot({ ...checking, REGISTER_ON_START: 'off' });
      await bot.line('run npm run deploy');
      expect(sandbox.discord.commands()).toEqual([]);
    }));

  it('registers each time if that is on', () =>
    inSandbox(async (sandbox) => {
      await sandbox.deploy();
      const bot = await sandbox.startBot({ ...checking, REGISTER_ON_START: 'on' });
      await bot.line('"msg":"commands registered"');
    }));
});

describe('a mistake in a token', () => {
  const whole = useSandbox();

  it('is said at once, and the bot is never ready', async () => {
    const bot = whole.sandbox.launchBot({ ...checking, DISCORD_TOKEN: 'MTU3.wrong.token' });
    expect(await bot.exited).toBe(1);
    expect(bot.lines.join('\n')).toContain('Discord refuses the token: look at DISCORD_TOKEN');
    expect(bot.lines.join('\n')).not.toContain('"msg":"ready"');
    // What the end of the bot cut off says nothing about Discord or an account.
    expect(linesOf(bot, 'warn').filter((line) => !line.includes('look at DISCORD_TOKEN'))).toEqual([]);
  });

  it('is said by npm run deploy', async () => {
    const program = startProgram('deploy-commands.ts', {
      ...whole.sandbox.environment,
      DISCORD_TOKEN: 'MTU3.wrong.token',
    });
    expect(await program.exited).toBe(1);
    expect(program.lines.join('\n')).toContain(
      'the commands were not registered: Discord refuses the token: look at DISCORD_TOKEN',
    );
  });
});
