import sharp from 'sharp';
import { expect } from 'vitest';
import { buttonsOf } from '../../../sandbox/discord/index.ts';
import { listPrices, priceOf } from '../../../src/points/prices.ts';
import { labelsOf, textOf } from '../whole.ts';
import { contrast, countFrames, everything, glance, sizeOf, unlikeness } from './pixels.ts';
import { expectHandedIn, fileOf, filmPrompt, labelsThat, leftAfter, type Stage, uploads } from './stage.ts';
import { needsWordsForVideo, operations } from './table.ts';

/** The other commands, the follow-ups of a video, and questions about a task. */
export const commandTests = {
  /** What the API gets is either in English, or it's told to translate it. */
  async translate(stage: Stage): Promise<void> {
    const prompt = '一座灯塔';
    await stage.make(100, (person) => stage.whole.imagine(prompt, { translate: true }, person));
    const sent = stage.provider.submits.filter((submit) => submit.prompt?.includes(prompt));
    const isTold = (body: unknown) => JSON.stringify(body).includes('"enableTranslation":true');
    expect(sent.map((submit) => submit.prompt?.includes('in English') || isTold(submit.body))).toEqual([
      true,
    ]);
  },

  async blend(stage: Stage): Promise<void> {
    const [image1, image2] = [await uploads.first, await uploads.second];
    const options = { image1, image2, dimensions: 'landscape' };
    const blended = await stage.make(100, (person) => stage.whole.run('blend', options, person));
    const { width, height } = await sizeOf(fileOf(blended));
    expect(width / height).toBe(1.5);
    expect(labelsOf(blended.message)).toContain('U4');
    await expectHandedIn(stage, [image1, image2]);
  },

  async describe(stage: Stage): Promise<void> {
    const [image, person] = [await uploads.described, stage.newcomer()];
    const described = await stage.whole.reply(await stage.whole.run('describe', { image }, person), '**4.**');
    const more = stage.facts.provider.actions.has('imagine-all') ? ['🔄', 'Imagine all'] : [];
    expect(labelsOf(described)).toEqual([...['1', '2', '3', '4'], ...[...more, '❤️', '🗑️']]);
    expect(await stage.whole.points(person)).toBe(leftAfter(stage.priceOf('describe')));
    await expectHandedIn(stage, [image]);
  },

  async shorten(stage: Stage): Promise<void> {
    const person = stage.newcomer();
    const prompt = 'a very long and winding road to nowhere';
    const shortened = await stage.whole.reply(await stage.whole.run('shorten', { prompt }, person), '**5.**');
    expect(labelsThat(/^\d$/, shortened)).toHaveLength(5);
    const found = [...(shortened.embeds[0]?.description ?? '').matchAll(/^\*\*\d\.\*\* (.+)$/gm)];
    for (const [, words = ''] of found) expect(prompt).toContain(words);
    expect(found.at(-1)?.[1]?.length).toBeLessThan(prompt.length / 2);
    // Ace says nothing of it, so there it's what the shorter prompts keep.
    expect(shortened.embeds[0]?.description).toMatch(
      stage.facts.kind === 'acedata'
        ? /^What matters: \*\*a\*\* /
        : /^What matters: \*\*a\*\* very ~~long~~ \*\*and\*\* winding ~~road~~ \*\*to\*\* nowhere$/m,
    );
    expect(await stage.whole.points(person)).toBe(leftAfter(stage.priceOf('shorten')));
  },

  async edit(stage: Stage): Promise<void> {
    const image = await uploads.edited;
    const options = { image, prompt: 'with a hat' };
    const edited = await stage.make(100, (person) => stage.whole.run('edit', options, person));
    expect(await contrast(fileOf(edited))).toBeGreaterThan(5);
    expect(edited.message.content).toContain('with a hat');
    await expectHandedIn(stage, [image]);
  },

  /** The first picture, then another, and the style, in the words of an imagine. */
  async editSeveral(stage: Stage): Promise<void> {
    const [image, image2, image3] = [await uploads.edited, await uploads.first, await uploads.second];
    const options = { image, image2, image3, role3: 'style', prompt: 'with a hat', aspect: '3:2' };
    const price = stage.facts.kind === 'acedata' ? 400 : 100;
    const edited = await stage.make(price, (person) => stage.whole.run('edit', options, person));
    const { width, height } = await sizeOf(fileOf(edited));
    expect(width / height).toBeCloseTo(1.5, 1);
    const sent = stage.provider.submits.find(({ prompt }) => prompt?.includes('--edit'));
    expect(sent?.prompt).toMatch(/^with a hat --ar 3:2 --v 8\.2 --edit http\S+ http\S+ --sref http\S+$/u);
    await expectHandedIn(stage, [image, image2, image3]);
  },

  /** The face is green, and the picture it goes onto is red on the left and blue on the right. */
  async swap(stage: Stage): Promise<void> {
    const [source, target] = [await uploads.face, await uploads.target];
    const swapped = await stage.make(stage.priceOf('swap'), (person) =>
      stage.whole.run('swap', { source, target }, person),
    );
    await expectHandedIn(stage, [source, target]);
    const seen = await glance(fileOf(swapped));
    const expectColor = (x: number, y: number, color: number[]) => {
      const at = (y * 16 + x) * 3;
      expect(unlikeness(seen.subarray(at, at + 3), Buffer.from(color))).toBeLessThan(10);
    };
    expectColor(1, 14, [255, 0, 0]);
    expectColor(8, 5, [0, 255, 0]);
    expectColor(14, 14, [0, 0, 255]);
  },

  async video(stage: Stage): Promise<void> {
    const film = await stage.film();
    expect(film.message.attachments.map(({ name }) => name.split('.').at(-1))).toEqual(Array(4).fill('mp4'));
    for (const file of film.files) expect(countFrames(file)).toBe(12);
    const image = await uploads.filmed;
    await expectHandedIn(stage, [image]);
    expect(stage.provider.submits.map(({ prompt }) => prompt)).toContainEqual(
      expect.stringContaining(filmPrompt),
    );
    if (needsWordsForVideo(stage.facts)) {
      const person = stage.newcomer();
      const refused = await stage.whole.run('video', { image }, person);
      await stage.whole.reply(refused, 'The prompt has no words.');
      expect(await stage.whole.points(person)).toBe(leftAfter(0));
    } else await stage.make(stage.priceOf('video'), (person) => stage.whole.run('video', { image }, person));
  },

  async fewerClips(stage: Stage): Promise<void> {
    const image = await uploads.filmed;
    const options = { image, prompt: filmPrompt, clips: '1' };
    const made = await stage.make(stage.priceOf('video') / 4, (person) =>
      stage.whole.run('video', options, person),
    );
    expect(made.files.map(countFrames)).toEqual([12]);
  },

  async tallVideo(stage: Stage): Promise<void> {
    const [image, end_image] = [await uploads.filmed, await uploads.edited];
    const options = { image, end_image, prompt: filmPrompt, resolution: '720p' };
    const price = priceOf(listPrices(stage.facts.kind), {
      ...{ action: 'video', speed: 'fast', options: { resolution: '720p' } },
    } as const);
    const person = stage.newcomer();
    const { administrator } = stage.whole.sandbox.discord.world.people;
    await (await stage.whole.run('quota grant', { person, points: 1_000 }, administrator)).acknowledged;
    const asked = await stage.whole.run('video', options, person);
    const tall = await stage.whole.picture(await stage.whole.agreed(asked));
    expect(tall.embeds[0]?.footer?.text).toContain(`${price.toLocaleString('en')} points`);
    expect(tall.attachments).toHaveLength(4);
    const [small] = (await stage.film()).files;
    expect(heightOf(tall.attachments[0]?.bytes)).toBeGreaterThan(heightOf(small));
  },

  /** A video that begins with the picture it was made from. */
  async animate(stage: Stage): Promise<void> {
    const single = await stage.single();
    const moving = await stage.press(stage.priceOf('animate-low'), single.message, 'Low');
    expect(moving.message.attachments[0]?.name).toMatch(/\.webp$/);
    const { pages = 1 } = await sharp(fileOf(moving)).metadata();
    expect(pages).toBeGreaterThan(1);
    const distance = unlikeness(await glance(fileOf(moving), everything), await glance(fileOf(single)));
    expect(distance).toBeLessThan(10);
  },

  async rerollVideo(stage: Stage): Promise<void> {
    const film = await stage.film();
    const anew = await stage.press(stage.priceOf('reroll-video'), film.message, '🔄');
    expect(anew.files.map(countFrames)).toEqual([12, 12, 12, 12]);
  },

  /** For one of the clips, or for one that is picked first. */
  async extend(stage: Stage): Promise<void> {
    const film = await stage.film();
    const direct = labelsThat(operations.extend.buttons, film.message)[0];
    const { message } =
      direct === undefined ? await stage.press(stage.priceOf('upscale'), film.message, 'U2') : film;
    const [label = ''] = labelsThat(operations.extend.buttons, message);
    const longer = await stage.press(stage.priceOf('extend-low'), message, label);
    for (const file of longer.files) expect(countFrames(file)).toBe(24);
    expect(longer.files).toHaveLength(4);
  },

  async seed(stage: Stage): Promise<void> {
    const told = await askSeed(stage);
    const read = () => /The seed is `(\d+)`/.exec(textOf(told.message))?.[1];
    const seed = await stage.whole.sandbox.discord.until(read, { what: 'a seed' });
    expect(Number(seed)).toBeGreaterThan(0);
    expect(told.message?.visibleTo).toBe(told.person);
    expect(await stage.whole.points(told.person)).toBe(leftAfter(100));
  },

  async cancel(stage: Stage): Promise<void> {
    const person = stage.newcomer();
    const asked = await stage.whole.imagine('a slow fox, please hang', {}, person);
    const running = await stage.whole.reply(asked, 'In progress');
    await stage.whole.press(running, 'Cancel', person);
    await stage.whole.reply(asked, 'Canceled. Your 100 points are back.');
    expect(await stage.whole.points(person)).toBe(leftAfter(0));
  },
};

/** In pixels, as its sample entry says (ISO/IEC 14496-12, VisualSampleEntry). */
function heightOf(film: Buffer | undefined): number {
  if (film === undefined) throw new Error('there is no film');
  return film.readUInt16BE(film.indexOf('av01', film.indexOf('stsd')) + 30);
}

/** Asks for the seed of the grid, which is suggested to its maker while they type. */
export async function askSeed(stage: Stage) {
  const { person, message } = await stage.grid();
  const { discord } = stage.whole.sandbox;
  const { general: channel } = discord.world.channels;
  const place = { person, channel, command: 'task', subcommand: 'seed' };
  const choices = await discord.autocomplete({ ...place, options: { id: 'lightho' }, focused: 'id' });
  // Only what has a seed is suggested; of everything else, people can still type the id.
  const suggested = stage.facts.provider.seed === undefined ? [] : ['Imagine: a lighthouse at dusk --ar 3:2'];
  expect(choices.map(({ name }) => name)).toEqual(suggested);
  const [, id = ''] = /"offer:([\w-]{16}):/.exec(JSON.stringify(buttonsOf(message))) ?? [];
  return stage.whole.run('task seed', { id }, person);
}
