import { expect, it } from 'vitest';
import { describeInBrowser } from '../helpers/page.ts';
import { inEditor, linkOf, useRegionPages, useTabs } from '../helpers/region-page.ts';
import { quick } from '../helpers/whole.ts';

/** How far from an edge a pixel may be either way: the screen's pixels aren't the picture's. */
const edge = 2;
/** What the slider says at first, in parts of the shorter side. */
const firstWidth = 0.3 ** 2 * 0.5;

type Place = readonly [across: number, down: number];
type Masks = Awaited<ReturnType<ReturnType<typeof useRegionPages>['masks']>>;

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** How far a point is from a line through places, all in pixels. */
function distanceTo(line: readonly Place[], x: number, y: number): number {
  const parts = line.slice(1).map((to, index) => [line[index] ?? to, to] as const);
  const all = parts.length > 0 ? parts : line.map((one) => [one, one] as const);
  return Math.min(
    ...all.map(([[fromX, fromY], [toX, toY]]) => {
      const [dx, dy] = [toX - fromX, toY - fromY];
      const along = Math.max(
        0,
        Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)),
      );
      return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
    }),
  );
}

/** Every pixel of a mask is white inside of what was drawn and black outside, but for the edge. */
function expectDrawn(mask: Masks[number], insideBy: (x: number, y: number) => number): void {
  const wrong: string[] = [];
  let [white, black] = [0, 0];
  for (let y = 0; y < mask.height; y += 1)
    for (let x = 0; x < mask.width; x += 1) {
      const inside = insideBy(x + 0.5, y + 0.5);
      const shade = mask.at(x, y);
      if (inside > edge) white += 1;
      if (inside < -edge) black += 1;
      if ((inside > edge && shade !== 255) || (inside < -edge && shade !== 0))
        wrong.push(`${x},${y}: ${shade}`);
    }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(Math.min(white, black)).toBeGreaterThan(50);
}

function insideStroke({ width, height }: Masks[number], along: readonly Place[], part = firstWidth) {
  const line = along.map(([across, down]) => [across * width, down * height] as const);
  const radius = (part * Math.min(width, height)) / 2;
  return (x: number, y: number) => radius - distanceTo(line, x, y);
}

function insideBox({ width, height }: Masks[number], [left, top]: Place, [right, bottom]: Place) {
  return (x: number, y: number) =>
    Math.min(x - left * width, right * width - x, y - top * height, bottom * height - y);
}

function only<Item>(items: readonly Item[]): Item {
  expect(items).toHaveLength(1);
  return items[0] as Item;
}

