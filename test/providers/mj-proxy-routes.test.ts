import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../src/providers/http.ts';
import { parseJson } from '../../src/providers/json.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy } from '../../src/providers/mj-proxy/index.ts';
import type { ProviderRequest } from '../../src/providers/provider.ts';
import type { Action, Ref } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';

const base = 'https://gateway.example';
const id = '1799000000000001';
const signal = AbortSignal.timeout(60_000);
const page = '<!doctype html><html><body><div id="root"></div></body></html>';

type Body = string | object | null;
type Script = (path: string, request: HttpRequest) => { status?: number; body: Body } | Error;

/** A gateway that answers by route; paths are without the base. */
function aGateway(script: Script, { kind = 'mjproxy' as keyof typeof mjProxyGateways } = {}) {
  const asked: string[] = [];
  const clock = { now: 1_000_000 };
  const http: Http = {
    async request(request): Promise<HttpAnswer> {
      const path = request.url.slice(base.length);
      asked.push(`${request.method} ${path}`);
      const answer = script(path, request);
      if (answer instanceof Error) throw answer;
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      return { status: answer.status ?? 200, retryAfterMs: undefined, text, json: parseJson(text) };
    },
  };
  const gateway = mjProxyGateways[kind];
  const provider = createMjProxy({ gateway, http, apiKey: 'k', baseUrl: base, now: () => clock.now });
  return { provider, asked, clock };
}

const listPath = '/mj/task/list-by-condition';
const running = (one = id) => ({ id: one, action: 'IMAGINE', status: 'IN_PROGRESS', progress: '30%' });
const isFetch = (path: string) => path.endsWith('/fetch');
const idOf = (path: string) => /\/task\/(\w+)\//.exec(path)?.[1] ?? '';
const sees = { state: 'running', progress: 30 };

/** How gateways say that they have no such route. */
const absences: readonly [what: string, answer: { status?: number; body: Body }][] = [
  ['an empty 404', { status: 404, body: '' }],
  [
    '404 in the words of its framework',
    { status: 404, body: { status: 404, error: 'Not Found', path: '/x' } },
  ],
  ['404 in the words of a new-api', { status: 404, body: { error: { message: 'Invalid URL', type: 'x' } } }],
  ['404 and a web page', { status: 404, body: '<html><h1>404 Not Found</h1></html>' }],
  ['405', { status: 405, body: 'Method Not Allowed' }],
  ['501', { status: 501, body: '' }],
  ['410', { status: 410, body: 'Gone' }],
  ['its own web page and 200', { body: page }],
  ['a web page and 403', { status: 403, body: '<html>403 Forbidden</html>' }],
  ['200 and a code of HTTP', { body: { code: 404, message: 'Not Found' } }],
  ['200 and its own code', { body: { code: 4, description: 'unknown route' } }],
  ['200 and an error in words', { body: { success: false, message: 'no route' } }],
  ['400 and an error', { status: 400, body: { error: { message: 'bad request', type: 'x' } } }],
  ['200 and plain text', { body: 'ok' }],
  ['an object', { body: {} }],
];

