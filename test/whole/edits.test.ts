import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Message, Person, Upload } from '../../sandbox/discord/index.ts';
import { quarters } from '../helpers/files.ts';
import { glance, tile, unlikeness } from '../helpers/operations/pixels.ts';
import { uploads } from '../helpers/operations/stage.ts';
import {
  chargeOf,
  labelsOf,
  quick,
  textOf,
  useSandbox,
  useSharedSandbox,
  type Whole,
} from '../helpers/whole.ts';

async function photo(name: string): Promise<Upload> {
  return { name, bytes: await (await quarters(64, 48)).png().toBuffer() };
}

function useMenu(whole: Whole) {
  const discord = () => whole.sandbox.discord;
  return {
    aPerson(name: string): Person {
      const { world } = discord();
      return world.addPerson({ name, guilds: [world.guild] });
    },
    post: (person: Person, files: Upload[]) =>
      discord().post({ person, channel: discord().world.channels.general, files }),
    async open(message: Message, command: string, person: Person) {
      const opener = await discord().runOnMessage({ person, message, command });
      await opener.acknowledged;
      return opener;
    },
    sent: () => whole.sandbox.provider.submits.at(-1),
    /** The files whose addresses are in the words, in their order. */
    async fetchNamed(): Promise<Buffer[]> {
      const words = whole.sandbox.provider.submits.at(-1)?.prompt ?? '';
      const urls = words.match(/https?:\S+/gu) ?? [];
      return Promise.all(urls.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())));
    },
  };
}

describe('Edit image, where prompts go to Midjourney as they are', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });
  const { aPerson, post, open, sent, fetchNamed } = useMenu(whole);

  it("sends a message's picture first, and those that were added for their style apart", async () => {
    const [ann, bob] = [aPerson('Ann'), aPerson('Bob')];
    const [edited, one, other] = [await photo('cat.png'), await uploads.first, await uploads.second];
    const message = await post(ann, [edited]);
    const opener = await open(message, 'Edit image', bob);
    const values = { prompt: 'paint it --ar 3:2', added: [one, other], role: ['style'] };
    const result = await whole.picture(await whole.send(opener, values));
    expect(sent()?.kind).toBe('imagine');
    expect(sent()?.prompt).toMatch(/^paint it --ar 3:2 --v 8\.2 --edit http\S+ --sref http\S+ http\S+$/u);
    expect(await fetchNamed()).toEqual([edited, one, other].map(({ bytes }) => bytes));
    expect(chargeOf(result)).toBe('Fast · 100 points');
    expect(textOf(result)).toContain(`/${message.id}`);
    expect(await whole.points(ann)).toBe('2,000 points');
  });

  it('sends one picture of a grid, cut out of it', async () => {
    const [ann, bob] = [aPerson('Cid'), aPerson('Dee')];
    const grid = await whole.picture(await whole.imagine('a red fox', {}, ann));
    const opener = await open(grid, 'Edit image', bob);
    expect(JSON.stringify(opener.modal)).toMatch(/The whole grid.*Image 1 of the grid.*Image 4 of the grid/u);
    expect(JSON.stringify(opener.modal)).toContain('"label":"The whole grid","value":"0","default":true');
    const result = await whole.picture(await whole.send(opener, { prompt: 'add snow', pictures: ['3'] }));
    expect(sent()).toMatchObject({ kind: 'edits', prompt: 'add snow' });
    const cut = Buffer.from(String(sent()?.body['image']).replace(/^.*?,/u, ''), 'base64');
    const whole3 = await glance(grid.attachments[0]?.bytes ?? Buffer.alloc(0), tile(3));
    expect(unlikeness(await glance(cut), whole3)).toBeLessThan(5);
    const details = await whole.sandbox.discord.runOnMessage({
      person: bob,
      message: result,
      command: 'Task details',
    });
    expect(textOf(await whole.reply(details, 'Made from'))).toContain(grid.id);
  });

  it('edits the same pictures again in other words', async () => {
    const ann = aPerson('Eli');
    const [image, image2] = [await photo('cat.png'), await uploads.first];
    const asked = await whole.run('edit', { image, image2, role2: 'style', prompt: 'paint it' }, ann);
    const first = await whole.picture(asked);
    const opener = await open(first, 'Imagine again', ann);
    expect(JSON.stringify(opener.modal)).toContain('"paint it --v 8.2"');
    expect(JSON.stringify(opener.modal)).toContain('The same 2 images are used again');
    const again = await whole.picture(await whole.send(opener, { prompt: 'draw it --relax' }));
    expect(sent()?.prompt).toMatch(/^draw it --v 8\.2 --edit http\S+ --sref http\S+ --relax$/u);
    expect(await fetchNamed()).toEqual([image.bytes, image2.bytes]);
    expect(chargeOf(again)).toBe('Relax · 40 points');
    expect(labelsOf(again)).toContain('U1');
  });

  const refusals: readonly [string, (ann: Person) => ReturnType<Whole['run']>, string][] = [
    [
      'another version',
      async (ann) => whole.run('edit', { ...(await two()), prompt: 'a hat --v 7' }, ann),
      'Only Midjourney 8.1 and 8.2 can edit with several images.',
    ],
    [
      'a second style',
      async (ann) => whole.run('edit', { ...(await two()), role2: 'style', prompt: 'a hat --sref 7' }, ann),
      'The style comes from `--sref` or from an image, not from both.',
    ],
    [
      'a role for nothing',
      async (ann) => whole.run('edit', { ...(await two()), role4: 'style', prompt: 'a hat' }, ann),
      '`role4` says what `image4` is for, but there is no `image4`.',
    ],
    [
      'a type that Midjourney fetches from nobody',
      async (ann) => {
        const avif = await sharp((await photo('a')).bytes)
          .avif()
          .toBuffer();
        const image2 = { name: 'hat.avif', bytes: avif };
        return whole.run('edit', { image: await photo('cat.png'), image2, prompt: 'a hat' }, ann);
      },
      "This bot's provider doesn't take AVIF files like `hat.avif`.",
    ],
    [
      'a text in place of a picture',
      async (ann) => {
        const image2 = { name: 'hat.png', bytes: Buffer.from('no picture') };
        return whole.run('edit', { image: await photo('cat.png'), image2, prompt: 'a hat' }, ann);
      },
      "`hat.png` isn't an image that the bot can read.",
    ],
  ];
  async function two() {
    return { image: await photo('cat.png'), image2: await uploads.first };
  }

  it.each(refusals)('refuses %s before the charge', async (_, ask, sentence) => {
    const ann = aPerson('Fay');
    const before = whole.sandbox.provider.submits.length;
    const interaction = await ask(ann);
    await whole.reply(interaction, sentence);
    expect(interaction.message?.visibleTo).toBe(ann);
    expect(await whole.points(ann)).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(before);
  });
});

