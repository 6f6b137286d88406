import { Routes } from 'discord.js';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { writeFilm } from '../../sandbox/pictures/film.ts';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';
import { drawPicture, send, startBot } from '../sandbox/discord-fixture.ts';

const page = usePage({ withBot: false });

/** Sends a message of the bot's, with as many pictures as there are sizes. */
async function write(message: object, ...sizes: readonly [number, number][]): Promise<string> {
  const pictures = sizes.map(async ([width, height]) => {
    const bytes = Uint8Array.from(await drawPicture(width, height));
    return new File([bytes], 'picture.png', { type: 'image/png' });
  });
  return post(message, await Promise.all(pictures));
}

async function post(message: object, files: readonly File[]): Promise<string> {
  const { discord } = page.sandbox;
  const body = { allowed_mentions: { parse: [] }, ...message };
  const path = `/channels/${discord.world.channels.general.id}/messages`;
  const fields = files.map((file, index) => [`files[${index}]`, file] as const);
  const answer = await send(discord, 'POST', path, body, Object.fromEntries(fields));
  expect(answer.status).toBe(200);
  return String(answer.body.id);
}

async function sizeOf(locator: Locator): Promise<[number, number]> {
  const { width = 0, height = 0 } = (await locator.boundingBox()) ?? {};
  return [Math.round(width), Math.round(height)];
}

const field = (name: string, value: string, inline = true) => ({ name, value, inline });

