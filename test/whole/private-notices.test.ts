import { describe, expect, it } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import { pass, withMovableClock } from '../helpers/later.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;
const inGeneral = () => discord().messages(discord().world.channels.general.id);
const sent = () => discord().messages(discord().world.channels.direct.id);

/** A task that takes over a minute, of somebody who wants a direct message. Returns what finishes it. */
async function begin(options: Record<string, boolean> = {}) {
  const bot = await whole.sandbox.startBot({ ...quick, ...withMovableClock });
  await (await whole.run('preferences set', { notify: 'direct' })).acknowledged;
  whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
  const asked: Interaction = await whole.imagine('a fox', options);
  await bot.line('accepted by the provider');
  await discord().until(() => asked.message);
  await pass(bot, 2);
  return { bot, asked, finish: () => whole.sandbox.provider.trouble.clear() };
}

function notice(): Promise<Message> {
  return discord().until(() => sent()[0], { what: 'a direct message', timeoutMs: 20_000 });
}

describe('a direct message when a task ends', () => {
  it('takes the place of the mention, with a link', async () => {
    const { asked, finish } = await begin();
    finish();
    const shown = await whole.picture(asked);
    const link = `https://discord.com/channels/${discord().world.guild.id}/${shown.channel.id}/${shown.id}`;
    expect((await notice()).content).toBe(`Your result is ready: ${link}`);
    expect(inGeneral()).toEqual([shown]);
  });

  it('tells of a private result after a crash, when nothing else could, and how to find it', async () => {
    const { bot, asked, finish } = await begin({ private: true });
    await bot.end('SIGKILL');
    discord().expire(asked);
    const next = await whole.sandbox.startBot({ ...quick, ...withMovableClock });
    await pass(next, 2);
    finish();
    const { content } = await notice();
    expect(content).toContain('Your private result is ready.');
    const id = /`([A-Za-z0-9_-]{16})`/u.exec(content)?.[1] ?? '';
    const card = await whole.reply(await whole.run('task show', { id }), 'a fox');
    expect((await whole.picture(await whole.press(card, 'Show it here'))).visibleTo).toBe(asked.person);
    expect([inGeneral(), sent()]).toEqual([[], [expect.anything()]]);
  });

  it('becomes a mention if they take none, and nothing at all if the result is private', async () => {
    discord().world.people.member.takesDirectMessages = false;
    const { bot, asked, finish } = await begin();
    const hidden = await whole.imagine('a hare', { private: true });
    await discord().until(() => hidden.message);
    await pass(bot, 2);
    finish();
    const shown = await whole.picture(asked);
    await whole.picture(hidden);
    await discord().until(() => inGeneral().length > 1, { what: 'a mention', timeoutMs: 20_000 });
    expect(inGeneral().map(({ content }) => content)).toEqual([
      shown.content,
      `<@${asked.person.id}> Your result is ready.`,
    ]);
    expect(sent()).toEqual([]);
  });
});
