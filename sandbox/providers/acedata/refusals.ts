import { type Answer, toJson, toText } from '../answer.ts';

/**
 * Every documented refusal (AceDataCloud/Docs, openapi/midjourney.json, concepts/responses, faq/billing and
 * faq/concurrency). The second group has the names that words in a prompt can ask for.
 */
const refusals = {
  'bad-request': () => refuse(400, 'bad_request', 'The request cannot be read.'),
  'no-token': () => refuse(400, 'no_token', 'No token is given.'),
  'api-not-implemented': () => refuse(400, 'api_not_implemented', 'This operation is not known.'),
  'token-mismatched': () => refuse(400, 'token_mismatched', 'The token does not belong to this API.'),
  'invalid-token': () => refuse(401, 'invalid_token', 'The token is not known.'),
  'token-expired': () => refuse(401, 'token_expired', 'The token has expired.'),
  /** An empty balance is 403, not 402 (faq/billing). */
  'used-up': () => refuse(403, 'used_up', 'The balance is used up.'),
  disabled: () => refuse(403, 'disabled', 'The credential is disabled.'),
  forbidden: () => refuse(403, 'forbidden', 'The content is not allowed.'),
  'no-api': () => refuse(404, 'no_api', 'There is no such API.'),
  'too-many-requests': () => refuse(429, 'too_many_requests', 'Too many requests at once.'),
  'rate-limited': () => refuse(429, 'rate_limited', 'Too many tasks of this token are running.'),
  'api-error': () => refuse(500, 'api_error', 'Something went wrong.'),
  timeout: () => refuse(504, 'timeout', 'The picture took too long.'),
  /** Plain text instead of an object (AceDataCloud/SDK, test_map_error.py). */
  'bare-string': () => toJson(402, { error: 'Payment required' }),

  failure: () => refuse(500, 'api_error', 'The service behind it failed.'),
  'queue-full': () => refuse(429, 'rate_limited', 'Too many tasks of this token are running.'),
  'too-many': () => refuse(429, 'too_many_requests', 'Too many requests at once.'),
  'server-error-text': () => toText(500, 'Internal Server Error'),
  unauthorized: () => refuse(401, 'invalid_token', 'The token is not known.'),
  'no-quota': () => refuse(403, 'used_up', 'The balance is used up.'),
} satisfies Record<string, () => Answer>;

export type RefusalName = keyof typeof refusals;

export const refusalNames = Object.keys(refusals).filter(isRefusalName);

export function isRefusalName(name: string): name is RefusalName {
  return Object.hasOwn(refusals, name);
}

export function refuseAs(name: RefusalName): Answer {
  return refusals[name]();
}

/** A direct call refuses without `success` (concepts/responses). */
export function refuse(status: number, code: string, message: string): Answer {
  return toJson(status, { error: { code, message }, trace_id: '00000000-0000-4000-8000-00000000ace0' });
}

export function refuseBody(message: string): Answer {
  return refuse(400, 'bad_request', message);
}
