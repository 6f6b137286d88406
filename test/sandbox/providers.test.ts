import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../sandbox/providers/client.ts';
import { create4allapi } from '../../sandbox/providers/mj-proxy/4allapi.ts';
import { createStarter, type Options } from './mj-proxy-fixture.ts';

const { start: startKind } = createStarter();
const start = (options?: Options) => startKind(create4allapi, options);

/** A transparent pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function findButton(task: { buttons: { customId: string }[] }, part: string): string {
  const button = task.buttons.find(({ customId }) => customId.includes(part));
  if (button === undefined) throw new Error(`No button with ${part}`);
  return button.customId;
}

/** Imagines and picks a tile; returns the picked task as fetch shows it. */
async function pick(client: Client, prompt = 'a fox') {
  const grid = await client.finished(await client.submit('imagine', { prompt }));
  const customId = findButton(grid.json, 'upsample::2');
  const picked = await client.finished(await client.submit('action', { taskId: grid.json.id, customId }));
  return { grid: grid.json, picked: picked.json };
}

describe('imagine', () => {
  test('is accepted, runs and ends with a picture', async () => {
    const { standIn, client } = await start();
    const { json } = await client.post('/mj/submit/imagine', { prompt: 'a fox --ar 16:9' });
    expect(json).toMatchObject({
      code: 1,
      description: 'Submit success',
      result: expect.stringMatching(/^\d{16}$/),
    });
    const task = (await client.finished(json.result)).json;
    expect(task).toMatchObject({
      id: json.result,
      action: 'IMAGINE',
      prompt: 'a fox --ar 16:9',
      status: 'SUCCESS',
      progress: '100%',
      failReason: '',
      customId: '',
      botType: '',
      maskBase64: '',
      imageUrl: `${standIn.url}/mj/image/${json.result}`,
      properties: { finalPrompt: 'a fox --ar 16:9', finalZhPrompt: '' },
    });
    const picture = await fetch(task.imageUrl);
    expect(picture.headers.get('content-type')).toBe('image/png');
    const { width, height } = await sharp(Buffer.from(await picture.arrayBuffer())).metadata();
    expect([width, height]).toEqual([114, 64]);
  });

  test('goes through its states in order, with a preview in between', async () => {
    const { standIn, client } = await start();
    const states: string[] = [];
    standIn.on((event) => {
      if (event.type === 'task') states.push(`${event.task.status} ${event.task.progress}`);
    });
    await client.finished(await client.submit('imagine', { prompt: 'a fox' }));
    expect(states).toEqual([
      'SUBMITTED 0%',
      'IN_PROGRESS Waiting to start',
      'IN_PROGRESS 0%',
      'IN_PROGRESS 15%',
      'IN_PROGRESS 46%',
      'IN_PROGRESS 62%',
      'IN_PROGRESS 93%',
      'SUCCESS 100%',
    ]);
  });

  test('shows a blurred WebP with ?rand= while it runs, and null for buttons', async () => {
    const { standIn, client } = await start({ refreshMs: Number.POSITIVE_INFINITY });
    const id = await client.submit('imagine', { prompt: 'a fox' });
    await standIn.until(() => standIn.task(id)?.progress === '46%');
    standIn.refresh();
    const { json } = await client.fetch(id);
    expect(json).toMatchObject({ status: 'IN_PROGRESS', progress: '46%', buttons: null });
    expect(json.imageUrl).toMatch(/\/mj\/image\/\d+\?rand=\d+$/);
    const picture = await fetch(json.imageUrl);
    expect(picture.headers.get('content-type')).toBe('image/webp');
  });

  test('scales its time by the pace: 40 seconds, give or take a third, at 0.005 about 200 ms', async () => {
    const { standIn, client } = await start({ pace: 0.005 });
    const id = await client.submit('imagine', { prompt: 'a fox' });
    await standIn.until(() => standIn.task(id)?.finishedAt !== undefined);
    const { submittedAt = 0, finishedAt = 0 } = standIn.task(id) ?? {};
    expect(finishedAt - submittedAt).toBeGreaterThan(140);
  });

  test('goes on at the new pace when it changes in the middle', async () => {
    const { standIn, client } = await start({ pace: 1 });
    const id = await client.submit('imagine', { prompt: 'a fox' });
    await standIn.until(() => standIn.task(id)?.status === 'SUBMITTED');
    standIn.setPace(0);
    const { json } = await client.finished(id);
    expect(json).toMatchObject({ status: 'SUCCESS', progress: '100%' });
  });

  test('returns the same pictures for the same seed', async () => {
    const pictures = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const { client } = await start({ seed });
        const { json } = await client.finished(await client.submit('imagine', { prompt: 'a fox' }));
        return Buffer.from(await (await fetch(json.imageUrl)).arrayBuffer());
      }),
    );
    expect(pictures[0]).toEqual(pictures[1]);
    expect(pictures[0]).not.toEqual(pictures[2]);
  });

  test('is accepted but fails later if Midjourney refuses a flag, and is refunded', async () => {
    const { standIn, client } = await start({ creditUsd: 1 });
    const { json } = await client.finished(await client.submit('imagine', { prompt: 'a fox --foo 3' }));
    expect(json).toMatchObject({ status: 'FAILURE', progress: '100%', buttons: null, imageUrl: '' });
    expect(json.failReason).toBe('Invalid parameter, Unrecognized parameter(s): `--foo`');
    expect(standIn.money()).toEqual({ creditUsd: 1, chargedUsd: 0.1, refundedUsd: 0.1 });
  });
});