describe('a gateway without a list of tasks', () => {
  it.each(absences)(
    'that says so with %s is asked task by task, and not for the list again',
    async (_what, none) => {
      const { provider, asked, clock } = aGateway((path) =>
        path === listPath ? none : { body: running(idOf(path)) },
      );
      const refs: Ref[] = [{ id }, { id: '22' }];
      expect(Object.fromEntries(await provider.look(refs, signal))).toEqual({ [id]: sees, '22': sees });
      expect(Object.fromEntries(await provider.look(refs, signal))).toEqual({ [id]: sees, '22': sees });
      const fetches = [`GET /mj/task/${id}/fetch`, 'GET /mj/task/22/fetch'];
      expect(asked).toEqual([`POST ${listPath}`, ...fetches, ...fetches]);
      clock.now += 11 * 60_000; // it may have been updated
      await provider.look(refs, signal);
      expect(asked.filter((one) => one === `POST ${listPath}`)).toHaveLength(2);
    },
  );

  it.each([
    ['500', { status: 500, body: 'no' }],
    ['502 and a web page', { status: 502, body: '<html>Bad gateway</html>' }],
    ["503 in new-api's own form", { status: 503, body: { error: { message: 'no channel' } } }],
  ])("isn't reported by %s: the list is asked for at the next look", async (_what, trouble) => {
    let isInTrouble = true;
    const { provider, asked } = aGateway((path) => {
      if (path === listPath) return isInTrouble ? trouble : { body: [running()] };
      return { body: running(idOf(path)) };
    });
    expect((await provider.look([{ id }], signal)).get(id)).toEqual(sees);
    isInTrouble = false;
    expect((await provider.look([{ id }], signal)).get(id)).toEqual(sees);
    expect(asked).toEqual([`POST ${listPath}`, `GET /mj/task/${id}/fetch`, `POST ${listPath}`]);
  });

  it('is asked for its list again later, and has one call less per task once it has one', async () => {
    let hasList = false;
    const { provider, asked, clock } = aGateway((path) => {
      if (path !== listPath) return { body: running(idOf(path)) };
      return hasList ? { body: [running(), running('22')] } : { status: 404, body: '' };
    });
    const refs: Ref[] = [{ id }, { id: '22' }];
    await provider.look(refs, signal);
    hasList = true;
    clock.now += 11 * 60_000;
    await provider.look(refs, signal);
    await provider.look(refs, signal);
    const fetches = [`GET /mj/task/${id}/fetch`, 'GET /mj/task/22/fetch'];
    expect(asked).toEqual([`POST ${listPath}`, ...fetches, `POST ${listPath}`, `POST ${listPath}`]);
  });

  it("isn't remembered if nothing can be read", async () => {
    let isPage = true;
    const { provider, asked } = aGateway(() => (isPage ? { body: page } : { body: [running()] }));
    await expect(provider.look([{ id }], signal)).rejects.toMatchObject({ kind: 'malformed' });
    isPage = false;
    expect((await provider.look([{ id }], signal)).get(id)).toEqual(sees);
    expect(asked.at(-1)).toBe(`POST ${listPath}`);
  });

  it.each([
    ['a refused key', { status: 401, body: '' }, 'auth'],
    ['too many requests', { status: 429, body: '' }, 'busy'],
    ['no answer', new ProviderError('unavailable', 'the request failed (ECONNRESET)'), 'unavailable'],
  ] as const)("isn't assumed after %s", async (_what, answer, kind) => {
    const { provider, asked } = aGateway(() => answer);
    await expect(provider.look([{ id }], signal)).rejects.toMatchObject({ kind });
    expect(asked).toEqual([`POST ${listPath}`]);
  });

  it('stops asking once none of a handful can be read', async () => {
    const { provider, asked } = aGateway(() => ({ status: 502, body: 'no' }));
    const refs = Array.from({ length: 50 }, (_, index) => ({ id: String(index + 1) }));
    await expect(provider.look(refs, signal)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked.length).toBeLessThan(15);
  });

  it('loses no task to one whose answer is odd', async () => {
    const { provider } = aGateway((path) => {
      if (path === listPath) return { status: 404, body: '' };
      return idOf(path) === '7' ? { status: 500, body: 'no' } : { body: running(idOf(path)) };
    });
    const refs = Array.from({ length: 12 }, (_, index) => ({ id: String(index + 1) }));
    const seen = await provider.look(refs, signal);
    expect(seen.get('7')).toEqual({ state: 'running', unread: 'the API answered 500' });
    expect([...seen.values()].filter((update) => update.state === 'running')).toHaveLength(12);
    expect(seen.get('12')).toEqual(sees);
  });
});

describe('a list in an undocumented form', () => {
  const all = ['1', '2', '3', '4'];
  const refs = all.map((one) => ({ id: one }));
  const tasks = all.map(running);
  it.each<[string, Body]>([
    ['in an envelope', { code: 1, data: tasks }],
    ['in two', { code: 200, data: { total: 4, list: tasks } }],
    ['as the result', { code: 1, description: 'ok', result: tasks }],
    ['in pages', { data: { items: tasks.slice(0, 2), page: 1, pages: 2 } }],
    ['that ends after some', tasks.slice(0, 1)],
    ['that ignores the ids', [running('77'), running('78')]],
    ['that is null', null],
    ['that is empty', {}],
    ['in an envelope that is empty', { code: 1, data: null }],
    ['with one task as an object', tasks[0] ?? null],
    ['with ids as numbers', tasks.map((task) => ({ ...task, id: Number(task.id) }))],
    ['with ids under another name', tasks.map(({ id: taskId, ...task }) => ({ ...task, task_id: taskId }))],
    ['as text', JSON.stringify({ data: JSON.stringify(tasks) })],
    ['with holes', [null, 7, 'x', [], {}, ...tasks]],
  ])('%s is still read for every task', async (_what, body) => {
    const { provider } = aGateway((path) => {
      if (path === listPath) return { body };
      return isFetch(path) ? { body: running(idOf(path)) } : new Error(path);
    });
    expect(Object.fromEntries(await provider.look(refs, signal))).toEqual(
      Object.fromEntries(all.map((one) => [one, sees])),
    );
  });

  it('costs one call if it names every task', async () => {
    const { provider, asked } = aGateway(() => ({ body: tasks }));
    await provider.look(refs, signal);
    expect(asked).toEqual([`POST ${listPath}`]);
  });
});

