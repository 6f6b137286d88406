import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Interaction, Message, Person } from '../../sandbox/discord/index.ts';
import { listCorrections } from '../helpers/corrections.ts';
import { labelsOf, quick, textOf, useSandbox, useSharedSandbox } from '../helpers/whole.ts';

const correct = 'Use the corrected prompt';
const asWritten = 'Send it as it is';
const change = 'Change it';

const aPicture = async () => ({
  name: 'fox.png',
  bytes: await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
    .png()
    .toBuffer(),
});

describe.each(['mjproxy', 'acedata', 'apixo'] as const)('with %s, what is found is corrected', (kind) => {
  const whole = useSharedSandbox({ kind });
  let people = 0;

  it.each(listCorrections(kind))('$code: $typed $options', async (row) => {
    const { typed, options, command, says, corrected, isSendable, price } = row;
    const { provider, discord } = whole.sandbox;
    people += 1;
    const person = discord.world.addPerson({ name: `Ida ${people}`, guilds: [discord.world.guild] });
    const before = provider.submits.length;
    const asked =
      command === 'video'
        ? await whole.run('video', { image: await aPicture(), prompt: typed, ...options }, person)
        : await whole.imagine(typed, options, person);
    const message = await whole.reply(asked, says);
    expect(message.visibleTo).toBe(person);
    // If only an option doesn't count, nothing is corrected.
    const hasChoice = isSendable && corrected !== typed;
    expect(labelsOf(message)).toEqual(hasChoice ? [correct, asWritten, change] : [correct, change]);
    expect(message.embeds[0]?.description).toContain(corrected);
    expect(message.content).toContain(
      `${price} points, and you have 2,000 left. Nothing has been charged yet.`,
    );
    expect(await whole.points(person)).toBe('2,000 points');
    expect(provider.submits).toHaveLength(before);
    const made = await whole.picture(await whole.press(message, correct, person));
    expect(made.visibleTo).toBeUndefined();
    expect(provider.submits.slice(before).map(({ prompt }) => prompt)).toEqual([corrected]);
    expect(await whole.points(person)).toBe(`${(2_000 - price).toLocaleString('en')} points`);
  });
});

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
