import { describe, expect, it } from 'vitest';
import { chargeOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

describe("a button under a relaxed picture, where the gateway isn't told a speed by its path", () => {
  const whole = useSandbox({ kind: '4allapi' });

  it('runs at fast speed, costs that, and says so', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox', { speed: 'relax' }));
    expect(chargeOf(grid)).toBe('Relax · 40 points');
    expect(grid.embeds[0]?.footer?.text).toMatch(/ · 40 points · U\s50 · V\s100 · 🔄\s100$/u);
    const varied = await whole.picture(await whole.press(grid, 'V2'));
    expect(chargeOf(varied)).toBe('Fast · 100 points');
    expect(textOf(varied)).toContain('The provider does this at `fast` speed, not `relax`.');
    expect(JSON.stringify(whole.sandbox.provider.submits.at(-1)?.body)).not.toMatch(/relax/iu);
    expect(await whole.points()).toBe('1,860 points');
  });
});

describe('a button under a relaxed picture, where the path says the speed', () => {
  const whole = useSandbox({ kind: 'yutoai' });

  it('runs at that speed, and costs that', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox', { speed: 'relax' }));
    const varied = await whole.picture(await whole.press(grid, 'V2'));
    expect(grid.embeds[0]?.footer?.text).toMatch(/ · U\s20 · V\s40 · 🔄\s40$/u);
    expect(chargeOf(varied)).toBe('Relax · 40 points');
    expect(await whole.points()).toBe('1,920 points');
  });
});

describe('prices that the operator sets', () => {
  const whole = useSandbox();

  it('are charged, shown, and named in a refusal', async () => {
    const prices = 'imagine=120,upscale=7,relax=50';
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_PRICES: prices });
    const grid = await whole.picture(await whole.imagine('a fox', { speed: 'relax' }));
    expect(chargeOf(grid)).toBe('Relax · 60 points');
    const single = await whole.picture(await whole.press(grid, 'U2'));
    expect(chargeOf(single)).toBe('Fast · 7 points');
    expect(await whole.points()).toBe('1,933 points');
    const { administrator, member } = whole.sandbox.discord.world.people;
    const set = await whole.run('quota set', { person: member, points: 186 }, administrator);
    await whole.reply(set, '**Allowance:** 2,000 points → 186 points');
    await whole.reply(await whole.imagine('a hare'), 'This costs 120 points, and you have 119 left');
  });
});

describe('a bot that serves any server', () => {
  const whole = useSandbox();

  it('starts with a warning unless a server has a limit', async () => {
    const warns = (lines: readonly string[]) => lines.some((line) => line.includes('SERVER_BUDGET_POINTS'));
    const open = await whole.sandbox.startBot({ ...quick, ALLOWED_GUILDS: '*' });
    expect(warns(open.lines)).toBe(true);
    await open.end();
    const limited = { ...quick, ALLOWED_GUILDS: '*', SERVER_BUDGET_POINTS: '5000' };
    expect(warns((await whole.sandbox.startBot(limited)).lines)).toBe(false);
  });
});
