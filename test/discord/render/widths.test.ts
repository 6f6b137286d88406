import { describe, expect, it } from 'vitest';
import { fitsPhone } from '../../../src/discord/render/widths.ts';

const faces = (...labels: string[]) => labels.map((label) => ({ label }));

/** Measured in the sandbox's page at 390 pixels, where a line has 302: what these take there. */
describe('a row of buttons on a phone', () => {
  it.each<[number, { label?: string; symbol?: string }[]]>([
    [262, faces('U1', 'U2', 'U3', 'U4', '2')],
    [290, [...faces('Animate (High motion)', 'Low'), { symbol: '🗑️' }]],
    [288, faces('Extend 1 (High)', 'H2', 'H3', 'H4')],
    [279, [{ symbol: '🔍', label: '2x' }, ...faces('1.5x', 'Custom', 'Square')]],
    [225, faces('Upscale (Subtle)', 'Creative')],
    [270, [{ symbol: '🪄', label: 'Vary (Subtle)' }, ...faces('Strong', 'Region')]],
  ])('fits with %i pixels', (_width, row) => expect(fitsPhone(row)).toBe(true));

  it.each<[number, { label?: string; symbol?: string }[]]>([
    [332, faces('Zoom Out 2x', '1.5x', 'Custom', 'Square')],
    [304, faces('Zoom 2x', '1.5x', 'Custom', 'Square')],
    [342, [...faces('Extend 1 (High)', 'H2', 'H3', 'H4'), { symbol: '🗑️' }]],
    [309, [...faces('Enhance 1', 'E2', 'E3', 'E4'), { symbol: '🗑️' }]],
    [306, [{ symbol: '🎞️', label: 'Animate (High motion)' }, ...faces('Low'), { symbol: '🗑️' }]],
    [380, faces('Imagine 1', 'Imagine 2', 'Imagine 3', 'Imagine 4')],
  ])("doesn't fit with %i pixels", (_width, row) => expect(fitsPhone(row)).toBe(false));

  it('has less room for letters that are as wide as they are high', () => {
    expect(fitsPhone(faces('缩小', '自定义', '方形', '放大'))).toBe(true);
    expect(fitsPhone(faces('缩小两倍', '自定义', '方形', '放大两倍'))).toBe(false);
  });
});
