import { describe, expect, it } from 'vitest';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

/** What people read while the provider's file server has nothing for them. */
const isAwaited = "the provider's file server doesn't have it available yet";

describe("a result that can't be fetched", () => {
  it.each([
    ["isn't there", { do: 'answer', status: 404, body: '' }],
    ['is replaced by a web page', { do: 'garble', how: 'html' }],
    ['has a connection that breaks', { do: 'drop' }],
  ] as const)(
    'is reported within ten seconds, and shown once it is there, if it %s',
    async (_what, fault) => {
      const bot = await whole.sandbox.startBot(quick);
      const { trouble } = whole.sandbox.provider;
      trouble.always('picture', fault);
      const asked = await whole.imagine('a fox');
      const told = await whole.reply(asked, isAwaited);
      expect(labelsOf(told)).not.toContain('U1');
      expect(await bot.line('does not hand out a result yet')).toContain('127.0.0.1');
      trouble.clear();
      const shown = await whole.picture(asked);
      expect(textOf(shown)).not.toContain(isAwaited);
      expect(labelsOf(shown)).toContain('U1');
      expect(await whole.points()).toBe('1,900 points');
    },
    40_000,
  );

  it('is reported within ten seconds if the file server says nothing at all, and fetched at the next start', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { trouble } = whole.sandbox.provider;
    trouble.always('picture', { do: 'hang', taken: false });
    const asked = await whole.imagine('a fox');
    await whole.reply(asked, isAwaited);
    await bot.end('SIGKILL');
    trouble.clear();
    await whole.sandbox.startBot(quick);
    expect(textOf(await whole.picture(asked))).not.toContain(isAwaited);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
  }, 40_000);

  it('is refunded at once, and its person told, if its address leads in circles', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const circle = { do: 'answer', status: 302, body: '', headers: { location: '#' } } as const;
    whole.sandbox.provider.trouble.always('picture', circle);
    const asked = await whole.imagine('a fox');
    const told = await whole.end(asked);
    expect(textOf(told)).toContain("the bot couldn't get it from the provider");
    expect(textOf(told)).toContain('Your 100 points are back.');
    await bot.line('can never be downloaded');
    expect(await whole.points()).toBe('2,000 points');
  });
});

describe('a result at a private address', () => {
  const whole = useSandbox({ kind: 'acedata' });

  it('is reported to person and operator, and fetched after a start with another configuration', async () => {
    const { url } = whole.sandbox.provider;
    const { host, port } = new URL(url);
    // The pictures are at 127.0.0.1, which isn't trusted.
    const other = `http://localhost:${port}`;
    const discordHost = new URL(whole.sandbox.discord.url).host;
    const bot = await whole.sandbox.startBot({
      ...quick,
      PROVIDER_MAIN_BASE_URL: other,
      TRUSTED_HOSTS: `localhost:${port},${discordHost}`,
    });
    const asked = await whole.imagine('a fox');
    const told = await whole.reply(asked, "at an address the bot isn't allowed to open");
    expect(textOf(told)).not.toContain(host);
    const line = await bot.line('TRUSTED_HOSTS');
    expect(line).toContain(host);
    expect(line).toContain('PROVIDER_MAIN_BASE_URL');
    await bot.end();
    await whole.sandbox.startBot(quick);
    expect(labelsOf(await whole.picture(asked))).toContain('U1');
    expect(whole.sandbox.provider.submits).toHaveLength(1);
  }, 40_000);
});
