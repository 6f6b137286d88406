import { describe, expect, it } from 'vitest';
import type { ProviderConfig, ProviderKind } from '../../src/config.ts';
import type { ProviderError } from '../../src/errors.ts';
import type { Http } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';

function createAnswered(kind: ProviderKind, status: number, json: unknown) {
  const http: Http = {
    request: async () => ({ status, retryAfterMs: undefined, text: JSON.stringify(json), json }),
  };
  const account = { name: 'main', kind, apiKey: 'sk-canary', baseUrl: 'https://api.example' };
  return createProvider(account as ProviderConfig, http).provider;
}

const signal = AbortSignal.timeout(10_000);

async function refusalOf(status: number, json: unknown): Promise<string | undefined> {
  const work = createAnswered('4allapi', status, json).submit(
    { action: 'imagine', prompt: 'a', speed: 'fast', pictures: [], options: {}, reference: 'ours-1' },
    signal,
  );
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown as ProviderError,
  );
  return error?.kind;
}

describe('an empty account at a midjourney-proxy', () => {
  it.each<[number, unknown]>([
    [200, { code: 4, description: 'quota_not_enough' }],
    [403, { code: 4, description: 'quota_not_enough' }],
    [403, { code: 4, description: '用户额度不足, 剩余额度: 0' }],
    [200, { code: 402, description: '余额不足' }],
    [400, { error: { message: 'no more', code: 'insufficient_user_quota', type: 'new_api_error' } }],
    [403, { error: { message: '用户额度不足', type: 'new_api_error' } }],
  ])('is reported by %i %j', async (status, json) => {
    expect(await refusalOf(status, json)).toBe('balance');
  });

  it.each<[number, unknown]>([
    // Words from a person, and from a channel behind the gateway.
    [200, { code: 24, description: 'the prompt "insufficient_user_quota, a poster" is banned' }],
    [200, { code: 4, description: '渠道余额不足' }],
    [400, { error: { message: 'bad prompt: credits exhausted', type: 'invalid_request_error' } }],
    [500, { error: { message: 'channel: insufficient balance', type: 'upstream_error' } }],
  ])("isn't reported by %i %j", async (status, json) => {
    expect(['rejected', 'unavailable']).toContain(await refusalOf(status, json));
  });
});

describe('the balance at APIXO', () => {
  it.each([
    [12.5, 12.5],
    ['12.50', 12.5],
    [0, 0],
    [-0.25, -0.25],
    [{ balance: 3 }, 3],
    [{ balance: '3.1', currency: 'USD' }, 3.1],
  ])('is read from %j', async (data, amount) => {
    const provider = createAnswered('apixo', 200, { code: 200, data });
    expect(await provider.balance?.(signal)).toEqual({ amount, unit: 'USD' });
  });

  it.each([null, '', 'soon', {}, { balance: null }])('is unknown, not zero, for %j', async (data) => {
    const provider = createAnswered('apixo', 200, { code: 200, data });
    await expect(provider.balance?.(signal)).rejects.toMatchObject({ kind: 'malformed' });
  });
});
