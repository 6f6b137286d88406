import type { Picture, ProviderRequest } from '../../src/providers/provider.ts';
import type { Action } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';
import { describeProvider, type ProviderFixtures } from './contract.ts';

/** What differs on the wire between the kinds of the family. */
export interface Wire {
  /** The key, sent with every request. */
  readonly headers: Record<string, string>;
  /** The path prefix for fast tasks. */
  readonly prefix: string;
  /** Commands that the kind has no endpoint for. */
  readonly lacks: readonly Action[];
  readonly extendIndexAs: 'number' | 'string';
  readonly hasLoopField?: true;
}

/** Above 2^53, so a JavaScript number would change it. */
export const id = '14001934816969359';

function drawPicture(name: string, type: Picture['type'] = 'image/png'): Picture {
  return { bytes: Buffer.from(`not really ${name}`), type, url: `https://cdn.example/${name}.png` };
}

const [fox, hare] = [drawPicture('a fox'), drawPicture('a hare', 'image/jpeg')];
const foxUrl = `data:image/png;base64,${fox.bytes.toString('base64')}`;
const hareUrl = `data:image/jpeg;base64,${hare.bytes.toString('base64')}`;

const request = (action: Action, facts: Partial<ProviderRequest> = {}): ProviderRequest => ({
  ...anImagine,
  action,
  prompt: '',
  ...facts,
});

/** A request, and what must be posted for it. */
interface Sample {
  readonly what: string;
  readonly request: ProviderRequest;
  readonly path: string;
  readonly body: object;
}

const samples: readonly Sample[] = [
  {
    what: 'imagine with a callback',
    request: request('imagine', { prompt: 'a fox', callbackUrl: 'https://bot.example/hook/abc' }),
    path: '/mj/submit/imagine',
    body: {
      botType: 'MID_JOURNEY',
      prompt: 'a fox',
      base64Array: [],
      notifyHook: 'https://bot.example/hook/abc',
    },
  },
  {
    what: 'a blend',
    request: request('blend', { pictures: [fox, hare] }),
    path: '/mj/submit/blend',
    body: { base64Array: [foxUrl, hareUrl], dimensions: 'SQUARE' },
  },
  {
    what: 'a blend of five as a landscape',
    request: request('blend', {
      pictures: [fox, hare, fox, hare, fox],
      options: { dimensions: 'landscape' },
    }),
    path: '/mj/submit/blend',
    body: { base64Array: [foxUrl, hareUrl, foxUrl, hareUrl, foxUrl], dimensions: 'LANDSCAPE' },
  },
  {
    what: 'describe',
    request: request('describe', { pictures: [hare] }),
    path: '/mj/submit/describe',
    body: { base64: hareUrl },
  },
  {
    what: 'a blend by niji',
    request: request('blend', { pictures: [fox, hare], options: { dimensions: 'portrait', isNiji: true } }),
    path: '/mj/submit/blend',
    body: { botType: 'NIJI_JOURNEY', base64Array: [foxUrl, hareUrl], dimensions: 'PORTRAIT' },
  },
  {
    what: 'a description by niji',
    request: request('describe', { pictures: [hare], options: { isNiji: true } }),
    path: '/mj/submit/describe',
    body: { botType: 'NIJI_JOURNEY', base64: hareUrl },
  },
  {
    what: 'shorten',
    request: request('shorten', { prompt: 'a very long fox --ar 3:2' }),
    path: '/mj/submit/shorten',
    body: { prompt: 'a very long fox --ar 3:2' },
  },
  {
    what: 'an edit',
    request: request('edit', { prompt: 'a fox with a hat', pictures: [fox] }),
    path: '/mj/submit/edits',
    body: { prompt: 'a fox with a hat', image: foxUrl },
  },
  {
    what: 'an edit with several pictures, one of them for its style',
    request: request('edit', {
      prompt: 'put the hat on --v 8.2',
      speed: 'relax',
      pictures: [fox, { ...hare, role: 'style' }, { ...fox, url: 'https://cdn.example/hat.png?ex=1&' }],
    }),
    path: '/mj/submit/imagine',
    body: {
      botType: 'MID_JOURNEY',
      prompt: `put the hat on --v 8.2 --edit ${fox.url} https://cdn.example/hat.png?ex=1& --sref ${hare.url} --relax`,
      base64Array: [],
      accountFilter: { modes: ['RELAX'] },
    },
  },
  {
    what: 'a video',
    request: request('video', { prompt: 'it runs', pictures: [fox] }),
    path: '/mj/submit/video',
    body: { prompt: 'it runs', motion: 'low', image: foxUrl },
  },
  {
    what: 'a video whose motion is in its words',
    request: request('video', { prompt: 'it runs --motion high', pictures: [fox] }),
    path: '/mj/submit/video',
    body: { prompt: 'it runs --motion high', motion: 'high', image: foxUrl },
  },
  {
    what: 'a swap of faces',
    request: request('swap', { pictures: [fox, hare] }),
    path: '/mj/insight-face/swap',
    body: { sourceBase64: foxUrl, targetBase64: hareUrl },
  },
  {
    what: 'a region to vary, whose mask comes with the answer',
    request: request('vary-region', {
      prompt: 'a hat',
      mask: fox,
      parent: { ref: { id }, offer: { action: 'vary-region', token: 'MJ::Inpaint::1::u::SOLO' } },
    }),
    path: '/mj/submit/action',
    body: { taskId: id, customId: 'MJ::Inpaint::1::u::SOLO' },
  },
];

