import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { brokenGateway, refusedWith } from '../../sandbox/discord/index.ts';
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

  it('says what a video costs with the accounts that make any', async () => {
    const described = () => {
      const video = sandbox.discord.commands().find(({ name }) => name === 'video');
      const about = (option: string) => video?.options?.find(({ name }) => name === option)?.description;
      return [video?.description, about('resolution'), about('clips')];
    };
    await deploy();
    expect(described()).toEqual([
      'Turn an image into a video (800 points)',
      'The resolution of the video',
      'How many clips to make (four, unless you choose)',
    ]);
    await deploy({
      PROVIDERS: 'main=4allapi,other=acedata,own=mjproxy,none=apixo',
      PROVIDER_OTHER_API_KEY: 'x',
      PROVIDER_OWN_API_KEY: 'x',
      PROVIDER_OWN_BASE_URL: 'https://own.example',
      PROVIDER_NONE_API_KEY: 'x',
    });
    expect(described()).toEqual([
      'Turn an image into a video (400 to 800 points)',
      'The resolution of the video (720p costs 400 to 2,600 points)',
      'How many clips to make (1 costs 200 to 800 points)',
    ]);
    await deploy({ PROVIDERS: 'nonsense' });
    expect(described()[0]).toBe('Turn an image into a video');
  });

  it('offers the commands outside of servers only if the operator allows that', async () => {
    const scopes = () =>
      sandbox.discord.commands().map(({ contexts, integration_types }) => [contexts, integration_types]);
    await deploy();
    expect(new Set(scopes().map(String))).toEqual(new Set(['0,0']));
    await deploy({ ALLOW_DIRECT: 'on' });
    expect(new Set(scopes().map(String))).toEqual(new Set(['0,1,2,0,1']));
  });

  /** The command that Discord itself registers for an application with activities. */
  const entryPoint = {
    name: 'launch',
    name_localizations: { de: 'starten' },
    description: 'Starts the game',
    type: 4,
    handler: 2,
    contexts: [0],
    integration_types: [0, 1],
  };

  async function registerEntryPoint(): Promise<void> {
    const { url, token, applicationId } = sandbox.discord;
    const response = await fetch(`${url}/v10/applications/${applicationId}/commands`, {
      method: 'PUT',
      headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify([entryPoint, { name: 'old', description: 'Known no more' }]),
    });
    expect(response.status).toBe(200);
  }

  it.each(['all servers', 'one server'])(
    'leaves the command that starts an activity alone, for %s',
    async (scope) => {
      await registerEntryPoint();
      const [before] = sandbox.discord.commands();
      const { id } = sandbox.discord.world.guild;
      const { code } = await deploy(scope === 'all servers' ? {} : { DISCORD_GUILD_ID: id });
      expect(code).toBe(0);
      expect(namesIn()).not.toContain('old');
      const after = sandbox.discord.commands().find(({ name }) => name === 'launch');
      expect(after).toMatchObject({ ...entryPoint, id: before?.id });
      expect(namesIn(scope === 'all servers' ? undefined : id)).toContain('imagine');
    },
  );

  it('needs no provider', async () => {
    const { DISCORD_TOKEN = '', DISCORD_API_URL = '' } = sandbox.environment;
    const program = startProgram('deploy-commands.ts', {
      DISCORD_TOKEN,
      DISCORD_API_URL,
      ALLOWED_GUILDS: '*',
    });
    expect(await program.exited).toBe(0);
  });

  it('exits with 1 if Discord refuses, and prints no secret', async () => {
    const { code, output } = await deploy({ DISCORD_TOKEN: 'MTU3.wrong.canary-token' });
    expect(code).toBe(1);
    expect(output).toContain('the commands were not registered');
    expect(output).not.toContain('canary-token');
  });

  const times = Number.POSITIVE_INFINITY;

  it("says what was done if the other scope couldn't be emptied", async () => {
    const { id } = sandbox.discord.world.guild;
    const match = /^PUT \/applications\/\d+\/commands$/;
    sandbox.discord.trouble.rules.push({ match, times, do: brokenGateway(502) });
    const { code, output } = await deploy({ DISCORD_GUILD_ID: id });
    expect(code).toBe(1);
    expect(namesIn(id)).toContain('imagine');
    const lines = output.split('\n').map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { level: 'info', msg: 'commands registered', scope: id, emptied: [] },
      {
        level: 'error',
        scope: 'all servers',
        error: { status: 502, route: 'PUT /applications/:id/commands' },
        msg: expect.stringContaining('run npm run deploy again'),
      },
    ]);
  });

  it('empties the other servers if one refuses', async () => {
    const { world, trouble } = sandbox.discord;
    const other = world.addGuild({ name: 'Another', owner: world.people.administrator });
    for (const { id } of [world.guild, other]) await deploy({ DISCORD_GUILD_ID: id, ALLOWED_GUILDS: '*' });
    const match = new RegExp(`^GET /applications/\\d+/guilds/${world.guild.id}/commands$`);
    trouble.rules.push({ match, do: refusedWith(403, 50_001, 'Missing Access') });
    const { code, output } = await deploy({ ALLOWED_GUILDS: '*' });
    expect(code).toBe(1);
    expect(namesIn()).toContain('imagine');
    expect(namesIn(other.id)).toEqual([]);
    expect(output).toContain(`"emptied":["${other.id}"]`);
    expect(output).toContain(`"scope":"${world.guild.id}"`);
    expect((await deploy({ ALLOWED_GUILDS: '*' })).code).toBe(0);
    expect(namesIn(world.guild.id)).toEqual([]);
  });

  it('says that nothing was registered, and which call failed, if Discord is down', async () => {
    sandbox.discord.trouble.rules.push({ match: /^PUT /, times, do: brokenGateway(503) });
    const { code, output } = await deploy();
    expect(code).toBe(1);
    expect(output).not.toContain('commands registered');
    expect(JSON.parse(output)).toMatchObject({
      error: { status: 503, route: 'PUT /applications/:id/commands' },
      msg: expect.stringMatching(/^the commands were not registered: Discord answered 503/),
    });
  });

  it.each([
    ['a page', '<html></html>'],
    ['a list', []],
    ['another object', {}],
    ['no id', { id: null }],
  ])('asks to check the address if the answer is %s', async (_, body) => {
    const match = /^GET \/applications\/@me/;
    sandbox.discord.trouble.rules.push({ match, do: { type: 'answer', answer: { status: 200, body } } });
    const { code, output } = await deploy();
    expect(code).toBe(1);
    expect(output).toContain('look at DISCORD_API_URL');
    expect(namesIn()).toEqual([]);
  });

  it('exits with 1 if the environment is incomplete', async () => {
    const { code, output } = await deploy({ DISCORD_TOKEN: '', ALLOWED_GUILDS: 'x' });
    expect(code).toBe(1);
    expect(output).toContain('DISCORD_TOKEN: is required');
    expect(output).toContain('ALLOWED_GUILDS:');
  });
});