function press(action: Action, token: string, index?: number): ProviderRequest {
  const offer = { action, token, ...(index === undefined ? {} : { index }) } as NonNullable<
    ProviderRequest['parent']
  >['offer'];
  return { ...anImagine, action, prompt: '', parent: { ref: { id }, offer } };
}

const aPicture = { bytes: Buffer.from('x'), type: 'image/png', url: 'https://cdn.example/x.png' } as const;
const accepted = { body: { code: 1, description: 'ok', result: '1799000000000002' } };
const u2 = press('upscale', 'MJ::JOB::upsample::2::u', 2);

describe('a gateway without buttons', () => {
  const surely = absences.filter(
    ([, { status, body }]) => (status === 404 || status === 405) && !String(body).startsWith('<'),
  );
  it.each(surely)(
    'that says so with %s is asked by letter and number, after one attempt, and from then on directly',
    async (_what, none) => {
      const bodies: unknown[] = [];
      const { provider, asked } = aGateway((path, { body }) => {
        bodies.push(body);
        return path === '/mj/submit/action' ? none : accepted;
      });
      expect((await provider.submit(u2, signal)).ref).toMatchObject({ id: '1799000000000002' });
      expect(
        (await provider.submit(press('reroll', 'MJ::JOB::reroll::0::u::SOLO'), signal)).ref,
      ).toMatchObject({
        id: '1799000000000002',
      });
      expect(asked).toEqual(['POST /mj/submit/action', 'POST /mj/submit/change', 'POST /mj/submit/change']);
      const accountFilter = { modes: ['FAST'] };
      expect(bodies.slice(1)).toEqual([
        { taskId: id, action: 'UPSCALE', index: 2, state: 'ours-1', accountFilter },
        { taskId: id, action: 'REROLL', index: 1, state: 'ours-1', accountFilter },
      ]);
    },
  );

  it.each([
    ['a web page', { status: 404, body: '<html><h1>404 Not Found</h1></html>' }],
    ['501', { status: 501, body: '' }],
  ])('that seems to say so with %s is asked by letter only for the next task', async (_what, none) => {
    const { provider, asked } = aGateway((path) => (path === '/mj/submit/action' ? none : accepted));
    await expect(provider.submit(u2, signal)).rejects.toMatchObject({ definite: false });
    expect(asked).toEqual(['POST /mj/submit/action']);
    await provider.submit(u2, signal);
    expect(asked).toEqual(['POST /mj/submit/action', 'POST /mj/submit/change']);
  });

  it.each<[string, { status?: number; body: Body } | ProviderError]>([
    ['a task', { status: 404, body: { code: 1, result: '1799000000000002' } }],
    ['404 and a task without a code', { status: 404, body: { result: '1799000000000002' } }],
    ["404 in the API's own words", { status: 404, body: { code: 3, description: '关联任务不存在或已失效' } }],
    ['a web page with 200', { body: page }],
    ['an empty 200', { body: '' }],
    ['500', { status: 500, body: 'no' }],
    ['502 and a web page', { status: 502, body: '<html>' }],
    ['400', { status: 400, body: { error: { message: 'unknown_action' } } }],
    ['a refused key', { status: 401, body: '' }],
    ['a code', { body: { code: 4, description: 'no' } }],
    ['a redirect', { status: 302, body: '' }],
    ['no answer', new ProviderError('unavailable', 'the request failed (ECONNRESET)')],
  ])("isn't reported by %s: a paid call is never made twice", async (_what, answer) => {
    const { provider, asked } = aGateway(() => answer);
    await provider.submit(u2, signal).catch(() => undefined);
    expect(asked).toEqual(['POST /mj/submit/action']);
  });

  it.each([
    ['a button without a letter', press('zoom-2x', 'MJ::Outpaint::50::1::u::SOLO')],
    ["a letter that it doesn't know", press('upscale', 'change:UPSCALE:2', 2)],
    ['more of a video', press('extend-low', 'extend:low:0:a fox', 1)],
  ])('refuses %s with a sentence, and definitely', async (_what, request) => {
    const { provider, asked } = aGateway(() => ({ status: 404, body: '' }));
    await expect(provider.submit(request, signal)).rejects.toMatchObject({
      kind: 'rejected',
      definite: true,
      reason: 'This gateway has no way to do that.',
    });
    expect(asked).toHaveLength(1);
  });

  it('refuses with a sentence if it has neither buttons nor letters, and tries each once', async () => {
    const { provider, asked } = aGateway(() => ({ status: 404, body: '' }));
    await expect(provider.submit(u2, signal)).rejects.toMatchObject({ kind: 'rejected', definite: true });
    expect(asked).toEqual(['POST /mj/submit/action', 'POST /mj/submit/change']);
  });

  it('is remembered for one speed only, if each has its own path', async () => {
    const { provider, asked } = aGateway(
      (path) => (path.startsWith('/relax') ? { status: 404, body: '' } : accepted),
      { kind: 'yutoai' },
    );
    const video = { ...anImagine, action: 'video', pictures: [aPicture] } as const;
    await provider.submit({ ...video, speed: 'relax' }, signal).catch(() => undefined);
    expect(provider.actions.has('video')).toBe(true);
    await provider.submit(video, signal);
    expect(asked).toEqual(['POST /relax/mj/submit/video', 'POST /fast/mj/submit/video']);
  });

  it('no longer offers letters once it turned out to have none', async () => {
    const done = { id, action: 'IMAGINE', status: 'SUCCESS', imageUrl: 'https://cdn.example/a.png' };
    const { provider } = aGateway((path) =>
      path === listPath ? { body: [done] } : { status: 404, body: '' },
    );
    const offersOf = async () => {
      const update = (await provider.look([{ id }], signal)).get(id);
      return update?.state === 'done' ? update.offers.length : undefined;
    };
    expect(await offersOf()).toBe(9);
    await provider.submit(press('upscale', 'change:UPSCALE:2', 2), signal).catch(() => undefined);
    expect(await offersOf()).toBe(0);
  });
});

