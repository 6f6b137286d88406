import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPrices } from '../../src/points/prices.ts';
import type { Update } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { always, aResult, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, targetOf } from '../helpers/tasks.ts';

const me = '444444444444444444';
const other = '555555555555555555';
const offers = ['reroll', 'variation', 'zoom-2x', 'custom-zoom', 'pan-left', 'square', 'upscale'] as const;
type Name = (typeof offers)[number];

const result: Update = {
  ...(aResult as Extract<Update, { state: 'done' }>),
  offers: offers.map((action) => ({ action, index: 1, token: `token of ${action}` })),
};

let relay: Relay;
let parent: string;
async function begin(options: Parameters<typeof createRelay>[0] = {}): Promise<void> {
  relay = await createRelay(options);
  relay.provider.canRemix = ({ action }) => action === 'variation' || action === 'pan-left';
  relay.provider.onLook = always(result);
  parent = await relay.imagine();
  await relay.clock.pass(10_000);
  await relay.preferences.set(me, { remix: true });
}
beforeEach(() => begin());
afterEach(() => relay.remove());

const pressOf = (name: Name, task = parent) => ({ ...targetOf(task), offer: offers.indexOf(name) });
const windowFor = (name: Name, userId = me) => relay.service.windowFor(pressOf(name), aCaller({ userId }));
const act = (name: Name, prompt: string, userId = me) =>
  relay.service.act({ ...pressOf(name), prompt }, aCaller({ userId }));
const asking: Update = { state: 'asking', prompt: 'a fox' };

async function go(id: string): Promise<void> {
  await relay.service.acknowledged(id, `message-of-${id}`);
  await settle();
  await relay.clock.pass(60_000);
}

describe('under Remix', () => {
  it.each([
    ['reroll', 'a fox'],
    ['variation', 'a fox'],
    ['zoom-2x', 'a fox --zoom 2'],
    ['pan-left', 'a fox'],
  ] as const)('%s asks for the prompt first, with its own in it', async (name, prompt) => {
    expect(await windowFor(name)).toEqual({ prompt, needsRegion: false, mayBeEmpty: true, isRemix: true });
  });

  it.each(['square', 'upscale'] as const)('%s asks for nothing', async (name) => {
    expect(await windowFor(name)).toBeUndefined();
  });

  it('only those who want it are asked, whoever made the picture', async () => {
    expect(await windowFor('variation', other)).toBeUndefined();
    await relay.preferences.set(other, { remix: true });
    await relay.preferences.set(me, { remix: false });
    expect(await windowFor('variation', other)).toMatchObject({ prompt: 'a fox' });
    expect(await windowFor('variation')).toBeUndefined();
  });

  it("is not asked of someone who can't pay", async () => {
    const caller = aCaller({ userId: me });
    await relay.policies.update(caller.asker.book, () => ({ people: { [me]: 10 } }));
    expect(await codeOf(windowFor('variation'))).toBe('points-short');
  });

  it("an API that can't ask still makes a new picture with 🔄, and starts the rest at once", async () => {
    delete relay.provider.canRemix;
    expect(await windowFor('variation')).toBeUndefined();
    expect(await windowFor('reroll')).toMatchObject({ prompt: 'a fox' });
    expect(relay.preferences.remixable()).toBe('reroll-and-zoom');
    const without = (...missing: Name[]) => {
      const all = [...relay.provider.actions].filter((action) => !missing.some((one) => one === action));
      Object.assign(relay.provider, { actions: new Set(all) });
      return relay.preferences.remixable();
    };
    expect(without('custom-zoom')).toBe('reroll');
    expect(without('reroll')).toBe('none');
  });
});

