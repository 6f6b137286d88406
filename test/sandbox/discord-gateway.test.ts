import { Client, Events, GatewayIntentBits } from 'discord.js';
import { expect, onTestFinished, test } from 'vitest';
import type { Discord, TrafficEvent } from '../../sandbox/discord/index.ts';
import { register, startBot, startDiscord } from './discord-fixture.ts';

type GatewayEvent = Extract<TrafficEvent, { type: 'gateway' }>;

/** What happens on the gateway, in order. */
function watch(discord: Discord): GatewayEvent['what'][] {
  const seen: GatewayEvent['what'][] = [];
  discord.on((event) => event.type === 'gateway' && seen.push(event.what));
  return seen;
}

interface Frame {
  op: number;
  t?: string;
  d?: unknown;
}

/** A client that sends one frame and collects what comes back. */
function connect(discord: Discord, first: Frame): Frame[] {
  const frames: Frame[] = [];
  const socket = new WebSocket(discord.url.replace('http', 'ws').replace('/api', '/?v=10&encoding=json'));
  onTestFinished(() => socket.close());
  socket.addEventListener('open', () => socket.send(JSON.stringify(first)));
  socket.addEventListener('message', ({ data }) => frames.push(JSON.parse(String(data))));
  return frames;
}

async function startCounting() {
  const discord = await startDiscord();
  await register(discord);
  const prompts: string[] = [];
  await startBot(discord, async (interaction) => {
    if (interaction.isChatInputCommand()) prompts.push(interaction.options.getString('prompt', true));
  });
  const run = (prompt: string) =>
    discord.run({
      person: discord.world.people.member,
      channel: discord.world.channels.general,
      command: 'imagine',
      options: { prompt },
    });
  return { discord, prompts, run, seen: watch(discord) };
}

test('replays what was missed when the client resumes after a cut', async () => {
  const { discord, prompts, run, seen } = await startCounting();
  await run('before');
  await discord.until(() => prompts.length === 1);
  discord.gateway.refuse(true);
  discord.gateway.cut();
  await discord.until(() => discord.gateway.connections() === 0);
  await run('meanwhile');
  await run('still away');
  discord.gateway.refuse(false);
  await discord.until(() => prompts.length === 3);
  await run('after');
  await discord.until(() => prompts.length === 4);
  expect(prompts).toEqual(['before', 'meanwhile', 'still away', 'after']);
  expect(seen.filter((what) => what === 'ready')).toEqual([]);
  expect(seen).toContain('resumed');
});

test('asks the client to reconnect with its session', async () => {
  const { discord, prompts, run, seen } = await startCounting();
  discord.gateway.reconnect();
  await discord.until(() => seen.includes('resumed'));
  discord.gateway.close(4000);
  await discord.until(() => seen.filter((what) => what === 'resumed').length === 2);
  discord.gateway.invalidate(true);
  await discord.until(() => seen.filter((what) => what === 'resumed').length === 3);
  await run('a cat');
  await discord.until(() => prompts.length === 1);
  expect(seen).not.toContain('ready');
});

test('forgets an invalidated session, so nothing can be resumed', async () => {
  const discord = await startDiscord();
  const frames = connect(discord, { op: 2, d: { token: discord.token, intents: 0, properties: {} } });
  const ready = await discord.until(() => frames.find(({ t }) => t === 'READY'));
  discord.gateway.invalidate(false);
  await discord.until(() => frames.some(({ op, d }) => op === 9 && d === false));
  const session = { session_id: (ready.d as { session_id: string }).session_id, seq: 1 };
  const later = connect(discord, { op: 6, d: { token: discord.token, ...session } });
  await discord.until(() => later.some(({ op, d }) => op === 9 && d === false));
});

test('gives up a client whose heartbeats get no answer, as the client does', async () => {
  const discord = await startDiscord({ heartbeatIntervalMs: 50 });
  const seen = watch(discord);
  await startBot(discord, async () => undefined);
  discord.gateway.answerHeartbeats(false);
  await discord.until(() => seen.includes('closed'));
  discord.gateway.answerHeartbeats(true);
  await discord.until(() => seen.includes('resumed'));
});

test('closes with 4004 on a wrong token', async () => {
  const discord = await startDiscord();
  const codes: (number | undefined)[] = [];
  discord.on((event) => event.type === 'gateway' && event.what === 'closed' && codes.push(event.code));
  connect(discord, { op: 2, d: { token: 'wrong', intents: 0, properties: {} } });
  await discord.until(() => codes.length > 0);
  expect(codes).toEqual([4004]);
});

test('refuses to log in with a wrong token', async () => {
  const discord = await startDiscord();
  const client = new Client({ intents: [], rest: { api: discord.url } });
  onTestFinished(() => client.destroy());
  await expect(client.login('wrong')).rejects.toThrow('invalid token');
});

test('describes servers to a client with the Guilds intent', async () => {
  const discord = await startDiscord();
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: discord.url } });
  onTestFinished(() => client.destroy());
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  await ready;
  const guild = client.guilds.cache.get(discord.world.guild.id);
  expect(guild?.name).toBe('The Sandbox');
  expect(guild?.channels.cache.get(discord.world.channels.thread.id)?.isThread()).toBe(true);
});

test('counts started sessions, including refused ones, and restores all of them at the reset', async () => {
  let now = Date.now();
  const discord = await startDiscord({ now: () => now });
  const readLimit = async () => {
    const headers = { authorization: `Bot ${discord.token}` };
    const response = await fetch(`${discord.url}/v10/gateway/bot`, { headers });
    return ((await response.json()) as { session_start_limit: object }).session_start_limit;
  };
  const identify = { op: 2, d: { token: discord.token, intents: 0, properties: {} } };
  discord.gateway.answerIdentify('invalid-session');
  const refused = connect(discord, identify);
  await discord.until(() => refused.some(({ op }) => op === 9));
  discord.gateway.answerIdentify('ready');
  const ready = connect(discord, identify);
  await discord.until(() => ready.some(({ t }) => t === 'READY'));
  expect(await readLimit()).toMatchObject({ total: 1_000, remaining: 998 });
  now += 24 * 60 * 60_000;
  expect(await readLimit()).toMatchObject({ total: 1_000, remaining: 1_000 });
});

test('reports one session too many as a violation', async () => {
  const discord = await startDiscord();
  discord.sessionStarts.remaining = 0;
  const frames = connect(discord, { op: 2, d: { token: discord.token, intents: 0, properties: {} } });
  await discord.until(() => frames.some(({ t }) => t === 'READY'));
  expect(discord.violations).toEqual([expect.stringContaining('no session may be started')]);
});
