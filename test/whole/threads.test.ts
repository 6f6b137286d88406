import { describe, expect, it } from 'vitest';
import type { BotProcess } from '../../sandbox/bot.ts';
import type { Interaction } from '../../sandbox/discord/index.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;
const thread = () => discord().world.channels.thread;
const inThread = () => discord().messages(thread().id);

/** A task that runs in the thread, whose token has expired meanwhile, and whose provider has no news yet. */
async function startLongTask(): Promise<{ bot: BotProcess; asked: Interaction; finish: () => void }> {
  const bot = await whole.sandbox.startBot(quick);
  const { provider } = whole.sandbox;
  provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
  const { member: person } = discord().world.people;
  const options = { prompt: 'a fox' };
  const asked = await discord().run({ person, channel: thread(), command: 'imagine', options });
  await bot.line('accepted by the provider');
  discord().expire(asked);
  return { bot, asked, finish: () => provider.trouble.clear() };
}

describe('a thread', () => {
  it('that was archived is opened for the result, and its person told once', async () => {
    const { asked, finish } = await startLongTask();
    thread().archived = true;
    finish();
    await whole.picture(asked);
    const others = inThread().filter((message) => message !== asked.message);
    expect(others.map(({ content }) => content)).toEqual([`<@${asked.person.id}> Your result is ready.`]);
    expect(thread().archived).toBe(false);
  });

  it('that was archived while the token is valid is opened, too', async () => {
    const { asked, finish } = await startLongTask();
    asked.expired = false;
    thread().archived = true;
    finish();
    await whole.picture(asked);
  });

  it.each([true, false])('that was locked (archived: %s) waits until it is unlocked', async (archived) => {
    const { bot, asked, finish } = await startLongTask();
    Object.assign(thread(), { archived, locked: true });
    finish();
    await bot.line('unlock it, or let the bot manage threads');
    expect(inThread()).toEqual([asked.message]);
    expect(textOf(asked.message)).not.toContain('refuses');
    thread().locked = false;
    await whole.picture(asked);
    expect(await whole.points()).toBe('1,900 points');
  });

  it('that was deleted is looked for again, because it may only be hidden', async () => {
    const { bot, finish } = await startLongTask();
    discord().world.removeChannel(thread());
    finish();
    await bot.line('the channel is gone, or hidden from the bot');
    expect(await whole.points()).toBe('1,900 points');
  });
});
