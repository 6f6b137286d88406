import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { createApixo } from '../../sandbox/providers/apixo/index.ts';
import { createClient, createListener } from './plain-fixture.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(options: Parameters<typeof createApixo>[0] = {}) {
  const standIn = await createApixo({ pictureHeight: 64, ...options });
  open.push(standIn);
  const client = createClient(standIn);
  const generate = (input: object, rest: object = { request_type: 'async' }) =>
    client.post('/api/v1/generateTask/midjourney', { ...rest, input });
  const status = (id: string) => client.get(`/api/v1/statusTask/midjourney?taskId=${id}`);
  async function finish(input: object) {
    const { json } = await generate(input);
    const id: string = json.data.taskId;
    await standIn.until(() => standIn.task(id)?.finishedAt !== undefined);
    return { id, ...(await status(id)).json.data };
  }
  return { standIn, client, generate, status, finish };
}

const fox = { mode: 'text-to-image', prompt: 'a fox', speed: 'fast' };
const urlsOf = (data: { resultJson: string }): string[] => JSON.parse(data.resultJson).resultUrls;

test('makes four separate pictures in the requested ratio', async () => {
  const { standIn, finish } = await start();
  const done = await finish({ ...fox, aspect_ratio: '2:1', stylization: 100, variety: 5, weirdness: 300 });
  expect(done).toMatchObject({ taskId: done.id, state: 'success', costTime: expect.any(Number) });
  const urls = urlsOf(done);
  expect(new Set(urls).size).toBe(4);
  const answer = await fetch(urls[2] ?? '');
  expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({
    width: 128,
    height: 64,
  });
  expect(standIn.submits[0]).toMatchObject({ taskId: done.id, kind: 'text-to-image', chargedUsd: 0.1 });
});

test('is pending, then processing, then done', async () => {
  const { standIn, generate, status } = await start({ pace: 1 });
  const id = (await generate(fox)).json.data.taskId;
  await standIn.until(() => standIn.task(id)?.status === 'IN_PROGRESS');
  expect((await status(id)).json.data).toMatchObject({ state: 'processing' });
  standIn.setPace(0.0005);
  await standIn.until(() => standIn.task(id)?.status === 'SUCCESS');
  expect((await status(id)).json.data.state).toBe('success');
});

test('drops everything after the first two dashes, and says nothing', async () => {
  const { standIn, finish } = await start();
  expect((await finish({ ...fox, prompt: 'a fox --ar 1:2 --no dogs' })).state).toBe('success');
  expect(standIn.submits[0]?.prompt).toBe('a fox');
});

test('varies, upscales and rerolls, and enhances a draft', async () => {
  const { finish, generate } = await start();
  const set = await finish(fox);
  const draft = await finish({ ...fox, speed: 'draft' });
  const modes = [
    [{ mode: 'vary', taskId: set.id, imageIndex: 3 }, 4],
    [{ mode: 'upscale', taskId: set.id, imageIndex: 0 }, 1],
    [{ mode: 'reroll', taskId: set.id }, 4],
    [{ mode: 'enhance', taskId: draft.id, imageIndex: 1 }, 1],
  ] as const;
  for (const [input, count] of modes) expect(urlsOf(await finish(input))).toHaveLength(count);
  const enhanced = await generate({ mode: 'enhance', taskId: set.id, imageIndex: 1 });
  expect(enhanced.json).toMatchObject({ code: 400, data: { error: 'mode: enhance is for draft results' } });
});

test.each([
  [{ ...fox, prompt: '' }, 'Missing required field: input.prompt'],
  [{ ...fox, prompt: 'x'.repeat(2_001) }, 'prompt is longer than 2000 characters'],
  [{ ...fox, speed: 'slow' }, /^speed must be/],
  [{ ...fox, stylization: 1 }, /^stylization must be a multiple of 50/],
  [{ ...fox, variety: 105 }, /^variety must be/],
  [{ ...fox, aspect_ratio: '7:5' }, /^aspect_ratio must be/],
  [{ ...fox, mode: 'image-to-image' }, 'image_urls must be 1 to 20'],
  [{ ...fox, mode: 'describe' }, /^mode must be/],
  [{ mode: 'vary', taskId: 'x', imageIndex: 4 }, 'imageIndex must be 0 to 3'],
])('refuses %j', async (input, error) => {
  const { standIn, generate } = await start();
  const answer = await generate(input);
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code: 400, message: 'Invalid request' });
  expect(answer.json.data.error).toMatch(error);
  expect(standIn.submits).toHaveLength(0);
});

