import { describe, expect, it } from 'vitest';
import type { createApixo } from '../../sandbox/providers/apixo/index.ts';
import { uploads } from '../helpers/operations/stage.ts';
import { chargeOf, labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'apixo' });

describe('apixo', () => {
  it('sends flags as fields, and shows one of four without another call', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await whole.imagine('a fox', { aspect: '3:2', stylize: 250 }));
    expect(labelsOf(set)).toEqual([
      ...['U1', 'U2', 'U3', 'U4', '🔄', 'V1', 'V2', 'V3', 'V4'],
      ...['Upscale 1', '2', '3', '4', '🗑️'],
    ]);
    const single = await whole.picture(await whole.press(set, 'U2'));
    expect(labelsOf(single)).toEqual(['Variations', 'Upscale', '🗑️']);
    expect(whole.sandbox.provider.submits.map(({ body }) => body['input'])).toEqual([
      {
        mode: 'text-to-image',
        prompt: 'a fox',
        aspect_ratio: '3:2',
        stylization: 250,
        speed: 'fast',
      },
    ]);
    expect(await whole.points()).toBe('1,900 points');
  });

  it('spends nothing on a flag that would be dropped', async () => {
    await whole.sandbox.startBot(quick);
    await whole.reply(await whole.imagine('a fox', { tile: true }), '--tile');
    expect(whole.sandbox.provider.submits).toHaveLength(0);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('says why a task failed and returns the points', async () => {
    await whole.sandbox.startBot(quick);
    const message = await whole.reply(await whole.imagine('a nude fox'), 'does not meet the guidelines');
    expect(textOf(message)).toContain('breaks its content rules');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(textOf(message)).toContain("-# The provider's error code: `CONTENT_VIOLATION`");
    expect(await whole.points()).toBe('2,000 points');
  });

  it('of the first generation takes two pictures, and tells of a third before anything is charged', async () => {
    (whole.sandbox.provider as Awaited<ReturnType<typeof createApixo>>).habits.generation = 'seed';
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_API_GENERATION: 'seed' });
    const [image1, image2, image3] = await Promise.all([uploads.first, uploads.second, uploads.edited]);
    const three = await whole.imagine('a fox', { image1, image2, image3 });
    await whole.reply(three, 'at most 2 images for this. Nothing was charged.');
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toEqual([]);
    const two = await whole.picture(await whole.imagine('a fox', { image1, image2, speed: 'relax' }));
    expect(chargeOf(two)).toBe('Relax · 40 points');
    expect(whole.sandbox.provider.submits[0]?.body['input']).toMatchObject({ speed: 'relaxed' });
  });
});

describe('callbacks of apixo', () => {
  const whole = useSandbox({ kind: 'apixo', callbacks: true });
  const standIn = () => whole.sandbox.provider as Awaited<ReturnType<typeof createApixo>>;
  const looks = () => standIn().requests.filter(({ path }) => path.startsWith('/api/v1/statusTask/'));

  it.each([true, false])('bring a result long before the first look; its looks work: %s', async (isShown) => {
    standIn().habits.showsCallbackTasks = isShown;
    await whole.sandbox.startBot(); // its first look is 50 seconds away
    const called = new Promise((resolve) =>
      standIn().on(({ type }) => {
        if (type === 'callback') resolve(undefined);
      }),
    );
    const asked = await whole.imagine('a fox');
    await whole.picture(asked); // fails after 25 seconds
    await called;
    expect(looks()).toHaveLength(1);
    expect(standIn().submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
  });

  it('say why a task failed, with the code 400 that comes with it', async () => {
    standIn().habits.showsCallbackTasks = false;
    await whole.sandbox.startBot();
    const message = await whole.reply(await whole.imagine('a nude fox'), 'does not meet the guidelines');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(await whole.points()).toBe('2,000 points');
  });

  it('that are lost, or switched off, cost nothing but time', async () => {
    standIn().callbacks = 'off';
    const pace = { PROVIDER_MAIN_POLL_FIRST_MS: '50', PROVIDER_MAIN_POLL_MIN_MS: '50' };
    const bot = await whole.sandbox.startBot(pace);
    await whole.picture(await whole.imagine('a fox'));
    await bot.end();
    standIn().callbacks = 'on';
    await whole.sandbox.startBot({ ...pace, PROVIDER_MAIN_CALLBACKS: 'off' });
    await whole.picture(await whole.imagine('a hare'));
    expect(standIn().submits.map(({ body }) => body['request_type'])).toEqual(['callback', 'async']);
    expect(await whole.points()).toBe('1,800 points');
  });

  it('with a lie are no more than a reason to look', async () => {
    standIn().callbacks = 'off';
    await whole.sandbox.startBot({ ...quick, POLL_FIRST_MS: '600000' });
    const asked = await whole.imagine('a fox');
    const submit = await whole.sandbox.discord.until(() => standIn().submits[0], { what: 'a submit' });
    const resultJson = JSON.stringify({ resultUrls: ['https://liar.example/1.png'] });
    const data = { taskId: submit.taskId, state: 'success', resultJson };
    const body = JSON.stringify({ code: 200, message: 'success', data });
    const url = String(submit.body['callback_url']);
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
    expect(labelsOf(await whole.picture(asked))).toContain('U4'); // the lie is a single picture
  });
});
