import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenGateway, createDiscord, type Discord, refusedWith } from '../../sandbox/discord/index.ts';
import { createDirectMessages, type DirectMessages } from '../../src/discord/direct-messages.ts';
import { createTransport } from '../../src/discord/transport.ts';
import { createOpenAgent } from '../../src/providers/agents.ts';

let discord: Discord;
let direct: DirectMessages;
beforeEach(async () => {
  discord = await createDiscord();
  const makeRequest = createTransport(createOpenAgent());
  direct = createDirectMessages({ apiUrl: discord.url, token: discord.token, makeRequest });
});
afterEach(async () => {
  expect(discord.violations).toEqual([]);
  await discord.close();
});

const person = () => discord.world.people.member;
const message = { content: 'Your result is ready.', nonce: 'a-nonce' };
const sent = () => discord.messages(discord.world.channels.direct.id).map(({ content }) => content);

describe('a direct message', () => {
  it('reaches its person, once for each nonce', async () => {
    const { id } = discord.world.channels.direct;
    expect(await direct.send(person().id, message)).toMatchObject({ outcome: 'done', channelId: id });
    await direct.send(person().id, message);
    expect(sent()).toEqual(['Your result is ready.']);
    await direct.send(person().id, { ...message, nonce: 'another' });
    expect(sent()).toHaveLength(2);
  });

  it.each([
    ['closed their messages', 'closed', () => Object.assign(person(), { takesDirectMessages: false })],
    ['is in none of its servers', 'closed', () => refuse(refusedWith(403, 50_278))],
    ['meets a Discord that is down', 'later', () => refuse(brokenGateway())],
    ['is kept from it for a moment', 'later', () => refuse(refusedWith(403, 40_333))],
  ])("isn't sent to somebody who %s, and it's known whether to try again (%s)", async (_, outcome, make) => {
    make();
    expect((await direct.send(person().id, message)).outcome).toBe(outcome);
    expect(sent()).toEqual([]);
  });

  function refuse(answer: ReturnType<typeof refusedWith>): void {
    discord.trouble.rules.push({ match: /^POST \/channels\/\d+\/messages/, do: answer });
  }
});
