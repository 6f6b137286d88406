import { describe, expect, it } from 'vitest';
import type { Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox, useSharedSandbox } from '../helpers/whole.ts';

describe('HD', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });
  let people = 0;
  function person(): Person {
    const { world } = whole.sandbox.discord;
    people += 1;
    return world.addPerson({ name: `Ida ${people}`, guilds: [world.guild] });
  }

  it('is an option with a price of its own, and so is what is made from the picture', async () => {
    const ida = person();
    const grid = await whole.picture(await whole.imagine('a fox', { hd: true, version: '8.2' }, ida));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('a fox --v 8.2 --hd');
    expect(textOf(grid)).toContain('163 points');
    expect(await whole.points(ida)).toBe('1,837 points');
    await whole.picture(await whole.press(grid, '🔄', ida));
    expect(await whole.points(ida)).toBe('1,674 points');
  });

  it('is what the text says if the option says something else, and may be switched off', async () => {
    const ida = person();
    const asked = await whole.imagine('a fox --sd', { hd: true }, ida);
    const told = await whole.reply(asked, "The prompt has `--sd`, so the `hd` option doesn't count.");
    await whole.picture(await whole.press(told, 'Use the corrected prompt', ida));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('a fox --sd');
    await whole.picture(await whole.imagine('a fox', { hd: false }, ida));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('a fox');
    expect(await whole.points(ida)).toBe('1,800 points');
  });

  it('is refused in edits and videos before anything is charged', async () => {
    const ida = person();
    const grid = await whole.picture(await whole.imagine('a fox', {}, ida));
    const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
    const before = whole.sandbox.provider.submits.length;
    const edit = await whole.run('edit', { image, prompt: 'a hat --hd' }, ida);
    await whole.reply(edit, 'This bot has no price for `--hd`. Nothing was charged.');
    const video = await whole.run('video', { image, prompt: 'it waves --hd' }, ida);
    await whole.reply(video, "Videos don't support `--hd`.");
    expect(whole.sandbox.provider.submits).toHaveLength(before);
    expect(await whole.points(ida)).toBe('1,900 points');
  });
});

describe('HD at an API that publishes no price for it', () => {
  const whole = useSandbox({ kind: '4allapi' });

  it('is made once its person agrees to the estimate, even after a restart in between', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const asked = await whole.imagine('a fox', { hd: true });
    const question = await whole.reply(asked, "doesn't say what `--hd` costs, so this price is an estimate.");
    expect(question.content).toContain('163 points');
    expect(labelsOf(question)).toContain('Pay 163 points');
    expect(await whole.points()).toBe('2,000 points');
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.press(question, 'Pay 163 points'));
    expect(whole.sandbox.provider.submits.map(({ prompt }) => prompt)).toEqual(['a fox --hd']);
    expect(await whole.points()).toBe('1,837 points');
  });

  it('costs what the operator has set without a question', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_PRICES: 'hd=200' });
    await whole.picture(await whole.imagine('a fox', { hd: true }));
    expect(await whole.points()).toBe('1,800 points');
  });
});

describe('HD at Ace Data Cloud', () => {
  const whole = useSandbox({ kind: 'acedata' });

  it('is a field as well, which is what is billed', async () => {
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.agreed(await whole.imagine('a fox', { hd: true, version: '8.2' })));
    const body = whole.sandbox.provider.requests.find(({ path }) => path.endsWith('/imagine'))?.body;
    expect(body).toMatchObject({ prompt: 'a fox --v 8.2 --hd', hd: true, version: '8.2' });
    expect(await whole.points()).toBe('1,600 points');
  });
});
