import { describe, expect, it } from 'vitest';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

/** A video, which costs 800 of 2,000 points. */
async function askForVideo() {
  const grid = await whole.picture(await whole.imagine('a fox'));
  const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
  const asked = await whole.run('video', { image, prompt: 'it runs' });
  const question = await whole.reply(asked, 'Video will cost 800 points, and you have 1,900 left.');
  return { asked, question };
}

describe('a video for more than a fifth of an allowance', () => {
  it('waits until its person has read the price and pays it, even over a restart', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { asked, question } = await askForVideo();
    expect(question.visibleTo).toBe(asked.person);
    expect(question.content).toContain('Nothing has been charged yet.');
    expect(labelsOf(question)).toEqual(['Pay 800 points']);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');

    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const paid = await whole.press(question, 'Pay 800 points');
    const film = await whole.picture(paid);
    expect(film.visibleTo).toBeUndefined();
    expect(film.attachments.some(({ name }) => name.endsWith('.mp4'))).toBe(true);
    expect(textOf(film)).not.toContain('Check');
    expect(await whole.points()).toBe('1,100 points');
  });

  it('is made once, however often the button is pressed', async () => {
    await whole.sandbox.startBot(quick);
    const { question } = await askForVideo();
    const pays = await Promise.all([1, 2, 3].map(() => whole.press(question, 'Pay 800 points')));
    await whole.sandbox.discord.until(
      () => pays.filter(({ message }) => textOf(message).includes('It only works once')).length === 2,
      { what: 'two refusals' },
    );
    await whole.sandbox.discord.until(
      () => pays.some(({ message }) => (message?.attachments.length ?? 0) > 0),
      {
        what: 'a video',
        timeoutMs: 25_000,
      },
    );
    await whole.reply(
      await whole.press(question, 'Pay 800 points'),
      'It only works once: https://discord.com/',
    );
    expect(whole.sandbox.provider.submits).toHaveLength(2);
    expect(await whole.points()).toBe('1,100 points');
  });
});

describe('a custom zoom with a wrong number', () => {
  it('opens again with the words that were typed', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const single = await whole.picture(await whole.press(grid, 'U1'));
    const opened = await whole.press(single, 'Custom');
    const refused = await whole.send(opened, { prompt: 'a fox on a very long road --zoom 9' });
    const refusal = await whole.reply(refused, 'with a number from 1 to 2');
    expect(labelsOf(refusal)).toEqual(['Edit again']);

    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const again = await whole.press(refusal, 'Edit again');
    await again.acknowledged;
    expect(again.modal?.title).toBe('Custom Zoom');
    expect(JSON.stringify(again.modal)).toContain('a fox on a very long road --zoom 9');
    await whole.picture(await whole.send(again, { prompt: 'a fox on a very long road --zoom 1.9' }));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('a fox on a very long road --zoom 1.9');
  });
});
