import { describe, expect, it } from 'vitest';
import { throwForRefusal } from '../../src/providers/acedata/errors.ts';

const kindOf = (status: number, code: string) => {
  const json = { error: { code, message: 'no' } };
  try {
    throwForRefusal({ status, json, text: JSON.stringify(json), retryAfterMs: undefined });
    return undefined;
  } catch (error) {
    return (error as { kind: string }).kind;
  }
};

/** A code means the same with any status below 500: held calls fail with 200. What a proxy may have said means nothing. */
describe('a code of Ace Data Cloud', () => {
  it.each([
    ['bad_request', 'rejected'],
    ['forbidden', 'rejected'],
    ['api_not_implemented', 'rejected'],
    ['no_token', 'auth'],
    ['token_mismatched', 'auth'],
    ['invalid_token', 'auth'],
    ['token_expired', 'auth'],
    ['disabled', 'auth'],
    ['used_up', 'balance'],
    ['too_many_requests', 'busy'],
    ['rate_limited', 'busy'],
    ['no_api', 'malformed'],
    ['api_error', 'unavailable'],
    ['timeout', 'unavailable'],
  ])('%s is %s', (code, kind) => {
    for (const status of [200, 400, 403]) expect([status, kindOf(status, code)]).toEqual([status, kind]);
    expect(kindOf(500, code)).toBe('unavailable');
  });
});
