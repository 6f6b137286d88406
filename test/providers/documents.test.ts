import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createAgents } from '../../src/providers/agents.ts';
import { createHttp } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';
import type { Picture, Provider, ProviderRequest, Submitted } from '../../src/providers/provider.ts';
import type { Offer, Ref } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';

/**
 * The examples of five published documents, word for word, in `documents/`: AIGC2D's Midjourney page, Ace Data Cloud's guide to
 * `/midjourney/imagine`, APIXO's API reference, 4allapi's Midjourney API documentation and the guide of a YutoAI gateway, all
 * as published in 2026-11. A server answers with a document's own example, and what it was asked is compared with the
 * document's own request, on both sides: each field that differs is listed with its reason.
 */
const example = (name: string) =>
  readFileSync(new URL(`./documents/${name}.json`, import.meta.url), 'utf8').trim();
type Json = Record<string, unknown>;

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Json | undefined;
}

let server: Server;
let answer = '';
const recorded: Recorded[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    recorded.push({
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
      body: text === '' ? undefined : JSON.parse(text),
    });
    response.setHeader('content-type', 'application/json').end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** The provider of an operator who set these variables. */
function useProvider(kind: string, variables: Record<string, string> = {}) {
  let provider: Provider;
  let agents: ReturnType<typeof createAgents>;
  beforeAll(() => {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = readConfig({
      DISCORD_TOKEN: 'token',
      ALLOWED_GUILDS: '*',
      PROVIDERS: `main=${kind}`,
      PROVIDER_MAIN_API_KEY: 'the-key',
      PROVIDER_MAIN_BASE_URL: `http://${host}`,
      TRUSTED_HOSTS: host,
      ...variables,
    });
    const [account] = config.providers;
    if (account === undefined) throw new Error('there is no account');
    agents = createAgents(config);
    provider = createProvider(account, createHttp({ dispatcher: agents.account(account) })).provider;
  });
  afterAll(() => agents.close());

  /**
   * Makes a call that is answered with that example, and returns what was sent at the end and what came of it. `fill` puts a
   * value in where the document only names its type; `requests` is how many it takes.
   */
  return async <T>(
    name: string,
    call: (provider: Provider, signal: AbortSignal) => Promise<T> | undefined,
    fill = (text: string) => text,
    requests = 1,
  ) => {
    answer = fill(example(name));
    recorded.length = 0;
    const result = (await call(provider, AbortSignal.timeout(10_000))) as T;
    expect(recorded).toHaveLength(requests);
    const sent = recorded.at(-1);
    if (sent === undefined) throw new Error('nothing was asked');
    expect(sent.authorization).toBe('Bearer the-key');
    expect(sent.contentType).toBe(sent.method === 'POST' ? 'application/json' : undefined);
    return { sent, result };
  };
}

/** Empty fields say the same as absent ones: the documents show them to name them. */
function isEmpty(value: unknown): boolean {
  if (value === '' || value === undefined) return true;
  return typeof value === 'object' && value !== null && Object.values(value).every(isEmpty);
}

/** The same with each picture written the one way that its bytes have: some in the documents end in the middle. */
function asBytes(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('data:')) {
    const { type, bytes } = fromDataUrl(value);
    return `data:${type};base64,${bytes.toString('base64')}`;
  }
  if (Array.isArray(value)) return value.map(asBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asBytes(one)]));
}

function withoutEmpty(fields: readonly (readonly [string, unknown])[]): Json {
  const told = fields.filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(
    told.map(([key, value]) => {
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [key, isObject ? withoutEmpty(Object.entries(value)) : value];
    }),
  );
}

