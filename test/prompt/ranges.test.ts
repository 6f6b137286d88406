import { describe, expect, it } from 'vitest';
import { requireRanges } from '../../src/prompt/ranges.ts';
import { codeOf } from '../helpers/errors.ts';

const refusal = (prompt: string) => codeOf((async () => requireRanges(prompt))());

describe('numbers in a prompt', () => {
  it.each([
    'a fox --s 1001',
    'a fox --stylize 5000',
    'a fox --c 101',
    'a fox --chaos 1000 --v 7',
    'a fox --w 3001',
    'a fox --weird 9999',
    'a fox --seed 4294967296',
    'a fox --iw 4',
    'a fox --iw 2.5 --v 5.2',
    'a fox --iw 0.1 --niji 5',
    'a fox --niji 7 --iw 2.1',
    'a fox --sw 1001',
    'a fox --exp 101',
    'a fox --stop 5 --v 6',
  ])('are refused before anything is charged: %s', async (prompt) => {
    expect(await refusal(prompt)).toBe('flag-out-of-range');
  });

  it.each([
    'a fox',
    'a fox --s 0 --c 0 --w 0 --seed 0',
    'a fox --s 1000 --c 100 --w 3000 --seed 4294967295',
    'a fox --iw 3',
    'a fox --iw 3 --v 6.1',
    'a fox --iw 3 --v 8.2',
    'a fox --iw 2 --v 5.2',
    'a fox --niji 6 --iw 2.5',
    'a fox --iw 0.2 --niji 5',
    'a fox --s',
    'a fox --s high',
    'a fox --seed 1.2.3',
    'a fox --ar 5000:1000',
    'from 1001 to 9999 foxes',
    'a fox with 5000 friends --no 2000',
    'https://e.org/a--s-5000.png a fox',
    'a fox — stop 5 times',
  ])('are left to Midjourney: %s', async (prompt) => {
    expect(await refusal(prompt)).toBeUndefined();
  });
});
