import { describe, expect, it } from 'vitest';
import type { ProviderConfig, ProviderKind } from '../../src/config.ts';
import type { Http } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';
import { locateMedia, toMediaAddress } from '../../src/providers/media-address.ts';
import { refKey } from '../../src/providers/provider.ts';
import type { Ref, Update } from '../../src/task.ts';

const base = 'https://api.example';
const png = Buffer.alloc(120, 7);
const base64 = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), png]).toString('base64');

describe('the address of a picture or a video', () => {
  it.each([
    'https://cdn.example/a.png?ex=1&is=2&hm=%2f&',
    'HTTPS://CDN.example/A.png',
    'http://cdn.example/a.png',
    'https://203.0.114.7/mj/image/12',
    'https://other.example/mj/image/12',
    // Private, but not one of the gateway's routes: the guard decides.
    'http://10.0.0.5/files/a.png',
    'http://localhost:9000/a.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'data:video/mp4;base64,AAAA',
  ])('stays %s', (address) => {
    expect(toMediaAddress(address, base)).toBe(address);
    expect(toMediaAddress(` ${address}\n`, base)).toBe(address);
  });

  it.each([
    // A path is at the gateway.
    ['/mj/image/12', `${base}/mj/image/12`],
    ['mj/image/12', `${base}/mj/image/12`],
    ['./files/a.webp', `${base}/files/a.webp`],
    ['/files/a%20b.png?sign=a/b&x=1', `${base}/files/a%20b.png?sign=a/b&x=1`],
    ['a.mp4', `${base}/a.mp4`],
    // A host without a scheme.
    ['//cdn.example/a.png?x=1', 'https://cdn.example/a.png?x=1'],
    ['cdn.example/a.png?x=1', 'https://cdn.example/a.png?x=1'],
    ['cdn.example:8443/a.png', 'https://cdn.example:8443/a.png'],
    ['203.0.114.7/a.png', 'https://203.0.114.7/a.png'],
    // One of the gateway's routes at a host that only it knows.
    ['http://localhost:3000/mj/image/12?rand=1', `${base}/mj/image/12?rand=1`],
    ['http://127.0.0.1:8080/mj/image/12', `${base}/mj/image/12`],
    ['https://0.0.0.0/mj/image/12', `${base}/mj/image/12`],
    ['http://[::1]:3000/mj/image/12', `${base}/mj/image/12`],
    ['http://[::ffff:127.0.0.1]/mj/image/12', `${base}/mj/image/12`],
    ['http://new-api:3000/mj/image/12', `${base}/mj/image/12`],
    ['http://192.168.1.7:3000/mj/image/12', `${base}/mj/image/12`],
    ['http://gateway.internal/mj/image/12', `${base}/mj/image/12`],
    ['http://localhost/fast/mj/image/12', `${base}/fast/mj/image/12`],
    ['//localhost:3000/mj/image/12', `${base}/mj/image/12`],
    ['localhost:3000/mj/image/12', `${base}/mj/image/12`],
    ['new-api:3000/mj/image/12', `${base}/mj/image/12`],
    // The picture itself.
    [base64, `data:;base64,${base64}`],
    ['DATA:image/png;base64,AAAA', 'data:image/png;base64,AAAA'],
  ])('%s is read as %s', (written, address) => {
    expect(toMediaAddress(written, base)).toBe(address);
  });

  it.each(['', 'pending', 'N/A', 'null', 'ftp://cdn.example/a.png', 'javascript:alert(1)', 'https://', '//'])(
    "can't be %j",
    (written) => expect(toMediaAddress(written, base)).toBeUndefined(),
  );

  it.each([
    ['https://api.example/gateway', '/mj/image/12', 'https://api.example/gateway/mj/image/12'],
    ['https://api.example/gateway', '/gateway/mj/image/12', 'https://api.example/gateway/mj/image/12'],
    [
      'https://api.example/gateway',
      'http://localhost:3000/mj/image/12',
      'https://api.example/gateway/mj/image/12',
    ],
    ['http://10.0.0.5:8080', 'http://10.0.0.5:8080/mj/image/12', 'http://10.0.0.5:8080/mj/image/12'],
    ['http://10.0.0.5:8080', 'http://localhost:3000/mj/image/12', 'http://10.0.0.5:8080/mj/image/12'],
  ])('at the base %s, %s is %s', (baseUrl, written, address) => {
    expect(toMediaAddress(written, baseUrl)).toBe(address);
  });
});

