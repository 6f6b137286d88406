import { describe, expect, it } from 'vitest';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'aigc2d' });

describe('the road with aigc2d', () => {
  it('goes from /imagine to a grid, and from U2 to a single picture, with every digit of the id', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox', { aspect: '3:2' }));
    expect(labelsOf(grid)).toEqual(['U1', 'U2', 'U3', 'U4', 'V1', 'V2', 'V3', 'V4', '🗑️']);
    const single = await whole.picture(await whole.press(grid, 'U2'));
    expect(labelsOf(single)).toEqual(['🗑️']);
    const [first, second] = whole.sandbox.provider.submits;
    expect(first?.prompt).toBe('a fox --ar 3:2');
    expect(second).toMatchObject({ kind: 'UPSCALE', parentId: first?.taskId, customId: '2' });
    expect(await whole.points()).toBe('1,890 points');
  });

  it('tells the operator what to set where there is no AIGC2D, and the person no more than that', async () => {
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('submit', { do: 'refuse', as: 'not-found' });
    const message = await whole.reply(await whole.imagine('a fox'), 'in an unknown form');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(textOf(message)).not.toContain('PROVIDER_');
    const line = await bot.line('the account cannot be used');
    expect(line).toContain('PROVIDER_MAIN_ROUTES');
    expect(line).toContain('suspended in October 2023');
  });
});
