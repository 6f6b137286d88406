import type { RequestListener } from 'node:http';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../helpers/whole.ts';
import { useWorld } from './stage.ts';

const redirectTo =
  (origin: string): RequestListener =>
  (request, response) =>
    void response.writeHead(302, { location: `${origin}${request.url}` }).end();

describe('a picture that somebody links to', () => {
  const whole = useWorld({ kinds: ['mjproxy'] });

  beforeAll(async () => {
    const { routes } = whole.sandbox.front;
    const fox = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#c40' } })
      .png()
      .toBuffer();
    routes.set('img.example.net', (_request, response) => void response.end(fox));
    routes.set('mixed.example.net', (_request, response) => void response.end(fox));
    routes.set('private.example.net', (_request, response) => void response.end(fox));
    await whole.deploy();
    await whole.sandbox.startBot();
  });

  async function describePicture(url: string) {
    const before = whole.sandbox.provider.submits.length;
    const asked = await whole.run('describe', { url });
    return { asked, submits: () => whole.sandbox.provider.submits.length - before };
  }

  it.each([
    ['at a name with both families', 'https://img.example.net/fox.png'],
    ['behind a redirect', 'https://moved.example.net/fox.png'],
  ])('%s is read', async (_where, url) => {
    whole.sandbox.front.routes.set('moved.example.net', redirectTo('https://img.example.net'));
    const { submits } = await describePicture(url);
    await whole.sandbox.discord.until(() => submits() === 1, { what: 'a submit', timeoutMs: 15_000 });
  });

  it.each([
    [
      'at a name with a private address among its addresses',
      'https://mixed.example.net/fox.png',
      'mixed.example.net',
    ],
    ['at a private name', 'https://private.example.net/fox.png', 'private.example.net'],
    ["at a host that doesn't exist", 'https://nobody.example.net/fox.png', 'nobody.example.net'],
  ])('%s is refused, and nothing is reached', async (_where, url, name) => {
    const left = await whole.points();
    const { asked, submits } = await describePicture(url);
    await whole.reply(asked, 'from its link');
    expect(await whole.points()).toBe(left);
    expect(submits()).toBe(0);
    expect(whole.sandbox.front.calls.filter((call) => call.includes(name))).toEqual([]);
  });

  it('at a name that sends it too slowly is refused in a sentence of its own, while the task of somebody else goes on', async () => {
    const { front, provider, discord } = whole.sandbox;
    const before = provider.submits.length;
    /** What the provider had got each time that the bot hung up: it looks once before the charge, too. */
    const hungUp: string[][] = [];
    front.routes.set('slow.example.net', (_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000000' });
      const drip = setInterval(() => response.write('x'), 100);
      response.once('close', () => {
        clearInterval(drip);
        hungUp.push(provider.submits.slice(before).map(({ prompt }) => prompt ?? ''));
      });
    });
    const { asked } = await describePicture('https://slow.example.net/fox.png');
    await discord.until(() => front.calls.includes('GET slow.example.net/fox.png'), { what: 'a download' });
    await whole.picture(await whole.imagine('an owl', {}, discord.world.people.otherMember));
    const refused = await whole.reply(asked, 'fast enough from its link');
    expect(textOf(refused)).toContain('points are back');
    expect(hungUp.at(-1)).toEqual(['an owl']);
    expect(provider.submits).toHaveLength(before + 1);
  });

  it.each([
    ['to a private name', 'https://private.example.net'],
    ['to a private address', 'https://192.168.7.7'],
    ['to this machine', 'http://127.0.0.1:8788'],
    ['in circles', 'https://moved.example.net'],
  ])('behind a redirect %s is refused', async (_where, target) => {
    whole.sandbox.front.routes.set('moved.example.net', redirectTo(target));
    const left = await whole.points();
    const { asked, submits } = await describePicture('https://moved.example.net/fox.png');
    await whole.reply(asked, 'from its link');
    expect(await whole.points()).toBe(left);
    expect(submits()).toBe(0);
    expect(whole.sandbox.front.calls.filter((call) => call.includes('private.example.net'))).toEqual([]);
  });
});

describe.each([
  ['behind a redirect', 'https://moved.example.net'],
  ['at a plain http address', 'http://img.example.net'],
])('a result %s', (_where, pictures) => {
  const whole = useWorld({ kinds: ['acedata'], pictures });

  it('is shown', async () => {
    const { front, startBot } = whole.sandbox;
    front.routes.set('moved.example.net', redirectTo('https://img.example.net'));
    await whole.deploy();
    await startBot();
    await whole.picture(await whole.imagine('a red fox'));
    expect(front.plainCalls).toEqual([]);
  });
});
