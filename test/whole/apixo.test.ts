import { describe, expect, it } from 'vitest';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'apixo' });

describe('the road with apixo', () => {
  it('goes from /imagine, its flags as fields, to four pictures and to a variation of the second', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await whole.imagine('a fox', { aspect: '3:2', stylize: 250 }));
    expect(labelsOf(set)).toEqual([
      ...['U1', 'U2', 'U3', 'U4', '🔄', 'V1', 'V2', 'V3', 'V4'],
      ...['Upscale 1', 'Upscale 2', 'Upscale 3', 'Upscale 4', '🗑️'],
    ]);
    const [first] = whole.sandbox.provider.submits;
    expect(first?.body['input']).toEqual({
      mode: 'text-to-image',
      prompt: 'a fox',
      aspect_ratio: '3:2',
      stylization: 250,
      speed: 'fast',
    });

    const varied = await whole.picture(await whole.press(set, 'V2'));
    expect(labelsOf(varied)).toEqual(labelsOf(set));
    expect(whole.sandbox.provider.submits[1]).toMatchObject({ kind: 'vary', parentId: first?.taskId });
    expect(whole.sandbox.provider.submits[1]?.body['input']).toMatchObject({ imageIndex: 1 });

    const single = await whole.picture(await whole.press(varied, 'Upscale 3'));
    expect(labelsOf(single)).toEqual(['🗑️']);
    expect(whole.sandbox.provider.submits[2]).toMatchObject({ kind: 'upscale', customId: '3' });
    expect(await whole.points()).toBe('1,840 points');
  });

  it('spends nothing on a flag that would be dropped', async () => {
    await whole.sandbox.startBot(quick);
    await whole.reply(await whole.imagine('a fox', { tile: true }), '--tile');
    expect(whole.sandbox.provider.submits).toHaveLength(0);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('tells why a task failed and gives the points back', async () => {
    await whole.sandbox.startBot(quick);
    const message = await whole.reply(await whole.imagine('a nude fox'), 'does not meet the guidelines');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(await whole.points()).toBe('2,000 points');
  });
});
