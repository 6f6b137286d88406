import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox } from '../../sandbox/index.ts';
import { createAcedata } from '../../sandbox/providers/acedata/index.ts';
import { createAigc2d } from '../../sandbox/providers/aigc2d/index.ts';
import { createApixo } from '../../sandbox/providers/apixo/index.ts';
import { create4allapi } from '../../sandbox/providers/mj-proxy/4allapi.ts';
import { createMjproxy } from '../../sandbox/providers/mj-proxy/mjproxy.ts';
import { createYutoai } from '../../sandbox/providers/mj-proxy/yutoai.ts';
import type { RecordedCall, StandIn } from '../../sandbox/providers/stand-in.ts';
import { readConfig } from '../../src/config.ts';
import { createClient, createListener } from './plain-fixture.ts';

type Client = ReturnType<typeof createClient>;

interface Kind {
  create(): Promise<StandIn>;
  submit(client: Client, address: string): Promise<{ text: string }>;
  /** What the last call must contain, as a look does. */
  look(client: Client, id: string): Promise<string>;
}

const quick = { pictureHeight: 64, pace: 0.0005 };
const prompt = 'a fox';

const kinds: Readonly<Record<string, Kind>> = {
  mjproxy: {
    create: () => createMjproxy({ ...quick, habits: { auth: 'bearer' } }),
    submit: (client, notifyHook) => client.post('/mj/submit/imagine', { prompt, notifyHook }),
    look: async (client, id) => (await client.get(`/mj/task/${id}/fetch`)).text,
  },
  acedata: {
    create: () => createAcedata({ ...quick }),
    submit: (client, callback_url) =>
      client.post('/midjourney/imagine', { action: 'generate', prompt, callback_url }),
    look: async (client, id) =>
      JSON.stringify((await client.post('/midjourney/tasks', { id })).json.response),
  },
  apixo: {
    create: () => createApixo({ ...quick }),
    submit: (client, callback_url) =>
      client.post('/api/v1/generateTask/midjourney', {
        request_type: 'callback',
        callback_url,
        input: { mode: 'text-to-image', prompt, speed: 'fast' },
      }),
    look: async (client, id) => (await client.get(`/api/v1/statusTask/midjourney?taskId=${id}`)).text,
  },
  aigc2d: {
    create: () => createAigc2d({ ...quick }),
    submit: (client, notifyHook) => client.post('/mj/submit/imagine', { prompt, notifyHook }),
    look: async (client, id) => (await client.get(`/mj/task/${id}/fetch`)).text,
  },
};

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(kind: Kind, answers?: Parameters<typeof createListener>[0]) {
  const [standIn, listener] = [await kind.create(), await createListener(answers)];
  open.push(standIn, listener);
  const client = createClient(standIn);
  const calls: RecordedCall[] = [];
  standIn.on((event) => {
    if (event.type === 'callback') calls.push(event.call);
  });
  /** Starts a task and waits for its end; returns what a look says then. */
  async function finish(address = `${listener.url}/main/task/signature`): Promise<string> {
    const known = standIn.submits.length;
    await kind.submit(client, address);
    const { taskId = '' } = standIn.submits[known] ?? {};
    await standIn.until(() => standIn.task(taskId)?.finishedAt !== undefined);
    return kind.look(client, taskId);
  }
  const countOf = (text: string) => listener.heard.filter((heard) => heard === text).length;
  return { standIn, listener, calls, finish, countOf };
}

describe.each(Object.entries(kinds))('%s', (_name, kind) => {
  it('calls back with what a look says, and reports the call without its signature', async () => {
    const { standIn, listener, calls, finish, countOf } = await start(kind);
    expect(standIn.callbacks).toBe('on');
    const result = await finish();
    await listener.until(() => countOf(result) === 1);
    await standIn.until(() => calls.some(({ body }) => body === result));
    expect(calls.find(({ body }) => body === result)).toMatchObject({
      path: '/callback/main/task/…',
      status: 200,
    });
  });

  it('calls twice if it is told to', async () => {
    const { standIn, listener, finish, countOf } = await start(kind);
    standIn.callbacks = 'doubled';
    const first = await finish();
    await listener.until(() => countOf(first) === 2);
    standIn.callbacks = 'on';
    const second = await finish();
    await listener.until(() => countOf(second) === 1);
    expect([countOf(first), countOf(second)]).toEqual([2, 1]);
  });

  it("doesn't call if it is told not to", async () => {
    const { standIn, listener, finish, countOf } = await start(kind);
    standIn.callbacks = 'off';
    const first = await finish();
    expect(standIn.callbacks).toBe('off');
    standIn.callbacks = 'on';
    const second = await finish();
    await listener.until(() => countOf(second) === 1);
    const idOfFirst = standIn.submits[0]?.taskId ?? '';
    expect(first).toContain(idOfFirst);
    expect(listener.heard.filter((text) => text.includes(idOfFirst))).toEqual([]);
  });

  it("isn't bothered by a client that answers 500, or by an address where nobody listens", async () => {
    const { standIn, listener, calls, finish } = await start(kind, Array(50).fill(500));
    expect(await finish()).toContain(standIn.submits[0]?.taskId);
    await standIn.until(() => calls.some(({ status }) => status === 500));
    await listener.close();
    expect(await finish(listener.url)).toContain(standIn.submits[1]?.taskId);
    await standIn.until(() => calls.some(({ status }) => status === undefined));
    expect(await finish('no address')).toContain(standIn.submits[2]?.taskId);
  });

  it("doesn't wait for an answer, not even to close", async () => {
    const { standIn, listener, calls, finish } = await start(kind, Array(50).fill('silence'));
    expect(await finish()).toContain(standIn.submits[0]?.taskId);
    await listener.until(() => listener.heard.length > 0);
    await standIn.close();
    expect(calls).toEqual([]);
  });
});

describe.each([
  ['4allapi', create4allapi],
  ['yutoai', createYutoai],
] as const)('%s', (_name, create) => {
  it('never calls, as long as its gateway drops the address', async () => {
    const { submit } = kinds['mjproxy'] as Kind;
    const [standIn, listener] = [await create(quick), await createListener()];
    open.push(standIn, listener);
    expect(standIn.callbacks).toBeUndefined();
    await submit(createClient(standIn), listener.url);
    await standIn.until(() => standIn.tasks()[0]?.finishedAt !== undefined);
    standIn.habits.stripsHooksAndFilters = false;
    expect(standIn.callbacks).toBe('on');
    await submit(createClient(standIn), listener.url);
    await listener.until(() => listener.heard.some((text) => text.includes('"SUCCESS"')));
    const [first, second] = standIn.submits.map(({ taskId }) => taskId);
    expect(listener.heard.filter((text) => text.includes(`"${first}"`))).toEqual([]);
    expect(listener.heard.some((text) => text.includes(`"${second}"`))).toBe(true);
  });
});

describe('the public address of the bot', () => {
  it('is on a free port of this machine, and the bot knows it', async () => {
    const sandbox = await createSandbox({ callbacks: true });
    open.push(sandbox);
    const { port } = new URL(sandbox.publicUrl ?? '');
    expect(readConfig(sandbox.environment).callbacks).toEqual({
      publicUrl: `http://127.0.0.1:${port}`,
      host: '127.0.0.1',
      port: Number(port),
    });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
  });

  it('is absent unless it is asked for', async () => {
    const sandbox = await createSandbox();
    open.push(sandbox);
    expect(sandbox.publicUrl).toBeUndefined();
    expect(readConfig(sandbox.environment).callbacks).toBeUndefined();
  });
});
