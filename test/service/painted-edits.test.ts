import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { RegionSource } from '../../src/inputs/region-originals.ts';
import { listPrices, type PriceList } from '../../src/points/prices.ts';
import type { Painted, RegionWork } from '../../src/service/region-pages.ts';
import type { Action, InputPicture, Place, TaskRequest } from '../../src/task.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aPlace } from '../helpers/tasks.ts';

const size = { width: 30, height: 20 };
const [fox, hat]: InputPicture[] = [
  { url: 'https://cdn.example/fox.png', name: 'fox.png' },
  { url: 'https://cdn.example/hat.png', name: 'hat.png' },
] as const;
if (fox === undefined || hat === undefined) throw new Error('there are two');

let relay: Relay | undefined;
afterEach(async () => relay?.remove());

/** What was opened to paint on. */
let opened: RegionSource[] = [];

async function open(options: Parameters<typeof createRelay>[0] = {}): Promise<Relay> {
  opened = [];
  relay = await createRelay({
    publicUrl: 'https://relay.example',
    masksEdits: ['main'],
    openOriginal: async (source) => {
      opened.push(source);
      return { bytes: Buffer.from('a picture'), type: 'image/png', maskSize: size };
    },
    ...options,
  });
  (relay.provider.actions as Set<Action>).add('edit');
  return relay;
}

function aWork(changes: Partial<TaskRequest> = {}, lineage: object = {}): RegionWork {
  const request = { action: 'edit', prompt: 'a red door', speed: 'fast', pictures: [fox], ...changes };
  return { kind: 'edit', request, ...lineage } as RegionWork;
}

function pricesWith(edit: number): PriceList {
  const usual = listPrices('mjproxy');
  return { ...usual, points: { ...usual.points, edit } };
}

/** Returns the secret part of the link. */
async function begin(from: Relay, work = aWork(), place: Partial<Place> = {}): Promise<string> {
  if (work.kind !== 'edit') throw new Error('it is no edit');
  const origin = { place: aPlace({ tokenExpiresAt: from.clock.now() + 840_000, ...place }) };
  const caller = { ...aCaller(origin), displayName: 'Max' };
  const url = await from.regionPages.begin(work, { prompt: work.request.prompt }, caller);
  return url?.slice('https://relay.example/region/'.length) ?? '';
}

async function painted(changes: Partial<Painted> = {}): Promise<Painted> {
  const box = { create: { width: 10, height: 10, channels: 3, background: '#fff' } } as const;
  const mask = await sharp({ create: { ...size, channels: 3, background: '#000' } })
    .composite([{ input: box, left: 0, top: 0 }])
    .png()
    .toBuffer();
  return { prompt: 'a red door', price: 100, isAsWritten: false, mask, ...changes };
}

async function submit(from: Relay, token: string, changes: Partial<Painted> = {}) {
  const outcome = await from.regionPages.submit(token, await painted(changes));
  if (outcome.kind !== 'started') throw new Error(JSON.stringify(outcome));
  return outcome.opened.task;
}

