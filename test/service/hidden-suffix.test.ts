import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderTask } from '../../src/discord/render/task.ts';
import { english } from '../../src/locales/index.ts';
import { listPrices, priceOf } from '../../src/points/prices.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, targetOf } from '../helpers/tasks.ts';

const { book } = anOrigin();

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

const setSuffix = (suffix: string | undefined) =>
  relay.policies.update(book, ({ suffix: _, ...others }) =>
    suffix === undefined ? others : { ...others, suffix },
  );
const sentPrompts = () => relay.provider.submits.map(({ prompt }) => prompt);

describe('the hidden suffix of a server', () => {
  it.each([
    ['a fox', 'ink wash --no text', 'a fox ink wash --no text'],
    ['a fox --ar 1:1', 'ink --ar 16:9 --v 7', 'a fox ink --ar 1:1 --v 7'],
    ['a fox --v 7 --s 50', '--niji 6', 'a fox --v 7 --s 50'],
  ])('is sent behind %j, and what was typed counts more', async (typed, suffix, sent) => {
    await setSuffix(suffix);
    const id = await relay.imagine(undefined, typed);
    expect(sentPrompts()).toEqual([sent]);
    expect((await relay.read(id)).request.prompt).toBe(typed);
  });

  it('is priced as it is sent', async () => {
    await setSuffix('--v 7 --oref https://pictures.example/1.png');
    const id = await relay.imagine();
    const [sent] = relay.provider.submits;
    if (sent === undefined) throw new Error('nothing was sent');
    const priceWith = (prompt: string) =>
      priceOf(listPrices('mjproxy'), { action: 'imagine', speed: 'fast', pictures: [], prompt });
    const [price, plain] = [priceWith(sent.prompt), priceWith('a fox')];
    expect(price).toBeGreaterThan(plain);
    expect((await relay.read(id)).price).toBe(price);
    expect(await relay.left()).toBe(2_000 - price);
  });

  it.each(['ink --repeat 40', 'ink --q 4', 'ink --no hats--remix-of-next-year'])(
    'is scanned with the prompt right before the charge: %s',
    async (suffix) => {
      await setSuffix(suffix);
      expect(await codeOf(relay.imagine())).toBeDefined();
      expect(sentPrompts()).toEqual([]);
      expect(await relay.left()).toBe(2_000);
    },
  );

  it('is part of the price', async () => {
    await setSuffix('ink --hd');
    await relay.imagine();
    expect(sentPrompts()).toEqual([expect.stringContaining('--hd')]);
    expect(await relay.left()).toBe(2_000 - 163);
  });

  it('is nowhere in what people see', async () => {
    await setSuffix('zebrafish');
    relay.provider.onLook = (refs) =>
      new Map(
        [...allDone(refs)].map(([id, update]) => [
          id,
          { ...update, facts: { promptEnglish: 'a red fox zebrafish' } },
        ]),
      );
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    const region = { ...targetOf(id), offer: 3 };
    const windows = [
      await relay.service.windowFor({ ...targetOf(id), offer: 2 }, aCaller()),
      await relay.service.windowFor(region, aCaller()),
    ];
    const upscale = await relay.service.act({ ...targetOf(id), offer: 0 }, aCaller());
    await relay.service.acknowledged(upscale.task.id, `message-of-${upscale.task.id}`);
    await relay.clock.pass(20_000);
    const messages = await Promise.all(
      [id, upscale.task.id].map(async (one) => renderTask(await relay.read(one), english)),
    );
    const data = await relay.personalData.export(aCaller().asker.userId);
    expect(JSON.stringify([windows, messages, data])).not.toContain('zebrafish');
  });

  it('is that of the moment a task starts, and goes away with the setting', async () => {
    await setSuffix('ink');
    await relay.imagine(undefined, 'one');
    await setSuffix(undefined);
    await relay.imagine(undefined, 'two');
    expect(sentPrompts()).toEqual(['one ink', 'two']);
  });
});
