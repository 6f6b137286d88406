import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../sandbox/providers/client.ts';
import { create4allapi } from '../../sandbox/providers/mj-proxy/4allapi.ts';
import { createMjproxy } from '../../sandbox/providers/mj-proxy/mjproxy.ts';
import { createYutoai } from '../../sandbox/providers/mj-proxy/yutoai.ts';
import { createStarter } from './mj-proxy-fixture.ts';
import { createListener } from './plain-fixture.ts';

const { start, open } = createStarter();

const height = 64;

function paint(width: number, color: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: color } })
    .png()
    .toBuffer();
}

function toDataUrl(png: Buffer): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}

const [red, wide] = await Promise.all([paint(64, '#d02020'), paint(96, '#2040d0')]);

async function download(url: string): Promise<{ bytes: Buffer; type: string | null }> {
  const response = await fetch(url);
  return { bytes: Buffer.from(await response.arrayBuffer()), type: response.headers.get('content-type') };
}

/** Red, green and blue, one after another. */
async function readPixels(url: string): Promise<{ pixels: Buffer; width: number }> {
  const { bytes } = await download(url);
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width };
}

function pixelAt({ pixels, width }: { pixels: Buffer; width: number }, x: number, y: number): number[] {
  return [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

interface Shown {
  id: string;
  buttons: { customId: string }[];
}

function press(task: Shown, part: string) {
  const customId = task.buttons.find((button) => button.customId.includes(part))?.customId;
  return { taskId: task.id, customId };
}

const texts = (client: Client, kind: string, body: Record<string, unknown>) =>
  client.submit(kind, body).then(async (id) => (await client.finished(id)).json);

describe('a region', () => {
  test('is repainted inside of the mask, and nowhere else', async () => {
    const { client } = await start(create4allapi);
    const grid = await texts(client, 'imagine', { prompt: 'a fox' });
    const single = await texts(client, 'action', press(grid, 'upsample::1'));
    const asked = await client.post('/mj/submit/action', press(single, 'Inpaint'));
    expect(asked.json).toMatchObject({ code: 21, properties: { finalPrompt: '', remix: true } });
    const mask = await sharp(await paint(64, '#000'))
      .composite([
        {
          input: { create: { width: 24, height: 24, channels: 3, background: '#fff' } },
          left: 30,
          top: 20,
        },
      ])
      .png()
      .toBuffer();
    await client.submit('modal', {
      taskId: asked.json.result,
      prompt: 'a hat',
      maskBase64: toDataUrl(mask),
    });
    const varied = (await client.finished(asked.json.result)).json;
    expect(varied).toMatchObject({ action: 'INPAINT', status: 'SUCCESS' });
    const one = await texts(client, 'action', press(varied, 'upsample::1'));
    const [before, after] = await Promise.all([readPixels(single.imageUrl), readPixels(one.imageUrl)]);
    let [inside, outside] = [0, 0];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < height; x += 1) {
        const [was, is] = [pixelAt(before, x, y), pixelAt(after, x, y)];
        const difference = Math.max(...was.map((value, index) => Math.abs(value - (is[index] ?? 0))));
        // Two pixels are a soft edge, because the mask is scaled.
        const isInside = x >= 28 && x < 56 && y >= 18 && y < 46;
        if (difference > 6 && isInside) inside += 1;
        if (difference > 6 && !isInside) outside += 1;
      }
    }
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(200);
  });
});

