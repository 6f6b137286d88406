import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { uploads } from '../helpers/operations/stage.ts';
import { chargeOf, labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kind: 'acedata' });

describe('acedata', () => {
  it('offers Vary (Region) after the other variations, and another upscale', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a red fox', { version: '7' }));
    const single = await whole.picture(await whole.press(grid, 'U2'));
    const labels = labelsOf(single);
    expect(labels[labels.indexOf('Strong') + 1]).toBe('Region');
    const large = await whole.picture(await whole.press(single, 'Creative'));
    await whole.picture(await whole.press(large, 'Creative'));
    expect(whole.sandbox.provider.submits.at(-1)).toMatchObject({
      customId: 'redo_upscale_creative',
      parentId: whole.sandbox.provider.submits.at(-2)?.taskId,
    });
  });

  it('charges references in version 8 as the API bills them, and says so', async () => {
    await whole.sandbox.startBot(quick);
    const usual = await whole.picture(await whole.imagine('a fox', { style_reference: '123', version: '7' }));
    expect(chargeOf(usual)).toBe('Fast · 100 points');
    const dear = await whole.picture(
      await whole.imagine('a fox', { style_reference: '123', version: '8.2' }),
    );
    expect(chargeOf(dear)).toBe('Fast · 400 points');
    expect(whole.sandbox.provider.submits.at(-1)?.body).toMatchObject({
      version: '8.2',
      style_reference: true,
    });
    expect(await whole.points()).toBe('1,500 points');
  });

  it('finds a task whose answer was lost, and submits it once', async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('submit', { do: 'lose' });
    const grid = await whole.picture(await whole.imagine('a fox'));
    expect(labelsOf(grid)).toContain('U1');
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    await whole.picture(await whole.press(grid, 'V3'));
    expect(whole.sandbox.provider.submits).toHaveLength(2);
  });

  it('says why a task failed and that no credit is left, and returns the points', async () => {
    await whole.sandbox.startBot(quick);
    await whole.reply(await whole.imagine('a fox -zz top'), 'Unrecognized argument(s)');
    whole.sandbox.provider.trouble.next('submit', { do: 'refuse', as: 'used-up' });
    const message = await whole.reply(await whole.imagine('a hare'), 'no credit left');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(await whole.points()).toBe('2,000 points');
  });

  it('edits only what is white in the mask, and makes videos at the speed that was chosen', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const [image, mask] = [await uploads.edited, await uploads.masked];
    const asked = await whole.agreed(await whole.run('edit', { image, mask, prompt: 'a red hat' }));
    await whole.picture(asked);
    const { body } = whole.sandbox.provider.submits[0] ?? {};
    const sent = sharp(Buffer.from(String(body?.['mask']), 'base64'));
    const size = await sharp(image.bytes).metadata();
    expect(await sent.metadata()).toMatchObject({ format: 'png', width: size.width, height: size.height });
    const filmed = await whole.run('video', { image, prompt: 'it waves', speed: 'turbo' });
    const video = await whole.picture(await whole.agreed(filmed));
    expect(chargeOf(video)).toBe('Turbo · 800 points');
    expect(whole.sandbox.provider.submits[1]?.body).toMatchObject({ mode: 'turbo' });
    await whole.reply(await whole.run('video', { image, speed: 'relax' }), 'no `relax` speed');
    // What the vendor's support asks for.
    expect(bot.lines.find((line) => line.includes('accepted by the provider'))).toMatch(
      /"traceId":"[\da-f-]{36}"/u,
    );
  });

  it('waits as long as the API asks for, and submits once more', async () => {
    await whole.sandbox.startBot(quick);
    const { provider } = whole.sandbox;
    provider.trouble.next('submit', { do: 'refuse', as: 'too-many-requests', retryAfterSeconds: 1 });
    await whole.picture(await whole.imagine('a fox'));
    expect(provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
  });
});