/** Only trueai's has fields for all of it. */
const fullVideos: readonly Sample[] = [
  {
    what: 'a video without words, with an end, large, and only two of them',
    request: request('video', {
      pictures: [fox, hare],
      options: { motion: 'high', resolution: '720p', clips: 2 },
    }),
    path: '/mj/submit/video',
    body: {
      prompt: '',
      motion: 'high',
      image: foxUrl,
      endImage: hareUrl,
      videoType: 'vid_1.1_i2v_720',
      batchSize: 2,
    },
  },
  {
    what: 'a loop',
    request: request('video', { prompt: 'it runs', pictures: [fox], options: { isLoop: true } }),
    path: '/mj/submit/video',
    body: { prompt: 'it runs', motion: 'low', image: foxUrl, loop: true },
  },
  {
    what: 'more of a single video',
    request: { ...extend(0, ''), options: { clips: 1 } },
    path: '/mj/submit/video',
    body: {
      ...{ prompt: 'it runs', motion: 'high', action: 'extend', index: 0 },
      ...{ taskId: id, task_id: id, batchSize: 1 },
    },
  },
];

const plainVideos: readonly Sample[] = [
  {
    what: 'a loop, which has no field',
    request: request('video', { prompt: 'it runs', pictures: [fox], options: { isLoop: true } }),
    path: '/mj/submit/video',
    body: { prompt: 'it runs --loop', motion: 'low', image: foxUrl },
  },
];

function extend(index: number, prompt: string): ProviderRequest {
  const token = `extend:high:${index}:it runs`;
  return request('extend-high', { prompt, parent: { ref: { id }, offer: { action: 'extend-high', token } } });
}

function toExtendSample(what: string, index: number, words: string, wire: Wire): Sample {
  const body = {
    prompt: words || 'it runs',
    motion: 'high',
    action: 'extend',
    index: wire.extendIndexAs === 'string' ? String(index) : index,
    taskId: id,
    task_id: id,
  };
  return { what, request: extend(index, words), path: '/mj/submit/video', body };
}

/** Every command that the kind has an endpoint for. */
export function submitsOf(wire: Wire): ProviderFixtures['submits'] {
  const all = [
    ...samples,
    ...(wire.hasLoopField === true ? fullVideos : plainVideos),
    toExtendSample('more of a video', 0, '', wire),
    toExtendSample('more of a video in other words', 3, 'it flies', wire),
  ];
  const ref = wire.prefix === '' ? { id } : { id, prefix: wire.prefix };
  return all
    .filter((sample) => !wire.lacks.includes(sample.request.action))
    .map((sample) => ({
      what: sample.what,
      request: sample.request,
      sends: {
        method: 'POST',
        path: `${wire.prefix}${sample.path}`,
        headers: { ...wire.headers, 'content-type': 'application/json' },
        body: { ...sample.body, state: 'ours-1', ...filterOf(sample.request, wire) },
      },
      answer: { body: { code: 1, description: 'Submit success', result: id, properties: {} } },
      gives: { ref, update: { state: 'running' as const } },
    }));
}

