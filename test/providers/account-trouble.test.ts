import { describe, expect, it } from 'vitest';
import { type ProviderKind, providerKinds } from '../../src/config.ts';
import { saysFullQueue, saysNoCredit } from '../../src/providers/said.ts';
import { mjProxyKinds, submitTo } from '../helpers/paid-calls.ts';

const page = '<html><h1>No</h1></html>';

/** How each API itself reports that an account is in trouble. */
const ownMarks: readonly (readonly [ProviderKind, number, object, 'auth' | 'balance'])[] = [
  ...mjProxyKinds.flatMap((kind) => [
    [kind, 401, { error: { message: 'bad', type: 'new_api_error' } }, 'auth'] as const,
    [kind, 403, { error: { message: 'banned', type: 'new_api_error' } }, 'auth'] as const,
    [kind, 200, { code: 401, msg: 'token' }, 'auth'] as const,
    [kind, 400, { code: 4, description: 'quota_not_enough ', type: 'upstream_error' }, 'balance'] as const,
    [
      kind,
      403,
      { error: { message: 'x', type: 'new_api_error', code: 'insufficient_user_quota' } },
      'balance',
    ] as const,
  ]),
  ['acedata', 401, { error: { code: 'invalid_token', message: 'no' } }, 'auth'],
  ['acedata', 403, { error: { code: 'disabled', message: 'no' } }, 'auth'],
  ['acedata', 403, { error: { code: 'used_up', message: 'no' } }, 'balance'],
  ['apixo', 401, { code: 401, message: 'no' }, 'auth'],
  ['apixo', 402, { code: 402, message: 'no' }, 'balance'],
  ['aigc2d', 401, {}, 'auth'],
  ['aigc2d', 402, {}, 'balance'],
];

describe('trouble of an account', () => {
  it.each(ownMarks)('is reported by %s itself with %i and %j', async (kind, status, body, trouble) => {
    const { error } = await submitTo(kind, { status, text: JSON.stringify(body) });
    expect(error).toMatchObject({ kind: trouble, hasOwnMarks: true, definite: true });
  });

  it.each<[ProviderKind, number, object]>([
    ['4allapi', 403, { message: 'Forbidden' }],
    ['mjproxy', 403, { error: { message: 'Access denied', type: 'waf' } }],
    ['yutoai', 403, { error: { message: 'insufficient balance', type: 'x' } }],
    ['acedata', 403, { message: 'Forbidden' }],
    ['apixo', 403, { code: 403, message: 'This key cannot use the model' }],
    ['apixo', 400, { code: 400, message: 'Insufficient credits' }],
    ['aigc2d', 403, {}],
    ['aigc2d', 200, { code: 5, message: '点数不足' }],
  ])('may only concern one request at %s with %i and %j', async (kind, status, body) => {
    const { error } = await submitTo(kind, { status, text: JSON.stringify(body) });
    expect(['auth', 'balance']).toContain(error?.kind);
    expect(error).toMatchObject({ hasOwnMarks: false, definite: true });
  });

  it.each(providerKinds)("isn't reported by a web page at %s", async (kind) => {
    for (const status of [400, 401, 402, 403, 404, 413, 414, 415, 422, 451, 500, 503]) {
      const { error } = await submitTo(kind, { status, text: page });
      expect(error?.hasOwnMarks).toBe(false);
    }
  });

  it.each(providerKinds)("isn't what %s says about one request", async (kind) => {
    for (const status of [400, 403, 413, 414, 415, 422, 451]) {
      const { error } = await submitTo(kind, { status, text: page });
      const isOfTheTask = error?.kind === 'rejected' || error?.mayLieInRequest === true;
      expect(isOfTheTask).toBe(true);
    }
  });
});

/** Words that gateways use for an empty account, and that people may use in a prompt. */
const echoes = [
  'a desk in insufficient light, quota_not_enough, on the wall: insufficient user quota',
  'a bank teller who says "insufficient credits"',
  '余额不足的人',
  'a sign: insufficient balance, not enough points',
];

describe.each(providerKinds)('an answer from %s that repeats the prompt', (kind) => {
  it.each(echoes)("doesn't say that the account is empty: %s", async (prompt) => {
    const bodies = [
      { code: 4, description: `invalid prompt: ${prompt}` },
      { code: 400, message: `invalid prompt: ${prompt}`, data: null },
      { error: { message: `invalid prompt: ${prompt}`, type: 'invalid_request_error' } },
      { error: { message: `translated: insufficient balance`, type: 'invalid_request_error' } },
      { code: 5, message: prompt },
    ];
    for (const status of [400, 403])
      for (const body of bodies) {
        const { error } = await submitTo(kind, { status, text: JSON.stringify(body) }, { prompt });
        expect(error?.kind).not.toBe('balance');
        expect(error?.kind).not.toBe('busy');
      }
  });
});

describe.each(mjProxyKinds)('words of a channel behind %s', (kind) => {
  it.each<[number, object]>([
    [200, { code: 4, description: 'insufficient balance' }],
    [400, { code: 4, description: '余额不足' }],
    [400, { error: { message: 'insufficient credits', type: 'upstream_error' } }],
  ])('say nothing about our own account: %i with %j', async (status, body) => {
    const { error } = await submitTo(kind, { status, text: JSON.stringify(body) });
    expect(error).toMatchObject({ kind: 'rejected', definite: true });
  });
});

describe('words of an answer', () => {
  it.each([
    'quota_not_enough ',
    'insufficient_user_quota',
    'Insufficient credits',
    'Insufficient user balance',
    'not enough points',
    'Credits exhausted',
    '余额不足',
    '用户额度不足',
    '点数不足',
  ])('say that an account is empty: %s', (words) => {
    expect(saysNoCredit(words, 'a fox')).toBe(true);
    expect(saysNoCredit(words)).toBe(true);
    expect(saysNoCredit(words, `a fox, ${words}`)).toBe(false);
  });

  it.each([
    'insufficient light',
    'insufficiently detailed',
    'enough points of view',
    'a balance',
    '光线不足',
    '',
  ])('say nothing about an account: %s', (words) => expect(saysNoCredit(words, 'a fox')).toBe(false));

  it('say that a queue is full, unless the prompt does', () => {
    expect(saysFullQueue('提交失败，队列已满，请稍后重试', 'a fox')).toBe(true);
    expect(saysFullQueue('Queue full')).toBe(true);
    expect(saysFullQueue('banned: a queue is full of people', 'a queue is full of people')).toBe(false);
    expect(saysFullQueue('the queue of tasks')).toBe(false);
  });
});
