import { describe, expect, it } from 'vitest';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;

describe('a gateway that starts no session', () => {
  it.each([
    ['op 9', 'invalid-session', { reason: 'Discord refused the session' }],
    ['a close with 4000', 4_000, { code: 4_000 }],
  ] as const)('%s: the bot is there once it does, and the log tells both', async (_, how, loss) => {
    discord().gateway.answerIdentify(how);
    const bot = whole.sandbox.launchBot(quick);
    const lost = await bot.line('the gateway connection was lost');
    expect(JSON.parse(lost)).toMatchObject({ level: 'warn', ...loss });
    discord().gateway.answerIdentify('ready');
    await bot.line('the gateway connection is back');
    await bot.line('"msg":"ready"');
    await whole.picture(await whole.imagine('a fox'));
    expect(bot.lines.filter((line) => line.includes('connection was lost'))).toHaveLength(1);
  });

  it('is not asked without end', { timeout: 90_000 }, async () => {
    discord().gateway.answerIdentify('invalid-session');
    const bot = whole.sandbox.launchBot(quick);
    await bot.line('the next one is started after a pause');
    expect(discord().sessionStarts.list).toHaveLength(5);
    expect(bot.lines.filter((line) => line.includes('gateway connection'))).toHaveLength(1);
    expect(await bot.end()).toBe(0);
  });

  it('is left alone until the reset where no start is left, at the first one and later', async () => {
    const starts = discord().sessionStarts;
    Object.assign(starts, { remaining: 0, resetsAt: Date.now() + 3_000 });
    const bot = whole.sandbox.launchBot(quick);
    await bot.line('Discord lets this bot start no more sessions today');
    expect(starts.list).toEqual([]);
    await bot.line('"msg":"ready"');
    expect(starts.list).toHaveLength(1);
    // Its last one: what comes next is refused, until all are there again.
    Object.assign(starts, { remaining: 0, resetsAt: Date.now() + 3_000 });
    discord().gateway.invalidate(false);
    await bot.line('the gateway connection is back');
    await whole.picture(await whole.imagine('a fox'));
    expect(starts.list).toHaveLength(2);
  });
});
