import { pino } from 'pino';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cutQuarter } from '../../src/images/quarter.ts';
import { createOpenOriginal } from '../../src/inputs/region-originals.ts';
import { createByteBudget } from '../../src/tasks/byte-budget.ts';
import { quarters } from '../helpers/files.ts';

const picture = { url: 'https://cdn.example/grid.png', name: 'grid.png' };

async function open(file: Buffer) {
  const asked: string[] = [];
  const refuse = async () => Promise.reject(new Error('nobody should ask'));
  const openOriginal = createOpenOriginal({
    fromDiscord: async (url) => {
      asked.push(url);
      return file;
    },
    fromLink: refuse,
    results: { openEach: refuse },
    database: {} as never,
    budget: createByteBudget(1_000_000),
    log: pino({ level: 'silent' }),
  });
  return { asked, openOriginal };
}

describe('a picture that somebody gave to paint on', () => {
  it('is shown as it is', async () => {
    const file = await (await quarters(64, 48)).png().toBuffer();
    const { openOriginal } = await open(file);
    expect(await openOriginal({ picture })).toEqual({
      bytes: file,
      type: 'image/png',
      maskSize: { width: 64, height: 48 },
    });
  });

  it.each([1, 2, 3, 4])('is quarter %i of it if that is meant, with a mask of its size', async (quarter) => {
    const file = await (await quarters(64, 48)).jpeg().toBuffer();
    const { openOriginal } = await open(file);
    const shown = await openOriginal({ picture: { ...picture, quarter } });
    if (shown === 'late' || shown === 'gone') throw new Error(shown);
    expect(shown.maskSize).toEqual({ width: 32, height: 24 });
    expect(shown.type).toBe('image/png');
    expect(shown.bytes).toEqual(await cutQuarter(file, quarter));
  });

  it('is never another quarter, even if both are opened at once', async () => {
    const file = await (await quarters(64, 48)).png().toBuffer();
    const { openOriginal } = await open(file);
    const [one, two, again] = await Promise.all([
      openOriginal({ picture: { ...picture, quarter: 1 } }),
      openOriginal({ picture: { ...picture, quarter: 2 } }),
      openOriginal({ picture: { ...picture, quarter: 1 } }),
    ]);
    expect(one).not.toEqual(two);
    expect(again).toEqual(one);
  });

  it('is gone if it is none', async () => {
    const { openOriginal } = await open(Buffer.from('no picture'));
    expect(await openOriginal({ picture })).toBe('gone');
    const text = await sharp({ create: { width: 2, height: 2, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    const cut = await open(text.subarray(0, 40));
    expect(await cut.openOriginal({ picture: { ...picture, quarter: 1 } })).toBe('gone');
  });
});
