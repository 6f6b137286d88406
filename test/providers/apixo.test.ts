import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { type ApiGeneration, apixoTraitsOf, createApixo } from '../../src/providers/apixo/index.ts';
import type { ProviderRequest } from '../../src/providers/provider.ts';
import type { Offer, Ref, Update } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';
import { describeProvider, type ProviderFixtures } from './contract.ts';

const origin = 'https://apixo.example';
const key = 'canary-apixo-000111';
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
const picture = { bytes: Buffer.from('x'), type: 'image/png', url: 'https://cdn.example/fox.png' } as const;

const imagine: ProviderRequest = { ...anImagine, prompt: 'a fox --ar 3:2 --s 120 --c 7 --w 250 --v 7' };
const ref = { id: 'task_fox_1', kind: 'set' };
const followUp = (action: Offer['action'], index?: number): ProviderRequest => ({
  ...imagine,
  action,
  parent: { ref, offer: { action, token: action, ...(index === undefined ? {} : { index }) } },
});

const accepted = { code: 200, message: 'success', data: { taskId: 'task_fox_2' } };
const started = (kind: string) =>
  ({ ref: { id: 'task_fox_2', kind }, update: { state: 'running' } }) as const;
const sends = (input: object) => ({
  method: 'POST',
  path: '/api/v1/generateTask/midjourney',
  headers,
  body: { request_type: 'async', input },
});
const submit = (what: string, request: ProviderRequest, input: object, kind: string) => ({
  what,
  request,
  sends: sends(input),
  answer: { body: accepted },
  gives: started(kind),
});
const fields = { aspect_ratio: '3:2', stylization: 100, variety: 5, weirdness: 300, version: '7' };

const urls = [1, 2, 3, 4].map((number) => `https://files.example/fox-${number}.png`);
const media = urls.map((url) => ({ kind: 'picture', url }) as const);
const task = (data: object) => ({
  body: { code: 200, message: 'success', data: { taskId: ref.id, ...data } },
});
const finished = (resultUrls: string[]) =>
  task({ state: 'success', resultJson: JSON.stringify({ resultUrls, more: 1 }), costTime: 61_000 });
const seen = (update: Update) => ({ [ref.id]: update });
const failed = (data: object) => task({ state: 'failed', ...data });

const each = (action: Offer['action'], token: string, rest: Partial<Offer> = {}): Offer[] =>
  [1, 2, 3, 4].map((index) => ({ action, index, token, ...rest }));
const picks = each('upscale', 'local', { isLocal: true });
const setOffers: Offer[] = [
  ...picks,
  { action: 'reroll', token: 'reroll' },
  ...each('variation', 'vary'),
  ...each('enlarge', 'upscale'),
];