describe('a changed prompt', () => {
  it('of V is what the API is told when it asks, once, and nobody else is asked', async () => {
    relay.provider.onSubmit = () => ({ ref: { id: 'v' }, update: asking });
    const before = await relay.left();
    const { task } = await act('variation', 'a hare');
    expect(task.request).toMatchObject({ action: 'variation', prompt: 'a hare', answer: 'a hare' });
    await go(task.id);
    expect(relay.provider.submits.at(-1)).toMatchObject({ action: 'variation', isRemix: true });
    expect(relay.provider.answers).toEqual([{ ref: { id: 'v' }, prompt: 'a hare' }]);
    expect(before - (await relay.left())).toBe(task.price);
    const done = await relay.read(task.id);
    expect(done).toMatchObject({ state: 'done', request: { prompt: 'a hare' } });
    expect(done.isPromptIgnored).toBeUndefined();
  });

  it('that the API never asks for is not shown as what was made, and its account is not asked again', async () => {
    const { task } = await act('variation', 'a hare');
    await go(task.id);
    expect(relay.provider.answers).toEqual([]);
    const done = await relay.read(task.id);
    expect(done).toMatchObject({ state: 'done', isPromptIgnored: true, request: { prompt: 'a fox' } });
    expect(done.request.answer).toBeUndefined();
    expect(await windowFor('variation')).toBeUndefined();
    expect(await windowFor('reroll')).toMatchObject({ prompt: 'a fox' });
    expect(relay.lines.some((line) => line.includes('turn on Remix mode'))).toBe(true);
    // A window that was still open.
    const before = await relay.left();
    expect(await codeOf(act('pan-left', 'a bear'))).toBe('prompt-fixed');
    expect(await relay.left()).toBe(before);
  });

  it('that costs more than its button says is asked about first', async () => {
    const before = await relay.left();
    const words = 'a hare --v 7 --oref https://e.org/a.png';
    const refusal = await act('variation', words).catch((error: unknown) => error);
    const { draft = '', ...told } = detailsOf(refusal, 'price-unconfirmed') ?? {};
    expect(told).toEqual({ work: 'variation', price: 100, left: before });
    expect(await relay.left()).toBe(before);
    const { task } = await relay.resume.agree(draft, aCaller({ userId: me }));
    expect(task).toMatchObject({ price: 100, request: { action: 'variation', prompt: words } });
  });

  it('whose price nobody has published is told as a guess', async () => {
    await relay.remove();
    await begin({ prices: { main: listPrices('4allapi') } });
    const refusal = await act('variation', 'a hare --hd').catch((error: unknown) => error);
    expect(detailsOf(refusal, 'price-unconfirmed')).toMatchObject({ price: 163, guess: 'hd' });
  });

  it('of 🔄 is a new imagine, with the speed and the pictures of the first one', async () => {
    const { task } = await act('reroll', 'a hare --ar 3:2');
    expect(task).toMatchObject({ parentId: parent, account: 'main' });
    expect(task.request).toEqual({
      action: 'imagine',
      prompt: 'a hare --ar 3:2',
      speed: 'fast',
      pictures: [],
    });
  });

  it('of 🔄 is refused if a reference picture is gone, which 🔄 itself can do without', async () => {
    const caller = aCaller({ userId: me });
    const gone = { name: 'ref.png', url: 'https://cdn.discordapp.com/ref.png?ex=00000001' };
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [gone] } as const;
    const { task } = await relay.service.start(request, caller);
    await go(task.id);
    const press = { ...pressOf('reroll', task.id), prompt: 'a hare' };
    const before = await relay.left();
    expect(await codeOf(relay.service.act(press, caller))).toBe('picture-gone');
    expect(await relay.left()).toBe(before);
    const { task: plain } = await relay.service.act({ ...press, prompt: 'a fox' }, aCaller({ userId: me }));
    expect(plain.request).toMatchObject({ action: 'reroll', pictures: [] });
  });

  it.each([
    ['a hare --zoom 1.3', 'a hare --zoom 1.3'],
    ['a hare', 'a hare --zoom 2'],
  ])('of a zoom is a custom zoom: %s', async (typed, answer) => {
    const { task } = await act('zoom-2x', typed);
    expect(task.request).toMatchObject({ action: 'custom-zoom', answer });
  });

  it.each([
    ['variation', 'a hare --relax', 'speed-in-prompt'],
    ['variation', 'a hare --repeat 4', 'several-jobs'],
    ['variation', 'a hare --stlize 50', 'prompt-doubtful'],
    ['reroll', 'a hare --stlize 50', 'prompt-doubtful'],
    ['reroll', 'a hare --repeat 4', 'several-jobs'],
    ['zoom-2x', 'a hare --zoom 5', 'zoom-malformed'],
    ['square', 'a hare', 'prompt-fixed'],
    ['upscale', 'a hare', 'prompt-fixed'],
  ] as const)('%s with %j is refused before anything is charged', async (name, prompt, code) => {
    const before = await relay.left();
    expect(await codeOf(act(name, prompt))).toBe(code);
    expect(await relay.left()).toBe(before);
  });

  it('is sent as any prompt is: on one line, and without the speed that it has anyway', async () => {
    const { task } = await act('variation', ' a  hare\n——ar 3:2 --fast');
    expect(task.request).toMatchObject({ prompt: 'a hare --ar 3:2', answer: 'a hare --ar 3:2' });
  });

  it('that was corrected is still the changed prompt of that button', async () => {
    const refusal = await act('variation', 'a hare --stlize 50').catch((error: unknown) => error);
    const { draft = '' } = detailsOf(refusal, 'prompt-doubtful') ?? {};
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task.request).toMatchObject({
      action: 'variation',
      prompt: 'a hare --stylize 50',
      answer: 'a hare --stylize 50',
      remixOf: 'a fox',
    });
  });

  it('sent twice is one task', async () => {
    const { task } = await act('variation', 'a hare');
    const refusal = await act('variation', 'a hare').catch((error: unknown) => error);
    expect(detailsOf(refusal, 'already-running')).toBeDefined();
    expect(await relay.database.tasks.getUnfinishedPress(parent, 1, me)).toMatchObject({ id: task.id });
  });
});

