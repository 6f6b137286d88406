import { UserError } from '../errors.ts';
import { lint } from './lint.ts';

/**
 * Refuses a number that Midjourney certainly turns down in the version that the prompt names; if it names none, in every
 * version since 4. Midjourney would say so minutes after the charge.
 */
export function requireRanges(prompt: string): void {
  const { findings } = lint(prompt, { action: 'imagine', speed: 'fast', pictures: 1 });
  for (const { code, details, isCertain } of findings)
    if (code === 'out-of-range' && isCertain) throw new UserError('flag-out-of-range', details);
}
