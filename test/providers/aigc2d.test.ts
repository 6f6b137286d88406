import { MockAgent } from 'undici';
import { describe, expect, it } from 'vitest';
import type { ProviderError } from '../../src/errors.ts';
import { type Aigc2dOptions, createAigc2d } from '../../src/providers/aigc2d/index.ts';
import { NotConnectedError } from '../../src/providers/connections.ts';
import { createHttp, type Http } from '../../src/providers/http.ts';
import { parseJson } from '../../src/providers/json.ts';
import type { ProviderRequest } from '../../src/providers/provider.ts';
import type { Offer, Update } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';
import { describeProvider, type ProviderFixtures } from './contract.ts';

const origin = 'https://deployment.example';
const key = 'AIGC2D-canary-000111';
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
const picture = { bytes: Buffer.from('fox'), type: 'image/png', url: 'https://cdn.example/fox.png' } as const;
const dataUrl = `data:image/png;base64,${picture.bytes.toString('base64')}`;
/** Above 2^53, and odd: a JavaScript number can't represent it. */
const id = '451234567890123457';

const imagine: ProviderRequest = { ...anImagine, prompt: 'a fox --ar 3:2' };
const followUp = (action: 'upscale' | 'variation', index: number): ProviderRequest => ({
  ...imagine,
  action,
  parent: { ref: { id, action: 'imagine' }, offer: { action, index, token: action.toUpperCase() } },
});
const acceptedText = `{"code":0,"message":"success","task_id":${id}}`;
const started = (action: string) => ({ ref: { id, action }, update: { state: 'running' } }) as const;

const ref = { id, action: 'imagine' };
const imageUrl = 'https://pictures.example/fox.png';
/** The documented body, with the id as a bare number. */
const task = (fields: object) => ({
  body: JSON.stringify({
    code: 0,
    message: 'success',
    task_id: 'the id',
    action: 'IMAGINE',
    prompt: 'a fox',
    state: '',
    ...fields,
  }).replace('"the id"', id),
});
const seen = (update: Update) => ({ [id]: update });
const finished = { status: 'SUCCESS', progress: '100%', image_url: imageUrl };
const each = (action: 'upscale' | 'variation'): Offer[] =>
  [1, 2, 3, 4].map((index) => ({ action, index, token: action.toUpperCase() }));
const grid: Update = {
  state: 'done',
  media: [{ kind: 'picture', url: imageUrl }],
  offers: [...each('upscale'), ...each('variation')],
};