describe('buttons', () => {
  test('of a grid come in their real order', async () => {
    const { client } = await start();
    const { json } = await client.finished(await client.submit('imagine', { prompt: 'a fox' }));
    expect(json.buttons.map(({ label, emoji }: { label: string; emoji: string }) => label || emoji)).toEqual([
      'U1',
      'U2',
      'U3',
      'U4',
      '🔄',
      'V1',
      'V2',
      'V3',
      'V4',
    ]);
  });

  test.each([
    ['a fox', 'upsample_v7_2x_subtle', 'animate_high'],
    ['a fox --v 7', 'upsample_v7_2x_creative', 'animate_low'],
    ['a fox --niji 7', 'upsample_v7_2x_subtle', 'Outpaint::50'],
    ['a fox --v 6.1', 'upsample_v6r1_2x_subtle', 'CustomZoom::'],
    ['a fox --v 6', 'upsample_v6_2x_creative', 'pan_left'],
    ['a fox --niji 6', 'upsample_v6_2x_creative', 'Inpaint'],
    ['a fox --v 5.2', 'upsample_v5_4x', 'BOOKMARK'],
    ['a fox --ar 3:2', 'upsample_v7_2x_subtle', 'Outpaint::100'],
    ['a fox --v 8', 'low_variation', 'Inpaint'],
  ])('under a picked tile depend on the version: %s', async (prompt, ...parts) => {
    const { client } = await start();
    const { picked } = await pick(client, prompt);
    expect(picked.action).toBe('UPSCALE');
    for (const part of parts) expect(findButton(picked, part)).toContain('MJ::');
  });

  test('can have bare names and empty labels', async () => {
    const { client } = await start();
    const { picked } = await pick(client);
    expect(picked.buttons[0]).toMatchObject({
      emoji: 'upscale_1',
      label: 'Upscale (Subtle)',
      type: 2,
      style: 2,
    });
    expect(picked.buttons.find(({ emoji }: { emoji: string }) => emoji === '⬅️').label).toBe('');
    expect(
      picked.buttons.some(({ customId }: { customId: string }) => customId.includes('Outpaint::100')),
    ).toBe(false);
  });

  test('after an upscale offer it once more, and no pan', async () => {
    const { client } = await start();
    const { picked } = await pick(client);
    const customId = findButton(picked, '2x_creative');
    const { json } = await client.finished(await client.submit('action', { taskId: picked.id, customId }));
    expect(json.buttons[0].label).toBe('Redo Upscale (Subtle)');
    expect(json.buttons.some((button: { customId: string }) => button.customId.includes('pan_'))).toBe(false);
    const picture = Buffer.from(await (await fetch(json.imageUrl)).arrayBuffer());
    expect((await sharp(picture).metadata()).height).toBe(128);
  });

  test.each([
    ['low_variation', 'LOW_VARIATION', 'a fox'],
    ['high_variation', 'HIGH_VARIATION', 'a fox'],
    ['Outpaint::50', 'ZOOM', 'a fox'],
    ['Outpaint::75', 'ZOOM', 'a fox'],
    ['pan_left', 'PAN', 'a fox --ar 3:2'],
    ['pan_up', 'PAN', 'a fox --ar 2:3'],
  ])('%s returns a new grid, action %s, final prompt "%s"', async (part, action, finalPrompt) => {
    const { client } = await start();
    const { picked } = await pick(client);
    const id = await client.submit('action', { taskId: picked.id, customId: findButton(picked, part) });
    const { json } = await client.finished(id);
    expect(json).toMatchObject({ status: 'SUCCESS', action, prompt: 'a fox', properties: { finalPrompt } });
    expect(json.buttons).toHaveLength(9);
  });

  test.each(['reroll::0', 'variation::3'])('%s of a grid returns a new grid', async (part) => {
    const { client } = await start();
    const grid = (await client.finished(await client.submit('imagine', { prompt: 'a fox' }))).json;
    const id = await client.submit('action', { taskId: grid.id, customId: findButton(grid, part) });
    const { json } = await client.finished(id);
    expect(json).toMatchObject({ status: 'SUCCESS' });
    expect(json.buttons).toHaveLength(9);
    const [before, after] = await Promise.all(
      [grid.imageUrl, json.imageUrl].map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())),
    );
    expect(before).not.toEqual(after);
  });
});

