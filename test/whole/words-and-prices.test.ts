import { describe, expect, it } from 'vitest';
import type { Interaction, Person } from '../../sandbox/discord/index.ts';
import { useSharedSandbox } from '../helpers/whole.ts';

const whole = useSharedSandbox({ kind: 'mjproxy' });

let people = 0;
function aPerson(): Person {
  const { world } = whole.sandbox.discord;
  people += 1;
  return world.addPerson({ name: `Eve ${people}`, guilds: [world.guild] });
}

let pixels: Buffer | undefined;
/** A picture that somebody made earlier, as a file with that name. */
async function aFile(name: string) {
  if (pixels === undefined) {
    const grid = await whole.picture(await whole.imagine('a fox', {}, aPerson()));
    pixels = grid.attachments[0]?.bytes;
  }
  return { name, bytes: pixels ?? Buffer.alloc(0) };
}

type Values = NonNullable<Parameters<typeof whole.imagine>[1]>;

/** Runs a command, even with values that Discord would refuse; it must be refused, and cost nothing. */
async function expectRefused(command: string, options: Values, sentence: string): Promise<void> {
  const { discord, provider } = whole.sandbox;
  const person = aPerson();
  const before = provider.submits.length;
  const channel = discord.world.channels.general;
  const asked: Interaction = await discord.run({ person, channel, command, options, forge: true });
  const { content } = await whole.reply(asked, sentence);
  expect(content).toMatch(/Nothing (?:was|has been) charged/);
  expect(provider.submits).toHaveLength(before);
  expect(await whole.points(person)).toBe('2,000 points');
}

const speed =
  'would change the speed but not the price. Nothing was charged. Please take it out of the prompt.';
const jobs = 'would start several jobs at once';
const noPrice = (part: string) =>
  `This bot has no price for \`${part}\`. Nothing was charged. Please leave it out.`;

describe('words that cost more than their task are refused', () => {
  it.each([
    ['fox —repeat 40', jobs],
    ['fox –r 40', jobs],
    ['{red, blue {x}} fox', jobs],
    ['fox --re\u00adpeat 4', jobs],
    ['fox \ufe0f--repeat 4', jobs],
    ['fox,--repeat 4', jobs],
    [
      'fox --fast--turbo',
      '`--fast` and `--turbo` both set the speed. Nothing was charged. Please keep just one.',
    ],
    ['a quick—fast fox', `\`--fast\` ${speed}`],
    ['fox --video --bs 4', noPrice('--video')],
    ['fox --bs 4', noPrice('--bs 4')],
    ['fox --edit', noPrice('--edit')],
    ['fox --q 4 --v 7', noPrice('--q 4')],
    ['fox --uhd', "This bot doesn't know the parameter `--uhd` or what it costs."],
  ])('%s', (prompt, sentence) => expectRefused('imagine', { prompt }, sentence));

  it.each([
    [{ negative: '{red, blue, green}' }, jobs],
    [{ prompt: 'fox {a', negative: 'b, c} x' }, jobs],
    [{ style_reference: 'https://e.org/{1,2,3,4}.png' }, jobs],
    [{ style_reference: 'https://e.org/a--turbo.png' }, `\`--turbo\` ${speed}`],
    [{ negative: 'quick\u2010turbo' }, `\`--turbo\` ${speed}`],
    [{ quality: '4' }, "The `quality` option doesn't take `4`."],
    [{ quality: '2' }, "The `quality` option doesn't take `2`."],
    [{ quality: '1 --turbo' }, "The `quality` option doesn't take `1 --turbo`."],
    [{ version: '9 --repeat 4' }, "The `version` option doesn't take `9 --repeat 4`."],
    [{ speed: 'warp' }, "The `speed` option doesn't take `warp`."],
    [{ stylize: 5_000 }, "The `stylize` option doesn't take `5000`."],
  ] satisfies [Values, string][])('in options: %j', (options, sentence) =>
    expectRefused('imagine', { prompt: 'a fox', ...options }, sentence),
  );

  it('in videos', async () => {
    const image = await aFile('fox.png');
    await expectRefused(
      'video',
      { image, prompt: 'it waves --turbo --bs 3' },
      "The `--bs` option doesn't take `3`.",
    );
    await expectRefused('video', { image, prompt: 'it waves --hd' }, "Videos don't support `--hd`.");
    await expectRefused('video', { image, resolution: '4k' }, "The `resolution` option doesn't take `4k`.");
  });

  it('in edits, in file names, and in prompts to shorten', async () => {
    const image = await aFile('fox.png');
    await expectRefused('edit', { image, prompt: 'a hat —repeat 4' }, jobs);
    const named = await aFile('fox--turbo.png');
    await expectRefused(
      'imagine',
      { prompt: 'a fox', image1: named },
      'The file name `fox--turbo.png` contains `--turbo`',
    );
    await expectRefused('blend', { image1: image, image2: named }, 'Please rename the file');
    await expectRefused('shorten', { prompt: 'fox —r 4' }, jobs);
  });
});

