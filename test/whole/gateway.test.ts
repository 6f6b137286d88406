import { describe, expect, it } from 'vitest';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;

describe('something in between that refuses instead of Discord', () => {
  it.each([401, 403, 404])('ends nothing, and is waited out: a web page with %i', async (status) => {
    const body = '<html>Log in to the guest network</html>';
    discord().trouble.rules.push({
      match: /^GET \/gateway\/bot$/,
      do: { type: 'answer', answer: { status, body } },
    });
    const bot = whole.sandbox.launchBot(quick);
    expect(await bot.line('Discord cannot be reached')).toContain(
      `something other than Discord answered ${status}`,
    );
    await bot.line('"msg":"ready"');
    await whole.picture(await whole.imagine('a fox'));
  });
});

describe('a gateway that starts no session', () => {
  it.each([
    ['op 9', 'invalid-session', { reason: 'Discord refused the session' }],
    ['a close with 4000', 4_000, { code: 4_000 }],
  ] as const)('%s: the bot connects once it does, and the log reports both', async (_, how, loss) => {
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

  it("isn't asked endlessly", { timeout: 90_000 }, async () => {
    discord().gateway.answerIdentify('invalid-session');
    const bot = whole.sandbox.launchBot(quick);
    await bot.line('the next one starts after a pause');
    expect(discord().sessionStarts.list).toHaveLength(5);
    expect(bot.lines.filter((line) => line.includes('gateway connection'))).toHaveLength(1);
    expect(await bot.end()).toBe(0);
  });

  it('is left alone until the reset if no session is left, at the first start and later', async () => {
    const { sessionStarts, trouble, gateway } = discord();
    const limit = { total: 1_000, remaining: 0, reset_after: 100, max_concurrency: 1 };
    const answer = { status: 200, body: { url: discord().url, shards: 1, session_start_limit: limit } };
    const sayNoneLeft = (times: number) =>
      trouble.rules.push({ match: /^GET \/gateway\/bot$/, times, do: { type: 'answer', answer } });
    sayNoneLeft(2); // the first start checks that Discord is there
    const bot = whole.sandbox.launchBot(quick);
    const told = () =>
      bot.lines.filter((line) => line.includes('lets this bot start no more sessions today'));
    await bot.line('"msg":"ready"');
    expect(told()).toHaveLength(1);
    expect(sessionStarts.list).toHaveLength(1);
    expect(sessionStarts.list[0]).toBeGreaterThanOrEqual(Date.parse(JSON.parse(told()[0] ?? '').resetsAt));
    sayNoneLeft(1);
    gateway.invalidate(false);
    await bot.line('the gateway connection is back');
    await whole.picture(await whole.imagine('a fox'));
    expect(told()).toHaveLength(2);
    expect(sessionStarts.list[1]).toBeGreaterThanOrEqual(Date.parse(JSON.parse(told()[1] ?? '').resetsAt));
  });
});
