import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';

const page = usePage();

describeInBrowser('trouble on the page', () => {
  it('the channel says that a provider is out of credit, and that one has failed', async () => {
    const tab = await page.open();
    const { run, turn, message } = inTab(tab);
    await turn('Provider', 'fails');
    await run('/imagine', { prompt: 'a broken fox' });
    await message('Internal Server Error').waitFor();
    await turn('Provider', 'fine');
    await run('/imagine', { prompt: 'a fox at last' });
    await inTab(tab).titled('Imagine').locator('img.picture').waitFor();
    await turn('Provider', 'broke');
    await tab.getByText('Refuses new work: the balance is used up').waitFor();
    await run('/imagine', { prompt: 'an expensive fox' });
    await message('no credit left at the provider').waitFor();
  });

  it('Discord answers 502 and 429 as long as it is told to, and the bot goes on', async () => {
    const tab = await page.open();
    const { run, turn, message } = inTab(tab);
    const traffic = tab.getByRole('list', { name: 'Traffic' });
    await turn('Discord', 'failing');
    await run('/account show');
    await traffic.getByText('Discord answers 502').first().waitFor();
    await turn('Discord', 'limited');
    await run('/account show');
    await traffic.getByText('Discord answers 429').first().waitFor();
    await turn('Discord', 'fine');
    await run('/account show');
    await message('2,000 points').waitFor();
  });

  it('a gateway that is cut off comes back, and commands with it', async () => {
    const tab = await page.open();
    const { run, message } = inTab(tab);
    const traffic = tab.getByRole('list', { name: 'Traffic' });
    await tab.getByRole('button', { name: 'Cut the gateway once' }).click();
    await traffic.getByText('gateway resumed').waitFor();
    await run('/account show');
    await message('2,000 points').waitFor();
  });

  it('another preferred provider gets new work after the bot restarts', async () => {
    const tab = await page.open();
    const { run, turn, titled } = inTab(tab);
    await turn('Preferred provider', 'mjproxy');
    await tab.locator('.lamp:not([data-is=ready])').waitFor();
    await tab.locator('.lamp[data-is=ready]').waitFor();
    await run('/imagine', { prompt: 'a fox elsewhere' });
    await titled('Imagine').locator('img.picture').waitFor();
    const asked = page.sandbox.providers.filter(({ submits }) => submits.length > 0);
    expect(asked.map(({ kind, submits }) => [kind, submits.length])).toEqual([['mjproxy', 1]]);
  });

  it('a tab left open while the sandbox restarts says so, and reconnects by itself', async () => {
    page.expectProblem(
      /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/,
    );
    const tab = await page.open();
    const { run, titled } = inTab(tab);
    await run('/imagine', { prompt: 'a forgotten fox' });
    await titled('Imagine').locator('img.picture').waitFor();
    const anew = page.startAnew();
    await tab.getByRole('alert').getByText('The sandbox is away').waitFor();
    await anew;
    await tab.getByText('The sandbox is away').waitFor({ state: 'hidden' });
    await tab.locator('.lamp[data-is=ready]').waitFor();
    await titled('Imagine').waitFor({ state: 'detached' });
    await run('/imagine', { prompt: 'a new fox' });
    await titled('Imagine').locator('img.picture').waitFor();
  });

  it('the panel shows interaction, acknowledgement, request, answer and edits in order', async () => {
    const tab = await page.open();
    const { run, titled } = inTab(tab);
    await run('/imagine', { prompt: 'a watched fox' });
    await titled('Imagine').locator('img.picture').waitFor();
    const lines = await tab.getByRole('list', { name: 'Traffic' }).getByRole('listitem').allInnerTexts();
    const positions = [
      /Person\s+max in #general: \/imagine prompt: a watched fox/,
      /Bot\s+answers: thinking\s*\d+ ms/,
      /Provider\s+4allapi ← POST \/mj\/submit\/imagine → 200\s*\d+ ms/,
      /Provider\s+4allapi finishes imagine \d+: SUCCESS/,
      /Bot\s+edits its message: \*\*a watched fox\*\* .* with \S+\.png/,
    ].map((pattern) => lines.findIndex((line) => pattern.test(line)));
    expect(positions).not.toContain(-1);
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    await tab.getByRole('tab', { name: 'Log of the bot' }).click();
    await tab.getByRole('list', { name: 'Log of the bot' }).getByText('accepted by the provider').waitFor();
  });
});