/** Compares a request with a document's, except for fields that are listed: `ours` beside the document's, `theirs` left out. */
function expectAsDocumented(
  sent: Json | undefined,
  name: string,
  { ours = [], theirs = [] }: { ours?: readonly string[]; theirs?: readonly string[] } = {},
): void {
  const documented = JSON.parse(example(name)) as Json;
  const without = (body: Json, fields: readonly string[]) =>
    withoutEmpty(Object.entries(asBytes(body) as Json).filter(([key]) => !fields.includes(key)));
  for (const field of ours) expect(Object.keys(sent ?? {})).toContain(field);
  for (const field of theirs) expect(Object.keys(documented)).toContain(field);
  expect(without(sent ?? {}, ours)).toEqual(without(documented, theirs));
}

const ask = (request: Partial<ProviderRequest>) => (provider: Provider, signal: AbortSignal) =>
  provider.submit({ ...anImagine, ...request }, signal);
const press = (action: Offer['action'], token: string, ref: Record<string, string>, index?: number) =>
  ask({
    action,
    prompt: '',
    parent: { ref, offer: { action, token, ...(index === undefined ? {} : { index }) } },
  });

/** The picture whose bytes a document shows as a data URL. */
function fromDataUrl(dataUrl: string): Picture {
  const [, type = '', bytes = ''] = /^data:([^;]+);base64,(.*)$/su.exec(dataUrl) ?? [];
  return {
    bytes: Buffer.from(bytes, 'base64'),
    type: type as Picture['type'],
    url: 'https://cdn.example/1.png',
  };
}

/** What we send with every paid call, so that a lost answer can be found and a callback be told apart. */
const reference = 'state';

describe("AIGC2D's document", () => {
  const call = useProvider('aigc2d');
  const id = '442275063214085100';
  const picture = fromDataUrl('data:image/png;base64,xxx1');

  // It names five interfaces without their paths or fields: those of the project whose task it shows are used.
  it.each([
    ['Imagine', ask({ prompt: 'a cat' }), '/mj/submit/imagine'],
    ['UPSCALE', press('upscale', 'UPSCALE', { id }, 3), '/mj/submit/change'],
    ['VARIATION', press('variation', 'VARIATION', { id }, 3), '/mj/submit/change'],
    ['Describe', ask({ action: 'describe', prompt: '', pictures: [picture] }), '/mj/submit/describe'],
    ['Blend', ask({ action: 'blend', prompt: '', pictures: [picture, picture] }), '/mj/submit/blend'],
  ] as const)('has %s, which answers with a task id', async (name, submit, path) => {
    const { sent, result } = await call('aigc2d-task', submit);
    expect(sent).toMatchObject({ method: 'POST', path });
    if (path.endsWith('/change')) expect(sent.body).toMatchObject({ taskId: id, action: name, index: 3 });
    expect(result.ref).toMatchObject({ id });
  });

  it('takes an address to call back with each submit', async () => {
    const callbackUrl = 'https://your-server.com/callback';
    const { sent } = await call('aigc2d-task', ask({ prompt: 'a cat', callbackUrl }));
    expect(sent.body).toMatchObject({ prompt: 'a cat', notifyHook: callbackUrl });
  });

  it('names a task beyond 2^53, and what became of it', async () => {
    const { sent, result } = await call('aigc2d-task', (provider, signal) => provider.look([{ id }], signal));
    expect(sent.path).toContain(id);
    expect(result.get(id)).toMatchObject({
      state: 'done',
      media: [{ kind: 'picture', url: 'https://mjcdn.aigc2d.com/xxxxxx' }],
      facts: {
        cost: { amount: 100, unit: 'points' },
        submittedAt: Date.parse('2023-07-23T20:01:53+08:00'),
        startedAt: Date.parse('2023-07-23T20:01:53+08:00'),
        finishedAt: Date.parse('2023-07-23T20:02:42+08:00'),
      },
    });
  });

  it('shows a callback, which names the same task', async () => {
    const { result } = await call('aigc2d-task', async (provider, signal) => {
      await provider.look([{ id }], signal);
      // A body is parsed the same way as an answer, so that no digit gets lost.
      return provider.callback?.(JSON.parse(example('aigc2d-task').replace(id, `"${id}"`)), {
        action: 'imagine',
        speed: 'fast',
      });
    });
    expect(result).toMatchObject({ id });
  });
});

