import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Named } from '../../src/points/administration.ts';
import type { Asker } from '../../src/points/policy.ts';
import type { BlockNews, BlockWish } from '../../src/service/blocks.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin } from '../helpers/tasks.ts';

const { book, userId } = anOrigin();
const minute = 60_000;
const day = 1_440 * minute;
const administrator: Asker = { userId: 'ada', book, roleIds: [], isAdministrator: true };
const max: Named = { userId, isBot: false, roleIds: [] };
const nobody = '777777777777777777';

let relay: Relay;
let news: BlockNews[];
beforeEach(async () => {
  news = [];
  relay = await createRelay({ operator: { operatorIds: new Set(['olga']), allowsDirect: true } });
  relay.blocks.listen((one) => news.push(one));
});
afterEach(() => relay.remove());

const add = (wish: Partial<BlockWish> = {}, person = max, asker = administrator) =>
  relay.blocks.add(asker, person, { cancelsTasks: false, ...wish });
const start = () => codeOf(relay.imagine());

describe('a block', () => {
  it('keeps somebody from starting anything, without a charge, until it is lifted', async () => {
    await add({ reason: 'too many foxes' });
    expect(await start()).toBe('blocked');
    expect(relay.provider.submits).toEqual([]);
    expect(await relay.left()).toBe(2_000);
    expect(await codeOf(relay.imagine('555555555555555555'))).toBeUndefined();
    await relay.blocks.remove(administrator, userId);
    expect(await start()).toBeUndefined();
  });

  it.each([
    ['30m', 30 * minute],
    ['12H', 720 * minute],
    [' 7 d ', 7 * day],
    ['2w', 14 * day],
    ['366d', 366 * day],
  ])('of %s has its end', async (duration, ms) => {
    expect((await add({ duration })).person.until).toBe(relay.clock.now() + ms);
  });

  it('ends by itself', async () => {
    await add({ duration: '2m' });
    await relay.clock.pass(2 * minute - 1);
    expect(await start()).toBe('blocked');
    expect(await relay.blocks.list(administrator)).toHaveLength(1);
    await relay.clock.pass(1);
    expect(await start()).toBeUndefined();
    expect(await relay.blocks.list(administrator)).toEqual([]);
    expect(await codeOf(relay.blocks.remove(administrator, userId))).toBe('not-blocked');
  });

  it.each(['-1d', '0m', '1', 'd', '1.5h', '1e3m', '367d', '999999w', 'forever', '', '7d7d', '٣d', '1y'])(
    'of %j is refused, and nobody is blocked',
    async (duration) => {
      expect(await codeOf(add({ duration }))).toBe('duration-malformed');
      expect(await start()).toBeUndefined();
    },
  );

  it('replaces the one before, and is in the list with its reason on one line', async () => {
    await add({ duration: '1h', reason: 'one' });
    await relay.clock.pass(5);
    await add({ reason: ` two\nlines ${'x'.repeat(200)}` });
    const [listed, ...others] = await relay.blocks.list(administrator);
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ userId, by: 'ada' });
    expect(listed?.until).toBeUndefined();
    expect(listed?.reason).toMatch(/^two lines x+/u);
    expect(listed?.reason?.length).toBeLessThanOrEqual(100);
  });

  it('holds after a restart, for what was asked for before, and after /account forget', async () => {
    await add();
    await relay.personalData.forget(userId);
    await relay.close();
    const again = await relay.reopen();
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    expect(await codeOf(again.service.start(request, aCaller()))).toBe('blocked');
    await again.close();
  });

  it('also stops what was begun before it, and waits for a picture to be checked', async () => {
    await relay.remove();
    let check = () => {};
    const checked = new Promise<void>((resolve) => {
      check = resolve;
    });
    relay = await createRelay({ checkInputs: () => checked });
    const started = codeOf(relay.imagine());
    await add();
    check();
    expect(await started).toBe('blocked');
    expect(await relay.left()).toBe(2_000);
  });
});

