import { describe, expect, it } from 'vitest';
import { refusedWith } from '../../sandbox/discord/index.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const times = Number.POSITIVE_INFINITY;

describe('a message that Discord refuses in every form', () => {
  it.each([
    ['a form of ours', 50_035],
    ['what is in it', 240_000],
  ])('is refunded, and its person is told, for %s', async (_, code) => {
    const bot = await whole.sandbox.startBot(quick);
    const { discord } = whole.sandbox;
    discord.trouble.rules.push({ match: /^PATCH .*@original$/, times, do: refusedWith(400, code) });
    const asked = await whole.imagine('a fox');
    const { general } = discord.world.channels;
    const told = await discord.until(
      () => discord.messages(general.id).find((message) => textOf(message).includes('refuses to show it')),
      { what: 'a message that says so', timeoutMs: 15_000 },
    );
    expect(told.content).toContain(`<@${asked.person.id}>`);
    expect(told.content).toContain('Your 100 points are back.');
    expect(await whole.points()).toBe('2,000 points');
    await bot.line('Discord refuses to show a result in any form');
    discord.trouble.clear();
    await whole.picture(await whole.imagine('a hare'));
    expect(whole.sandbox.provider.submits).toHaveLength(2);
  });

  it.each([
    [50_001, 'View Channel'],
    [50_013, 'Attach Files'],
  ])('is only late if a permission was missing for a moment (%i)', async (code, advice) => {
    const bot = await whole.sandbox.startBot(quick);
    const { discord } = whole.sandbox;
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const asked = await whole.imagine('a fox');
    await bot.line('accepted by the provider');
    await discord.until(() => asked.message);
    discord.trouble.rules.push({ match: /^PATCH .*@original$/, times, do: refusedWith(403, code) });
    whole.sandbox.provider.trouble.clear();
    await bot.line(advice);
    discord.trouble.clear();
    await whole.picture(asked);
    expect(await whole.points()).toBe('1,900 points');
  });

  it('is charged if people removed it themselves', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { discord } = whole.sandbox;
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const asked = await whole.imagine('a fox');
    await bot.line('accepted by the provider');
    const shown = await discord.until(() => asked.message);
    discord.remove(shown);
    whole.sandbox.provider.trouble.clear();
    await bot.line('not delivered, for good');
    expect(await whole.points()).toBe('1,900 points');
  });
});
