import { describe, expect, test } from 'vitest';
import { create4allapi } from '../../sandbox/providers/mj-proxy/4allapi.ts';
import { refusalNames } from '../../sandbox/providers/mj-proxy/refusals.ts';
import type { Garbling } from '../../sandbox/providers/trouble.ts';
import { createStarter, type Options } from './mj-proxy-fixture.ts';

const { start: startKind } = createStarter();
const start = (options?: Options) => startKind(create4allapi, options);

const imagine = { prompt: 'a fox' };

describe('a submit', () => {
  test.each([
    ['queue-full', 200, { code: 23 }],
    ['queue-full-trueai', 200, { code: 9 }],
    ['no-account', 200, { code: 3 }],
    ['failure', 200, { code: 9 }],
    ['banned', 200, { code: 24, properties: { bannedWord: 'red' } }],
    ['account-unavailable', 200, { code: 24 }],
    ['insufficient-balance', 200, { code: 25 }],
    ['invalid-parameters', 200, { code: 21, result: null }],
    ['system-error', 200, { code: 23, result: null }],
    ['exception-filter', 200, { success: false, code: -1 }],
    ['documented-error', 400, { code: 4, result: null }],
    ['no-quota', 400, { code: 4, type: 'upstream_error' }],
    ['upstream-unreachable', 400, { code: 5 }],
    ['saturated', 429, { code: 30 }],
    ['unauthorized', 401, { error: { type: 'new_api_error' } }],
    ['forbidden', 403, { error: { type: 'new_api_error' } }],
    ['no-channel', 503, { error: { type: 'new_api_error' } }],
  ] as const)('is refused as %s, and nothing is accepted', async (as, status, json) => {
    const { standIn, client } = await start();
    standIn.trouble.next('submit', { do: 'refuse', as });
    const answer = await client.post('/mj/submit/imagine', imagine);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject(json);
    expect(standIn.submits).toEqual([]);
    expect((await client.post('/mj/submit/imagine', imagine)).json.code).toBe(1);
  });

  test('can be refused in every documented shape', async () => {
    const { standIn, client } = await start();
    for (const as of refusalNames) {
      standIn.trouble.next('submit', { do: 'refuse', as });
      expect((await client.post('/mj/submit/imagine', imagine)).status).toBeGreaterThanOrEqual(200);
    }
    expect(standIn.submits).toEqual([]);
  });

  test('can be told when to come back', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('submit', { do: 'refuse', as: 'too-many', retryAfterSeconds: 7 });
    const { status, headers } = await client.post('/mj/submit/imagine', imagine);
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  });

  test('can get any answer at all', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('submit', { do: 'answer', status: 418, body: 'tea', headers: { 'x-pot': '1' } });
    const { status, text, headers } = await client.post('/mj/submit/imagine', imagine);
    expect([status, text, headers.get('x-pot')]).toEqual([418, 'tea', '1']);
  });

  test('is dropped before it is accepted', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('submit', { do: 'drop' });
    await expect(client.post('/mj/submit/imagine', imagine)).rejects.toThrow('fetch failed');
    expect(standIn.submits).toEqual([]);
    expect(standIn.requests[0]).toMatchObject({ outcome: 'cut', status: undefined, fault: 'drop' });
  });

  test('is lost: accepted and charged, and the answer never arrives', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('submit', { do: 'lose' });
    await expect(client.post('/mj/submit/imagine', imagine)).rejects.toThrow('fetch failed');
    expect(standIn.submits).toHaveLength(1);
    expect(standIn.money().chargedUsd).toBe(0.1);
    expect(standIn.requests[0]).toMatchObject({ outcome: 'cut', fault: 'lose' });
    await standIn.until(() => standIn.tasks()[0]?.status === 'SUCCESS');
  });

  test.each([true, false])(
    "hangs (accepted: %s) until the caller gives up, and doesn't delay closing",
    async (taken) => {
      const { standIn } = await start();
      standIn.trouble.next('submit', { do: 'hang', taken });
      const asked = standIn.next((event) => event.type === 'request');
      const control = new AbortController();
      const answer = fetch(`${standIn.url}/mj/submit/imagine`, {
        method: 'POST',
        headers: { authorization: `Bearer ${standIn.key}` },
        body: JSON.stringify(imagine),
        signal: control.signal,
      });
      const failed = expect(answer).rejects.toThrow();
      await asked;
      if (taken) await standIn.until(() => standIn.submits.length === 1);
      expect(standIn.requests[0]?.outcome).toBe('open');
      await standIn.close();
      control.abort();
      await failed;
      expect(standIn.submits).toHaveLength(taken ? 1 : 0);
    },
  );

  test.each([
    ['truncated', 200, /^\{"code":1[^}]*$/],
    ['html', 200, /^<!DOCTYPE html>/],
    ['html-502', 502, /^<!DOCTYPE html>/],
    ['empty', 200, /^$/],
    ['wrong-type', 200, /^\{.*\}$/],
    ['number-ids', 200, /"result":\d+\}$/],
    ['two-documents', 200, /\}\{/],
    ['not-an-object', 200, /^"ok"$/],
  ] as const)('is accepted and its answer garbled: %s', async (how: Garbling, status, text) => {
    const { standIn, client } = await start();
    standIn.trouble.next('submit', { do: 'garble', how });
    const answer = await client.post('/mj/submit/imagine', imagine);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(text);
    expect(standIn.submits).toHaveLength(1);
  });

  test('is accepted and its answer cut short, or 50 MB long', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('submit', { do: 'garble', how: 'cut-short' });
    await expect(client.post('/mj/submit/imagine', imagine)).rejects.toThrow();
    standIn.trouble.next('submit', { do: 'garble', how: 'huge' });
    expect((await client.post('/mj/submit/imagine', imagine)).text.length).toBeGreaterThan(50_000_000);
    expect(standIn.submits).toHaveLength(2);
  });
});

