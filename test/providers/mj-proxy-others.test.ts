import { describe, expect, it } from 'vitest';
import type { Http } from '../../src/providers/http.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy } from '../../src/providers/mj-proxy/index.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { Action, Offer, Update } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';

const [parentId, id] = ['1799000000000001', '1799000000000002'];
const imageUrl = 'https://cdn.example/a.png';
const numbered = '1️⃣ a fox\n\n2️⃣ a hare';
const signal = AbortSignal.timeout(5_000);

interface Gateway {
  readonly provider: Provider;
  /** The bodies of what was posted. */
  readonly sent: unknown[];
  /** What it answers next to everything. */
  answer: unknown;
}

function aGateway(answer: unknown, now: () => number = Date.now): Gateway {
  const sent: unknown[] = [];
  const http: Http = {
    request: async ({ url, body }) => {
      if (body !== undefined) sent.push({ path: new URL(url).pathname, ...(body as object) });
      const { answer: json } = gateway;
      return { status: 200, retryAfterMs: undefined, text: JSON.stringify(json), json };
    },
  };
  const options = { gateway: mjProxyGateways.mjproxy, apiKey: 'sk-canary', baseUrl: 'https://proxy.example' };
  const gateway: Gateway = { provider: createMjProxy({ http, ...options, now }), sent, answer };
  return gateway;
}

function press(gateway: Gateway, action: Action, offer: Partial<Offer>) {
  const parent = { ref: { id: parentId }, offer: { action, ...offer } as Offer };
  return gateway.provider.submit({ ...anImagine, action, parent }, signal);
}

async function lookAgain(fields: object, action: Action = 'other'): Promise<(Update | undefined)[]> {
  const gateway = aGateway([{ id, status: 'SUCCESS', ...fields }]);
  const seen: (Update | undefined)[] = [];
  for (let count = 0; count < 5; count += 1)
    seen.push((await gateway.provider.look([{ id, action }], signal)).get(id));
  return seen;
}

describe('the id of an unknown button', () => {
  it.each([
    'MJ::BOOKMARK::0badcafe-0000-4000-8000-000000000001',
    '  MJ::StyleTuner::"quoted" \\ back ',
    'MJ::odd\u202e\u200b\n\u0000::é::e\u0301',
    'change:UPSCALE:1',
    'extend:high:0:a fox',
  ])('goes back as it came: %j', async (token) => {
    const gateway = aGateway({ code: 1, result: id });
    expect(await press(gateway, 'other', { token })).toEqual({
      ref: { id, action: 'other' },
      update: { state: 'running' },
    });
    expect(gateway.sent).toEqual([
      {
        path: '/mj/submit/action',
        taskId: parentId,
        customId: token,
        state: 'ours-1',
        accountFilter: { modes: ['FAST'] },
      },
    ]);
  });

  it('opens a window if the gateway asks for one', async () => {
    const properties = { finalPrompt: 'a fox', remix: true };
    const gateway = aGateway({ code: 21, description: 'Waiting for window confirm', result: id, properties });
    expect((await press(gateway, 'other', { token: 'MJ::StyleTuner::u' })).update).toEqual({
      state: 'asking',
      prompt: 'a fox',
    });
  });
});