describe('words with a price', () => {
  it.each([
    ['a fox — fast — in the snow', {}, 'a fox — fast — in the snow'],
    ['a fox—its fur glowing—waits', {}, 'a fox—its fur glowing—waits'],
    ['a {red} fox, a {blue} hare', {}, 'a {red} fox, a {blue} hare'],
    ['a {red\\, green} fox', {}, 'a {red\\, green} fox'],
    ['a fox', { quality: '1', version: '6.1' }, 'a fox --v 6.1 --q 1'],
    ['a fox', { negative: 'x -\u200b-turbo -\u200b-q 4' }, 'a fox --no x turbo q 4'],
    ['a fox', { negative: 'x —turbo' }, 'a fox --no x turbo'],
  ] satisfies [string, Values, string][])(
    'are sent as they were priced: %j %j',
    async (typed, options, sent) => {
      const person = aPerson();
      await whole.picture(await whole.imagine(typed, options, person));
      expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe(sent);
      expect(await whole.points(person)).toBe('1,900 points');
    },
  );

  it.each(['fox ——turbo', 'fox －－turbo', 'fox —turbo', 'fox --no tree—turbo'])(
    'are charged for the speed in them: %s',
    async (typed) => {
      const person = aPerson();
      await whole.picture(await whole.imagine(typed, {}, person));
      expect(whole.sandbox.provider.submits.at(-1)?.prompt?.match(/turbo/g)).toHaveLength(1);
      expect(await whole.points(person)).toBe('1,800 points');
    },
  );
});

describe('modals', () => {
  it('accept nothing more than they were opened for, and send what they accept', async () => {
    const person = aPerson();
    const grid = await whole.picture(await whole.imagine('a fox', {}, person));
    const single = await whole.picture(await whole.press(grid, 'U1', person));
    const before = whole.sandbox.provider.submits.length;
    for (const [prompt, sentence] of [
      ['a hare —repeat 4 --zoom 2', jobs],
      ['a hare --bs 4 --zoom 2', noPrice('--bs 4')],
      ['a hare --turbo --zoom 2', `\`--turbo\` ${speed}`],
      ['a {red, {blue} hare --zoom 2', jobs],
    ] as const) {
      const opener = await whole.press(single, 'Custom', person);
      await whole.reply(await whole.send(opener, { prompt }), sentence);
    }
    expect(whole.sandbox.provider.submits).toHaveLength(before);
    expect(await whole.points(person)).toBe('1,890 points');
    const opener = await whole.press(single, 'Custom', person);
    await whole.picture(await whole.send(opener, { prompt: 'a hare — fast --zoom 2' }));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('a hare — fast --zoom 2');
    expect(await whole.points(person)).toBe('1,790 points');
  });
});
