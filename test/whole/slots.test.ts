import { describe, expect, it } from 'vitest';
import { quarters } from '../helpers/files.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'mjproxy' });

describe('an account with one slot', () => {
  it("makes other people's pictures while one person's file drips", async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '1' });
    const { discord, provider } = whole.sandbox;
    const { member, otherMember } = discord.world.people;
    const bytes = await (await quarters(16, 16)).png().toBuffer();
    const release = discord.trouble.holdFiles(/drips/u);
    const image1 = { name: 'drips.png', bytes, contentType: 'image/png' };
    const slow = await whole.imagine('a hare', { image1 }, member);
    await whole.picture(await whole.imagine('a fox', {}, otherMember));
    await whole.picture(await whole.imagine('an owl', {}, otherMember));
    expect(provider.submits.map(({ prompt }) => prompt)).toEqual(['a fox', 'an owl']);
    release();
    await whole.end(slow);
  });
});