describe('the result of an unknown button', () => {
  const picture = { state: 'done', media: [{ kind: 'picture', url: imageUrl }] };
  const text = { state: 'done', media: [], text: ['a fox', 'a hare'] };
  const running = { state: 'running' };

  it.each([
    ['a picture', { action: 'ACTION', imageUrl }, picture],
    [
      'a picture, no matter what the gateway calls it',
      { action: 'DESCRIBE', imageUrl, prompt: 'a fox' },
      picture,
    ],
    ['a picture of a gateway that names no actions', { imageUrl, promptEn: 'a fox' }, picture],
    [
      'prompts, next to the picture that they describe',
      { action: 'DESCRIBE', imageUrl, promptEn: numbered },
      text,
    ],
    ['prompts of a gateway that names no actions', { properties: { finalPrompt: numbered } }, text],
    ['prompts without numbers and a picture', { action: 'SHORTEN', description: numbered }, text],
  ])('may be %s', async (_what, fields, expected) => {
    const [first] = await lookAgain(fields);
    expect(first).toMatchObject(expected);
  });

  it('may be nothing, once five looks in a row have seen nothing', async () => {
    const nothing = { state: 'done', media: [], offers: [] };
    expect(await lookAgain({ action: 'ACTION', imageUrl: '' })).toEqual([
      running,
      running,
      running,
      running,
      nothing,
    ]);
    expect(await lookAgain({ action: 'VIDEO' }, 'other-video')).toEqual([
      running,
      running,
      running,
      running,
      nothing,
    ]);
  });

  it("isn't nothing for an action that makes pictures", async () => {
    expect(await lookAgain({ imageUrl: '' }, 'zoom-2x')).toEqual(Array(5).fill(running));
    expect(await lookAgain({ imageUrl: '' }, 'imagine')).toEqual(Array(5).fill(running));
  });

  it('may be the same task with other buttons, as a bookmark is at trueai-org', async () => {
    const gateway = aGateway({ code: 1, description: '成功', result: parentId });
    const { ref } = await press(gateway, 'other', { token: 'MJ::BOOKMARK::u' });
    gateway.answer = [
      {
        id: parentId,
        action: 'UPSCALE',
        status: 'SUCCESS',
        imageUrl,
        buttons: [{ customId: 'MJ::BOOKMARK::u', style: 3 }],
      },
    ];
    expect((await gateway.provider.look([ref], signal)).get(parentId)).toMatchObject({
      ...picture,
      offers: [{ action: 'other', style: 'success' }],
    });
  });

  it('leaves a look at its parent as it is', async () => {
    const gateway = aGateway([{ id, status: 'SUCCESS', imageUrl, promptEn: numbered }]);
    const read = async (actions: Action[]) => {
      const refs = actions.map((action) => ({ id, action }));
      return (await gateway.provider.look(refs, signal)).get(id);
    };
    expect(await read(['describe'])).toMatchObject(text);
    expect(await read(['redescribe'])).toMatchObject(text);
    expect(await read(['imagine'])).toMatchObject(picture);
  });
});

describe('a button that a result has twice', () => {
  it('is offered once, and others of the same name each', async () => {
    const twin = (customId: string) => ({ customId, label: 'Twin', emoji: '', style: 2 });
    const buttons = ['MJ::a::1', 'MJ::a::1', 'MJ::a::2'].map(twin);
    const [first] = await lookAgain({ imageUrl, buttons });
    expect(first?.state === 'done' && first.offers.map(({ token }) => token)).toEqual([
      'MJ::a::1',
      'MJ::a::2',
    ]);
  });
});

describe('an API without an account at Midjourney for a task', () => {
  const none = { code: 3, description: '无可用的账号实例' };
  const errorOf = (work: Promise<unknown>) => work.catch((error: unknown) => error);

  it('may have one for others, if only some have its speed or its picture', async () => {
    const gateway = aGateway(none);
    const expected = { kind: 'faulty', definite: true, mayLieInRequest: true };
    for (const speed of ['relax', 'turbo'] as const)
      expect(await errorOf(gateway.provider.submit({ ...anImagine, speed }, signal))).toMatchObject(expected);
    expect(await errorOf(press(gateway, 'upscale', { token: 'MJ::JOB::upsample::1::u' }))).toMatchObject(
      expected,
    );
  });

  it('is in trouble, if that was for a fast imagine', async () => {
    const { provider } = aGateway(none);
    expect(await errorOf(provider.submit(anImagine, signal))).toMatchObject({
      kind: 'faulty',
      definite: true,
      mayLieInRequest: false,
    });
  });
});

