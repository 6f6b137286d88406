import { describe, expect, it } from 'vitest';
import type { Http } from '../../src/providers/http.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy } from '../../src/providers/mj-proxy/index.ts';
import type { Ref, Update } from '../../src/task.ts';

const id = '1799000000000001';
const imageUrl = 'https://cdn.example/a.png';
const words = '1️⃣ a fox\n\n2️⃣ a hare';

/** How a finished task reads that the gateway shows like this. */
async function look(ref: Ref, fields: object): Promise<Update | undefined> {
  const task = { id, status: 'SUCCESS', imageUrl, promptEn: words, ...fields };
  const http: Http = {
    request: async () => ({
      status: 200,
      retryAfterMs: undefined,
      text: JSON.stringify([task]),
      json: [task],
    }),
  };
  const provider = createMjProxy({
    gateway: mjProxyGateways.mjproxy,
    http,
    apiKey: 'sk-canary',
    baseUrl: 'https://proxy.example',
  });
  return (await provider.look([ref], AbortSignal.timeout(5_000))).get(id);
}

const spellings = [null, undefined, '', 'describe', 'MJ_DESCRIBE', 'PICREADER', 'IMAGINE', 'toString', 7];

describe('a result that is text', () => {
  it.each(spellings)(
    'is recognized by the request, whatever action the gateway names (%j)',
    async (action) => {
      const text = { state: 'done', media: [], text: ['a fox', 'a hare'] };
      expect(await look({ id, action: 'describe' }, { action })).toMatchObject(text);
      expect(await look({ id, action: 'shorten' }, { action })).toMatchObject(text);
    },
  );

  it.each([null, 'DESCRIBE', 'SHORTEN'])('is never a requested picture (%j)', async (action) => {
    const picture = { state: 'done', media: [{ url: imageUrl }] };
    expect(await look({ id, action: 'imagine' }, { action })).toMatchObject(picture);
  });

  it.each(['DESCRIBE', 'describe', 'Describe', 'MJ_DESCRIBE', 'mj-describe', 'PICREADER', 'PicReader'])(
    "is recognized by the gateway's action if nothing else says so: %s",
    async (action) => {
      expect(await look({ id }, { action })).toMatchObject({ text: ['a fox', 'a hare'] });
    },
  );

  it.each(['IMAGINE', 'imagine', null, 'DESCRIBED', 'MJ_UPSCALE'])(
    "isn't assumed from the gateway's action if nothing else says so: %j",
    async (action) => {
      expect(await look({ id }, { action })).toMatchObject({ media: [{ url: imageUrl }] });
    },
  );
});

describe('the follow-ups of a result', () => {
  it.each(spellings)(
    'are recognized by the request, whatever action the gateway names (%j)',
    async (action) => {
      const grid = await look({ id, action: 'imagine' }, { action });
      expect(grid?.state === 'done' && grid.offers.map((offer) => offer.action)).toContain('variation');
      const single = await look(
        { id, action: 'upscale' },
        { action: action === 'IMAGINE' ? 'UPSCALE' : action },
      );
      expect(single).toMatchObject({ state: 'done', offers: [] });
      const film = await look(
        { id, action: 'video' },
        { action, buttons: [], videoUrls: [{ url: 'https://cdn.example/a.mp4' }] },
      );
      expect(film?.state === 'done' && film.offers.map((offer) => offer.action)).toContain('extend-high');
    },
  );
});
