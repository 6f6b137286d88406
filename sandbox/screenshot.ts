import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import sharp from 'sharp';
import { browserArguments, findBrowser } from './browser.ts';
import type { Interaction, Message } from './discord/index.ts';
import { createSandbox, kinds, type Sandbox } from './index.ts';
import { createPage, type Page } from './page/index.ts';

const defaultFile = fileURLToPath(new URL('../docs/sandbox.png', import.meta.url));
const viewport = { width: 1360, height: 940 };
const environment = { POLL_FIRST_MS: '200', POLL_MIN_MS: '200', POLL_MAX_MS: '500' };
export const longestStepMs = 60_000;

/** From which percentage on the second task looks under way. */
export const enoughPercent = 20;

/**
 * Takes the picture of the sandbox that the README shows: a finished grid, a variation in progress, and the traffic of
 * both. Rejects if there is no Chromium.
 */
export async function takeScreenshot(file: string): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const sandbox = await createSandbox({ kinds, callbacks: true, provider: { taskTimeoutMs: 3_600_000 } });
  cleanup.defer(() => sandbox.close());
  const page = await createPage({ sandbox, port: 0, speed: 10, environment });
  cleanup.defer(() => page.close());
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const tab = await browser.newPage({ viewport, colorScheme: 'dark', reducedMotion: 'reduce' });
  await tab.goto(page.url);
  await startBot(page, tab);
  await play(sandbox, page);
  await tab.waitForFunction(
    '[...document.images].length > 0 && [...document.images].every((one) => one.complete)',
  );
  const bytes = await tab.screenshot();
  await sharp(bytes).png({ compressionLevel: 9, effort: 10 }).toFile(file);
}

/** Starts the bot, and waits until the page shows that it's there. */
export async function startBot(page: Page, tab: Tab): Promise<void> {
  page.bot.start();
  await tab.locator('.lamp[data-is=ready]').waitFor({ timeout: longestStepMs });
  // Its commands are registered at the same time.
  await tab.getByRole('list', { name: 'Traffic' }).waitFor();
}

/** What happens in the picture. */
async function play({ discord }: Sandbox, page: Page): Promise<void> {
  const person = discord.world.people.member;
  const channel = discord.world.channels.general;
  const wait = (holds: () => boolean, what: string) =>
    discord.until(holds, { what, timeoutMs: longestStepMs });
  await wait(() => discord.commands().length > 0, 'the commands');
  const options = { prompt: 'snowy mountains, balloons in the sky', aspect: '3:2' };
  const asked = await discord.run({ person, channel, command: 'imagine', options });
  const grid = await findAnswer(asked);
  await wait(() => grid.attachments.length > 0, 'the picture');
  await page.act({ do: 'switch', name: 'speed', value: '2' });
  const pressed = await discord.click({ person, message: grid, label: 'V1' });
  const variation = await findAnswer(pressed);
  await wait(() => percentOf(variation) >= enoughPercent, 'progress');
}

/** The message that answers a command or a press. */
export async function findAnswer(interaction: Interaction): Promise<Message> {
  await interaction.acknowledged;
  if (interaction.message === undefined) throw new Error(`${interaction.summary} got no message`);
  return interaction.message;
}

/** The progress that a message shows, in percent. */
export function percentOf({ embeds, content }: Message): number {
  return Number(/(\d+) ?%/.exec(content + JSON.stringify(embeds))?.[1] ?? 0);
}

/** Starts Chromium. Rejects if there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error('There is no Chromium. Install one, or set CHROMIUM_PATH.');
  return chromium.launch({ executablePath, args: browserArguments });
}

/** Runs a script that takes pictures: where to put them may be named behind it. */
export async function takeFromCommandLine(
  take: (target: string) => Promise<void>,
  target: string,
): Promise<void> {
  try {
    await take(process.argv[2] ?? target);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await takeFromCommandLine(takeScreenshot, defaultFile);
