import { describe, expect, it } from 'vitest';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'aigc2d' });

describe('aigc2d', () => {
  it('tells the operator what to set where there is no AIGC2D, and the person no more than that', async () => {
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('submit', { do: 'refuse', as: 'not-found' });
    const message = await whole.reply(await whole.imagine('a fox'), 'in an unknown form');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(textOf(message)).not.toContain('PROVIDER_');
    const line = await bot.line('the account cannot be used');
    expect(line).toContain('PROVIDER_MAIN_ROUTES');
    expect(line).toContain('suspended in October 2023');
  });
});
