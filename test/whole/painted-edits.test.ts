import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Interaction, Message, Person, Upload } from '../../sandbox/discord/index.ts';
import { quarters } from '../helpers/files.ts';
import { linkOf, maskFor, send, useRegionPages } from '../helpers/region-page.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const words = 'Paint what should change on a page';

async function photo(name = 'cat.png'): Promise<Upload> {
  return { name, bytes: await (await quarters(64, 48)).png().toBuffer() };
}

describe('an edit whose part is painted', () => {
  const pages = useRegionPages({ kind: 'acedata' });
  const { whole } = pages;
  const discord = () => whole.sandbox.discord;
  const aPerson = (name: string): Person =>
    discord().world.addPerson({ name, guilds: [discord().world.guild] });
  const channel = () => discord().world.channels.general;
  const post = (person: Person, files: Upload[]) => discord().post({ person, channel: channel(), files });
  /** What everybody sees in the channel. */
  const shown = () =>
    discord()
      .messages(channel().id)
      .filter(({ visibleTo }) => visibleTo === undefined);

  async function edit(options: object, person: Person): Promise<Interaction> {
    const image = await photo();
    return whole.run('edit', { image, prompt: 'a red door', paint: true, ...options }, person);
  }

  async function open(message: Message, person: Person, values: object): Promise<Interaction> {
    const opener = await discord().runOnMessage({ person, message, command: 'Edit image' });
    return whole.send(opener, { prompt: 'a red door', part: ['painted'], ...values });
  }

  it('is sent once, for the price that the page shows, even if the bot dies before and after', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const ann = aPerson('Ann');
    const asked = await edit({ aspect: '3:2', speed: 'turbo' }, ann);
    const answer = await whole.reply(asked, words);
    expect(answer.visibleTo).toBe(ann);
    const link = linkOf(asked);
    await bot.end('SIGKILL');
    const next = await whole.sandbox.startBot(quick);
    const page = await (await fetch(link)).text();
    expect(page).toContain('What to change');
    expect(page).toContain('a red door --ar 3:2');
    const price = Number(/costs ([\d,]+) points/u.exec(page)?.[1]?.replace(',', ''));
    expect(price).toBeGreaterThan(0);
    expect(await whole.points(ann)).toBe('2,000 points');
    const sent = { price, prompt: 'a red door --ar 3:2' };
    const answers = await Promise.all([send(link, sent), send(link, sent)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['over', 'started']);
    await next.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const result = await whole.titled('Edit');
    expect(result.visibleTo).toBeUndefined();
    expect(textOf(result)).toContain('a red door');
    expect(await whole.points(ann)).toBe(`${(2_000 - price).toLocaleString('en-US')} points`);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(whole.sandbox.provider.submits[0]?.body).toMatchObject({
      prompt: 'a red door --ar 3:2',
      mode: 'turbo',
    });
    const [mask] = await pages.masks();
    expect([mask?.width, mask?.height]).toEqual([64, 48]);
    expect([mask?.at(31, 23), mask?.at(32, 23), mask?.at(31, 24)]).toEqual([255, 0, 0]);
    expect((await fetch(link)).status).toBe(410);
  });

  it('from the menu of a message replies to that message, with what was painted', async () => {
    await whole.sandbox.startBot(quick);
    const [bob, cid] = [aPerson('Bob'), aPerson('Cid')];
    const message = await post(bob, [await photo()]);
    const asked = await open(message, cid, {});
    await whole.reply(asked, words);
    const link = linkOf(asked);
    const shownPicture = Buffer.from(await (await fetch(`${link}/picture`)).arrayBuffer());
    expect(shownPicture).toEqual((await photo()).bytes);
    const price = Number(/costs (\d+) points/u.exec(await (await fetch(link)).text())?.[1]);
    expect(await send(link, { price })).toMatchObject({ kind: 'started' });
    const result = await whole.titled('Edit');
    expect(result.replyTo?.id).toBe(message.id);
    expect(await pages.masks()).toHaveLength(1);
    expect(await whole.points(bob)).toBe('2,000 points');
  });

  it('stays private if it was begun in private', async () => {
    await whole.sandbox.startBot(quick);
    const dee = aPerson('Dee');
    const asked = await edit({ private: true }, dee);
    await whole.reply(asked, words);
    const link = linkOf(asked);
    const price = Number(/costs (\d+) points/u.exec(await (await fetch(link)).text())?.[1]);
    expect(await send(link, { price })).toMatchObject({ kind: 'started' });
    const result = await whole.picture(asked);
    expect(result.visibleTo).toBe(dee);
    expect(shown()).toEqual([]);
  });

  it('is refused before anybody paints, and nothing is charged', async () => {
    await whole.sandbox.startBot(quick);
    const eve = aPerson('Eve');
    const image = await photo();
    for (const [options, sentence] of [
      [{ mask: image }, 'The mask comes from a file or from what you paint, not from both.'],
      [{ image2: image }, 'A mask only works with one image.'],
      [{ prompt: 'a hat --fast --relax' }, '--relax'],
      [{ role2: 'style' }, '`role2` says what `image2` is for'],
      [
        { image: { name: 'cat.png', bytes: Buffer.from('no picture') } },
        "isn't an image that the bot can read",
      ],
    ] as const) {
      const answer = await whole.reply(await edit(options, eve), sentence);
      expect(answer.visibleTo).toBe(eve);
    }
    const message = await post(eve, [image]);
    await whole.reply(await open(message, eve, { added: [image] }), 'A mask only works with one image.');
    await whole.reply(await open(message, eve, { mask: [image] }), 'not from both');
    expect(await whole.points(eve)).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toEqual([]);
  });

  it('is refused with a sentence while it is painted, and charged once it is right', async () => {
    await whole.sandbox.startBot(quick);
    const fay = aPerson('Fay');
    const asked = await edit({}, fay);
    await whole.reply(asked, words);
    const link = linkOf(asked);
    const price = Number(/costs (\d+) points/u.exec(await (await fetch(link)).text())?.[1]);
    const other = await sharp(Buffer.alloc(100 * 100), { raw: { width: 100, height: 100, channels: 1 } })
      .png()
      .toBuffer();
    for (const [changes, sentence] of [
      [{ mask: other.toString('base64') }, 'another size'],
      [{ mask: await maskFor(link, 0) }, 'nothing to repaint'],
      [{ price: price - 1 }, `This costs ${price} points now.`],
      [{ prompt: 'a door --turbo' }, 'points now.'],
      [{ prompt: ' ' }, 'Nothing was charged.'],
    ] as const) {
      const answer = await send(link, { price, ...changes });
      expect(answer.sentence).toContain(sentence);
      expect(answer.sentence).toContain('Nothing was charged.');
    }
    expect(await whole.points(fay)).toBe('2,000 points');
    expect(await send(link, { price })).toMatchObject({ kind: 'started' });
    await whole.titled('Edit');
    expect(whole.sandbox.provider.submits).toHaveLength(1);
  });
});