/** A speed that the path doesn't say stands in the filter; a swap has none. */
function filterOf({ action, speed }: ProviderRequest, { prefix }: Wire): object {
  return prefix !== '' || action === 'swap' ? {} : { accountFilter: { modes: [speed.toUpperCase()] } };
}

type Calls = NonNullable<ProviderFixtures['calls']>;

/** What a mask looks like on the wire, and a seed, if there is one. */
export function callsOf(wire: Wire, { hasSeed }: { hasSeed: boolean }): Calls {
  const modal = { method: 'POST', path: '/mj/submit/modal', headers: wire.headers };
  const ids = { taskId: id, task_id: id };
  const accepted = { body: { code: 1, description: 'Submit success', result: id } };
  const seeds: Calls = [
    {
      what: 'for a seed',
      call: (provider, signal) => provider.seed?.({ id }, signal),
      sends: { method: 'GET', path: `/mj/task/${id}/image-seed`, headers: wire.headers },
      answer: { body: { code: 1, description: '成功', properties: null, result: '4066613812' } },
      gives: '4066613812',
    },
    {
      what: 'for a seed that is a large number',
      call: (provider, signal) => provider.seed?.({ id }, signal),
      sends: { method: 'GET', path: `/mj/task/${id}/image-seed` },
      answer: { body: '{"code":1,"description":"ok","result":14001934816969359}' },
      gives: '14001934816969359',
    },
    {
      what: 'for the seed of a task without one',
      call: (provider, signal) => provider.seed?.({ id }, signal),
      sends: { method: 'GET', path: `/mj/task/${id}/image-seed` },
      answer: { status: 400, body: { code: 4, description: '关联任务状态错误' } },
      fails: 'rejected',
    },
    {
      what: 'for a malformed seed',
      call: (provider, signal) => provider.seed?.({ id }, signal),
      sends: { method: 'GET', path: `/mj/task/${id}/image-seed` },
      answer: { body: { code: 1, description: 'ok', result: 'soon' } },
      fails: 'malformed',
    },
  ];
  return [
    {
      what: 'with an answer',
      call: (provider, signal) => provider.answer?.({ id }, { prompt: 'a fox --zoom 2' }, signal),
      sends: { ...modal, body: { ...ids, prompt: 'a fox --zoom 2' } },
      answer: accepted,
      gives: { ref: { id }, update: { state: 'running' } },
    },
    {
      what: 'with an answer and a mask',
      call: (provider, signal) => provider.answer?.({ id }, { prompt: 'a hat', mask: fox }, signal),
      sends: { ...modal, body: { ...ids, prompt: 'a hat', maskBase64: foxUrl } },
      answer: accepted,
      gives: { ref: { id }, update: { state: 'running' } },
    },
    {
      what: 'with an answer that is refused',
      call: (provider, signal) => provider.answer?.({ id }, { prompt: 'grim' }, signal),
      sends: modal,
      answer: { body: { code: 24, description: '可能包含敏感词', properties: { bannedWord: 'grim' } } },
      fails: 'rejected',
    },
    ...(hasSeed ? seeds : []),
  ];
}

export const callbacks: NonNullable<ProviderFixtures['callbacks']> = [
  { what: 'a task', body: { id, status: 'SUCCESS', progress: '100%', buttons: [] }, gives: { id } },
  { what: 'an id as a number', body: { id: 1799000000000001 }, gives: { id: '1799000000000001' } },
  { what: 'a number that has lost its last digits', body: { id: 2 ** 60 }, gives: undefined },
  { what: 'no id', body: { status: 'SUCCESS' }, gives: undefined },
  { what: 'something other than an object', body: 'SUCCESS', gives: undefined },
];

