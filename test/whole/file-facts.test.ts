import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const xmpOf = async ({ attachments: [file] }: Message) =>
  (await sharp(file?.bytes).metadata()).xmp?.toString() ?? '';

describe('the files of a result', () => {
  const whole = useSandbox();

  it('say how they were made, also those of U and of a restart, and name nobody', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox --ar 3:2'));
    const single = await whole.picture(await whole.press(grid, 'U2'));
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const again = await whole.picture(await whole.press(grid, 'U2'));
    const { people, guild, channels } = whole.sandbox.discord.world;
    for (const message of [grid, single, again]) {
      const xmp = await xmpOf(message);
      expect(xmp).toContain('<rdf:li xml:lang="x-default">a fox --ar 3:2</rdf:li>');
      expect(xmp).toContain('/trainedAlgorithmicMedia<');
      for (const secret of [people.member.id, people.member.name, guild.id, channels.general.id, 'allapi'])
        expect(xmp).not.toContain(secret);
    }
    expect([grid, single, again].map(({ attachments }) => attachments[0]?.description)).toEqual([
      'a fox --ar 3:2',
      'a fox --ar 3:2 (image 2)',
      'a fox --ar 3:2 (image 2)',
    ]);
  });

  it('say nothing for somebody who does not want that, also after a restart', async () => {
    const bot = await whole.sandbox.startBot(quick);
    await (await whole.run('preferences set', { metadata: false })).acknowledged;
    const { otherMember } = whole.sandbox.discord.world.people;
    const grid = await whole.picture(await whole.imagine('a fox'));
    expect(await xmpOf(grid)).toBe('');
    expect(grid.attachments[0]?.bytes.includes('a fox')).toBe(false);
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    expect(await xmpOf(await whole.picture(await whole.press(grid, 'U1')))).toBe('');
    const theirs = await whole.picture(await whole.press(grid, 'V1', otherMember));
    expect(await xmpOf(theirs)).toContain('a fox');
  });
});