const fixtures: ProviderFixtures = {
  origin,
  key,
  anyRequest: imagine,
  anyRef: ref,
  submits: [
    submit(
      'imagine, with flags as fields, rounded to their steps,',
      imagine,
      { mode: 'text-to-image', prompt: 'a fox', speed: 'fast', ...fields },
      'set',
    ),
    submit(
      'imagine with pictures, turbo',
      { ...imagine, prompt: 'a fox', speed: 'turbo', pictures: [picture, picture] },
      {
        mode: 'image-to-image',
        prompt: 'a fox',
        speed: 'turbo',
        image_urls: [picture.url, picture.url],
      },
      'set',
    ),
    submit(
      'a draft',
      { ...imagine, prompt: 'a fox --draft' },
      { mode: 'text-to-image', prompt: 'a fox', speed: 'draft' },
      'draft',
    ),
    submit(
      'a draft that was agreed to at fast speed instead of a relaxed one',
      { ...imagine, prompt: 'a fox --draft', speed: 'relax' },
      { mode: 'text-to-image', prompt: 'a fox', speed: 'draft' },
      'draft',
    ),
    submit(
      'an edit',
      { ...imagine, action: 'edit', prompt: 'a red hat', pictures: [picture] },
      { mode: 'image-edit', prompt: 'a red hat', speed: 'fast', image_urls: [picture.url] },
      'edit',
    ),
    submit(
      'V3',
      followUp('variation', 3),
      { mode: 'vary', taskId: ref.id, imageIndex: 2, speed: 'fast' },
      'set',
    ),
    submit(
      'an upscale',
      followUp('enlarge', 1),
      { mode: 'upscale', taskId: ref.id, imageIndex: 0, speed: 'fast' },
      'single',
    ),
    submit(
      'an enhancement',
      followUp('enhance', 4),
      { mode: 'enhance', taskId: ref.id, imageIndex: 3, speed: 'fast' },
      'single',
    ),
    ...[true, false].map((translate) =>
      submit(
        `imagine with translate ${translate}`,
        { ...imagine, prompt: 'ein Fuchs', options: { translate } },
        { mode: 'text-to-image', prompt: 'ein Fuchs', speed: 'fast', enableTranslation: translate },
        'set',
      ),
    ),
    submit('a reroll', followUp('reroll'), { mode: 'reroll', taskId: ref.id, speed: 'fast' }, 'set'),
    {
      ...submit(
        'an imagine that is called back about',
        { ...imagine, callbackUrl: 'https://us.example/x' },
        {},
        'set',
      ),
      sends: {
        ...sends({}),
        body: {
          request_type: 'callback',
          callback_url: 'https://us.example/x',
          input: { mode: 'text-to-image', prompt: 'a fox', speed: 'fast', ...fields },
        },
      },
    },
  ],
  callbacks: [
    { what: 'a task', body: task({ state: 'success' }).body, gives: { id: ref.id, kind: 'set' } },
    {
      what: 'a failure',
      body: { code: 400, message: 'failed', data: { taskId: ref.id, state: 'failed' } },
      gives: { id: ref.id, kind: 'set' },
    },
    ...[undefined, null, 'text', [], {}, { data: {} }, { data: { taskId: '' } }].map((body) => ({
      what: `no task: ${JSON.stringify(body)}`,
      body,
      gives: undefined,
    })),
  ],
  refusals: [
    {
      what: 'a missing field',
      answer: {
        status: 400,
        body: { code: 400, message: 'Invalid request', data: { error: 'no input.prompt' } },
      },
      kind: 'rejected',
      reason: 'no input.prompt',
    },
    {
      what: 'a refusal with HTTP 200',
      answer: { body: { code: 400, message: 'speed is unknown', data: null } },
      kind: 'rejected',
      reason: 'speed is unknown',
      definite: true,
    },
    {
      what: 'an empty account, in words',
      answer: { status: 400, body: { code: 400, message: 'Insufficient credits', data: null } },
      kind: 'balance',
    },
    {
      what: 'an empty account, as a number',
      answer: { status: 402, body: { code: 402, message: 'Payment required' } },
      kind: 'balance',
    },
    { what: 'a refused key', answer: { status: 401, body: { code: 401, message: 'no key' } }, kind: 'auth' },
    {
      what: 'forbidden content',
      answer: { status: 403, body: { code: 403, message: 'Blocked by the content policy' } },
      kind: 'rejected',
      reason: 'Blocked by the content policy',
    },
    {
      what: 'a key without permission',
      answer: { status: 403, body: { code: 403, message: 'This key cannot use the model' } },
      kind: 'auth',
    },
    { what: 'a firewall', answer: { status: 403, body: '<html>' }, kind: 'malformed' },
    {
      what: 'an unknown parent',
      answer: { status: 404, body: { code: 404, message: 'task not found' } },
      kind: 'rejected',
      reason: 'task not found',
    },
    {
      what: "an address that doesn't exist",
      answer: { status: 404, body: '<html>' },
      kind: 'malformed',
      definite: false,
    },
    {
      what: 'too many requests',
      answer: { status: 429, body: { code: 429, message: 'slow' }, headers: { 'retry-after': '9' } },
      kind: 'busy',
      retryAfterMs: 9_000,
    },
    {
      what: 'a crash',
      answer: { status: 500, body: { code: 500, message: 'oh' } },
      kind: 'unavailable',
      definite: false,
    },
    {
      what: 'a crash with HTTP 200',
      answer: { body: { code: 500, message: 'oh' } },
      kind: 'unavailable',
      definite: false,
    },
    { what: 'a bad gateway', answer: { status: 502, body: '<html>' }, kind: 'unavailable', definite: false },
    { what: 'a redirect', answer: { status: 302, body: '' }, kind: 'malformed', definite: false },
    { what: 'half of a JSON', answer: { body: '{"code":200,"da' }, kind: 'malformed', definite: false },
    {
      what: 'an acceptance without an id',
      answer: { body: { code: 200, message: 'success', data: {} } },
      kind: 'malformed',
      definite: false,
    },
    {
      what: 'an acceptance without data',
      answer: { body: { code: 200, message: 'success' } },
      kind: 'malformed',
      definite: false,
    },
  ],
  look: {
    sends: { method: 'GET', path: `/api/v1/statusTask/midjourney?taskId=${ref.id}` },
    states: [
      ...['pending', 'processing', 'whatever'].map((state) => ({
        what: `a task that is ${state}`,
        refs: [ref],
        answer: task({ state, createTime: 1_790_000_000_000 }),
        gives: seen({ state: 'running' }),
      })),
      {
        what: 'four pictures, with their follow-ups',
        refs: [ref],
        answer: finished(urls),
        gives: seen({ state: 'done', media, offers: setOffers }),
      },
      {
        what: 'the times of a result',
        refs: [ref],
        answer: task({
          state: 'success',
          resultJson: JSON.stringify({ resultUrls: urls }),
          costTime: 55_000,
          createTime: 1_698_765_390_000,
          completeTime: '1698765455000',
        }),
        gives: seen({
          state: 'done',
          media,
          offers: setOffers,
          facts: {
            submittedAt: 1_698_765_390_000,
            startedAt: 1_698_765_400_000,
            finishedAt: 1_698_765_455_000,
          },
        }),
      },
      {
        what: 'the times of a failure, as far as they can be read',
        refs: [ref],
        answer: failed({ failMsg: 'no', costTime: 'long', createTime: -1, completeTime: 1_698_765_455_000 }),
        gives: seen({
          state: 'failed',
          kind: 'rejected',
          reason: 'no',
          facts: { finishedAt: 1_698_765_455_000 },
        }),
      },
      {
        what: 'a result that was read before it was done',
        refs: [ref],
        answer: task({ state: 'success', resultJson: { resultUrls: urls } }),
        gives: seen({ state: 'done', media, offers: setOffers }),
      },
      {
        what: 'more pictures than a message can have',
        refs: [{ ...ref, kind: 'edit' }],
        answer: finished(Array.from({ length: 20 }, (_, index) => `https://file.apixo.ai/${index}.png`)),
        gives: seen({
          state: 'done',
          media: Array.from({ length: 10 }, (_, index) => ({
            kind: 'picture' as const,
            url: `https://file.apixo.ai/${index}.png`,
          })),
          offers: Array.from({ length: 10 }, (_, index) => ({
            action: 'upscale' as const,
            index: index + 1,
            token: 'local',
            isLocal: true,
          })),
        }),
      },
      {
        what: 'a draft, which can be enhanced',
        refs: [{ ...ref, kind: 'draft' }],
        answer: finished(urls),
        gives: seen({ state: 'done', media, offers: [...setOffers, ...each('enhance', 'enhance')] }),
      },
      {
        what: 'an edit, for which only picks are certain',
        refs: [{ ...ref, kind: 'edit' }],
        answer: finished(urls),
        gives: seen({ state: 'done', media, offers: picks }),
      },
      {
        what: 'one upscaled picture',
        refs: [{ ...ref, kind: 'single' }],
        answer: finished(urls.slice(0, 1)),
        gives: seen({ state: 'done', media: media.slice(0, 1), offers: [] }),
      },
      {
        what: 'a set of one picture, which needs no pick',
        refs: [{ id: ref.id }],
        answer: finished(urls.slice(0, 1)),
        gives: seen({
          state: 'done',
          media: media.slice(0, 1),
          offers: setOffers.filter(({ action, index = 1 }) => index === 1 && action !== 'upscale'),
        }),
      },
      ...['', 'no JSON', '{"resultUrls":"x"}', '{"resultUrls":[]}'].map((resultJson) => ({
        what: `a success whose pictures are not there yet (${resultJson})`,
        refs: [ref],
        answer: task({ state: 'success', resultJson }),
        gives: seen({ state: 'running' }),
      })),
      ...(
        [
          ['CONTENT_VIOLATION', 'content'],
          ['SensitiveContent', 'content'],
          ['SensitiveContentDetected', 'content'],
          ['InputImageSensitiveContentDetected', 'content'],
          ['InputOutputSensitiveContentDetected', 'content'],
          ['ProhibitedContentDetected', 'content'],
          ['NSFW', 'content'],
          ['NSFW_DETECTED', 'content'],
          ['PROMPT_TOO_LONG', 'prompt-length'],
          ['PromptLengthExceeded', 'prompt-length'],
          ['INVALID_PROMPT', 'rejected'],
          ['GENERATION_FAILED', 'generation'],
          ['GenerationFailed', 'generation'],
          ['NeverHeardOf', 'rejected'],
          ['IMAGE_TOO_LARGE', 'input'],
          ['InvalidImageUrl', 'input'],
          ['PROCESSING_TIMEOUT', 'timeout'],
          ['MODEL_UNAVAILABLE', 'unavailable'],
        ] as const
      ).map(([failCode, kind]) => ({
        what: `${failCode} as ${kind}`,
        refs: [ref],
        answer: failed({ failCode, failMsg: 'in words' }),
        gives: seen({ state: 'failed', kind, reason: 'in words', code: failCode }),
      })),
      {
        what: 'an account that ran out of credit',
        refs: [ref],
        answer: failed({ failCode: 'INSUFFICIENT_CREDITS', failMsg: 'Insufficient credits' }),
        gives: seen({ state: 'failed', kind: 'balance' }),
      },
      ...[200, 400].map((status) => ({
        what: `a failure whose code is also that of the answer, with HTTP ${status}`,
        refs: [ref],
        answer: {
          status,
          body: {
            code: 400,
            message: 'failed',
            data: { taskId: ref.id, state: 'failed', failCode: 'CONTENT_VIOLATION', failMsg: 'in words' },
          },
        },
        gives: seen({ state: 'failed', kind: 'content', reason: 'in words', code: 'CONTENT_VIOLATION' }),
      })),
      {
        what: 'a failure with only a code',
        refs: [ref],
        answer: failed({ failCode: 'NSFW' }),
        gives: seen({ state: 'failed', kind: 'content', code: 'NSFW' }),
      },
      {
        what: 'a failure without a word',
        refs: [ref],
        answer: failed({}),
        gives: seen({ state: 'failed', kind: 'rejected' }),
      },
      {
        what: 'nothing about an unknown task',
        refs: [ref],
        answer: { status: 404, body: { code: 404, message: 'task not found' } },
        gives: {},
      },
      ...(
        [
          ['null', 200, 'null'],
          ['nothing', 204, ''],
          ['an empty object', 200, {}],
          ['words', 400, { code: 400, message: 'Task does not exist' }],
        ] as const
      ).map(([form, status, body]) => ({
        what: `nothing of a task that is not known, by ${form}`,
        refs: [ref],
        answer: { status, body },
        gives: {},
      })),
      {
        what: 'nothing about an unknown task, with HTTP 200',
        refs: [ref],
        answer: { body: { code: 404, message: 'task not found', data: null } },
        gives: {},
      },
    ],
    failures: [
      {
        what: 'a refused key',
        answer: { status: 401, body: { code: 401, message: 'no key' } },
        kind: 'auth',
      },
      {
        what: 'too many requests',
        answer: { status: 429, body: '', headers: { 'retry-after': '3' } },
        kind: 'busy',
        retryAfterMs: 3_000,
      },
      { what: 'a crash', answer: { status: 503, body: 'no' }, kind: 'unavailable' },
      { what: 'a web page', answer: { body: '<html>' }, kind: 'malformed' },
      { what: "an address that doesn't exist", answer: { status: 404, body: '<html>' }, kind: 'malformed' },
      {
        what: 'an answer without data',
        answer: { body: { code: 200, message: 'success' } },
        kind: 'malformed',
      },
      { what: 'a task without a state', answer: task({}), kind: 'malformed' },
    ],
  },
  calls: [
    {
      what: 'the balance',
      call: (provider, signal) => provider.balance?.(signal),
      sends: {
        method: 'GET',
        path: '/api/v1/apikeys/current-balance',
        headers: { authorization: `Bearer ${key}` },
      },
      answer: { body: { code: 200, message: 'success', data: 12.5 } },
      gives: { amount: 12.5, unit: 'USD' },
    },
    {
      what: 'the balance with a refused key',
      call: (provider, signal) => provider.balance?.(signal),
      sends: { method: 'GET', path: '/api/v1/apikeys/current-balance' },
      answer: { status: 401, body: { code: 401, message: 'no key' } },
      fails: 'auth',
    },
  ],
};