describe('a gateway without a command', () => {
  it.each([
    ['shorten', '/mj/submit/shorten'],
    ['edit', '/mj/submit/edits'],
    ['video', '/mj/submit/video'],
    ['swap', '/mj/insight-face/swap'],
  ] as const)('no longer offers %s, for a while', async (action, path) => {
    const pictures = action === 'swap' ? [aPicture, aPicture] : [aPicture];
    const request = { ...anImagine, action, pictures };
    const { provider, asked, clock } = aGateway(() => ({ status: 404, body: '' }));
    expect(provider.actions.has(action)).toBe(true);
    await expect(provider.submit(request, signal)).rejects.toMatchObject({ definite: true, status: 404 });
    expect(asked).toEqual([`POST ${path}`]);
    expect(provider.actions.has(action)).toBe(false);
    expect(provider.actions.has('imagine')).toBe(true);
    clock.now += 11 * 60_000;
    expect(provider.actions.has(action)).toBe(true);
  });

  it('never mistakes a wrong address for a missing /imagine', async () => {
    const { provider } = aGateway(() => ({ status: 404, body: '' }));
    await expect(provider.submit(anImagine, signal)).rejects.toMatchObject({
      kind: 'malformed',
      definite: true,
    });
    expect(provider.actions.has('imagine')).toBe(true);
  });
});

