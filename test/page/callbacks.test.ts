import { expect, it, onTestFinished } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';
import { createClient, createListener } from '../sandbox/plain-fixture.ts';

const page = usePage({ withBot: false });

describeInBrowser('callbacks on the page', () => {
  it('are made, doubled and left out as the switch says, each with a line in the traffic', async () => {
    const listener = await createListener();
    onTestFinished(listener.close);
    const tab = await page.open();
    const { turn } = inTab(tab);
    const lines = tab.getByRole('list', { name: 'Traffic' }).getByRole('listitem');
    const acedata = page.sandbox.providers.find(({ kind }) => kind === 'acedata') ?? page.sandbox.provider;
    const order = { action: 'generate', callback_url: `${listener.url}/main/task/signature` };
    const imagine = (prompt: string) =>
      createClient(acedata).post('/midjourney/imagine', { ...order, prompt });

    await turn('Callbacks', 'doubled');
    await tab.getByText('It calls twice each time').waitFor();
    await imagine('a fox');
    const call = lines.filter({ hasText: 'acedata calls back /callback/main/task/… → 200' });
    await call.filter({ hasText: '×2' }).waitFor();

    await turn('Callbacks', 'off');
    await tab.getByText('It never calls; looking has to do').waitFor();
    await imagine('a fox unheard');
    await lines.filter({ hasText: 'acedata finishes imagine' }).nth(1).waitFor();

    await turn('Callbacks', 'on');
    await listener.close();
    await imagine('a fox that nobody waits for');
    await lines.filter({ hasText: 'acedata calls back /callback/main/task/… → no answer' }).waitFor();
    expect(listener.heard).toHaveLength(2);
  });
});