describeProvider('apixo', (http) => createApixo({ http, apiKey: key, baseUrl: origin }), fixtures);

describeProvider(
  'apixo, seed generation',
  (http) => createApixo({ http, apiKey: key, baseUrl: `${origin}/api/v1`, generation: 'seed' }),
  {
    ...fixtures,
    submits: [
      submit(
        'imagine, relaxed',
        { ...imagine, prompt: 'a fox', speed: 'relax' },
        { mode: 'text-to-image', prompt: 'a fox', speed: 'relaxed' },
        'set',
      ),
    ],
    look: {
      ...fixtures.look,
      states: [
        {
          what: 'four pictures to pick from, and nothing else',
          refs: [ref],
          answer: finished(urls),
          gives: seen({ state: 'done', media, offers: picks }),
        },
      ],
    },
  },
);

const marked = (translate?: boolean) =>
  submit(
    `imagine with a watermark, translate ${translate}`,
    { ...imagine, prompt: 'ein Fuchs', options: translate === undefined ? {} : { translate } },
    {
      mode: 'text-to-image',
      prompt: 'ein Fuchs',
      speed: 'fast',
      watermark: '© Our Club',
      enableTranslation: translate ?? false,
    },
    'set',
  );

describeProvider(
  'apixo, with a watermark and without translation',
  (http) => createApixo({ http, apiKey: key, baseUrl: origin, watermark: '© Our Club', translation: false }),
  {
    ...fixtures,
    submits: [
      marked(),
      marked(true),
      marked(false),
      submit(
        'an edit',
        { ...imagine, action: 'edit', prompt: 'a red hat', pictures: [picture] },
        {
          mode: 'image-edit',
          prompt: 'a red hat',
          speed: 'fast',
          image_urls: [picture.url],
          watermark: '© Our Club',
          enableTranslation: false,
        },
        'edit',
      ),
      submit(
        'a reroll, which has no prompt',
        followUp('reroll'),
        { mode: 'reroll', taskId: ref.id, speed: 'fast' },
        'set',
      ),
    ],
  },
);