describe("Ace Data Cloud's document", () => {
  const call = useProvider('acedata');
  const prompt = 'Lamborghini speeds inside a volcano';
  const ours = { mode: 'fast', async: true, callback_url: expect.any(String) };
  const actionsOf = (name: string): string[] => JSON.parse(example(name)).actions;

  it('begins with a prompt and a grid that has nine actions', async () => {
    const { sent, result } = await call('acedata-imagine', ask({ prompt }));
    expect(sent).toMatchObject({ method: 'POST', path: '/midjourney/imagine' });
    expect(sent.body).toEqual({ action: 'generate', prompt, ...ours });
    expect(refOf(result)).toEqual({
      id: '1bae3bec-3ac4-4180-a148-74ee6cb68b98',
      image: '1234197197067915365',
    });
    const { raw_image_url: url } = JSON.parse(example('acedata-imagine'));
    expect(result.update).toMatchObject({ state: 'done', media: [{ kind: 'picture', url }] });
    expect(tokensOf(result.update)).toEqual(actionsOf('acedata-imagine'));
  });

  it('varies the second picture of it', async () => {
    const parent = { id: '1bae3bec-3ac4-4180-a148-74ee6cb68b98', image: '1234197197067915365' };
    const { sent, result } = await call('acedata-variation2', press('variation', 'variation2', parent, 2));
    expect(sent).toMatchObject({ method: 'POST', path: '/midjourney/imagine' });
    expect(sent.body).toEqual({ action: 'variation2', image_id: '1234197197067915365', ...ours });
    expect(refOf(result)).toEqual({
      id: 'f4961620-1104-409f-9dc1-ba3ed15c2f4d',
      image: '1234201336543969401',
    });
    expect(tokensOf(result.update)).toEqual(actionsOf('acedata-variation2'));
  });

  it('takes the fourth of those, which offers ten more', async () => {
    const parent = { id: 'f4961620-1104-409f-9dc1-ba3ed15c2f4d', image: '1234201336543969401' };
    const { sent, result } = await call('acedata-upscale4', press('upscale', 'upscale4', parent, 4));
    expect(sent.body).toEqual({ action: 'upscale4', image_id: '1234201336543969401', ...ours });
    // A region can be varied too, though the published list leaves it out.
    const offered = tokensOf(result.update).filter((token) => token !== 'variation_region');
    expect(offered).toEqual(actionsOf('acedata-upscale4'));
  });

  // It shows neither requests nor answers of these, so what is compared is where they go.
  const image = '1234202545208033400';
  const picture = {
    bytes: Buffer.alloc(0),
    type: 'image/png',
    url: 'https://example.com/input.png',
  } as const;
  const calls: Record<string, (provider: Provider, signal: AbortSignal) => Promise<unknown> | undefined> = {
    '/midjourney/seed': (provider, signal) => provider.seed?.({ id: 'x', image }, signal),
    '/midjourney/edits': ask({ action: 'edit', pictures: [picture] }),
    '/midjourney/videos': ask({ action: 'video', pictures: [picture] }),
    '/midjourney/describe': ask({ action: 'describe', prompt: '', pictures: [picture] }),
    '/midjourney/translate': (provider, signal) => provider.translate?.('一只狐狸', signal),
    '/midjourney/tasks': (provider, signal) => provider.look([{ id: 'x' }], signal),
  };
  it.each(Object.entries(calls))('lists %s, which is asked', async (path, make) => {
    const settled = (provider: Provider, signal: AbortSignal) =>
      make(provider, signal)?.catch(() => undefined);
    const { sent } = await call('acedata-imagine', settled);
    expect(sent).toMatchObject({ method: 'POST', path });
  });

  it('shows how large the pictures are', async () => {
    const { result } = await call('acedata-imagine', ask({ prompt }));
    expect(result.update).toMatchObject({ facts: { width: 2048, height: 2048 } });
  });
});

