import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ callbacks: true, provider: { key: 'sk-Canary7wXk29LmPzR4tYv81BnCdEfGh' } });

/** Every byte that the bot stores. */
async function readData(): Promise<string> {
  const { dataDirectory } = whole.sandbox;
  const names = (await readdir(dataDirectory)).filter((name) => name.includes('.db'));
  const files = await Promise.all(names.map((name) => readFile(join(dataDirectory, name), 'latin1')));
  return files.join('');
}

describe("a provider that echoes the bot's secrets", () => {
  it('gets them into no message, no file and no log', async () => {
    const bot = await whole.sandbox.startBot({ ...quick, LOG_LEVEL: 'trace' });
    const { provider, publicUrl, discord } = whole.sandbox;
    const hook = `${publicUrl}/callbacks/main/task/mf3k2a9z.${'c'.repeat(43)}`;
    const words = `no channel for ${provider.key} (masked ${provider.key.slice(0, 9)}****Gh), hook ${hook}`;
    provider.trouble.next('task', { do: 'fail', reason: words });
    const failed = await whole.reply(await whole.imagine('a fox'), 'points are back');
    const body = JSON.stringify({
      error: { message: words, type: 'new_api_error', code: 'invalid_request' },
    });
    provider.trouble.next('submit', { do: 'answer', status: 400, body });
    await whole.end(await whole.imagine('a hare'));
    await bot.end();
    expect(textOf(failed)).toContain('no channel for [secret]');
    const all = [
      discord.messages(discord.world.channels.general.id).map(textOf).join('\n'),
      await readData(),
    ];
    for (const place of [...all, bot.lines.join('\n')]) expect(place).not.toMatch(/Canary|\/callbacks\/main/);
    expect(all[1]).toContain('no channel for [secret]');
  });
});

it('prints no key that an operator has put into the wrong variable', async () => {
  for (const variables of [{ PROVIDERS: 'sk-Canary7wXk29Lm' }, { PROVIDERS: 'sk-Canary7wXk29Lm=4allapi' }]) {
    const bot = whole.sandbox.launchBot({ ...quick, ...variables });
    expect(await bot.exited).toBe(1);
    expect(bot.lines.join('\n')).toContain('PROVIDERS: ');
    expect(bot.lines.join('\n')).not.toMatch(/canary/i);
  }
});
