import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Http } from '../../src/providers/http.ts';
import { parseJson } from '../../src/providers/json.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy, type MjProxyOptions } from '../../src/providers/mj-proxy/index.ts';
import type { ProviderRequest } from '../../src/providers/provider.ts';
import { anImagine } from '../helpers/requests.ts';

const signal = AbortSignal.timeout(60_000);
const accepted = { code: 1, description: 'ok', result: '1799000000000001' };
const picture = { bytes: Buffer.from('x'), type: 'image/png', url: 'https://cdn.example/x.png' } as const;
const dataUrl = `data:image/png;base64,${picture.bytes.toString('base64')}`;
const two = { ...anImagine, prompt: 'a fox --ar 3:2', pictures: [picture, picture] };
const addresses = [
  'https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&is=2&hm=3&',
  'https://cdn.discordapp.com/attachments/1/2/b--c.png',
];

type Told = { status?: number; json: unknown } | ProviderError;

/** A gateway that answers uploads like that, and everything else with an accepted task. */
function open(upload: Told, options: Partial<MjProxyOptions> = {}, next: unknown[] = []) {
  const sent: { path: string; body: Record<string, unknown> }[] = [];
  const http: Http = {
    async request({ url, body }) {
      const path = new URL(url).pathname;
      sent.push({ path, body: body as Record<string, unknown> });
      const told = path.includes('/upload-') ? upload : { json: next.shift() ?? accepted };
      if (told instanceof ProviderError) throw told;
      const text = JSON.stringify(told.json);
      return { status: told.status ?? 200, retryAfterMs: undefined, text, json: parseJson(text) };
    },
  };
  const provider = createMjProxy({
    gateway: mjProxyGateways['4allapi'],
    http,
    apiKey: 'sk-canary',
    uploads: true,
    ...options,
  });
  return { sent, submit: (request: ProviderRequest) => provider.submit(request, signal) };
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('pictures of an account that wants addresses', () => {
  it('are uploaded first, and their addresses come before the words', async () => {
    const { sent, submit } = open({ json: { ...accepted, result: addresses } });
    expect(await submit(two)).toMatchObject({ ref: { id: '1799000000000001' } });
    expect(sent).toMatchObject([
      { path: '/mj/submit/upload-discord-images', body: { base64Array: [dataUrl, dataUrl] } },
      {
        path: '/mj/submit/imagine',
        body: { prompt: `${addresses.join(' ')} a fox --ar 3:2`, base64Array: [], state: 'ours-1' },
      },
    ]);
    expect(sent[0]?.body).not.toHaveProperty('filter');
  });

  it("become those of an edit's pictures, in their order, and keep what each is for", async () => {
    const { sent, submit } = open({ json: { ...accepted, result: addresses } });
    const pictures = [picture, { ...picture, role: 'style' as const }];
    await submit({ ...anImagine, action: 'edit', prompt: 'a hat --v 8.2', pictures });
    expect(sent).toMatchObject([
      { path: '/mj/submit/upload-discord-images', body: { base64Array: [dataUrl, dataUrl] } },
      {
        path: '/mj/submit/imagine',
        body: { prompt: `a hat --v 8.2 --edit ${addresses[0]} --sref ${addresses[1]}`, base64Array: [] },
      },
    ]);
  });

  it('are uploaded where the operator wants the work done', async () => {
    const accountFilter = { channelId: '11', remark: 'vip', remix: true };
    const { sent, submit } = open(
      { json: { ...accepted, result: addresses } },
      { filter: { accountFilter } },
    );
    await submit(two);
    expect(sent[0]?.body).toMatchObject({ filter: { channelId: '11', remark: 'vip' }, accountFilter });
    expect(sent[0]?.body['filter']).not.toHaveProperty('remix');
  });

  it('are uploaded once for a task that has to wait afterwards, and again for another', async () => {
    const full = { code: 23, description: '队列已满，请稍后尝试' };
    const { sent, submit } = open({ json: { ...accepted, result: addresses } }, {}, [full, full]);
    for (let count = 0; count < 2; count += 1)
      expect(await errorOf(submit(two))).toMatchObject({ kind: 'busy', definite: true });
    await submit(two);
    await submit({ ...two, reference: 'ours-2' });
    expect(sent.map(({ path }) => path.split('/').at(-1))).toEqual([
      'upload-discord-images',
      ...['imagine', 'imagine', 'imagine'],
      'upload-discord-images',
      'imagine',
    ]);
    expect(sent[3]?.body).toEqual(sent[1]?.body);
  });

  it('are sent as they are with anything but an imagine, and by default', async () => {
    const { sent, submit } = open({ json: { ...accepted, result: addresses } });
    await submit({ ...two, action: 'blend' });
    await submit({ ...two, action: 'describe' });
    await submit({ ...two, action: 'edit', pictures: [picture] });
    await submit({ ...two, pictures: [] });
    const other = open({ json: {} }, { uploads: undefined });
    await other.submit(two);
    expect([...sent, ...other.sent].filter(({ path }) => path.includes('upload'))).toEqual([]);
    expect(other.sent[0]?.body).toMatchObject({ base64Array: [dataUrl, dataUrl] });
  });

  it.each<[string, unknown]>([
    ['a speed', [addresses[0], 'https://cdn.example/a.png --turbo']],
    ['a speed without a space', [addresses[0], 'https://cdn.example/a.png\u2003--turbo']],
    ['a speed in a name', [addresses[0], 'https://cdn.example/a--turbo.png']],
    ['several jobs', [addresses[0], 'https://cdn.example/{a,b}.png']],
    ['no address', [addresses[0], 'a hare']],
    ['a script', [addresses[0], 'javascript:alert(1)']],
    ['an address too few', [addresses[0]]],
    ['an address too many', [...addresses, addresses[0]]],
    ['an object', [addresses[0], { url: addresses[1] }]],
    ['nothing', null],
    ['an id', '1799000000000001'],
  ])('begin no task if what comes back has %s', async (_what, result) => {
    const { sent, submit } = open({ json: { ...accepted, result } });
    const error = await errorOf(submit(two));
    expect(error).toMatchObject({ kind: 'malformed', definite: false, isRefusal: true });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['a connection that was cut', new ProviderError('unavailable', 'the request failed (ECONNRESET)')],
    ['a crash', { status: 502, json: 'bad gateway' }],
  ])('begin no task after %s, and may have cost something', async (_what, upload) => {
    const { sent, submit } = open(upload);
    const error = await errorOf(submit(two));
    expect(error).toMatchObject({ kind: 'unavailable', definite: false, isRefusal: true });
    expect(sent).toHaveLength(1);
  });

  it("are used if they're there with code 0, as in 4allapi's example, and only then", async () => {
    const { sent, submit } = open({ json: { code: 0, description: 'ok', result: addresses } });
    await submit(two);
    expect(sent[1]?.body).toMatchObject({ prompt: `${addresses.join(' ')} a fox --ar 3:2` });
    const odd = open({ status: 500, json: { code: 0, result: addresses } });
    expect(await errorOf(odd.submit(two))).toMatchObject({ kind: 'unavailable', isRefusal: true });
    expect(odd.sent).toHaveLength(1);
  });

  it.each<[string, Told, object]>([
    [
      'code 0 without an address',
      { json: { code: 0, description: 'string', result: ['string'] } },
      { kind: 'rejected' },
    ],
    [
      'uploads that its administrator forbids',
      { json: { code: 4, description: '禁止上传' } },
      { kind: 'rejected', reason: '禁止上传' },
    ],
    ['no such route', { status: 404, json: { error: 'Not Found' } }, { kind: 'rejected' }],
    ['a wrong key', { status: 401, json: {} }, { kind: 'auth' }],
    ['too many requests', { status: 429, json: {} }, { kind: 'busy' }],
    [
      'a connection that was never made',
      new ProviderError('unavailable', 'refused', { definite: true }),
      { kind: 'unavailable' },
    ],
  ])('certainly cost nothing after %s', async (_what, upload, facts) => {
    const { sent, submit } = open(upload);
    expect(await errorOf(submit(two))).toMatchObject({ ...facts, definite: true });
    expect(sent).toHaveLength(1);
  });
});