const described =
  '1️⃣ a [fox](https://example.org/a_(b)?q=1) in snow --ar 3:2\n\n2️⃣ a hare, [ink wash](https://example.org) --ar 3:2\r\n\r\n3️⃣ an owl\nat dusk\n\n4️⃣ a stoat';
const foundPrompts = ['a fox in snow --ar 3:2', 'a hare, ink wash --ar 3:2', 'an owl at dusk', 'a stoat'];
const shortened =
  '## Important tokens\n**fox**, ~~very~~ snow\n## Shortened prompts\n1️⃣ fox, snow\n\n2️⃣ fox\n## End';

const imageUrl = 'https://cdn.example/a/b.png?ex=1&is=2&hm=3&';
const clips = [0, 1].map((number) => ({ url: `https://video.example/job/${number}.mp4?x=1` }));
const button = (customId: string) => ({ customId, emoji: '', label: '', type: 2, style: 2 });
const done = (facts: object) => ({ status: 'SUCCESS', progress: '100%', ...facts });

export interface State {
  readonly what: string;
  /** The task without its id. */
  readonly task: object;
  readonly gives: ProviderFixtures['look']['states'][number]['gives'][string];
}

const pickButtons = ['MJ::JOB::video_virtual_upscale::2::u', 'MJ::JOB::reroll::0::u::SOLO'].map(button);
const reroll = { action: 'reroll-video', token: 'MJ::JOB::reroll::0::u::SOLO' } as const;

/** Results that only some commands have; some gateways refuse the buttons of a text. */
export const resultStates = ({ refusesTexts }: { refusesTexts: boolean }): State[] => [
  {
    what: 'a description, in all three places',
    task: done({
      action: 'DESCRIBE',
      imageUrl,
      prompt: described,
      promptEn: described,
      properties: { finalPrompt: described, finalZhPrompt: 'x' },
      buttons: ['MJ::Job::PicReader::1', 'MJ::Picread::Retry', 'MJ::Job::PicReader::all'].map(button),
    }),
    gives: {
      state: 'done',
      media: [],
      text: foundPrompts,
      offers: refusesTexts
        ? []
        : [
            { action: 'redescribe', token: 'MJ::Picread::Retry' },
            { action: 'imagine-all', token: 'MJ::Job::PicReader::all' },
          ],
    },
  },
  {
    what: 'a description in the second place only, and without a picture',
    task: done({ action: 'DESCRIBE', prompt: '', promptEn: described, properties: null, buttons: null }),
    gives: { state: 'done', media: [], text: foundPrompts, offers: [] },
  },
  {
    what: 'a description without numbers',
    task: done({ action: 'DESCRIBE', prompt: 'a fox,\n\nplain', promptEn: '' }),
    gives: { state: 'done', media: [], text: ['a fox, plain'], offers: [] },
  },
  {
    what: "a description that isn't there yet",
    task: done({ action: 'DESCRIBE', imageUrl, prompt: '', promptEn: null, properties: {} }),
    gives: { state: 'running' },
  },
  {
    what: 'shortened prompts, and which tokens matter',
    task: done({
      action: 'SHORTEN',
      imageUrl: '',
      properties: { finalPrompt: shortened },
      buttons: [button('MJ::Job::PromptAnalyzer::1')],
    }),
    gives: {
      state: 'done',
      media: [],
      text: ['fox, snow', 'fox'],
      weighed: '**fox**, ~~very~~ snow',
      offers: [],
    },
  },
  {
    what: "shortened prompts in trueai's field",
    task: done({
      action: 'SHORTEN',
      prompt: 'a very long fox',
      promptEn: 'a very long fox',
      description: shortened,
      properties: { finalPrompt: 'a very long fox' },
    }),
    gives: {
      state: 'done',
      media: [],
      text: ['fox, snow', 'fox'],
      weighed: '**fox**, ~~very~~ snow',
      offers: [],
    },
  },
  {
    what: 'an animated WebP, which is a picture',
    task: done({ action: 'UPSCALE', imageUrl, videoUrl: 'https://cdn.example/a.webp?ex=1&', buttons: [] }),
    gives: {
      state: 'done',
      media: [{ kind: 'picture', url: 'https://cdn.example/a.webp?ex=1&' }],
      offers: [],
    },
  },
  {
    what: 'a film instead of a picture',
    task: done({ action: 'VIDEO_EXTEND', imageUrl: 'https://cdn.example/a.MP4?ex=1', buttons: [] }),
    gives: {
      state: 'done',
      media: [{ kind: 'video', url: 'https://cdn.example/a.MP4?ex=1' }],
      offers: [
        { action: 'extend-high', index: 1, token: 'extend:high:0:', takesWords: true },
        { action: 'extend-low', index: 1, token: 'extend:low:0:', takesWords: true },
      ],
    },
  },
];