describeInBrowser('what the bot writes is drawn as Discord draws it', () => {
  it('fields keep their line breaks', async () => {
    const tab = await page.open();
    await write({ embeds: [{ title: 'Prices', fields: [field('Costs', 'Upscale: 50\nVary: 100', false)] }] });
    const shown = inTab(tab).message('Prices').locator('discord-embed-field');
    expect(await shown.innerText()).toContain('Upscale: 50\nVary: 100');
  });

  it('up to three fields share a row, and a row has fewer where a word would be cut', async () => {
    const fields = [
      field('One', 'a'),
      field('Two', 'b'),
      field('Three', 'c'),
      field('Four', 'd'),
      field('Five', 'e'),
      field('Whole', 'row', false),
      field('A', 'Donauschifffahrt'),
      field('B', 'Donauschifffahrt'),
      field('C', 'Donauschifffahrt'),
    ];
    await write({ embeds: [{ title: 'Fields', fields }] });
    const wide = await page.open();
    expect(await rowsOf(inTab(wide).message('Fields'))).toEqual([3, 2, 1, 3]);
    const narrow = await page.open({ viewport: { width: 390, height: 844 } });
    expect(await rowsOf(inTab(narrow).message('Fields'))).toEqual([3, 2, 1, 2, 1]);
  });

  it('a file is larger than the image of an embed, and stands above it', async () => {
    const image = { url: 'attachment://picture.png' };
    await write({ embeds: [{ title: 'Landscape', image }] }, [1600, 900]);
    await write({ embeds: [{ title: 'Equal sides', image }] }, [1024, 1024]);
    await write({ content: 'a wide file', embeds: [{ title: 'Below' }] }, [1600, 900]);
    await write({ content: 'a square file' }, [1024, 1024]);
    await write({ content: 'a small file' }, [64, 48]);
    const tab = await page.open();
    const { message } = inTab(tab);
    const shown = (within: Locator) => within.locator('img.picture');
    await shown(message('a small file')).waitFor();
    expect(await sizeOf(shown(message('Landscape')))).toEqual([400, 225]);
    expect(await sizeOf(shown(message('Equal sides')))).toEqual([300, 300]);
    expect(await sizeOf(shown(message('a wide file')))).toEqual([550, 309]);
    expect(await sizeOf(shown(message('a square file')))).toEqual([350, 350]);
    expect(await sizeOf(shown(message('a small file')))).toEqual([64, 48]);
    const file = await shown(message('a wide file')).boundingBox();
    const embed = await message('Below').locator('discord-embed').boundingBox();
    expect(embed?.y).toBeGreaterThanOrEqual((file?.y ?? 0) + 309);
  });

  it('a select next to an embed and a file takes the same choice again once its message is edited', async () => {
    const { discord } = page.sandbox;
    const chosen: string[] = [];
    const { client } = await startBot(discord, async (interaction) => {
      if (!interaction.isStringSelectMenu()) return;
      chosen.push(...interaction.values);
      await interaction.deferUpdate();
    });
    const options = ['Zoom Out 2x', 'Pan Left'].map((label) => ({
      label,
      value: label,
      emoji: { name: '🔍' },
    }));
    const menu = { type: 3, custom_id: 'more', placeholder: 'More…', options };
    const components = [
      { type: 1, components: [{ type: 2, style: 2, custom_id: 'u1', label: 'U1' }] },
      { type: 1, components: [menu] },
    ];
    const image = { url: 'attachment://picture.png' };
    const id = await write({ embeds: [{ title: 'A fox', image }], components }, [800, 800]);
    const tab = await page.open();
    const message = inTab(tab).message('A fox');
    const select = message.getByRole('button', { name: 'More…' });
    const choose = async (name: string) => {
      await select.click();
      await tab.getByRole('option', { name }).click();
    };
    await choose('Zoom Out 2x');
    await select.getByText('Zoom Out 2x').waitFor();
    await choose('Zoom Out 2x');
    await choose('Pan Left');
    await select.getByText('Pan Left').waitFor();
    await discord.until(() => chosen.length === 2, { what: 'both choices, each once' });
    expect(chosen).toEqual(['Zoom Out 2x', 'Pan Left']);
    await client.rest.patch(Routes.channelMessage(discord.world.channels.general.id, id), { body: {} });
    await select.getByText('More…').waitFor();
    await choose('Pan Left');
    await select.getByText('Pan Left').waitFor();
    await discord.until(() => chosen.length === 3, { what: 'the third choice' });
    const [width] = await sizeOf(message.locator('.select-frame'));
    expect(width).toBe(400);
  });

  it.each<[number, [number, number][]]>([
    [2, Array(2).fill([273, 273])],
    [3, [[365, 350], ...Array(2).fill([181, 173])]],
    [4, Array(4).fill([273, 173])],
    [5, [...Array(2).fill([273, 273]), ...Array(3).fill([181, 181])]],
    [7, [[550, 350], ...Array(6).fill([181, 181])]],
  ])('%i files form one mosaic', async (count, sizes) => {
    await write({ content: 'several' }, ...Array(count).fill([1600, 900]));
    const tab = await page.open({ viewport: { width: 1400, height: 1400 } });
    const pictures = inTab(tab).message('several').locator('img.picture');
    await pictures.nth(count - 1).waitFor();
    const shown = await Promise.all((await pictures.all()).map(sizeOf));
    for (const [index, [width, height]] of sizes.entries()) {
      expect(Math.abs((shown[index]?.[0] ?? 0) - width)).toBeLessThanOrEqual(2);
      expect(Math.abs((shown[index]?.[1] ?? 0) - height)).toBeLessThanOrEqual(2);
    }
  });

  it('films have their place in a mosaic, and one alone has its own shape', async () => {
    const bytes = await writeFilm({ frames: [await drawPicture(640, 360)], frameMs: 1_000 });
    const film = new File([Uint8Array.from(bytes)], 'film.mp4', { type: 'video/mp4' });
    await post({ content: 'four films' }, Array(4).fill(film));
    await post({ content: 'one film' }, [film]);
    const tab = await page.open({ viewport: { width: 1400, height: 1400 } });
    const { message } = inTab(tab);
    const alone = message('one film').locator('video');
    await expect.poll(() => sizeOf(alone), { timeout: 10_000 }).toEqual([550, 309]);
    const tiles = await message('four films').locator('video').all();
    expect(await Promise.all(tiles.map(sizeOf))).toEqual(Array(4).fill([273, 173]));
  });
});

/** How many fields stand next to each other, from top to bottom. */
async function rowsOf(message: Locator): Promise<number[]> {
  await message.waitFor();
  const fields = await message.locator('discord-embed-field').all();
  const tops = await Promise.all(fields.map(async (one) => Math.round((await one.boundingBox())?.y ?? 0)));
  return [...new Set(tops)].map((top) => tops.filter((other) => other === top).length);
}