/** A provider that would fail if it sent anything. */
function createOffline(generation?: ApiGeneration) {
  const http = { request: () => Promise.reject(new Error('nothing may be sent')) };
  return createApixo({ http, apiKey: key, generation });
}

describe('what apixo can do', () => {
  it('depends on the generation', () => {
    expect([...createOffline().actions].sort()).toEqual(
      ['edit', 'enhance', 'enlarge', 'imagine', 'reroll', 'variation'].sort(),
    );
    expect([...createOffline('seed').actions]).toEqual(['imagine']);
    expect(apixoTraitsOf('seed').mostPictures?.imagine).toBe(2);
    expect(apixoTraitsOf().mostPictures).toEqual({ imagine: 20, edit: 1 });
  });

  it('is to run at any speed, but a relaxed task runs as fast, unless the generation is the first', () => {
    const speedOf = (generation?: ApiGeneration) =>
      createOffline(generation).review?.({ action: 'imagine', speed: 'relax', prompt: 'a fox' });
    for (const generation of ['seed', 'current'] as const)
      expect([...createOffline(generation).speeds]).toEqual(['relax', 'fast', 'turbo']);
    expect(speedOf('seed')).toEqual([]);
    expect(speedOf('current')).toEqual([{ flag: '--relax', asked: 'relax', used: 'fast' }]);
    expect(createOffline().review?.({ action: 'reroll', speed: 'relax', prompt: '' })).toHaveLength(1);
  });

  it('has no list to search for a lost task', () => {
    expect(createOffline().find).toBeUndefined();
  });
});

