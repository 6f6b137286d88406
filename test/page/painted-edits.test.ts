import { expect, it } from 'vitest';
import { quarters } from '../helpers/files.ts';
import { describeInBrowser } from '../helpers/page.ts';
import { inEditor, linkOf, useRegionPages, useTabs } from '../helpers/region-page.ts';
import { quick } from '../helpers/whole.ts';

/** How far from an edge a pixel may be either way: the screen's pixels aren't the picture's. */
const edge = 2;

describeInBrowser('the region editor for an edit', () => {
  const pages = useRegionPages({ kind: 'acedata' });
  const { whole } = pages;
  const tabs = useTabs(() => new URL(whole.sandbox.publicUrl ?? '').origin);

  it('shows the picture and the words, and sends exactly what was painted', async () => {
    await whole.sandbox.startBot(quick);
    const image = { name: 'cat.png', bytes: await (await quarters(320, 240)).png().toBuffer() };
    const asked = await whole.run('edit', { image, prompt: 'a hat', aspect: '4:3', paint: true });
    await whole.reply(asked, 'Paint what should change on a page');
    const tab = await tabs.open(linkOf(asked));
    const editor = inEditor(tab);
    await editor.ready();
    await tab.getByRole('heading', { name: 'Edit', exact: true }).waitFor();
    expect(await editor.prompt.inputValue()).toBe('a hat --ar 4:3');
    const [price = ''] = /\d+ points/u.exec(await editor.submit.innerText()) ?? [];
    await tab.getByText(`costs ${price}`).waitFor();

    await editor.choose('Rectangle');
    await editor.drag([0.25, 0.25], [0.75, 0.5]);
    await editor.prompt.fill('a red hat --ar 4:3');
    await editor.submit.click();
    await tab.getByRole('heading', { name: 'Submitted' }).waitFor();
    await whole.titled('Edit');
    expect(whole.sandbox.provider.submits.map(({ body }) => body['prompt'])).toEqual(['a red hat --ar 4:3']);
    expect(await whole.points()).toBe(
      `${(2_000 - Number.parseInt(price, 10)).toLocaleString('en-US')} points`,
    );
    expect(asked.message?.deleted).toBe(true);

    const [mask] = await pages.masks();
    expect([mask?.width, mask?.height]).toEqual([320, 240]);
    const wrong: string[] = [];
    for (let y = 0; y < 240; y += 1)
      for (let x = 0; x < 320; x += 1) {
        const inside = Math.min(x + 0.5 - 80, 240 - x - 0.5, y + 0.5 - 60, 120 - y - 0.5);
        const shade = mask?.at(x, y);
        if ((inside > edge && shade !== 255) || (inside < -edge && shade !== 0))
          wrong.push(`${x},${y}: ${shade}`);
      }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