describe('a task', () => {
  test('fails later, with that reason, and is refunded', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('task', { do: 'fail', reason: 'Banned prompt detected' });
    const { json } = await client.finished(await client.submit('imagine', imagine));
    expect(json).toMatchObject({ status: 'FAILURE', progress: '100%', failReason: 'Banned prompt detected' });
    expect(standIn.money()).toMatchObject({ chargedUsd: 0.1, refundedUsd: 0.1 });
  });

  test('stalls', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('task', { do: 'stall' });
    const id = await client.submit('imagine', imagine);
    await standIn.until(() => standIn.task(id)?.progress === '31%');
    expect(standIn.task(id)).toMatchObject({ status: 'IN_PROGRESS', finishedAt: undefined });
  });

  test('vanishes from fetch and list', async () => {
    const { standIn, client } = await start();
    standIn.trouble.next('task', { do: 'vanish' });
    const id = await client.submit('imagine', imagine);
    expect((await client.fetch(id)).json.description).toBe('task_no_found ');
    expect((await client.list(id)).json).toEqual([]);
    expect(standIn.submits).toHaveLength(1);
  });
});

describe('a look and a picture', () => {
  test('can have the same trouble', async () => {
    const { standIn, client } = await start();
    const id = await client.submit('imagine', imagine);
    const { imageUrl } = (await client.finished(id)).json;
    standIn.trouble.next('look', { do: 'garble', how: 'truncated' });
    expect((await client.fetch(id)).json).toBeUndefined();
    standIn.trouble.next('look', { do: 'refuse', as: 'server-error-text' }, 2);
    expect((await client.fetch(id)).status).toBe(500);
    expect((await client.list(id)).status).toBe(500);
    expect((await client.list(id)).status).toBe(200);
    standIn.trouble.next('picture', { do: 'garble', how: 'cut-short' });
    await expect(fetch(imageUrl).then((answer) => answer.arrayBuffer())).rejects.toThrow();
    standIn.trouble.next('picture', { do: 'garble', how: 'html' });
    expect((await fetch(imageUrl)).headers.get('content-type')).toContain('text/html');
    expect((await fetch(imageUrl)).headers.get('content-type')).toBe('image/png');
  });
});

describe('trouble', () => {
  test('lasts until it is cleared, after trouble for the next time only', async () => {
    const { standIn, client } = await start();
    standIn.trouble.always('submit', { do: 'refuse', as: 'queue-full' });
    standIn.trouble.next('submit', { do: 'refuse', as: 'failure' });
    const codes = async () => (await client.post('/mj/submit/imagine', imagine)).json.code;
    expect([await codes(), await codes(), await codes()]).toEqual([9, 23, 23]);
    standIn.trouble.always('submit', undefined);
    expect(await codes()).toBe(1);
    standIn.trouble.always('submit', { do: 'drop' });
    standIn.trouble.clear();
    expect(await codes()).toBe(1);
  });

  test('is caused by words in a prompt', async () => {
    const { standIn, client } = await start();
    const post = (prompt: string) => client.post('/mj/submit/imagine', { prompt });
    expect((await post('a fox, please crowd')).json.code).toBe(23);
    expect((await post('a fox, please bill')).json.description).toBe('quota_not_enough ');
    expect((await post('a fox, please wait')).headers.get('retry-after')).toBe('5');
    expect((await post('a fox, please garble')).json).toBeUndefined();
    await expect(post('please lose a fox')).rejects.toThrow();
    const id = (await post('please fail, fox')).json.result;
    expect((await client.finished(id)).json.status).toBe('FAILURE');
    standIn.trouble.words = false;
    expect((await post('a fox, please crowd')).json.code).toBe(1);
  });

  test('of an unknown kind is refused right away', async () => {
    const { standIn } = await start();
    expect(() => standIn.trouble.next('submit', { do: 'refuse', as: 'nonsense' })).toThrow(
      'There is no refusal "nonsense"',
    );
  });

  test('of a slow answer is only slow', async () => {
    const { standIn, client } = await start({ pace: 0.001 });
    standIn.trouble.next('submit', { do: 'delay', ms: 20_000 });
    const before = performance.now();
    expect((await client.post('/mj/submit/imagine', imagine)).json.code).toBe(1);
    expect(performance.now() - before).toBeGreaterThan(15);
    expect(standIn.requests[0]?.fault).toBe('delay');
  });
});