describe('the other submits', () => {
  test('blend takes two to five pictures and follows its dimensions', async () => {
    const { client } = await start();
    const body = { base64Array: [pixel, pixel], dimensions: 'PORTRAIT' };
    const { json } = await client.finished(await client.submit('blend', body));
    expect(json).toMatchObject({ action: 'BLEND', status: 'SUCCESS' });
    expect(json.buttons).toHaveLength(9);
    expect((await client.post('/mj/submit/blend', { base64Array: [pixel] })).json.code).toBe(4);
  });

  test('describe returns four numbered lines in promptEn and properties, not in prompt', async () => {
    const { client } = await start();
    const { json } = await client.finished(await client.submit('describe', { base64: pixel }));
    expect(json).toMatchObject({ action: 'DESCRIBE', status: 'SUCCESS', prompt: '' });
    expect(json.promptEn).toBe(json.properties.finalPrompt);
    expect(json.promptEn.split('\n\n').map((line: string) => line.slice(0, 3))).toEqual(['1️⃣', '2️⃣', '3️⃣', '4️⃣']);
    expect(json.buttons.map(({ customId }: { customId: string }) => customId)).toContain(
      'MJ::Job::PicReader::all',
    );
    expect((await fetch(json.imageUrl)).headers.get('content-type')).toBe('image/png');
  });

  test('shorten returns tokens and five prompts, without a picture', async () => {
    const { client } = await start();
    const prompt = 'a very quiet fox in deep soft snow at dawn';
    const { json } = await client.finished(await client.submit('shorten', { prompt }));
    expect(json).toMatchObject({ action: 'SHORTEN', status: 'SUCCESS', imageUrl: '' });
    expect(json.properties.finalPrompt).toMatch(/^## Important tokens\n.*\n## Shortened prompts\n1️⃣ /);
  });

  test('swap and edits end with a picture', async () => {
    const { client } = await start();
    const swap = await client.post('/mj/insight-face/swap', { sourceBase64: pixel, targetBase64: pixel });
    expect((await client.finished(swap.json.result)).json).toMatchObject({
      action: 'SWAP_FACE',
      status: 'SUCCESS',
    });
    const edits = await client.submit('edits', { prompt: 'a hat', image: pixel });
    expect((await client.finished(edits)).json).toMatchObject({ action: 'EDITS', status: 'SUCCESS' });
  });

  test('upload returns addresses that serve what was sent', async () => {
    const { client } = await start();
    const { json } = await client.post('/mj/submit/upload-discord-images', { base64Array: [pixel, pixel] });
    expect(json).toMatchObject({ code: 1, result: [expect.any(String), expect.any(String)] });
    const picture = Buffer.from(await (await fetch(json.result[0])).arrayBuffer());
    expect(picture.toString('base64')).toBe(pixel.split(',')[1]);
  });

  test("video ends with a still and four clips at the upstream's own addresses", async () => {
    const { client } = await start();
    const id = await client.submit('video', { prompt: 'slow drift', motion: 'low', image: pixel });
    const { json } = await client.finished(id);
    expect(json).toMatchObject({ action: 'VIDEO', status: 'SUCCESS' });
    expect(json.videoUrls).toHaveLength(4);
    expect(json.videoUrls[0]).toEqual({ url: json.videoUrl });
    expect(json.videoUrl).toMatch(/_film0\.mp4\?ex=/);
    expect((await fetch(json.videoUrl)).headers.get('content-type')).toBe('video/mp4');
    expect((await fetch(json.imageUrl)).headers.get('content-type')).toBe('image/png');
    expect((await client.post('/mj/submit/video', { prompt: 'x', image: pixel })).json.code).toBe(4);
  });

  test('the seed is a string of digits', async () => {
    const { client } = await start();
    const id = await client.submit('imagine', { prompt: 'a fox' });
    await client.finished(id);
    const { json } = await client.get(`/mj/task/${id}/image-seed`);
    expect(json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d+$/) });
    expect((await client.get('/mj/task/1/image-seed')).status).toBe(400);
  });
});

