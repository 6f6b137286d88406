import sharp from 'sharp';
import { expect, it } from 'vitest';
import { listCorrections } from '../helpers/corrections.ts';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';

/** As many as one person's points are enough for. */
const together = 7;

describeInBrowser.each(['mjproxy', 'apixo'] as const)('what is found at %s, on the page', (kind) => {
  const page = usePage({ kinds: [kind] });
  const rows = listCorrections(kind);
  // One for each kind of finding: the others are pressed through without a browser.
  const firsts = rows.filter(({ code }, index) => rows.findIndex((row) => row.code === code) === index);
  const groups = Array.from({ length: Math.ceil(firsts.length / together) }, (_, index) =>
    firsts.slice(index * together, (index + 1) * together),
  );

  it.each(groups.map((group) => [group.map(({ code }) => code).join(', '), group] as const))(
    'is corrected and becomes a picture: %s',
    async (_codes, group) => {
      const tab = await page.open();
      const { run, press, message } = inTab(tab);
      const pictures = tab.locator('.message img.picture, .message video');
      let left = 2_000;
      const showPoints = async () => {
        await run('/account show');
        await message(toPoints(left)).waitFor();
      };
      await showPoints();
      for (const { typed, options = {}, command, says, corrected, price } of group) {
        const { submits } = page.sandbox.provider;
        const [sent, drawn] = [submits.length, await pictures.count()];
        const chosen = Object.entries(options).map(([name, value]) => [name, String(value)] as const);
        const picture = command === 'video' ? { image: await aPicture() } : {};
        await run(`/${command ?? 'imagine'}`, { ...picture, prompt: typed, ...Object.fromEntries(chosen) });
        const told = message(says.replaceAll(/[`*]/g, ''));
        await told.getByText('Only you can see this').waitFor();
        await told.getByText(corrected, { exact: true }).waitFor();
        await told.getByText(`${toPoints(price)}, and you have ${left.toLocaleString('en')} left`).waitFor();
        expect(submits).toHaveLength(sent);
        await press('Use the corrected prompt', told);
        await pictures.nth(drawn).waitFor();
        expect(submits.slice(sent).map(({ prompt }) => prompt)).toEqual([corrected]);
        left -= price;
        await showPoints();
      }
    },
  );
});

const toPoints = (points: number) => `${points.toLocaleString('en')} points`;

async function aPicture() {
  const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } });
  return { name: 'fox.png', mimeType: 'image/png', buffer: await picture.png().toBuffer() };
}