describe("APIXO's document", () => {
  const call = useProvider('apixo', { PROVIDER_MAIN_API_GENERATION: 'seed' });
  const id = 'task_12345678';
  const path = '/api/v1/generateTask/midjourney';
  const look = (provider: Provider, signal: AbortSignal) => provider.look([{ id, kind: 'set' }], signal);

  it('makes a picture from a text, relaxed', async () => {
    const prompt = 'A beautiful sunset over the mountains with vibrant colors --ar 16:9';
    const { sent, result } = await call('apixo-accepted', ask({ prompt, speed: 'relax' }));
    expect(sent).toMatchObject({ method: 'POST', path });
    expectAsDocumented(sent.body, 'apixo-text-to-image');
    expect(result).toMatchObject({ ref: { id }, update: { state: 'running' } });
  });

  it('makes a picture from a picture, in turbo mode', async () => {
    const prompt = 'Transform into watercolor painting style --ar 1:1';
    const input = {
      bytes: Buffer.alloc(0),
      type: 'image/jpeg',
      url: 'https://example.com/input.jpg',
    } as const;
    const { sent } = await call('apixo-accepted', ask({ prompt, speed: 'turbo', pictures: [input] }));
    expectAsDocumented(sent.body, 'apixo-image-to-image');
  });

  it.each([
    ['apixo-processing', { state: 'running' }],
    [
      'apixo-success',
      { state: 'done', facts: { startedAt: 1_698_765_400_000, finishedAt: 1_698_765_455_000 } },
    ],
    ['apixo-quick-success', { state: 'done' }],
    ['apixo-failed', { state: 'failed', reason: 'Content does not meet safety guidelines' }],
  ])('answers a look with %s', async (name, update) => {
    const { sent, result } = await call(name, look);
    expect(sent).toMatchObject({
      method: 'GET',
      path: `/api/v1/statusTask/midjourney?taskId=${id}`,
      body: undefined,
    });
    expect(result.get(id)).toMatchObject(update);
    const { resultJson } = JSON.parse(example(name)).data;
    const urls = resultJson === undefined ? [] : JSON.parse(resultJson).resultUrls;
    const seen = result.get(id);
    expect(seen?.state === 'done' ? seen.media.map(({ url }) => url) : []).toEqual(urls);
  });
});

describe("APIXO's document of input parameters", () => {
  const call = useProvider('apixo', {
    PROVIDER_MAIN_API_GENERATION: 'seed',
    PROVIDER_MAIN_WATERMARK: 'Acme',
    PROVIDER_MAIN_TRANSLATION: 'off',
  });
  const url = 'https://example.com/input.jpg';
  const pictures = [1, 2].map(() => ({ bytes: Buffer.alloc(0), type: 'image/jpeg', url }) as const);

  it('lists eleven, and each of them can be had', async () => {
    const prompt = 'a fox --ar 3:2 --v 7 --c 10 --s 100 --w 200';
    const { sent } = await call('apixo-accepted', ask({ prompt, pictures }));
    expect(sent.body?.['input']).toEqual({
      mode: 'image-to-image',
      prompt: 'a fox',
      speed: 'fast',
      image_urls: [url, url],
      aspect_ratio: '3:2',
      version: '7',
      variety: 10,
      stylization: 100,
      weirdness: 200,
      watermark: 'Acme',
      enableTranslation: false,
    });
  });

  it('lets a person ask for a translation that the operator has switched off', async () => {
    const { sent } = await call('apixo-accepted', ask({ options: { translate: true } }));
    expect(sent.body?.['input']).toMatchObject({ enableTranslation: true });
  });
});