describe('to imagine all prompts', () => {
  const ids = ['1738192354235125', '1738192354435611', '1738192354635019', '1738192354835777'];
  const joined = ids.join(',');
  const offer = { token: 'MJ::Job::PicReader::all' };
  const grid = (one: string) => ({
    id: one,
    action: 'IMAGINE',
    status: 'SUCCESS',
    imageUrl: `https://cdn.example/${one}.png`,
  });

  let minutes = 0;

  async function begin(): Promise<{
    gateway: Gateway;
    look: (answer: object[]) => Promise<Update | undefined>;
  }> {
    const gateway = aGateway({ code: 1, description: '成功', result: joined }, () => minutes * 60_000);
    const { ref } = await press(gateway, 'imagine-all', offer);
    expect(ref).toEqual({ id: joined, action: 'imagine-all' });
    return {
      gateway,
      look: async (answer) => {
        gateway.answer = answer;
        return (await gateway.provider.look([ref], signal)).get(joined);
      },
    };
  }

  it('asks for all of its tasks, and waits for each', async () => {
    const { gateway, look } = await begin();
    const going = { id: ids[3], status: 'IN_PROGRESS', progress: '60%' };
    expect(await look([...ids.slice(0, 3).map(grid), going])).toEqual({ state: 'running', progress: 90 });
    expect(gateway.sent.at(-1)).toMatchObject({ ids });
    expect(await look(ids.map(grid))).toEqual({
      state: 'done',
      media: ids.map((one) => ({ kind: 'picture', url: `https://cdn.example/${one}.png` })),
      offers: ids.map((_, index) => ({ action: 'upscale', index: index + 1, token: '', isLocal: true })),
    });
  });

  it('shows what some have made if others failed, and fails if all did', async () => {
    const { look } = await begin();
    const failed = (one: string) => ({ id: one, status: 'FAILURE', failReason: 'Banned prompt detected' });
    const some = await look([...ids.slice(0, 1).map(grid), ...ids.slice(1).map(failed)]);
    expect(some?.state === 'done' && some.media).toHaveLength(1);
    expect(await look(ids.map(failed))).toMatchObject({ state: 'failed', reason: 'Banned prompt detected' });
  });

  it('shows as many pictures as a message can have if each comes in four parts', async () => {
    const { look } = await begin();
    const parts = (one: string) => ({
      ...grid(one),
      imageUrl: null,
      imageUrls: [1, 2, 3, 4].map((part) => `https://cdn.example/${one}_${part}.png`),
    });
    const shown = await look(ids.map(parts));
    expect(shown).toMatchObject({ state: 'done', media: { length: 10 }, offers: { length: 10 } });
  });

  const waiting = (one = '') => ({ id: one, status: 'NOT_START' });
  const [first = '', second = '', third = '', fourth = ''] = ids;
  const failed = { id: second, status: 'FAILURE' };

  it('shows what some have made if the gateway never begins another, ten minutes later', async () => {
    const { look } = await begin();
    const left = [grid(first), failed, grid(third), waiting(fourth)];
    for (minutes = 0; minutes < 10; minutes += 1)
      expect(await look(left), String(minutes)).toMatchObject({ state: 'running' });
    expect(await look(left)).toMatchObject({ state: 'done', media: [{}, {}] });
  });

  it.each([
    ['another is still going', [grid(first), { id: second, status: 'IN_PROGRESS' }, waiting(third)]],
    ['Midjourney has it', [grid(first), grid(second), { id: third, status: 'SUBMITTED', progress: '0%' }]],
  ])('waits for its turn for as long as %s', async (_what, list) => {
    const { look } = await begin();
    for (minutes = 0; minutes < 60; minutes += 1)
      expect((await look([...list, grid(fourth)]))?.state).toBe('running');
  });

  it('is not left out if no other has made anything', async () => {
    const { look } = await begin();
    const list = [{ ...failed, id: first }, failed, waiting(third), waiting(fourth)];
    for (minutes = 0; minutes < 60; minutes += 1) expect((await look(list))?.state).toBe('running');
  });

  it('waits for its turn for ten minutes after the ones before it, not from the beginning', async () => {
    const { look } = await begin();
    const going = { id: second, status: 'IN_PROGRESS' };
    for (minutes = 0; minutes < 10; minutes += 1)
      await look([grid(first), going, waiting(third), grid(fourth)]);
    expect((await look([...ids.slice(0, 2).map(grid), waiting(third), grid(fourth)]))?.state).toBe('running');
  });

  it('waits for its turn again if it had one in between', async () => {
    const { look } = await begin();
    const rest = [grid(third), grid(fourth)];
    const left = [grid(first), waiting(second), ...rest];
    minutes = 0;
    await look(left);
    minutes = 9;
    await look([grid(first), { id: second, status: 'IN_PROGRESS', progress: '10%' }, ...rest]);
    minutes = 11;
    expect((await look(left))?.state).toBe('running');
  });

  it('is one task like any other where the gateway makes one of it', async () => {
    const gateway = aGateway({ code: 1, result: id });
    const { ref } = await press(gateway, 'imagine-all', offer);
    gateway.answer = [{ ...grid(id), buttons: [{ customId: 'MJ::JOB::upsample::2::u' }] }];
    expect((await gateway.provider.look([ref], signal)).get(id)).toMatchObject({
      offers: [{ action: 'upscale', index: 2, token: 'MJ::JOB::upsample::2::u' }],
    });
  });

  it('is found by its reference if the answer was lost, all of it', async () => {
    const named = (one: string, state: string) => ({ ...grid(one), state });
    const [first = '', second = '', third = ''] = ids;
    const gateway = aGateway([
      named(third, 'ours-1::3'),
      named(first, 'ours-1::1'),
      named(second, 'ours-1::2'),
    ]);
    const others = [named('7', 'ours-12::1'), named('8', 'ours-1::x'), named('9', 'yours::ours-1::1')];
    gateway.answer = [...(gateway.answer as object[]), ...others];
    const ref = await gateway.provider.find?.('ours-1', signal);
    expect(ref).toEqual({ id: [first, second, third].join(',') });
    const seen = await gateway.provider.look([ref ?? {}], signal);
    expect(seen.get([first, second, third].join(','))).toMatchObject({ state: 'done', media: [{}, {}, {}] });
    expect(await gateway.provider.find?.('ours', signal)).toBeUndefined();
    gateway.answer = [named('7', 'ours-1::1'), named('8', 'ours-1')];
    expect((await gateway.provider.find?.('ours-1', signal))?.['id']).toBe('8');
  });

  it('is not taken for the one task that a callback is about, unless there is no list to find the others in', () => {
    const find = (kind: 'mjproxy' | '4allapi', action: Action) => {
      const options = { gateway: mjProxyGateways[kind], apiKey: 'k', baseUrl: 'https://proxy.example' };
      const http = { request: () => Promise.reject(new Error('not called')) };
      return createMjProxy({ http, ...options }).callback?.({ id: first }, { action, speed: 'fast' });
    };
    expect(find('mjproxy', 'imagine-all')).toBeUndefined();
    expect(find('mjproxy', 'imagine')).toMatchObject({ id: first });
    expect(find('4allapi', 'imagine-all')).toMatchObject({ id: first });
  });

  it('has no seed of its own', async () => {
    const { provider } = aGateway({ code: 1, result: '7' });
    await expect(provider.seed?.({ id: joined, action: 'imagine-all' }, signal)).rejects.toMatchObject({
      code: 'action-unavailable',
    });
    expect(await provider.seed?.({ id, action: 'imagine' }, signal)).toBe('7');
  });

  it('cancels each', async () => {
    const gateway = aGateway('');
    await gateway.provider.cancel?.({ id: joined, action: 'imagine-all' }, signal);
    expect(gateway.sent.map((one) => (one as { path: string }).path)).toEqual(
      ids.map((one) => `/mj/task/${one}/cancel`),
    );
  });
});
