import { RateLimitError, REST } from 'discord.js';
import type { APIMessage } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { brokenGateway, rateLimited, refusedWith } from '../../sandbox/discord/index.ts';
import { createRest, register, send, startDiscord } from './discord-fixture.ts';

async function start() {
  const discord = await startDiscord();
  const { general } = discord.world.channels;
  const path = `/channels/${general.id}/messages` as const;
  const body = { content: 'x', allowed_mentions: { parse: [] } };
  const match = /^POST \/channels\/\d+\/messages$/;
  return { discord, general, path, body, match };
}

test('a request can fail several times, without effect', async () => {
  const { discord, general, path, body, match } = await start();
  discord.trouble.rules.push({ match, times: 2, do: brokenGateway() });
  const rest = new REST({ api: discord.url, retries: 2 }).setToken(discord.token);
  await rest.post(path, { body });
  expect(discord.requests.map(({ status }) => status)).toEqual([502, 502, 200]);
  expect(discord.messages(general.id)).toHaveLength(1);
});

test.for(['user', 'global', 'shared', 'cloudflare'] as const)(
  'a request can hit a %s rate limit, which the client waits out',
  async (scope) => {
    const { discord, path, body, match } = await start();
    discord.trouble.rules.push({ match, do: rateLimited(scope, 20) });
    const message = (await createRest(discord).post(path, { body })) as APIMessage;
    expect(message.content).toBe('x');
    expect(discord.requests.map(({ status }) => status)).toEqual([429, 200]);
  },
);

test('AutoMod can refuse the words of a message, and takes others', async () => {
  const { discord, general, path, body, match } = await start();
  const times = Number.POSITIVE_INFINITY;
  discord.trouble.rules.push({ match, times, holding: /banned/, do: refusedWith(400, 200_000) });
  expect(await send(discord, 'POST', path, { ...body, content: 'a banned word' })).toMatchObject({
    status: 400,
    body: { code: 200_000 },
  });
  expect(await send(discord, 'POST', path, body)).toMatchObject({ status: 200 });
  expect(discord.messages(general.id).map(({ content }) => content)).toEqual(['x']);
});

test('a quota empties a bucket and says so in the headers', async () => {
  const { discord, path, body, match } = await start();
  discord.trouble.quotas.push({ match, limit: 1, windowMs: 60_000 });
  const rest = new REST({ api: discord.url, retries: 0, rejectOnRateLimit: () => true }).setToken(
    discord.token,
  );
  await rest.post(path, { body });
  await expect(rest.post(path, { body })).rejects.toBeInstanceOf(RateLimitError);
  expect(await send(discord, 'POST', path, body)).toMatchObject({
    status: 429,
    body: { retry_after: expect.any(Number), global: false },
  });
});

test('a request can get lost, or only its answer', async () => {
  const { discord, general, path, body, match } = await start();
  discord.trouble.rules.push({ match, do: { type: 'drop', lost: 'request' } });
  await expect(send(discord, 'POST', path, body)).rejects.toThrow();
  expect(discord.messages(general.id)).toHaveLength(0);
  expect(discord.requests[0]).toMatchObject({ body });
  discord.trouble.rules.push({ match, do: { type: 'drop', lost: 'answer' } });
  await expect(send(discord, 'POST', path, body)).rejects.toThrow();
  expect(discord.messages(general.id)).toHaveLength(1);
});

test('an answer can be false although the request took effect', async () => {
  const { discord, general, path, body, match } = await start();
  discord.trouble.rules.push({
    match,
    do: { type: 'answer', answer: { status: 500, body: {} }, effect: true },
  });
  expect(await send(discord, 'POST', path, body)).toMatchObject({ status: 500 });
  expect(discord.messages(general.id)).toHaveLength(1);
});

test('a request can be refused with any code', async () => {
  const { discord, path, body, match } = await start();
  discord.trouble.rules.push({ match, do: refusedWith(400, 200000, 'Blocked by AutoMod') });
  await expect(createRest(discord).post(path, { body })).rejects.toMatchObject({ status: 400, code: 200000 });
});

test('an answer can be late, with its effect before or after', async () => {
  const { discord, general, path, body, match } = await start();
  const { promise: until, resolve } = Promise.withResolvers<void>();
  discord.trouble.rules.push({ match, do: { type: 'hold', until } });
  const answer = send(discord, 'POST', path, body);
  await discord.until(() => discord.messages(general.id).length === 1);
  expect(discord.requests[0]?.status).toBeUndefined();
  resolve();
  expect(await answer).toMatchObject({ status: 200 });
  discord.trouble.rules.push({ match, do: { type: 'delay', ms: 1, when: 'first' } });
  expect(await send(discord, 'POST', path, body)).toMatchObject({ status: 200 });
});

test('held acknowledgements arrive too late', async () => {
  const discord = await startDiscord({ acknowledgeWithinMs: 10 });
  await register(discord);
  const interaction = await discord.run({
    person: discord.world.people.member,
    channel: discord.world.channels.general,
    command: 'imagine',
    options: { prompt: 'a cat' },
  });
  const release = discord.trouble.holdAcknowledgements();
  const path = `/interactions/${interaction.id}/${interaction.token}/callback`;
  const answer = send(discord, 'POST', path, { type: 5 });
  await expect(interaction.acknowledged).rejects.toThrow('not acknowledged');
  release();
  expect(await answer).toMatchObject({ status: 404, body: { code: 10062 } });
  expect(discord.trouble.rules).toEqual([]);
});