describe('an edit that is painted', () => {
  it('shows its words and its price, and is sent with both', async () => {
    const one = await open();
    const token = await begin(one, aWork({ prompt: 'a red door --ar 3:2' }));
    expect(await one.regionPages.read(token)).toMatchObject({
      work: 'edit',
      prompt: 'a red door --ar 3:2',
      mayBeEmpty: false,
      price: 100,
    });
    expect(await one.left()).toBe(2_000);
    const { request, price, origin } = await submit(one, token, { prompt: 'a blue door --ar 3:2' });
    expect(request).toMatchObject({
      action: 'edit',
      prompt: 'a blue door --ar 3:2',
      speed: 'fast',
      pictures: [fox],
    });
    expect(await one.paintedMasks.read(request.region?.painted ?? '')).toBeDefined();
    expect(opened).toEqual([{ picture: fox }]);
    expect(price).toBe(100);
    expect(await one.left()).toBe(1_900);
    expect(origin.place.isPosted).toBe(true);
    expect(origin.place.repliesTo).toBeUndefined();
  });

  it('remembers the message that it came from, and replies to it', async () => {
    const one = await open();
    const source = await one.imagine();
    const token = await begin(one, aWork({}, { parentId: source, parentMessageId: '77' }));
    const { parentId, parentMessageId, parentOffer, origin } = await submit(one, token);
    expect({ parentId, parentMessageId, parentOffer }).toEqual({
      parentId: source,
      parentMessageId: '77',
    });
    expect(origin.place.repliesTo).toBe('77');
  });

  it('of something private stays private', async () => {
    const one = await open();
    const work = aWork({}, { parentMessageId: '77' });
    const token = await begin(one, work, { isPrivate: true, isOpenToBot: true });
    const { place } = (await submit(one, token)).origin;
    expect(place).toMatchObject({ isPrivate: true, isOpenToBot: false });
    expect(place.isPosted).toBeUndefined();
  });

  it('costs what it costs at the account that takes a mask', async () => {
    const dear = pricesWith(300);
    const two = await open({ accounts: ['whole', 'main'], prices: { main: dear } });
    const token = await begin(two);
    expect(await two.regionPages.read(token)).toMatchObject({ price: 300 });
    expect(await submit(two, token, { price: 300 })).toMatchObject({ account: 'main', price: 300 });
    expect(await two.left()).toBe(1_700);
  });

  it('can be begun with the points for the account that takes a mask, even if another one is dearer', async () => {
    const dear = pricesWith(3_000);
    const two = await open({ accounts: ['whole', 'main'], prices: { whole: dear } });
    expect(await submit(two, await begin(two))).toMatchObject({ account: 'main', price: 100 });
  });

  it('is one quarter of a grid if that was chosen', async () => {
    const one = await open();
    const quarter = { ...fox, quarter: 3 };
    const token = await begin(one, aWork({ pictures: [quarter] }));
    await one.regionPages.open(token);
    expect(opened).toEqual([{ picture: quarter }]);
    expect((await submit(one, token)).request.pictures).toEqual([quarter]);
  });

  it('has the speed that its words say, and charges nothing before its person has seen that price', async () => {
    const one = await open();
    const token = await begin(one);
    const words = { prompt: 'a red door --relax' };
    expect(await one.regionPages.submit(token, await painted(words))).toMatchObject({
      kind: 'price-changed',
      price: 40,
    });
    expect(await one.left()).toBe(2_000);
    const { request, price } = await submit(one, token, { ...words, price: 40 });
    expect([request.prompt, request.speed, price]).toEqual(['a red door', 'relax', 40]);
  });

  it('shows a speed that was typed, and what it costs', async () => {
    const one = await open();
    const token = await begin(one, aWork({ prompt: 'a red door --relax' }));
    expect(await one.regionPages.read(token)).toMatchObject({ prompt: 'a red door --relax', price: 40 });
  });

  it('keeps the speed in its words if they are corrected', async () => {
    const one = await open();
    const token = await begin(one);
    const words = { prompt: 'a red door --relax -stylize 100', price: 40 };
    const doubtful = await one.regionPages.submit(token, await painted(words));
    const prompt = 'a red door --stylize 100 --relax';
    expect(doubtful).toMatchObject({ kind: 'doubtful', details: { corrected: { prompt } } });
    expect(await submit(one, token, { prompt, price: 40 })).toMatchObject({ price: 40 });
  });

  it('is refused if its words become empty, or two speeds, and nothing is charged', async () => {
    const one = await open();
    const token = await begin(one);
    for (const [prompt, code] of [
      ['', 'prompt-empty'],
      ['a door --fast --relax', 'speed-twice'],
      ['a door --repeat 4', 'several-jobs'],
    ] as const)
      expect(await one.regionPages.submit(token, await painted({ prompt }))).toMatchObject({
        kind: 'refused',
        error: { code },
      });
    expect(await one.left()).toBe(2_000);
    expect(await one.documents.masks.listKeys()).toEqual([]);
  });

  it('names the picture that Discord no longer has, and charges nothing', async () => {
    const one = await open({ openOriginal: async () => 'gone' });
    expect(await one.regionPages.submit(await begin(one), await painted())).toMatchObject({
      kind: 'refused',
      error: { code: 'picture-gone', details: { name: 'fox.png' } },
    });
    expect(await one.left()).toBe(2_000);
  });

  it('goes with the task that its button was on', async () => {
    const one = await open();
    const token = await begin(one, aWork({}, { parentId: 'a-task' }));
    await one.drafts.forgetFollowUps(new Set(['a-task']));
    expect(await one.regionPages.read(token)).toEqual({ kind: 'gone' });
  });
});

describe('a page for an edit', () => {
  it.each<[string, Partial<TaskRequest>, Parameters<typeof createRelay>[0], string]>([
    ['several pictures', { pictures: [fox, hat] }, { editModel: ['main'] }, 'mask-for-several'],
    ['an API that only edits whole pictures', {}, { masksEdits: [] }, 'mask-unsupported'],
    ['two speeds', { prompt: 'a hat --fast --relax' }, {}, 'speed-twice'],
    ['no words', { prompt: ' ' }, {}, 'prompt-empty'],
    [
      'a file that is no picture',
      {},
      {
        checkInputs: async () => {
          throw new UserError('picture-unreadable', { name: 'fox.png' });
        },
      },
      'picture-unreadable',
    ],
    ['too few points', {}, { prices: { main: pricesWith(2_500) } }, 'points-short'],
    [
      'a server that may not use the bot',
      {},
      { operator: { allowedGuilds: new Set() } },
      'server-not-allowed',
    ],
  ])('is refused with %s before anybody paints', async (_, request, options, code) => {
    const one = await open(options);
    expect(await codeOf(begin(one, aWork(request)))).toBe(code);
    expect(await one.documents.drafts.listKeys()).toEqual([]);
  });

  it('is opened with words that it can correct', async () => {
    const one = await open();
    const token = await begin(one, aWork({ prompt: 'a red door -stylize 100' }));
    expect(await one.regionPages.read(token)).toMatchObject({ prompt: 'a red door -stylize 100' });
  });
});
