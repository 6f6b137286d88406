import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';
import { send } from '../sandbox/discord-fixture.ts';

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

  it('the channel says that a provider refuses the key', async () => {
    const tab = await page.open();
    const { run, turn, message } = inTab(tab);
    await turn('Provider', 'wrong-key');
    await run('/imagine', { prompt: 'a locked-out fox' });
    await message("doesn't accept the bot's key").waitFor();
    expect(page.sandbox.provider.submits).toEqual([]);
  });

  it('a provider that asks back gets its answer from the person', async () => {
    const tab = await page.open();
    const { run, turn, press, message, titled } = inTab(tab);
    await run('/imagine', { prompt: 'a fox' });
    await titled('Imagine').locator('img.picture').waitFor();
    await turn('Remix', 'on');
    await press('V2', titled('Imagine'));
    await message('has a question before it starts').waitFor();
    await press('Answer', message('has a question before it starts'));
    const modal = tab.getByRole('dialog');
    await modal.getByRole('textbox', { name: 'Prompt' }).fill('a hare');
    await modal.getByRole('button', { name: 'Submit' }).click();
    await message('a hare').locator('img.picture').waitFor();
    expect(page.sandbox.provider.submits.at(-1)?.prompt).toBe('a hare');
  });

  it('a bot that may not see the channel offers to look, and one that may not write still answers', async () => {
    const { discord } = page.sandbox;
    const { general } = discord.world.channels;
    const tab = await page.open();
    const { run, turn, titled, message } = inTab(tab);
    await turn('The bot may', 'no-viewing');
    await turn('Speed of time', '1');
    await run('/imagine', { prompt: 'a fox behind a curtain' });
    await titled('Imagine').getByRole('button', { name: 'Check' }).waitFor();
    await turn('The bot may', 'no-writing');
    await turn('Speed of time', '400');
    await run('/imagine', { prompt: 'a fox without a voice' });
    await message('a fox without a voice').locator('img.picture').waitFor();
    const body = { content: 'a mention', allowed_mentions: { parse: [] } };
    const refused = await send(discord, 'POST', `/channels/${general.id}/messages`, body);
    expect(refused).toMatchObject({ status: 403, body: { code: 50_013 } });
    await tab.getByRole('list', { name: 'Traffic' }).getByText('Discord answers 403 (50013)').waitFor();
  });

  it('AutoMod refuses the words of a result, which is shown without them', async () => {
    const tab = await page.open();
    const { run, turn, messages } = inTab(tab);
    await turn('Discord', 'automod');
    await run('/imagine', { prompt: 'a forbidden fox' });
    await messages.last().locator('img.picture').waitFor();
    expect(await messages.last().innerText()).not.toContain('forbidden');
    const traffic = tab.getByRole('list', { name: 'Traffic' });
    await traffic.getByText('Discord answers 400 (200000)').first().waitFor();
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
      /Bot\s+edits its message: a watched fox .* with \S+\.png/,
    ].map((pattern) => lines.findIndex((line) => pattern.test(line)));
    expect(positions).not.toContain(-1);
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    await tab.reload();
    const newest = tab.getByRole('list', { name: 'Traffic' }).getByRole('listitem').last();
    await newest.waitFor();
    await expect.poll(async () => (await newest.boundingBox())?.y).toBeLessThan(900);
    await tab.getByRole('tab', { name: 'Log of the bot' }).click();
    await tab.getByRole('list', { name: 'Log of the bot' }).getByText('accepted by the provider').waitFor();
  });
});
