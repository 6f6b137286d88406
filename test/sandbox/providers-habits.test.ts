import { describe, expect, test } from 'vitest';
import { createClient } from '../../sandbox/providers/client.ts';
import { create4allapi } from '../../sandbox/providers/mj-proxy/4allapi.ts';
import { createGrid, createPicked, createStarter, type Options } from './mj-proxy-fixture.ts';

const { start: startKind } = createStarter();
const start = (options?: Options) => startKind(create4allapi, options);

const uuid = '00000000-1111-4222-a333-444444444444';

/** Only refreshes when told to. */
const never = { refreshMs: Number.POSITIVE_INFINITY };

describe('the gateway refreshes every 15 seconds', () => {
  test('status and state are empty until the first refresh, and only change at refreshes', async () => {
    const { standIn, client } = await start(never);
    const id = await client.submit('imagine', { prompt: 'a fox', state: 'mine' });
    await standIn.until(() => standIn.task(id)?.status === 'SUCCESS');
    expect((await client.fetch(id)).json).toMatchObject({
      status: '',
      progress: '0%',
      state: '',
      startTime: 0,
      properties: null,
    });
    standIn.refresh();
    expect((await client.fetch(id)).json).toMatchObject({
      status: 'SUCCESS',
      progress: '100%',
      state: 'mine',
    });
  });

  test('gives up a task after its hour, and refunds it', async () => {
    const { standIn, client } = await start({ taskTimeoutMs: 60, creditUsd: 1 });
    standIn.trouble.next('task', { do: 'stall' });
    const id = await client.submit('imagine', { prompt: 'a fox' });
    await expect.poll(async () => (await client.fetch(id)).json.status).toBe('FAILURE');
    expect((await client.fetch(id)).json).toMatchObject({
      failReason: '上游任务超时（超过1小时）',
      progress: '100%',
    });
    expect(standIn.money().creditUsd).toBe(1);
  });
});

describe('ids', () => {
  test('above 2^53 come as a bare number if that is the habit, and survive only as text', async () => {
    const { client } = await start({ habits: { resultAs: 'number', idDigits: 17 } });
    const { text } = await client.post('/mj/submit/imagine', { prompt: 'a fox' });
    const id = /"result":(\d{17})\}/.exec(text)?.[1] ?? '';
    expect(String(Number(id))).not.toBe(id);
    expect((await client.fetch(id)).json.id).toBe(id);
    expect((await client.fetch(String(Number(id)))).status).toBe(400);
  });

  test('belong to one key only', async () => {
    const { standIn, client } = await start({ otherKeys: ['sk-somebody'] });
    const id = await client.submit('imagine', { prompt: 'a fox' });
    await client.finished(id);
    const stranger = createClient(standIn, 'sk-somebody');
    expect((await stranger.fetch(id)).json.description).toBe('task_no_found ');
    expect((await stranger.list(id)).json).toEqual([]);
    const customId = `MJ::JOB::upsample::1::${uuid}`;
    expect((await stranger.post('/mj/submit/action', { taskId: id, customId })).json.description).toBe(
      'task_not_found ',
    );
  });
});

describe('codes', () => {
  test('22 becomes 1 and the description still says that it queues', async () => {
    const { standIn, client } = await start({ pace: 1 });
    for (let slot = 0; slot < standIn.habits.slots; slot += 1)
      await client.submit('imagine', { prompt: `fox ${slot}` });
    const { json } = await client.post('/mj/submit/imagine', { prompt: 'one too many' });
    expect(json).toMatchObject({
      code: 1,
      description: '排队中，前面还有1个任务',
      properties: { numberOfQueues: 1 },
    });
    standIn.habits.rewritesCode22 = false;
    expect((await client.post('/mj/submit/imagine', { prompt: 'another' })).json).toMatchObject({ code: 22 });
  });

  test('23 says that the queue is full, with 200 and no id, and nothing is charged', async () => {
    const { standIn, client } = await start({ pace: 1, habits: { slots: 1, queueLength: 1 } });
    await client.submit('imagine', { prompt: 'one' });
    await client.submit('imagine', { prompt: 'two' });
    const { status, json } = await client.post('/mj/submit/imagine', { prompt: 'three' });
    expect([status, json]).toEqual([200, { code: 23, description: '队列已满，请稍后尝试' }]);
    expect(standIn.submits).toHaveLength(2);
    expect(standIn.money().chargedUsd).toBe(0.2);
  });

  test('24 names the banned word', async () => {
    const { standIn, client } = await start();
    const { status, json } = await client.post('/mj/submit/imagine', { prompt: 'much gore here' });
    const properties = { promptEn: 'much gore here', bannedWord: 'gore' };
    expect([status, json]).toEqual([200, { code: 24, description: '可能包含敏感词', properties }]);
    expect(standIn.submits).toEqual([]);
  });

  test('4 and HTTP 400 say that the credit is used up', async () => {
    const { standIn, client } = await start({ creditUsd: 0.15 });
    await client.submit('imagine', { prompt: 'a fox' });
    const { status, json } = await client.post('/mj/submit/imagine', { prompt: 'a fox' });
    expect([status, json]).toEqual([
      400,
      { code: 4, description: 'quota_not_enough ', type: 'upstream_error' },
    ]);
    standIn.money().creditUsd = 1;
    expect((await client.post('/mj/submit/imagine', { prompt: 'a fox' })).status).toBe(200);
  });
});

