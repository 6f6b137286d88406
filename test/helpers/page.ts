import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page as Tab,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest';
import { browserArguments, findBrowser } from '../../sandbox/browser.ts';
import { createSandbox, kinds as everyKind, type Kind, type Sandbox } from '../../sandbox/index.ts';
import { createPage, type Page } from '../../sandbox/page/index.ts';
import { quick, register } from './whole.ts';

const browserPath = findBrowser();
if (browserPath === undefined) {
  process.stderr.write(
    'The tests of the sandbox page are skipped: there is no Chromium. Install one, or set CHROMIUM_PATH.\n',
  );
}

/** A group of tests that needs a browser; skipped if there is none. */
export const describeInBrowser = describe.skipIf(browserPath === undefined);

/** Far longer than any step takes; a step that hangs fails its test by name. */
const stepTimeoutMs = 20_000;
const testTimeoutMs = 60_000;
/** Fast enough that no test waits. */
const speed = 400;

/**
 * A sandbox with its page for each test of a file, and browser tabs on it. A test fails if a tab has an error in its
 * console or requests anything outside of the sandbox, or if the bot breaks one of Discord's rules.
 */
export function usePage({
  withBot = true,
  kinds = everyKind,
}: {
  withBot?: boolean;
  kinds?: readonly Kind[];
} = {}) {
  let browser: Browser;
  let sandbox: Sandbox;
  let page: Page;
  let contexts: BrowserContext[];
  let problems: string[];
  let expected: RegExp[];

  vi.setConfig({ testTimeout: testTimeoutMs });
  beforeAll(async () => {
    if (browserPath !== undefined)
      browser = await chromium.launch({ executablePath: browserPath, args: browserArguments });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    contexts = [];
    problems = [];
    expected = [];
    sandbox = await createSandbox({ kinds, provider: { taskTimeoutMs: 3_600_000, pictureHeight: 64 } });
    await register(sandbox);
    page = await openPage(0);
    if (withBot) page.bot.start();
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await page.close();
    await sandbox.close();
    expect(problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)))).toEqual([]);
    expect(sandbox.discord.violations).toEqual([]);
  });

  const openPage = (port: number) =>
    createPage({ sandbox, port, speed, environment: quick, registers: false });

  return {
    get sandbox() {
      return sandbox;
    },
    get page() {
      return page;
    },
    /** Opens the page in a separate browser, once the bot accepts interactions. */
    async open(options: BrowserContextOptions = {}): Promise<Tab> {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      });
      contexts.push(context);
      context.setDefaultTimeout(stepTimeoutMs);
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
      });
      context.on('weberror', (error) => problems.push(String(error.error().stack)));
      context.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        const isLocal = origin === page.url || protocol === 'data:' || protocol === 'blob:';
        if (!isLocal) problems.push(`asks ${request.url()}`);
      });
      const tab = await context.newPage();
      await tab.goto(page.url);
      if (withBot) await tab.locator('.lamp[data-is=ready]').waitFor({ state: 'attached' });
      return tab;
    },
    /** Expects an error that this test causes itself. */
    expectProblem: (pattern: RegExp) => void expected.push(pattern),
    /** Ends the page and the sandbox, and starts new ones at the same address. */
    async startAnew(): Promise<void> {
      const { port } = new URL(page.url);
      await page.close();
      await sandbox.close();
      sandbox = await createSandbox({ kinds, provider: { taskTimeoutMs: 3_600_000, pictureHeight: 64 } });
      await register(sandbox);
      page = await openPage(Number(port));
      if (withBot) page.bot.start();
    },
  };
}

interface FilePayload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** What a person does in a tab, found by the words on the screen. */
export function inTab(tab: Tab) {
  const messages = tab.locator('.message');
  const suggestions = tab.locator('.completion').getByRole('option');
  return {
    messages,
    suggestions,
    /** The newest message that contains those words. */
    message: (text: string): Locator => messages.filter({ hasText: text }).last(),
    /** The newest message whose first line says that; an imagine has no title. */
    titled: (title: string): Locator =>
      messages.filter({ hasText: title === 'Imagine' ? /\S - @\S+ \(/u : `- ${title} by @` }).last(),
    composer: tab.getByRole('combobox', { name: 'Message', exact: true }),
    option: (name: string): Locator => tab.getByRole('combobox', { name, exact: true }),
    notice: tab.locator('.notice'),
    /** Types a command's name, takes the first suggestion, and fills its options in, or chooses files for them. */
    async run(command: string, options: Readonly<Record<string, string | FilePayload>> = {}): Promise<void> {
      await tab.getByRole('combobox', { name: 'Message', exact: true }).fill(command);
      await suggestions.first().click();
      for (const [name, value] of Object.entries(options)) {
        if (typeof value !== 'string') {
          await tab.getByLabel(name, { exact: true }).setInputFiles(value);
          continue;
        }
        const option = tab.getByRole('combobox', { name, exact: true });
        if (!(await option.isVisible())) {
          await tab.getByRole('button', { name: 'More options' }).click();
          await suggestions.filter({ hasText: name }).first().click();
        }
        await option.fill(value);
      }
      await tab.getByRole('button', { name: 'Send', exact: true }).click();
    },
    press: (label: string, within: Locator = messages.last()) =>
      within.getByRole('button', { name: label }).click(),
    async be(name: string): Promise<void> {
      await tab.getByTitle('Be somebody else').click();
      await tab.getByRole('radio', { name }).click();
    },
    turn: (label: string, value: string) =>
      tab.getByRole('combobox', { name: label, exact: true }).selectOption(value),
  };
}
