import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';

const page = usePage({ withBot: false });

describeInBrowser('reading a channel', () => {
  it('keeps a command that nobody answered above what was said later', async () => {
    const { discord } = page.sandbox;
    const { people, channels } = discord.world;
    const say = (content: string) =>
      discord.say({ person: people.member, channel: channels.general, content });
    discord.settings.acknowledgeWithinMs = 200;
    const tab = await page.open();
    const { run, message, messages } = inTab(tab);
    say('before it');
    await message('before it').waitFor();
    await run('/account show');
    await message('The application did not respond').waitFor();
    say('after it');
    await message('after it').waitFor();
    const order = [/before it/, /did not respond/, /after it/];
    const isInOrder = async () => {
      const texts = await messages.allInnerTexts();
      expect(texts).toEqual(order.map((pattern) => expect.stringMatching(pattern)));
    };
    await isInOrder();
    await tab.reload();
    await message('after it').waitFor();
    await isInOrder();
  });

  it('has a font of its own, so that it looks the same on every machine', async () => {
    const tab = await page.open();
    await inTab(tab).composer.waitFor();
    const loaded = await tab.evaluate(`document.fonts.ready.then(() => [...document.fonts]
      .filter(({ status }) => status === 'loaded')
      .map(({ family }) => family.replaceAll('"', '')))`);
    expect(loaded).toContain('Noto Sans Variable');
    const used = await tab.evaluate(`getComputedStyle(document.querySelector('.message-input')).fontFamily`);
    expect(used).toMatch(/^"?Noto Sans Variable/);
  });
});