describe('what a callback of apixo says', () => {
  const read = (body: unknown, of: Ref = ref) => createOffline().readCallback?.(body, of);
  const success = finished(urls).body;
  const failure = {
    code: 400,
    message: 'failed',
    data: { taskId: ref.id, state: 'failed', failCode: 'CONTENT_VIOLATION', failMsg: 'in words' },
  };
  const isFailed = { state: 'failed', kind: 'content', reason: 'in words', code: 'CONTENT_VIOLATION' };

  it('is read like a look, with the buttons of the task it is about', () => {
    expect(read(success)).toEqual({ state: 'done', media, offers: setOffers });
    expect(read(success, { ...ref, kind: 'single' })).toEqual({ state: 'done', media, offers: [] });
  });

  it('is a failure with either envelope', () => {
    expect(read(failure)).toEqual(isFailed);
    expect(read({ ...failure, code: 200, message: 'success' })).toEqual(isFailed);
  });

  it.each([
    ['another task', { ...success, data: { ...success.data, taskId: 'task_fox_10' } }],
    ['no task', { ...success, data: { ...success.data, taskId: undefined } }],
    ['nothing', undefined],
    ['null', null],
    ['words', 'success'],
    ['a list', [success, success]],
    ['no state', { code: 200, data: { taskId: ref.id } }],
    ['a state that is no word', { code: 200, data: { taskId: ref.id, state: 7 } }],
  ])('is nothing if it is about %s', (_what, body) => {
    expect(read(body)?.state ?? 'running').toBe('running');
  });
});