describe("APIXO's document of callbacks", () => {
  const call = useProvider('apixo', { PROVIDER_MAIN_API_GENERATION: 'seed' });
  const callbackUrl = 'https://your-server.com/callback';
  const facts = {
    submittedAt: 1_698_765_400_000,
    startedAt: 1_698_765_400_000,
    finishedAt: 1_698_765_455_000,
  };
  const media = [1, 2, 3, 4].map((number) => ({
    kind: 'picture',
    url: `https://example.com/image${number}.jpg`,
  }));
  const reason = 'Content does not meet safety guidelines';

  it('asks for one with the address to call', async () => {
    const { sent } = await call('apixo-accepted', ask({ prompt: 'a fox', callbackUrl }));
    expect(sent.body).toMatchObject({ request_type: 'callback', callback_url: callbackUrl });
  });

  it.each([
    ['apixo-success-callback', { state: 'done', media, facts }],
    [
      'apixo-failure-callback',
      { state: 'failed', kind: 'content', reason, code: 'CONTENT_VIOLATION', facts },
    ],
  ])('calls with %s, which is read as a look', async (name, update) => {
    const body = JSON.parse(example(name));
    const { result } = await call('apixo-accepted', async (provider, signal) => {
      const { ref } = await provider.submit({ ...anImagine, callbackUrl }, signal);
      expect(provider.callback?.(body, anImagine)).toEqual(ref);
      return provider.readCallback?.(body, ref);
    });
    expect(result).toMatchObject(update);
  });
});

describe("4allapi's document", () => {
  // What its examples say that is the operator's to say.
  const call = useProvider('4allapi', {
    PROVIDER_MAIN_FILTER: 'remix=on,remixAutoConsidered=on,modes=off,chooseSameChannel=on',
  });
  const id = '1320098173412546';
  const dataUrls: string[] = JSON.parse(example('4allapi-blend')).base64Array;
  const described = fromDataUrl(JSON.parse(example('4allapi-describe')).base64);
  const face = JSON.parse(example('4allapi-swap'));
  const taskId = JSON.parse(example('4allapi-action')).taskId;
  const customId = JSON.parse(example('4allapi-action')).customId;

  it.each([
    ['imagine', { prompt: 'Cat' }],
    [
      'blend',
      { action: 'blend', prompt: '', pictures: dataUrls.map(fromDataUrl), options: { isNiji: false } },
    ],
    ['describe', { action: 'describe', prompt: '', pictures: [described], options: { isNiji: false } }],
  ] as const)('submits its example of %s', async (name, request) => {
    const { sent, result } = await call(`4allapi-${name}-answer`, ask(request));
    expect(sent).toMatchObject({ method: 'POST', path: `/mj/submit/${name}` });
    expectAsDocumented(sent.body, `4allapi-${name}`, { ours: [reference] });
    expect(result).toMatchObject({ ref: { id }, update: { state: 'running' } });
  });

  it('swaps a face', async () => {
    const pictures = [fromDataUrl(face.sourceBase64), fromDataUrl(face.targetBase64)];
    const request = ask({ action: 'swap', prompt: '', pictures });
    // The example answers with "code": 0 and "string" in place of values, so there is no task to wait for.
    await expect(call('4allapi-swap-answer', request)).rejects.toThrow('unknown shape');
    expect(recorded[0]).toMatchObject({ method: 'POST', path: '/mj/insight-face/swap' });
    expectAsDocumented(recorded[0]?.body, '4allapi-swap', { ours: [reference] });
  });

  it('presses a button', async () => {
    const { sent, result } = await call(
      '4allapi-action-answer',
      press('upscale', customId, { id: taskId }, 1),
    );
    expect(sent).toMatchObject({ method: 'POST', path: '/mj/submit/action' });
    expectAsDocumented(sent.body, '4allapi-action', { ours: [reference] });
    expect(result.ref).toMatchObject({ id });
  });

  it('answers a question', async () => {
    const { sent } = await call('4allapi-modal-answer', (provider, signal) =>
      provider.answer?.({ id: '14001934816969359' }, { prompt: 'a hat' }, signal),
    );
    expect(sent).toMatchObject({ method: 'POST', path: '/mj/submit/modal' });
    // Gateways of one kind read the one name, and forks of the proxy behind them the other.
    expectAsDocumented({ ...sent.body, prompt: '' }, '4allapi-modal', { ours: ['task_id'] });
  });

  it('looks at tasks in a list', async () => {
    const look = (provider: Provider, signal: AbortSignal) => provider.look([{ id }], signal);
    const { sent, result } = await call('4allapi-list-answer', look, (text) =>
      text.replace('"id": "string"', `"id": "${id}"`),
    );
    expect(sent).toMatchObject({ method: 'POST', path: '/mj/task/list-by-condition' });
    expect(sent.body).toEqual({ ids: [id] });
    expect(result.get(id)).toMatchObject({ state: 'running' });
  });

  it('looks at one task if there is no list of them', async () => {
    const look = (provider: Provider, signal: AbortSignal) => provider.look([{ id }], signal);
    const fill = (text: string) => text.replace('"id": "string"', `"id": "${id}"`);
    // One task isn't a list, so this is also the answer to a list that isn't there.
    const { sent, result } = await call('4allapi-fetch-answer', look, fill, 2);
    expect(recorded[0]).toMatchObject({ path: '/mj/task/list-by-condition' });
    expect(sent).toMatchObject({ method: 'GET', path: `/mj/task/${id}/fetch`, body: undefined });
    expect(result.get(id)).toMatchObject({ state: 'running' });
  });

  it('asks for a seed', async () => {
    const request = call('4allapi-seed-answer', (provider, signal) => provider.seed?.({ id }, signal));
    // "string" isn't a seed.
    await expect(request).rejects.toThrow();
    expect(recorded[0]).toMatchObject({ method: 'GET', path: `/mj/task/${id}/image-seed` });
  });
});

