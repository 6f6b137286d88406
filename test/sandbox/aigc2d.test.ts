import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { createAigc2d } from '../../sandbox/providers/aigc2d/index.ts';
import { createClient, createListener } from './plain-fixture.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A transparent pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function start(options: Parameters<typeof createAigc2d>[0] = {}) {
  const standIn = await createAigc2d({ pictureHeight: 64, ...options });
  open.push(standIn);
  const client = createClient(standIn);
  async function submit(call: string, body: object): Promise<string> {
    const { text } = await client.post(`/mj/submit/${call}`, body);
    const [, id] = /"task_id":"?(\d+)/.exec(text) ?? [];
    if (id === undefined) throw new Error(text);
    return id;
  }
  async function finish(call: string, body: object) {
    const id = await submit(call, body);
    await standIn.until(() => standIn.task(id)?.finishedAt !== undefined);
    return { id, ...(await client.get(`/mj/task/${id}/fetch`)) };
  }
  return { standIn, client, submit, finish };
}

test("imagines, with an id above 2^53 and times in China's time zone", async () => {
  const { standIn, finish } = await start();
  const { id, json, text } = await finish('imagine', { prompt: 'a fox --ar 2:1', state: 'ours' });
  expect(String(Number(id))).not.toBe(id);
  expect(text).toContain(`"task_id":${id},`);
  expect(json).toMatchObject({
    code: 0,
    message: 'success',
    action: 'IMAGINE',
    prompt: 'a fox --ar 2:1',
    state: 'ours',
    status: 'SUCCESS',
    progress: '100%',
    point: 100,
  });
  const told = Date.parse(`${json.finish_time.replace(' ', 'T')}+08:00`);
  expect(Math.abs(told - (standIn.task(id)?.finishedAt ?? 0))).toBeLessThan(1_000);
  const picture = Buffer.from(await (await fetch(json.image_url)).arrayBuffer());
  expect(await sharp(picture).metadata()).toMatchObject({ width: 128, height: 64 });
});

test('upscales, varies, describes and blends, each at its price', async () => {
  const { standIn, finish } = await start();
  const grid = await finish('imagine', { prompt: 'a fox' });
  const upscaled = await finish('change', { taskId: grid.id, action: 'UPSCALE', index: 2 });
  const varied = await finish('change', { taskId: grid.id, action: 'VARIATION', index: 4 });
  const described = await finish('describe', { base64: pixel });
  const blended = await finish('blend', { base64Array: [pixel, pixel], dimensions: 'LANDSCAPE' });
  const all = [grid, upscaled, varied, described, blended].map(({ json }) => [json.action, json.point]);
  expect(all).toEqual([
    ['IMAGINE', 100],
    ['UPSCALE', 10],
    ['VARIATION', 50],
    ['DESCRIBE', 50],
    ['BLEND', 100],
  ]);
  expect(described.json.properties.final_prompt).toMatch(/^1️⃣ .+\n\n2️⃣ /u);
  expect(standIn.submits[1]).toMatchObject({ kind: 'UPSCALE', parentId: grid.id, customId: '2' });
  expect(standIn.money().chargedUsd).toBeCloseTo(310 * 0.0003, 6);
});

test.each([
  ['imagine', { prompt: '' }, 'prompt is empty'],
  ['imagine', { prompt: 'a fox', base64Array: ['x'] }, 'base64 is malformed'],
  ['change', { taskId: '7', action: 'UPSCALE', index: 1 }, 'task does not exist'],
  ['change', { taskId: '7', action: 'REROLL', index: 1 }, 'submit failed'],
  ['describe', {}, 'base64 is malformed'],
  ['blend', { base64Array: [pixel] }, 'submit failed'],
])('refuses %s with %j', async (call, body, message) => {
  const { standIn, client } = await start();
  expect((await client.post(`/mj/submit/${call}`, body)).json).toEqual({ code: 1, message });
  expect(standIn.submits).toHaveLength(0);
});

test('has other paths and field names if a deployment has', async () => {
  const paths = { imagine: '/v1/i', change: '/v1/c', describe: '/v1/d', blend: '/v1/b', task: '/v1/t/:id' };
  const { client } = await start({ habits: { paths, fields: 'snake', idAs: 'string' } });
  expect((await client.post('/mj/submit/imagine', { prompt: 'a fox' })).status).toBe(404);
  const { json } = await client.post('/v1/b', { base64_array: [pixel, pixel] });
  expect(json.task_id).toMatch(/^\d{18}$/);
  expect((await client.get(`/v1/t/${json.task_id}`)).json.action).toBe('BLEND');
});

test.each([
  ['page', 200],
  ['not-found', 404],
] as const)('can be suspended, with a %s under every path', async (suspended, status) => {
  const { client } = await start({ habits: { suspended } });
  const answers = [
    await client.post('/mj/submit/imagine', { prompt: 'a fox' }),
    await client.get('/mj/task/1/fetch'),
    await client.get('/anything'),
  ];
  expect(answers.map((answer) => answer.status)).toEqual([status, status, status]);
});

test('fails after its fifteen minutes, and returns the points', async () => {
  const { standIn, finish } = await start({ taskTimeoutMs: 30 });
  standIn.trouble.next('task', { do: 'stall' });
  const { json } = await finish('imagine', { prompt: 'a fox' });
  expect(json).toMatchObject({ status: 'FAILURE', fail_reason: '任务超时', image_url: '', progress: '' });
  expect(standIn.money().refundedUsd).toBeCloseTo(0.03, 6);
});

test('accepts only its keys, each for its own tasks', async () => {
  const { standIn, client, submit } = await start({ otherKeys: ['other'] });
  const path = `/mj/task/${await submit('imagine', { prompt: 'a fox' })}/fetch`;
  expect((await createClient(standIn, 'wrong').get(path)).status).toBe(401);
  expect((await createClient(standIn, 'other').get(path)).text).toBe('');
  expect((await client.get(path)).json.code).toBe(0);
  expect((await client.get('/dashboard/billing/credit_grants')).json.total_available).toBe(1_000_000);
});

describe('callbacks', () => {
  test('report every change in the form of a look', async () => {
    const { client, submit } = await start();
    const listener = await createListener();
    open.push(listener);
    const id = await submit('imagine', { prompt: 'a fox', notifyHook: listener.url });
    await listener.until(() => listener.heard.some((text) => text.includes('"SUCCESS"')));
    expect(listener.heard.length).toBeGreaterThan(1);
    const last = listener.heard.find((text) => text.includes('"SUCCESS"'));
    expect(last).toBe((await client.get(`/mj/task/${id}/fetch`)).text);
  });
});

test('follows the words that cause trouble', async () => {
  const { client, finish } = await start();
  const say = (prompt: string) => client.post('/mj/submit/imagine', { prompt });
  expect((await say('please crowd')).json.message).toContain('队列已满');
  expect((await say('please bill')).json.message).toBe('点数不足');
  expect((await say('please wait')).status).toBe(429);
  expect((await finish('imagine', { prompt: 'please fail' })).json.fail_reason).toBe('Internal Server Error');
  expect((await finish('imagine', { prompt: 'please vanish' })).text).toBe('');
});
