import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegionOriginal } from '../../src/inputs/region-originals.ts';
import type { OperatorSettings } from '../../src/points/policy.ts';
import type { PageCaller, Painted, RegionWork } from '../../src/service/region-pages.ts';
import type { Speed } from '../../src/task.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aPlace } from '../helpers/tasks.ts';

const size = { width: 30, height: 20 };
const publicUrl = 'https://relay.example/bot';

/** A mask of that size with a white box of 10 × 10 in its corner. */
function maskOf({ width, height } = size, box = { width: 10, height: 10 }): Promise<Buffer> {
  const white = { create: { ...box, channels: 3, background: '#fff' } } as const;
  return sharp({ create: { width, height, channels: 3, background: '#000' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer();
}

let relay: Relay;
let original: RegionOriginal | 'late' | 'gone';

beforeEach(async () => {
  original = { bytes: Buffer.from('a picture'), type: 'image/png', maskSize: size };
  relay = await createRelay({ publicUrl, openOriginal: async () => original });
});
afterEach(() => relay.remove());

function aPageCaller(
  overrides: Partial<PageCaller> & { place?: Parameters<typeof aPlace>[0] } = {},
): PageCaller {
  const { place = {}, ...rest } = overrides;
  const origin = { place: aPlace({ tokenExpiresAt: relay.clock.now() + 840_000, ...place }) };
  return { ...aCaller(origin), displayName: 'Max', ...rest };
}

/** A finished picture; its offer 3 is Vary (Region). */
async function finished(): Promise<Extract<RegionWork, { kind: 'offer' }>> {
  const taskId = await relay.imagine();
  relay.provider.onLook = allDone;
  await relay.clock.pass(20_000);
  return { kind: 'offer', taskId, messageId: `message-of-${taskId}`, offer: 3 };
}

async function begin(caller = aPageCaller(), work?: RegionWork): Promise<string> {
  const url = await relay.regionPages.begin(work ?? (await finished()), { prompt: 'a fox' }, caller);
  const [, token = ''] = /^https:\/\/relay\.example\/bot\/region\/([\w-]{59})$/u.exec(url ?? '') ?? [];
  expect(token).not.toBe('');
  return token;
}

const painted = async (changes: Partial<Painted> = {}): Promise<Painted> => ({
  prompt: 'a red door',
  price: 100,
  isAsWritten: false,
  mask: await maskOf(),
  ...changes,
});

describe('a page of the region editor', () => {
  it('shows what it is about, as often as it is asked', async () => {
    const token = await begin();
    for (let times = 0; times < 2; times += 1)
      expect(await relay.regionPages.read(token)).toEqual({
        name: 'Max',
        locale: 'en-US',
        work: 'offer',
        prompt: 'a fox',
        mayBeEmpty: false,
        price: 100,
        expiresAt: relay.clock.now() + 900_000,
      });
    expect(await relay.regionPages.open(token)).toEqual(original);
    expect(await relay.left()).toBe(1_900);
  });

  it("isn't there if the bot can't be reached", async () => {
    await relay.remove();
    relay = await createRelay();
    const work = await finished();
    expect(await relay.regionPages.begin(work, { prompt: 'a fox' }, aPageCaller())).toBeUndefined();
  });

  it('starts one task with the mask, for the price that it showed, as a reply in the channel', async () => {
    const work = await finished();
    const token = await begin(aPageCaller(), work);
    const outcome = await relay.regionPages.submit(token, await painted());
    if (outcome.kind !== 'started') throw new Error(outcome.kind);
    const { task } = outcome.opened;
    expect(task).toMatchObject({
      price: 100,
      parentId: work.taskId,
      parentOffer: 3,
      parentMessageId: work.messageId,
      request: { action: 'vary-region', prompt: 'a red door', answer: 'a red door' },
      origin: { place: { isPosted: true, repliesTo: work.messageId, isOpenToBot: true } },
    });
    const kept = await relay.paintedMasks.read(task.request.region?.painted ?? '');
    const { data, info } = await sharp(kept).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([30, 20]);
    expect(data.filter((shade) => shade === 255)).toHaveLength(100);
    expect(await relay.left()).toBe(1_800);
  });

  it('starts one task if it is sent several times at once, and again after a restart', async () => {
    const token = await begin();
    const sent = await painted();
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => relay.regionPages.submit(token, sent)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
      'started',
      'submitted',
      'submitted',
      'submitted',
    ]);
    expect(await relay.documents.masks.listKeys()).toHaveLength(1);
    await relay.crash();
    const { regionPages, administration } = await relay.reopen();
    expect(await regionPages.submit(token, sent)).toMatchObject({ kind: 'submitted' });
    expect(await regionPages.read(token)).toMatchObject({ kind: 'submitted' });
    expect((await administration.statement(aCaller().asker)).left).toBe(1_800);
  });

  it('starts one task even if it is sent with a mask that takes longer to read', async () => {
    const token = await begin();
    const [one, other] = [await maskOf(), await maskOf(size, { width: 3, height: 3 })];
    const outcomes = await Promise.all([
      relay.regionPages.submit(token, await painted({ mask: one })),
      relay.regionPages.submit(token, await painted({ mask: other })),
    ]);
    const started = outcomes.flatMap((outcome) => (outcome.kind === 'started' ? outcome.opened.task : []));
    expect(started).toHaveLength(1);
    // The other mask didn't take the place of the one that is paid for.
    expect(await relay.paintedMasks.read(started[0]?.request.region?.painted ?? '')).toBeDefined();
  });

  it('outlives a crash', async () => {
    const token = await begin();
    await relay.crash();
    const { regionPages } = await relay.reopen();
    expect(await regionPages.read(token)).toMatchObject({ name: 'Max', price: 100 });
    expect(await regionPages.submit(token, await painted())).toMatchObject({ kind: 'started' });
  });

  it('is gone after 15 minutes, and for anybody who guesses', async () => {
    const token = await begin();
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [forged, token.slice(0, 27), '', 'x'.repeat(59), `${token}A`]) {
      expect(await relay.regionPages.read(wrong)).toEqual({ kind: 'gone' });
      expect(await relay.regionPages.open(wrong)).toBe('gone');
      expect(await relay.regionPages.submit(wrong, await painted())).toEqual({ kind: 'gone' });
    }
    await relay.clock.pass(899_000);
    expect(await relay.regionPages.read(token)).toMatchObject({ name: 'Max' });
    await relay.clock.pass(1_000);
    expect(await relay.regionPages.read(token)).toEqual({ kind: 'gone' });
    expect(await relay.regionPages.submit(token, await painted())).toEqual({ kind: 'gone' });
    expect(await relay.left()).toBe(1_900);
  });

  it('keeps no secret in the database that opens it', async () => {
    const token = await begin();
    const [key = ''] = (await relay.documents.drafts.listKeys()).filter((one) =>
      token.includes(one.split(':')[1] ?? '-'),
    );
    expect(JSON.stringify(await relay.documents.drafts.get(key))).not.toContain(token.slice(27));
  });

  it.each<[what: string, mask: () => Promise<Buffer>, code: string]>([
    ['nothing painted', () => blank('#000'), 'mask-empty'],
    ['everything painted', () => blank('#fff'), 'mask-full'],
    ['another size', () => maskOf({ width: 20, height: 30 }), 'mask-size'],
    ['a text', async () => Buffer.from('not a picture'), 'picture-type'],
  ])('refuses a mask with %s, and charges nothing', async (_what, mask, code) => {
    const token = await begin();
    const outcome = await relay.regionPages.submit(token, await painted({ mask: await mask() }));
    expect(outcome).toMatchObject({ kind: 'refused', error: { code } });
    expect(await relay.left()).toBe(1_900);
    expect(await relay.documents.masks.listKeys()).toEqual([]);
    // It can be sent again.
    expect(await relay.regionPages.submit(token, await painted())).toMatchObject({ kind: 'started' });
  });

  it.each([90, 0, 150])('charges nothing if the page showed %i points', async (price) => {
    const token = await begin();
    expect(await relay.regionPages.submit(token, await painted({ price }))).toEqual({
      kind: 'price-changed',
      price: 100,
      locale: 'en-US',
    });
    expect(await relay.left()).toBe(1_900);
  });

  it.each([
    ['relax', 40],
    ['turbo', 200],
  ] as const)("costs what its person's speed costs, if that's %s", async (speed, price) => {
    await relay.remove();
    const options = { publicUrl, openOriginal: async () => original, takesPressSpeeds: true };
    relay = await createRelay({ ...options, kinds: { main: 'acedata' } });
    (relay.provider as { speeds: ReadonlySet<Speed> }).speeds = new Set(['fast', 'relax', 'turbo']);
    await relay.preferences.set(aCaller().asker.userId, { speed });
    const token = await begin();
    expect(await relay.regionPages.read(token)).toMatchObject({ price });
    const before = await relay.left();
    expect(await relay.regionPages.submit(token, await painted({ price }))).toMatchObject({
      kind: 'started',
      opened: { task: { price, request: { speed } } },
    });
    expect(await relay.left()).toBe(before - price);
  });

  it('says what words cost that cost more, and takes them for that', async () => {
    const token = await begin();
    const sent = await painted({ prompt: 'a red door --hd' });
    const outcome = await relay.regionPages.submit(token, sent);
    expect(outcome).toEqual({ kind: 'price-changed', price: 163, locale: 'en-US' });
    expect(await relay.left()).toBe(1_900);
    expect(await relay.regionPages.submit(token, { ...sent, price: 163 })).toMatchObject({
      kind: 'started',
      opened: { task: { price: 163 } },
    });
    expect(await relay.left()).toBe(1_737);
  });

  it('charges nothing if its person may no longer use the bot, or has too few points', async () => {
    const token = await begin();
    const { asker } = aCaller();
    await relay.policies.update(asker.book, (settings) => ({ ...settings, people: { [asker.userId]: 150 } }));
    expect(await relay.regionPages.submit(token, await painted())).toMatchObject({
      kind: 'refused',
      error: { code: 'points-short' },
    });
    expect(await relay.documents.masks.listKeys()).toEqual([]);
  });

  it('charges nothing if its server may no longer use the bot', async () => {
    const operator: Partial<OperatorSettings> = {};
    await relay.remove();
    relay = await createRelay({ publicUrl, openOriginal: async () => original, operator });
    const token = await begin();
    Object.assign(operator, { allowedGuilds: new Set(['another']) });
    await relay.crash();
    const { regionPages, documents } = await relay.reopen();
    expect(await regionPages.submit(token, await painted())).toMatchObject({
      kind: 'refused',
      error: { code: 'server-not-allowed' },
    });
    expect(await documents.masks.listKeys()).toEqual([]);
  });

  it('tells what is wrong in the words before it charges, and takes them as written if that works', async () => {
    const token = await begin();
    const sent = await painted({ prompt: 'a red door --stylize 100 with flowers' });
    const outcome = await relay.regionPages.submit(token, sent);
    expect(outcome).toMatchObject({
      kind: 'doubtful',
      details: { corrected: { price: 100 }, writtenPrice: 100 },
    });
    expect(await relay.left()).toBe(1_900);
    expect(await relay.regionPages.submit(token, { ...sent, isAsWritten: true })).toMatchObject({
      kind: 'started',
    });
    expect(await relay.left()).toBe(1_800);
  });

  it.each(['late', 'gone'] as const)('charges nothing while its picture is %s', async (state) => {
    const token = await begin();
    original = state;
    const outcome = await relay.regionPages.submit(token, await painted());
    expect(outcome.kind).toBe(state === 'late' ? 'late' : 'refused');
    expect(await relay.left()).toBe(1_900);
  });

  it.each([
    ['a private message', { place: { isPrivate: true as const, isOpenToBot: true } }],
    ['a channel where the bot may not write', { place: { isOpenToBot: false } }],
  ])('of %s is answered by the token, and never in the channel', async (_what, overrides) => {
    const token = await begin(aPageCaller(overrides));
    const outcome = await relay.regionPages.submit(token, await painted());
    if (outcome.kind !== 'started') throw new Error(outcome.kind);
    const { place } = outcome.opened.task.origin;
    expect(place).toMatchObject({ token: 'interaction-token', isOpenToBot: false, isPrivate: true });
    expect(place.isPosted).toBeUndefined();
  });

  it("goes by the server's rules about the channel where it was asked for, as they are when the mask is sent", async () => {
    const works = [await finished(), await finished()];
    const where = { channelId: '123456789012345678', isAgeRestricted: false };
    const { asker, ...rest } = aPageCaller();
    const caller = { ...rest, asker: { ...asker, where } };
    const only = (id: string) =>
      relay.policies.update(asker.book, () => ({ channels: { mode: 'only', ids: [id] } }));
    await only(where.channelId);
    const started = await relay.regionPages.submit(await begin(caller, works[0]), await painted());
    expect(started.kind).toBe('started');
    const again = { ...caller, origin: { ...caller.origin, interactionId: 'another' } };
    const token = await begin(again, works[1]);
    await only('223456789012345678');
    expect(await relay.regionPages.submit(token, await painted())).toMatchObject({
      kind: 'refused',
      error: { code: 'channel-not-allowed' },
    });
  });

  it('charges nothing if the token that shows a private answer is about to end', async () => {
    const token = await begin(aPageCaller({ place: { isPrivate: true, isOpenToBot: false } }));
    await relay.clock.pass(790_000);
    expect(await relay.regionPages.submit(token, await painted())).toMatchObject({
      kind: 'refused',
      error: { code: 'page-late' },
    });
    expect(await relay.left()).toBe(1_900);
  });

  it('goes when its person wants to be forgotten, with the masks', async () => {
    const token = await begin();
    await relay.regionPages.submit(token, await painted());
    const other = await begin();
    await relay.personalData.forget(aCaller().asker.userId);
    expect(await relay.documents.masks.listKeys()).toEqual([]);
    expect(await relay.regionPages.read(other)).toEqual({ kind: 'gone' });
  });
});

function blank(background: string): Promise<Buffer> {
  return sharp({ create: { ...size, channels: 3, background } })
    .png()
    .toBuffer();
}
