import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEarlyCheck } from '../../src/inputs/early-check.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';

const png = Buffer.from('a mask');
const week = 7 * 24 * 60 * 60_000;
let relay: Relay;

beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('painted masks', () => {
  it('are kept for a week, also across a crash, and then removed', async () => {
    const name = await relay.paintedMasks.keep('444444444444444444', png);
    await relay.crash();
    const { paintedMasks, documents } = await relay.reopen();
    await relay.clock.pass(week - 1);
    await paintedMasks.sweep();
    expect(await paintedMasks.read(name)).toEqual(png);
    await relay.clock.pass(1);
    expect(await paintedMasks.read(name)).toBeUndefined();
    await paintedMasks.sweep();
    expect(await documents.masks.listKeys()).toEqual([]);
  });

  it('never take the place of another, and go with their person alone', async () => {
    const names = [];
    for (const userId of ['1', '1', '11']) names.push(await relay.paintedMasks.keep(userId, png));
    expect(new Set(names).size).toBe(3);
    await relay.paintedMasks.forget('1');
    expect(await relay.documents.masks.listKeys()).toEqual([names[2]]);
  });

  it('that are gone are noticed before the charge', async () => {
    const nobody = async () => Promise.reject(new Error('nothing is to be fetched'));
    const check = createEarlyCheck({ ...relay, fromDiscord: nobody, fromLink: nobody });
    const name = await relay.paintedMasks.keep('1', png);
    const request = { pictures: [], region: { cells: [], painted: name } };
    await check(request, '1', undefined);
    await relay.paintedMasks.drop(name);
    expect(await codeOf(check(request, '1', undefined))).toBe('mask-gone');
  });
});
