import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

type Values = NonNullable<Parameters<ReturnType<typeof useSandbox>['imagine']>[1]>;

/** A picture of a person: left red, right blue. */
const upload = (async () => {
  const right = await sharp({ create: { width: 48, height: 64, channels: 3, background: 'blue' } })
    .png()
    .toBuffer();
  const bytes = await sharp({ create: { width: 96, height: 64, channels: 3, background: 'red' } })
    .composite([{ input: right, left: 48, top: 0 }])
    .png()
    .toBuffer();
  return { name: 'mine.png', bytes };
})();

describe('every operation', () => {
  const whole = useSandbox();
  const world = () => whole.sandbox.discord.world;

  async function run(command: string, options: Values): Promise<Interaction> {
    const { member: person } = world().people;
    const { general: channel } = world().channels;
    const [name = '', subcommand] = command.split(' ');
    const input = { person, channel, command: name, options };
    return whole.sandbox.discord.run(subcommand === undefined ? input : { ...input, subcommand });
  }

  async function send(opener: Interaction, values: Record<string, string | string[]>): Promise<Interaction> {
    await opener.acknowledged;
    return whole.sandbox.discord.submit({ person: opener.person, interaction: opener, values });
  }

  const typesOf = (message: Message) => message.attachments.map(({ name }) => name.split('.').at(-1));

  it('blends, edits, swaps and films', async () => {
    const image = await upload;
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '5' });
    const blended = await whole.picture(
      await run('blend', { image1: image, image2: image, dimensions: 'landscape' }),
    );
    expect(labelsOf(blended)).toContain('U4');
    await whole.picture(await run('edit', { image, prompt: 'with a hat' }));
    await whole.picture(await run('swap', { source: image, target: image }));
    const film = await whole.picture(await run('video', { image, prompt: 'it waves', motion: 'high' }));
    expect(new Set(typesOf(film))).toEqual(new Set(['mp4']));
    expect(whole.sandbox.provider.submits.map((submit) => submit.repeats)).toEqual([0, 0, 0, 0]);
    expect(await whole.points()).toBe('950 points');
  });

  it('describes and shortens, and makes pictures of what it found', async () => {
    const image = await upload;
    await whole.sandbox.startBot(quick);
    const described = await whole.reply(await run('describe', { image }), '**4.**');
    expect(labelsOf(described)).toEqual(['Imagine 1', 'Imagine 2', 'Imagine 3', 'Imagine 4', '🗑️']);
    const opener = await whole.press(described, 'Imagine 2');
    await opener.acknowledged;
    const imagined = await send(opener, { prompt: 'what I made of it' });
    const picture = await whole.picture(imagined);
    expect(textOf(picture)).toContain('what I made of it');
    const shortened = await whole.reply(
      await run('shorten', { prompt: 'a very long and winding road' }),
      '**1.**',
    );
    expect(labelsOf(shortened)).toContain('Imagine 1');
  });

  it('paints a region anew, and nothing else', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a lighthouse'));
    const single = await whole.picture(await whole.press(grid, 'U1'));
    const opener = await whole.press(single, 'Vary (Region)');
    const empty = await send(opener, { prompt: 'a red door' });
    await whole.reply(empty, 'Please choose at least one part');
    const again = await whole.press(single, 'Vary (Region)');
    const painted = await whole.picture(await send(again, { prompt: 'a red door', cells: ['9'] }));
    const read = async (message: Message) => {
      const bytes = message.attachments[0]?.bytes ?? Buffer.alloc(0);
      return sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    };
    const before = await read(single);
    // The result is a grid of four; its first tile has the size of the picture, or a scaled one.
    const after = await sharp(painted.attachments[0]?.bytes)
      .removeAlpha()
      .extract({ left: 0, top: 0, ...(await halfOf(painted)) })
      .resize(before.info.width, before.info.height, { kernel: 'nearest' })
      .raw()
      .toBuffer();
    const { width, height } = before.info;
    const differenceIn = (fromX: number, toX: number, fromY: number, toY: number) => {
      let [sum, count] = [0, 0];
      for (let y = Math.round(fromY * height); y < Math.round(toY * height); y += 1)
        for (let x = Math.round(fromX * width); x < Math.round(toX * width); x += 1) {
          const at = (y * width + x) * 3;
          sum += Math.abs((before.data[at] ?? 0) - (after[at] ?? 0));
          count += 1;
        }
      return sum / count;
    };
    expect(differenceIn(0.7, 1, 0.7, 1)).toBeGreaterThan(2 * differenceIn(0, 0.6, 0, 0.6));
  });

  it('tells the seed of a task', async () => {
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.imagine('a lighthouse'));
    const { member: person } = world().people;
    const { general: channel } = world().channels;
    const choices = await whole.sandbox.discord.autocomplete({
      person,
      channel,
      command: 'task',
      subcommand: 'seed',
      options: { id: 'lightho' },
      focused: 'id',
    });
    expect(choices.map(({ name }) => name)).toEqual(['Imagine: a lighthouse']);
    const told = await run('task seed', { id: String(choices[0]?.value) });
    await whole.sandbox.discord.until(() => /Its seed is `\d+`/.test(textOf(told.message)));
  });
});

async function halfOf(message: Message): Promise<{ width: number; height: number }> {
  const { width, height } = await sharp(message.attachments[0]?.bytes).metadata();
  return { width: Math.floor(width / 2), height: Math.floor(height / 2) };
}