describe('the record', () => {
  test('contains each accepted submit, and how often the same one came before', async () => {
    const { standIn, client } = await start();
    await client.submit('imagine', {
      prompt: 'a fox',
      state: 'mine',
      accountFilter: { remark: 'x' },
      notifyHook: 'http://x',
    });
    const { grid } = await pick(client, 'a fox');
    await client.submit('action', { taskId: grid.id, customId: findButton(grid, 'upsample::2') });
    await client.post('/mj/submit/imagine', { prompt: '' });
    expect(standIn.submits.map(({ kind, prompt, repeats }) => [kind, prompt, repeats])).toEqual([
      ['imagine', 'a fox', 0],
      ['imagine', 'a fox', 1],
      ['action', undefined, 0],
      ['action', undefined, 1],
    ]);
    expect(standIn.submits[0]).toMatchObject({ state: 'mine', chargedUsd: 0.1, account: 0 });
    expect(standIn.submits[0]?.body).toHaveProperty('accountFilter');
  });

  test('contains each request, without its key', async () => {
    const { standIn, client } = await start();
    await client.post('/mj/submit/imagine', { prompt: 'a fox' });
    await standIn.until(() => standIn.requests[0]?.outcome === 'answered');
    expect(standIn.requests[0]).toMatchObject({
      method: 'POST',
      path: '/mj/submit/imagine',
      status: 200,
      body: { prompt: 'a fox' },
    });
    expect(JSON.stringify(standIn.requests)).not.toContain(standIn.key);
  });

  test('reports the traffic in order', async () => {
    const { standIn, client } = await start({ refreshMs: Number.POSITIVE_INFINITY });
    const types: string[] = [];
    const stop = standIn.on((event) => types.push(event.type));
    await client.submit('imagine', { prompt: 'a fox' });
    await standIn.until(() => types.includes('task'));
    expect(types.slice(0, 2)).toEqual(['request', 'submit']);
    expect(types.indexOf('answer')).toBeLessThan(types.indexOf('task'));
    stop();
  });
});

test('many run at the same time, independently of each other', async () => {
  const [one, other] = [await start(), await start()];
  const id = await one.client.submit('imagine', { prompt: 'a fox' });
  expect(one.standIn.url).not.toBe(other.standIn.url);
  expect((await other.client.fetch(id)).status).toBe(400);
  expect(other.standIn.submits).toEqual([]);
});
