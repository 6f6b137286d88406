import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { buttonsOf, type Message } from './discord/index.ts';
import { createSandbox, type Sandbox } from './index.ts';
import { createPage, type Page } from './page/index.ts';
import {
  enoughPercent,
  findAnswer,
  launchBrowser,
  longestStepMs,
  percentOf,
  startBot,
  takeFromCommandLine,
} from './screenshot.ts';

const defaultFolder = fileURLToPath(new URL('../docs/messages/now/', import.meta.url));
const photographed = ['4allapi', 'yutoai', 'acedata', 'apixo'] as const;
type Kind = (typeof photographed)[number];

/** As wide as a channel gets on a desktop next to both sidebars, and on a phone. */
const views = [
  { name: 'dark', colorScheme: 'dark', width: 1360 },
  { name: 'light', colorScheme: 'light', width: 1360 },
  { name: 'phone', colorScheme: 'dark', width: 390 },
] as const;
/** High enough for all messages without scrolling. */
const height = 5_200;
/** Wide enough to read, small enough to keep. */
const widest = 520;

const environment = { POLL_FIRST_MS: '100', POLL_MIN_MS: '100', POLL_MAX_MS: '300' };

/**
 * Takes pictures of the bot's main messages with each kind of provider: a set, a single picture, a failure, a description
 * and a task that runs; dark, light, and as wide as a phone. Rejects if there is no Chromium.
 */
export async function photographMessages(folder: string, kinds: readonly Kind[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await using cleanup = new AsyncDisposableStack();
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  for (const kind of kinds) await photograph(kind, folder, browser);
}

async function photograph(kind: Kind, folder: string, browser: Browser): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const sandbox = await createSandbox({ kinds: [kind], callbacks: true });
  cleanup.defer(() => sandbox.close());
  const page = await createPage({ sandbox, port: 0, speed: 60, environment });
  cleanup.defer(() => page.close());
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  cleanup.defer(() => context.close());
  const tab = await context.newPage();
  await tab.goto(page.url);
  await startBot(page, tab);
  await play(kind, sandbox, page);
  for (const { name, colorScheme, width } of views) {
    await tab.emulateMedia({ colorScheme });
    await tab.setViewportSize({ width, height });
    await tab.reload();
    await tab.locator('.messages img.picture').first().waitFor();
    await tab.waitForFunction('[...document.images].every((one) => one.complete)');
    const bytes = await tab.locator('.messages').screenshot();
    await sharp(bytes)
      .resize({ width: widest, withoutEnlargement: true })
      .webp({ quality: 45, effort: 6 })
      .toFile(join(folder, `${kind}-${name}.webp`));
  }
}

/** What happens in the pictures. */
async function play(kind: Kind, { discord }: Sandbox, page: Page): Promise<void> {
  const person = discord.world.people.member;
  const channel = discord.world.channels.general;
  const wait = (holds: () => boolean, what: string) =>
    discord.until(holds, { what, timeoutMs: longestStepMs });
  await wait(() => discord.commands().length > 0, 'the commands');
  const imagine = async (prompt: string) =>
    findAnswer(
      await discord.run({ person, channel, command: 'imagine', options: { prompt, aspect: '3:2' } }),
    );
  const grid = await imagine('a red fox in the snow, soft morning light');
  await wait(() => grid.attachments.length > 0, 'the set');
  const single = await findAnswer(await discord.click({ person, message: grid, label: 'U2' }));
  await wait(() => single.attachments.length > 0, 'the single picture');
  await imagine('please fail, a red fox in the rain');
  await wait(() => discord.messages(channel.id, person).some(isFailure), 'the failure');
  const [file] = grid.attachments;
  const image = { name: 'fox.png', bytes: file?.bytes ?? Buffer.alloc(0), contentType: 'image/png' };
  const asked = await discord.run({ person, channel, command: 'describe', options: { image } });
  const described = await findAnswer(asked);
  // APIXO can't describe, so the bot says so at once.
  if (kind !== 'apixo') await wait(() => buttonsOf(described).length >= 4, 'the description');
  await page.act({ do: 'switch', name: 'speed', value: '2' });
  const running = await imagine('an owl reading by candlelight');
  // APIXO says nothing until a task ends.
  const isUnderWay = () =>
    kind === 'apixo' ? textOf(running).includes('In progress') : percentOf(running) >= enoughPercent;
  await wait(isUnderWay, 'progress');
}

function isFailure(message: Message): boolean {
  return /points? (?:are|is) back/u.test(textOf(message));
}

function textOf({ content, embeds }: Message): string {
  return content + JSON.stringify(embeds);
}

if (import.meta.main)
  await takeFromCommandLine((folder) => photographMessages(folder, photographed), defaultFolder);
