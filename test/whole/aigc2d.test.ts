import { describe, expect, it } from 'vitest';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'aigc2d' });

describe('aigc2d', () => {
  it('tells the operator what to set if there is no AIGC2D, and keeps the person out of it', async () => {
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('submit', { do: 'refuse', as: 'not-found' });
    const message = await whole.reply(await whole.imagine('a fox'), "a response that the bot can't read");
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(textOf(message)).not.toContain('PROVIDER_');
    const line = await bot.line('the account cannot be used');
    expect(line).toContain('PROVIDER_MAIN_ROUTES');
    expect(line).toContain('suspended in October 2023');
  });
});

describe("a price that AIGC2D's receipts contradict", () => {
  it('is reported to operators, in the log and by /settings accounts, even after a restart', async () => {
    const { discord } = whole.sandbox;
    const { administrator: operator } = discord.world.people;
    const environment = { ...quick, OPERATOR_IDS: operator.id, PROVIDER_MAIN_PRICES: 'imagine=150' };
    const accounts = async () =>
      discord.run({
        person: operator,
        channel: discord.world.channels.general,
        command: 'settings',
        subcommand: 'accounts',
        options: {},
      });
    const sentence = '**Imagine** costs 100 points there but 150 here.';
    const bot = await whole.sandbox.startBot(environment);
    for (let count = 1; count <= 5; count += 1) {
      const warned = bot.lines.some((line) => line.includes('an API charges a different number of points'));
      expect(warned).toBe(false);
      await whole.picture(await whole.imagine(`fox ${count}`));
    }
    const line = await bot.line('an API charges a different number of points');
    expect(JSON.parse(line)).toMatchObject({ variable: 'PROVIDER_MAIN_PRICES', charged: 150, taken: 100 });
    await whole.reply(await accounts(), sentence);
    await bot.end();
    await whole.sandbox.startBot(environment);
    await whole.reply(await accounts(), sentence);
  });
});
