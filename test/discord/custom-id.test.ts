import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFavoritesMenu,
  decodeListing,
  decodePage,
  decodePress,
  encodeFavoritesMenu,
  encodeListing,
  encodePage,
  encodePress,
  forgetId,
  pressKinds,
} from '../../src/discord/custom-id.ts';
import { resultKinds } from '../../src/service/result-kinds.ts';
import { type Listing, listFilters, longestSearch, mostPage } from '../../src/service/task-lists.ts';

const taskId = 'Abc_-01234567890';

describe('the id of a button', () => {
  it.each(pressKinds)('survives a round trip: %s', (kind) => {
    for (const offer of [0, 1, 7, 9, 10, 24, 99]) {
      const id = encodePress({ kind, taskId, offer });
      expect(decodePress(id)).toEqual({ kind, taskId, offer });
      expect(id.length).toBeLessThanOrEqual(100);
      expect(decodePage(id)).toBeUndefined();
    }
    expect(decodePress(encodePress({ kind, taskId }))).toEqual({ kind, taskId, offer: 0 });
  });

  it.each([
    '',
    'offer',
    'offer:',
    'offer:short:1',
    `offer:${taskId}`,
    `offer:${taskId}:`,
    `offer:${taskId}:100`,
    `offer:${taskId}:-1`,
    `offer:${taskId}:1.5`,
    `offer:${taskId}:1:2`,
    `offer:${taskId}x:1`,
    `offer:${taskId.slice(1)}:1`,
    `offer:../${taskId.slice(3)}:1`,
    `offer:%00${taskId.slice(3)}:1`,
    ` offer:${taskId}:1`,
    `offer:${taskId}:1\n`,
    `OFFER:${taskId}:1`,
    `destroy:${taskId}:1`,
    `drop:${taskId}:1`,
    `x${encodePress({ kind: 'offer', taskId, offer: 1 })}`,
    `constructor:${taskId}:1`,
    forgetId,
    encodePage({ userId: '12345678901234567', page: 1 }),
  ])("isn't ours: %j", (id) => {
    expect(decodePress(id)).toBeUndefined();
  });

  it('is none of ours for any bytes at all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (customId) => decodePress(customId) === undefined));
  });

  it('that anybody makes up is ours or none, and breaks nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        const press = decodePress(text);
        if (press !== undefined)
          expect(encodePress(press)).toHaveLength(text.replace(/:0(\d)$/, ':$1').length);
      }),
    );
  });
});

describe('the id of a page', () => {
  it.each([
    ['12345678901234567', 1],
    ['12345678901234567890', 999_999],
    ['123456789012345678', 0],
  ])('survives a round trip: of %s, page %i', (userId, page) => {
    expect(decodePage(encodePage({ userId, page }))).toEqual({ userId, page });
  });

  it.each([
    'history:1234567890123456:1',
    'history:123456789012345678901:1',
    'history:12345678901234567:1000000',
    'history:12345678901234567:-1',
    'history:12345678901234567:',
    "history:1' or '1'='1:1",
    'history:direct:1',
    'history:',
    'history:1:1',
    'history:12345678901234567:1:2',
    'offer:12345678901234567:1',
    'histories:12345678901234567:1',
    'x history:12345678901234567:1',
  ])("isn't ours: %j", (id) => {
    expect(decodePage(id)).toBeUndefined();
  });
});

describe('the id of a button that shows a page of one’s own tasks', () => {
  it.each<Listing>([
    ...listFilters.flatMap((filter) =>
      [undefined, ...resultKinds].map((kind) => ({ filter, kind, page: mostPage + 1 })),
    ),
    { words: 'fox', page: 1 },
    { words: 'a:b:7 "quoted" 狐狸', page: 12 },
    { words: '🦊'.repeat(longestSearch / 2), page: mostPage + 1 },
  ])('survives a round trip: %j', (listing) => {
    for (const [id, decode] of [
      [encodeListing(listing), decodeListing],
      [encodeFavoritesMenu({ filter: 'favorites', page: mostPage }), decodeFavoritesMenu],
    ] as const) {
      expect(id.length).toBeLessThanOrEqual(100);
      expect(decode(id)).toBeDefined();
      expect([decodePage(id), decodePress(id)]).toEqual([undefined, undefined]);
    }
    expect(decodeListing(encodeListing(listing))).toEqual(listing);
  });

  it.each([
    '',
    'search:1:',
    'search::fox',
    'search:-1:fox',
    'search:12345:fox',
    'list:mine:any',
    'list:mine:any:x',
    'list:theirs:any:1',
    'list:mine:constructor:1',
    'list:mine:any:1:7',
    'unfavorite-from:list:mine:any:1x',
  ])("isn't ours: %j", (id) => {
    expect([decodeListing(id), decodeFavoritesMenu(id)]).toEqual([undefined, undefined]);
  });
});
