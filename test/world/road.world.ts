import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Kind, kinds } from '../../sandbox/index.ts';
import { linkOf, send } from '../helpers/region-page.ts';
import { textOf } from '../helpers/whole.ts';
import type { Name } from './names.ts';
import { useWorld } from './stage.ts';

/** Kinds that call back; with the others, gateways drop the address. */
const callingBack: ReadonlySet<Kind> = new Set(['mjproxy', 'acedata', 'apixo', 'aigc2d']);

describe.each(kinds)('with only the required variables, %s', (kind) => {
  const whole = useWorld({ kinds: [kind] });

  it('does /imagine with a reference picture, and U2', async () => {
    const { discord, provider, front, set, startBot } = whole.sandbox;
    // APIXO's documents want the first look after 50 seconds.
    if (kind === 'apixo') await set({ PROVIDER_APIXO_POLL_FIRST_MS: '1000' });
    await whole.deploy();
    const bot = await startBot();
    const reference = { name: 'fox.png', bytes: await aPng(), contentType: 'image/png' };
    const grid = await whole.picture(await whole.imagine('a red fox', { image1: reference }));
    const single = await whole.picture(await whole.press(grid, 'U2'));
    expect(single.id).not.toBe(grid.id);
    expect(provider.submits[0]?.prompt).toContain('a red fox');
    expect(discord.violations).toEqual([]);
    // All of it through real names, because nothing in the bot's configuration says otherwise.
    const called = new Set(front.calls.map((call) => call.replace(/^\w+ ([^/]+).*/, '$1')));
    for (const name of ['discord.com', 'gateway.discord.gg', 'cdn.discordapp.com', picturesOf(kind)])
      expect(called).toContain(name);
    await bot.end();
  });

  it('does what the menu of somebody else’s message offers', async () => {
    const { discord, provider, front, startBot } = whole.sandbox;
    const bot = await startBot();
    const { general: channel } = discord.world.channels;
    const { administrator, member: person } = discord.world.people;
    const file = { name: 'hare.png', bytes: await aPng() };
    const message = await discord.post({ person: administrator, channel, files: [file] });
    const earlier = front.calls.length;
    const opener = await discord.runOnMessage({ person, message, command: 'Use as reference' });
    const made = await whole.picture(await whole.send(opener, { prompt: 'a hare in winter' }));
    expect(textOf(made)).toContain('a hare in winter');
    expect(provider.submits.at(-1)?.prompt).toContain('a hare in winter');
    expect(front.calls.slice(earlier)).toContainEqual(
      expect.stringMatching(/^GET cdn\.discordapp\.com\/.*hare\.png/),
    );
    await bot.end();
  });

  /** The front leaves the path of an address as it is, as reverse proxies do unless they are told otherwise. */
  const publicUrls = callingBack.has(kind)
    ? ['https://relay.example.org', 'https://relay.example.org/bot']
    : [];

  it.each(publicUrls)('calls back through PUBLIC_URL=%s', async (publicUrl) => {
    const { provider, front, set, startBot } = whole.sandbox;
    front.routes.set('relay.example.org', 8787);
    await set({ PUBLIC_URL: publicUrl });
    const bot = await startBot();
    const called = provider.next((event) => event.type === 'callback' && event.call.status === 200);
    const message = await whole.picture(await whole.imagine('a lighthouse'));
    await called;
    expect(textOf(message)).toContain('a lighthouse');
    const prefix = publicUrl.replace('https://', 'POST ');
    expect(front.calls.some((call) => call.startsWith(`${prefix}/callbacks/`))).toBe(true);
    await bot.end();
  });

  it.each(kind === 'mjproxy' ? publicUrls : [])(
    'serves the region editor at PUBLIC_URL=%s',
    async (publicUrl) => {
      const { front, set, startBot } = whole.sandbox;
      front.routes.set('relay.example.org', 8787);
      await set({ PUBLIC_URL: publicUrl });
      await whole.deploy();
      const bot = await startBot();
      const grid = await whole.picture(await whole.imagine('a lighthouse'));
      const pressed = await whole.press(await whole.picture(await whole.press(grid, 'U1')), 'Region');
      await whole.reply(pressed, 'Paint what should change on a page');
      const link = linkOf(pressed);
      expect(link.startsWith(`${publicUrl}/region/`)).toBe(true);
      const page = await (await fetch(link)).text();
      for (const [, path = ''] of page.matchAll(/(?:src|href)="([^"]+)"/gu))
        expect([path, (await fetch(new URL(path, link))).status]).toEqual([path, 200]);
      const price = Number(/costs (\d+) points/u.exec(page)?.[1]);
      expect(await send(link, { price })).toMatchObject({ kind: 'started' });
      expect(textOf(await whole.titled('Vary (Region)'))).toContain('a red door');
      await bot.end();
    },
  );
});

/** A new-api serves its pictures itself. */
function picturesOf(kind: Kind): Name {
  return kind === '4allapi' ? 'api.4allapi.com' : 'img.example.net';
}

async function aPng(): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels: 3, background: '#c40' } })
    .png()
    .toBuffer();
}
