import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invite, useBot } from '../../bench/attack.ts';
import { startAttack } from '../../bench/attackers.ts';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { quick, register, textOf } from '../helpers/whole.ts';

/** `npm run bench -- attack` does the same for a minute, and measures. */
const seconds = 6;

describe('while two people send the worst that they can, and slow callers call', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    const provider = { pace: 0.001, pictureHeight: 64, taskTimeoutMs: 3_600_000 };
    sandbox = await createSandbox({ kind: '4allapi', callbacks: true, provider });
    await register(sandbox);
  });
  afterEach(() => sandbox.close());

  it('each request of a third person is acknowledged in time, and delivered', async () => {
    const bot = await sandbox.startBot(quick);
    const { discord, publicUrl } = sandbox;
    const { channel, attackers, third } = await invite(discord);
    const attack = await startAttack({ discord, channel, attackers, publicUrl, slowCallers: 300 });
    // Throws if one isn't acknowledged within Discord's three seconds, or never brings its picture.
    const { deliveredAfter } = await useBot(discord, third, channel, seconds);
    const sent = await attack.stop();
    expect(deliveredAfter.length).toBeGreaterThan(0);
    expect(Object.values(sent).every((times) => times > 0)).toBe(true);
    // The attack was real: the first requests were checked and refused, and so were those that came too often.
    const says = (sentence: string) =>
      discord.interactions.some(
        ({ person, message }) => attackers.includes(person) && textOf(message).includes(sentence),
      );
    const sentences = [
      'SVG files like `fox.png`',
      'The bot takes too long to open `mask-of-fox.webp`',
      'You already pressed that button',
    ];
    for (const sentence of sentences)
      await discord.until(() => says(sentence), { what: sentence, timeoutMs: 25_000 });
    expect(bot.process.exitCode).toBeNull();
    expect(discord.violations).toEqual([]);
  }, 120_000);
});
