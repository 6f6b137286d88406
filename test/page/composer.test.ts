import type { Page as Tab } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';
import { drawPicture } from '../sandbox/discord-fixture.ts';

const png = async () => ({ name: 'fox.png', mimeType: 'image/png', buffer: await drawPicture(40, 30) });

/** What the browser does when a file is dropped on the page. */
async function dropFile(tab: Tab, file: { name: string; type: string; text: string }): Promise<void> {
  const dataTransfer = await tab.evaluateHandle(`(() => {
    const { name, type, text } = ${JSON.stringify(file)};
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name, { type }));
    return transfer;
  })()`);
  await tab.dispatchEvent('main', 'drop', { dataTransfer });
}

describeInBrowser('the composer', () => {
  const page = usePage();

  it('lists the registered commands as Discord shows them, narrows them down, and offers choices', async () => {
    const tab = await page.open();
    const { composer, option, suggestions } = inTab(tab);
    await composer.fill('/');
    expect(await suggestions.allInnerTexts()).toContainEqual(
      expect.stringMatching(/\/imagine\s+Create images from a prompt/),
    );
    await composer.fill('/account sh');
    expect(await suggestions.allInnerTexts()).toEqual([expect.stringContaining('/account show')]);
    await composer.fill('/imagine ');
    await option('prompt').fill('a fox');
    await tab.getByRole('button', { name: 'More options' }).click();
    await suggestions.filter({ hasText: 'speed' }).click();
    expect(await suggestions.allInnerTexts()).toEqual(['relax', 'fast', 'turbo']);
    await option('speed').press('ArrowDown');
    await option('speed').press('Enter');
    expect(await option('speed').inputValue()).toBe('fast');
    await option('speed').press('Enter');
    await inTab(tab).titled('Imagine').waitFor();
    expect(page.sandbox.discord.interactions.at(-1)?.summary).toBe('/imagine prompt: a fox speed: fast');
  });

  it("accepts a file by the picker and by drag and drop, and shows what the bot says about one that isn't an image", async () => {
    const tab = await page.open();
    const { composer, option, titled, message } = inTab(tab);
    await composer.fill('/imagine ');
    await option('prompt').fill('the same fox');
    await dropFile(tab, { name: 'notes.txt', type: 'text/plain', text: 'no picture at all' });
    await tab.getByText('notes.txt').waitFor();
    await option('prompt').press('Enter');
    await message("notes.txt isn't an image").waitFor();

    await composer.fill('/imagine ');
    await option('prompt').fill('the same fox');
    await tab.getByRole('button', { name: 'More options' }).click();
    await tab.getByRole('option').filter({ hasText: 'image1' }).click();
    await tab.getByLabel('image1', { exact: true }).setInputFiles(await png());
    await tab.getByText('fox.png').waitFor();
    await option('prompt').press('Enter');
    await titled('Imagine').locator('img.picture').waitFor();
    expect(page.sandbox.provider.submits.at(-1)?.body['base64Array']).toHaveLength(1);
  });

  it('lists commands only where Discord would, and keeps channels and languages separate', async () => {
    const tab = await page.open();
    const { composer, be, message, option, suggestions } = inTab(tab);
    await tab.getByRole('button', { name: 'after-dark' }).click();
    await composer.fill('over here');
    await composer.press('Enter');
    await message('over here').waitFor();
    await tab.getByRole('button', { name: 'general' }).click();
    await message('over here').waitFor({ state: 'detached' });
    await tab.getByTitle('Be somebody else').click();
    await tab.getByLabel('Language').selectOption('zh-CN');
    await tab.keyboard.press('Escape');
    await tab.getByText('Member · zh-CN').waitFor();
    await inTab(tab).run('/account show');
    await message('points').waitFor();
    expect(page.sandbox.discord.interactions.at(-1)?.person.locale).toBe('zh-CN');
    await be('ada');
    await tab.getByText('Administrator · en-US').waitFor();
    await inTab(tab).composer.fill('/quota default ');
    await suggestions.filter({ hasText: 'time_zone' }).click();
    await option('time_zone').fill('berl');
    await suggestions.filter({ hasText: 'Europe/Berlin' }).click();
    expect(await option('time_zone').inputValue()).toContain('Berlin');
    await tab.getByRole('button', { name: 'Direct messages' }).click();
    await inTab(tab).run('/account show');
    await message('Only you can see this').waitFor();
    await be('bob');
    await composer.fill('/quota');
    await tab.getByText('No command is called that').waitFor();
  });
});

describeInBrowser('the composer, where no bot is needed', () => {
  const page = usePage({ withBot: false });

  it("sends nothing without a required option, or with a value that isn't allowed", async () => {
    const tab = await page.open();
    const { composer, option, notice } = inTab(tab);
    await composer.fill('/imagine');
    await composer.press('Enter');
    await option('prompt').press('Enter');
    await notice.getByText('prompt is required').waitFor();
    await option('prompt').fill('a fox');
    await tab.getByRole('button', { name: 'More options' }).click();
    await tab.getByRole('option').filter({ hasText: 'chaos' }).click();
    await option('chaos').fill('many');
    await option('chaos').press('Enter');
    await notice.getByText('“many” is not a number').waitFor();
    await option('chaos').fill('500');
    await option('chaos').press('Enter');
    await notice.getByText('takes at most 100 as value, not 500').waitFor();
    expect(await option('prompt').inputValue()).toBe('a fox');
    await option('chaos').press('Escape');
    expect(await composer.inputValue()).toBe('');
    expect(page.sandbox.discord.interactions).toEqual([]);
  });

  it("says so if a file can't be attached, or is too large", async () => {
    const tab = await page.open();
    page.sandbox.discord.settings.attachmentSizeLimit = 100;
    await tab.reload();
    const { composer, option, notice } = inTab(tab);
    const drop = () => dropFile(tab, { name: 'large.png', type: 'image/png', text: 'x'.repeat(500) });
    await composer.waitFor();
    await drop();
    await notice.getByText('Choose a command that takes a file first').waitFor();
    await composer.fill('/imagine ');
    await option('prompt').fill('a fox');
    await drop();
    await option('prompt').press('Enter');
    await notice.getByText('“large.png” has 500 B; files may have 100 B here.').waitFor();
  });

  it('writes ordinary messages, too, and sends a lone slash to nobody', async () => {
    const tab = await page.open();
    const { composer, notice, message } = inTab(tab);
    await composer.fill('hello **you** <script>alert(1)</script>');
    await composer.press('Enter');
    await message('hello you <script>alert(1)</script>').locator('strong').waitFor();
    await composer.fill('/nothing');
    await composer.press('Enter');
    await notice.getByText('Choose a command from the list').waitFor();
  });
});
