import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { brokenGateway } from '../../sandbox/discord/index.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

/** A port that nothing listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the process', () => {
  it('names five mistakes at once and exits with 1', async () => {
    const bot = whole.sandbox.launchBot({
      DISCORD_TOKEN: '',
      ALLOWED_GUILDS: 'here',
      PROVIDERS: 'main=nonsense',
      LOG_LEVEL: 'loud',
      POLL_MIN_MS: '-1',
    });
    expect(await bot.exited).toBe(1);
    for (const name of ['DISCORD_TOKEN', 'ALLOWED_GUILDS', 'PROVIDERS', 'LOG_LEVEL', 'POLL_MIN_MS']) {
      expect(bot.lines.filter((line) => line.trim().startsWith(`${name}:`))).toHaveLength(1);
    }
  });

  it('refuses a folder that another process owns', async () => {
    await whole.sandbox.startBot(quick);
    const second = whole.sandbox.launchBot(quick);
    expect(await second.exited).toBe(1);
    expect(second.lines.join('\n')).toContain('another process uses this data directory');
  });

  it('names a port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    const admin = whole.sandbox.launchBot({ ...quick, ADMIN_PORT: port });
    expect(await admin.exited).toBe(1);
    expect(admin.lines).toContain(
      `midjourney-relay cannot start: ADMIN_HOST and ADMIN_PORT: nothing can listen there (EADDRINUSE): another program has port ${port}; stop it, or set another ADMIN_PORT (0 for none)`,
    );
    const publicUrl = { PUBLIC_URL: 'https://relay.example', HTTP_PORT: port };
    const callbacks = whole.sandbox.launchBot({ ...quick, ...publicUrl });
    expect(await callbacks.exited).toBe(1);
    expect(callbacks.lines).toContain(
      `midjourney-relay cannot start: HTTP_HOST and HTTP_PORT: nothing can listen there (EADDRINUSE): another program has port ${port}; stop it, or set another HTTP_PORT`,
    );
    other.close();
  });

  it('names the folder for its data if nothing can be written there', async () => {
    const bot = whole.sandbox.launchBot({ ...quick, DATA_DIR: '/dev/null/data' });
    expect(await bot.exited).toBe(1);
    expect(bot.lines.join('\n')).toContain('midjourney-relay cannot start: DATA_DIR: it cannot be written');
  });

  it('ends with a clear last line if Discord refuses the token', async () => {
    const bot = whole.sandbox.launchBot({ ...quick, DISCORD_TOKEN: 'MTU3.wrong.token' });
    expect(await bot.exited).toBe(1);
    expect(bot.lines.join('\n')).toContain('look at DISCORD_TOKEN');
  });

  it('is alive at once, and ready while the gateway is', async () => {
    const port = await freePort();
    const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    const bot = await whole.sandbox.startBot({ ...quick, ADMIN_PORT: String(port) });
    expect(await statusOf('/livez')).toBe(200);
    expect(await statusOf('/readyz')).toBe(200);
    whole.sandbox.discord.gateway.refuse(true);
    whole.sandbox.discord.gateway.cut();
    await bot.line('the gateway connection was lost');
    await expect.poll(() => statusOf('/readyz'), { timeout: 10_000 }).toBe(503); // it checks once a second
    expect(await statusOf('/livez')).toBe(200);
    whole.sandbox.discord.gateway.refuse(false);
    await bot.line('the gateway connection is back');
    await expect.poll(() => statusOf('/readyz'), { timeout: 10_000 }).toBe(200);
  });

  it('waits for a Discord that is down at the start, and is then ready', async () => {
    const port = await freePort();
    whole.sandbox.discord.trouble.rules.push({
      match: /^GET \/gateway\/bot/,
      times: 1,
      do: brokenGateway(503),
    });
    const bot = whole.sandbox.launchBot({ ...quick, ADMIN_PORT: String(port) });
    await bot.line('Discord cannot be reached');
    await bot.line('"msg":"ready"');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    await whole.picture(await whole.imagine('a fox'));
    expect(await bot.end('SIGTERM')).toBe(0);
  });

  it('writes no secret, no matter what goes wrong', async () => {
    const bot = await whole.sandbox.startBot({ ...quick, LOG_LEVEL: 'trace' });
    const shown = await whole.picture(await whole.imagine('a hare with a secret'));
    whole.sandbox.provider.trouble.next('submit', { do: 'refuse', as: 'unauthorized' });
    const refused = await whole.imagine('a fox');
    await whole.reply(refused, "doesn't accept the bot's key");
    await bot.end();
    const output = bot.lines.join('\n');
    for (const secret of [
      whole.sandbox.discord.token,
      whole.sandbox.provider.key,
      refused.token,
      'a hare with a secret',
    ]) {
      expect(output).not.toContain(secret);
    }
    expect(shown.attachments).toHaveLength(1);
  });
});
