import { describe, expect, it } from 'vitest';
import { type ProviderKind, providerKinds } from '../../src/config.ts';
import { mjProxyKinds, submitTo } from '../helpers/paid-calls.ts';

const page = '<html><head><title>No</title></head><body><h1>No</h1><hr>nginx</body></html>';

/** An error in each API's own form, with the words it would use for that status. */
const ownForms: Readonly<Record<ProviderKind, (status: number) => object>> = {
  '4allapi': () => ({ error: { message: 'no', type: 'new_api_error', code: 'denied' } }),
  yutoai: () => ({ code: 4, description: 'no', type: 'upstream_error' }),
  mjproxy: () => ({ code: 4, description: 'no' }),
  acedata: () => ({ error: { code: 'bad_request', message: 'no' }, trace_id: 'trace' }),
  apixo: (status) => ({ code: status, message: 'no', data: null }),
  aigc2d: () => ({ code: 4, message: 'no' }),
};

const crashes = [
  500, 501, 502, 504, 505, 507, 508, 509, 511, 520, 521, 522, 523, 524, 525, 529, 530, 598, 599,
];

describe.each(providerKinds)('a refused paid call to %s', (kind) => {
  const own = (status: number) => JSON.stringify(ownForms[kind](status));

  it.each(
    [408, 425, 499, ...crashes, 503].flatMap((status) => [
      [status, 'its own form', own(status)] as const,
      [status, 'a page', page] as const,
      [status, 'nothing', ''] as const,
      [
        status,
        "a proxy's words",
        '{"error":{"message":"upstream connect error or disconnect/reset before headers"}}',
      ] as const,
    ]),
  )('may have been taken by %i with %s', async (status, _what, text) => {
    const { error, sent } = await submitTo(kind, { status, text });
    expect(error).toMatchObject({ kind: 'unavailable', definite: false, isRefusal: false });
    expect(sent).toBe(1);
  });

  it.each([200, 400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 414, 415, 422, 428, 429, 431, 451])(
    'may have been accepted after %i with a web page',
    async (status) => {
      for (const text of [
        page,
        `\n<!doctype html>${page}`,
        '<?xml version="1.0"?><Error><Code>No</Code></Error>',
      ]) {
        const { error, sent } = await submitTo(kind, { status, text });
        expect(error).toMatchObject({ definite: false, isRefusal: status !== 200 });
        expect(sent).toBe(1);
      }
    },
  );

  it.each([
    [408, '{"code":408,"message":"Request Timeout"}'],
    [499, '{"code":499,"message":"client closed"}'],
    [503, '{"code":503,"msg":"upstream connect error"}'],
    [504, '{"error":{"code":504,"message":"upstream timed out"}}'],
  ])('may have been accepted after a %i that is only in the answer', async (_status, text) => {
    const { error } = await submitTo(kind, { status: 200, text });
    expect(error?.definite).toBe(false);
  });

  it.each([
    [401, 'auth'],
    [400, undefined],
    [422, undefined],
    [429, 'busy'],
  ] as const)('was certainly not accepted after %i in its own form', async (status, sort) => {
    const { error } = await submitTo(kind, { status, text: own(status) });
    expect(error?.definite).toBe(true);
    // Ace Data Cloud's codes count with any status.
    if (sort !== undefined && kind !== 'acedata') expect(error?.kind).toBe(sort);
  });
});

describe.each(mjProxyKinds)('a gateway in front of %s that answers 503', (kind) => {
  const busy = (text: object) => submitTo(kind, { status: 503, text: JSON.stringify(text) });

  it.each([
    { error: { message: 'no channel', type: 'new_api_error', code: 'model_not_found' } },
    {
      error: {
        message: 'none (request id: 2026)',
        type: 'new_api_error',
        code: 'get_channel_failed',
        param: '',
      },
    },
    { description: '当前分组负载已饱和', type: 'upstream_error', code: 30 },
    { description: '无可用的账号实例', type: 'new_api_error', code: 3 },
  ])('has certainly accepted nothing, in its own form and code: %j', async (text) => {
    const { error, sent } = await busy(text);
    expect(error).toMatchObject({ kind: 'busy', definite: true, status: 503 });
    expect(sent).toBe(1);
  });

  it.each([
    { error: { message: 'no channel', type: 'new_api_error' } },
    { error: { message: 'no channel', type: 'new_api_error', code: '' } },
    { error: { message: 'no channel', type: 'new_api_error', code: null } },
    { error: { message: 'no channel', type: 'one_api_error', code: 'model_not_found' } },
    { error: { message: 'no channel', code: 'model_not_found' } },
    { error: { message: 'no', type: 'new_api_error', code: 'do_request_failed' } },
    { error: { message: 'upstream connect error', type: 'server_error', code: 503 } },
    { error: 'no channel' },
    { description: 'do_request_failed', type: 'upstream_error', code: 5 },
    { description: 'saturated', code: 30 },
    { code: 23, description: '队列已满' },
    { message: 'failure to get a peer from the ring-balancer' },
  ])('may have accepted it after %j', async (text) => {
    const { error } = await busy(text);
    expect(error).toMatchObject({ kind: 'unavailable', definite: false, isRefusal: false });
  });
});
