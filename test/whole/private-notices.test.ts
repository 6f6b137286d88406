import { describe, expect, it } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import { pass, withMovableClock } from '../helpers/later.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;
const inGeneral = () => discord().messages(discord().world.channels.general.id);
const sent = () => discord().messages(discord().world.channels.direct.id);

/** A task that takes over a minute, of somebody who wants a direct message. Returns what finishes it. */
async function begin(options: Record<string, boolean> = {}, failure?: string) {
  const bot = await whole.sandbox.startBot({ ...quick, ...withMovableClock });
  await (await whole.run('preferences set', { notify: 'direct' })).acknowledged;
  whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
  if (failure !== undefined) whole.sandbox.provider.trouble.next('task', { do: 'fail', reason: failure });
  const asked: Interaction = await whole.imagine('a fox', options);
  await bot.line('accepted by the provider');
  await whole.reply(asked, options['private'] === true ? 'Press **Check**' : 'In progress');
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

  it('is the private result itself, after a crash, when its token has ended', async () => {
    const { bot, asked, finish } = await begin({ private: true });
    await bot.end('SIGKILL');
    discord().expire(asked);
    const next = await whole.sandbox.startBot({ ...quick, ...withMovableClock });
    await pass(next, 2);
    finish();
    await discord().until(() => sent()[0]?.attachments[0], { what: 'a picture', timeoutMs: 20_000 });
    expect(inGeneral()).toEqual([]);
    await next.end('SIGKILL');
    const last = await whole.sandbox.startBot(quick);
    await last.line('"msg":"ready"');
    expect(sent()).toHaveLength(1);
    expect(asked.message?.attachments).toEqual([]);
    await whole.press(asked.message as Message, 'Check');
    expect((await whole.picture(asked)).visibleTo).toBe(asked.person);
    expect([inGeneral(), sent().length]).toEqual([[], 1]);
  });

  it('says why there is no private result', async () => {
    const { asked, finish } = await begin({ private: true }, 'Banned prompt detected');
    discord().expire(asked);
    finish();
    expect((await notice()).content).toContain("Your private task didn't work out.");
    expect(inGeneral()).toEqual([]);
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
