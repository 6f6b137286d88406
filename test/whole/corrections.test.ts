import { describe, expect, it } from 'vitest';
import type { Interaction, Message, Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox, useSharedSandbox } from '../helpers/whole.ts';

const correct = 'Use the corrected prompt';
const asWritten = 'Send it as it is';
const change = 'Change it';

describe('a prompt that is corrected before it is paid', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });
  let people = 0;
  function aPerson(): Person {
    const { world } = whole.sandbox.discord;
    people += 1;
    return world.addPerson({ name: `Ida ${people}`, guilds: [world.guild] });
  }
  const lastPrompt = () => whole.sandbox.provider.submits.at(-1)?.prompt;

  /** What only the person sees, before anything is charged. */
  async function told(asked: Interaction, sentence: string): Promise<Message> {
    const message = await whole.reply(asked, sentence);
    expect(message.visibleTo).toBe(asked.person);
    expect(message.content).toContain('Nothing has been charged yet.');
    return message;
  }

  it.each([
    ['a fox --q 1 --v 8.2', "Version 8.2 doesn't support `--q`.", 'a fox --v 8.2', false],
    ['a fox --q .5', 'Version 8.2, which you get if you', 'a fox', true],
    ['a fox --style raw --v 8.2', 'uses `--raw` instead of `--style raw`', 'a fox --raw --v 8.2', false],
    ['a fox --cref https://e.org/a.png --v 8.2', 'Use `/edit` to work from an image', 'a fox --v 8.2', false],
    ['hot::2 dog --v 7', "doesn't support weights like `::2`", 'hot, dog --v 7', false],
    ['a fox --draft --v 8.2', 'may not support `--draft`', 'a fox --v 8.2', true],
    ['a fox --v 9', "doesn't know version `9` yet", 'a fox --v 8.2', true],
    ['a fox --v 8', 'no longer has version `8`', 'a fox --v 8.2', false],
    ['a fox --s 5000', 'takes a number from 0 to 1,000', 'a fox --s 1000', false],
    ['a fox --q .25 --v 6', 'it takes .5, 1, or 2', 'a fox --q .5 --v 6', false],
    ['a fox --style cute --v 6', 'it takes raw', 'a fox --v 6', true],
    ['a fox --s high', 'it takes a number', 'a fox', true],
    ['a fox --ar 1.85:1', 'That would be `37:20`', 'a fox --ar 37:20', false],
    ['a fox --ar wide', "isn't an aspect ratio", 'a fox', true],
    ['a fox --ar 20:1 --v 7', 'The limit is `14:1`', 'a fox --ar 14:1 --v 7', false],
    ['a fox --stlize 50', 'Did you mean `--stylize`?', 'a fox --stylize 50', false],
    ['a fox --foo 50', "doesn't know the parameter `--foo`", 'a fox', false],
    ['a fox --ar 3:2 in snow', 'comes after `--ar 3:2`', 'a fox in snow --ar 3:2', true],
    ['a fox -ar 3:2', 'Parameters start with two dashes', 'a fox --ar 3:2', true],
    ['a fox --ar “3:2”', 'has quotation marks', 'a fox --ar 3:2', true],
    ['a fox --sref 12, 34', 'has commas in it', 'a fox --sref 12 34', true],
    ['a well--known fox', "doesn't know the parameter `--known`", 'a well -- known fox', false],
    ['--ar 3:2 a fox', 'comes after `--ar 3:2`', 'a fox --ar 3:2', true],
    ['a fox --s 50 --stylize 100', 'more than once', 'a fox --stylize 100', true],
    ['a fox --no', 'needs a value after it', 'a fox', true],
    ['a fox --iw 2', 'only works with a reference image', 'a fox', false],
    ['a fox --sw 50', 'only works with `--sref`', 'a fox', true],
    ['a fox --sref red', "isn't a style", 'a fox', true],
    ['a fox --sref 12 --sv 2 --v 7', 'need version 4 or 6', 'a fox --sref 12 --sv 4 --v 7', false],
    ['a fox --motion high', 'only works in `/video`', 'a fox', false],
    ['a fox --zoom 2', 'only works with **Custom Zoom**', 'a fox', true],
  ])('%s', async (typed, sentence, corrected, isSendable) => {
    const person = aPerson();
    const before = whole.sandbox.provider.submits.length;
    const message = await told(await whole.imagine(typed, {}, person), sentence);
    expect(labelsOf(message)).toEqual(isSendable ? [correct, asWritten, change] : [correct, change]);
    expect(message.embeds[0]?.description).toContain(corrected);
    expect(message.content).toContain('100 points, and you have 2,000 left');
    expect(await whole.points(person)).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(before);
    const made = await whole.picture(await whole.press(message, correct, person));
    expect(made.visibleTo).toBeUndefined();
    expect(lastPrompt()).toBe(corrected);
    expect(await whole.points(person)).toBe('1,900 points');
  });

  it('may cost more than it did, which it says', async () => {
    const person = aPerson();
    const asked = await whole.imagine('a fox --cref https://e.org/a.png --v 7', {}, person);
    const message = await told(asked, 'Version 7 uses `--oref` instead of `--cref`.');
    expect(message.content).toContain('200 points, and you have 2,000 left');
    await whole.picture(await whole.press(message, correct, person));
    expect(lastPrompt()).toBe('a fox --oref https://e.org/a.png --v 7');
    expect(await whole.points(person)).toBe('1,800 points');
  });

  it('may be sent as it is if it is only doubtful', async () => {
    const person = aPerson();
    const message = await told(await whole.imagine('a fox --draft --v 8.2', {}, person), 'may not support');
    await whole.picture(await whole.press(message, asWritten, person));
    expect(lastPrompt()).toBe('a fox --draft --v 8.2');
    expect(await whole.points(person)).toBe('1,900 points');
  });

  it('may be changed, as often as somebody likes', async () => {
    const person = aPerson();
    const message = await told(await whole.imagine('a fox --q 1 --v 8.2', {}, person), 'Version 8.2');
    const window = await whole.press(message, change, person);
    await window.acknowledged;
    expect(window.modal?.title).toBe('Change the prompt');
    expect(JSON.stringify(window.modal)).toContain('a fox --q 1 --v 8.2');
    const again = await told(await whole.send(window, { prompt: 'a hare --s 5000' }), 'from 0 to 1,000');
    const second = await whole.press(again, change, person);
    const made = await whole.picture(await whole.send(second, { prompt: 'a hare --s 500' }));
    expect(made.visibleTo).toBeUndefined();
    expect(lastPrompt()).toBe('a hare --s 500');
    expect(await whole.points(person)).toBe('1,900 points');
  });

  it('is made once, no matter how often the buttons are pressed', async () => {
    const person = aPerson();
    const before = whole.sandbox.provider.submits.length;
    const message = await told(await whole.imagine('a fox --draft --v 8.2', {}, person), 'may not support');
    const presses = await Promise.all(
      [correct, asWritten, correct].map((label) => whole.press(message, label, person)),
    );
    await whole.sandbox.discord.until(
      () => presses.filter((press) => textOf(press.message).includes('It only works once')).length === 2,
      { what: 'two refusals' },
    );
    await whole.sandbox.discord.until(
      () => presses.some((press) => (press.message?.attachments.length ?? 0) > 0),
      { what: 'a picture', timeoutMs: 25_000 },
    );
    expect(whole.sandbox.provider.submits).toHaveLength(before + 1);
    expect(await whole.points(person)).toBe('1,900 points');
  });

  it('says so if the text and an option contradict each other, and lets the text win', async () => {
    const person = aPerson();
    const asked = await whole.imagine(
      'a fox --ar 3:2 --relax',
      { aspect: '16:9', speed: 'fast', chaos: 5 },
      person,
    );
    const message = await told(asked, 'The prompt has `--ar 3:2`, so the `aspect` option');
    expect(message.content).toContain('The prompt has `--relax`, so the `speed` option');
    await whole.picture(await whole.press(message, correct, person));
    expect(lastPrompt()).toBe('a fox --ar 3:2 --c 5 --relax');
  });

  it('shows no more than anybody reads, however much is wrong', async () => {
    const person = aPerson();
    const flags = Array.from(
      { length: 400 },
      (_, index) => `--x${String.fromCharCode(97 + (index % 26))}${index}`,
    );
    const message = await told(
      await whole.imagine(`a fox ${flags.join(' ')}`, {}, person),
      '395 more things',
    );
    expect(message.content.split('\n')).toHaveLength(7);
    await whole.picture(await whole.press(message, correct, person));
    expect(lastPrompt()).toBe('a fox');
  });

  it('is corrected in edits, videos, and windows, too', async () => {
    const person = aPerson();
    const grid = await whole.picture(await whole.imagine('a fox', {}, person));
    const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
    const edit = await told(await whole.run('edit', { image, prompt: 'a hat --s 5000' }, person), 'to 1,000');
    await whole.picture(await whole.press(edit, correct, person));
    expect(lastPrompt()).toBe('a hat --s 1000');
    const single = await whole.picture(await whole.press(grid, 'U1', person));
    const opened = await whole.press(single, 'Custom', person);
    const window = await told(await whole.send(opened, { prompt: 'a fox --s 5000 --zoom 2' }), 'to 1,000');
    await whole.picture(await whole.press(window, correct, person));
    expect(lastPrompt()).toBe('a fox --s 1000 --zoom 2');
    const video = await whole.run('video', { image, prompt: 'it waves --ar 16:9' }, person);
    const asked = await told(video, "Videos don't support `--ar`.");
    expect(asked.content).toContain('800 points');
    await whole.picture(await whole.press(asked, correct, person));
    expect(lastPrompt()).toBe('it waves');
  });
});

describe('a correction', () => {
  const whole = useSandbox();

  it('outlives a restart', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const message = await whole.reply(await whole.imagine('a fox --q 1 --v 8.2'), 'Version 8.2');
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.press(message, correct));
    expect(await whole.points()).toBe('1,900 points');
  });
});
