import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import { chargeOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const habits: Partial<Habits> = { ownSpeed: 'relax' };
const warning = 'another speed than it was asked for';

describe('an API whose account is set to relaxed', () => {
  const whole = useSandbox({
    kind: 'mjproxy',
    provider: { habits } as SandboxOptions['provider'] & object,
  });

  it('is told to make a fast picture fast', async () => {
    const bot = await whole.sandbox.startBot(quick);
    await whole.picture(await whole.imagine('a red fox'));
    expect(whole.sandbox.provider.submits[0]).toMatchObject({ prompt: 'a red fox' });
    expect(bot.lines.filter((line) => line.includes(warning))).toEqual([]);
  });

  it('is told to the operator once if it runs fast tasks relaxed, without their words', async () => {
    const bot = await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_FILTER: 'modes=off' });
    await whole.picture(await whole.imagine('a red fox'));
    await whole.picture(await whole.imagine('a blue fox'));
    const warnings = bot.lines.filter((line) => line.includes(warning));
    expect(warnings).toEqual([expect.stringContaining('"asked":"fast","ran":"relax"')]);
    expect(warnings[0]).not.toContain('fox');
  });
});

describe('an account that has turbo, as its operator says', () => {
  const whole = useSandbox({ kind: '4allapi' });

  it('takes it, at its price, and only then', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_SPEEDS: 'fast,turbo' });
    const made = await whole.picture(await whole.imagine('a red fox', { speed: 'turbo' }));
    expect(textOf(made)).toContain('Turbo');
    expect(whole.sandbox.provider.submits[0]).toMatchObject({ prompt: 'a red fox --turbo' });
    expect(await whole.points()).toBe('1,800 points');
    await whole.reply(await whole.imagine('a red fox', { speed: 'relax' }), 'elax');
    expect(whole.sandbox.provider.submits).toHaveLength(1);
  });
});

describe('an account that has no fast speed, as its operator says', () => {
  const whole = useSandbox({ kind: '4allapi' });

  it('does its buttons, and what has no choice of speeds, at the one that it has, for its price', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_SPEEDS: 'relax' });
    const grid = await whole.picture(await whole.imagine('a red fox', { speed: 'relax' }));
    await whole.picture(await whole.press(grid, 'V1'));
    const [, variation] = whole.sandbox.provider.submits;
    expect(variation?.body).toMatchObject({ accountFilter: { modes: ['RELAX'] } });
    expect(await whole.points()).toBe('1,920 points');
    const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
    const described = await whole.reply(await whole.run('describe', { image }), '**4.**');
    expect(chargeOf(described)).toBe('Relax · 20 points');
    await whole.reply(await whole.run('shorten', { prompt: 'a very red fox' }), 'fox');
    expect(whole.sandbox.provider.submits[2]?.body).toMatchObject({ accountFilter: { modes: ['RELAX'] } });
    expect(await whole.points()).toBe('1,860 points');
    await whole.reply(await whole.run('blend', { image1: image, image2: image }), 'no `fast` speed');
    expect(whole.sandbox.provider.submits).toHaveLength(4);
  });
});

describe('a filter of the operator', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('comes with tasks and buttons', async () => {
    const filter = 'instanceId=1118138338562560102,remark=for the bot,remix=off,chooseSameChannel=on';
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_FILTER: filter });
    const grid = await whole.picture(await whole.imagine('a red fox'));
    await whole.picture(await whole.press(grid, 'U2'));
    const accountFilter = {
      instanceId: '1118138338562560102',
      remark: 'for the bot',
      remix: false,
      modes: ['FAST'],
    };
    const bodies = whole.sandbox.provider.submits.map(({ body }) => body);
    expect(bodies).toMatchObject([{ accountFilter }, { accountFilter, chooseSameChannel: true }]);
  });
});
