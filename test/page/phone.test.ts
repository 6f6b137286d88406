import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';
import { drawPicture, send } from '../sandbox/discord-fixture.ts';

const labels = [
  'Upscale (Subtle)',
  'Upscale (Creative)',
  '🪄 Vary (Subtle)',
  '🪄 Vary (Strong)',
  '🖌️ Vary (Region)',
];

/** As wide as the bot's messages get: a long word, a picture, five buttons in a row. */
const message = {
  allowed_mentions: { parse: [] },
  embeds: [
    {
      title: 'Pick · image 1',
      description: `\`\`\`\n${'longword'.repeat(20)}\n\`\`\`\nhttps://example.com/${'x'.repeat(200)}`,
      fields: ['Left', 'Spent this week', 'Refills'].map((name) => ({
        name,
        value: '1,890 points',
        inline: true,
      })),
      image: { url: 'attachment://picture.png' },
      footer: { text: 'Fast · 100 points · 4s' },
    },
  ],
  components: [
    {
      type: 1,
      components: labels.map((label, index) => ({ type: 2, style: 2, label, custom_id: `button-${index}` })),
    },
  ],
};

describeInBrowser.each(['dark', 'light'] as const)('at phone width in %s', (colorScheme) => {
  const page = usePage({ withBot: false });

  it('nothing is cut off or wider than the screen, and both sidebars can be reached', async () => {
    const tab = await page.open({
      viewport: { width: 390, height: 844 },
      colorScheme,
    });
    const { world } = page.sandbox.discord;
    const picture = new Blob([Uint8Array.from(await drawPicture(600, 400))], { type: 'image/png' });
    await send(page.sandbox.discord, 'POST', `/channels/${world.channels.general.id}/messages`, message, {
      'files[0]': picture,
    });
    await inTab(tab).titled('Pick · image 1').locator('img.picture').waitFor();
    const tooWide = await tab.evaluate(`[...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => element.className)`);
    expect(tooWide).toEqual([]);
    await tab.getByRole('button', { name: 'Channels', exact: true }).click();
    await tab.getByRole('button', { name: 'after-dark' }).click();
    await tab.getByRole('heading', { name: 'after-dark', exact: true }).waitFor();
    await tab.getByRole('button', { name: 'What happens behind' }).click();
    await tab.getByRole('button', { name: 'Start the bot again' }).waitFor();
    await tab.getByRole('button', { name: 'Close this panel' }).click();
    await tab.getByRole('button', { name: 'Start the bot again' }).waitFor({ state: 'hidden' });
    expect(await tab.evaluate(`document.documentElement.dataset['theme']`)).toBe(colorScheme);
  });

  it('Escape closes what lies over the channel, the list in it first', async () => {
    const tab = await page.open({ viewport: { width: 390, height: 844 }, colorScheme });
    const behind = tab.getByRole('button', { name: 'What happens behind' });
    await behind.click();
    await tab.getByRole('button', { name: 'Close this panel' }).waitFor();
    await tab.keyboard.press('Escape');
    await tab.getByRole('button', { name: 'Close this panel' }).waitFor({ state: 'hidden' });
    await tab.getByRole('button', { name: 'Channels', exact: true }).click();
    const me = tab.getByTitle('Be somebody else');
    await me.click();
    await tab.getByRole('radio', { name: 'mei' }).waitFor();
    await tab.keyboard.press('Escape');
    await tab.getByRole('radio', { name: 'mei' }).waitFor({ state: 'hidden' });
    expect(await me.isVisible()).toBe(true);
    await tab.keyboard.press('Escape');
    await me.waitFor({ state: 'hidden' });
    const focused = await tab.evaluate(`document.activeElement.getAttribute('aria-label')`);
    expect(focused).toBe('Channels');
  });
});