describeInBrowser('the region editor', () => {
  const pages = useRegionPages({ provider: { pictureHeight: 256 } });
  const { whole } = pages;
  const tabs = useTabs(() => new URL(whole.sandbox.publicUrl ?? '').origin);

  async function open(options: Parameters<typeof tabs.open>[1] = {}, prompt = 'a fox --ar 3:2') {
    await whole.sandbox.startBot(quick);
    const source = await pages.single(prompt);
    const pressed = await pages.ask(source);
    const tab = await tabs.open(linkOf(pressed), options);
    const editor = inEditor(tab);
    await editor.ready();
    return { source, pressed, tab, editor };
  }

  it('says whose edit it is and what it costs, and answers in the channel as a reply', async () => {
    const { source, pressed, tab, editor } = await open();
    const name = pressed.person.name;
    await tab.getByText(`${name}'s edit · costs 100 points`).waitFor();
    expect(await editor.prompt.inputValue()).toBe('a fox --ar 3:2');
    expect(await whole.points()).toBe('1,850 points');
    await editor.submit.click();
    expect(await editor.notice.innerText()).toBe('Paint over what should change first.');
    await editor.drag([0.2, 0.3], [0.5, 0.6], [0.8, 0.4]);
    expect(await editor.painted.innerText()).toMatch(/^\d+% of the image is painted\.$/u);
    await editor.prompt.fill('a red door --ar 3:2');
    await editor.submit.click();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    const answer = await pages.painted();
    expect(answer.content).toContain('**a red door --ar 3\\:2** - Vary (Region) by');
    expect(answer.replyTo?.id).toBe(source.id);
    expect(answer.visibleTo).toBeUndefined();
    const link = await tab.getByRole('link', { name: 'Show it in Discord' }).getAttribute('href');
    expect(link).toMatch(new RegExp(`/${answer.id}$`, 'u'));
    expect(await whole.points()).toBe('1,750 points');
    // The private message with the link has served its purpose.
    expect(pressed.message?.deleted).toBe(true);

    tabs.expectProblem(/410/u);
    const again = await tabs.open(linkOf(pressed));
    await again.getByRole('heading', { name: 'Already submitted' }).waitFor();
    expect(await again.locator('canvas').count()).toBe(0);
  });

  it.each(['1:1', '3:2', '9:16', '4:1'])('sends exactly what was drawn on a picture of %s', async (ratio) => {
    const { tab, editor } = await open({}, `a fox --ar ${ratio}`);
    const line: readonly Place[] = [
      [0.1, 0.2],
      [0.45, 0.7],
      [0.9, 0.4],
    ];
    await editor.drag(...line);
    await editor.submit.click();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    await pages.painted();
    const mask = only(await pages.masks());
    const [across = 1, down = 1] = ratio.split(':').map(Number);
    expect(mask.width / mask.height).toBeCloseTo(across / down, 1);
    expectDrawn(mask, insideStroke(mask, line));
  });

  it('draws rectangles, erases, undoes, redoes, and inverts', async () => {
    const { tab, editor } = await open();
    const button = (name: string) => tab.getByRole('button', { name, exact: true }).click();
    await editor.choose('Rectangle');
    await editor.drag([0.2, 0.2], [0.8, 0.8]);
    await editor.choose('Eraser');
    await editor.drag([0.1, 0.5], [0.9, 0.5]);
    await editor.choose('Brush');
    await editor.drag([0.5, 0.1], [0.5, 0.9]);
    await button('Undo');
    await button('Undo');
    await button('Redo');
    await button('Invert');
    await button('Clear');
    expect(await editor.painted.innerText()).toBe('Nothing is painted yet.');
    await button('Undo');
    await editor.submit.click();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    await pages.painted();
    const mask = only(await pages.masks());
    const box = insideBox(mask, [0.2, 0.2], [0.8, 0.8]);
    const erased = insideStroke(mask, [
      [0.1, 0.5],
      [0.9, 0.5],
    ]);
    expectDrawn(mask, (x, y) => -Math.min(box(x, y), -erased(x, y)));
  });

  it('fills a lasso, and refuses a picture that is painted as a whole', async () => {
    const { tab, editor } = await open();
    await editor.choose('Rectangle');
    await editor.drag([-0.02, -0.02], [1.02, 1.02]);
    await editor.submit.click();
    expect(await editor.notice.innerText()).toBe('The whole image is painted. Leave some of it as it is.');
    await tab.keyboard.press('Control+z');
    await editor.choose('Lasso');
    // A triangle: what is left of its slanted side is painted.
    await editor.drag([0.2, 0.2], [0.2, 0.8], [0.8, 0.8]);
    await editor.submit.click();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    await pages.painted();
    const mask = only(await pages.masks());
    const [wide, high] = [mask.width * 0.6, mask.height * 0.6];
    const slant = Math.hypot(wide, high);
    expectDrawn(mask, (x, y) => {
      const [dx, dy] = [x - 0.2 * mask.width, y - 0.2 * mask.height];
      return Math.min(dx, high - dy, (dy * wide - dx * high) / slant);
    });
  });

  it('can be used with the keyboard alone', async () => {
    const { tab, editor } = await open();
    const press = async (...keys: string[]) => {
      for (const key of keys) await tab.keyboard.press(key);
    };
    const focused = () => tab.evaluate<string>('document.activeElement.id');
    await press('Tab');
    expect(await focused()).toBe('canvas');
    expect(await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
    // A rectangle that is dropped, and one in its place.
    await press('r', 'Shift+ArrowLeft', 'Shift+ArrowLeft', 'Space');
    expect(await tab.locator('#live').innerText()).toBe('Painting. Press Space again to end it.');
    await press('Shift+ArrowRight', 'Shift+ArrowDown');
    expect(await tab.locator('#live').innerText()).toBe('40% across, 65% down');
    await press('Escape');
    expect(await editor.painted.innerText()).toBe('Nothing is painted yet.');
    await press('Shift+ArrowUp', 'Shift+ArrowLeft', 'Space', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Space');
    expect(await editor.painted.innerText()).toMatch(/^\d+% of the image is painted\.$/u);
    await press('i', 'Control+z', 'Control+Shift+z', 'Control+z');
    for (let tries = 0; tries < 30 && (await focused()) !== 'prompt'; tries += 1) await press('Tab');
    await press('Control+a');
    await tab.keyboard.type('a red door');
    await press('Tab', 'Enter');
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    const answer = await pages.painted();
    expect(answer.content).toContain('**a red door**');
    const mask = only(await pages.masks());
    const tenth = 0.1 * mask.width;
    const [left, top] = [mask.width / 2 - 2 * tenth, mask.height / 2];
    expectDrawn(mask, (x, y) => Math.min(x - left, left + tenth - x, y - top, top + tenth - y));
  });

  it('can be used on a phone with a finger, and two fingers only move the picture', async () => {
    const { tab, editor } = await open(phone);
    const session = await tab.context().newCDPSession(tab);
    const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: Place[]) => {
      const touchPoints = await Promise.all(places.map(([across, down]) => editor.place(across, down)));
      await session.send('Input.dispatchTouchEvent', { type, touchPoints });
    };
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const { y = 0, height = 0 } = (await editor.submit.boundingBox()) ?? {};
    expect(y + height).toBeLessThanOrEqual(844);
    await touch('touchStart', [0.3, 0.5], [0.7, 0.5]);
    await touch('touchMove', [0.2, 0.5], [0.8, 0.5]);
    await touch('touchEnd');
    expect(await editor.painted.innerText()).toBe('Nothing is painted yet.');
    await tab.getByRole('button', { name: 'Fit to the window' }).tap();
    await touch('touchStart', [0.2, 0.3]);
    await touch('touchMove', [0.5, 0.7]);
    await touch('touchMove', [0.8, 0.3]);
    await touch('touchEnd');
    await editor.submit.tap();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    await pages.painted();
    const mask = only(await pages.masks());
    const line: readonly Place[] = [
      [0.2, 0.3],
      [0.5, 0.7],
      [0.8, 0.3],
    ];
    expectDrawn(mask, insideStroke(mask, line));
  });

  it('draws in the same place after zooming and moving', async () => {
    const { tab, editor } = await open();
    const { x, y } = await editor.place(0.25, 0.25);
    await tab.mouse.move(x, y);
    // What's under the pointer stays there.
    for (let turns = 0; turns < 3; turns += 1) await tab.mouse.wheel(0, -300);
    await tab.getByRole('slider', { name: 'Brush size' }).fill('60');
    await tab.mouse.move(x, y);
    await tab.mouse.down();
    await tab.mouse.up();
    await tab.getByRole('button', { name: 'Fit to the window' }).click();
    await editor.submit.click();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    await pages.painted();
    const mask = only(await pages.masks());
    expectDrawn(mask, insideStroke(mask, [[0.25, 0.25]], 0.6 ** 2 * 0.5));
  });

  it('says what is wrong in the words, and sends them corrected', async () => {
    const { tab, editor } = await open();
    await editor.drag([0.2, 0.3], [0.5, 0.6]);
    await editor.prompt.fill('a red door -stylize 100');
    await editor.submit.click();
    await tab.getByText('Did you mean --stylize 100').waitFor();
    expect(await whole.points()).toBe('1,850 points');
    await tab.getByRole('button', { name: 'Use the corrected prompt' }).click();
    expect(await editor.prompt.inputValue()).toBe('a red door --stylize 100');
    await editor.submit.click();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    expect((await pages.painted()).content).toContain('**a red door --stylize 100**');
    expect(await whole.points()).toBe('1,750 points');
  });

  it.each([0, 60, -60])(
    'says when it has expired while it was open, on a clock that is %i minutes fast',
    async (minutes) => {
      await whole.sandbox.startBot(quick);
      const pressed = await pages.ask(await pages.single('a fox'));
      const tab = await tabs.open('about:blank');
      await tab.clock.install({ time: Date.now() + minutes * 60_000 });
      await tab.goto(linkOf(pressed));
      const editor = inEditor(tab);
      await editor.ready();
      await tab.clock.fastForward(13 * 60_000);
      expect(await editor.submit.isVisible()).toBe(true);
      await tab.clock.fastForward(3 * 60_000);
      expect(await editor.notice.innerText()).toContain('This page has expired.');
      expect(await editor.submit.isVisible()).toBe(false);
    },
  );
});