describe("4allapi's document of uploads", () => {
  const filter = { channelId: '11', instanceId: '22', remark: 'for the bot' };
  const call = useProvider('4allapi', {
    PROVIDER_MAIN_UPLOADS: 'on',
    PROVIDER_MAIN_FILTER: Object.entries(filter)
      .map((part) => part.join('='))
      .join(','),
  });
  const dataUrl = 'data:image/png;base64,eHh4';
  const pictures = [fromDataUrl(dataUrl)];

  it('has them before an imagine, which names their addresses', async () => {
    const address = 'https://cdn.discordapp.com/attachments/1/2/a.png';
    const fill = (text: string) => text.replace('[ "string" ]', `["${address}"]`);
    const imagine = ask({ prompt: 'Cat', pictures });
    // The same answer has no task in it.
    const settled = (provider: Provider, signal: AbortSignal) =>
      imagine(provider, signal).catch(() => undefined);
    const { sent } = await call('4allapi-upload-answer', settled, fill, 2);
    const [upload] = recorded;
    expect(upload).toMatchObject({ method: 'POST', path: '/mj/submit/upload-discord-images' });
    expect(upload?.body).toEqual({ base64Array: [dataUrl], filter, accountFilter: filter });
    const documented = JSON.parse(example('4allapi-upload'));
    expect(Object.keys(documented)).toEqual(['base64Array', 'filter']);
    expect(Object.keys(documented.filter)).toEqual(Object.keys(filter));
    expect(sent).toMatchObject({
      path: '/mj/submit/imagine',
      body: { prompt: `${address} Cat`, base64Array: [] },
    });
  });

  it('answers with "string" in place of addresses, so nothing is begun', async () => {
    const another = ask({ prompt: 'Cat', pictures, reference: 'ours-2' });
    await expect(call('4allapi-upload-answer', another)).rejects.toThrow('refused with code 0');
    expect(recorded.map(({ path }) => path)).toEqual(['/mj/submit/upload-discord-images']);
  });
});

