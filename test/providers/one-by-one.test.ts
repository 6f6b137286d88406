import { describe, expect, it } from 'vitest';
import type { ProviderConfig, ProviderKind } from '../../src/config.ts';
import { ProviderError } from '../../src/errors.ts';
import type { Http, HttpAnswer } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';
import { parseJson } from '../../src/providers/json.ts';
import { lookOneByOne } from '../../src/providers/one-by-one.ts';
import type { Ref, Update } from '../../src/task.ts';

const ids = ['1799000000000001', '1799000000000002', '1799000000000003'];
const odd = ids[1] ?? '';
const signal = AbortSignal.timeout(60_000);

/** A running task, as the APIs without a list show it. */
const kinds: Partial<Record<ProviderKind, (id: string) => object>> = {
  yutoai: (id) => ({ id, status: 'IN_PROGRESS', progress: '30%' }),
  apixo: (id) => ({ code: 200, data: { taskId: id, state: 'processing' } }),
  aigc2d: (id) => ({ code: 0, task_id: id, status: 'IN_PROGRESS', progress: '30%' }),
};

type Odd = Partial<HttpAnswer> & { status: number };

describe.each(Object.entries(kinds))('%s, asked about one task after another', (kind, show) => {
  /** Those tasks get odd answers, all others documented ones. */
  function look(refs: readonly Ref[], oddIds: readonly string[], answer: Odd) {
    const http: Http = {
      async request({ url }) {
        const id = ids.find((one) => url.includes(one)) ?? '';
        const isOdd = oddIds.includes(id);
        const text = isOdd ? (answer.text ?? '') : JSON.stringify(show(id));
        const shown = isOdd ? answer : { status: 200 };
        return { retryAfterMs: undefined, text, json: parseJson(text), ...shown };
      },
    };
    const account = { name: 'main', kind, apiKey: 'sk-canary', baseUrl: 'https://api.example' };
    return createProvider(account as ProviderConfig, http).provider.look(refs, signal);
  }
  const refs = ids.map((id): Ref => ({ id }));

  const answers: readonly (readonly [string, Odd])[] = [
    ['an id of another key (401)', { status: 401 }],
    ['an id of another key (403)', { status: 403 }],
    ['a firewall in front of one path', { status: 403, text: '<html>403 Forbidden</html>' }],
    ["a path that doesn't exist", { status: 404, text: '<html>404 Not Found</html>' }],
    ['trouble', { status: 502, text: '<html>502 Bad Gateway</html>' }],
    ['nonsense', { status: 200, text: 'soon' }],
    ['a form that nobody documents', { status: 200, text: '{"hello":{"of":7}}' }],
  ];

  it.each(answers)('still reads the others after %s', async (_what, answer) => {
    const seen = await look(refs, [odd], answer);
    expect([...seen.keys()].sort()).toEqual(ids);
    for (const id of ids) expect(seen.get(id)).toMatchObject({ state: 'running' });
    expect(seen.get(odd)).toHaveProperty('unread', expect.stringMatching(/./));
    expect(seen.get(ids[0] ?? '')).not.toHaveProperty('unread');
  });

  it.each(answers)('says so if nothing can be said about any, after %s', async (_what, answer) => {
    await expect(look(refs, ids, answer)).rejects.toBeInstanceOf(ProviderError);
  });

  it('waits with all of them if it is asked to', async () => {
    await expect(look(refs, [odd], { status: 429, retryAfterMs: 9_000 })).rejects.toMatchObject({
      kind: 'busy',
      retryAfterMs: 9_000,
    });
  });
});

describe('a bug in our own reading', () => {
  it.each([1, 3])(
    'leaves its task running, and says nothing about the account (%i of them)',
    async (count) => {
      const refs = ids.slice(0, count).map((id): Ref => ({ id }));
      const seen = await lookOneByOne(refs, async (): Promise<Update> => {
        throw new TypeError('name is not a function');
      });
      for (const { id = '' } of refs)
        expect(seen.get(id)).toEqual({ state: 'running', unread: 'name is not a function' });
    },
  );
});
