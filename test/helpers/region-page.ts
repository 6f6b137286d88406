import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page as Tab,
} from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { browserArguments, findBrowser } from '../../sandbox/browser.ts';
import { buttonsOf, type Interaction, type Message } from '../../sandbox/discord/index.ts';
import { useSandbox, type Whole } from './whole.ts';

/** Far longer than any step takes; a step that hangs fails its test by name. */
const stepTimeoutMs = 15_000;

/** The address that a private answer leads to. */
export function linkOf({ message }: Interaction): string {
  const links =
    message === undefined ? [] : buttonsOf(message).flatMap((one) => ('url' in one ? one.url : []));
  const [link] = links;
  if (link === undefined) throw new Error('there is no link');
  return link;
}

/** What a person does with the region editor: from the picture in Discord to the page, and back. */
export function useRegionPages(options: Parameters<typeof useSandbox>[0] = {}) {
  const whole = useSandbox({ callbacks: true, ...options });
  return { whole, ...createRegionSteps(whole) };
}

export function createRegionSteps(whole: Whole) {
  return {
    /** A single picture, which has the button. */
    async single(prompt: string): Promise<Message> {
      return whole.picture(await whole.press(await whole.picture(await whole.imagine(prompt)), 'U1'));
    },
    /** Presses the button, and returns the press once its link is there. */
    async ask(picture: Message, person?: Parameters<Whole['press']>[2]): Promise<Interaction> {
      const pressed = await whole.press(picture, 'Region', person);
      await whole.reply(pressed, 'Paint what should change on a page');
      return pressed;
    },
    /** The newest message in the channel that shows a painted region. */
    painted: () => whole.titled('Vary (Region)'),
    /** The masks that have reached the provider, decoded: one byte per pixel. */
    async masks(): Promise<
      { width: number; height: number; at(x: number, y: number): number; pixels: Buffer }[]
    > {
      const sent = whole.sandbox.provider.submits.flatMap(
        ({ body }) => body['maskBase64'] ?? body['mask'] ?? [],
      );
      return Promise.all(
        sent.map((mask) => readMask(Buffer.from(String(mask).replace(/^data:[^,]*,/u, ''), 'base64'))),
      );
    },
  };
}

async function readMask(png: Buffer) {
  const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  expect(channels).toBe(1);
  return { width, height, pixels: data, at: (x: number, y: number) => data[y * width + x] ?? -1 };
}

/** What the bot answers to a page. */
interface Answer {
  readonly kind: string;
  readonly sentence: string;
  readonly address?: string;
}

/** A mask for the picture of a page: a white box in the corner, black elsewhere; in Base64. */
export async function maskFor(link: string, part = 0.5): Promise<string> {
  const { headers } = await fetch(`${link}/picture`);
  const [width = 0, height = 0] = (headers.get('mask-size') ?? '').split('x').map(Number);
  return drawMask({ width, height }, part);
}

export async function drawMask(
  { width, height }: { width: number; height: number },
  part: number,
): Promise<string> {
  const size = { width: Math.ceil(width * part), height: Math.ceil(height * part) };
  const input = { create: { ...size, channels: 3, background: '#fff' } } as const;
  const mask = sharp({ create: { width, height, channels: 3, background: '#000' } });
  if (part > 0) mask.composite([{ input, left: 0, top: 0 }]);
  return (await mask.png().toBuffer()).toString('base64');
}

/** Sends a mask as the page does, and returns what the bot answers. */
export async function send(link: string, changes: object = {}): Promise<Answer & { status: number }> {
  const mask = 'mask' in changes ? undefined : await maskFor(link);
  const body = JSON.stringify({ prompt: 'a red door', price: 100, isAsWritten: false, mask, ...changes });
  const response = await fetch(link, { method: 'POST', body });
  return { status: response.status, ...((await response.json()) as Answer) };
}

/** Browser tabs; a test fails if one has an error in its console, or asks for anything from elsewhere. */
export function useTabs(originOf: () => string) {
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let problems: string[] = [];
  let expected: RegExp[] = [];
  vi.setConfig({ testTimeout: 60_000 });
  beforeAll(async () => {
    const executablePath = findBrowser();
    if (executablePath !== undefined)
      browser = await chromium.launch({ executablePath, args: browserArguments });
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    const left = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    [contexts, problems, expected] = [[], [], []];
    expect(left).toEqual([]);
  });
  return {
    expectProblem: (pattern: RegExp) => void expected.push(pattern),
    async open(address: string, options: BrowserContextOptions = {}): Promise<Tab> {
      const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
      contexts.push(context);
      context.setDefaultTimeout(stepTimeoutMs);
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
      });
      context.on('weberror', (error) => problems.push(String(error.error().stack)));
      context.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== originOf() && protocol !== 'blob:') problems.push(`asks ${request.url()}`);
      });
      const tab = await context.newPage();
      await tab.goto(address);
      return tab;
    },
  };
}

/** Run in the page: how wide its picture is, in heights. */
const readRatio = `fetch(location.pathname + '/picture').then((response) => {
  const [width, height] = response.headers.get('mask-size').split('x');
  return width / height;
})`;

/** What a person does in a tab with the editor, by places in the picture from 0 to 1. */
export function inEditor(tab: Tab) {
  const canvas = tab.locator('#canvas');

  /** Where on the screen a place in the picture is while the whole picture fits. */
  async function place(across: number, down: number): Promise<{ x: number; y: number }> {
    const box = (await canvas.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const ratio = await tab.evaluate<number>(readRatio);
    const free = 0.94;
    const width = Math.min(box.width * free, box.height * free * ratio);
    const height = width / ratio;
    return {
      x: box.x + (box.width - width) / 2 + across * width,
      y: box.y + (box.height - height) / 2 + down * height,
    };
  }

  return {
    canvas,
    place,
    prompt: tab.getByLabel(/^(Prompt|What to change)$/u),
    submit: tab.getByRole('button', { name: /^Submit/u }),
    notice: tab.locator('#notice'),
    painted: tab.locator('#painted'),
    async ready(): Promise<void> {
      await tab.locator('#cover').waitFor({ state: 'hidden' });
      await tab.locator('#submit:enabled').waitFor();
    },
    choose: (tool: string) => tab.getByRole('radio', { name: tool }).check({ force: true }),
    /** Drags the mouse along places in the picture. */
    async drag(...along: readonly (readonly [number, number])[]): Promise<void> {
      for (const [index, [across, down]] of along.entries()) {
        const { x, y } = await place(across, down);
        await tab.mouse.move(x, y, { steps: index === 0 ? 1 : 6 });
        if (index === 0) await tab.mouse.down();
      }
      await tab.mouse.up();
    },
  };
}
