import { describe, expect, it } from 'vitest';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

describe('the process', () => {
  it('names five mistakes at once and exits with 1', async () => {
    const bot = whole.sandbox.launchBot({
      DISCORD_TOKEN: '',
      ALLOWED_GUILDS: 'here',
      PROVIDERS: 'main=nonsense',
      LOG_LEVEL: 'loud',
      POLL_MIN_MS: '-1',
    });
    expect(await bot.exited).toBe(1);
    for (const name of ['DISCORD_TOKEN', 'ALLOWED_GUILDS', 'PROVIDERS', 'LOG_LEVEL', 'POLL_MIN_MS']) {
      expect(bot.lines.filter((line) => line.trim().startsWith(`${name}:`))).toHaveLength(1);
    }
  });

  it('refuses a folder that another process owns', async () => {
    await whole.sandbox.startBot(quick);
    const second = whole.sandbox.launchBot(quick);
    expect(await second.exited).toBe(1);
    expect(second.lines.join('\n')).toContain('another process uses this data directory');
  });

  it('ends with a clear last line where Discord refuses the token', async () => {
    const bot = whole.sandbox.launchBot({ ...quick, DISCORD_TOKEN: 'MTU3.wrong.token' });
    expect(await bot.exited).toBe(1);
    expect(bot.lines.join('\n')).toContain('look at DISCORD_TOKEN');
  });

  it('writes no secret, whatever goes wrong', async () => {
    const bot = await whole.sandbox.startBot({ ...quick, LOG_LEVEL: 'trace' });
    whole.sandbox.provider.trouble.next('submit', { do: 'refuse', as: 'unauthorized' });
    const refused = await whole.imagine('a fox');
    await whole.reply(refused, 'refused');
    const shown = await whole.picture(await whole.imagine('a hare with a secret'));
    await bot.end();
    const output = bot.lines.join('\n');
    for (const secret of [
      whole.sandbox.discord.token,
      whole.sandbox.provider.key,
      refused.token,
      'a hare with a secret',
    ]) {
      expect(output).not.toContain(secret);
    }
    expect(shown.attachments).toHaveLength(1);
  });
});
