import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../sandbox/providers/client.ts';
import { standIns } from '../../sandbox/providers/index.ts';
import { create4allapi } from '../../sandbox/providers/mj-proxy/4allapi.ts';
import { createMjproxy } from '../../sandbox/providers/mj-proxy/mjproxy.ts';
import { createYutoai } from '../../sandbox/providers/mj-proxy/yutoai.ts';
import { type Create, createGrid, createPicked, createStarter, type Options } from './mj-proxy-fixture.ts';

const { start, open } = createStarter();

const kinds: readonly (readonly [kind: string, create: Create])[] = [
  ['4allapi', create4allapi],
  ['yutoai', createYutoai],
  ['mjproxy', createMjproxy],
];

/** The id under both names that a modal's body has in the family. */
const both = (id: string) => ({ taskId: id, task_id: id });

function readId(text: string): string {
  return /"result":"?(\d+)/.exec(text)?.[1] ?? '';
}

async function loadPicture(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

test('the table has every kind, and each starts from it', async () => {
  expect(Object.keys(standIns)).toEqual(expect.arrayContaining(kinds.map(([kind]) => kind)));
  for (const [kind, create] of Object.entries(standIns)) {
    const standIn = await create({ key: 'sk-mine' });
    open.push(standIn);
    expect(standIn).toMatchObject({ kind, key: 'sk-mine', submits: [] });
  }
});

describe.each(kinds)('%s', (name, create) => {
  test('imagines, picks and shows a picture', async () => {
    const { client } = await start(create);
    const { picked } = await createPicked(client, 'a fox --ar 2:1');
    expect(picked).toMatchObject({ status: 'SUCCESS', action: 'UPSCALE', progress: '100%' });
    expect((await sharp(await loadPicture(picked.imageUrl)).metadata()).width).toBe(128);
  });

  test("zooms by the factor in the modal's answer", async () => {
    const { client } = await start(create);
    const { press } = await createPicked(client);
    const urls = [];
    for (const zoom of ['1', '1.4', '2']) {
      const asked = await client.post('/mj/submit/action', press('CustomZoom'));
      expect(asked.json).toMatchObject({ code: 21, properties: { finalPrompt: 'a fox', remix: true } });
      const id = readId(asked.text);
      const prompt = `a fox --zoom ${zoom}`;
      expect(readId((await client.post('/mj/submit/modal', { ...both(id), prompt })).text)).toBe(id);
      const { json } = await client.finished(id);
      expect(json).toMatchObject({ status: 'SUCCESS', properties: { finalPrompt: prompt } });
      expect(json.buttons).toHaveLength(9);
      urls.push(json.imageUrl);
    }
    const pictures = await Promise.all(urls.map(loadPicture));
    expect(new Set(pictures.map((picture) => picture.toString('base64'))).size).toBe(3);
  });

  test.each(['taken', 'refused'] as const)(
    'a modal answered twice is %s; what is accepted is on record',
    async (how) => {
      const { standIn, client } = await start(create, { habits: { repeatedModal: how } });
      const { press } = await createPicked(client);
      const id = readId((await client.post('/mj/submit/action', press('CustomZoom'))).text);
      await client.submit('modal', { ...both(id), prompt: 'a fox --zoom 2' });
      const again = await client.post('/mj/submit/modal', { ...both(id), prompt: 'another --zoom 2' });
      expect(again.json.code).toBe(how === 'taken' ? 1 : 4);
      await client.finished(id);
      expect(standIn.task(id)?.status).toBe('SUCCESS');
      const modals = standIn.submits.filter(({ kind }) => kind === 'modal');
      expect(modals.map(({ parentId, repeats }) => [parentId, repeats])).toEqual(
        how === 'taken'
          ? [
              [id, 0],
              [id, 1],
            ]
          : [[id, 0]],
      );
    },
  );

  test.each(['variation::2', 'reroll::0', 'pan_left'])(
    'under Remix %s asks for a prompt first',
    async (part) => {
      const { client } = await start(create, { habits: { remix: true } });
      const { press } = await (part === 'pan_left' ? createPicked : createGrid)(client);
      const { text, json } = await client.post('/mj/submit/action', press(part));
      expect(json).toMatchObject({
        code: name === '4allapi' ? 1 : 21,
        description: 'Waiting for window confirm',
        properties: { finalPrompt: 'a fox', remix: true },
      });
      const id = readId(text);
      await client.submit('modal', { ...both(id), prompt: 'a wolf' });
      expect((await client.finished(id)).json).toMatchObject({
        status: 'SUCCESS',
        properties: { finalPrompt: expect.stringMatching(/^a wolf/) },
      });
    },
  );

  test('says with 22, or its words, how many are ahead', async () => {
    const { client } = await start(create, { pace: 1, habits: { slots: 1 } });
    await client.submit('imagine', { prompt: 'one' });
    const { json } = await client.post('/mj/submit/imagine', { prompt: 'two' });
    expect(json).toMatchObject({
      code: name === '4allapi' ? 1 : 22,
      description: '排队中，前面还有1个任务',
      properties: { numberOfQueues: 1 },
    });
  });

  test('has the same trouble for the same words', async () => {
    const { standIn, client } = await start(create);
    const post = (prompt: string) => client.post('/mj/submit/imagine', { prompt });
    await expect(post('please lose a fox')).rejects.toThrow();
    await expect(post('please drop a fox')).rejects.toThrow();
    expect((await post('please garble a fox')).json).toBeUndefined();
    expect(standIn.submits).toHaveLength(2);
    expect((await post('please wait, fox')).headers.get('retry-after')).toBe('5');
    expect((await post('please crowd, fox')).text).toContain('队列已满');
    expect((await post('please crash, fox')).status).toBe(500);
    const failed = await client.finished(await client.submit('imagine', { prompt: 'please fail, fox' }));
    expect(failed.json).toMatchObject({ status: 'FAILURE', failReason: 'Internal Server Error' });
    expect(standIn.submits).toHaveLength(3);
  });

  test('forgets a task, or never ends it, if that is the trouble', async () => {
    const { standIn, client } = await start(create);
    const hung = await client.submit('imagine', { prompt: 'please hang' });
    await standIn.until(() => standIn.task(hung)?.progress === '31%');
    const vanished = await client.submit('imagine', { prompt: 'please vanish' });
    expect((await client.fetch(vanished)).json?.status).toBeUndefined();
  });
});

describe('YutoAI', () => {
  const startYutoai = (options?: Options) => start(createYutoai, options);

  test.each(['', '/mj-fast', '/mj-relax', '/fast', '/relax'])('accepts "%s" before /mj/', async (prefix) => {
    const { standIn } = await startYutoai();
    const client = createClient(standIn, standIn.key, prefix);
    const id = await client.submit('imagine', { prompt: 'a fox' });
    expect((await client.finished(id)).json).toMatchObject({ id, status: 'SUCCESS' });
  });

  test.each([
    ['/mj-turbo/mj/submit/imagine', 'POST'],
    ['/mj/task/list-by-condition', 'POST'],
    ['/mj/task/1/cancel', 'POST'],
    ['/mj/task/list', 'GET'],
    ['/mj/task/1/image-seed', 'GET'],
    ['/mj/submit/edits', 'POST'],
    ['/mj/submit/swap', 'POST'],
    ['/mj/image/1', 'GET'],
  ])('has no %s', async (path, method) => {
    const { standIn, client } = await startYutoai();
    const answer = await (method === 'GET' ? client.get(path) : client.post(path, { prompt: 'a fox' }));
    expect([answer.status, answer.json.error.type]).toEqual([404, 'invalid_request_error']);
    expect(standIn.submits).toEqual([]);
  });

  test('prices and paces its speeds differently, and says which it was', async () => {
    const { standIn } = await startYutoai({ pace: 0.003 });
    const tookMs: number[] = [];
    for (const [prefix, text] of [
      ['/mj-fast', '(fast)'],
      ['/relax', '(relaxed)'],
    ] as const) {
      const client = createClient(standIn, standIn.key, prefix);
      const id = await client.submit('imagine', { prompt: 'a fox' });
      const { json } = await client.finished(id);
      expect(json.properties.messageContent.endsWith(text)).toBe(true);
      tookMs.push(json.finishTime - json.startTime);
    }
    expect(standIn.submits.map(({ chargedUsd }) => chargedUsd)).toEqual([0.1, 0.05]);
    expect(tookMs[1]).toBeGreaterThan(tookMs[0] ?? Number.POSITIVE_INFINITY);
  });

  test("a follow-up keeps its parent's speed if the path names none", async () => {
    const { standIn, client } = await startYutoai();
    const relaxed = createClient(standIn, standIn.key, '/mj-relax');
    const { press } = await createGrid(relaxed);
    await client.submit('action', press('variation::1'));
    expect(standIn.submits.at(-1)?.chargedUsd).toBe(0.05);
  });

  test.each([
    ['a number', {}, /"result":\d{16}\}/],
    ['a number beyond 2^53', { idDigits: 17 }, /"result":\d{17}\}/],
    ['text', { resultAs: 'string' }, /"result":"\d{16}"\}/],
  ] as const)('names a task by %s', async (_name, habits, form) => {
    const { standIn, client } = await startYutoai({ habits });
    const { text } = await client.post('/mj/submit/imagine', { prompt: 'a fox' });
    expect(text).toMatch(form);
    const id = readId(text);
    expect(standIn.task(id)?.id).toBe(id);
    if (id.length === 17) expect(String(JSON.parse(text).result)).not.toBe(id);
  });

  test('shows a task as in its document: rounded numbers, escapes, and an & at the end', async () => {
    const { client } = await startYutoai();
    const { grid } = await createGrid(client, 'a fox --sref <https://example.org/x>');
    const { text } = await client.fetch(grid.id);
    expect(text).toMatch(/"imageUrl":"http[^"]+\\u0026hm=[\da-f]+\\u0026"/);
    expect(text).toMatch(/"discordChannelId":\d{19},"discordInstanceId":\d{19},/);
    expect(text).toContain('--sref \\u003chttps://example.org/x\\u003e');
    expect(text).not.toMatch(/[&<>]/);
    expect(grid).toMatchObject({
      description: 'Submit success',
      state: '',
      failReason: '',
      properties: {
        botType: 'MID_JOURNEY',
        finalPrompt: 'a fox --sref <https://example.org/x>',
        flags: 0,
        messageContent: expect.stringMatching(/^\*\*a fox .*\*\* - <@\d+> \(fast\)$/),
        messageHash: expect.stringMatching(/^[\da-f-]{36}$/),
        messageId: expect.stringMatching(/^\d{19}$/),
        nonce: expect.stringMatching(/^\d{19}$/),
        notifyHook: '',
        progressMessageId: expect.stringMatching(/^\d{19}$/),
      },
    });
    expect((await fetch(grid.imageUrl)).status).toBe(200);
    expect((await fetch(grid.imageUrl.slice(0, -1))).status).toBe(403);
  });

  test.each([
    ['with-picture', { description: '任务已存在', properties: { status: 'SUCCESS' } }],
    ['words', { description: '已存在', properties: {} }],
  ] as const)(
    'answers 21 for a tile that was picked before (%s), and charges nothing',
    async (existedAnswer, said) => {
      const { standIn, client } = await startYutoai({ habits: { existedAnswer } });
      const { press } = await createGrid(client);
      const id = await client.submit('action', press('upsample::3'));
      await client.finished(id);
      const { text, json } = await client.post('/mj/submit/action', press('upsample::3'));
      expect(json).toMatchObject({ code: 21, ...said });
      expect(readId(text)).toBe(id);
      expect(standIn.submits.map(({ chargedUsd }) => chargedUsd)).toEqual([0.1, 0.05, 0]);
    },
  );

  test.each([
    ['Inpaint', ''],
    ['CustomZoom', 'a fox'],
  ])(
    '%s answers 21 with the prompt to start from, free until the modal is answered',
    async (part, finalPrompt) => {
      const { standIn, client } = await startYutoai();
      const { press } = await createPicked(client);
      const { json } = await client.post('/mj/submit/action', press(part));
      expect(json).toMatchObject({ code: 21, properties: { finalPrompt, remix: true } });
      expect((await client.fetch(String(json.result))).json.status).toBe('MODAL');
      expect(standIn.submits.at(-1)?.chargedUsd).toBe(0);
    },
  );

  test.each([
    [['task_id'], 'task_id', 1],
    [['task_id'], 'taskId', 4],
    [['taskId'], 'taskId', 1],
    [['taskId', 'task_id'], 'task_id', 1],
  ] as const)('a modal reads %j; given %s it answers %i', async (modalIdFields, field, code) => {
    const { standIn, client } = await startYutoai({ habits: { modalIdFields } });
    const { press } = await createPicked(client);
    const id = readId((await client.post('/mj/submit/action', press('CustomZoom'))).text);
    const { json } = await client.post('/mj/submit/modal', { [field]: id, prompt: 'a fox --zoom 2' });
    expect(json.code).toBe(code);
    expect(standIn.submits.filter(({ kind }) => kind === 'modal')).toHaveLength(code === 1 ? 1 : 0);
  });

  test.each([
    ['no-content', 204],
    ['empty', 200],
  ] as const)("doesn't know an unknown id, or another key's (%s)", async (unknownTask, status) => {
    const { standIn, client } = await startYutoai({ otherKeys: ['sk-somebody'], habits: { unknownTask } });
    const id = await client.submit('imagine', { prompt: 'a fox' });
    const stranger = createClient(standIn, 'sk-somebody');
    for (const { status: got, text } of [await client.fetch('1'), await stranger.fetch(id)]) {
      expect([got, text]).toEqual([status, '']);
    }
  });

  test.each([{ authorization: '' }, { authorization: 'Bearer sk-wrong' }])('refuses %j', async (headers) => {
    const { client } = await startYutoai();
    const { status, json } = await client.post('/mj/submit/imagine', { prompt: 'a fox' }, headers);
    expect([status, json.error.type]).toEqual([401, 'new_api_error']);
  });

  test('charges until the credit is used up, and refunds what failed', async () => {
    const { standIn, client } = await startYutoai({ creditUsd: 0.25 });
    await client.finished(await client.submit('imagine', { prompt: 'a fox' }));
    await client.finished(await client.submit('imagine', { prompt: 'a fox --foo' }));
    expect(standIn.money()).toEqual({ creditUsd: 0.15, chargedUsd: 0.2, refundedUsd: 0.1 });
    await client.submit('imagine', { prompt: 'a fox' });
    expect((await client.post('/mj/submit/imagine', { prompt: 'a fox' })).json.description).toContain(
      'quota_not_enough',
    );
  });

  test('says "(fast)" only once it is done, and has no buttons before', async () => {
    const { standIn, client } = await startYutoai();
    const id = await client.submit('imagine', { prompt: 'please hang' });
    await standIn.until(() => standIn.task(id)?.progress === '31%');
    const { json } = await client.fetch(id);
    expect(json).toMatchObject({ status: 'IN_PROGRESS', buttons: [], finishTime: 0 });
    expect(json.properties).not.toHaveProperty('messageContent');
  });
});

