import { describe, expect, it } from 'vitest';
import { renderError } from '../../../src/discord/render/error.ts';
import { ProviderError, UserError } from '../../../src/errors.ts';
import { english } from '../../../src/locales/index.ts';

describe('renderError', () => {
  it('gives a sentence to a person and an id to what nobody expected', () => {
    expect(
      renderError(new UserError('points-short', { price: 100, left: 1, refillsAt: 1_000 }), english, 'x')
        .content,
    ).toContain('100 points');
    expect(renderError(new ProviderError('auth', 'secret detail'), english, 'x').content).toBe(
      english.say('failure.auth'),
    );
    const unknown = renderError(new Error('a secret in a message'), english, 'deadbeef').content;
    expect(unknown).toContain('deadbeef');
    expect(unknown).not.toContain('secret');
  });

  it('points to /help if nobody here can do that, or if points are gone for good', () => {
    const told = (error: UserError) => renderError(error, english, 'x').content;
    expect(told(new UserError('action-unavailable'))).toContain('See `/help` for what works here.');
    const short = { price: 100, left: 1 };
    expect(told(new UserError('points-short', { ...short, refillsAt: undefined }))).toContain('See `/help`');
    // Their points come back by themselves.
    expect(told(new UserError('points-short', { ...short, refillsAt: 1_000 }))).not.toContain('/help');
  });

  it('says within what Discord takes what a person typed', () => {
    const value = '👨\u200d👩\u200d👧\u200d👦'.repeat(400);
    const { content } = renderError(new UserError('style-reference-malformed', { value }), english, 'x');
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content).toContain('👦…`');
  });

  it('names the button of an API by its own label, which formats nothing', () => {
    const told = (details: { work: string; label?: string }) =>
      renderError(
        new UserError('price-unconfirmed', { ...details, price: 100, left: 200, draft: 'AbCdEfGh_-123456' }),
        english,
        'x',
      ).content;
    expect(told({ work: 'other', label: '**Tune** `it`' })).toMatch(
      /^\\\*\\\*Tune\\\*\\\* ˋitˋ will cost 100 points/,
    );
    expect(told({ work: 'other' })).toMatch(/^Other button will cost 100 points/);
    expect(told({ work: 'zoom-2x', label: 'Anything' })).toMatch(/^Zoom Out 2x will cost 100 points/);
  });

  it('escapes what a person typed', () => {
    const { content } = renderError(
      new UserError('aspect-malformed', { value: '`@everyone`\n[x](https://evil.example)' }),
      english,
      'x',
    );
    expect(content).toContain('`ˋ@everyoneˋ [x](https://evil.example)`');
  });
});