describe('an edit whose part is painted, where nobody can reach the page', () => {
  const whole = useSandbox({ kind: 'acedata' });

  it('is refused, and the window takes a mask alone', async () => {
    await whole.sandbox.startBot(quick);
    const { discord } = whole.sandbox;
    const person = discord.world.addPerson({ name: 'Ann', guilds: [discord.world.guild] });
    const image = await photo();
    const asked = await whole.run('edit', { image, prompt: 'a hat', paint: true }, person);
    await whole.reply(asked, 'This bot has no page to paint on. Nothing was charged.');
    expect(await whole.points(person)).toBe('2,000 points');
    const message = await discord.post({ person, channel: discord.world.channels.general, files: [image] });
    const opener = await discord.runOnMessage({ person, message, command: 'Edit image' });
    await opener.acknowledged;
    expect(JSON.stringify(opener.modal)).not.toContain('that I paint next');
    expect(JSON.stringify(opener.modal)).toContain('Edit only a part of it');
  });
});

describe('an edit whose part is painted, where every API edits whole images', () => {
  const whole = useSandbox({ kind: 'mjproxy', callbacks: true });

  it('is refused, and not offered in the window', async () => {
    await whole.sandbox.startBot(quick);
    const { discord } = whole.sandbox;
    const person = discord.world.addPerson({ name: 'Ann', guilds: [discord.world.guild] });
    const image = await photo();
    const asked = await whole.run('edit', { image, prompt: 'a hat', paint: true }, person);
    await whole.reply(asked, 'can only edit whole images. Nothing was charged.');
    const message = await discord.post({ person, channel: discord.world.channels.general, files: [image] });
    const opener = await discord.runOnMessage({ person, message, command: 'Edit image' });
    await opener.acknowledged;
    expect(JSON.stringify(opener.modal)).not.toContain('that I paint next');
    expect(await whole.points(person)).toBe('2,000 points');
  });
});
