import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { toPictureOffers } from '../../src/providers/acedata/actions.ts';
import { acedataTraits, createAcedata } from '../../src/providers/acedata/index.ts';
import { toPaidFields } from '../../src/providers/acedata/prompt.ts';
import { createHttp } from '../../src/providers/http.ts';
import type { Picture, Provider, ProviderRequest } from '../../src/providers/provider.ts';
import { type Action, followUpActions, type Offer, type Update } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';
import { describeProvider, type ProviderFixtures } from './contract.ts';

const origin = 'https://ace.example';
const key = 'ace-canary-000111222';
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
const id = '0badcafe-0000-4000-8000-000000000001';
const otherId = '0badcafe-0000-4000-8000-000000000002';
const image = '1300000000000000007';
const picture = (name: string): Picture => ({
  bytes: Buffer.from(name),
  type: 'image/png',
  url: `https://cdn.example/${name}.png?ex=1&hm=2&`,
});
const [fox, hare] = [picture('fox'), picture('hare')];

const imagine: ProviderRequest = { ...anImagine, prompt: 'a fox --ar 3:2' };
const accepted = { body: { success: true, task_id: id, trace_id: 'trace' } };
const running = { ref: { id }, update: { state: 'running' } } as const;
const ways = { async: true, callback_url: `${origin}/health?reference=ours-1` };
const toImagine = { method: 'POST', path: '/midjourney/imagine', headers };
const toVideos = { ...toImagine, path: '/midjourney/videos' };
const generate = { action: 'generate', mode: 'fast', ...ways };

function follow(action: Action, token: string, more: Partial<ProviderRequest> = {}): ProviderRequest {
  const offer = { action, token } as Offer;
  return { ...imagine, action, parent: { ref: { id: otherId, image }, offer }, ...more };
}

const gridActions = ['upscale1', 'upscale2', 'reroll', 'variation1', 'teleport', 'variation4'];
const gridOffers = [
  { action: 'upscale', index: 1, token: 'upscale1' },
  { action: 'upscale', index: 2, token: 'upscale2' },
  { action: 'reroll', token: 'reroll' },
  { action: 'variation', index: 1, token: 'variation1' },
  { action: 'other', token: 'teleport', label: 'Teleport' },
  { action: 'variation', index: 4, token: 'variation4' },
] as const;
const grid = {
  success: true,
  task_id: id,
  image_id: image,
  image_url: 'https://cdn.example/g.png?thumb',
  raw_image_url: 'https://cdn.example/g.png',
  image_width: 32,
  raw_image_width: 64,
  progress: 100,
  actions: gridActions,
  hold: false,
};
const doneGrid = {
  state: 'done',
  media: [{ kind: 'picture', url: 'https://cdn.example/g.png' }],
  offers: [...gridOffers],
  ref: { id, image },
} satisfies Update;
const videos = {
  success: true,
  task_id: id,
  video_id: '1750000000000001',
  image_url: 'https://cdn.example/cover.png',
  video_urls: ['https://cdn.example//0_0.mp4', 'https://cdn.example//0_1.mp4'],
  progress: 100,
};

const refs = [{ id }];
const record = (fields: object) => ({
  body: { id, type: 'imagine', created_at: 1.5, request: {}, ...fields },
});
const sees = (update: Update) => ({ [id]: update });
const doneVideos: Update = {
  state: 'done',
  media: videos.video_urls.map((url) => ({ kind: 'video', url })),
  offers: [
    { action: 'upscale', index: 1, token: 'pick-1', isLocal: true },
    { action: 'upscale', index: 2, token: 'pick-2', isLocal: true },
    { action: 'extend-high', index: 1, token: 'extend', takesWords: true },
    { action: 'extend-high', index: 2, token: 'extend', takesWords: true },
    { action: 'extend-low', index: 1, token: 'extend', takesWords: true },
    { action: 'extend-low', index: 2, token: 'extend', takesWords: true },
  ],
  ref: { id, video: '1750000000000001' },
};
const finished = { finished_at: 1_790_000_000.5, elapsed: 9.25 };

