import { describe, expect, it } from 'vitest';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

describe.each([
  ['4allapi', { remix: true }],
  ['yutoai', {}],
  ['mjproxy', {}],
] as const)('Remix at %s', (kind, habits: Partial<Habits>) => {
  const whole = useSandbox({ kind });

  it('asks for the prompt of V, and sends the changed one once, after a restart', {
    timeout: 40_000,
  }, async () => {
    const { provider, discord } = whole.sandbox;
    if ('habits' in provider) Object.assign(provider.habits as Habits, habits);
    const { member, otherMember } = discord.world.people;
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    await (await whole.run('preferences set', { remix: true })).acknowledged;
    const pressed = await whole.press(grid, 'V2');
    expect((await pressed.acknowledged).type).toBe(9);
    expect(pressed.modal?.title).toBe('Remix');
    expect(JSON.stringify(pressed.modal)).toContain('"value":"a fox"');
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    provider.setPace(1);
    const sent = await whole.send(pressed, { prompt: 'a hare' });
    await sent.acknowledged;
    const values = { prompt: 'a hare' };
    const again = await discord.submit({ person: member, interaction: pressed, values, forge: {} });
    await whole.reply(again, 'already');
    provider.setPace(0.001);
    const made = await whole.picture(sent);
    expect(textOf(made)).toContain('**a hare** - Variations');
    const ours = () => provider.submits.filter(({ prompt }) => prompt === 'a hare');
    expect(ours()).toHaveLength(1);
    expect(provider.submits.every(({ repeats }) => repeats === 0)).toBe(true);
    // Another person hasn't asked for it.
    if (kind !== '4allapi') {
      const plain = await whole.press(grid, 'V2', otherMember);
      expect((await plain.acknowledged).type).toBe(5);
      expect(textOf(await whole.picture(plain))).toContain('**a fox** - Variations');
    }
    expect(await whole.points(member)).toBe(kind === 'mjproxy' ? '1,850 points' : '1,800 points');
  });
});

describe('Remix', () => {
  const whole = useSandbox({ kind: '4allapi' });

  it('says so if the API used the old prompt, and opens no window there again', {
    timeout: 40_000,
  }, async () => {
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    await (await whole.run('preferences set', { remix: true })).acknowledged;
    const pressed = await whole.press(grid, 'V1');
    const made = await whole.picture(await whole.send(pressed, { prompt: 'a hare' }));
    expect(textOf(made)).toContain(
      "The provider didn't ask for your changed prompt, and used the one above.",
    );
    expect(textOf(made)).toContain('**a fox** - Variations');
    expect(textOf(made)).not.toContain('hare');
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    expect((await (await whole.press(grid, 'V2')).acknowledged).type).toBe(5);
    const shown = await whole.run('preferences show');
    expect(textOf(await whole.reply(shown, 'Remix'))).toContain('Here, Remix only works with 🔄 and zoom:');
  });

  it('refuses a changed prompt that has no price, and charges nothing', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    await (await whole.run('preferences set', { remix: true })).acknowledged;
    const refused = await whole.send(await whole.press(grid, 'V1'), { prompt: 'a hare --turbo' });
    await whole.reply(refused, '--turbo');
    const doubtful = await whole.send(await whole.press(grid, 'V1'), { prompt: 'a hare --stlize 50' });
    await whole.reply(doubtful, '--stylize');
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
  });
});

describe.each(['acedata', 'mjproxy'] as const)('🔄 under Remix at %s', (kind) => {
  const whole = useSandbox({ kind });

  it('makes a new image with the changed prompt', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox --ar 3:2'));
    await (await whole.run('preferences set', { remix: true })).acknowledged;
    const pressed = await whole.press(grid, '🔄');
    await pressed.acknowledged;
    expect(pressed.modal?.title).toBe('Remix');
    const made = await whole.picture(await whole.send(pressed, { prompt: 'a hare --ar 2:3' }));
    expect(made.content).toContain('**a hare --ar 2');
    expect(whole.sandbox.provider.submits.at(-1)).toMatchObject({ prompt: 'a hare --ar 2:3' });
    expect(await whole.points()).toBe('1,800 points');
  });
});
