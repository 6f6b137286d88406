import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';

const page = usePage();

describeInBrowser('the road on the page', () => {
  it('goes from /imagine through progress, U2 and Vary (Strong) to Zoom', async () => {
    const tab = await page.open();
    const { run, press, titled, turn } = inTab(tab);
    await turn('Speed of time', '1');
    await run('/imagine', { prompt: 'a red fox in the snow' });
    await titled('Imagine').getByText('In progress').waitFor();
    await turn('Speed of time', '400');
    await press('U2', titled('Imagine'));
    await press('Strong', titled('Image #2'));
    await press('U1', titled('Vary (Strong)'));
    await press('2x', titled('Image #1'));
    await titled('Zoom Out 2x').locator('img.picture').waitFor();
    expect(page.sandbox.provider.submits).toHaveLength(5);
  });

  it('takes a custom zoom through its modal', async () => {
    const tab = await page.open();
    const { run, press, titled } = inTab(tab);
    await run('/imagine', { prompt: 'a red fox' });
    await press('U1', titled('Imagine'));
    await press('Custom', titled('Image #1'));
    const modal = tab.getByRole('dialog', { name: 'Custom Zoom' });
    const prompt = modal.getByRole('textbox', { name: 'Prompt' });
    expect(await prompt.inputValue()).toContain('--zoom');
    await prompt.fill('');
    await modal.getByRole('button', { name: 'Submit' }).click();
    await modal.getByRole('alert').getByText('is required').waitFor();
    await prompt.fill('a red fox in a forest --zoom 1.4');
    await modal.getByRole('button', { name: 'Submit' }).click();
    await titled('Custom Zoom').locator('img.picture').waitFor();
    expect(await modal.count()).toBe(0);
    expect(page.sandbox.provider.submits.at(-1)?.prompt).toBe('a red fox in a forest --zoom 1.4');
  });

  it('refuses a member over the allowance, and shows it to them alone until they dismiss it', async () => {
    const tab = await page.open();
    const { run, be, message, messages } = inTab(tab);
    await be('ada');
    await run('/quota set', { person: '@max', points: '50' });
    await message('Only you can see this').waitFor();
    await be('max');
    expect(await messages.count()).toBe(0);
    await run('/imagine', { prompt: 'a fox too many' });
    const refusal = message('This costs 100 points, and you have 50 left');
    await refusal.waitFor();
    await be('mei');
    await refusal.waitFor({ state: 'detached' });
    await be('max');
    await refusal.getByRole('button', { name: 'Dismiss message' }).click();
    await refusal.waitFor({ state: 'detached' });
    expect(page.sandbox.provider.submits).toEqual([]);
  });

  it('lets everybody watch a task survive a kill in the middle', async () => {
    const tab = await page.open();
    const { run, titled, turn } = inTab(tab);
    await turn('Speed of time', '1');
    await run('/imagine', { prompt: 'a fox that survives' });
    await titled('Imagine').getByText('In progress').waitFor();
    await tab.getByRole('button', { name: 'Kill the bot' }).click();
    await tab.locator('.lamp[data-is=ended]').waitFor();
    await turn('Speed of time', '400');
    await tab.getByRole('button', { name: 'Start the bot again' }).click();
    await titled('Imagine').locator('img.picture').waitFor();
    expect(page.sandbox.provider.submits).toHaveLength(1);
    const traffic = tab.getByRole('list', { name: 'Traffic' });
    await traffic.getByText('the bot was killed').waitFor();
  });

  it('shows two tabs the same channel, each as its own person', async () => {
    const [max, mei] = await Promise.all([page.open(), page.open()]);
    await inTab(mei).be('mei');
    await inTab(max).run('/imagine', { prompt: 'a shared fox' });
    await inTab(mei).press('U3', inTab(mei).titled('Imagine'));
    await inTab(max).titled('Image #3').locator('img.picture').waitFor();
    await inTab(mei).run('/account show');
    await inTab(mei).message('1,950 points').waitFor();
    expect(await inTab(max).message('1,950 points').count()).toBe(0);
    await inTab(max).run('/account show');
    await inTab(max).message('1,900 points').waitFor();
  });
});