describe('Edit image, where pictures are fetched from their addresses', () => {
  const whole = useSandbox({ kind: 'acedata' });
  const { aPerson, post, open, fetchNamed } = useMenu(whole);

  it('survives a kill before and after the modal is sent, and sends everything once', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const [ann, bob] = [aPerson('Ann'), aPerson('Bob')];
    const [edited, hat] = [await photo('cat.png'), await uploads.first];
    const opener = await open(await post(ann, [edited]), 'Edit image', bob);
    await bot.end('SIGKILL');
    const second = await whole.sandbox.startBot(quick);
    const asked = await whole.send(opener, { prompt: 'put it on', added: [hat] });
    const agreed = await whole.agreed(asked);
    await second.line('accepted by the provider');
    await second.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const result = await whole.picture(agreed);
    expect(chargeOf(result)).toBe('Fast · 400 points');
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(whole.sandbox.provider.submits[0]?.body).toMatchObject({ version: '8.2', moodboard: true });
    expect(await fetchNamed()).toEqual([edited.bytes, hat.bytes]);
    expect(await whole.points(bob)).toBe('1,600 points');
  });

  it("takes a mask with one picture only, and can't be sent a part of a grid", async () => {
    await whole.sandbox.startBot(quick);
    const ann = aPerson('Cid');
    const [image, image2, mask] = [await photo('cat.png'), await uploads.first, await uploads.masked];
    const asked = await whole.run('edit', { image, image2, mask, prompt: 'a hat' }, ann);
    await whole.reply(asked, 'A mask only works with one image. Nothing was charged.');
    expect(await whole.points(ann)).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toEqual([]);
    const grid = await whole.picture(await whole.imagine('a red fox', {}, ann));
    const opener = await open(grid, 'Edit image', ann);
    expect(JSON.stringify(opener.modal)).not.toContain('of the grid');
  });
});
