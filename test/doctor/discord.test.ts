import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenGateway, createDiscord, type Discord, refusedWith } from '../../sandbox/discord/index.ts';
import { createTransport } from '../../src/discord/transport.ts';
import { checkDiscord } from '../../src/doctor/discord.ts';
import { createOpenAgent } from '../../src/providers/agents.ts';
import { NotConnectedError } from '../../src/providers/connections.ts';

const hourMs = 60 * 60_000;

describe('what the doctor says about Discord', () => {
  let discord: Discord;
  beforeEach(async () => {
    discord = await createDiscord();
  });
  afterEach(() => discord.close());

  const check = () =>
    checkDiscord({
      discord: { token: discord.token, apiUrl: discord.url, guildId: undefined, allowedGuilds: '*' },
      makeRequest: createTransport(createOpenAgent()),
      commandNames: [],
    });

  const json = { 'content-type': 'application/json' };
  const strange: [string, { status: number; headers?: Record<string, string>; body?: object | string }][] = [
    ['a page', { status: 200, body: '<html><body>Hello</body></html>' }],
    ['nothing', { status: 204 }],
    ['nothing, as 200', { status: 200 }],
    ['broken JSON', { status: 200, headers: json, body: '{"id":' }],
    ['nothing as JSON', { status: 200, headers: json, body: '' }],
    ['null', { status: 200, headers: json, body: 'null' }],
    ['a text', { status: 200, headers: json, body: '"hello"' }],
    ['a number', { status: 200, headers: json, body: '5' }],
    ['another list', { status: 200, body: [null, 5, {}] }],
    ['another object', { status: 200, body: { hello: 'world' } }],
    ['null in place of a refusal', { status: 400, headers: json, body: 'null' }],
    ['a text in place of a refusal', { status: 403, headers: json, body: '"no"' }],
    ['the page of a firewall', { status: 403, body: '<html>error code: 1020</html>' }],
    ['the page of another server', { status: 404, body: '<html>Not Found</html>' }],
    ['a refusal without a number', { status: 404, body: { error: 'not found' } }],
    ['a page of a server that is down', { status: 502, body: '<html>502</html>' }],
  ];
  const routes: [string, RegExp][] = [
    ['Discord token', /^GET \/applications\/@me/],
    ['gateway', /^GET \/gateway\/bot/],
    ['commands', /^GET \/applications\/\d+\/commands/],
    ['servers', /^GET \/users\/@me\/guilds/],
  ];
  const cases = routes.flatMap(([what, match]) =>
    strange.map(([answered, answer]) => [what, answered, match, answer] as const),
  );

  it.each(cases)('has its own sentence: %s, and %s', async (what, _, match, answer) => {
    discord.trouble.rules.push({ match, do: { type: 'answer', answer } });
    const line = (await check()).find((one) => one.what === what);
    expect(line?.verdict).toBe('FAIL');
    expect(line?.text).toMatch(/^(this isn't an answer from Discord|the answer is \d+|Discord answered 502)/);
    expect(line?.text).not.toMatch(/undefined|null|JSON|Cannot|operator|expected|[{}<>]/);
  });

  it.each([
    [refusedWith(401, 0, '401: Unauthorized'), 'Discord refuses the token: look at DISCORD_TOKEN'],
    [
      refusedWith(403, 50_001, 'Missing Access'),
      'Discord answered 403 (Missing Access): look at DISCORD_GUILD',
    ],
    [brokenGateway(503), 'Discord answered 503 (Service Unavailable)'],
  ])('is what Discord said, if it was Discord: %j', async (act, text) => {
    // After a refused token it asks once more.
    discord.trouble.rules.push({ match: /^GET \/(?:applications|users)\/@me$/, times: 2, do: act });
    expect((await check())[0]?.text).toContain(text);
  });

  it.each([
    ['Proxy response (407) !== 200 when HTTP Tunneling', 'the proxy asks for a name and a password'],
    ['Proxy response (403) !== 200 when HTTP Tunneling', 'the proxy refuses to lead there'],
  ])('says how the connection failed: %s', async (message, sentence) => {
    const [line] = await checkDiscord({
      discord: { token: discord.token, apiUrl: discord.url, guildId: undefined, allowedGuilds: '*' },
      makeRequest: () => Promise.reject(new NotConnectedError(new Error(message))),
      commandNames: [],
    });
    expect(line?.text).toContain(sentence);
    expect(line?.text).toMatch(/\(PROXY_40[37]\)/);
  });

  it("doesn't count the command that starts an activity", async () => {
    const commands = [
      { id: '1', name: 'launch', type: 4 },
      { id: '2', name: 'old', type: 1 },
    ];
    const tell = async (body: object[]) => {
      const match = /^GET \/applications\/\d+\/commands/;
      discord.trouble.rules.push({ match, do: { type: 'answer', answer: { status: 200, body } } });
      return (await check()).find(({ what }) => what === 'commands');
    };
    expect(await tell(commands.slice(0, 1))).toMatchObject({ verdict: 'ok' });
    const { verdict, text } = (await tell(commands)) ?? {};
    expect([verdict, text?.includes('old'), text?.includes('launch')]).toEqual(['warn', true, false]);
  });

  it('warns if few sessions may be started, and is silent if many may', async () => {
    const gateway = async () => (await check()).filter(({ what }) => what === 'gateway');
    expect(await gateway()).toEqual([]);
    discord.sessionStarts.remaining = 100;
    expect(await gateway()).toEqual([]);
    Object.assign(discord.sessionStarts, { remaining: 99, resetsAt: Date.now() + hourMs });
    const [line] = await gateway();
    expect(line?.verdict).toBe('warn');
    expect(line?.text).toMatch(/^99 of 1,000 session starts left until 20\d\d-.*Z: each connection/);
  });

  it.each([1, 2, 199, 200, 201, 400, 401])('finds all servers, page by page: %i', async (count) => {
    const real = createTransport(createOpenAgent());
    const servers = Array.from({ length: count }, (_, index) => ({
      id: String(100_000_000_000_000_000n + BigInt(index)),
      name: `Server ${index + 1}`,
      owner: false,
      // The last one lacks everything.
      permissions: index === count - 1 ? '0' : '8',
    }));
    const pages: string[] = [];
    const lines = await checkDiscord({
      discord: { token: discord.token, apiUrl: discord.url, guildId: undefined, allowedGuilds: '*' },
      commandNames: [],
      async makeRequest(url, init) {
        const { pathname, searchParams } = new URL(url);
        if (!pathname.endsWith('/users/@me/guilds')) return real(url, init);
        const after = searchParams.get('after') ?? '0';
        pages.push(after);
        const page = servers.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, 200);
        return Response.json(page) as unknown as ReturnType<typeof real>;
      },
    });
    expect(lines.filter(({ what }) => what.startsWith('server'))).toEqual([
      expect.objectContaining({
        verdict: 'FAIL',
        what: `server ${servers.at(-1)?.id}`,
        text: expect.stringContaining(`in Server ${count} the bot's roles lack`),
      }),
    ]);
    expect(pages).toHaveLength(Math.floor(count / 200) + 1);
  });
});