describe('refusals', () => {
  test.each([
    [
      'no prompt',
      'imagine',
      {},
      400,
      { code: 4, description: 'prompt_is_required ', type: 'upstream_error' },
    ],
    ['an empty prompt', 'imagine', { prompt: ' ' }, 200, { code: 4, description: 'prompt不能为空' }],
    [
      'an unknown task',
      'action',
      { taskId: '1', customId: `MJ::JOB::upsample::1::${uuid}` },
      400,
      { code: 4, description: 'task_not_found ' },
    ],
    [
      'no customId',
      'action',
      { taskId: '1' },
      400,
      { error: { message: expect.stringContaining('custom_id_is_required') } },
    ],
    [
      'a customId without ::',
      'action',
      { taskId: '1', customId: 'upsample' },
      500,
      { error: { type: 'new_api_panic' } },
    ],
    [
      'a number for an id',
      'action',
      { taskId: 12, customId: 'x::y' },
      400,
      { error: { type: 'new_api_error' } },
    ],
    [
      'an unknown modal',
      'modal',
      { taskId: '1', prompt: 'x' },
      400,
      { code: 4, description: 'task_not_found ' },
    ],
    [
      'a bad picture',
      'imagine',
      { prompt: 'x', base64Array: ['nonsense'] },
      200,
      { code: 4, description: 'base64格式错误' },
    ],
    ['no picture', 'describe', {}, 200, { code: 4 }],
    ['a list', 'imagine', [], 400, { error: { type: 'new_api_error' } }],
    ['no JSON', 'imagine', '{"prompt"', 400, { error: { type: 'new_api_error' } }],
  ])('%s: %s', async (_name, kind, body, status, json) => {
    const { standIn, client } = await start();
    const answer = await client.post(`/mj/submit/${kind}`, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject(json);
    expect(standIn.submits).toEqual([]);
  });

  test.each([
    'MJ::Job::PicReader::2',
    'MJ::Job::PicReader::all',
    'MJ::Picread::Retry',
    'MJ::Job::PromptAnalyzer::1',
    `MJ::BOOKMARK::${uuid}`,
    `MJ::JOB::animate_high::1::${uuid}::SOLO`,
    `MJ::JOB::animate_low_extend::1::${uuid}`,
    `MJ::JOB::video_virtual_upscale::1::${uuid}`,
  ])('the gateway knows no price for %s: HTTP 400', async (customId) => {
    const { standIn, client } = await start();
    const { grid } = await createGrid(client);
    const { status, json } = await client.post('/mj/submit/action', { taskId: grid.id, customId });
    expect(status).toBe(400);
    expect(json.error.message).toContain(`unknown_action:${customId}`);
    expect(standIn.submits).toHaveLength(1);
  });

  test('a button of an unfinished task, or of another one', async () => {
    const { standIn, client } = await start(never);
    const { grid } = await createGrid(client);
    const customId = `MJ::JOB::upsample::1::${uuid}`;
    expect((await client.post('/mj/submit/action', { taskId: grid.id, customId })).json).toMatchObject({
      code: 4,
    });
    const id = await client.submit('imagine', { prompt: 'a wolf' });
    await standIn.until(() => standIn.task(id)?.status === 'SUCCESS');
    const { json } = await client.post('/mj/submit/action', { taskId: id, customId });
    expect(json.description).toBe('task_status_not_success ');
  });

  test.each([
    ['no key', { authorization: '' }, 401, '未提供令牌'],
    ['a wrong key', { authorization: 'Bearer sk-wrong' }, 401, '无效的令牌'],
    [
      'a channel that is for admins',
      { authorization: 'Bearer sk-sandbox4allapi-7' },
      403,
      '普通用户不支持指定渠道',
    ],
  ])('%s', async (_name, headers, status, message) => {
    const { client } = await start();
    const answer = await client.post('/mj/submit/imagine', { prompt: 'a fox' }, headers);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({
      error: { type: 'new_api_error', message: expect.stringContaining(message) },
    });
    expect((await client.get('/mj/task/1/fetch', headers)).status).toBe(status);
  });

  test.each([
    { authorization: '', 'mj-api-secret': 'sk-sandbox4allapi' },
    { authorization: 'Bearer midjourney-proxy', 'mj-api-secret': 'sk-sandbox4allapi' },
  ])('not the key in mj-api-secret: %j', async (headers) => {
    const { client } = await start();
    expect((await client.post('/mj/submit/imagine', { prompt: 'a fox' }, headers)).json.code).toBe(1);
  });

  test('a body over 30 MB: 413', async () => {
    const { client } = await start();
    const body = JSON.stringify({ prompt: 'a fox', base64Array: ['x'.repeat(31 * 2 ** 20)] });
    // The connection may be cut while the body is still on its way.
    const answer = await client.post('/mj/submit/imagine', body).catch(() => ({ status: 413 }));
    expect(answer.status).toBe(413);
  });
});

describe('paths', () => {
  test.each(['/mj-fast/mj', '/mj-relax/mj'])('%s works like /mj', async (prefix) => {
    const { client } = await start();
    const { json } = await client.post(`${prefix}/submit/imagine`, { prompt: 'a fox' });
    expect(json.code).toBe(1);
    expect((await client.get(`${prefix}/task/${json.result}/fetch`)).json.id).toBe(json.result);
    expect((await client.post(`${prefix}/task/list-by-condition`, { ids: [json.result] })).json).toHaveLength(
      1,
    );
  });

  test("another word is unknown to the upstream, which a submit reaches and a look doesn't", async () => {
    const { standIn, client } = await start();
    expect((await client.post('/fast/mj/submit/imagine', { prompt: 'a fox' })).status).toBe(404);
    expect(standIn.submits).toEqual([]);
    const id = await client.submit('imagine', { prompt: 'a fox' });
    expect((await client.get(`/fast/mj/task/${id}/fetch`)).json.id).toBe(id);
  });

  test('turbo is refused', async () => {
    const { client } = await start();
    const { status, json } = await client.post('/mj-turbo/mj/submit/imagine', { prompt: 'a fox' });
    expect([status, json]).toEqual([
      400,
      { code: 4, description: '无效的加速模式 ', type: 'upstream_error' },
    ]);
  });

  test('unknown paths are answered with its own web page and 200', async () => {
    const { client } = await start();
    const { status, text, headers } = await client.get('/mj/submit/nothing');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<!doctype html>');
  });
});

describe('list-by-condition', () => {
  test('leaves out unknown tasks, and returns nothing for nothing', async () => {
    const { client } = await start();
    const id = await client.submit('imagine', { prompt: 'a fox' });
    expect((await client.list(id, '1', '2')).json).toHaveLength(1);
    expect((await client.list()).json).toEqual([]);
    expect((await client.post('/mj/task/list-by-condition', {})).json).toEqual([]);
    expect((await client.post('/mj/task/list-by-condition', { ids: [1] })).status).toBe(400);
  });
});

describe('a modal', () => {
  test.each(['Inpaint', 'CustomZoom'])(
    '%s is answered with 21 and a new id, and costs nothing yet',
    async (part) => {
      const { standIn, client } = await start();
      const { picked, press } = await createPicked(client);
      const paid = standIn.money().chargedUsd;
      const { json } = await client.post('/mj/submit/action', press(part));
      expect(json).toMatchObject({
        code: 21,
        description: 'Waiting for window confirm',
        properties: { remix: true },
      });
      expect(json.properties.finalPrompt).toBe(part === 'Inpaint' ? '' : 'a fox');
      expect(json.result).not.toBe(picked.id);
      expect(standIn.money().chargedUsd).toBe(paid);
      standIn.refresh();
      expect((await client.fetch(json.result)).json.status).toBe('MODAL');
    },
  );

  test('keeps its id; fetch says MODAL until the end, and the list shows it twice', async () => {
    const { standIn, client } = await start(never);
    const { press } = await createPicked(client);
    const id = (await client.post('/mj/submit/action', press('CustomZoom'))).json.result;
    standIn.refresh();
    const { json } = await client.post('/mj/submit/modal', {
      taskId: id,
      prompt: 'a fox --zoom 1.5',
      maskBase64: '',
    });
    expect(json).toMatchObject({ code: 1, result: id });
    await standIn.until(() => standIn.task(id)?.status === 'IN_PROGRESS');
    standIn.refresh();
    expect((await client.fetch(id)).json.status).toBe('MODAL');
    expect((await client.list(id)).json.map((task: { status: string }) => task.status)).toEqual([
      'MODAL',
      'IN_PROGRESS',
    ]);
    await standIn.until(() => standIn.task(id)?.status === 'SUCCESS');
    standIn.refresh();
    expect((await client.fetch(id)).json.status).toBe('MODAL');
    standIn.refresh();
    expect((await client.fetch(id)).json).toMatchObject({ status: 'SUCCESS', action: 'CUSTOM_ZOOM' });
    expect((await client.list(id)).json).toHaveLength(2);
  });

  test('can be answered only once, if that is the habit', async () => {
    const { client } = await start({ habits: { repeatedModal: 'refused' } });
    const { press } = await createPicked(client);
    const id = (await client.post('/mj/submit/action', press('CustomZoom'))).json.result;
    await client.submit('modal', { taskId: id, prompt: 'a fox --zoom 2' });
    expect(
      (await client.post('/mj/submit/modal', { taskId: id, prompt: 'a fox --zoom 2' })).json,
    ).toMatchObject({ code: 4 });
  });

  test.each(['a fox', 'a fox --zoom 3'])(
    'of a custom zoom fails without a zoom from 1 to 2: %s',
    async (prompt) => {
      const { client } = await start();
      const { press } = await createPicked(client);
      const id = (await client.post('/mj/submit/action', press('CustomZoom'))).json.result;
      await client.submit('modal', { taskId: id, prompt });
      expect((await client.finished(id)).json).toMatchObject({
        status: 'FAILURE',
        failReason: expect.stringContaining('zoom'),
      });
    },
  );

  test('of a region takes a mask and returns a grid', async () => {
    const { client } = await start();
    const { press } = await createPicked(client);
    const id = (await client.post('/mj/submit/action', press('Inpaint'))).json.result;
    const maskBase64 =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await client.submit('modal', { taskId: id, prompt: 'a hat', maskBase64 });
    const { json } = await client.finished(id);
    expect(json).toMatchObject({
      status: 'SUCCESS',
      action: 'INPAINT',
      properties: { finalPrompt: 'a hat' },
    });
    expect((await fetch(json.imageUrl)).status).toBe(200);
  });

  test('under Remix hides behind code 1, and is charged twice', async () => {
    const { standIn, client } = await start({ habits: { remix: true } });
    const { press } = await createGrid(client);
    const { json } = await client.post('/mj/submit/action', press('variation::2'));
    expect(json).toMatchObject({
      code: 1,
      description: 'Waiting for window confirm',
      properties: { remix: true, finalPrompt: 'a fox' },
    });
    standIn.refresh();
    expect((await client.fetch(json.result)).json.status).toBe('MODAL');
    await client.submit('modal', { taskId: json.result, prompt: 'a wolf' });
    expect((await client.finished(json.result)).json).toMatchObject({ status: 'SUCCESS' });
    expect(standIn.submits.map(({ chargedUsd }) => chargedUsd)).toEqual([0.1, 0.1, 0.1]);
  });
});

describe('the same tile picked again', () => {
  test('is a new task', async () => {
    const { client } = await start();
    const { press } = await createGrid(client);
    const id = await client.submit('action', press('upsample::1'));
    await client.finished(id);
    expect(await client.submit('action', press('upsample::1'))).not.toBe(id);
  });

  test('or answers 1 with the id, status and picture of the first one', async () => {
    const { client } = await start({ habits: { repeatedPick: 'existed' } });
    const { press } = await createGrid(client);
    const id = await client.submit('action', press('upsample::1'));
    await client.finished(id);
    const { json } = await client.post('/mj/submit/action', press('upsample::1'));
    expect(json).toMatchObject({
      code: 1,
      description: '任务已存在',
      result: id,
      properties: { status: 'SUCCESS' },
    });
    expect((await client.fetch(id)).json.status).toBe('SUCCESS');
  });

  test('or never ends', async () => {
    const { standIn, client } = await start({ habits: { repeatedPick: 'silent' } });
    const { press } = await createGrid(client);
    await client.finished(await client.submit('action', press('upsample::1')));
    const id = await client.submit('action', press('upsample::1'));
    await standIn.until(() => standIn.task(id)?.progress === '31%');
    expect(standIn.task(id)?.status).toBe('IN_PROGRESS');
  });
});

describe('the body on its way to the upstream', () => {
  test('loses notifyHook and accountFilter', async () => {
    const { standIn, client } = await start();
    await client.submit('imagine', {
      prompt: 'a fox',
      notifyHook: 'http://x',
      accountFilter: { modes: ['FAST'] },
      state: 's',
    });
    expect(standIn.submits[0]?.forwarded).toEqual({ prompt: 'a fox', state: 's' });
  });

  test('loses speed flags if the gateway clears modes', async () => {
    const { standIn, client } = await start({ habits: { stripsSpeedFlags: true } });
    await client.submit('imagine', { prompt: 'a fox --fast --ar 3:2' });
    expect(standIn.submits[0]?.forwarded).toEqual({ prompt: 'a fox  --ar 3:2' });
  });
});

test('can get results swapped for identical prompts in flight, if that is the habit', async () => {
  const results = await Promise.all(
    [false, true].map(async (swapsTwins) => {
      const { client } = await start({ habits: { swapsTwins } });
      const ids = [
        await client.submit('imagine', { prompt: 'a fox' }),
        await client.submit('imagine', { prompt: 'a fox' }),
      ];
      const tasks = await Promise.all(ids.map(async (id) => (await client.finished(id)).json));
      return Promise.all(
        tasks.map(async ({ imageUrl }) => Buffer.from(await (await fetch(imageUrl)).arrayBuffer())),
      );
    }),
  );
  expect(results[1]?.[0]).toEqual(results[0]?.[1]);
  expect(results[1]?.[1]).toEqual(results[0]?.[0]);
});

describe('pictures', () => {
  test('come from /mj/image without a key, and from a signed address that must come back unchanged', async () => {
    const { standIn, client } = await start({ habits: { imageUrls: 'upstream' } });
    const { grid } = await createGrid(client);
    const url: string = grid.imageUrl;
    expect(url).toMatch(
      /\/attachments\/\d+\/\d+\/sandbox_a_fox_[\da-f-]+\.png\?ex=[\da-f]+&is=[\da-f]+&hm=[\da-f]{64}&$/,
    );
    expect((await fetch(url)).status).toBe(200);
    for (const altered of [
      url.slice(0, -1),
      url.replace('ex=', 'ex=f'),
      `${url}width=100`,
      url.split('?')[0] ?? '',
    ]) {
      expect((await fetch(altered)).status).toBe(403);
    }
    expect((await fetch(`${standIn.url}/mj/image/${grid.id}`)).status).toBe(200);
  });

  test('expire', async () => {
    const { standIn, client } = await start({ pictureLifeMs: -1000, habits: { imageUrls: 'upstream' } });
    const { grid } = await createGrid(client);
    const answer = await fetch(grid.imageUrl);
    expect([answer.status, await answer.text()]).toEqual([403, 'This content is no longer available.']);
    const behind = await fetch(`${standIn.url}/mj/image/${grid.id}`);
    expect([behind.status, await behind.json()]).toEqual([
      403,
      { error: 'This content is no longer available.' },
    ]);
  });

  test('are said to be on localhost if nobody set the server address', async () => {
    const { client } = await start({ habits: { imageUrls: 'localhost' } });
    const { grid } = await createGrid(client);
    expect(grid.imageUrl).toBe(`http://localhost:3000/mj/image/${grid.id}`);
  });

  test('are called image/jpeg if the host names no type', async () => {
    const { client } = await start({ habits: { imageContentType: 'default' } });
    const { grid } = await createGrid(client);
    expect((await fetch(grid.imageUrl)).headers.get('content-type')).toBe('image/jpeg');
  });

  test("that don't exist: 400 for an unknown task, 500 for one without a picture", async () => {
    const { standIn, client } = await start(never);
    const id = await client.submit('imagine', { prompt: 'a fox' });
    const [unknown, none] = await Promise.all([1, id].map((one) => fetch(`${standIn.url}/mj/image/${one}`)));
    expect([unknown?.status, await unknown?.json()]).toEqual([400, { error: 'midjourney_task_not_found' }]);
    expect([none?.status, await none?.json()]).toEqual([500, { error: 'http_get_image_failed' }]);
  });
});
