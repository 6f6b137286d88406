import { describe, expect, it } from 'vitest';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

describe('a gateway that answers nonsense', () => {
  it.each([
    ['no-quota', 'no credit left at the provider'],
    ['unauthorized', "doesn't accept the bot's key"],
    ['banned', 'The provider turned this down'],
  ])('%s', async (as, sentence) => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('submit', { do: 'refuse', as });
    await whole.reply(await whole.imagine('a fox'), sentence);
    expect(await whole.points()).toBe('2,000 points');
  });

  it.each(['truncated', 'html', 'empty', 'huge', 'cut-short'] as const)(
    '%s: the outcome is unknown, so nothing is sent again',
    async (how) => {
      const bot = await whole.sandbox.startBot({ ...quick, TASK_TIMEOUT_MS: '1500' });
      whole.sandbox.provider.trouble.next('submit', { do: 'garble', how });
      const asked = await whole.imagine('a fox');
      await bot.line("the provider's answer to a submit was lost");
      const message = await whole.reply(asked, 'The outcome is unknown');
      expect(textOf(message)).toContain('Your 100 points are back.');
      expect(whole.sandbox.provider.submits).toHaveLength(1);
      expect(await whole.points()).toBe('2,000 points');
    },
  );

  it('garbled looks change nothing', async () => {
    await whole.sandbox.startBot(quick);
    for (const how of ['truncated', 'html-502'] as const) {
      whole.sandbox.provider.trouble.next('look', { do: 'garble', how });
    }
    await whole.picture(await whole.imagine('a fox'));
    expect(whole.sandbox.provider.submits).toHaveLength(1);
  });

  it('an id above 2^53 stays exact', async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('submit', { do: 'garble', how: 'number-ids' });
    await whole.picture(await whole.imagine('a fox'));
  });
});
