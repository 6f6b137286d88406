import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

describe('a modal', () => {
  const whole = useSandbox();

  it('can be answered after a restart', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const single = await whole.picture(await whole.press(grid, 'U1'));
    const pressed = await whole.press(single, 'Custom');
    expect((await pressed.acknowledged).type).toBe(9);
    expect(pressed.modal?.title).toBe('Custom Zoom');
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.send(pressed, { prompt: 'a fox in snow --zoom 1.5' }));
    const submits = whole.sandbox.provider.submits;
    expect(submits.every(({ repeats }) => repeats === 0)).toBe(true);
    expect(submits.at(-1)).toMatchObject({ prompt: 'a fox in snow --zoom 1.5' });
    expect(await whole.points()).toBe('1,750 points');
  });

  it('of Vary (Region) is opened from the picture with its parts numbered, also after a restart', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const single = await whole.picture(
      await whole.press(await whole.picture(await whole.imagine('a fox')), 'U1'),
    );
    const pressed = await whole.press(single, 'Region');
    expect((await pressed.acknowledged).type).toBe(5);
    const question = await whole.picture(pressed);
    expect(question.visibleTo?.id).toBe(pressed.person.id);
    expect(question.content).toContain('Choose the numbers of the parts to repaint.');
    expect(question.attachments.map(({ name }) => name)).toEqual(['parts.jpg']);
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const opener = await whole.choose(pressed, ['24', '25']);
    const painted = await whole.picture(await whole.send(opener, { prompt: 'a red door' }));
    expect(painted.visibleTo).toBeUndefined();
    expect(painted.content).toContain('**a red door** - Vary (Region) by');
    expect(await whole.points()).toBe('1,750 points');
  });

  it('of Vary (Region) may be left without words: those of the picture stay, if it has any', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const [bytes = Buffer.alloc(0)] = grid.attachments.map((file) => file.bytes);
    const files = { image1: { name: 'a.png', bytes }, image2: { name: 'b.png', bytes } };
    const blend = await whole.picture(await whole.run('blend', files));
    for (const [parent, words] of [
      [grid, 'a fox'],
      [blend, ''],
    ] as const) {
      const single = await whole.picture(await whole.press(parent, 'U1'));
      const pressed = await whole.press(single, 'Region');
      await whole.picture(pressed);
      const opener = await whole.choose(pressed, ['7']);
      expect((await opener.acknowledged).type).toBe(9);
      await whole.picture(await whole.agreed(await whole.send(opener, { prompt: '' })));
      const { body } = whole.sandbox.provider.submits.at(-1) ?? {};
      expect(body).toMatchObject({ prompt: words, maskBase64: expect.stringContaining('data:image/png') });
    }
  });

  it("of Vary (Region) can do without a picture that can't be shown", async () => {
    const bot = await whole.sandbox.startBot(quick);
    const single = await whole.picture(
      await whole.press(await whole.picture(await whole.imagine('a fox')), 'U1'),
    );
    await bot.end('SIGTERM');
    await rm(join(whole.sandbox.dataDirectory, 'pictures'), { recursive: true });
    single.attachments.length = 0;
    whole.sandbox.provider.trouble.always('picture', { do: 'answer', status: 404, body: '' });
    await whole.sandbox.startBot(quick);
    const pressed = await whole.press(single, 'Region');
    const question = await whole.reply(pressed, "The bot couldn't load the image to show it here");
    expect(question.attachments).toEqual([]);
    const opener = await whole.choose(pressed, ['1']);
    const failed = await whole.send(opener, { prompt: 'a red door' });
    await whole.reply(failed, "The bot couldn't read the image that this starts from.");
    await whole.reply(failed, 'Your 100 points are back.');
    expect(await whole.points()).toBe('1,850 points');
  });

  it("changes a describe's prompt before it is used", async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
    const described = await whole.reply(await whole.run('describe', { image }), '**4.**');
    const opener = await whole.press(described, '2');
    const made = await whole.picture(await whole.send(opener, { prompt: 'what I made of it' }));
    expect(textOf(made)).toContain('what I made of it');
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('what I made of it');
  });
});

describe.each(['4allapi', 'yutoai', 'mjproxy'] as const)('%s', (kind) => {
  const whole = useSandbox({ kind });

  it("asks the provider's question, and sends the answer after a restart", { timeout: 40_000 }, async () => {
    const { provider } = whole.sandbox;
    if ('habits' in provider) (provider.habits as { remix: boolean }).remix = true;
    const bot = await whole.sandbox.startBot(quick);
    const { otherMember } = whole.sandbox.discord.world.people;
    const grid = await whole.picture(await whole.imagine('a fox'));
    const varied = await whole.press(grid, 'V2');
    const asking = await whole.reply(varied, 'has a question before it starts');
    await whole.reply(await whole.press(asking, 'Answer', otherMember), 'Only the person who started this');
    const pressed = await whole.press(asking, 'Answer');
    await pressed.acknowledged;
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    await whole.send(pressed, { prompt: 'a hare' });
    await whole.sandbox.discord.until(() => asking.attachments.length > 0, {
      what: 'the picture',
      timeoutMs: 15_000,
    });
    expect(provider.submits.at(-1)).toMatchObject({ prompt: 'a hare' });
    expect(provider.submits.every(({ repeats }) => repeats === 0)).toBe(true);
    // A variation costs as much as an imagine at gateways, and half as much in Midjourney's own time.
    expect(await whole.points()).toBe(kind === 'mjproxy' ? '1,850 points' : '1,800 points');
    expect(textOf(asking)).not.toContain('has a question before it starts');
  });
});

describe('a lost answer from an API that can be searched', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('is found, adopted and delivered, and paid for once', async () => {
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('submit', { do: 'lose' });
    const asked = await whole.imagine('a fox');
    await bot.line('was found again');
    await whole.picture(asked);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
  });
});
