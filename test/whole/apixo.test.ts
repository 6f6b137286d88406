import { describe, expect, it } from 'vitest';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'apixo' });

describe('apixo', () => {
  it('sends flags as fields, and shows one of four without another call', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await whole.imagine('a fox', { aspect: '3:2', stylize: 250 }));
    expect(labelsOf(set)).toEqual([
      ...['U1', 'U2', 'U3', 'U4', '🔄', 'V1', 'V2', 'V3', 'V4'],
      ...['Upscale 1', '2', '3', '4', '❤️', '🗑️'],
    ]);
    const single = await whole.picture(await whole.press(set, 'U2'));
    expect(labelsOf(single)).toEqual(['V2', 'Upscale 2', '❤️', '🗑️']);
    expect(whole.sandbox.provider.submits.map(({ body }) => body['input'])).toEqual([
      {
        mode: 'text-to-image',
        prompt: 'a fox',
        aspect_ratio: '3:2',
        stylization: 250,
        speed: 'fast',
      },
    ]);
    expect(await whole.points()).toBe('1,900 points');
  });

  it('spends nothing on a flag that would be dropped', async () => {
    await whole.sandbox.startBot(quick);
    await whole.reply(await whole.imagine('a fox', { tile: true }), '--tile');
    expect(whole.sandbox.provider.submits).toHaveLength(0);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('says why a task failed and returns the points', async () => {
    await whole.sandbox.startBot(quick);
    const message = await whole.reply(await whole.imagine('a nude fox'), 'does not meet the guidelines');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(await whole.points()).toBe('2,000 points');
  });
});
