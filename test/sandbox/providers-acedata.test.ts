import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { createAcedata } from '../../sandbox/providers/acedata/index.ts';
import { refusalNames } from '../../sandbox/providers/acedata/refusals.ts';
import type { ProviderOptions, StandIn } from '../../sandbox/providers/stand-in.ts';
import { createListener } from './plain-fixture.ts';

const open: { close(): Promise<unknown> | unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(options: ProviderOptions = {}) {
  const standIn = await createAcedata({ pictureHeight: 64, ...options });
  open.push(standIn);
  return { standIn, ...createClient(standIn) };
}

function createClient(standIn: StandIn, key = standIn.key) {
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any shape, the point of a test is to look.
  async function post(name: string, body: unknown, headers = {}): Promise<{ status: number; json: any }> {
    const response = await fetch(`${standIn.url}/midjourney/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : text };
  }
  async function finish(name: string, body: object) {
    const { json } = await post(name, { async: true, ...body });
    await standIn.until(() => standIn.task(json.task_id)?.finishedAt !== undefined);
    return (await post('tasks', { id: json.task_id })).json;
  }
  return { post, finish };
}

const imagine = { action: 'generate', prompt: 'a fox --ar 2:1', async: true };
const gridActions = ['upscale1', 'upscale2', 'upscale3', 'upscale4', 'reroll'].concat(
  ['1', '2', '3', '4'].map((number) => `variation${number}`),
);

async function load(url: string) {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, ...(response.ok ? await sharp(bytes).metadata() : {}) };
}

/** An MP4 names its type in its first box, and in `stsz` the number of its frames. */
async function readFilm(url: string) {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([response.headers.get('content-type'), bytes.toString('latin1', 4, 8)]).toEqual([
    'video/mp4',
    'ftyp',
  ]);
  return { frames: bytes.readUInt32BE(bytes.indexOf('stsz') + 12) };
}

describe('imagine', () => {
  test('is accepted with an id, and its record has no state until it is done', async () => {
    const { standIn, post } = await start();
    const { json } = await post('imagine', imagine);
    expect(json).toMatchObject({ success: true, task_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const pending = (await post('tasks', { id: json.task_id })).json;
    expect(pending).toMatchObject({ id: json.task_id, type: 'imagine', request: imagine });
    expect(pending.finished_at).toBeNull();
    await standIn.until(() => standIn.task(json.task_id)?.finishedAt !== undefined);
    const { json: record } = await post('tasks', { action: 'retrieve', trace_id: json.trace_id });
    expect(record).toMatchObject({
      id: json.task_id,
      finished_at: expect.any(Number),
      response: {
        success: true,
        task_id: json.task_id,
        image_id: expect.stringMatching(/^\d{19}$/),
        progress: 100,
        actions: gridActions,
        raw_image_width: 128,
        image_height: 32,
      },
    });
    expect(record).not.toHaveProperty('status');
    expect(await load(record.response.raw_image_url)).toMatchObject({ width: 128, height: 64 });
    expect(await load(record.response.image_url)).toMatchObject({ width: 64, height: 32 });
  });

  test('shows progress and a picture while it runs, without actions, and removes that picture', async () => {
    const { standIn, post } = await start({ pace: 0.02 });
    const { json } = await post('imagine', imagine);
    await standIn.until(() => standIn.task(json.task_id)?.progress === '46%');
    const { response } = (await post('tasks', { id: json.task_id })).json;
    expect(response).toMatchObject({ success: true, progress: 46, actions: [] });
    expect(await load(response.image_url)).toMatchObject({ status: 200, format: 'webp' });
    await standIn.until(() => standIn.task(json.task_id)?.finishedAt !== undefined);
    expect((await load(response.image_url)).status).toBe(404);
  });

  test('keeps the call open unless it is asynchronous', async () => {
    const { post } = await start();
    const { status, json } = await post('imagine', { prompt: 'a fox' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, progress: 100, actions: gridActions });
    expect(await post('imagine', { prompt: 'a fox -zz top' })).toMatchObject({
      status: 400,
      json: { success: false, error: { code: 'bad_request', message: 'Unrecognized argument(s): `-zz`' } },
    });
  });

  test("has Midjourney's complaint in the record, and charges nothing for it", async () => {
    const { standIn, finish } = await start({ creditUsd: 1 });
    const { response } = await finish('imagine', { prompt: 'a fox --unheard' });
    expect(response).toMatchObject({ success: false, error: { code: 'bad_request' } });
    expect(standIn.money().chargedUsd).toBe(0);
    await finish('imagine', { prompt: 'a fox' });
    expect(standIn.money()).toMatchObject({ creditUsd: 0.975, chargedUsd: 0.025 });
  });

  test('blends pictures from addresses alone, but not a single one', async () => {
    const { finish } = await start();
    const [one, two] = ['https://cdn.example/1.png', 'https://cdn.example/2.png'];
    expect((await finish('imagine', { prompt: `${one} ${two}` })).response.success).toBe(true);
    expect((await finish('imagine', { prompt: one })).response.success).toBe(false);
    expect((await finish('imagine', { prompt: `${one} a fox` })).response.success).toBe(true);
  });
});

describe('follow-ups', () => {
  test('name the picture by its id, and only actions that it offers', async () => {
    const { standIn, post, finish } = await start();
    const grid = await finish('imagine', { prompt: 'a fox --ar 2:1 --v 5.2' });
    const { image_id } = grid.response;
    const single = await finish('imagine', { action: 'upscale2', image_id });
    expect(single.response.actions).toEqual([
      'upscale_2x',
      'upscale_4x',
      'variation_subtle',
      'variation_strong',
      'zoom_out_2x',
      'zoom_out_1_5x',
      'pan_left',
      'pan_right',
      'pan_up',
      'pan_down',
      'square',
      'remaster',
    ]);
    expect(standIn.submits[1]).toMatchObject({ parentId: grid.id, customId: 'upscale2', repeats: 0 });
    for (const action of single.response.actions) {
      const next = await finish('imagine', { action, image_id: single.response.image_id });
      expect(next.response, action).toMatchObject({ success: true, progress: 100 });
    }
    const refused = await post('imagine', { action: 'pan_left', image_id, async: true });
    expect(refused).toMatchObject({ status: 400, json: { error: { code: 'api_not_implemented' } } });
    expect((await post('imagine', { action: 'upscale1', image_id: '1' })).json.error.code).toBe(
      'bad_request',
    );
  });

  test('redo an upscale of a newer version', async () => {
    const { finish } = await start();
    const grid = await finish('imagine', { prompt: 'a fox --v 7' });
    const single = await finish('imagine', { action: 'upscale1', image_id: grid.response.image_id });
    expect(single.response.actions.slice(0, 2)).toEqual(['upscale_subtle', 'upscale_creative']);
    const { image_id } = single.response;
    const large = await finish('imagine', { action: 'upscale_creative', image_id });
    expect(large.response.actions).toContain('redo_upscale_creative');
    expect(large.response.raw_image_height).toBe(128);
  });

  test('vary a region with a mask in bare base64', async () => {
    const { post, finish } = await start();
    const grid = await finish('imagine', { prompt: 'a fox' });
    const single = await finish('imagine', { action: 'upscale1', image_id: grid.response.image_id });
    const channels = { width: 64, height: 64, channels: 3, background: 'white' } as const;
    const mask = (await sharp({ create: channels }).png().toBuffer()).toString('base64');
    const region = { action: 'variation_region', image_id: single.response.image_id, prompt: 'a hat' };
    const varied = await finish('imagine', { ...region, mask });
    expect(varied.response.actions).toEqual(gridActions);
    expect((await load(varied.response.raw_image_url)).status).toBe(200);
    const wrong = await post('imagine', { ...region, mask: `data:image/png;base64,${mask}` });
    expect(wrong.json.error.code).toBe('bad_request');
  });
});

describe('the other calls', () => {
  test('edit returns a picture without actions', async () => {
    const { finish } = await start();
    const body = { image_url: 'https://cdn.example/a.png', prompt: 'a hat' };
    const { type, response } = await finish('edits', body);
    expect([type, response.success, response.actions]).toEqual(['edits', true, undefined]);
  });

  test('videos come in fours, and can be extended', async () => {
    const { post, finish } = await start();
    const { response } = await finish('videos', { image_url: 'https://cdn.example/a.png', prompt: 'run' });
    expect(response).toMatchObject({ video_id: expect.stringMatching(/^\d{16}$/), progress: 100 });
    expect(response.video_urls).toHaveLength(4);
    expect(response.video_urls[3]).toMatch(/\d\/\/video\//);
    const film = await readFilm(response.video_urls[3]);
    const extend = { action: 'extend', video_id: response.video_id, video_index: 3 };
    const longer = (await finish('videos', extend)).response;
    expect(longer.video_urls).toHaveLength(4);
    expect((await readFilm(longer.video_urls[0])).frames).toBe(2 * film.frames);
    expect((await post('videos', { ...extend, mode: 'relax' })).status).toBe(400);
    expect((await post('videos', { ...extend, video_index: 4 })).status).toBe(400);
  });

  test('describe, shorten, seed and translate answer at once', async () => {
    const { post, finish } = await start();
    const { descriptions } = (await post('describe', { image_url: 'https://cdn.example/a.png' })).json;
    expect(descriptions).toHaveLength(4);
    const { prompts } = (await post('shorten', { prompt: 'a very quick and very brown fox' })).json;
    expect(prompts).toHaveLength(5);
    const { response } = await finish('imagine', { prompt: 'a fox' });
    expect((await post('seed', { image_id: response.image_id })).json.seed).toMatch(/^\d+$/);
    expect((await post('seed', { image_id: '1' })).status).toBe(400);
    expect((await post('translate', { content: '狐狸' })).json.content).toContain('English');
  });

  test("tasks: an unknown one is an empty object, a list shows twelve, newest first, and only one key's", async () => {
    const { standIn, post, finish } = await start({ otherKeys: ['other'] });
    expect(await post('tasks', { id: 'unknown' })).toMatchObject({ status: 200, json: {} });
    for (let number = 0; number < 14; number += 1) await finish('imagine', { prompt: `fox ${number}` });
    const { items, count } = (await post('tasks', { action: 'retrieve_batch' })).json;
    expect([items.length, count, items[0].request.prompt]).toEqual([12, 14, 'fox 13']);
    const ids = [items[0].id, 'unknown', items[3].id];
    const named = (await post('tasks', { action: 'retrieve_batch', ids })).json;
    expect(named.items.map(({ id }: { id: string }) => id)).toEqual([ids[0], ids[2]]);
    const other = createClient(standIn, 'other');
    expect((await other.post('tasks', { action: 'retrieve_batch' })).json).toEqual({ items: [], count: 0 });
  });
});

describe('limits and keys', () => {
  test('five in flight, and one submit a second, scaled by the pace', async () => {
    const { standIn, post } = await start();
    standIn.trouble.always('task', { do: 'stall' });
    for (let number = 0; number < 5; number += 1)
      expect((await post('imagine', { ...imagine, prompt: `fox ${number}` })).status).toBe(200);
    expect(await post('imagine', imagine)).toMatchObject({
      status: 429,
      json: { error: { code: 'rate_limited' } },
    });
    const slow = await start({ pace: 1 });
    expect((await slow.post('imagine', imagine)).status).toBe(200);
    expect(await slow.post('imagine', imagine)).toMatchObject({
      status: 429,
      json: { error: { code: 'too_many_requests' } },
    });
    expect(slow.standIn.submits).toHaveLength(1);
  });

  test('no key, a wrong key, no credit, a wrong body', async () => {
    const { standIn, post } = await start({ creditUsd: 0 });
    const codeOf = async (answer: ReturnType<typeof post>) => (await answer).json.error.code;
    expect(await codeOf(createClient(standIn, 'wrong').post('imagine', imagine))).toBe('invalid_token');
    expect((await fetch(`${standIn.url}/midjourney/imagine`, { method: 'POST' })).status).toBe(400);
    expect(await post('imagine', imagine)).toMatchObject({
      status: 403,
      json: { error: { code: 'used_up' } },
    });
    expect(await codeOf(post('imagine', []))).toBe('bad_request');
    expect(await codeOf(post('imagine', { ...imagine, version: 8 }))).toBe('bad_request');
    expect(await codeOf(post('unheard', {}))).toBe('no_api');
  });

  test('every refusal charges nothing, and can say when to come back', async () => {
    const { standIn, post } = await start();
    for (const as of refusalNames) {
      standIn.trouble.next('submit', { do: 'refuse', as });
      expect((await post('imagine', imagine)).status).toBeGreaterThanOrEqual(400);
    }
    expect(standIn.submits).toEqual([]);
  });
});

describe('trouble', () => {
  test('a lost answer leaves a task that the list knows by its callback address', async () => {
    const { standIn, post } = await start();
    standIn.trouble.next('submit', { do: 'lose' });
    const callback_url = `${standIn.url}/health?reference=mine`;
    await expect(post('imagine', { ...imagine, callback_url })).rejects.toThrow('fetch failed');
    const { items } = (await post('tasks', { action: 'retrieve_batch' })).json;
    expect(items[0].request).toEqual({ ...imagine, callback_url });
  });

  test('tasks can fail, and vanish', async () => {
    const { standIn, post, finish } = await start();
    standIn.trouble.next('task', { do: 'fail', reason: 'no' });
    expect((await finish('imagine', { prompt: 'a fox' })).response).toMatchObject({
      success: false,
      error: { code: 'task_failed', message: 'no' },
    });
    const { json } = await post('imagine', { ...imagine, prompt: 'please vanish' });
    expect((await post('tasks', { id: json.task_id })).json).toEqual({});
  });
});

test('calls back once, with the whole result or the failure', async () => {
  const listener = await createListener();
  open.push(listener);
  const { finish } = await start();
  const good = await finish('imagine', { prompt: 'a fox', callback_url: listener.url, async: undefined });
  await listener.until(() => listener.heard.length === 1);
  expect(JSON.parse(listener.heard[0] ?? '')).toEqual(good.response);
  const bad = await finish('imagine', { prompt: 'a fox --unheard', callback_url: listener.url });
  await listener.until(() => listener.heard.length === 2);
  expect(JSON.parse(listener.heard[1] ?? '')).toMatchObject({ success: false, task_id: bad.id });
});
