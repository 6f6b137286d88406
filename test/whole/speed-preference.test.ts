import { describe, expect, it } from 'vitest';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

describe('a preferred speed', () => {
  const whole = useSandbox({ kind: 'acedata' });
  const modes = () => whole.sandbox.provider.submits.map(({ body }) => (body as { mode?: string }).mode);

  it('counts for each command and button that has one, over a restart, unless an option says otherwise', {
    timeout: 60_000,
  }, async () => {
    const { otherMember } = whole.sandbox.discord.world.people;
    const bot = await whole.sandbox.startBot(quick);
    const theirs = await whole.picture(await whole.imagine('a fox', {}, otherMember));
    await (await whole.run('preferences set', { speed: 'relax' })).acknowledged;
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const [bytes = Buffer.alloc(0)] = theirs.attachments.map((file) => file.bytes);
    const image = { name: 'a.png', bytes };
    const blend = await whole.picture(await whole.run('blend', { image1: image, image2: image }));
    expect(textOf(blend)).toContain('(Relax)');
    await whole.picture(await whole.agreed(await whole.run('edit', { image, prompt: 'with a hat' })));
    // Videos have no relaxed speed there.
    await whole.reply(
      await whole.run('video', { image, prompt: 'it runs' }),
      'change yours with `/preferences set`',
    );
    await whole.picture(
      await whole.agreed(await whole.run('video', { image, prompt: 'it runs', speed: 'fast' })),
    );
    await whole.picture(await whole.run('blend', { image1: image, image2: image, speed: 'fast' }));
    await whole.picture(await whole.agreed(await whole.press(theirs, 'V1')));
    await whole.picture(await whole.press(theirs, 'V2', otherMember));
    expect(modes()).toEqual(['fast', 'relax', 'relax', 'fast', 'fast', 'relax', 'fast']);
  });
});
