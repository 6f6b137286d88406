import { describe, expect, it } from 'vitest';
import { kinds } from '../../sandbox/index.ts';
import { frontDoors, writings } from '../../sandbox/providers/trouble.ts';
import { quick, textOf, useSandbox, useSharedSandbox } from '../helpers/whole.ts';

describe.each(kinds)('%s', (kind) => {
  const whole = useSharedSandbox({ kind });

  it('gets its pictures shown, no matter how its answers are written', async () => {
    const { trouble } = whole.sandbox.provider;
    for (const how of writings) trouble.next('submit', { do: 'garble', how });
    for (const how of [...writings, ...writings, ...writings]) trouble.next('look', { do: 'garble', how });
    const asked = await Promise.all(writings.map((how) => whole.imagine(`a fox as ${how}`)));
    for (const one of asked) await whole.picture(one);
    const prompts = whole.sandbox.provider.submits.filter(({ prompt }) => prompt?.includes('a fox as'));
    expect(prompts).toHaveLength(writings.length);
  });

  it("isn't mistaken for a redirect or a firewall in front of it", async () => {
    const { trouble } = whole.sandbox.provider;
    const { otherMember } = whole.sandbox.discord.world.people;
    trouble.next('submit', frontDoors.moved);
    const moved = await whole.reply(
      await whole.imagine('a hare', {}, otherMember),
      'has moved to another address',
    );
    expect(textOf(moved)).toContain('https://new.example`');
    expect(textOf(moved)).toContain('points are back');
    trouble.next('submit', frontDoors.blocked);
    const blocked = await whole.reply(await whole.imagine('a hare', {}, otherMember), 'A firewall in front');
    expect(textOf(blocked)).toContain('points are back');
    const { submits } = whole.sandbox.provider;
    expect(submits.filter(({ prompt }) => prompt?.includes('a hare'))).toEqual([]);
  });
});

describe.each(kinds)('%s, when something in front of it refuses one person', (kind) => {
  const whole = useSharedSandbox({ kind });

  it.each([
    ['tooLarge', 'The images are too large for this provider.'],
    ['disliked', "can't read"],
  ] as const)('still works for the others (%s)', async (fault, words) => {
    const { trouble } = whole.sandbox.provider;
    const { otherMember } = whole.sandbox.discord.world.people;
    trouble.next('submit', frontDoors[fault], 3);
    for (let times = 0; times < 3; times += 1) {
      const message = await whole.reply(await whole.imagine('a hare', {}, otherMember), words);
      expect(textOf(message)).toContain('points are back');
    }
    await whole.picture(await whole.imagine('a fox'));
  });
});

describe.each(kinds)("%s, when an answer repeats one person's words", (kind) => {
  const whole = useSharedSandbox({ kind });

  it("doesn't count as an empty account or a refused key", async () => {
    const { trouble } = whole.sandbox.provider;
    const { otherMember } = whole.sandbox.discord.world.people;
    const prompt = 'a sign that says insufficient user quota, 余额不足, insufficient credits';
    const message = `invalid prompt: ${prompt}`;
    const body = JSON.stringify({ code: 403, message, error: { message } });
    trouble.next('submit', { do: 'answer', status: 403, body }, 2);
    for (let times = 0; times < 2; times += 1)
      await whole.reply(await whole.imagine(prompt, {}, otherMember), 'points are back');
    await whole.picture(await whole.imagine('a fox'));
  });
});

describe('what the operator reads', () => {
  const whole = useSandbox();

  it('names the variable to set after a redirect, the way around a firewall, and no query', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { trouble } = whole.sandbox.provider;
    trouble.next('submit', frontDoors.moved);
    await whole.imagine('a fox');
    expect(await bot.line('the API redirects')).toContain(
      'to https://new.example: set PROVIDER_MAIN_BASE_URL to it',
    );
    trouble.next('submit', frontDoors.blocked);
    await whole.imagine('a fox');
    const line = await bot.line('a firewall blocks this machine');
    expect(line).toContain('Cloudflare, error 1020');
    expect(line).toContain('HTTPS_PROXY');
    expect(bot.lines.join('\n')).not.toContain('token=secret');
  });

  it('is nothing when only a look runs into them: the picture still comes', async () => {
    await whole.sandbox.startBot(quick);
    const { trouble } = whole.sandbox.provider;
    trouble.next('look', frontDoors.blocked);
    trouble.next('look', frontDoors.moved);
    await whole.picture(await whole.imagine('a fox'));
  });
});