describe('the document of a YutoAI gateway', () => {
  const call = useProvider('yutoai');
  const [id, prefix] = ['1320098173412546', '/fast'];
  const dataUrls: string[] = JSON.parse(example('yutoai-blend')).base64Array;
  const described = fromDataUrl(JSON.parse(example('yutoai-describe')).base64);

  it.each([
    ['imagine', 'imagine', { prompt: 'black cat' }],
    ['imagine-reference', 'imagine', { prompt: 'Cat' }],
    ['blend', 'blend', { action: 'blend', prompt: '', pictures: dataUrls.map(fromDataUrl) }],
    ['describe', 'describe', { action: 'describe', prompt: '', pictures: [described] }],
    ['shorten', 'shorten', { action: 'shorten', prompt: 'Cat' }],
  ] as const)('submits its example of %s', async (name, route, request) => {
    const { sent, result } = await call('yutoai-accepted', ask(request));
    expect(sent).toMatchObject({ method: 'POST', path: `/fast/mj/submit/${route}` });
    // These gateways leave it to the operator which bot it is unless the call says it.
    const bot = 'botType' in (sent.body ?? {}) ? ['botType'] : [];
    expectAsDocumented(sent.body, `yutoai-${name}`, { ours: [reference, ...bot] });
    expect(result).toMatchObject({ ref: { id }, update: { state: 'running' } });
  });

  it('presses a button', async () => {
    const { customId, taskId } = JSON.parse(example('yutoai-action'));
    const { sent, result } = await call(
      'yutoai-accepted',
      press('upscale', customId, { id: taskId, prefix }, 2),
    );
    expect(sent).toMatchObject({ method: 'POST', path: '/fast/mj/submit/action' });
    expectAsDocumented(sent.body, 'yutoai-action', { ours: [reference] });
    expect(result.ref).toMatchObject({ id });
  });

  it('answers a question', async () => {
    const { taskId } = JSON.parse(example('yutoai-modal'));
    const { sent } = await call('yutoai-accepted', (provider, signal) =>
      provider.answer?.({ id: taskId, prefix }, { prompt: 'a hat' }, signal),
    );
    expect(sent).toMatchObject({ method: 'POST', path: '/fast/mj/submit/modal' });
    expectAsDocumented({ ...sent.body, prompt: '' }, 'yutoai-modal', { ours: ['task_id'] });
  });

  it('shows a finished task with nine buttons, which go back as they came', async () => {
    const { sent, result } = await call('yutoai-fetch-answer', (provider, signal) =>
      provider.look([{ id, prefix }], signal),
    );
    expect(sent).toMatchObject({ method: 'GET', path: `/fast/mj/task/${id}/fetch`, body: undefined });
    const seen = result.get(id);
    const { imageUrl, buttons } = JSON.parse(example('yutoai-fetch-answer'));
    expect(seen).toMatchObject({ state: 'done', media: [{ kind: 'picture', url: imageUrl }] });
    expect(tokensOf(seen)).toEqual(buttons.map((button: Json) => button['customId']));
  });

  it('shows a task with nothing in it, which is still under way', async () => {
    const { result } = await call('yutoai-empty-task', (provider, signal) => provider.look([{ id }], signal));
    expect(result.get(id)?.state ?? 'unknown').toMatch(/^(running|unknown)$/u);
  });
});

/** What the task is called once its answer is known. */
function refOf({ ref, update }: Submitted): Ref {
  return 'ref' in update ? { ...ref, ...update.ref } : ref;
}

function tokensOf(update: { state: string } | undefined): string[] {
  return update !== undefined && 'offers' in update
    ? (update.offers as Offer[]).map(({ token }) => token)
    : [];
}