const fixtures: ProviderFixtures = {
  origin,
  key,
  anyRequest: imagine,
  anyRef: ref,
  submits: [
    {
      what: 'imagine, answered with a number above 2^53 as its id,',
      request: imagine,
      sends: {
        method: 'POST',
        path: '/mj/submit/imagine',
        headers,
        body: { prompt: 'a fox --ar 3:2', state: 'ours-1' },
      },
      answer: { body: acceptedText },
      gives: started('imagine'),
    },
    {
      what: 'imagine with a picture and a callback',
      request: { ...imagine, pictures: [picture], callbackUrl: 'https://relay.example/callback' },
      sends: {
        method: 'POST',
        path: '/mj/submit/imagine',
        headers,
        body: {
          prompt: 'a fox --ar 3:2',
          base64Array: [dataUrl],
          state: 'ours-1',
          notifyHook: 'https://relay.example/callback',
        },
      },
      answer: { body: { code: 0, message: 'success', task_id: id } },
      gives: started('imagine'),
    },
    {
      what: 'U2',
      request: followUp('upscale', 2),
      sends: {
        method: 'POST',
        path: '/mj/submit/change',
        headers,
        body: { taskId: id, action: 'UPSCALE', index: 2, state: 'ours-1' },
      },
      answer: { body: acceptedText },
      gives: started('upscale'),
    },
    {
      what: 'V4',
      request: followUp('variation', 4),
      sends: {
        method: 'POST',
        path: '/mj/submit/change',
        headers,
        body: { taskId: id, action: 'VARIATION', index: 4, state: 'ours-1' },
      },
      answer: { body: acceptedText },
      gives: started('variation'),
    },
    {
      what: 'describe',
      request: { ...imagine, action: 'describe', prompt: '', pictures: [picture] },
      sends: {
        method: 'POST',
        path: '/mj/submit/describe',
        headers,
        body: { base64: dataUrl, state: 'ours-1' },
      },
      answer: { body: acceptedText },
      gives: started('describe'),
    },
    {
      what: 'blend, answered by a plain midjourney-proxy,',
      request: {
        ...imagine,
        action: 'blend',
        prompt: '',
        pictures: [picture, picture],
        options: { dimensions: 'portrait' },
      },
      sends: {
        method: 'POST',
        path: '/mj/submit/blend',
        headers,
        body: { base64Array: [dataUrl, dataUrl], dimensions: 'PORTRAIT', state: 'ours-1' },
      },
      answer: { body: { code: 22, description: '排队中', result: id, properties: { numberOfQueues: 2 } } },
      gives: { ref: { id, action: 'blend' }, update: { state: 'running', queue: 2 } },
    },
  ],
  refusals: [
    {
      what: 'a code other than 0',
      answer: { body: { code: 1, message: 'prompt is malformed' } },
      kind: 'rejected',
      reason: 'prompt is malformed',
      definite: true,
    },
    { what: 'no points left', answer: { body: { code: 5, message: '点数不足' } }, kind: 'balance' },
    {
      what: 'a banned word from a plain midjourney-proxy',
      answer: { body: { code: 24, description: '可能包含敏感词', properties: { bannedWord: 'grim' } } },
      kind: 'rejected',
      reason: 'Banned word: grim',
    },
    {
      what: 'a full queue from a plain midjourney-proxy',
      answer: { body: { code: 23, description: '队列已满，请稍后尝试' } },
      kind: 'busy',
    },
    {
      what: 'an error in the shape of an OpenAI gateway',
      answer: { status: 400, body: { error: { message: 'no such model', type: 'x' } } },
      kind: 'rejected',
      reason: 'no such model',
    },
    { what: 'a refused key', answer: { status: 401, body: '' }, kind: 'auth' },
    { what: 'a key without permission', answer: { status: 403, body: {} }, kind: 'auth' },
    { what: 'an account to be paid', answer: { status: 402, body: {} }, kind: 'balance' },
    {
      what: 'too many requests',
      answer: { status: 429, body: '', headers: { 'retry-after': '4' } },
      kind: 'busy',
      retryAfterMs: 4_000,
    },
    { what: 'a crash', answer: { status: 500, body: 'oh' }, kind: 'unavailable', definite: false },
    { what: 'a bad gateway', answer: { status: 502, body: '<html>' }, kind: 'unavailable', definite: false },
    { what: 'a 404', answer: { status: 404, body: { error: 'no' } }, kind: 'malformed', definite: true },
    { what: 'a web page', answer: { body: ' <!doctype html>' }, kind: 'malformed', definite: false },
    {
      what: 'a web page with 403',
      answer: { status: 403, body: '<html>' },
      kind: 'malformed',
      definite: false,
    },
    { what: 'a redirect', answer: { status: 301, body: '' }, kind: 'malformed', definite: false },
    { what: 'half of a JSON', answer: { body: '{"code":0,"ta' }, kind: 'malformed', definite: false },
    { what: 'an empty body', answer: { body: '' }, kind: 'malformed', definite: false },
    {
      what: 'an acceptance without an id',
      answer: { body: { code: 0, message: 'success' } },
      kind: 'malformed',
      definite: false,
    },
    { what: 'a JSON of another kind', answer: { body: [1] }, kind: 'malformed', definite: false },
    { what: 'a JSON without a code', answer: { body: { ok: true } }, kind: 'malformed', definite: false },
  ],
  look: {
    sends: { method: 'GET', path: `/mj/task/${id}/fetch` },
    states: [
      {
        what: 'a task that waits',
        refs: [ref],
        answer: task({ status: 'NOT_START', progress: '0%', image_url: '' }),
        gives: seen({ state: 'running', progress: 0 }),
      },
      {
        what: 'progress and a preview',
        refs: [ref],
        answer: task({ status: 'IN_PROGRESS', progress: '46%', image_url: imageUrl }),
        gives: seen({ state: 'running', progress: 46, preview: imageUrl }),
      },
      {
        what: "a task at 100% that isn't done",
        refs: [ref],
        answer: task({ status: 'IN_PROGRESS', progress: '100%' }),
        gives: seen({ state: 'running', progress: 100 }),
      },
      {
        what: "a grid, its points, and its time in China's time zone",
        refs: [ref],
        answer: task({ ...finished, finish_time: '2026-03-01 08:30:05', point: 100 }),
        gives: seen({
          ...grid,
          facts: { cost: { amount: 100, unit: 'points' }, finishedAt: Date.UTC(2026, 2, 1, 0, 30, 5) },
        }),
      },
      {
        what: 'all its times',
        refs: [ref],
        answer: task({
          ...finished,
          submit_time: '2026-03-01 08:29:00',
          start_time: '2026-03-01 08:29:10',
          finish_time: '2026-03-01 08:30:05',
        }),
        gives: seen({
          ...grid,
          facts: {
            submittedAt: Date.UTC(2026, 2, 1, 0, 29, 0),
            startedAt: Date.UTC(2026, 2, 1, 0, 29, 10),
            finishedAt: Date.UTC(2026, 2, 1, 0, 30, 5),
          },
        }),
      },
      {
        what: 'a grid without times or points',
        refs: [ref],
        answer: task({ ...finished, finish_time: '', point: null }),
        gives: seen(grid),
      },
      {
        what: 'a variation',
        refs: [{ id, action: 'variation' }],
        answer: task({ ...finished, action: 'VARIATION' }),
        gives: seen(grid),
      },
      {
        what: 'an upscaled picture, with no follow-ups',
        refs: [{ id, action: 'upscale' }],
        answer: task({ ...finished, action: 'UPSCALE' }),
        gives: seen({ ...grid, offers: [] }),
      },
      {
        what: 'a task from a plain midjourney-proxy',
        refs: [ref],
        answer: {
          body: `{"id":${id},"action":"IMAGINE","status":"SUCCESS","imageUrl":"${imageUrl}","finishTime":1772325005000}`,
        },
        gives: seen({ ...grid, facts: { finishedAt: 1_772_325_005_000 } }),
      },
      {
        what: 'a description',
        refs: [{ id, action: 'describe' }],
        answer: task({
          ...finished,
          action: 'DESCRIBE',
          properties: { finalPrompt: '1️⃣ a fox --ar 5:4\n\n2️⃣ a [red](https://x.example/a) hare\n\n3. an owl' },
        }),
        gives: seen({
          state: 'done',
          media: [],
          text: ['a fox --ar 5:4', 'a red hare', 'an owl'],
          offers: [],
        }),
      },
      {
        what: 'a description in the prompt',
        refs: [{ id, action: 'describe' }],
        answer: task({ ...finished, prompt: '1️⃣ a fox' }),
        gives: seen({ state: 'done', media: [], text: ['a fox'], offers: [] }),
      },
      {
        what: "a description that isn't there yet",
        refs: [{ id, action: 'describe' }],
        answer: task({ ...finished, prompt: '' }),
        gives: seen({ state: 'running' }),
      },
      {
        what: "a success whose picture isn't there yet",
        refs: [ref],
        answer: task({ ...finished, image_url: '' }),
        gives: seen({ state: 'running' }),
      },
      ...['FAILURE', 'failed', 'FAIL', 'CANCEL'].map((status) => ({
        what: `a failure that is called ${status}`,
        refs: [ref],
        answer: task({ status, fail_reason: 'Banned prompt', progress: '' }),
        gives: seen({ state: 'failed', kind: 'rejected', reason: 'Banned prompt' }),
      })),
      {
        what: 'a failure whose reason is its message',
        refs: [ref],
        answer: task({ status: 'FAILURE', message: 'Banned prompt' }),
        gives: seen({ state: 'failed', kind: 'rejected', reason: 'Banned prompt' }),
      },
      {
        what: 'a failure without a reason',
        refs: [ref],
        answer: task({ status: 'FAILURE' }),
        gives: seen({ state: 'failed', kind: 'rejected' }),
      },
      {
        what: 'an API that gave up after its fifteen minutes',
        refs: [ref],
        answer: task({ status: 'FAILURE', fail_reason: '任务超时' }),
        gives: seen({ state: 'failed', kind: 'timeout' }),
      },
      { what: 'nothing in an empty answer', refs: [ref], answer: { body: '' }, gives: {} },
      ...(
        [
          ['with its zone', '2026-03-01T00:30:05Z'],
          ['with another zone', '2026-03-01T01:30:05+01:00'],
          ['with slashes', '2026/03/01 08:30:05'],
          ['in seconds', 1_772_325_005],
          ['in milliseconds as text', '1772325005000'],
        ] as const
      ).map(([form, finish_time]) => ({
        what: `the time of its end ${form}`,
        refs: [ref],
        answer: task({ ...finished, finish_time, point: '100' }),
        gives: seen({
          ...grid,
          facts: { cost: { amount: 100, unit: 'points' }, finishedAt: 1_772_325_005_000 },
        }),
      })),
      ...['yesterday', '0', 0, -5].map((finish_time) => ({
        what: `no time of its end in ${finish_time}`,
        refs: [ref],
        answer: task({ ...finished, finish_time, point: null }),
        gives: seen(grid),
      })),
      ...(
        [
          ['null', 200, 'null'],
          ['an empty object', 200, {}],
          ['code 4', 200, { code: 4, description: 'task_no_found ' }],
          ['words', 404, { code: 404, message: 'task not found' }],
        ] as const
      ).map(([form, status, body]) => ({
        what: `nothing of a task that is not known, by ${form}`,
        refs: [ref],
        answer: { status, body },
        gives: {},
      })),
      {
        what: 'nothing about an unknown task',
        refs: [ref],
        answer: { body: { code: 3, description: '任务不存在' } },
        gives: {},
      },
    ],
    failures: [
      { what: 'a refused key', answer: { status: 401, body: '' }, kind: 'auth' },
      {
        what: 'too many requests',
        answer: { status: 429, body: '', headers: { 'retry-after': '3' } },
        kind: 'busy',
        retryAfterMs: 3_000,
      },
      { what: 'a crash', answer: { status: 500, body: 'no' }, kind: 'unavailable' },
      { what: 'a web page', answer: { body: '<html>' }, kind: 'malformed' },
      { what: 'a JSON without a task', answer: { body: { hello: 1 } }, kind: 'malformed' },
      { what: 'a code other than 0', answer: { body: { code: 7, message: 'later' } }, kind: 'rejected' },
    ],
  },
  calls: [
    {
      what: 'the balance',
      call: (provider, signal) => provider.balance?.(signal),
      sends: {
        method: 'GET',
        path: '/dashboard/billing/credit_grants',
        headers: { authorization: `Bearer ${key}` },
      },
      answer: { body: { object: 'credit_summary', total_available: 9_700 } },
      gives: { amount: 9_700, unit: 'points' },
    },
  ],
  callbacks: [
    { what: 'an exact id', body: parseJson(task(finished).body), gives: { id, action: 'imagine' } },
    { what: 'an id that lost its last digits', body: JSON.parse(task(finished).body), gives: undefined },
    {
      what: 'the id from a plain midjourney-proxy',
      body: { id: '17', status: 'SUCCESS' },
      gives: { id: '17', action: 'imagine' },
    },
    { what: 'no id', body: { status: 'SUCCESS' }, gives: undefined },
    { what: 'a malformed id', body: { task_id: '../17' }, gives: undefined },
    { what: 'nonsense', body: [7], gives: undefined },
    { what: 'nothing', body: undefined, gives: undefined },
  ],
};