const fixtures: ProviderFixtures = {
  origin,
  key,
  anyRequest: imagine,
  anyRef: { id },
  submits: [
    {
      what: 'imagine',
      request: imagine,
      sends: { ...toImagine, body: { ...generate, prompt: 'a fox --ar 3:2' } },
      answer: accepted,
      gives: running,
    },
    {
      what: 'imagine with pictures, a version and other flags with a price, relaxed,',
      request: {
        ...imagine,
        prompt: 'a fox --v 8.2 --hd --q 4 --sref 123',
        speed: 'relax',
        pictures: [fox, hare],
        callbackUrl: 'https://relay.example/callbacks/main/ours-1/sig',
      },
      sends: {
        ...toImagine,
        body: {
          action: 'generate',
          prompt: `${fox.url} ${hare.url} a fox --v 8.2 --hd --q 4 --sref 123`,
          mode: 'relax',
          version: '8.2',
          hd: true,
          quality: '4',
          style_reference: true,
          moodboard: true,
          async: true,
          callback_url: 'https://relay.example/callbacks/main/ours-1/sig',
        },
      },
      answer: { body: { task_id: id } },
      gives: running,
    },
    {
      what: 'imagine, answered with the whole result,',
      request: { ...imagine, speed: 'turbo' },
      sends: { ...toImagine, body: { ...generate, prompt: 'a fox --ar 3:2', mode: 'turbo' } },
      answer: { body: grid },
      gives: { ref: { id }, update: doneGrid },
    },
    {
      what: "imagine, answered with the picture's id as a number,",
      request: imagine,
      sends: { ...toImagine, body: { ...generate, prompt: 'a fox --ar 3:2' } },
      answer: { body: JSON.stringify({ ...grid, actions: [] }).replace(`"${image}"`, image) },
      gives: { ref: { id }, update: { ...doneGrid, offers: [] } },
    },
    {
      what: 'blend',
      request: {
        ...imagine,
        action: 'blend',
        prompt: '',
        pictures: [fox, hare],
        options: { dimensions: 'portrait' },
      },
      sends: { ...toImagine, body: { ...generate, prompt: `${fox.url} ${hare.url} --ar 2:3` } },
      answer: accepted,
      gives: running,
    },
    {
      what: 'edit',
      request: { ...imagine, action: 'edit', prompt: 'a hat', pictures: [fox], mask: hare },
      sends: {
        ...toImagine,
        path: '/midjourney/edits',
        body: { ...generate, image_url: fox.url, prompt: 'a hat', mask: hare.bytes.toString('base64') },
      },
      answer: accepted,
      gives: running,
    },
    {
      what: 'edit with several pictures, one of them for its style,',
      request: {
        ...imagine,
        action: 'edit',
        prompt: 'put the hat on --ar 3:2 --v 8.2',
        pictures: [fox, { ...hare, role: 'style' }, { ...fox, url: 'https://cdn.example/hat.png' }],
      },
      sends: {
        ...toImagine,
        body: {
          ...generate,
          prompt: `put the hat on --ar 3:2 --v 8.2 --edit ${fox.url} https://cdn.example/hat.png --sref ${hare.url}`,
          version: '8.2',
          style_reference: true,
          moodboard: true,
        },
      },
      answer: accepted,
      gives: running,
    },
    {
      what: 'video',
      request: { ...imagine, action: 'video', prompt: '', pictures: [fox] },
      sends: { ...toVideos, body: { ...generate, image_url: fox.url, prompt: '', resolution: '480p' } },
      answer: accepted,
      gives: running,
    },
    {
      what: 'video with every option',
      request: {
        ...imagine,
        action: 'video',
        prompt: 'it runs',
        pictures: [fox, hare],
        options: { motion: 'high', isLoop: true, resolution: '720p' },
      },
      sends: {
        ...toVideos,
        body: {
          ...generate,
          image_url: fox.url,
          end_image_url: hare.url,
          prompt: 'it runs --motion high',
          resolution: '720p',
          loop: true,
        },
      },
      answer: accepted,
      gives: running,
    },
    {
      what: 'extend',
      request: {
        ...imagine,
        action: 'extend-low',
        prompt: 'it runs',
        options: { resolution: '720p' },
        parent: {
          ref: { id: otherId, video: '1750000000000001' },
          offer: { action: 'extend-low', index: 3, token: 'extend' },
        },
      },
      sends: {
        ...toVideos,
        body: {
          action: 'extend',
          video_id: '1750000000000001',
          video_index: 2,
          prompt: 'it runs',
          resolution: '720p',
          mode: 'fast',
          ...ways,
        },
      },
      answer: accepted,
      gives: running,
    },
    {
      what: 'vary region',
      request: follow('vary-region', 'variation_region', { prompt: 'a hat', mask: hare }),
      sends: {
        ...toImagine,
        body: {
          action: 'variation_region',
          image_id: image,
          mode: 'fast',
          prompt: 'a hat',
          mask: hare.bytes.toString('base64'),
          ...ways,
        },
      },
      answer: accepted,
      gives: running,
    },
    ...(
      [
        ['upscale', 'upscale2'],
        ['variation', 'variation4'],
        ['reroll', 'reroll'],
        ['upscale-2x', 'upscale_2x'],
        ['upscale-4x', 'upscale_4x'],
        ['upscale-subtle', 'upscale_subtle'],
        ['upscale-creative', 'upscale_creative'],
        ['redo-upscale-2x', 'redo_upscale_2x'],
        ['redo-upscale-4x', 'redo_upscale_4x'],
        ['redo-upscale-subtle', 'redo_upscale_subtle'],
        ['redo-upscale-creative', 'redo_upscale_creative'],
        ['vary-subtle', 'variation_subtle'],
        ['vary-strong', 'variation_strong'],
        ['zoom-2x', 'zoom_out_2x'],
        ['zoom-1.5x', 'zoom_out_1_5x'],
        ['square', 'square'],
        ['pan-left', 'pan_left'],
        ['pan-right', 'pan_right'],
        ['pan-up', 'pan_up'],
        ['pan-down', 'pan_down'],
        ['other', 'teleport'],
        ['other', ' odd\u202e "name"\n'],
        ['other-video', 'animate_loop'],
      ] as const
    ).map(([action, token]) => ({
      what: token,
      request: follow(action, token),
      sends: { ...toImagine, body: { action: token, image_id: image, mode: 'fast', ...ways } },
      answer: accepted,
      gives: running,
    })),
    {
      what: 'describe',
      request: { ...imagine, action: 'describe', prompt: '', pictures: [fox] },
      sends: { ...toImagine, path: '/midjourney/describe', body: { image_url: fox.url } },
      answer: { body: { descriptions: ['a fox', 'a red fox', 'foxes', 'fur'] } },
      gives: {
        ref: {},
        update: { state: 'done', media: [], text: ['a fox', 'a red fox', 'foxes', 'fur'], offers: [] },
      },
    },
    {
      what: 'shorten',
      request: { ...imagine, action: 'shorten', prompt: 'a very long fox' },
      sends: { ...toImagine, path: '/midjourney/shorten', body: { prompt: 'a very long fox' } },
      answer: { body: { prompts: ['a long fox', 'a fox'] } },
      gives: { ref: {}, update: { state: 'done', media: [], text: ['a long fox', 'a fox'], offers: [] } },
    },
  ],
  refusals: [
    ...(
      [
        [400, 'bad_request', 'rejected'],
        [400, 'api_not_implemented', 'rejected'],
        [400, 'no_token', 'auth'],
        [400, 'token_mismatched', 'auth'],
        [401, 'token_mismatched', 'auth'],
        [401, 'invalid_token', 'auth'],
        [401, 'token_expired', 'auth'],
        [403, 'used_up', 'balance'],
        [403, 'forbidden', 'rejected'],
        [403, 'disabled', 'auth'],
        [403, 'brand_new', 'rejected'],
        [429, 'too_many_requests', 'busy'],
        [429, 'rate_limited', 'busy'],
        [409, 'brand_new', 'rejected'],
      ] as const
    ).map(([status, code, kind]) => ({
      what: `${status} ${code}`,
      answer: { status, body: { error: { code, message: `says ${code}` }, trace_id: 'trace' } },
      kind,
      definite: true,
      ...(kind === 'rejected' ? { reason: `says ${code}` } : {}),
    })),
    ...(
      [
        [500, 'api_error'],
        [500, 'brand_new'],
        [504, 'timeout'],
      ] as const
    ).map(([status, code]) => ({
      what: `${status} ${code}`,
      answer: { status, body: { success: false, error: { code, message: 'no' }, trace_id: 'trace' } },
      kind: 'unavailable' as const,
      definite: false,
    })),
    {
      what: 'a held call that failed',
      answer: {
        body: { success: false, task_id: id, error: { code: 'bad_request', message: 'Unknown `-zz`' } },
      },
      kind: 'rejected',
      reason: 'Unknown `-zz`',
      definite: true,
    },
    {
      what: 'too many requests, for a while',
      answer: {
        status: 429,
        body: { error: { code: 'too_many_requests' } },
        headers: { 'retry-after': '7' },
      },
      kind: 'busy',
      retryAfterMs: 7_000,
    },
    {
      what: "a path that doesn't exist",
      answer: { status: 404, body: { error: { code: 'no_api', message: 'no such API' } } },
      kind: 'malformed',
      definite: true,
    },
    {
      what: 'a bare text as the error, with 400',
      answer: { status: 400, body: { error: 'prompt is missing' } },
      kind: 'rejected',
      reason: 'prompt is missing',
    },
    {
      what: 'a bare text as the error, with 402',
      answer: { status: 402, body: { error: 'Payment required' } },
      kind: 'balance',
      definite: true,
    },
    {
      what: 'a bare text as the error, with 200',
      answer: { body: { success: false, error: 'something' } },
      kind: 'malformed',
      definite: false,
    },
    {
      what: 'a list as the error',
      answer: { status: 500, body: { error: ['a', 'b'] } },
      kind: 'unavailable',
      definite: false,
    },
    {
      what: 'an acceptance without an id',
      answer: { body: { success: true } },
      kind: 'malformed',
      definite: false,
    },
    { what: 'an empty object', answer: { body: {} }, kind: 'malformed', definite: false },
    { what: 'an empty body', answer: { body: '' }, kind: 'malformed', definite: false },
    { what: 'half of a JSON', answer: { body: '{"success":tr' }, kind: 'malformed', definite: false },
    { what: 'a web page', answer: { body: '<html>' }, kind: 'malformed', definite: false },
    {
      what: "a firewall's web page",
      answer: { status: 403, body: '<html>' },
      kind: 'malformed',
      definite: false,
    },
    {
      what: 'a bad gateway',
      answer: { status: 502, body: '<html>' },
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
      what: 'a web page because the address is wrong',
      answer: { status: 404, body: '<html>' },
      kind: 'malformed',
      definite: false,
    },
  ],
  look: {
    hasOtherFacts: true,
    sends: { method: 'POST', path: '/midjourney/tasks' },
    states: [
      { what: 'nothing about an unknown task', refs, answer: { body: {} }, gives: {} },
      { what: 'nothing about a task that is null', refs, answer: { body: 'null' }, gives: {} },
      { what: 'nothing about a task without an answer', refs, answer: { status: 204, body: '' }, gives: {} },
      ...(
        [
          ['in a list', (task: object) => [task]],
          ['as items', (task: object) => ({ items: [task], count: 1 })],
          ['in an envelope', (task: object) => ({ success: true, data: task })],
          ['with its response as text', (task: object) => ({ ...task, response: JSON.stringify(grid) })],
        ] as const
      ).map(([form, toBody]) => ({
        what: `a grid ${form}`,
        refs,
        answer: { body: toBody({ id, response: grid, ...finished }) },
        gives: sees(doneGrid),
      })),
      { what: 'no response yet', refs, answer: record({}), gives: sees({ state: 'running' }) },
      {
        what: 'a response that is null',
        refs,
        answer: record({ response: null, finished_at: null }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'an empty response',
        refs,
        answer: record({ response: { task_id: id } }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'progress, with a picture on the way',
        refs,
        answer: record({ response: { ...grid, progress: 35, actions: [] } }),
        gives: sees({ state: 'running', progress: 35, preview: 'https://cdn.example/g.png?thumb' }),
      },
      {
        what: 'progress as text',
        refs,
        answer: record({ response: { ...grid, progress: '35%', actions: [] } }),
        gives: sees({ state: 'running', progress: 35, preview: 'https://cdn.example/g.png?thumb' }),
      },
      {
        what: 'success without a picture and without an end',
        refs,
        answer: record({ response: { success: true, task_id: id } }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'an end without a picture, which may be there at the next look',
        refs,
        answer: record({ response: { success: true, task_id: id }, ...finished }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'a grid',
        refs,
        answer: record({ response: grid, ...finished }),
        gives: sees(doneGrid),
      },
      {
        what: 'a grid whose end is inside, before its progress is full',
        refs,
        answer: record({ response: { ...grid, progress: 93, finished_at: 1_790_000_000 } }),
        gives: sees(doneGrid),
      },
      {
        what: 'a grid without progress or end, whose picture is in the record',
        refs,
        answer: record({
          image_id: image,
          response: { ...grid, image_id: undefined, progress: undefined, success: undefined },
        }),
        gives: sees(doneGrid),
      },
      {
        what: 'a thumbnail if there is nothing larger',
        refs,
        answer: record({ response: { ...grid, raw_image_url: '' } }),
        gives: sees({
          ...doneGrid,
          media: [{ kind: 'picture', url: 'https://cdn.example/g.png?thumb' }],
        }),
      },
      {
        what: 'an edit, which has no actions,',
        refs,
        answer: record({
          type: 'edits',
          response: { ...grid, actions: undefined, sub_image_urls: ['https://cdn.example/0_0.png'] },
        }),
        gives: sees({ ...doneGrid, offers: [] }),
      },
      {
        what: 'a picture without an id, which allows no follow-ups,',
        refs,
        answer: record({ response: { ...grid, image_id: null } }),
        gives: sees({ ...doneGrid, offers: [], ref: { id } }),
      },
      {
        what: 'a single picture',
        refs,
        answer: record({
          response: {
            ...grid,
            actions: ['upscale_2x', 'variation_subtle', 'variation_strong', 'zoom_out_1_5x', 'pan_left'],
          },
          ...finished,
        }),
        gives: sees({
          ...doneGrid,
          offers: [
            { action: 'upscale-2x', token: 'upscale_2x' },
            { action: 'vary-subtle', token: 'variation_subtle' },
            { action: 'vary-strong', token: 'variation_strong' },
            { action: 'vary-region', token: 'variation_region' },
            { action: 'zoom-1.5x', token: 'zoom_out_1_5x' },
            { action: 'pan-left', token: 'pan_left' },
          ],
        }),
      },
      {
        what: 'videos',
        refs,
        answer: record({ type: 'videos', response: videos, ...finished }),
        gives: sees(doneVideos),
      },
      ...(
        [
          ['objects', videos.video_urls.map((url) => ({ url }))],
          ['objects with another name', videos.video_urls.map((url) => ({ video_url: url, id: 7 }))],
          ['text', JSON.stringify(videos.video_urls)],
          ['a list with holes', [null, ...videos.video_urls, {}, 7, '']],
        ] as const
      ).map(([form, urls]) => ({
        what: `videos as ${form}`,
        refs,
        answer: record({ type: 'videos', response: { ...videos, video_urls: urls }, ...finished }),
        gives: sees(doneVideos),
      })),
      {
        what: "no cover instead of videos that can't be read",
        refs,
        answer: record({
          type: 'videos',
          response: { ...videos, video_urls: 'soon', image_url: 'https://cdn.example/cover.png' },
          ...finished,
        }),
        gives: sees({ state: 'running', progress: 100, preview: 'https://cdn.example/cover.png' }),
      },
      {
        what: 'descriptions',
        refs,
        answer: record({ type: 'describe', response: { descriptions: ['a fox'] }, ...finished }),
        gives: sees({ state: 'done', media: [], text: ['a fox'], offers: [], ref: { id } }),
      },
      ...(
        [
          ['bad_request', { kind: 'rejected', reason: 'says so' }],
          ['forbidden', { kind: 'content', reason: 'says so' }],
          ['task_failed', { kind: 'rejected', reason: 'says so' }],
          ['api_error', { kind: 'rejected', reason: 'says so' }],
          ['used_up', { kind: 'balance' }],
          ['timeout', { kind: 'timeout' }],
        ] as const
      ).map(([code, failure]) => ({
        what: `a failure with ${code}`,
        refs,
        answer: record({ response: { success: false, error: { code, message: 'says so' } } }),
        gives: sees({ state: 'failed', ...failure }),
      })),
      {
        what: 'a failure without the field success',
        refs,
        answer: record({ response: { error: { code: 'bad_request', message: 'says so' }, trace_id: 't' } }),
        gives: sees({ state: 'failed', kind: 'rejected', reason: 'says so' }),
      },
      {
        what: 'a failure with a bare text, at the end',
        refs,
        answer: record({ response: { success: false, error: 'broken' }, ...finished }),
        gives: sees({ state: 'failed', kind: 'rejected', reason: 'broken' }),
      },
      ...[
        ['a bare text', 'broken'],
        ['an object without a code', { message: 'broken' }],
      ].map(([form, error]) => ({
        what: `a failure of which ${form} is all there is, at the end`,
        refs,
        answer: record({ response: { task_id: id, error }, ...finished }),
        gives: sees({ state: 'failed', kind: 'rejected', reason: 'broken' }),
      })),
      {
        what: "an error that isn't final yet",
        refs,
        answer: record({ response: { task_id: id, error: 'broken' } }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'a picture whose second look failed',
        refs,
        answer: record({ response: { ...grid, error: 'no thumbnail' }, ...finished }),
        gives: sees(doneGrid),
      },
      {
        what: 'a failure with false as text, at the end',
        refs,
        answer: record({ response: { success: 'false', error: 'broken' }, ...finished }),
        gives: sees({ state: 'failed', kind: 'rejected', reason: 'broken' }),
      },
      {
        what: 'a failure without words, at the end',
        refs,
        answer: record({ response: { success: false, error: null }, ...finished }),
        gives: sees({ state: 'failed', kind: 'rejected' }),
      },
      {
        what: "a failure with a bare text that isn't final yet",
        refs,
        answer: record({ response: { success: false, error: 'broken' } }),
        gives: sees({ state: 'running' }),
      },
      {
        what: 'what it asked for and can read, in a list with gaps and other tasks',
        refs: [{ id }, { id: otherId }, { id: 'gone' }],
        answer: {
          body: {
            count: 4,
            items: [
              { id, request: null, response: grid, ...finished },
              null,
              { id: 'stranger', response: grid },
              { id: otherId, response: 'nonsense', finished_at: null },
            ],
          },
        },
        gives: { [id]: doneGrid, [otherId]: { state: 'running' } },
      },
      {
        what: 'nothing in a list that is null',
        refs: [{ id }, { id: otherId }],
        answer: { body: { items: null, count: 0 } },
        gives: {},
      },
      {
        what: 'nothing in a list of unknown tasks',
        refs: [{ id }, { id: otherId }],
        answer: { body: {} },
        gives: {},
      },
    ],
    failures: [
      {
        what: 'a refused key',
        answer: { status: 401, body: { error: { code: 'invalid_token' } } },
        kind: 'auth',
      },
      {
        what: 'too many requests',
        answer: { status: 429, body: '', headers: { 'retry-after': '3' } },
        kind: 'busy',
        retryAfterMs: 3_000,
      },
      { what: 'a crash', answer: { status: 500, body: 'no' }, kind: 'unavailable' },
      { what: 'a web page', answer: { body: '<html>' }, kind: 'malformed' },
      { what: 'a list instead of a task', answer: { body: [1] }, kind: 'malformed' },
      { what: "another one's task", answer: { body: { id: 'other-1', response: grid } }, kind: 'malformed' },
    ],
  },
};

describeProvider('acedata', (http) => createAcedata({ http, apiKey: key, baseUrl: origin }), fixtures);

describe('acedata', () => {
  let agent: MockAgent;
  let provider: Provider;
  const signal = AbortSignal.timeout(60_000);

  beforeEach(() => {
    agent = new MockAgent();
    agent.disableNetConnect();
    provider = createAcedata({ http: createHttp({ dispatcher: agent }), apiKey: key, baseUrl: origin });
  });
  afterEach(() => agent.close());

  function answerWith(body: unknown, status = 200): { path: string; body: string }[] {
    const sent: { path: string; body: string }[] = [];
    agent
      .get(origin)
      .intercept({ path: () => true, method: 'POST' })
      .reply((options) => {
        sent.push(options as unknown as { path: string; body: string });
        return { statusCode: status, data: JSON.stringify(body) };
      });
    return sent;
  }

  const bodyOf = (sent: { body: string }[]) => JSON.parse(sent[0]?.body ?? '');

  it('documents every action that it declares', () => {
    const documented = new Set(fixtures.submits.map(({ request }) => request.action));
    documented.add('extend-high');
    expect([...provider.actions].filter((action) => !documented.has(action))).toEqual([]);
  });

  it('asks for one task by its id, and for many in one list that is long enough for them', async () => {
    const one = answerWith({});
    await provider.look([{ id }], signal);
    expect(bodyOf(one)).toEqual({ action: 'retrieve', id });
    const many = answerWith({ items: [], count: 0 });
    const ids = Array.from({ length: 50 }, (_, index) => `task-${index}`);
    await provider.look(
      ids.map((each) => ({ id: each })),
      signal,
    );
    expect(bodyOf(many)).toEqual({ action: 'retrieve_batch', ids, offset: 0, limit: 50 });
    expect(acedataTraits).toMatchObject({ maxInFlight: 5, lookBatch: 50, submitEveryMs: 1_000 });
  });

  it("can't look if nothing in a list can be read", async () => {
    answerWith({ items: [{ a: 1 }, 7] });
    await expect(provider.look([{ id }, { id: otherId }], signal)).rejects.toMatchObject({
      kind: 'malformed',
    });
  });

  it('believes a failure without an end once three looks in a row have seen it', async () => {
    const doubtful = { id, response: { success: false, error: 'broken' } };
    const see = async (body: unknown) => {
      answerWith(body);
      return (await provider.look([{ id }], signal)).get(id);
    };
    expect(await see(doubtful)).toEqual({ state: 'running' });
    expect(await see(doubtful)).toEqual({ state: 'running' });
    expect(await see({ id, response: { progress: 40 } })).toEqual({ state: 'running', progress: 40 });
    expect(await see(doubtful)).toEqual({ state: 'running' });
    expect(await see(doubtful)).toEqual({ state: 'running' });
    expect(await see(doubtful)).toEqual({ state: 'failed', kind: 'rejected', reason: 'broken' });
  });

  it('takes nothing for the result of an action that nobody knows, once three looks have seen nothing', async () => {
    const ended = (action: string) => ({
      id,
      request: { action },
      response: { success: true, task_id: id },
      ...finished,
    });
    const see = async (body: unknown) => {
      answerWith(body);
      return (await provider.look([{ id }], signal)).get(id);
    };
    const running = { state: 'running' };
    for (const action of ['generate', 'zoom_out_2x'])
      for (let look = 0; look < 4; look += 1) expect(await see(ended(action))).toEqual(running);
    const seen = [await see(ended('teleport')), await see(ended('teleport')), await see(ended('teleport'))];
    expect(seen).toEqual([running, running, { state: 'done', media: [], offers: [] }]);
  });

  it.each([
    ['the quiet address', `${origin}/health?reference=ours-1`],
    ['the address for callbacks', 'https://relay.example/callbacks/main/ours-1/signature'],
  ])('finds a lost task by %s', async (_what, callback_url) => {
    const sent = answerWith({
      items: [
        { id: 'a', request: { callback_url: `${origin}/health?reference=ours-12` } },
        { id: 'b', request: { callback_url: null } },
        { id: 'c', request: { prompt: 'ours-1', callback_url: 'no address ours-1' } },
        { id, request: { callback_url } },
      ],
      count: 4,
    });
    expect(await provider.find?.('ours-1', signal)).toEqual({ id });
    expect(bodyOf(sent)).toEqual({ action: 'retrieve_batch', offset: 0, limit: 50 });
  });

  it('lists the tasks without an address to call that have the same words, begun in that time', async () => {
    const request = { action: 'generate', prompt: 'a fox' };
    const items = [
      { id: 'a', created_at: 1.5, request },
      { id: 'b', created_at: '2', request: { prompt: 'a fox', callback_url: null } },
      { id: 'c', created_at: 1.5, request: { ...request, callback_url: '' } },
      { id: 'd', created_at: 0.999, request },
      { id: 'e', created_at: 2.001, request },
      { id: 'f', request },
      { id: 'g', created_at: 1.5, request: { ...request, prompt: 'a foxes' } },
      { id: 'h', created_at: 1.5, request: { ...request, action: 'variation1' } },
      { id: 'i', created_at: 1.5 },
    ];
    answerWith({ items });
    const sent = { prompt: 'a fox', speed: 'fast', since: 1_000, until: 2_000 } as const;
    expect(await provider.findAlike?.({ ...sent, action: 'imagine' }, signal)).toEqual([
      { id: 'a' },
      { id: 'b' },
      { id: 'c' },
    ]);
    // The API keeps addresses: ours would have one, so these are somebody else's.
    answerWith({ items: [...items, { id: 'j', request: { callback_url: 'https://other.example/hook' } }] });
    expect(await provider.findAlike?.({ ...sent, action: 'imagine' }, signal)).toEqual([]);
    answerWith({ items: [{ id: 'a', created_at: 1.5, request }] });
    expect(await provider.findAlike?.({ ...sent, action: 'video' }, signal)).toEqual([]);
  });

  it.each([{}, { items: [], count: 0 }])('finds nothing in %j', async (body) => {
    answerWith(body);
    expect(await provider.find?.('ours-1', signal)).toBeUndefined();
  });

  it("can't search while the API doesn't answer", async () => {
    answerWith({ error: { code: 'api_error' } }, 500);
    await expect(provider.find?.('ours-1', signal)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('reads the seed of a picture, as text', async () => {
    const sent = answerWith({ seed: '1300000000000000007' });
    expect(await provider.seed?.({ id, image }, signal)).toBe('1300000000000000007');
    expect(sent[0]?.path).toBe('/midjourney/seed');
    expect(bodyOf(sent)).toEqual({ image_id: image });
    await expect(provider.seed?.({ id, video: '1' }, signal)).rejects.toMatchObject({ kind: 'rejected' });
  });

  it('translates', async () => {
    const sent = answerWith({ content: 'a fox' });
    expect(await provider.translate?.('狐狸', signal)).toBe('a fox');
    expect(sent[0]?.path).toBe('/midjourney/translate');
    expect(bodyOf(sent)).toEqual({ content: '狐狸' });
  });

  it.each([
    ['numbers', 2048, 1024],
    ['texts', '2048', '1024'],
  ])('knows the size and the times of what is done, as %s', async (_form, width, height) => {
    const sizes = { image_width: 512, image_height: 256, raw_image_width: width, raw_image_height: height };
    const response = { ...grid, ...sizes, job_id: '0f7a3c52-9f4e-4b6a-8f1d-2b9d7c1e5a60' };
    const times = { created_at: 1_790_000_000.25, started_at: 1_790_000_001.5, finished_at: '1790000050' };
    answerWith({ id, type: 'imagine', ...times, response });
    expect((await provider.look([{ id }], signal)).get(id)?.facts).toEqual({
      submittedAt: 1_790_000_000_250,
      startedAt: 1_790_000_001_500,
      finishedAt: 1_790_000_050_000,
      width: 2048,
      height: 1024,
      jobId: '0f7a3c52-9f4e-4b6a-8f1d-2b9d7c1e5a60',
    });
  });

  it.each([
    ['the thumbnail’s size, if there is no other', { image_width: 512, image_height: 256 }, [512, 256]],
    ['no size of a half', { image_width: 512, raw_image_width: 2048 }, [undefined, undefined]],
    ['no size that is none', { image_width: 0, image_height: -1 }, [undefined, undefined]],
    ['no size in words', { image_width: 'wide', image_height: {} }, [undefined, undefined]],
  ])('says %s', async (_what, sizes, expected) => {
    const { image_width: _w, raw_image_width: _r, ...rest } = grid;
    answerWith({ id, response: { ...rest, ...sizes, job_id: 'x' }, started_at: 'soon', finished_at: true });
    const { facts = {} } = (await provider.look([{ id }], signal)).get(id) ?? {};
    expect([facts.width, facts.height]).toEqual(expected);
    expect(facts.jobId ?? facts.startedAt ?? facts.finishedAt).toBeUndefined();
  });

  it('says nothing of a picture that is still being made, and no size of a video', async () => {
    const sizes = { raw_image_width: 64, raw_image_height: 64 };
    answerWith({ id, created_at: 1.5, response: { ...grid, ...sizes, progress: 35 } });
    expect((await provider.look([{ id }], signal)).get(id)?.facts).toBeUndefined();
    answerWith({ id, response: { ...videos, ...sizes } });
    expect((await provider.look([{ id }], signal)).get(id)?.facts).toBeUndefined();
  });

  it("names the trace that the vendor's support asks for, of what it accepts and of what it refuses", async () => {
    const trace_id = '6a97bf49-df50-4129-9e46-119aa9fca73c';
    answerWith({ success: true, task_id: id, trace_id });
    expect((await provider.submit(imagine, signal)).traceId).toBe(trace_id);
    answerWith({ error: { code: 'forbidden', message: 'no' }, trace_id }, 403);
    await expect(provider.submit(imagine, signal)).rejects.toMatchObject({
      kind: 'rejected',
      traceId: trace_id,
    });
  });

  it('knows which task a callback is about', () => {
    const asked = { action: 'imagine', speed: 'fast', prompt: 'a fox' } as const;
    expect(provider.callback?.({ ...grid }, asked)).toEqual({ id });
    expect(provider.callback?.({ success: false, task_id: id, error: {} }, asked)).toEqual({ id });
    for (const body of [undefined, null, 'text', [], {}, { task_id: 7 }, { task_id: '' }])
      expect(provider.callback?.(body, asked)).toBeUndefined();
  });

  it.each([
    ['extend-low', 'extend'],
    ['upscale', 'upscale1'],
  ] as const)('refuses %s of a result that never had an id, and sends nothing', async (action, token) => {
    const parent = { ref: { id }, offer: { action, token } };
    const request = { ...imagine, action, parent };
    await expect(provider.submit(request, signal)).rejects.toMatchObject({
      kind: 'rejected',
      definite: true,
    });
  });

  it('refuses a region without a mask, and sends nothing', async () => {
    const request = follow('vary-region', 'variation_region');
    await expect(provider.submit(request, signal)).rejects.toMatchObject({
      kind: 'rejected',
      definite: true,
    });
  });

  it('extends with high motion through a flag', async () => {
    const sent = answerWith(accepted.body);
    const offer = { action: 'extend-high', index: 1, token: 'extend' } as const;
    const parent = { ref: { id, video: '17' }, offer };
    await provider.submit({ ...imagine, action: 'extend-high', prompt: '', parent }, signal);
    expect(bodyOf(sent)).toMatchObject({ video_index: 0, prompt: '--motion high' });
  });

  it.each([
    ['imagine', 'a fox --v 8.1', 'turbo'],
    ['video', 'a fox', 'relax'],
    ['extend-low', '', 'relax'],
  ] as const)('says before the charge that %s with %j has no %s', (action, prompt, speed) => {
    expect(() => provider.review?.({ action, prompt, speed })).toThrow(UserError);
  });

  it.each([
    ['imagine', 'a fox --v 8.1', 'relax'],
    ['imagine', 'a fox --v 7', 'turbo'],
    ['video', 'a fox', 'turbo'],
  ] as const)('accepts %s with %j at %s unchanged', (action, prompt, speed) => {
    expect(provider.review?.({ action, prompt, speed })).toEqual([]);
  });
});

describe('toPictureOffers', () => {
  it('keeps the order, has a name for what is unknown and names no region in a grid', () => {
    expect(toPictureOffers(gridActions)).toEqual(gridOffers);
  });

  it.each([
    ['foo_bar', 'other', 'Foo bar'],
    ['upscale5', 'other', 'Upscale5'],
    ['upscale_8x', 'other', 'Upscale 8x'],
    ['animate_loop', 'other-video', 'Animate loop'],
    ['toString', 'other', 'To string'],
    ['__proto__', 'other', 'Proto'],
    ['constructor', 'other', 'Constructor'],
    [' odd\u202e\nname ', 'other', 'Odd name'],
    ['שלום_עולם', 'other', 'שלום עולם'],
  ])('offers %j as it came', (token, action, label) => {
    expect(toPictureOffers([token])).toEqual([{ action, token, label }]);
  });

  it.each(['', '_', ' \u200b ', 'x'.repeat(201)])('offers nothing that nobody could read: %j', (token) => {
    expect(toPictureOffers([token, 'reroll'])).toEqual([{ action: 'reroll', token: 'reroll' }]);
  });

  it('offers each action once', () => {
    const offers = toPictureOffers(['reroll', 'teleport', 'reroll', 'teleport']);
    expect(offers.map(({ token }) => token)).toEqual(['reroll', 'teleport']);
  });

  it('offers a region once if the API offers it itself', () => {
    const offers = toPictureOffers(['variation_region', 'variation_strong']);
    expect(offers.map(({ action }) => action)).toEqual(['vary-region', 'vary-strong']);
  });

  it('only uses actions that a task knows', () => {
    const offers = toPictureOffers(['redo_upscale_2x', 'redo_upscale_creative', 'square', 'pan_down']);
    expect(offers).toHaveLength(4);
    for (const { action } of offers) expect(followUpActions).toContain(action);
  });
});

describe('toPaidFields', () => {
  it.each([
    ['a fox', {}],
    ['a fox --v 6.0', { version: '6' }],
    ['a fox --version 5.2 --quality 0.25', { version: '5.2', quality: '.25' }],
    ['a fox --v 8.1 --q 4', { version: '8.1' }],
    ['a fox --niji 7', {}],
    ['a fox --v 99 --q 3', {}],
    ['https://cdn.example/a.png a fox --v 7', { version: '7' }],
    ['a fox--hd --hdr', {}],
  ])('repeats %j in fields', (prompt, fields) => {
    expect(toPaidFields(prompt)).toEqual(fields);
  });
});
