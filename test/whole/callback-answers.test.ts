import { describe, expect, it } from 'vitest';
import { brokenGateway, silent } from '../../sandbox/discord/index.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

const callback = /^POST \/interactions\/.*\/callback$/;
const times = Number.POSITIVE_INFINITY;

describe('a Discord that accepts an answer without naming its message', () => {
  it.each([
    ['204', silent()],
    ['200 and a page', silent({ status: 200, body: '<html></html>' })],
    ['200 and a list', silent({ status: 200, body: [] })],
  ])('%s: the buttons of that message work, even after a restart', async (_, act) => {
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.discord.trouble.rules.push({ match: callback, times, do: act });
    const grid = await whole.picture(await whole.imagine('a fox'));
    const single = await whole.picture(await whole.press(grid, 'U1'));
    await bot.end();
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.press(single, 'Strong'));
    expect(whole.sandbox.provider.submits).toHaveLength(3);
  });

  it("makes the buttons work from an edit's answer, if it can't be asked for the message", async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.discord.trouble.rules.push(
      { match: callback, times, do: silent() },
      { match: /^GET .*@original$/, times, do: brokenGateway() },
    );
    const grid = await whole.picture(await whole.imagine('a fox'));
    await whole.picture(await whole.press(grid, 'U1'));
  });
});