describe('what a look says', () => {
  const done = (urls: string[]): Update => ({
    state: 'done',
    media: urls.map((url) => ({ kind: 'picture', url })),
    offers: [],
  });

  it('has the results that can be fetched, and is still running without any', () => {
    expect(locateMedia(done(['/a.png', 'pending']), base)).toEqual(done([`${base}/a.png`]));
    expect(locateMedia(done(['pending']), base)).toEqual({ state: 'running' });
    const words: Update = { state: 'done', media: [], text: ['a fox'], offers: [] };
    expect(locateMedia(words, base)).toEqual(words);
  });

  it('has a preview only if it is an address', () => {
    const running = (preview: string): Update => ({ state: 'running', progress: 30, preview });
    expect(locateMedia(running('/a.png'), base)).toEqual(running(`${base}/a.png`));
    for (const preview of ['data:image/png;base64,AAAA', base64, 'pending'])
      expect(locateMedia(running(preview), base)).toEqual({ state: 'running', progress: 30 });
  });
});

const id = '1799000000000001';
const mjProxy = {
  ref: { id },
  look: (url: string, isDone: boolean) => ({
    id,
    action: 'IMAGINE',
    status: isDone ? 'SUCCESS' : 'IN_PROGRESS',
    imageUrl: url,
    buttons: [],
  }),
};
const kinds: Record<ProviderKind, { ref: Ref; look: (url: string, isDone: boolean) => object }> = {
  '4allapi': mjProxy,
  yutoai: mjProxy,
  mjproxy: mjProxy,
  acedata: {
    ref: { id },
    look: (url, isDone) => ({
      id,
      ...(isDone ? { finished_at: 1 } : {}),
      response: { success: true, task_id: id, image_url: url, progress: isDone ? 100 : 30 },
    }),
  },
  apixo: {
    ref: { id },
    look: (url, isDone) => ({
      code: 200,
      data: {
        taskId: id,
        state: isDone ? 'success' : 'processing',
        ...(isDone ? { resultJson: JSON.stringify({ resultUrls: [url] }) } : {}),
      },
    }),
  },
  aigc2d: {
    ref: { id, action: 'imagine' },
    look: (url, isDone) => ({
      code: 0,
      task_id: id,
      status: isDone ? 'SUCCESS' : 'IN_PROGRESS',
      image_url: url,
    }),
  },
};

describe.each(Object.entries(kinds))('%s', (kind, { ref, look }) => {
  async function lookAt(url: string, isDone: boolean): Promise<Update | undefined> {
    const json = look(url, isDone);
    const http: Http = {
      request: async () => ({ status: 200, retryAfterMs: undefined, text: JSON.stringify(json), json }),
    };
    const account = { name: 'main', kind, apiKey: 'sk-canary', baseUrl: base } as ProviderConfig;
    const { provider } = createProvider(account, http);
    return (await provider.look([ref], AbortSignal.timeout(5_000))).get(refKey(ref));
  }

  it.each([
    ['/files/12.png', `${base}/files/12.png`],
    ['//cdn.example/12.png', 'https://cdn.example/12.png'],
    ['http://localhost:3000/mj/image/12', `${base}/mj/image/12`],
    ['data:image/png;base64,AAAA', 'data:image/png;base64,AAAA'],
  ])('has its result %s at %s', async (written, address) => {
    expect(await lookAt(written, true)).toMatchObject({ state: 'done', media: [{ url: address }] });
  });

  it('has no preview that contains its picture, and any other at the right address', async () => {
    expect(await lookAt('data:image/png;base64,AAAA', false)).not.toHaveProperty('preview');
    if (kind === 'apixo') return; // it shows none
    expect(await lookAt('/files/12.png', false)).toMatchObject({ preview: `${base}/files/12.png` });
  });
});
