import { describe, expect, it } from 'vitest';
import { textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

describe('/privacy', () => {
  it("tells one person what is stored, with this operator's figures", async () => {
    await whole.sandbox.startBot({ RETENTION_DAYS: '90', PICTURE_DAYS: '1' });
    const card = await whole.reply(await whole.run('privacy'), 'Your data');
    expect(card.visibleTo).toBe(whole.sandbox.discord.world.people.member);
    expect(textOf(card)).toContain('links to images: 90 days after a task ends');
    expect(textOf(card)).toContain('The results themselves: 1 day\\n');
    expect(textOf(card)).toContain('/account forget');
  });

  it.each([
    [{ PICTURE_DAYS: '0' }, 'not at all'],
    [{ PICTURE_MAX_BYTES: '0' }, 'not at all'],
    [{ RETENTION_DAYS: '7' }, 'The results themselves: 7 days'],
  ])('says how long results are kept with %o', async (environment: Record<string, string>, said) => {
    await whole.sandbox.startBot(environment);
    await whole.reply(await whole.run('privacy'), said);
  });

  it('says only that the bot may not work, where it may not', async () => {
    await whole.sandbox.startBot({ ALLOWED_GUILDS: '123456789012345678' });
    const reply = await whole.reply(await whole.run('privacy'), "This bot isn't set up for this server.");
    expect(textOf(reply)).not.toContain('Your data');
  });
});
