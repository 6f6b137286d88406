import { leavesOutcomeOpen, ProviderError, type ProviderErrorKind } from '../../errors.ts';
import type { Update } from '../../task.ts';
import { cutWords } from '../foreign-words.ts';
import { factsOf, type HttpAnswer, isOpenCode, isWebPage } from '../http.ts';
import { findScalar, idForm, type Layer, layersOf } from '../layers.ts';

/** What an `error` field tells. */
export interface Fault {
  readonly code?: string;
  readonly message?: string;
}

/**
 * Kinds by code (AceDataCloud/Docs, openapi/midjourney.json and concepts/responses). 403 means one of three things: the
 * credit is used up, the content is refused, or the key is disabled; only the code tells which (faq/billing).
 */
const kinds: Readonly<Record<string, ProviderErrorKind>> = {
  bad_request: 'rejected',
  forbidden: 'rejected',
  api_not_implemented: 'rejected',
  no_token: 'auth',
  token_mismatched: 'auth',
  invalid_token: 'auth',
  token_expired: 'auth',
  disabled: 'auth',
  used_up: 'balance',
  too_many_requests: 'busy',
  rate_limited: 'busy',
  no_api: 'malformed',
  // The work may have been accepted anyway.
  api_error: 'unavailable',
  timeout: 'unavailable',
};

const kindsByStatus: Readonly<Record<number, ProviderErrorKind>> = {
  401: 'auth',
  402: 'balance', // from the flow of paying by crypto, on another host (AceDataCloud/SDK)
  403: 'auth',
  429: 'busy',
};

/** `error` is an object, but can also be plain text, a list or null (AceDataCloud/SDK, test_map_error.py). */
export function readFault(error: unknown): Fault | undefined {
  if (typeof error === 'string') return error.trim() === '' ? undefined : { message: cutWords(error) };
  if (typeof error !== 'object' || error === null || Array.isArray(error)) return undefined;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const hasCode = (typeof code === 'string' && code !== '') || typeof code === 'number';
  const hasMessage = typeof message === 'string' && message.trim() !== '';
  if (!hasCode && !hasMessage) return undefined;
  return {
    ...(hasCode ? { code: String(code) } : {}),
    ...(hasMessage ? { message: cutWords(message) } : {}),
  };
}

/** Throws for every answer that says no; even with 200, if a synchronous call failed. */
export function throwForRefusal(answer: HttpAnswer): void {
  const { status, json } = answer;
  const layers = layersOf(json);
  // An error in a task's record is about the task, not about this call.
  const isRecord = layers.some((layer) => 'response' in layer);
  const fault = (isRecord ? layers.slice(0, 1) : layers)
    .map((layer) => readFault(layer['error']))
    .find((one) => one !== undefined);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && fault?.code === undefined) return;
  // A page isn't from the API.
  const kind = status === 403 && isWebPage(answer) ? 'malformed' : toKind(status, fault);
  const reason = kind === 'rejected' ? fault?.message : undefined;
  const traceId = readTraceId(layers);
  throw new ProviderError(kind, toSentence(kind, status), {
    ...factsOf(answer),
    ...(traceId === undefined ? {} : { traceId }),
    ...(reason === undefined ? {} : { reason }),
    ...(isKnown(fault) && kind !== 'unavailable' && kind !== 'malformed' ? { hasOwnMarks: true } : {}),
    // Any 4xx means that nothing was accepted: most likely a wrong address.
    ...(kind === 'malformed' ? { definite: status >= 400 } : {}),
  });
}

/** The name that the vendor's support asks for (concepts/responses). */
export function readTraceId(layers: readonly Layer[]): string | undefined {
  return findScalar(layers, ['trace_id'], idForm)?.slice(0, longestTraceId);
}

/** It's a UUID. */
const longestTraceId = 100;

/** A failed task has the same codes; services add their own, such as `task_failed`. */
export function toFailed(fault: Fault): Extract<Update, { state: 'failed' }> {
  const { code = '', message } = fault;
  if (code === 'timeout') return { state: 'failed', kind: 'timeout' };
  const known = Object.hasOwn(kinds, code) ? kinds[code] : undefined;
  const isOperators = known === 'auth' || known === 'balance' || known === 'busy';
  if (isOperators) return { state: 'failed', kind: known };
  const kind = code === 'forbidden' ? 'content' : 'rejected'; // moderation (concepts/responses)
  return { state: 'failed', kind, ...(message === undefined ? {} : { reason: message }) };
}

function isKnown(fault: Fault | undefined): boolean {
  return Object.hasOwn(kinds, fault?.code ?? '');
}

function toKind(status: number, fault: Fault | undefined): ProviderErrorKind {
  const code = fault?.code ?? '';
  if (isOpenCode(code) || leavesOutcomeOpen(status)) return 'unavailable';
  const byCode = Object.hasOwn(kinds, code) ? kinds[code] : undefined;
  if (byCode !== undefined) return byCode;
  // 403 with an unknown code says why in its message.
  const byStatus = status === 403 && code !== '' ? undefined : kindsByStatus[status];
  if (byStatus !== undefined) return byStatus;
  const isSaid = fault !== undefined && (status < 300 || status >= 400);
  return isSaid ? 'rejected' : 'malformed';
}

function toSentence(kind: ProviderErrorKind, status: number): string {
  switch (kind) {
    case 'rejected':
      return 'the API refused the request';
    case 'auth':
      return 'the key was refused';
    case 'balance':
      return 'no credit left';
    case 'busy':
      return 'too many requests';
    default:
      return `the API answered ${status}`;
  }
}
