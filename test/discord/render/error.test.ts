import { describe, expect, it } from 'vitest';
import { renderError } from '../../../src/discord/render/error.ts';
import { ProviderError, UserError } from '../../../src/errors.ts';
import { en } from '../../../src/locales/en.ts';

describe('renderError', () => {
  it('gives a sentence to a person and an id to what nobody expected', () => {
    expect(
      renderError(new UserError('points-short', { price: 100, left: 1, refillsAt: 1_000 }), en, 'x').content,
    ).toContain('100 points');
    expect(renderError(new ProviderError('auth', 'secret detail'), en, 'x').content).toBe(en.failure('auth'));
    const unknown = renderError(new Error('a secret in a message'), en, 'deadbeef').content;
    expect(unknown).toContain('deadbeef');
    expect(unknown).not.toContain('secret');
  });

  it('says within what Discord takes what a person typed', () => {
    const value = '👨\u200d👩\u200d👧\u200d👦'.repeat(400);
    const { content } = renderError(new UserError('style-reference-malformed', { value }), en, 'x');
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content).toContain('👦…`');
  });

  it('escapes what a person typed', () => {
    const { content } = renderError(
      new UserError('aspect-malformed', { value: '`@everyone`\n[x](https://evil.example)' }),
      en,
      'x',
    );
    expect(content).toContain('`ˋ@everyoneˋ [x](https://evil.example)`');
  });
});
