import { describe, expect, it } from 'vitest';
import { toOffer } from '../../src/providers/mj-proxy/buttons.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy } from '../../src/providers/mj-proxy/index.ts';
import type { ProviderRequest } from '../../src/providers/provider.ts';
import { anImagine } from '../helpers/requests.ts';
import type { ProviderFixtures } from './contract.ts';
import {
  callbacks,
  callsOf,
  describeMjProxy,
  resultStates,
  submitsOf,
  videoStates,
  type Wire,
} from './mj-proxy-fixtures.ts';

const origin = 'https://gateway.example';
const key = 'sk-canary-000111222';
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
const wire: Wire = {
  headers: { authorization: `Bearer ${key}` },
  prefix: '',
  lacks: [],
  extendIndexAs: 'number',
};
const uuid = '0badcafe-0000-4000-8000-000000000001';
const facts = { jobId: uuid };
const pick = { action: 'upscale', index: 2, token: `MJ::JOB::upsample::2::${uuid}` } as const;
const picture = {
  bytes: Buffer.from('not really a picture'),
  type: 'image/png',
  url: 'https://cdn.example/fox.png',
} as const;

const imagine: ProviderRequest = { ...anImagine, prompt: 'a fox --ar 3:2' };
const accepted = { code: 1, description: 'Submit success', result: '1799000000000001', properties: {} };
const running = { ref: { id: '1799000000000001' }, update: { state: 'running' } } as const;
/** It had begun before, so whoever asked for it second must not cancel it. */
const existing = { ...running, ref: { id: '1799000000000001', shared: 'yes' } } as const;
const press: ProviderRequest = {
  ...imagine,
  action: 'upscale',
  parent: { ref: { id: '14001934816969359' }, offer: pick },
};
const sendsPress = {
  method: 'POST',
  path: '/mj/submit/action',
  headers,
  body: {
    taskId: '14001934816969359',
    customId: pick.token,
    state: 'ours-1',
    accountFilter: { modes: ['FAST'] },
  },
};
const sendsImagine = { method: 'POST', path: '/mj/submit/imagine', headers };
const accountFilter = { modes: ['FAST'] };
const imagineBody = {
  botType: 'MID_JOURNEY',
  prompt: 'a fox --ar 3:2',
  base64Array: [],
  state: 'ours-1',
  accountFilter,
};

const listed = (task: object) => ({ body: [{ id: '1799000000000001', action: 'IMAGINE', ...task }] });
const refs = [{ id: '1799000000000001' }];
const sees = (update: ProviderFixtures['look']['states'][number]['gives'][string]) => ({
  '1799000000000001': update,
});
const imageUrl = 'https://cdn.example/a/b.png?ex=6728&is=6727&hm=f6d7&';
const success = { status: 'SUCCESS', progress: '100%', imageUrl };

