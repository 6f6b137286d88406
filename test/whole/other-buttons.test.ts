import { describe, expect, it } from 'vitest';
import { buttonsOf, type Message, selectsOf } from '../../sandbox/discord/index.ts';
import type { SandboxOptions } from '../../sandbox/index.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import { labelsOf, quick, textOf, useSandbox, type Whole } from '../helpers/whole.ts';

/** Only the stand-ins of the midjourney-proxy family have habits. */
function having(kind: 'mjproxy' | 'yutoai', habits: Partial<Habits>): SandboxOptions {
  return { kind, provider: { habits } as SandboxOptions['provider'] & object };
}

/** The ids that were sent with presses, in order. */
function pressedIds(whole: Whole): unknown[] {
  const { submits } = whole.sandbox.provider;
  return submits.filter(({ kind }) => kind === 'action').map(({ body }) => body['customId']);
}

/** What a message offers in its menu. */
function choicesOf(message: Message): { label: string; value: string }[] {
  return selectsOf(message).flatMap((select) => ('options' in select ? (select.options ?? []) : []));
}

const tune = {
  customId: ' MJ::Tune::"it"\u202e::é::e\u0301 ',
  label: 'Tune',
  emoji: '🎨',
  type: 2,
  style: 3,
};
const hostile = [
  { customId: '', label: 'No id' },
  { label: 'No id either' },
  { customId: 7, label: 'A number' },
  null,
  'a text',
  { customId: 'MJ::Web::1', label: 'Web', style: 5 },
  { customId: 'MJ::__proto__::1', label: '__proto__' },
  { customId: 'MJ::constructor::1', label: { toString: 1 }, style: { valueOf: 1 }, type: null },
  { customId: 'MJ::Long::1', label: 'long '.repeat(100) },
  { customId: 'MJ::Rtl::1', label: '\u202eשלום' },
  { customId: 'MJ::Foreign::1', label: '', emoji: '<:fox:123456789012345678>' },
  { customId: 'MJ::Named::1', label: '', emoji: { id: '123456789012345678', name: 'fox' } },
  { customId: 'MJ::Everyone::1', label: '@everyone `now` **b**' },
];
const many = Array.from({ length: 40 }, (_, index) => ({
  customId: `MJ::Many::${index}::many`,
  label: 'Twin',
}));

describe('buttons that nobody has heard of', () => {
  const whole = useSandbox(having('mjproxy', { moreButtons: [tune, ...hostile] }));

  it('are shown harmless or left out, and go back as they came', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const labels = labelsOf(grid);
    expect(labels.slice(0, 9)).toEqual(['U1', 'U2', 'U3', 'U4', '🔄', 'V1', 'V2', 'V3', 'V4']);
    expect(
      [...labels.slice(9), ...choicesOf(grid).map(({ label }) => label)].filter(
        (one) => one !== '❤️' && one !== '🗑️',
      ),
    ).toEqual([
      'Tune',
      '__proto__',
      'Constructor 1',
      `${'long '.repeat(15)}long…`,
      '\u2068שלום\u2069',
      'Foreign 1',
      'Named 1',
      '@everyone `now` **b**',
    ]);
    expect(buttonsOf(grid).find((button) => 'label' in button && button.label === 'Tune')).toMatchObject({
      style: 3,
      emoji: { name: '🎨' },
    });
    expect(grid.embeds[0]?.footer?.text).toMatch(/ · Other\s100$/u);
    const tuned = await whole.picture(await whole.press(grid, 'Tune'));
    expect(tuned.content).toContain('a fox** - Tune by <@');
    const loud = await whole.picture(await whole.press(grid, '@everyone `now` **b**'));
    expect(loud.content).toContain(' - \\@everyone ˋnowˋ \\*\\*b\\*\\* by <@');
    await whole.picture(await whole.press(grid, '__proto__'));
    expect(pressedIds(whole)).toEqual([tune.customId, 'MJ::Everyone::1', 'MJ::__proto__::1']);
    expect(await whole.points()).toBe('1,600 points');
  });

  it('are one task for two presses at once, and anybody may press them', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const { otherMember } = whole.sandbox.discord.world.people;
    const twice = await Promise.all([whole.press(grid, 'Tune'), whole.press(grid, 'Tune')]);
    await Promise.all(twice.map(({ acknowledged }) => acknowledged));
    await whole.picture(await whole.press(grid, 'Tune', otherMember));
    expect(await whole.points()).toBe('1,800 points');
    expect(await whole.points(otherMember)).toBe('1,900 points');
    expect(pressedIds(whole)).toEqual([tune.customId, tune.customId]);
  });
});

