import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { everything, glance, unlikeness } from '../helpers/operations/pixels.ts';
import { uploads } from '../helpers/operations/stage.ts';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';

const page = usePage();

/** What these tests use of a video element. */
interface Film {
  currentTime: number;
  readonly duration: number;
  addEventListener(event: 'seeked', listener: () => void, options: { once: true }): void;
}

const lengthOf = (film: Locator) =>
  film.evaluate((element) => Math.round((element as unknown as Film).duration));

/** What a film shows that many seconds after its beginning, very small. */
async function seenAt(film: Locator, seconds: number): Promise<Buffer> {
  await film.evaluate(async (element, time) => {
    const video = element as unknown as Film;
    const sought = new Promise<void>((resolve) => video.addEventListener('seeked', resolve, { once: true }));
    video.currentTime = time;
    await sought;
  }, seconds);
  return glance(await film.screenshot(), everything);
}

describeInBrowser('the films of a result', () => {
  it('play in the message, each its own, and are longer once one is extended', async () => {
    const { discord } = page.sandbox;
    const { member: person } = discord.world.people;
    const tab = await page.open();
    const { message, press, titled } = inTab(tab);
    const channel = discord.world.channels.general;
    const options = { image: await uploads.filmed, prompt: 'the waves come in' };
    const asked = await discord.run({ person, channel, command: 'video', options });
    await asked.acknowledged;
    const question = asked.message;
    if (question === undefined) throw new Error('nobody was asked about the price');
    await discord.click({ person, message: question, label: 'Pay 800 points' });
    const films = titled('Video').locator('video');
    await expect.poll(() => films.count(), { timeout: 20_000 }).toBe(4);
    await expect.poll(() => lengthOf(films.nth(3)), { timeout: 10_000 }).toBe(5);
    const first = await seenAt(films.nth(0), 0.1);
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(20);
    expect(unlikeness(first, await seenAt(films.nth(0), 4.8))).toBeGreaterThan(0.5);
    expect(unlikeness(first, await seenAt(films.nth(1), 0.1))).toBeGreaterThan(0.5);
    await press('Extend 1 (High)', titled('Video'));
    await press('Pay 800 points', message('Extend (High motion) will cost'));
    const longer = message('- Extend').locator('video');
    await expect.poll(() => longer.count(), { timeout: 20_000 }).toBe(4);
    await expect.poll(() => lengthOf(longer.nth(0)), { timeout: 10_000 }).toBe(9);
  });
});