/** A set of clips, whose buttons some gateways refuse. */
export function videoStates({ refusesPicks }: { refusesPicks: boolean }): State[] {
  const media = clips.map(({ url }) => ({ kind: 'video' as const, url }));
  const extends_ = (['high', 'low'] as const).flatMap((motion) =>
    [0, 1].map((index) => ({
      action: `extend-${motion}` as const,
      index: index + 1,
      token: `extend:${motion}:${index}:it runs`,
      takesWords: true,
    })),
  );
  const alone = [0, 1].map((index) => ({
    ...{ index: index + 1, token: `pick:${index}`, isLocal: true },
    action: 'upscale' as const,
  }));
  const pick = { action: 'upscale' as const, index: 2, token: 'MJ::JOB::video_virtual_upscale::2::u' };
  const task = { action: 'VIDEO', imageUrl, videoUrls: clips, prompt: 'it runs --fast' };
  return [
    {
      what: 'a set of clips',
      task: done({ ...task, buttons: pickButtons }),
      gives: {
        state: 'done',
        media,
        offers: refusesPicks ? [reroll, ...alone, ...extends_] : [pick, reroll],
      },
    },
    {
      what: 'a set of clips without buttons',
      task: done({ ...task, videoUrls: [], videoUrl: clips[0]?.url }),
      gives: {
        state: 'done',
        media: media.slice(0, 1),
        offers: extends_.filter(({ index }) => index === 1),
      },
    },
  ];
}

const offered = (action: 'upscale' | 'variation', change: string) =>
  [1, 2, 3, 4].map((index) => ({ action, index, token: `change:${change}:${index}` }));

/** The Java original's tasks, which have no field for buttons at all. */
export const buttonlessStates: readonly State[] = [
  ...['IMAGINE', 'BLEND', 'VARIATION', 'REROLL'].map(
    (action): State => ({
      what: `a grid (${action}) of an API without buttons`,
      task: done({ action, imageUrl }),
      gives: {
        state: 'done',
        media: [{ kind: 'picture', url: imageUrl }],
        offers: [
          ...offered('upscale', 'UPSCALE'),
          { action: 'reroll', token: 'change:REROLL:1' },
          ...offered('variation', 'VARIATION'),
        ],
      },
    }),
  ),
  {
    what: 'a single picture of an API without buttons',
    task: done({ action: 'UPSCALE', imageUrl }),
    gives: { state: 'done', media: [{ kind: 'picture', url: imageUrl }], offers: [] },
  },
  {
    what: "a grid whose buttons can't be read",
    task: done({ action: 'IMAGINE', imageUrl, buttons: 'none' }),
    gives: { state: 'done', media: [{ kind: 'picture', url: imageUrl }], offers: [] },
  },
];

/** The contract suite for this family, whose refs say which action a task is. */
export function describeMjProxy(
  name: string,
  create: Parameters<typeof describeProvider>[1],
  fixtures: ProviderFixtures,
): void {
  describeProvider(name, create, {
    ...fixtures,
    submits: fixtures.submits.map(({ gives, ...rest }) => ({
      ...rest,
      gives: { ...gives, ref: { ...gives.ref, action: rest.request.action } },
    })),
    callbacks: (fixtures.callbacks ?? []).map(({ gives, ...rest }) => ({
      ...rest,
      gives: gives && { ...gives, action: 'imagine' },
    })),
  });
}