describe('40 buttons of a gateway', () => {
  const whole = useSandbox(having('mjproxy', { moreButtons: many }));

  it('have room in a menu, whose choices do what they say', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const choices = choicesOf(grid);
    expect(choices).toHaveLength(25);
    const [button] = buttonsOf(grid).filter((one) => 'label' in one && one.label === 'Twin');
    expect(button).toBeDefined();
    const { discord } = whole.sandbox;
    const last = choices.at(-1)?.value ?? '';
    const chosen = await discord.choose({
      person: discord.world.people.member,
      message: grid,
      values: [last],
    });
    await whole.picture(chosen);
    // Nine come before them.
    expect(pressedIds(whole)).toEqual([many[Number(last) - 9]?.customId]);
  });
});

describe('a button that asks for a window', () => {
  const whole = useSandbox(having('yutoai', { moreButtons: [{ customId: 'MJ::window::1', label: 'Tune' }] }));

  it('gets one, and what is typed there is what is made', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const asked = await whole.press(grid, 'Tune');
    const asking = await whole.reply(asked, 'has a question before it starts');
    await whole.send(await whole.press(asking, 'Answer'), { prompt: 'a hare' });
    await whole.picture(asked);
    expect(pressedIds(whole)).toEqual(['MJ::window::1']);
    expect(whole.sandbox.provider.submits.at(-1)).toMatchObject({ kind: 'modal', prompt: 'a hare' });
    expect(await whole.points()).toBe('1,800 points');
  });
});

describe('a button that makes nothing to show', () => {
  const whole = useSandbox(
    having('mjproxy', { moreButtons: [{ customId: 'MJ::nothing::1', label: 'Like' }] }),
  );

  it('ends with a sentence, and is paid for', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const liked = await whole.reply(
      await whole.press(grid, 'Like'),
      "it didn't return an image or any text.",
    );
    expect(labelsOf(liked)).toEqual(['❤️', '🗑️']);
    expect(liked.embeds[0]?.footer?.text).toMatch(/100 points$/);
    expect(await whole.points()).toBe('1,800 points');
  });
});

describe('a button that costs more than a fifth', () => {
  const whole = useSandbox(having('mjproxy', { moreButtons: [tune] }));

  it('says so first, under its own name', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_PRICES: 'other=500' });
    const grid = await whole.picture(await whole.imagine('a fox'));
    const asked = await whole.press(grid, 'Tune');
    await whole.reply(
      asked,
      'Tune will cost 500 points, and you have 1,900 left. Nothing has been charged yet.',
    );
    expect(pressedIds(whole)).toEqual([]);
    await whole.picture(await whole.agreed(asked));
    expect(pressedIds(whole)).toEqual([tune.customId]);
    expect(await whole.points()).toBe('1,400 points');
  });
});

describe('a button that its gateway refuses', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('costs nothing', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const single = await whole.picture(await whole.press(grid, 'U1'));
    const message = await whole.reply(await whole.press(single, 'Bookmark'), 'points are back');
    expect(textOf(message)).toContain('未知的 Action 类型');
    expect(await whole.points()).toBe('1,890 points');
  });
});

describe.each(['mjproxy', 'yutoai'] as const)('prompts that were found with %s', (kind) => {
  const whole = useSandbox({ kind });

  it('can be found again, or all be imagined at once, for what is said before', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
    const described = await whole.reply(await whole.run('describe', { image }), '**4.**');
    expect(described.embeds[0]?.footer?.text).toMatch(/50 points · 🔄\s50 · 🎉\s400$/u);
    expect(await whole.points()).toBe('1,850 points');
    const again = await whole.reply(await whole.press(described, '🔄'), '**4.**');
    expect(again.content).toMatch(/^\*\*Describe again\*\* - <@/);
    expect(labelsOf(again)).toEqual(labelsOf(described));
    expect(await whole.points()).toBe('1,800 points');
    const all = await whole.picture(await whole.press(described, 'Imagine all'));
    expect(all.content).toMatch(/^\*\*Imagine all\*\* - <@/);
    expect(labelsOf(all)).toEqual(['U1', 'U2', 'U3', 'U4', '❤️', '🗑️']);
    expect(await whole.points()).toBe('1,400 points');
    expect(pressedIds(whole)).toEqual(['MJ::Picread::Retry', 'MJ::Job::PicReader::all']);
    const third = await whole.picture(await whole.press(all, 'U3'));
    expect(third.attachments[0]?.bytes).not.toEqual(all.attachments[0]?.bytes);
    expect(await whole.points()).toBe('1,400 points');
  });
});