describe('other routes a gateway may lack', () => {
  it.each(absences.filter(([, { status }]) => status !== 400))(
    'has no list to find a lost task in, after %s',
    async (_what, none) => {
      const { provider, asked } = aGateway(() => none);
      expect(await provider.find?.('ours-1', signal)).toBeUndefined();
      expect(await provider.find?.('ours-1', signal)).toBeUndefined();
      expect(asked).toEqual(['GET /mj/task/list']);
    },
  );

  it('finds a lost task in a list of any form', async () => {
    const { provider } = aGateway(() => ({
      body: { data: { records: [null, { ...running(), state: 'ours-1' }] } },
    }));
    expect(await provider.find?.('ours-1', signal)).toEqual({ id });
  });

  it("asks again for a list that a gateway in trouble couldn't return", async () => {
    const { provider, asked } = aGateway(() => ({ status: 502, body: '' }));
    await expect(provider.find?.('ours-1', signal)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(provider.find?.('ours-1', signal)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toHaveLength(2);
  });

  const routeless = absences.filter(
    ([, { status, body }]) => status === 404 || status === 405 || body === page,
  );
  it.each(routeless)('has no seeds, after %s', async (_what, none) => {
    const { provider } = aGateway(() => none);
    await expect(provider.seed?.({ id }, signal)).rejects.toMatchObject({ code: 'action-unavailable' });
  });

  it.each(routeless)("can't cancel, after %s", async (_what, none) => {
    const { provider } = aGateway(() => none);
    await expect(provider.cancel?.({ id }, signal)).rejects.toMatchObject({ kind: 'rejected' });
  });

  it.each([
    ['an empty 200', { body: '' }],
    ['204', { status: 204, body: '' }],
    ['a code', { body: { code: 1, description: 'ok' } }],
  ])('cancels if the answer is %s', async (_what, answer) => {
    const { provider } = aGateway(() => answer);
    await expect(provider.cancel?.({ id }, signal)).resolves.toBeUndefined();
  });
});

describe("a task that a gateway doesn't know", () => {
  const unknown: readonly [string, { status?: number; body: Body }][] = [
    ['204', { status: 204, body: '' }],
    ['200 and an empty body', { body: '' }],
    ['200 and null', { body: null }],
    ['200 and an empty object', { body: {} }],
    ['200 and an empty list', { body: [] }],
    ['200 and a task without values', { body: { id: null, status: null, imageUrl: null } }],
    ['200 and code 4', { body: { code: 4, description: 'task_no_found ' } }],
    ['200 and code 4 without words', { body: { code: 4 } }],
    ['200 and code 4 as text', { body: { code: '4', description: '', result: null } }],
    ['200 and code 3', { body: { code: 3, description: '数据不存在' } }],
    [
      '200 and an envelope with code 4',
      { body: { success: true, data: { code: 4, description: '任务不存在' } } },
    ],
    ['200 and words', { body: { success: false, message: 'Task not found' } }],
    [
      '400 task_no_found',
      { status: 400, body: { code: 4, description: 'task_no_found ', type: 'upstream_error' } },
    ],
    [
      '400 task_not_exist',
      { status: 400, body: { error: { message: 'task_not_exist', type: 'new_api_error' } } },
    ],
    ["404 in the API's own words", { status: 404, body: { code: 3, description: '任务不存在或已失效' } }],
    ['404 and a message', { status: 404, body: { code: 404, message: 'Task not found' } }],
  ];
  it.each(unknown)('is recognized by %s', async (_what, answer) => {
    const { provider } = aGateway((path) => (isFetch(path) ? answer : { status: 404, body: '' }));
    expect((await provider.look([{ id }], signal)).size).toBe(0);
  });

  it.each<[string, { status?: number; body: Body }]>([
    ['an empty 404', { status: 404, body: '' }],
    ['404 and a web page', { status: 404, body: '<html>404 task not found</html>' }],
    ['404 of a framework', { status: 404, body: { status: 404, error: 'Not Found' } }],
    ['404 of a new-api', { status: 404, body: { error: { message: 'Invalid URL (GET /mj/task/1/fetch)' } } }],
    ['a web page with 200', { body: page }],
    ['405', { status: 405, body: '' }],
    ['500 that says so', { status: 500, body: { code: 4, description: 'task_no_found' } }],
    ['a speed that is refused', { body: { code: 4, description: '无效的加速模式' } }],
    ['an account that is empty', { body: { code: 4, description: 'quota_not_enough' } }],
    ['a key that is refused', { body: { code: 4, description: '无效的令牌' } }],
    ['a code of its own', { body: { code: 9, description: 'internal error' } }],
    ['half of a task', { body: '{"id":"17990' }],
    ["another one's", { body: running('99') }],
  ])("isn't reported by %s", async (_what, answer) => {
    const { provider } = aGateway((path) => (isFetch(path) ? answer : { status: 404, body: '' }));
    await expect(provider.look([{ id }], signal)).rejects.toBeInstanceOf(ProviderError);
  });

  it.each<[string, Body]>([
    ['itself', running()],
    ['in a list', [running()]],
    ['in a list with others', [running('99'), running()]],
    ['as data', { code: 1, data: running() }],
    ['as the result', { code: 1, description: 'ok', result: running() }],
    ['as text', JSON.stringify(running())],
    ['without its id', { status: 'IN_PROGRESS', progress: '30%', action: 'IMAGINE' }],
    ['with its id as a number', { ...running(), id: Number(id) }],
    ['by another name of its id', { task_id: id, status: 'IN_PROGRESS', progress: '30%' }],
    ['in snake_case', { id, status: 'in_progress', progress: 30, image_url: null, fail_reason: null }],
    ['with a code', { ...running(), code: 1 }],
  ])('is known after all if it is shown %s', async (_what, body) => {
    const { provider } = aGateway((path) => (isFetch(path) ? { body } : { status: 404, body: '' }));
    expect((await provider.look([{ id }], signal)).get(id)).toEqual(sees);
  });
});
