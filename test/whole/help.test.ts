import { describe, expect, it } from 'vitest';
import { kinds } from '../../sandbox/index.ts';
import { textOf, useSharedSandbox } from '../helpers/whole.ts';

/** Which of its commands each kind can't do. */
const missing: Readonly<Record<string, readonly string[]>> = {
  '4allapi': [],
  yutoai: ['edit', 'swap'],
  mjproxy: [],
  acedata: ['swap'],
  apixo: ['blend', 'describe', 'shorten', 'video', 'swap'],
  aigc2d: ['shorten', 'edit', 'video', 'swap'],
};

describe.each(kinds)('/help with %s', (kind) => {
  const whole = useSharedSandbox({ kind });

  it('shows one person what works here, for which price, and what they have left', async () => {
    const { member, administrator } = whole.sandbox.discord.world.people;
    await whole.picture(await whole.imagine('a fox', {}, member));
    const card = await whole.reply(await whole.run('help', {}, member), 'What works here');
    expect(card.visibleTo).toBe(member);
    const named = [...(card.embeds[0]?.description ?? '').matchAll(/^`\/([a-z]+)/gm)].map(([, name]) => name);
    const hasSeeds = ['4allapi', 'mjproxy', 'acedata'].includes(kind);
    expect((card.embeds[0]?.description ?? '').includes('`/task seed`')).toBe(hasSeeds);
    const all = ['imagine', 'blend', 'describe', 'shorten', 'edit', 'video', 'swap'];
    expect(all.filter((name) => !named.includes(name))).toEqual(missing[kind]);
    expect(named).not.toContain('quota');
    const fields = Object.fromEntries((card.embeds[0]?.fields ?? []).map(({ name, value }) => [name, value]));
    const account = await whole.reply(await whole.run('account show', {}, member), 'Prices');
    const prices = account.embeds[0]?.fields?.find(({ name }) => name === 'Prices')?.value;
    expect(fields['Prices']).toBe(prices);
    expect(fields['Versions']).toContain(
      kind === 'apixo'
        ? 'takes version 7.'
        : 'takes versions 8.2, 8.1, 7, 6.1, 6, 5.2, niji 7, niji 6, and niji 5.',
    );
    expect(fields['Your points']).toContain('You have 1,900 points left.');
    const theirs = await whole.reply(await whole.run('help', {}, administrator), 'What works here');
    expect(theirs.embeds[0]?.description).toContain('`/quota`');
  });
});

describe('/help on a server where the bot may not work', () => {
  const whole = useSharedSandbox({}, { ALLOWED_GUILDS: '123456789012345678' });

  it('says only that', async () => {
    const reply = await whole.reply(await whole.run('help'), "This bot isn't set up for this server.");
    expect(textOf(reply)).not.toContain('What works here');
  });
});
