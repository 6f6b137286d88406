import { expect } from 'vitest';
import { chargeOf, textOf } from '../whole.ts';
import {
  contrast,
  everything,
  findTile,
  glance,
  middle,
  type Part,
  sizeOf,
  tile,
  unlikeness,
} from './pixels.ts';
import { fileOf, gridPrompt, labelsThat, type Made, type Stage } from './stage.ts';
import { operations, runsRelaxedAsFast } from './table.ts';

/** `/imagine`, and the buttons under its pictures. */
export const pictureTests = {
  async imagine(stage: Stage): Promise<void> {
    const grid = await stage.grid();
    const { width, height } = await sizeOf(fileOf(grid));
    expect(width / height).toBe(1.5);
    expect(await contrast(fileOf(grid))).toBeGreaterThan(5);
    expect(grid.message.content).toContain(`${gridPrompt} --ar 3\\:2`);
  },

  async relax(stage: Stage): Promise<void> {
    if (!runsRelaxedAsFast(stage.facts)) return imagineAt(stage, 'relax', 40);
    const made = await stage.make(100, (person) =>
      stage.whole.imagine('a hare at leisure', { speed: 'relax' }, person),
    );
    expect(chargeOf(made.message)).toBe('Fast · 100 points');
    expect(textOf(made.message)).toContain('The provider does this at `fast` speed, not `relax`.');
  },
  turbo: (stage: Stage) => imagineAt(stage, 'turbo', 200),

  async pick(stage: Stage): Promise<void> {
    const [grid, single] = [await stage.grid(), await stage.single()];
    expect(await findTile(fileOf(grid), fileOf(single))).toBe(2);
    const { width, height } = await sizeOf(fileOf(single));
    expect([width, height]).toEqual([96, 64]);
  },

  async variation(stage: Stage): Promise<void> {
    const grid = await stage.grid();
    const varied = await stage.press(stage.priceOf('variation'), grid.message, 'V3');
    expect(await sizeOf(fileOf(varied))).toEqual(await sizeOf(fileOf(grid)));
    expect(unlikeness(await glance(fileOf(varied)), await glance(fileOf(grid)))).toBeGreaterThan(5);
    const { submits } = stage.provider;
    const first = submits.find(({ prompt, parentId }) => !parentId && prompt?.includes(gridPrompt));
    const ofGrid = submits.filter(({ parentId }) => parentId === first?.taskId);
    // As a button, as an action with a number, and as a number.
    const isThird = /(^|variation|variation::)3(::|$)/;
    expect(ofGrid.filter(({ customId = '' }) => isThird.test(customId))).toHaveLength(1);
  },

  async reroll(stage: Stage): Promise<void> {
    const grid = await stage.grid();
    const anew = await stage.press(100, grid.message, '🔄');
    expect(await sizeOf(fileOf(anew))).toEqual(await sizeOf(fileOf(grid)));
    expect(unlikeness(await glance(fileOf(anew)), await glance(fileOf(grid)))).toBeGreaterThan(5);
  },

  /** For one in a grid, if the grid has the buttons; otherwise for a single picture. */
  async upscale(stage: Stage): Promise<void> {
    const [grid, single] = [await stage.grid(), await stage.single()];
    const isOfGrid = labelsThat(operations.upscale.buttons, grid.message).length > 0;
    const labels = isOfGrid ? ['2'] : labelsThat(operations.upscale.buttons, single.message);
    expect(labels.length).toBeGreaterThan(0);
    await forEach(labels, async (label) => {
      const price = stage.priceOf(isOfGrid ? 'enlarge' : 'upscale-2x');
      const large = await stage.press(price, isOfGrid ? grid.message : single.message, label);
      expect(await sizeOf(fileOf(large))).toEqual({ width: 192, height: 128 });
      expect(await findTile(fileOf(grid), fileOf(large))).toBe(2);
    });
  },

  async vary(stage: Stage): Promise<void> {
    const single = await stage.single();
    const before = await glance(fileOf(single));
    const [subtle = 0, strong = 0] = await forEach(['Vary (Subtle)', 'Strong'], async (label) => {
      const varied = await stage.press(stage.priceOf('vary-subtle'), single.message, label);
      return average((number) => tileUnlike(varied, number, everything, before));
    });
    expect(subtle).toBeGreaterThan(0);
    expect(strong).toBeGreaterThan(subtle);
  },

  async region(stage: Stage): Promise<void> {
    const single = await stage.single();
    const { whole } = stage;
    const asked = await whole.press(single.message, 'Region', stage.newcomer());
    const opener = await whole.choose(asked, ['25']);
    const refused = await whole.send(opener, { prompt: 'a red door', parts: [] });
    await whole.reply(refused, "You didn't choose what to repaint. Nothing was charged.");
    const painted = await stage.make(100, async (person) => {
      const pressed = await whole.press(single.message, 'Region', person);
      await whole.picture(pressed);
      return whole.send(await whole.choose(pressed, ['19', '20', '24', '25']), { prompt: 'a red door' });
    });
    await expectMask(stage, await sizeOf(fileOf(single)));
    const [kept, changed] = [
      { x: 0, y: 0, width: 0.6, height: 0.6 },
      { x: 0.7, y: 0.7, width: 0.3, height: 0.3 },
    ];
    const change = async (part: Part) => {
      const before = await glance(fileOf(single), part);
      return average((number) => tileUnlike(painted, number, part, before));
    };
    expect(await change(changed)).toBeGreaterThan(2 * (await change(kept)));
  },

  async zoom(stage: Stage): Promise<void> {
    const single = await stage.single();
    const labels = labelsThat(operations.zoom.buttons, single.message);
    // With Custom, the row has no room for more than the emoji.
    expect(labels).toEqual([stage.facts.kind === 'acedata' ? 'Zoom Out 2x' : '2x', '1.5x', 'Square']);
    await forEach(labels, async (label) => {
      const wide = await stage.press(100, single.message, label);
      const isSquare = label === 'Square';
      const { width, height } = await sizeOf(fileOf(wide));
      expect(width / height).toBeCloseTo(isSquare ? 1 : 1.5, 1);
      await expectInside(wide, isSquare ? middle(1, 1.5) : middle(label.includes('2x') ? 2 : 1.5), single);
    });
  },

  async customZoom(stage: Stage): Promise<void> {
    const single = await stage.single();
    const opener = await stage.whole.press(single.message, 'Custom', stage.newcomer());
    const refused = await stage.whole.send(opener, { prompt: 'a fox --zoom 9' });
    await stage.whole.reply(refused, 'from 1 to 2');
    const values = { prompt: `${gridPrompt} --ar 3:2 --zoom 1.8` };
    const wide = await stage.fillIn(100, single.message, 'Custom', values);
    expect(stage.provider.submits.map(({ prompt }) => prompt)).toContain(values.prompt);
    await expectInside(wide, middle(1.8), single);
  },

  async pan(stage: Stage): Promise<void> {
    const single = await stage.single();
    const [third, rest] = [1 / 3, 2 / 3];
    const [left, right, upper, lower]: readonly Part[] = [
      { x: 0, y: 0, width: rest, height: 1 },
      { x: third, y: 0, width: rest, height: 1 },
      { x: 0, y: 0, width: 1, height: rest },
      { x: 0, y: third, width: 1, height: rest },
    ];
    /** Where the picture is afterwards, and where it would be after a pan the other way. */
    const ways = { '⬅️': [right, left], '➡️': [left, right], '⬆️': [lower, upper], '⬇️': [upper, lower] };
    expect(labelsThat(operations.pan.buttons, single.message)).toEqual(Object.keys(ways));
    await forEach(Object.entries(ways), async ([label, [part = everything, other]]) => {
      const longer = await stage.press(100, single.message, label);
      const { width, height } = await sizeOf(fileOf(longer));
      expect(width / height).toBeCloseTo(part.width === 1 ? 1 : 2.25, 1);
      await expectInside(longer, part, single, other);
    });
  },

  /** One that nobody has heard of: its id goes back as it came. */
  async other(stage: Stage): Promise<void> {
    const single = await stage.single();
    const isFamily = stage.facts.kind !== 'acedata';
    const [label, id] = isFamily
      ? (['Tile (8x)', /^MJ::JOB::upsample_v7_8x_tiled::1::[\da-f-]{36}::SOLO$/] as const)
      : (['Remaster', /^remaster$/] as const);
    const made = await stage.press(stage.priceOf('other'), single.message, label);
    expect(await contrast(fileOf(made))).toBeGreaterThan(5);
    expect(made.message.content).toContain(isFamily ? ' - Tile \\(8x\\) by <@' : ' - Remaster by <@');
    const sent = stage.provider.submits.filter(({ customId = '' }) => id.test(customId));
    expect(sent).toHaveLength(1);
    const body = sent[0]?.body;
    expect(isFamily ? body?.['customId'] : body?.['action']).toBe(sent[0]?.customId);
    expect(single.message.embeds[0]?.footer?.text).toMatch(/ · (?:Other|Tile\s\(8x\)|Remaster)\s100$/u);
  },

  async enhance(stage: Stage): Promise<void> {
    const draft = await stage.make(100, (person) => stage.whole.imagine('a fox --draft', {}, person));
    const enhanced = await stage.press(stage.priceOf('enhance'), draft.message, 'Enhance 1');
    expect(await findTile(fileOf(draft), fileOf(enhanced))).toBe(1);
  },
};