const fixtures: ProviderFixtures = {
  origin,
  key,
  anyRequest: imagine,
  anyRef: { id: '1799000000000001' },
  calls: callsOf(wire, { hasSeed: true }),
  callbacks,
  submits: [
    ...submitsOf(wire),
    {
      what: 'imagine',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: { body: accepted },
      gives: running,
    },
    {
      what: 'imagine with a picture, relaxed and with niji',
      request: { ...imagine, prompt: 'a fox --niji 6', speed: 'relax', pictures: [picture] },
      sends: {
        ...sendsImagine,
        body: {
          botType: 'NIJI_JOURNEY',
          prompt: 'a fox --niji 6 --relax',
          base64Array: [`data:image/png;base64,${picture.bytes.toString('base64')}`],
          state: 'ours-1',
          accountFilter: { modes: ['RELAX'] },
        },
      },
      answer: { body: accepted },
      gives: running,
    },
    {
      what: 'a button',
      request: press,
      sends: sendsPress,
      answer: { body: accepted },
      gives: running,
    },
    {
      what: 'imagine, answered with a number above 2^53 as its id,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: {
        body: '{"code":1,"description":"ok","result":14001934816969359,"properties":null,"extra":{"a":[1]}}',
      },
      gives: { ref: { id: '14001934816969359' }, update: { state: 'running' } },
    },
    {
      what: 'imagine, answered as queued,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: {
        body: {
          ...accepted,
          code: 22,
          description: '排队中，前面还有3个任务',
          properties: { numberOfQueues: 3 },
        },
      },
      gives: { ref: { id: '1799000000000001' }, update: { state: 'running', queue: 3 } },
    },
    {
      what: 'imagine, answered as queued, in words about a window that was answered by itself,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: { body: { ...accepted, code: 22, properties: { numberOfQueues: 3, remix: true } } },
      gives: { ref: { id: '1799000000000001' }, update: { state: 'running', queue: 3 } },
    },
    {
      what: 'imagine, answered as already existing,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: { body: { ...accepted, code: 21, properties: { status: 'SUCCESS', imageUrl } } },
      gives: existing,
    },
    {
      what: 'imagine, answered with the id of some task and nothing else,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: { body: { ...accepted, code: 21, description: '任务已存在' } },
      gives: existing,
    },
    {
      what: 'imagine, answered with the id of some task in words that nobody documents,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: { body: { ...accepted, code: 21, description: 'Invalid parameters' } },
      gives: existing,
    },
    {
      what: 'imagine, answered with a task that waits for a window,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: { body: { ...accepted, code: 21, properties: { status: 'MODAL', finalPrompt: 'a fox' } } },
      gives: { ref: { id: '1799000000000001' }, update: { state: 'asking', prompt: 'a fox' } },
    },
    {
      what: 'a button, answered with 21 and an id only,',
      request: press,
      sends: sendsPress,
      answer: { body: { code: 21, result: '1799000000000001' } },
      gives: { ref: { id: '1799000000000001' }, update: { state: 'asking' } },
    },
    {
      what: 'a button, answered with a result that existed,',
      request: press,
      sends: sendsPress,
      answer: { body: { ...accepted, code: 21, properties: { status: 'SUCCESS', imageUrl } } },
      gives: existing,
    },
    {
      what: 'a button, answered with a result that existed, in words,',
      request: press,
      sends: sendsPress,
      answer: { body: { ...accepted, code: 21, description: '任务已存在' } },
      gives: existing,
    },
    {
      what: 'imagine, answered with a modal,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: {
        body: {
          ...accepted,
          code: 21,
          description: 'Waiting for window confirm',
          properties: { finalPrompt: 'a fox', remix: true },
        },
      },
      gives: { ref: { id: '1799000000000001' }, update: { state: 'asking', prompt: 'a fox' } },
    },
    {
      what: 'imagine, answered with a modal that the gateway hides,',
      request: imagine,
      sends: { ...sendsImagine, body: imagineBody },
      answer: {
        body: {
          ...accepted,
          description: 'Waiting for window confirm',
          properties: { finalPrompt: '', remix: true },
        },
      },
      gives: { ref: { id: '1799000000000001' }, update: { state: 'asking' } },
    },
  ],
  refusals: [
    {
      what: 'a validation error',
      answer: { body: { code: 4, description: 'prompt error' } },
      kind: 'rejected',
      reason: 'prompt error',
    },
    {
      what: 'a banned word',
      answer: {
        body: { code: 24, description: '可能包含敏感词', properties: { promptEn: 'x', bannedWord: 'grim' } },
      },
      kind: 'rejected',
      reason: 'Banned word: grim',
    },
    {
      what: "4allapi's 21",
      answer: { body: { code: 21, description: 'Invalid parameters', result: null } },
      kind: 'rejected',
      reason: 'Invalid parameters',
      definite: true,
    },
    {
      what: "4allapi's 21 with its sentence in place of an id",
      answer: { body: { code: 21, description: 'Invalid parameters', result: 'prompt', properties: {} } },
      kind: 'rejected',
      reason: 'Invalid parameters',
      definite: true,
    },
    {
      what: "4allapi's 21 in an envelope with words of its own",
      answer: { body: { code: 200, message: 'ok', data: { code: 21, description: 'Invalid parameters' } } },
      kind: 'rejected',
      reason: 'Invalid parameters',
    },
    {
      what: '21 without words in an envelope that has some',
      answer: { body: { code: 200, message: 'ok', data: { code: 21, result: null } } },
      kind: 'malformed',
      definite: false,
    },
    {
      what: '21 without a word',
      answer: { body: { code: 21, result: null } },
      kind: 'malformed',
      definite: false,
    },
    {
      what: "4allapi's 23",
      answer: { body: { code: 23, description: 'System error', result: null } },
      kind: 'faulty',
      reason: 'System error',
      definite: true,
    },
    { what: '23 without words', answer: { body: { code: 23 } }, kind: 'busy' },
    {
      what: '23 with words about a queue that nobody documents',
      answer: { body: { code: 23, description: 'The waiting queue has no room' } },
      kind: 'busy',
    },
    {
      what: "4allapi's 24",
      answer: { body: { code: 24, description: 'Account unavailable', result: null } },
      kind: 'faulty',
      reason: 'Account unavailable',
      definite: true,
    },
    {
      what: '24 about an account in Chinese',
      answer: { body: { code: 24, description: '账号不可用: 1118138338562560102' } },
      kind: 'faulty',
    },
    {
      what: '24 about words only',
      answer: { body: { code: 24, description: '可能包含敏感词' } },
      kind: 'rejected',
      reason: '可能包含敏感词',
    },
    {
      what: '24 with a banned word in a sentence about an account',
      answer: { body: { code: 24, description: 'Account unavailable', properties: { bannedWord: 'grim' } } },
      kind: 'rejected',
      reason: 'Banned word: grim',
    },
    {
      what: 'no account that can be used',
      answer: { body: { code: 3, description: '无可用的账号实例' } },
      kind: 'faulty',
      definite: true,
    },
    {
      what: 'a task that is unknown there',
      answer: { body: { code: 3, description: '关联任务不存在或已失效' } },
      kind: 'rejected',
    },
    {
      what: "4allapi's 25 in words of its own",
      answer: { body: { code: 25, description: 'Please recharge', result: null } },
      kind: 'balance',
    },
    {
      what: '25 without words',
      answer: { status: 400, body: { code: 25 } },
      kind: 'balance',
    },
    {
      what: 'a full queue',
      answer: { body: { code: 23, description: '队列已满，请稍后尝试' } },
      kind: 'busy',
    },
    {
      what: 'a full queue with an id, as the documents show it',
      answer: { body: { code: 23, description: '队列已满，请稍后尝试', result: '14001929738841620' } },
      kind: 'busy',
    },
    {
      what: 'a refusal in an envelope that is a success',
      answer: { body: { code: 200, data: { code: 24, properties: { bannedWord: 'grim' }, result: '1799' } } },
      kind: 'rejected',
      reason: 'Banned word: grim',
    },
    {
      what: 'a refusal whose code is text',
      answer: { body: { code: '4', description: 'no', result: '' } },
      kind: 'rejected',
      reason: 'no',
    },
    {
      what: 'an error with the id of its request',
      answer: { body: { id: 'request-1799', error: { message: 'boom' } } },
      kind: 'rejected',
    },
    {
      what: 'a failure with the id of its request, and without words',
      answer: { body: { id: 'request-1799', success: false } },
      kind: 'malformed',
      definite: false,
    },
    {
      what: 'a wrong key as a code',
      answer: { body: { code: 401, msg: 'token' } },
      kind: 'auth',
    },
    {
      what: 'a crash as a code',
      answer: { body: { code: 500, msg: 'internal' } },
      kind: 'unavailable',
      definite: false,
    },
    {
      what: 'a full queue in words only',
      answer: { body: { code: 9, description: '提交失败，队列已满，请稍后重试' } },
      kind: 'busy',
    },
    {
      what: 'a saturated channel',
      answer: { status: 429, body: { code: 30, description: 'saturated' } },
      kind: 'busy',
    },
    {
      what: 'a saturated channel, with 200',
      answer: { body: { code: 30, description: '当前分组负载已饱和' } },
      kind: 'busy',
    },
    {
      what: 'too many requests',
      answer: { status: 429, body: 'slow down', headers: { 'retry-after': '7' } },
      kind: 'busy',
      retryAfterMs: 7_000,
    },
    {
      what: 'an empty account',
      answer: { status: 400, body: { code: 4, description: 'quota_not_enough ', type: 'upstream_error' } },
      kind: 'balance',
    },
    {
      what: 'a refused key',
      answer: { status: 401, body: { error: { message: 'Invalid token', type: 'new_api_error' } } },
      kind: 'auth',
    },
    {
      what: 'a forbidden model',
      answer: { status: 403, body: { error: { message: 'no access', type: 'new_api_error' } } },
      kind: 'auth',
    },
    {
      what: 'an unknown button',
      answer: { status: 400, body: { error: { message: 'unknown_action', type: 'new_api_error' } } },
      kind: 'rejected',
      reason: 'unknown_action',
      definite: true,
    },
    {
      what: 'a gateway without a channel',
      answer: {
        status: 503,
        body: { error: { message: 'no channel', type: 'new_api_error', code: 'model_not_found' } },
      },
      kind: 'busy',
      definite: true,
    },
    {
      what: 'an exception in another shape',
      answer: { body: { success: false, code: -1, message: 'boom' } },
      kind: 'rejected',
      reason: 'boom',
    },
    {
      what: "an API behind the gateway that didn't answer",
      answer: { status: 400, body: { code: 5, description: 'do_request_failed', type: 'upstream_error' } },
      kind: 'unavailable',
      definite: false,
    },
    {
      what: 'an acceptance without an id',
      answer: { body: { code: 1, description: 'ok' } },
      kind: 'malformed',
      definite: false,
    },
    { what: 'an empty body', answer: { body: '' }, kind: 'malformed', definite: false },
    { what: 'half of a JSON', answer: { body: '{"code":1,"descr' }, kind: 'malformed', definite: false },
    { what: 'a web page', answer: { body: '<html>hello</html>' }, kind: 'malformed', definite: false },
    {
      what: 'a bad gateway',
      answer: { status: 502, body: '<html>bad gateway</html>' },
      kind: 'unavailable',
      definite: false,
    },
    {
      what: 'a crash',
      answer: { status: 500, body: 'panic: index out of range' },
      kind: 'unavailable',
      definite: false,
    },
    {
      what: 'a redirect',
      answer: { status: 302, body: '', headers: { location: 'http://127.0.0.1/' } },
      kind: 'malformed',
      definite: false,
    },
    {
      what: "a new-api's own page, for a route that it does not have",
      answer: { body: '<!doctype html><html><body><div id="root"></div></body></html>' },
      kind: 'malformed',
      definite: false,
    },
    {
      what: 'a web page because the address is wrong',
      answer: { status: 404, body: '<html>' },
      kind: 'malformed',
      definite: false,
    },
    { what: 'a JSON of another kind', answer: { body: [1, 2] }, kind: 'malformed', definite: false },
  ],
  look: {
    sends: { method: 'POST', path: '/mj/task/list-by-condition' },
    states: [
      ...[...resultStates({ refusesTexts: true }), ...videoStates({ refusesPicks: true })].map(
        ({ what, task, gives }) => ({
          what,
          refs,
          answer: listed(task),
          gives: sees(gives),
        }),
      ),
      {
        what: "a task that the gateway hasn't refreshed yet",
        refs,
        answer: listed({ status: '', progress: '0%' }),
        gives: sees({ state: 'running', progress: 0 }),
      },
      {
        what: 'progress',
        refs,
        answer: listed({ status: 'IN_PROGRESS', progress: '65%', buttons: null, imageUrl: '' }),
        gives: sees({ state: 'running', progress: 65 }),
      },
      ...(
        [
          ['as a number', 65, 65],
          ['as text without a sign', '100', 100],
          ['with decimals', '65.9 %', 65],
          ['of one', '1.0', 1],
          ['as a fraction', 0.65, 65],
          ['beyond all', '250%', 100],
        ] as const
      ).map(([form, progress, shown]) => ({
        what: `progress ${form}`,
        refs,
        answer: listed({ status: 'IN_PROGRESS', progress }),
        gives: sees({ state: 'running', progress: shown }),
      })),
      {
        what: 'progress that is null',
        refs,
        answer: listed({ status: 'IN_PROGRESS', progress: null }),
        gives: sees({ state: 'running' }),
      },
      ...['success', 'Success', ' SUCCEEDED ', 'completed'].map((status) => ({
        what: `a picture whose status is ${status}`,
        refs,
        answer: listed({ ...success, status, buttons: [] }),
        gives: sees({ state: 'done', media: [{ kind: 'picture', url: imageUrl }], offers: [] }),
      })),
      ...['CANCEL', 'CANCELLED', 'canceled'].map((status) => ({
        what: `a task whose status is ${status}`,
        refs,
        answer: listed({ status, failReason: '' }),
        gives: sees({ state: 'failed', kind: 'withdrawn' }),
      })),
      {
        what: 'a canceled task with a reason',
        refs,
        answer: listed({ status: 'CANCEL', failReason: 'by its owner' }),
        gives: sees({ state: 'failed', kind: 'withdrawn', reason: 'by its owner' }),
      },
      {
        what: 'a canceled task of trueai-org',
        refs,
        answer: listed({ status: 'FAILURE', failReason: '取消任务' }),
        gives: sees({ state: 'failed', kind: 'withdrawn' }),
      },
      ...['failure', 'Failed'].map((status) => ({
        what: `an end whose status is ${status}`,
        refs,
        answer: listed({ status, failReason: 'no' }),
        gives: sees({ state: 'failed', kind: 'rejected', reason: 'no' }),
      })),
      ...['SUCCESSFUL?', 'NOT_START', 'failing', 7].map((status) => ({
        what: `work that goes on while its status is ${status}`,
        refs,
        answer: listed({ status, imageUrl: '' }),
        gives: sees({ state: 'running' }),
      })),
      {
        what: 'a picture in snake_case',
        refs,
        answer: listed({ status: 'SUCCESS', image_url: imageUrl, fail_reason: null, buttons: [] }),
        gives: sees({ state: 'done', media: [{ kind: 'picture', url: imageUrl }], offers: [] }),
      },
      {
        what: 'a picture as a path only, which is at the gateway',
        refs,
        answer: listed({ ...success, imageUrl: '/mj/image/1799000000000001', buttons: [] }),
        gives: sees({
          state: 'done',
          media: [{ kind: 'picture', url: `${origin}/mj/image/1799000000000001` }],
          offers: [],
        }),
      },
      {
        what: 'only the parts of a picture, one of them odd',
        refs,
        answer: listed({
          ...success,
          imageUrl: null,
          imageUrls: [{ url: 'https://cdn.example/0.png' }, 7, 'https://cdn.example/1.png', null],
          buttons: [],
        }),
        gives: sees({
          state: 'done',
          media: [
            { kind: 'picture', url: 'https://cdn.example/0.png' },
            { kind: 'picture', url: 'https://cdn.example/1.png' },
          ],
          offers: [],
        }),
      },
      ...(
        [
          ['with an odd one among them', [null, 7, { customId: 5 }, { customId: pick.token }]],
          ['as text', JSON.stringify([{ customId: pick.token, emoji: null }])],
        ] as const
      ).map(([form, buttons]) => ({
        what: `buttons ${form}`,
        refs,
        answer: listed({ ...success, buttons }),
        gives: sees({ state: 'done', media: [{ kind: 'picture', url: imageUrl }], offers: [pick], facts }),
      })),
      {
        what: 'progress in words',
        refs,
        answer: listed({ status: 'SUBMITTED', progress: 'Waiting to start' }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'a preview',
        refs,
        answer: listed({
          status: 'IN_PROGRESS',
          progress: '30%',
          imageUrl: 'https://cdn.example/p.webp?rand=1',
        }),
        gives: sees({ state: 'running', progress: 30, preview: 'https://cdn.example/p.webp?rand=1' }),
      },
      {
        what: 'an unknown status',
        refs,
        answer: listed({ status: 'WHATEVER' }),
        gives: sees({ state: 'running' }),
      },
      { what: 'a modal', refs, answer: listed({ status: 'MODAL' }), gives: sees({ state: 'asking' }) },
      {
        what: 'a failure at 100%',
        refs,
        answer: listed({ status: 'FAILURE', progress: '100%', failReason: 'Banned prompt detected' }),
        gives: sees({ state: 'failed', kind: 'rejected', reason: 'Banned prompt detected' }),
      },
      {
        what: 'a failure without a reason',
        refs,
        answer: listed({ status: 'FAILURE' }),
        gives: sees({ state: 'failed', kind: 'rejected' }),
      },
      {
        what: 'an upstream that gave up',
        refs,
        answer: listed({ status: 'FAILURE', failReason: '上游任务超时（超过1小时）' }),
        gives: sees({ state: 'failed', kind: 'timeout' }),
      },
      {
        what: 'a cancellation',
        refs,
        answer: listed({ status: 'CANCEL', failReason: '取消任务' }),
        gives: sees({ state: 'failed', kind: 'withdrawn' }),
      },
      {
        what: 'a result with its buttons, in order',
        refs,
        answer: listed({
          ...success,
          buttons: [
            { customId: pick.token, emoji: '', label: 'U2', type: 2, style: 2 },
            { customId: `MJ::JOB::reroll::0::${uuid}::SOLO`, emoji: '🔄', label: '', type: 2, style: 2 },
            { customId: `MJ::BOOKMARK::${uuid}`, emoji: '❤️', label: '', type: 2, style: 2 },
            { url: 'https://example.com', label: 'Web', type: 2, style: 5 },
            {
              customId: `MJ::JOB::upsample_v7_2x_subtle::1::${uuid}::SOLO`,
              emoji: 'upscale_1',
              label: 'Upscale (Subtle)',
            },
          ],
          properties: { finalPrompt: 'a fox' },
        }),
        gives: sees({
          state: 'done',
          media: [{ kind: 'picture', url: imageUrl }],
          offers: [
            { ...pick },
            { action: 'reroll', token: `MJ::JOB::reroll::0::${uuid}::SOLO` },
            { action: 'upscale-subtle', token: `MJ::JOB::upsample_v7_2x_subtle::1::${uuid}::SOLO` },
          ],
          facts,
        }),
      },
      {
        what: 'a result without buttons',
        refs,
        answer: listed({ ...success, buttons: null }),
        gives: sees({ state: 'done', media: [{ kind: 'picture', url: imageUrl }], offers: [] }),
      },
      {
        what: "a success whose picture isn't there yet",
        refs,
        answer: listed({ status: 'SUCCESS', imageUrl: '' }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'a picture at a local host, which is at the gateway',
        refs,
        answer: listed({ ...success, imageUrl: 'http://localhost:3000/mj/image/1799000000000001' }),
        gives: sees({
          state: 'done',
          media: [{ kind: 'picture', url: `${origin}/mj/image/1799000000000001` }],
          offers: [],
        }),
      },
      {
        what: 'a task twice, whose furthest state counts',
        refs,
        answer: {
          body: [
            { id: '1799000000000001', status: 'MODAL' },
            { id: '1799000000000001', ...success },
            { id: '1799000000000001', status: 'MODAL' },
          ],
        },
        gives: sees({ state: 'done', media: [{ kind: 'picture', url: imageUrl }], offers: [] }),
      },
      {
        what: 'what it asked for and can read, in a list with holes and strangers',
        refs: [{ id: '14001934816969359' }, { id: '2' }, { id: '3' }],
        answer: {
          body: '[{"id":14001934816969359,"status":"IN_PROGRESS","progress":"5%"},null,{"id":"99","status":"SUCCESS"},{"id":"3","status":7,"progress":[]}]',
        },
        // Fetched on its own, the second one can't be read either: it's kept.
        gives: {
          '14001934816969359': { state: 'running', progress: 5 },
          '2': { state: 'running', unread: 'the API answered 200 with an unknown shape' },
          '3': { state: 'running' },
        },
      },
      { what: 'nothing about an unknown task', refs, answer: { body: [] }, gives: {} },
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
      { what: 'an object in place of a list', answer: { body: { hello: 4 } }, kind: 'malformed' },
      { what: 'a list of nonsense', answer: { body: [{ a: 1 }, 7] }, kind: 'malformed' },
    ],
  },
};

describeMjProxy(
  '4allapi',
  (http) => createMjProxy({ gateway: mjProxyGateways['4allapi'], http, apiKey: key, baseUrl: origin }),
  fixtures,
);

describe('toOffer', () => {
  it.each([
    ['MJ::JOB::upsample::4::u', { action: 'upscale', index: 4 }],
    ['MJ::JOB::variation::3::u', { action: 'variation', index: 3 }],
    ['MJ::JOB::low_variation::1::u::SOLO', { action: 'vary-subtle' }],
    ['MJ::JOB::high_variation::1::u::SOLO', { action: 'vary-strong' }],
    ['MJ::JOB::upsample_v5_2x::1::u::SOLO', { action: 'upscale-2x' }],
    ['MJ::JOB::upsample_v5_4x::1::u::SOLO', { action: 'upscale-4x' }],
    ['MJ::JOB::upsample_v6r1_2x_creative::1::u::SOLO', { action: 'upscale-creative' }],
    ['MJ::Outpaint::50::1::u::SOLO', { action: 'zoom-2x' }],
    ['MJ::Outpaint::75::1::u::SOLO', { action: 'zoom-1.5x' }],
    ['MJ::Outpaint::100::1::u::SOLO', { action: 'square' }],
    ['MJ::Outpaint::1::u::SOLO', { action: 'zoom' }],
    ['MJ::Outpaint::constructor::1::u::SOLO', { action: 'zoom' }],
    ['MJ::CustomZoom::u', { action: 'custom-zoom' }],
    ['MJ::CustomZoom::1::u', { action: 'custom-zoom' }],
    ['MJ::Inpaint::1::u::SOLO', { action: 'vary-region' }],
    ['MJ::JOB::pan_left::1::u::SOLO', { action: 'pan-left' }],
    ['MJ::JOB::animate_high::1::u::SOLO', { action: 'animate-high' }],
    ['MJ::JOB::animate_low_extend::1::u', { action: 'extend-low' }],
  ])('knows %s', (customId, offer) => {
    expect(toOffer({ customId })).toEqual({ ...offer, token: customId });
  });

  it.each([
    ['MJ::BOOKMARK::0badcafe-0000-4000-8000-000000000001', 'other', 'Bookmark'],
    ['MJ::JOB::unheard_of::1::0badcafe-0000-4000-8000-000000000001::SOLO', 'other', 'Unheard of'],
    ['MJ::JOB::upsample_v9_8x_tiled::1::u::SOLO', 'other', 'Upsample v9 8x tiled u'],
    ['MJ::JOB::upsample_v7_3x_subtle::1::u::SOLO', 'other', 'Upsample v7 3x subtle u'],
    ['MJ::JOB::upsample::5::u', 'other', 'Upsample 5 u'],
    ['MJ::StyleTuner::u', 'other', 'Style tuner u'],
    ['MJ::JOB::animate_loop::1::u::SOLO', 'other-video', 'Animate loop u'],
    ['MJ::JOB::video::1::u::manual', 'other-video', 'Video 1 u manual'],
    ['MJ::JOB::video_virtual_upscale::7::u', 'other', 'Video virtual upscale 7 u'],
    ['MJ::JOB::constructor::1::u', 'other', 'Constructor 1 u'],
    ['MJ::JOB::toString::1::u', 'other', 'To string 1 u'],
    ['MJ::JOB::__proto__::1::u', 'other', 'Proto 1 u'],
    ['constructor', 'other', 'Constructor'],
    ['  mj odd  ', 'other', 'Mj odd'],
  ])('offers %j as it came, under a name made of it', (customId, action, label) => {
    expect(toOffer({ customId })).toEqual({ action, token: customId, label });
  });

  it.each([
    ['MJ::Picread::Retry', 'redescribe'],
    ['MJ::Job::PicReader::all', 'imagine-all'],
  ])('knows the button %s under a description', (customId, action) => {
    expect(toOffer({ customId, emoji: '🔄', label: 'Imagine all', style: 2 })).toEqual({
      action,
      token: customId,
    });
  });

  it.each([
    '',
    ' ',
    'MJ',
    'MJ::JOB::::SOLO',
    'MJ::CancelJob::ByJobid::u',
    'MJ::JOB::upsample::0::u',
    'MJ::JOB::variation::1e9::u',
    'MJ::JOB::variation::Infinity::u',
    'MJ::JOB::video_virtual_upscale::::u',
    'MJ::Job::PicReader::1',
    'MJ::Job::PromptAnalyzer::5',
  ])('ignores %j', (customId) => {
    expect(toOffer({ customId })).toBeUndefined();
  });

  it.each([
    { style: 5, label: 'Web' },
    { style: '5', label: 'Web' },
    { style: 6, label: 'Shop' },
    { type: 3, label: 'A menu' },
  ])('ignores what is no button to press: %j', (button) => {
    expect(toOffer({ customId: 'MJ::Anything::u', ...button })).toBeUndefined();
  });
});

describe('the button of an unknown action', () => {
  const customId = 'MJ::StyleTuner::0badcafe-0000-4000-8000-000000000001';
  const shown = (button: object) => {
    const offer = toOffer({ customId, ...button });
    expect(offer).toMatchObject({ action: 'other', token: customId });
    const { action: _action, token: _token, ...rest } = offer ?? { action: 'other', token: '' };
    return rest;
  };
  const label = 'Style tuner';

  it.each([
    [
      'its label, emoji and color',
      { label: 'Tune', emoji: '🎨', style: 3 },
      { label: 'Tune', emoji: '🎨', style: 'success' },
    ],
    ['red', { label: 'Tune', style: 4 }, { label: 'Tune', style: 'danger' }],
    ['no other color', { label: 'Tune', style: 1 }, { label: 'Tune' }],
    [
      'no color that has another type',
      { label: 'Tune', style: { toString: 3 }, type: [2] },
      { label: 'Tune' },
    ],
    ['a name of ours if it has no label', { label: '', emoji: '🎨' }, { label, emoji: '🎨' }],
    ['an emoji in an object', { emoji: { id: null, name: '🎨' } }, { label, emoji: '🎨' }],
    ['a whole emoji for half of one', { emoji: '❤' }, { label, emoji: '❤️' }],
    ['no name of an emoji', { emoji: 'upscale_1' }, { label }],
    ["no emoji of somebody's server", { emoji: '<:tune:1234567890123456789>' }, { label }],
    [
      "no emoji of somebody's server by id",
      { emoji: { id: '1234567890123456789', name: 'tune' } },
      { label },
    ],
    ['no emoji of two', { emoji: '🎨🎨' }, { label }],
    ['no letter as an emoji', { emoji: 'A' }, { label }],
    ['no number as an emoji', { emoji: 7 }, { label }],
    ['no million of emoji', { emoji: '🎨'.repeat(500_000) }, { label }],
    ['a label without what deceives', { label: 'a\u202egnp\u202c\n**b**\u0000' }, { label: 'agnp **b**' }],
    ['a name in place of an invisible label', { label: '\u200b\u2060 \u3164' }, { label }],
    ['a name in place of a list', { label: ['a'] }, { label }],
    ['a name in place of a number', { label: 7 }, { label }],
  ])('has %s', (_what, button, expected) => {
    expect(shown(button)).toEqual(expected);
  });

  it('keeps enough of a long label to find a key in it, and no more', () => {
    expect(toOffer({ customId, label: 'long '.repeat(100) })?.label).toHaveLength(200);
    expect(toOffer({ customId, label: 'x'.repeat(5_000_000) })?.label).toHaveLength(200);
  });

  it('is green under a button that was used, known or not', () => {
    expect(toOffer({ customId: pick.token, label: 'Mine', emoji: '🎨', style: 3 })).toEqual({
      ...pick,
      style: 'success',
    });
  });
});
