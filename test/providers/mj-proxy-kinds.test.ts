import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp, type Http } from '../../src/providers/http.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy, type MjProxyOptions } from '../../src/providers/mj-proxy/index.ts';
import { mjProxyKinds } from '../helpers/paid-calls.ts';
import { anImagine } from '../helpers/requests.ts';

const origin = 'https://proxy.example';
const signal = AbortSignal.timeout(60_000);
const accepted = { code: 1, description: 'ok', result: '17' };

describe('kinds of midjourney-proxy', () => {
  let agent: MockAgent;
  let http: Http;
  let sent: { method: string; path: string; headers: Record<string, string>; body: unknown }[];

  beforeEach(() => {
    agent = new MockAgent();
    agent.disableNetConnect();
    http = createHttp({ dispatcher: agent });
    sent = [];
  });
  afterEach(() => agent.close());

  function answer(body: unknown, status = 200, times = 1): void {
    agent
      .get(origin)
      .intercept({ path: () => true, method: () => true })
      .reply((options) => {
        const {
          method,
          path,
          headers,
          body: text,
        } = options as unknown as (typeof sent)[number] & { body: string };
        sent.push({ method, path, headers, body: text ? JSON.parse(text) : undefined });
        return { statusCode: status, data: typeof body === 'string' ? body : JSON.stringify(body) };
      })
      .times(times);
  }

  function create(kind: keyof typeof mjProxyGateways, options: Partial<MjProxyOptions> = {}) {
    return createMjProxy({
      gateway: mjProxyGateways[kind],
      http,
      apiKey: 'secret-key',
      baseUrl: origin,
      ...options,
    });
  }

  it.each([
    ['4allapi', undefined, { authorization: 'Bearer secret-key' }],
    ['yutoai', undefined, { authorization: 'Bearer secret-key' }],
    ['mjproxy', undefined, { 'mj-api-secret': 'secret-key' }],
    ['mjproxy', 'raw', { authorization: 'secret-key' }],
    ['mjproxy', 'bearer', { authorization: 'Bearer secret-key' }],
  ] as const)('%s sends its key as %s', async (kind, auth, headers) => {
    answer(accepted);
    await create(kind, { auth }).submit(anImagine, signal);
    expect(sent[0]?.headers).toMatchObject(headers);
    const names = Object.keys(sent[0]?.headers ?? {});
    expect(names.filter((name) => name === 'authorization' || name === 'mj-api-secret')).toEqual(
      Object.keys(headers),
    );
  });

  it('puts the speed into the path if each speed has one, and sends a follow-up where its parent went', async () => {
    const provider = create('yutoai');
    expect([...provider.speeds].sort()).toEqual(['fast', 'relax']);
    answer(accepted, 200, 3);
    const { ref } = await provider.submit({ ...anImagine, speed: 'relax' }, signal);
    expect(ref).toMatchObject({ id: '17', prefix: '/relax' });
    const offer = { action: 'upscale', index: 1, token: 'MJ::JOB::upsample::1::abc' } as const;
    await provider.submit({ ...anImagine, action: 'upscale', parent: { ref, offer } }, signal);
    await provider.answer?.(ref, { prompt: 'a hare' }, signal);
    expect(sent.map(({ path }) => path)).toEqual([
      '/relax/mj/submit/imagine',
      '/relax/mj/submit/action',
      '/relax/mj/submit/modal',
    ]);
    expect(sent[0]?.body).toMatchObject({ prompt: 'a fox' });
  });

  it.each(mjProxyKinds)('%s declares only actions that a button can mean', (kind) => {
    const declared = [...create(kind).actions];
    expect(declared.filter((action) => /^(enlarge|enhance|redo-)/.test(action))).toEqual([]);
    expect(declared).toEqual(expect.arrayContaining(['upscale-creative', 'pan-up', 'custom-zoom']));
  });

  it("uses the operator's one prefix for all speeds", async () => {
    answer(accepted);
    await create('mjproxy', { pathPrefix: '/mj-fast' }).submit({ ...anImagine, speed: 'turbo' }, signal);
    expect(sent[0]).toMatchObject({ path: '/mj-fast/mj/submit/imagine', body: { prompt: 'a fox --turbo' } });
  });

  it('lets a prefix for all speeds say how fast a fast task is', async () => {
    answer(accepted, 200, 2);
    await create('mjproxy', { pathPrefix: '/mj-relax' }).submit(anImagine, signal);
    expect(sent[0]?.body).not.toHaveProperty('accountFilter');
    await create('mjproxy').submit(anImagine, signal);
    expect(sent[1]?.body).toMatchObject({ prompt: anImagine.prompt, accountFilter: { modes: ['FAST'] } });
  });

  describe('with a filter', () => {
    const filter = {
      accountFilter: { instanceId: '1118138338562560102', remix: true, remixAutoConsidered: false },
      chooseSameChannel: true,
    };
    const ref = { id: '17' };
    const press = {
      ...anImagine,
      action: 'upscale',
      parent: { ref, offer: { action: 'upscale', index: 1, token: 'MJ::JOB::upsample::1::abc' } },
    } as const;
    const picture = { bytes: Buffer.from('x'), type: 'image/png', url: 'https://cdn.example/x.png' } as const;

    it('sends it with each task for Midjourney, and the same channel with a button', async () => {
      answer(accepted, 200, 9);
      const provider = create('4allapi', { filter });
      const accountFilter = { ...filter.accountFilter, modes: ['FAST'] };
      await provider.submit(anImagine, signal);
      await provider.submit({ ...anImagine, action: 'describe', pictures: [picture] }, signal);
      await provider.submit(press, signal);
      expect(sent.map(({ body }) => body)).toMatchObject([
        { accountFilter },
        { accountFilter },
        { accountFilter, chooseSameChannel: true },
      ]);
      expect(sent[0]?.body).not.toHaveProperty('chooseSameChannel');
    });

    it('sends it beside a speed in the path, but not to a service that swaps faces', async () => {
      answer(accepted, 200, 2);
      await create('yutoai', { filter }).submit(anImagine, signal);
      expect(sent[0]).toMatchObject({
        path: '/fast/mj/submit/imagine',
        body: { accountFilter: filter.accountFilter },
      });
      expect(sent[0]?.body).not.toHaveProperty('accountFilter.modes');
      await create('mjproxy', { filter }).submit(
        { ...anImagine, action: 'swap', pictures: [picture, picture] },
        signal,
      );
      expect(sent[1]?.body).not.toHaveProperty('accountFilter');
    });

    it('keeps speeds out of it if the operator says so', async () => {
      answer(accepted, 200, 2);
      const provider = create('mjproxy', { filter: { accountFilter: {}, modes: false } });
      await provider.submit({ ...anImagine, speed: 'relax' }, signal);
      await provider.submit(anImagine, signal);
      expect(sent[0]?.body).toMatchObject({ prompt: `${anImagine.prompt} --relax` });
      for (const { body } of sent) expect(body).not.toHaveProperty('accountFilter');
    });
  });

  it("has the speeds that its operator names, as far as there's a path for each", async () => {
    const speedsOf = (...[kind, options]: Parameters<typeof create>) =>
      [...create(kind, options).speeds].sort();
    expect(speedsOf('4allapi')).toEqual(['fast', 'relax']);
    expect(speedsOf('4allapi', { speeds: ['fast', 'turbo'] })).toEqual(['fast', 'turbo']);
    expect(speedsOf('yutoai', { speeds: ['fast', 'turbo'] })).toEqual(['fast']);
    expect(speedsOf('yutoai', { speeds: ['turbo'], pathPrefix: { turbo: '/turbo' } })).toEqual(['turbo']);
    answer(accepted);
    await create('4allapi', { speeds: ['turbo'] }).submit({ ...anImagine, speed: 'turbo' }, signal);
    expect(sent[0]?.body).toMatchObject({
      prompt: `${anImagine.prompt} --turbo`,
      accountFilter: { modes: ['TURBO'] },
    });
  });

  it('answers a modal under both names of its id', async () => {
    answer({ ...accepted, description: 'Submit success', properties: { remix: true } });
    const submitted = await create('mjproxy').answer?.({ id: '17' }, { prompt: 'a hare --zoom 2' }, signal);
    expect(sent[0]).toMatchObject({
      path: '/mj/submit/modal',
      body: { taskId: '17', task_id: '17', prompt: 'a hare --zoom 2' },
    });
    expect(submitted).toEqual({ ref: { id: '17' }, update: { state: 'running' } });
  });

  it('fetches tasks one by one if there is no list, under their own prefixes', async () => {
    answer('', 204, 1);
    answer('{"id":14001934816969359,"status":"IN_PROGRESS","progress":"5%"}');
    const refs = [
      { id: '3', prefix: '/fast' },
      { id: '14001934816969359', prefix: '/relax' },
    ];
    const updates = await create('yutoai').look(refs, signal);
    expect(Object.fromEntries(updates)).toEqual({ '14001934816969359': { state: 'running', progress: 5 } });
    expect(sent.map(({ path }) => path)).toEqual([
      '/fast/mj/task/3/fetch',
      '/relax/mj/task/14001934816969359/fetch',
    ]);
  });

  it('treats a wrong address as no answer, not as an unknown task', async () => {
    answer('', 404);
    await expect(create('yutoai').look([{ id: '3', prefix: '/fats' }], signal)).rejects.toMatchObject({
      kind: 'malformed',
      status: 404,
    });
  });

  it('accepts one prefix at YutoAI too, and both speeds', async () => {
    const provider = create('yutoai', { pathPrefix: '/fast' });
    expect([...provider.speeds].sort()).toEqual(['fast', 'relax']);
  });

  it("reads the other tasks if one can't be fetched", async () => {
    const success = { id: '1', status: 'SUCCESS', imageUrl: 'https://cdn.example/1.png' };
    answer(success);
    answer('bad gateway', 502);
    const updates = await create('yutoai').look([{ id: '1' }, { id: '2' }], signal);
    expect([updates.get('1')?.state, updates.get('2')?.state]).toEqual(['done', 'running']);
    answer('bad gateway', 502, 2);
    await expect(create('yutoai').look([{ id: '1' }, { id: '2' }], signal)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    answer(success);
    answer('', 401);
    const oneRefused = await create('yutoai').look([{ id: '1' }, { id: '2' }], signal);
    expect([oneRefused.get('1')?.state, oneRefused.get('2')?.state]).toEqual(['done', 'running']);
    answer('', 401, 2);
    await expect(create('yutoai').look([{ id: '1' }, { id: '2' }], signal)).rejects.toMatchObject({
      kind: 'auth',
    });
  });

  it('lists the tasks without a reference that have the same words, begun in that time', async () => {
    const like = { action: 'IMAGINE', prompt: 'a  fox --v 7', submitTime: 1_500, status: 'SUBMITTED' };
    const list = [
      { ...like, id: '1' },
      { ...like, id: '2', promptEn: 'a fox --v 7 --relax', prompt: '', submitTime: '2000' },
      { ...like, id: '3', state: ' ' },
      { ...like, id: '4', submitTime: 999 },
      { ...like, id: '5', submitTime: 2_001 },
      { ...like, id: '6', submitTime: null },
      { ...like, id: '7', prompt: 'a fox' },
      { ...like, id: '8', action: 'VARIATION' },
    ];
    answer(list);
    const sent = {
      action: 'imagine',
      prompt: 'a fox --v 7',
      speed: 'relax',
      since: 1_000,
      until: 2_000,
    } as const;
    expect(await create('mjproxy').findAlike?.(sent, signal)).toEqual([
      { id: '1', action: 'imagine' },
      { id: '2', action: 'imagine' },
      { id: '3', action: 'imagine' },
    ]);
    // The gateway keeps references: ours would have one, so these are somebody else's.
    answer([...list, { id: '9', state: 'somebody' }]);
    expect(await create('mjproxy').findAlike?.(sent, signal)).toEqual([]);
    expect(create('4allapi').findAlike).toBeUndefined();
  });

  it('finds a lost task by our reference, and no other', async () => {
    const list = [
      { id: '1', status: 'SUCCESS', state: 'ours-11' },
      { id: '2', status: 'IN_PROGRESS', state: 'ours-1' },
      null,
    ];
    answer(list, 200, 2);
    const provider = create('mjproxy');
    expect(await provider.find?.('ours-1', signal)).toEqual({ id: '2' });
    expect(await provider.find?.('ours-2', signal)).toBeUndefined();
    expect(sent[0]).toMatchObject({ method: 'GET', path: '/mj/task/list' });
    expect(create('4allapi').find).toBeUndefined();
    expect(create('yutoai').find).toBeUndefined();
  });

  it('asks to cancel only if the API can', async () => {
    answer('');
    await create('mjproxy').cancel?.({ id: '17' }, signal);
    expect(sent[0]).toMatchObject({ method: 'POST', path: '/mj/task/17/cancel' });
    expect(create('4allapi').cancel).toBeUndefined();
  });

  it('never cancels a task that somebody else may have begun', async () => {
    answer({ code: 21, description: '已存在', result: '17', properties: {} });
    const { ref, update } = await create('mjproxy').submit(anImagine, signal);
    expect([ref['id'], update]).toEqual(['17', { state: 'running' }]);
    const refused = create('mjproxy').cancel?.(ref, signal);
    await expect(refused).rejects.toMatchObject({ kind: 'rejected', definite: true });
    expect(sent.map(({ path }) => path)).toEqual(['/mj/submit/imagine']);
  });

  it('takes 21 in answer to a modal as a no unless it names the task', async () => {
    const answerWith = (body: object) => {
      answer(body);
      return create('4allapi').answer?.({ id: '17' }, { prompt: 'a fox' }, signal);
    };
    await expect(answerWith({ code: 21, description: 'Invalid parameters' })).rejects.toMatchObject({
      kind: 'rejected',
      reason: 'Invalid parameters',
      definite: true,
    });
    expect(await answerWith({ code: 21, result: '17' })).toMatchObject({ update: { state: 'running' } });
    expect(await answerWith({ code: 1 })).toMatchObject({ ref: { id: '17' } });
  });

  it.each(['4allapi', 'yutoai', 'mjproxy'] as const)(
    'offers nothing that %s would refuse itself',
    async (kind) => {
      const ids = [
        ...[
          'MJ::JOB::pan_video::1::u::SOLO',
          'MJ::JOB::animate_loop::1::u::SOLO',
          'MJ::JOB::upsample_v9::1::u',
        ],
        ...[
          'MJ::BOOKMARK::u',
          'MJ::Picread::Retry',
          'MJ::Job::PicReader::all',
          'MJ::JOB::reroll::0::u::SOLO',
        ],
      ];
      const buttons = ids.map((customId) => ({ customId }));
      answer([{ id: '17', status: 'SUCCESS', imageUrl: 'https://cdn.example/1.png', buttons }]);
      const provider = create(kind);
      const update = (await provider.look([{ id: '17' }], signal)).get('17');
      const offers = update?.state === 'done' ? update.offers : [];
      expect(offers).toHaveLength(kind === '4allapi' ? 3 : 7);
      expect(offers.filter(({ action }) => !provider.actions.has(action))).toEqual([]);
    },
  );

  it('hides the buttons that a gateway returns and then refuses', async () => {
    const buttons = [
      'MJ::JOB::animate_high::1::u::SOLO',
      'MJ::JOB::video_virtual_upscale::1::u',
      'MJ::JOB::pan_left::1::u::SOLO',
      'MJ::BOOKMARK::u',
      'MJ::JOB::upsample_v9_8x_tiled::1::u::SOLO',
      'MJ::Job::PicReader::all',
    ];
    const task = {
      id: '17',
      status: 'SUCCESS',
      imageUrl: 'https://cdn.example/1.png',
      buttons: buttons.map((customId) => ({ customId })),
    };
    answer([task], 200, 2);
    const offered = async (kind: '4allapi' | 'mjproxy') => {
      const update = (await create(kind).look([{ id: '17' }], signal)).get('17');
      return update?.state === 'done' ? update.offers.map(({ action }) => action) : [];
    };
    expect(await offered('4allapi')).toEqual(['pan-left', 'other']);
    expect(await offered('mjproxy')).toEqual([
      ...['animate-high', 'upscale', 'pan-left'],
      ...['other', 'other', 'imagine-all'],
    ]);
  });

  it.each([
    [
      { code: 22, description: '排队中', result: '17', properties: { numberOfQueues: 3 } },
      { state: 'running', queue: 3 },
    ],
    [
      { code: 21, description: 'Waiting for window confirm', result: 17, properties: { finalPrompt: 'x' } },
      { state: 'asking', prompt: 'x' },
    ],
    [{ code: 21, description: '窗口等待', result: '17', properties: {} }, { state: 'asking' }],
  ])('reads %j', async (body, update) => {
    answer(body);
    expect(await create('mjproxy').submit(anImagine, signal)).toEqual({
      ref: { id: '17', action: 'imagine' },
      update,
    });
  });
});