describe('an unchanged prompt', () => {
  it.each([
    ['variation', 'a fox'],
    ['variation', ' a  fox '],
    ['variation', ''],
    ['reroll', 'a fox'],
    ['zoom-2x', 'a fox --zoom 2'],
    ['pan-left', 'a fox'],
  ] as const)('is a plain press of %s: %j', async (name, prompt) => {
    const { task } = await act(name, prompt);
    expect(task.request).toMatchObject({ action: name, prompt: 'a fox' });
    await go(task.id);
    expect(relay.provider.submits.at(-1)).not.toHaveProperty('isRemix');
    expect(await relay.read(task.id)).not.toHaveProperty('isPromptIgnored');
  });

  it.each([
    ['a fox', '<https://s.mj.run/abc-1> a fox --fast', '<https://s.mj.run/abc-1> a fox'],
    ['a hare', 'https://s.mj.run/a https://s.mj.run/b a fox', 'https://s.mj.run/a https://s.mj.run/b a hare'],
    ['https://p.example/other.png a hare', 'https://s.mj.run/a a fox', 'https://p.example/other.png a hare'],
    ['a hare', 'https://s.mj.run/{a,b} a fox', 'a hare'],
    ['a hare', '--turbo https://s.mj.run/a a fox', 'a hare'],
  ])(
    'or a changed one keeps the pictures that the API has in front of it: %s',
    async (typed, prompt, answer) => {
      relay.provider.onSubmit = () => ({ ref: { id: 'v' }, update: { state: 'asking', prompt } });
      const { task } = await act('variation', typed);
      await go(task.id);
      expect(relay.provider.answers).toEqual([{ ref: { id: 'v' }, prompt: answer }]);
    },
  );

  it('answers a question that the API asks of its own', async () => {
    relay.provider.onSubmit = () => ({ ref: { id: 'v' }, update: asking });
    const { task } = await act('variation', 'a fox');
    await go(task.id);
    expect(relay.provider.answers).toEqual([{ ref: { id: 'v' }, prompt: 'a fox' }]);
  });
});