function create(http: Http, options: Partial<Aigc2dOptions> = {}) {
  return createAigc2d({ http, account: 'my-main', apiKey: key, baseUrl: origin, ...options });
}

describeProvider('aigc2d', (http) => create(http), fixtures);

describe('aigc2d', () => {
  const signal = AbortSignal.timeout(60_000);

  /** Answers everything, and records what was sent. */
  function answering(status: number, body: string, options: Partial<Aigc2dOptions> = {}) {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const sent: { path: string; body: unknown }[] = [];
    agent
      .get(origin)
      .intercept({ path: () => true, method: () => true })
      .reply((request) => {
        sent.push({ path: request.path, body: request.body ? JSON.parse(String(request.body)) : undefined });
        return { statusCode: status, data: body };
      })
      .persist();
    return { provider: create(createHttp({ dispatcher: agent }), options), sent };
  }

  async function errorOf(work: Promise<unknown>): Promise<ProviderError> {
    return work.then(
      () => expect.fail('it should have failed'),
      (error: ProviderError) => error,
    );
  }

  it('follows the routes of a deployment', async () => {
    const { provider, sent } = answering(200, acceptedText, {
      routes: {
        fields: 'snake',
        callback: 'callback_url',
        paths: { imagine: '/v1/imagine', upscale: '/v1/upscale', task: '/v1/task?task_id={id}' },
      },
    });
    const callbackUrl = 'https://relay.example/callback';
    await provider.submit({ ...imagine, pictures: [picture], callbackUrl }, signal);
    await provider.submit(followUp('upscale', 1), signal);
    await provider.submit(followUp('variation', 1), signal);
    await provider.look([ref], signal);
    expect(sent).toEqual([
      {
        path: '/v1/imagine',
        body: {
          prompt: 'a fox --ar 3:2',
          base64_array: [dataUrl],
          state: 'ours-1',
          callback_url: callbackUrl,
        },
      },
      { path: '/v1/upscale', body: { task_id: id, action: 'UPSCALE', index: 1, state: 'ours-1' } },
      { path: '/mj/submit/change', body: { task_id: id, action: 'VARIATION', index: 1, state: 'ours-1' } },
      { path: `/v1/task?task_id=${id}`, body: undefined },
    ]);
  });

  const sentence =
    /PROVIDER_MY_MAIN_BASE_URL .* PROVIDER_MY_MAIN_ROUTES .* \(the public service was suspended in October 2023; .* https:\/\/apigw\.aigc2d\.com\)$/;

  it.each([
    [404, '{"error":"not found"}'],
    [404, ''],
    [200, '<!doctype html><title>For sale</title>'],
    [301, ''],
  ])('tells the operator what to set if the answer is %i %j', async (status, body) => {
    const { provider } = answering(status, body);
    for (const work of [provider.submit(imagine, signal), provider.balance?.(signal)]) {
      const error = await errorOf(Promise.resolve(work));
      expect(error.message).toMatch(sentence);
      expect(error.reason).toBeUndefined();
    }
    expect((await errorOf(provider.look([ref], signal))).message).toMatch(sentence);
  });

  it('tells the operator what to set if the host is unknown', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const failure = new NotConnectedError(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    agent
      .get('https://api.aigc2d.com')
      .intercept({ path: () => true, method: () => true })
      .replyWithError(failure);
    const provider = create(createHttp({ dispatcher: agent }), { baseUrl: undefined });
    const error = await errorOf(provider.submit(imagine, signal));
    expect(error).toMatchObject({ kind: 'unavailable', definite: true, reason: undefined });
    expect(error.message).toContain('ENOTFOUND');
    expect(error.message).toMatch(sentence);
  });

  it('can do what is documented, at one speed, and has no list to search in', () => {
    const { provider } = answering(200, '');
    expect([...provider.actions]).toEqual(['imagine', 'upscale', 'variation', 'describe', 'blend']);
    expect([...provider.speeds]).toEqual(['fast']);
    expect(provider.find).toBeUndefined();
  });
});