describe('tasks of somebody who is blocked', () => {
  it('go on unless they are to be canceled, which refunds what waits', async () => {
    for (let count = 0; count < 5; count += 1) await relay.imagine(userId, `prompt ${count}`);
    const other = await relay.imagine('555555555555555555');
    expect((await add()).tasks).toBeUndefined();
    expect(await relay.left()).toBe(1_500);
    // Three run at an API that can't cancel.
    expect((await add({ cancelsTasks: true })).tasks).toEqual({ stopped: 2, left: 3 });
    expect(await relay.left()).toBe(1_700);
    expect((await relay.read(other)).state).not.toBe('cancelled');
  });

  it('are canceled at an API that can', async () => {
    relay.provider.cancel = async () => undefined;
    const id = await relay.imagine();
    expect((await add({ cancelsTasks: true })).tasks).toEqual({ stopped: 1, left: 0 });
    expect((await relay.read(id)).cancellingAt).toBeDefined();
  });
});

describe('who can be blocked, and by whom', () => {
  it.each<[string, Partial<Named>, string | undefined]>([
    ['a person', {}, undefined],
    ['somebody who left', { userId: nobody, roleIds: undefined }, undefined],
    ['oneself', { userId: 'ada' }, 'not-blockable'],
    ['an operator', { userId: 'olga' }, 'not-blockable'],
    ['somebody who manages the server', { isAdministrator: true }, 'not-blockable'],
    ['a bot', { isBot: true }, 'not-blockable'],
  ])('%s', async (_who, changes, code) => {
    expect(await codeOf(add({}, { ...max, ...changes }))).toBe(code);
    expect(await relay.blocks.list(administrator)).toHaveLength(code === undefined ? 1 : 0);
    expect(news).toHaveLength(code === undefined ? 1 : 0);
  });

  it('is for administrators and operators of a server', async () => {
    const other: Asker = aCaller({ userId: nobody }).asker;
    const operator: Asker = { userId: 'olga', book, roleIds: [], isAdministrator: false };
    for (const work of [
      (asker: Asker) => add({}, max, asker),
      (asker: Asker) => relay.blocks.list(asker),
      (asker: Asker) => relay.blocks.remove(asker, userId),
    ]) {
      expect(await codeOf(work(other))).toBe('administrators-only');
      expect(await codeOf(work({ ...operator, book: 'direct' }))).toBe('servers-only');
      expect(await codeOf(work(operator))).toBeUndefined();
    }
  });

  it('is for 500 people at most, and a block that has ended takes up no room', async () => {
    const until = relay.clock.now() + minute;
    const blocked = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${index}`, { at: 0, by: 'ada', until }]),
    );
    await relay.policies.update(book, () => ({ blocked }));
    expect(await codeOf(add())).toBe('blocks-full');
    await relay.clock.pass(minute);
    expect(await codeOf(add())).toBeUndefined();
  });
});

describe('what is written about a block', () => {
  it('tells listeners who it is, and the journal only when', async () => {
    await add({ reason: 'Max is rude', duration: '1h' });
    await relay.blocks.remove(administrator, userId);
    expect(news).toMatchObject([
      { book, actorId: 'ada', userId, block: { reason: 'Max is rude' } },
      { book, actorId: 'ada', userId },
    ]);
    expect(news[1]).not.toHaveProperty('block');
    const rows = await relay.database.settingsJournal.list(book, 10);
    expect(rows).toMatchObject([
      { setting: 'blocked', actorId: 'ada', after: undefined },
      { setting: 'blocked', actorId: 'ada', before: undefined },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${userId}|rude`, 'u'));
  });

  it('is in the data of the person, without who decided it', async () => {
    await add({ reason: 'too many foxes', duration: '1h' });
    const { blocks } = JSON.parse(await relay.personalData.export(userId));
    expect(blocks).toEqual([
      { server: book, at: expect.any(String), until: expect.any(String), reason: 'too many foxes' },
    ]);
  });

  it('stays when settings are imported, and is in no file', async () => {
    await relay.remove();
    relay = await createRelay({ settingsFile: () => '{ "format": 1 }' });
    await add();
    expect(await relay.serverSettings.export(administrator)).toBe('{\n  "format": 1\n}\n');
    await relay.serverSettings.import(administrator, { url: 'https://cdn.example/settings.json', bytes: 9 });
    expect(await start()).toBe('blocked');
  });
});