describe('a midjourney-proxy', () => {
  const startProxy = (options?: Options) => start(createMjproxy, options);
  const flavours = ['java', 'plus', 'trueai'] as const;

  test.each([
    ['trueai', 'the secret', { 'mj-api-secret': 'sk-mine' }, 200],
    ['trueai', 'the bare key', { authorization: 'sk-mine' }, 200],
    ['trueai', 'a bearer', { authorization: 'Bearer sk-mine' }, 401],
    ['trueai', 'both', { authorization: 'Bearer sk-mine', 'mj-api-secret': 'sk-mine' }, 401],
    ['trueai', 'neither', {}, 401],
    ['plus', 'the secret', { 'mj-api-secret': 'sk-mine' }, 200],
    ['plus', 'both', { authorization: 'Bearer sk-mine', 'mj-api-secret': 'sk-mine' }, 200],
    ['plus', 'the bare key', { authorization: 'sk-mine' }, 401],
    ['java', 'a wrong one', { 'mj-api-secret': 'sk-yours' }, 401],
  ] as const)('of %s, given %s', async (flavour, _name, headers, status) => {
    const { standIn } = await startProxy({ key: 'sk-mine', habits: { flavour } });
    const answer = await fetch(`${standIn.url}/mj/submit/imagine`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ prompt: 'a fox' }),
    });
    expect(answer.status).toBe(status);
    if (status === 401) {
      expect(await answer.text()).toBe(flavour === 'trueai' ? 'Authorization header missing.' : '');
    }
  });

  test.each([
    ['trueai', '/mj-fast', '(fast)'],
    ['trueai', '/mj-relax', '(relaxed)'],
    ['trueai', '/mj-turbo', '(turbo)'],
    ['trueai', '', '(fast)'],
    ['plus', '', '(fast)'],
  ] as const)('of %s accepts "%s" before /mj/', async (flavour, prefix, text) => {
    const { standIn } = await startProxy({ habits: { flavour } });
    const client = createClient(standIn, standIn.key, prefix);
    const { grid } = await createGrid(client);
    expect(grid.properties.messageContent.endsWith(text)).toBe(true);
  });

  test.each([
    [{ prompt: 'a fox --relax' }, '(relaxed)'],
    [{ prompt: 'a fox --relax', accountFilter: { modes: ['TURBO'] } }, '(turbo)'],
  ])('reads the speed from the filter, otherwise from the prompt: %j', async (body, text) => {
    const { client } = await startProxy();
    const { json } = await client.finished(await client.submit('imagine', body));
    expect(json.properties.messageContent.endsWith(text)).toBe(true);
  });

  test.each([
    ['trueai', '/fast/mj/submit/imagine', ''],
    ['trueai', '/mj/submit/change', ''],
    ['trueai', '/mj/submit/swap', ''],
    ['plus', '/mj-fast/mj/submit/imagine', '{"status":404,"error":"Not Found"}'],
    ['plus', '/mj/submit/video', '{"status":404,"error":"Not Found"}'],
    ['java', '/mj/submit/action', '{"status":404,"error":"Not Found"}'],
    ['java', '/mj/task/1/cancel', '{"status":404,"error":"Not Found"}'],
  ] as const)('of %s has no %s', async (flavour, path, text) => {
    const { client } = await startProxy({ habits: { flavour } });
    const answer = await client.post(path, { prompt: 'a fox' });
    expect([answer.status, answer.text]).toEqual([404, text]);
  });

  test.each(flavours)('of %s shows a task in its own shape', async (flavour) => {
    const { client } = await startProxy({ habits: { flavour } });
    const id = await client.submit('imagine', { prompt: 'a fox', state: 'mine' });
    const { json } = await client.finished(id);
    expect(json).toMatchObject({
      id,
      status: 'SUCCESS',
      state: 'mine',
      description: '/imagine a fox',
      failReason: null,
      properties: { finalPrompt: 'a fox' },
    });
    expect(json.buttons?.length).toBe(flavour === 'java' ? undefined : 9);
    expect('messageHash' in json.properties).toBe(flavour !== 'java');
    expect('jobId' in json).toBe(flavour === 'trueai');
    expect((await fetch(json.imageUrl)).status).toBe(200);
  });

  test.each([
    ['java', 23],
    ['plus', 23],
    ['trueai', 9],
  ] as const)('of %s answers a full queue with %i', async (flavour, code) => {
    const { standIn, client } = await startProxy({
      pace: 1,
      habits: { flavour, slots: 1, queueLength: 0 },
    });
    await client.submit('imagine', { prompt: 'one' });
    const { status, json } = await client.post('/mj/submit/imagine', { prompt: 'two' });
    expect([status, json.code]).toEqual([200, code]);
    expect(json.description).toContain('队列已满');
    expect(standIn.submits).toHaveLength(1);
  });

  test.each(['java', 'plus'] as const)('of %s refuses a banned word with 24', async (flavour) => {
    const { client } = await startProxy({ habits: { flavour } });
    const { json } = await client.post('/mj/submit/imagine', { prompt: 'much gore here' });
    expect(json).toMatchObject({ code: 24, properties: { bannedWord: 'gore' } });
  });

  test('of trueai accepts a banned word, and fails later', async () => {
    const { client } = await startProxy();
    const { json } = await client.finished(await client.submit('imagine', { prompt: 'much gore here' }));
    expect(json).toMatchObject({ status: 'FAILURE', failReason: '可能包含敏感词', progress: '' });
  });

  test.each([
    ['java', 200, 'change', { action: 'UPSCALE', index: 1 }],
    ['plus', 200, 'action', { customId: 'MJ::JOB::upsample::1::x' }],
    ['trueai', 404, 'action', { customId: 'MJ::JOB::upsample::1::x' }],
    ['trueai', 404, 'modal', { prompt: 'a fox' }],
  ] as const)('of %s answers %i and 3 for an unknown parent', async (flavour, status, kind, body) => {
    const { client } = await startProxy({ habits: { flavour } });
    const answer = await client.post(`/mj/submit/${kind}`, { taskId: '1', ...body });
    expect([answer.status, answer.json.code]).toEqual([status, 3]);
  });

  test.each([
    ['java', 200],
    ['plus', 200],
    ['trueai', 204],
  ] as const)('of %s answers a fetch of an unknown id with an empty %i', async (flavour, status) => {
    const { client } = await startProxy({ habits: { flavour } });
    const answer = await client.fetch('1');
    expect([answer.status, answer.text]).toEqual([status, '']);
  });

  test.each([
    ['trueai', '{"prompt"', { title: 'One or more validation errors occurred.', status: 400 }],
    ['trueai', { prompt: 12 }, { title: 'One or more validation errors occurred.', status: 400 }],
    ['plus', '{"prompt"', { status: 400, error: 'Bad Request' }],
  ] as const)('of %s refuses the body %j', async (flavour, body, json) => {
    const { client } = await startProxy({ habits: { flavour } });
    const answer = await client.post('/mj/submit/imagine', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject(json);
  });

  test.each([
    ['exception-filter', 200, '今日绘图次数已达上限'],
    ['exception-locked', 200, '账号已被临时封锁，请勿使用违规词作图'],
    ['exception-unknown', 500, '操作失败'],
  ])('has errors in another form: %s', async (as, status, message) => {
    const { standIn, client } = await startProxy();
    standIn.trouble.next('submit', { do: 'refuse', as });
    const answer = await client.post('/mj/submit/imagine', { prompt: 'a fox' });
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ success: false, code: -1, message, timestamp: expect.any(String) });
  });

  test.each(flavours)(
    'of %s lists the latest tasks with their state, so a lost one can be found',
    async (flavour) => {
      const { standIn, client } = await startProxy({ otherKeys: ['sk-somebody'], habits: { flavour } });
      await createClient(standIn, 'sk-somebody').submit('imagine', { prompt: 'a wolf', state: 'theirs' });
      standIn.trouble.next('submit', { do: 'lose' });
      const lost = client.post('/mj/submit/imagine', { prompt: 'a fox', state: 'mine' });
      await expect(lost).rejects.toThrow('fetch failed');
      const { json } = await client.get('/mj/task/list');
      expect(json.map(({ state }: { state: string }) => state)).toEqual(['mine', 'theirs']);
      expect(json[0].id).toBe(standIn.submits[1]?.taskId);
      expect((await client.list(json[0].id, '1')).json).toHaveLength(1);
    },
  );

  test('lists a hundred at most', async () => {
    const { client } = await startProxy({ pace: 1, habits: { queueLength: 200 } });
    for (let number = 0; number <= 100; number += 1) {
      await client.submit('imagine', { prompt: 'a fox', state: String(number) });
    }
    const { json } = await client.get('/mj/task/list');
    expect([json.length, json[0].state, json[99].state]).toEqual([100, '100', '1']);
  });

  test.each([
    ['trueai', 'FAILURE', '取消任务'],
    ['plus', 'CANCEL', null],
  ] as const)('of %s cancels running, waiting and asking tasks: %s', async (flavour, status, failReason) => {
    const { standIn, client } = await startProxy({ habits: { flavour, slots: 1 } });
    const { press } = await createPicked(client);
    const asks = readId((await client.post('/mj/submit/action', press('CustomZoom'))).text);
    const runs = await client.submit('imagine', { prompt: 'please hang' });
    await standIn.until(() => standIn.task(runs)?.progress === '31%');
    for (const id of [asks, runs]) {
      const answer = await client.post(`/mj/task/${id}/cancel`, '');
      expect([answer.status, answer.text]).toEqual([200, '']);
      expect((await client.fetch(id)).json).toMatchObject({ status, failReason });
    }
  });

  test('a cancelled task stays so, and its slot goes to the next one', async () => {
    const { standIn, client } = await startProxy({ pace: 0.001, habits: { slots: 1 } });
    const ids = [];
    for (const prompt of ['one', 'two', 'three']) ids.push(await client.submit('imagine', { prompt }));
    for (const id of ids.slice(0, 2)) await client.post(`/mj/task/${id}/cancel`, '');
    expect((await client.finished(ids[2] ?? '')).json.status).toBe('SUCCESS');
    expect(ids.map((id) => standIn.task(id)?.status)).toEqual(['FAILURE', 'FAILURE', 'SUCCESS']);
  });

  test("doesn't cancel tasks that are done, unknown, or another user's", async () => {
    const { standIn, client } = await startProxy({ otherKeys: ['sk-somebody'] });
    const id = await client.submit('imagine', { prompt: 'a fox' });
    await client.finished(id);
    const theirs = await createClient(standIn, 'sk-somebody').submit('imagine', { prompt: 'please hang' });
    for (const one of [id, theirs, '1']) {
      expect((await client.post(`/mj/task/${one}/cancel`, '')).status).toBe(200);
    }
    expect([standIn.task(id)?.status, standIn.task(theirs)?.failReason]).toEqual(['SUCCESS', '']);
  });

  test.each([
    ['trueai', 404, 400],
    ['plus', 200, 200],
  ] as const)('of %s returns the seed of a task with a picture', async (flavour, unknown, unfinished) => {
    const { standIn, client } = await startProxy({ habits: { flavour } });
    const { grid } = await createGrid(client);
    const seed = (id: string) => client.get(`/mj/task/${id}/image-seed`);
    expect((await seed(grid.id)).json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d+$/) });
    const hung = await client.submit('imagine', { prompt: 'please hang' });
    await standIn.until(() => standIn.task(hung)?.progress === '31%');
    const answers = [await seed('1'), await seed(hung)];
    expect(answers.map(({ status, json }) => [status, json.code])).toEqual([
      [unknown, 3],
      [unfinished, 4],
    ]);
  });

  test.each([
    ['java', '任务超时'],
    ['trueai', '执行超时 1 分钟'],
  ] as const)('of %s gives up a task that never ends', async (flavour, failReason) => {
    const { standIn, client } = await startProxy({ taskTimeoutMs: 30, habits: { flavour } });
    const id = await client.submit('imagine', { prompt: 'please hang' });
    await standIn.until(() => standIn.task(id)?.status === 'FAILURE');
    expect(standIn.task(id)?.failReason).toBe(failReason);
  });

  test('of plus opens a modal with a prompt only', async () => {
    const { client } = await startProxy({ habits: { flavour: 'plus' } });
    const { press } = await createPicked(client);
    const { json } = await client.post('/mj/submit/action', press('CustomZoom'));
    expect(json).toEqual({
      code: 21,
      description: '窗口等待',
      properties: {},
      result: expect.stringMatching(/^\d{16}$/),
    });
  });

  test('of java changes by letter and number, and already has a repeated one', async () => {
    const { client } = await startProxy({ habits: { flavour: 'java' } });
    const { json: grid } = await client.finished(await client.submit('imagine', { prompt: 'a fox' }));
    const change = { taskId: grid.id, action: 'UPSCALE', index: 2 };
    const id = await client.submit('change', change);
    expect((await client.finished(id)).json).toMatchObject({ action: 'UPSCALE', status: 'SUCCESS' });
    expect((await client.post('/mj/submit/change', change)).json).toMatchObject({
      code: 21,
      result: id,
      properties: { status: 'SUCCESS' },
    });
  });

  test('of java never ends a variation under Remix', async () => {
    const { standIn, client } = await startProxy({ habits: { flavour: 'java', remix: true } });
    const { json: grid } = await client.finished(await client.submit('imagine', { prompt: 'a fox' }));
    const id = await client.submit('change', { taskId: grid.id, action: 'VARIATION', index: 2 });
    await standIn.until(() => standIn.task(id)?.progress === '31%');
    expect(standIn.task(id)?.status).toBe('IN_PROGRESS');
  });

  test('of trueai imagines a line of a description through a modal', async () => {
    const { client } = await startProxy();
    const base64 =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const { json: described } = await client.finished(await client.submit('describe', { base64 }));
    expect(described.prompt).toBe(described.promptEn);
    const asked = await client.post('/mj/submit/action', {
      taskId: described.id,
      customId: 'MJ::Job::PicReader::2',
    });
    const prompt = asked.json.properties.finalPrompt;
    expect(prompt).toMatch(/^[a-z].* --ar 1:1$/);
    expect(prompt).not.toContain('http');
    await client.submit('modal', { taskId: asked.json.result, prompt: '' });
    expect((await client.finished(asked.json.result)).json.properties.finalPrompt).toBe(prompt);
  });

  test('of trueai animates a picture, picks a clip and extends it', async () => {
    const { client } = await startProxy();
    const { picked, press } = await createPicked(client);
    let task = picked;
    let customId = press('animate_high').customId;
    for (const next of ['video_virtual_upscale::1', 'animate_low_extend', 'video_virtual_upscale']) {
      const id = await client.submit('action', { taskId: task.id, customId });
      task = (await client.finished(id)).json;
      expect(task).toMatchObject({ status: 'SUCCESS', imageUrl: expect.stringMatching(/\.webp\?ex=/) });
      customId = task.buttons.find((button: { customId: string }) => button.customId.includes(next)).customId;
    }
    expect((await fetch(task.imageUrl)).headers.get('content-type')).toBe('image/webp');
  });

  test('charges nothing', async () => {
    const { standIn, client } = await startProxy({ creditUsd: 0 });
    await createPicked(client);
    expect(standIn.money()).toEqual({ creditUsd: 0, chargedUsd: 0, refundedUsd: 0 });
  });
});
