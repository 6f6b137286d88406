import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.ts';
import { labelsOf, quick, useSandbox } from '../helpers/whole.ts';

/** Which proxy the bot talks to; only its own stand-in has that option. */
const java = { habits: { flavour: 'java' } } as SandboxOptions['provider'] & object;

describe('the Java original, which knows no buttons', () => {
  const whole = useSandbox({ kind: 'mjproxy', provider: java });

  it('still follows up, by letters and numbers', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a red fox'));
    expect(labelsOf(grid)).toEqual(['U1', 'U2', 'U3', 'U4', '🔄', 'V1', 'V2', 'V3', 'V4', '❤️', '🗑️']);
    const single = await whole.picture(await whole.press(grid, 'U3'));
    expect(labelsOf(single)).toEqual(['Animate (Manual)', '❤️', '🗑️']);
    const varied = await whole.picture(await whole.press(grid, 'V1'));
    await whole.picture(await whole.press(varied, '🔄'));
    const { submits } = whole.sandbox.provider;
    expect(submits.map(({ kind, body }) => [kind, body['action'], body['index']])).toEqual([
      ['imagine', undefined, undefined],
      ['change', 'UPSCALE', 3],
      ['change', 'VARIATION', 1],
      ['change', 'REROLL', 1],
    ]);
  });
});

describe('a moving picture', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('can be picked and extended', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a red fox'));
    const single = await whole.picture(await whole.press(grid, 'U1'));
    const moving = await whole.picture(await whole.agreed(await whole.press(single, 'Low')));
    const picked = await whole.picture(await whole.press(moving, 'U2'));
    expect(labelsOf(picked)).toEqual(['Extend (High motion)', 'Low', '❤️', '🗑️']);
    await whole.picture(await whole.agreed(await whole.press(picked, 'Extend (High motion)')));
    expect(whole.sandbox.provider.submits).toHaveLength(5);
  });
});