describe('texts', () => {
  test.each([
    ['4allapi', create4allapi, ''],
    ['yutoai', createYutoai, '/fast'],
    ['mjproxy', createMjproxy, ''],
  ] as const)('%s describes a picture four times, each in other words', async (_kind, create, prefix) => {
    const { client } = await start(create, {}, prefix);
    const { promptEn } = await texts(client, 'describe', { base64: toDataUrl(wide) });
    const lines = promptEn.split(/\r?\n\r?\n/);
    expect(lines).toHaveLength(4);
    const parts = lines.map((line: string) =>
      line
        .slice(4)
        .replace(/ --ar 3:2$/, '')
        .split(', '),
    );
    for (const part of [0, 1, 2]) {
      expect(new Set(parts.map((words: string[]) => words[part])).size).toBe(4);
    }
    expect(promptEn.includes('\r\n')).toBe(create !== create4allapi);
  });

  test("trueai's shorten keeps its text in the description", async () => {
    const { client } = await start(createMjproxy);
    const task = await texts(client, 'shorten', { prompt: 'a very quiet fox in deep soft snow' });
    expect(task).toMatchObject({
      action: 'SHORTEN',
      promptEn: 'a very quiet fox in deep soft snow',
      description: expect.stringMatching(/^## Important tokens\n.*\n## Shortened prompts\n1️⃣ /),
    });
  });
});

describe('pictures of people', () => {
  test('come back in a blend, an edit and a swap', async () => {
    const { client } = await start(create4allapi);
    const blended = await texts(client, 'blend', { base64Array: [toDataUrl(red), toDataUrl(wide)] });
    const blend = await readPixels(blended.imageUrl);
    const [r = 0, , b = 0] = pixelAt(blend, 16, 2);
    const [r2 = 0, , b2 = 0] = pixelAt(blend, 48, 2);
    expect(r - b).toBeGreaterThan(r2 - b2);

    const edited = await texts(client, 'edits', { prompt: 'a hat', image: toDataUrl(wide) });
    expect((await readPixels(edited.imageUrl)).width).toBe(96);

    const body = { sourceBase64: toDataUrl(red), targetBase64: toDataUrl(wide) };
    const { json } = await client.post('/mj/insight-face/swap', body);
    const swapped = (await client.finished(json.result)).json;
    expect(swapped).toMatchObject({ action: 'SWAP_FACE', prompt: 'InsightFace', buttons: [] });
    const swap = await readPixels(swapped.imageUrl);
    expect([pixelAt(swap, 48, 24), pixelAt(swap, 2, 60)]).toEqual([
      [0xd0, 0x20, 0x20],
      [0x20, 0x40, 0xd0],
    ]);
  });
});

describe('a video', () => {
  const video = { prompt: 'slow drift', motion: 'low', image: toDataUrl(wide) };

  test('is four MP4s, of the requested size', async () => {
    const { client } = await start(create4allapi, { pictureHeight: 108 });
    const sizes = [];
    for (const videoType of [undefined, 'vid_1.1_i2v_720']) {
      const options = { endImage: toDataUrl(red), loop: true, videoType };
      const { videoUrls } = await texts(client, 'video', { ...video, ...options });
      const { bytes, type } = await download(videoUrls[3].url);
      expect([type, bytes.toString('latin1', 4, 12)]).toEqual(['video/mp4', 'ftypisom']);
      const entry = bytes.indexOf('av01', bytes.indexOf('stsd'));
      sizes.push([bytes.readUInt16BE(entry + 28), bytes.readUInt16BE(entry + 30)]);
    }
    expect(sizes).toEqual([
      [72, 48],
      [108, 72],
    ]);
    expect((await client.post('/mj/submit/video', { ...video, videoType: '4k' })).json.code).toBe(4);
  });

  test("is picked and extended by buttons, or by a prompt and a clip's number", async () => {
    const { client } = await start(createMjproxy);
    const set = await texts(client, 'video', video);
    const picked = await texts(client, 'action', press(set, 'video_virtual_upscale::3'));
    expect(picked.videoUrls).toHaveLength(1);
    const longer = await texts(client, 'action', press(picked, 'animate_low_extend'));
    expect(longer.videoUrls).toHaveLength(4);
    const extend = { prompt: 'and on', motion: 'high', action: 'extend', index: 3, taskId: set.id };
    const more = await texts(client, 'video', extend);
    expect(more).toMatchObject({ action: 'VIDEO_EXTEND', status: 'SUCCESS' });
    const [short, long] = await Promise.all([download(set.videoUrl), download(more.videoUrl)]);
    const framesOf = ({ bytes }: { bytes: Buffer }) => bytes.readUInt32BE(bytes.indexOf('stsz') + 12);
    expect(framesOf(long)).toBe(framesOf(short) * 2);
    for (const wrong of [{ index: 4 }, { prompt: '' }]) {
      expect((await client.post('/mj/submit/video', { ...extend, ...wrong })).json.code).toBe(4);
    }
    expect((await client.post('/mj/submit/video', { ...extend, taskId: '1' })).json.code).toBe(3);
  });

  test("is refused by new-api if the clip isn't a number, or doesn't exist yet", async () => {
    const { client } = await start(create4allapi, { refreshMs: Number.POSITIVE_INFINITY });
    const id = await client.submit('video', video);
    const extend = { prompt: 'on', motion: 'low', action: 'extend', index: 0, taskId: id };
    const answers = [
      await client.post('/mj/submit/video', extend),
      await client.post('/mj/submit/video', { ...extend, index: '0' }),
      await client.post('/mj/submit/video', { ...extend, taskId: '1' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(answers[0]?.text).toContain('task_status_not_success');
    expect(answers[1]?.text).toContain('cannot unmarshal');
    expect(answers[2]?.text).toContain('task_not_found');
    await client.finished(id);
    const more = await client.submit('video', extend);
    expect((await client.finished(more)).json).toMatchObject({ action: 'VIDEO', status: 'SUCCESS' });
  });

  test('needs the number as text at YutoAI, and always a prompt', async () => {
    const { client } = await start(createYutoai, {}, '/fast');
    const set = await texts(client, 'video', video);
    const extend = { prompt: 'on', motion: 'low', action: 'extend', index: '0', task_id: set.id };
    expect(await texts(client, 'video', extend)).toMatchObject({ status: 'SUCCESS' });
    expect((await client.post('/fast/mj/submit/video', { ...video, prompt: '' })).json.code).toBe(4);
  });

  test('fails in turbo mode', async () => {
    const { client } = await start(createMjproxy);
    const task = await texts(client, 'video', { ...video, prompt: 'slow drift --turbo' });
    expect(task).toMatchObject({ status: 'FAILURE', failReason: expect.stringContaining('Turbo') });
  });

  test('from an Animate button is a WebP instead of the picture', async () => {
    const { client } = await start(createMjproxy);
    const grid = await texts(client, 'imagine', { prompt: 'a fox' });
    const single = await texts(client, 'action', press(grid, 'upsample::1'));
    const clip = await texts(client, 'action', press(single, 'animate_high'));
    expect(clip.videoUrl).toBeUndefined();
    const { bytes, type } = await download(clip.imageUrl);
    expect([type, (await sharp(bytes).metadata()).pages]).toEqual(['image/webp', 16]);
  });
});

describe('seeds', () => {
  test.each([
    ['4allapi', create4allapi],
    ['mjproxy', createMjproxy],
  ] as const)('of %s stay the same, and exist only for its own pictures', async (_kind, create) => {
    const { client } = await start(create);
    const { id } = await texts(client, 'imagine', { prompt: 'a fox' });
    const asked = [
      await client.get(`/mj/task/${id}/image-seed`),
      await client.get(`/mj/task/${id}/image-seed`),
    ];
    expect(asked[0]?.json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d+$/) });
    expect(asked[1]?.json).toEqual(asked[0]?.json);
    const described = await texts(client, 'describe', { base64: toDataUrl(red) });
    expect((await client.get(`/mj/task/${described.id}/image-seed`)).json.code).toBe(4);
  });
});

describe('notifyHook', () => {
  test('is called for every step of a task, once each', async () => {
    const { client } = await start(createMjproxy, { pace: 0.002 });
    const listener = await createListener();
    open.push(listener);
    const { id } = await texts(client, 'imagine', { prompt: 'a fox', notifyHook: listener.url });
    await listener.until(() => listener.heard.some((text) => text.includes('"SUCCESS"')));
    const told = listener.heard.map((text) => JSON.parse(text));
    expect(new Set(told.map((task) => task.id))).toEqual(new Set([id]));
    const steps = told.map(({ status, progress }) => `${status} ${progress}`);
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps.length).toBeGreaterThan(4);
  });
});