/** All at once: people don't wait for each other. */
function forEach<Item, Value>(items: readonly Item[], act: (item: Item) => Promise<Value>): Promise<Value[]> {
  return Promise.all(items.map(act));
}

async function imagineAt(stage: Stage, speed: 'relax' | 'turbo', price: number): Promise<void> {
  const made = await stage.make(price, (person) =>
    stage.whole.imagine(`a hare at ${speed}`, { speed }, person),
  );
  expect(chargeOf(made.message)?.toLowerCase()).toBe(`${speed} · ${price} points`);
  const asked = stage.provider.requests.filter(({ method, body }) => method === 'POST' && body !== undefined);
  const said = asked.map(({ path, body }) => JSON.stringify([path, body]).replace(`a hare at ${speed}`, ''));
  expect(said.filter((text) => text.toLowerCase().includes(speed))).toHaveLength(1);
}

/** All four show the picture in that part, not elsewhere. */
async function expectInside(wide: Made, part: Part, single: Made, elsewhere = everything): Promise<void> {
  const wanted = await glance(fileOf(single));
  const inside = await average((number) => tileUnlike(wide, number, part, wanted));
  expect(inside).toBeLessThan(await average((number) => tileUnlike(wide, number, elsewhere, wanted)));
}

async function tileUnlike(grid: Made, number: number, part: Part, wanted: Buffer): Promise<number> {
  return unlikeness(await glance(fileOf(grid), tile(number, part)), wanted);
}

/** Averaged over the four of a grid: a single one may look like anything. */
async function average(measure: (number: number) => Promise<number>): Promise<number> {
  const measured = await Promise.all([1, 2, 3, 4].map(measure));
  return measured.reduce((sum, value) => sum + value, 0) / measured.length;
}

/** The provider's mask: white in the last of nine cells and black elsewhere. */
async function expectMask({ provider }: Stage, size: { width: number; height: number }): Promise<void> {
  const masks = provider.submits.flatMap(({ body }) => body['maskBase64'] ?? body['mask'] ?? []);
  expect(masks).toHaveLength(1);
  const text = String(masks[0]).replace('data:image/png;base64,', '');
  const mask = Buffer.from(text, 'base64');
  expect(await sizeOf(mask)).toEqual(size);
  const third = 1 / 3;
  const colors = async (part: Part) => [...new Set(await glance(mask, part))];
  expect(await colors({ x: 2 * third, y: 2 * third, width: third, height: third })).toEqual([255]);
  expect(await colors({ x: 0, y: 0, width: 1, height: 0.6 })).toEqual([0]);
  expect(await colors({ x: 0, y: 0, width: 0.6, height: 1 })).toEqual([0]);
}
