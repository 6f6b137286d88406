import { createSandbox, kinds } from './index.ts';
import { createPage, type Page } from './page/index.ts';
import { greeting } from './page/server.ts';
import { runTranscript } from './transcript.ts';

const defaultPort = 8_790;
/** Ten times as fast as Midjourney; the page changes it. */
const startSpeed = 10;

/** The bot looks often, to keep up with providers that take a tenth of their time. */
const environment = { POLL_FIRST_MS: '500', POLL_MIN_MS: '500', POLL_MAX_MS: '2000' };

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readPort(): number {
  const text = process.env['SANDBOX_PORT'] ?? String(defaultPort);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Problem(`SANDBOX_PORT is "${text}"; it has to be a port number, from 0 (any free one) to 65535.`);
}

/** Something that the person at the keyboard can fix; shown as one line. */
class Problem extends Error {}

async function main(): Promise<void> {
  const port = readPort();
  const sandbox = await createSandbox({ kinds, callbacks: true, provider: { taskTimeoutMs: 3_600_000 } });
  const page = await openPage();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(page));
  say(`The sandbox is at ${page.url} (Ctrl-C ends it).`);
  page.bot.start();

  async function openPage(): Promise<Page> {
    try {
      return await createPage({ sandbox, port, speed: startSpeed, environment });
    } catch (error) {
      await sandbox.close();
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new Problem(await tellWhoHas(port));
      throw error;
    }
  }

  async function stop(opened: Page): Promise<void> {
    await opened.close();
    await sandbox.close();
    process.exit(0);
  }
}

async function tellWhoHas(port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  const isSandbox = await fetch(`${url}/greeting`, { signal: AbortSignal.timeout(1_000) }).then(
    async (response) => (await response.text()) === greeting,
    () => false,
  );
  const other = `Choose another port: SANDBOX_PORT=${port + 1} npm run sandbox`;
  if (isSandbox) return `A sandbox is running already, at ${url}. ${other}`;
  return `Port ${port} is in use by another program. ${other}`;
}

try {
  await (process.argv.includes('--transcript') ? runTranscript() : main());
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
