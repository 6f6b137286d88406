import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startProgram } from '../../sandbox/bot.ts';
import { useWorld } from './stage.ts';

const password = 's3cret/word';
const proxyUrl = `http://operator:${encodeURIComponent(password)}@proxy.example.net:3128`;

describe('behind a proxy, in a network that knows no other name', () => {
  const whole = useWorld({ kinds: ['acedata'] });
  let proxy: BotProcess;
  let bot: BotProcess;

  beforeAll(async () => {
    proxy = startProgram('test/world/proxy.ts', {});
    await proxy.line('listening');
    await whole.sandbox.wallIn('proxy.example.net');
    await whole.sandbox.set({ HTTPS_PROXY: proxyUrl });
    await whole.deploy();
    expect(proxy.lines.slice(1)).toContain('connect discord.com:443 ok');
    bot = await whole.sandbox.startBot();
  });
  afterAll(() => proxy.end('SIGKILL'));

  it('REST, the gateway socket, the APIs and their media all go through it', async () => {
    const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#c40' } })
      .png()
      .toBuffer();
    const reference = { name: 'fox.png', bytes, contentType: 'image/png' };
    const grid = await whole
      .picture(await whole.imagine('a red fox', { image1: reference }))
      .catch((error: Error) =>
        expect.fail(`${error.message}\n${bot.lines.join('\n')}\n${proxy.lines.join('\n')}`),
      );
    await whole.picture(await whole.press(grid, 'U2'));
    expect(proxy.lines.filter((line) => line.endsWith('refused'))).toEqual([]);
    for (const name of ['gateway.discord.gg', 'cdn.discordapp.com', 'api.acedata.cloud', 'img.example.net'])
      expect(proxy.lines).toContain(`connect ${name}:443 ok`);
    for (const secret of [password, encodeURIComponent(password), btoa(`operator:${password}`)])
      expect(bot.lines.join('\n')).not.toContain(secret);
  });

  it.each([
    'https://localhost/fox.png',
    'https://printer/fox.png',
    'https://router.lan/fox.png',
    'https://10.0.0.5/fox.png',
  ])("an address that isn't public is refused, and the proxy is never asked: %s", async (url) => {
    await whole.reply(await whole.run('describe', { url }), 'from its link');
    expect(proxy.lines.filter((line) => line.includes(new URL(url).host))).toEqual([]);
  });

  it('the doctor finds everything all right, and names the variable if the password is wrong', async () => {
    const doctor = async () => {
      const program = whole.sandbox.launch('src/doctor.ts');
      await program.exited;
      return program.lines.map((line) => line.trim());
    };
    const faultsOf = (lines: string[]) => lines.filter((line) => line.startsWith('FAIL'));
    const right = await doctor();
    expect(faultsOf(right)).toEqual([]);
    expect(right).toContain(
      "ok    way out: through proxy.example.net:3128 to Discord (discord.com), Discord's gateway " +
        "(gateway.discord.gg), Discord's files (cdn.discordapp.com), account acedata (api.acedata.cloud)",
    );
    await whole.sandbox.set({ HTTPS_PROXY: proxyUrl.replace('operator', 'stranger') });
    const lines = faultsOf(await doctor());
    expect(lines.map((line) => line.includes('HTTPS_PROXY'))).toEqual(lines.map(() => true));
    expect(lines).toHaveLength(2); // Discord, and the account
    expect(lines.join('\n')).not.toContain(password);
  });
});