describe("apixo's review", () => {
  const review = (prompt: string, request: Partial<ProviderRequest> = {}, generation?: ApiGeneration) =>
    createOffline(generation).review?.({ action: 'imagine', speed: 'fast', ...request, prompt });

  function refusalOf(...parameters: Parameters<typeof review>) {
    try {
      review(...parameters);
    } catch (error) {
      if (error instanceof UserError) return { code: error.code, ...error.details };
      throw error;
    }
    return undefined;
  }

  it('says nothing if everything is accepted unchanged', () => {
    expect(review('a fox --ar 16:9 --s 100 --c 10 --w 200 --v 7')).toEqual([]);
    expect(review('a fox --aspect 32:18 --stylize 0 --chaos 100 --weird 3000 --version 7.0')).toEqual([]);
  });

  it.each([
    ['--ar 7:5', '4:3'],
    ['--ar 21:9', '2:1'],
    ['--ar 1:8', '1:2'],
    ['--s 120', '100'],
    ['--s 125', '150'],
    ['--stylize 5000', '1000'],
    ['--c 7', '5'],
    ['--w 250', '300'],
    ['--c 2.5', '5'],
  ])('says that %s becomes %s', (flag, used) => {
    const [name, asked] = flag.split(' ');
    expect(review(`a fox ${flag}`)).toEqual([{ flag: name, asked, used }]);
  });

  it.each([
    ['a fox --no dogs', '--no dogs'],
    ['a fox --ar 3:2 --sref 77 --seed 5 --tile', '--sref 77 --seed 5 --tile'],
    ['a fox --v 8.1', '--v 8.1'],
    ['a fox --niji 6', '--niji 6'],
    ['a fox --s high', '--s high'],
    ['a fox --s -5', '--s -5'],
    ['a fox --ar 3:0', '--ar 3:0'],
    ['a fox --ar 3:2 in the snow', '--ar 3:2 in the snow'],
    ['a fox --s 100 --s 200', '--s 200'],
    ['a fox -- in the snow', '-- in the snow'],
    ['a well--known fox', '--known fox'],
    ['a fox --constructor', '--constructor'],
    ['a fox --turbo', '--turbo'],
  ])('refuses %s', (prompt, flags) => {
    expect(refusalOf(prompt)).toEqual({ code: 'flags-unsupported', flags });
  });

  it('allows a draft if the generation has drafts', () => {
    expect(review('a fox --draft')).toEqual([]);
    const flags = { code: 'flags-unsupported', flags: '--draft' };
    expect(refusalOf('a fox --draft', { speed: 'turbo' })).toEqual(flags);
    expect(refusalOf('a fox --draft', { action: 'edit' })).toEqual(flags);
    expect(refusalOf('a fox --draft', {}, 'seed')).toEqual(flags);
  });

  it('refuses prompts that the API would refuse', () => {
    expect(refusalOf('--ar 3:2')).toEqual({ code: 'prompt-empty' });
    expect(refusalOf(`${'x'.repeat(2_001)} --ar 3:2`)).toEqual({
      code: 'prompt-too-long',
      length: 2_001,
      limit: 2_000,
    });
  });

  it('ignores follow-ups, which send no prompt', () => {
    expect(review('a fox --tile', { action: 'reroll' })).toEqual([]);
  });
});

describe('what apixo never sends', () => {
  const signal = AbortSignal.timeout(60_000);

  it.each([
    ['flags that would be dropped', { prompt: 'a fox --tile' }, 'There is no --tile here.'],
    [
      'more pictures than there may be',
      { pictures: [picture, picture, picture] },
      'At most 2 reference pictures can be used.',
    ],
  ] as const)('%s', async (_what, changes, reason) => {
    const submitted = createOffline('seed').submit({ ...imagine, ...changes }, signal);
    await expect(submitted).rejects.toMatchObject({ kind: 'rejected', definite: true, reason });
  });
});
