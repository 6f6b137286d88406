import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';

describe('npm run deploy', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await createSandbox();
  });
  afterEach(async () => {
    await sandbox.close();
    expect(sandbox.discord.violations).toEqual([]);
  });

  async function deploy(overrides: Record<string, string> = {}) {
    const program = startProgram('deploy-commands.ts', { ...sandbox.environment, ...overrides });
    return { code: await program.exited, output: program.lines.join('\n') };
  }
  const namesIn = (guildId?: string) => sandbox.discord.commands(guildId).map(({ name }) => name);

  it('registers in one scope and empties the other', async () => {
    const { id } = sandbox.discord.world.guild;
    expect((await deploy({ DISCORD_GUILD_ID: id })).code).toBe(0);
    expect(namesIn(id)).toContain('imagine');
    expect(namesIn()).toEqual([]);
    expect((await deploy()).code).toBe(0);
    expect(namesIn()).toContain('imagine');
    expect(namesIn(id)).toEqual([]);
  });

  it('offers the commands outside of servers only where the operator allows that', async () => {
    const scopes = () =>
      sandbox.discord.commands().map(({ contexts, integration_types }) => [contexts, integration_types]);
    await deploy();
    expect(new Set(scopes().map(String))).toEqual(new Set(['0,0']));
    await deploy({ ALLOW_DIRECT: 'on' });
    expect(new Set(scopes().map(String))).toEqual(new Set(['0,1,2,0,1']));
  });

  it('needs no provider', async () => {
    const { DISCORD_TOKEN = '', DISCORD_API_URL = '' } = sandbox.environment;
    const program = startProgram('deploy-commands.ts', {
      DISCORD_TOKEN,
      DISCORD_API_URL,
      ALLOWED_GUILDS: '*',
    });
    expect(await program.exited).toBe(0);
  });

  it('exits with 1 where Discord refuses, and names no secret', async () => {
    const { code, output } = await deploy({ DISCORD_TOKEN: 'MTU3.wrong.canary-token' });
    expect(code).toBe(1);
    expect(output).toContain('the commands were not registered');
    expect(output).not.toContain('canary-token');
  });

  it('exits with 1 where the environment is not complete', async () => {
    const { code, output } = await deploy({ DISCORD_TOKEN: '', ALLOWED_GUILDS: 'x' });
    expect(code).toBe(1);
    expect(output).toContain('DISCORD_TOKEN: is required');
    expect(output).toContain('ALLOWED_GUILDS:');
  });
});
