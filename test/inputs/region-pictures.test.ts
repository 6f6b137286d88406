import { pino } from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DownloadError } from '../../src/images/download.ts';
import { createDrawCells } from '../../src/inputs/region-pictures.ts';
import { createByteBudget } from '../../src/tasks/byte-budget.ts';
import { aTask } from '../helpers/tasks.ts';
import { holdTimeLimits, type TimeLimits } from '../helpers/time-limits.ts';

const log = pino({ level: 'silent' });
const picture = sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } }).png();

describe('the picture that a region is chosen from', () => {
  let limits: TimeLimits;
  beforeEach(() => {
    limits = holdTimeLimits();
  });
  afterEach(() => limits.restore());

  const drawing = (open: () => Promise<(Buffer | DownloadError)[]>) =>
    createDrawCells({ results: { openEach: open }, budget: createByteBudget(1_000_000), log })(
      aTask({ state: 'done' }),
    );

  it('is drawn from the one that people see', async () => {
    const drawn = await drawing(async () => [await picture.toBuffer()]);
    expect(await sharp(drawn).metadata()).toMatchObject({ format: 'jpeg', width: 1_024, height: 683 });
  });

  it.each([
    ['is gone', async () => [new DownloadError('404', 'unavailable')]],
    ['was never there', async () => []],
    ["can't be read", async () => [Buffer.from('<html/>')]],
  ])('is left out if it %s', async (_what, open) => {
    expect(await drawing(open)).toBeUndefined();
  });

  it('is drawn once, however often its button is pressed, and again if that failed', async () => {
    let opened = 0;
    const files = [new DownloadError('404', 'unavailable'), await picture.toBuffer()];
    const draw = createDrawCells({
      results: { openEach: async () => [files[opened++] ?? Buffer.alloc(0)] },
      budget: createByteBudget(1_000_000),
      log,
    });
    const task = aTask({ state: 'done' });
    expect(await draw(task)).toBeUndefined();
    const drawn = await Promise.all([draw(task), draw(task)]);
    expect(drawn[0]).toBeInstanceOf(Buffer);
    expect(await draw(task)).toBe(drawn[1]);
    expect(opened).toBe(2);
    for (let other = 0; other < 20; other += 1) await draw(aTask({ id: `other-${other}` }));
    await draw(task);
    expect(opened).toBeGreaterThan(20);
  });

  it("is left out if it doesn't arrive in twenty seconds", async () => {
    const drawn = drawing(() => new Promise(() => undefined));
    const [limit] = await limits.take();
    expect(limit?.ms).toBe(20_000);
    await limit?.end();
    expect(await drawn).toBeUndefined();
  });

  it('is a fault of the bot if something else goes wrong', async () => {
    const broken = drawing(async () => {
      throw new Error('the database is closed');
    });
    await expect(broken).rejects.toThrow('the database is closed');
  });
});