describe('generations', () => {
  test('seed has two modes, two pictures and a relaxed speed with its own price', async () => {
    const { standIn, generate, finish } = await start({ habits: { generation: 'seed' } });
    expect((await finish({ ...fox, speed: 'relaxed' })).state).toBe('success');
    expect(standIn.submits[0]?.chargedUsd).toBe(0.04);
    expect((await generate({ mode: 'reroll', taskId: 'x', speed: 'fast' })).status).toBe(400);
    const urls = ['https://a.example/1', 'https://a.example/2', 'https://a.example/3'];
    expect((await generate({ ...fox, image_urls: urls })).status).toBe(400);
  });

  test('current accepts relaxed and bills it as fast', async () => {
    const { standIn, generate } = await start();
    await generate({ ...fox, speed: 'relaxed' });
    expect(standIn.submits[0]?.chargedUsd).toBe(0.1);
  });
});

test.each([
  ['upper', 'CONTENT_VIOLATION'],
  ['camel', 'SensitiveContentDetected'],
] as const)(
  'fails later for a banned word, in its %s vocabulary, and pays back',
  async (failCodes, failCode) => {
    const { standIn, finish } = await start({ habits: { failCodes } });
    expect(await finish({ ...fox, prompt: 'a nude fox' })).toMatchObject({ state: 'failed', failCode });
    expect(standIn.money().refundedUsd).toBe(0.1);
  },
);

test('returns a result that was already read, if a gateway does so', async () => {
  const { finish } = await start({ habits: { resultJsonAs: 'object' } });
  expect((await finish(fox)).resultJson.resultUrls).toHaveLength(4);
});

test('gives up after its time limit', async () => {
  const { finish, standIn } = await start({ taskTimeoutMs: 30 });
  standIn.trouble.next('task', { do: 'stall' });
  expect(await finish(fox)).toMatchObject({ state: 'failed', failCode: 'PROCESSING_TIMEOUT' });
});

test('accepts only its keys, each for its own tasks', async () => {
  const { standIn, client, generate } = await start({ otherKeys: ['other'] });
  const id = (await generate(fox)).json.data.taskId;
  const path = `/api/v1/statusTask/midjourney?taskId=${id}`;
  expect((await createClient(standIn, 'wrong').get(path)).json).toEqual({
    code: 401,
    message: 'Invalid or missing API key',
  });
  expect((await createClient(standIn, 'other').get(path)).status).toBe(404);
  expect((await client.get(path)).status).toBe(200);
  expect((await client.get('/api/v1/statusTask/flux?taskId=1')).status).toBe(404);
  expect(JSON.stringify(standIn.requests)).not.toContain(standIn.key);
});

test('says what is left, and refuses an empty account', async () => {
  const { client, generate } = await start({ creditUsd: 0.15 });
  await generate(fox);
  expect((await client.get('/api/v1/apikeys/current-balance')).json.data).toBe(0.05);
  expect((await generate(fox)).json).toMatchObject({ code: 400, message: 'Insufficient credits' });
});

describe('callbacks', () => {
  test('report the end once, and again if nobody answers 200', async () => {
    const { generate, status } = await start();
    const listener = await createListener([500]);
    open.push(listener);
    const { json } = await generate(fox, { request_type: 'callback', callback_url: listener.url });
    await listener.until(() => listener.heard.length === 2);
    const told = JSON.parse(listener.heard[1] ?? '');
    expect(told).toMatchObject({ code: 200, data: { taskId: json.data.taskId, state: 'success' } });
    expect((await status(json.data.taskId)).json.data).toEqual(told.data);
  });

  test('report a failure in one of two forms', async () => {
    const { standIn, generate } = await start();
    const listener = await createListener();
    open.push(listener);
    standIn.trouble.next('task', { do: 'fail', reason: 'no' });
    await generate(fox, { request_type: 'callback', callback_url: listener.url });
    await listener.until(() => listener.heard.length === 1);
    expect(JSON.parse(listener.heard[0] ?? '')).toMatchObject({
      code: 400,
      message: 'failed',
      data: { state: 'failed', failCode: 'GENERATION_FAILED', failMsg: 'no' },
    });
  });

  test('may be the only source of news', async () => {
    const { generate, status } = await start({ habits: { showsCallbackTasks: false } });
    const rest = { request_type: 'callback', callback_url: 'http://127.0.0.1:9/' };
    const id = (await generate(fox, rest)).json.data.taskId;
    expect((await status(id)).status).toBe(404);
  });
});

test('follows the words that cause trouble', async () => {
  const { generate, finish, standIn } = await start();
  expect((await generate({ ...fox, prompt: 'please refuse' })).status).toBe(400);
  expect((await generate({ ...fox, prompt: 'please crash' })).status).toBe(500);
  await expect(generate({ ...fox, prompt: 'please lose' })).rejects.toThrow();
  expect(standIn.submits).toHaveLength(1);
  expect((await finish({ ...fox, prompt: 'please fail' })).failMsg).toBe('Internal Server Error');
});
