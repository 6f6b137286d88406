import { expect, it } from 'vitest';
import { quarters } from '../helpers/files.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const bytes = await (await quarters(32, 32)).png().toBuffer();
const whole = useSandbox({ kind: '4allapi' });

it('a picture for /imagine is uploaded first if the operator says so', async () => {
  await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_UPLOADS: 'on' });
  const image1 = { name: 'a.png', bytes };
  await whole.picture(await whole.imagine('a red fox', { image1 }));
  const [upload, imagine] = whole.sandbox.provider.submits;
  expect([upload?.kind, imagine?.kind]).toEqual(['upload-discord-images', 'imagine']);
  expect(imagine?.body).toMatchObject({
    prompt: expect.stringMatching(/^https?:\/\/\S+ a red fox$/u),
    base64Array: [],
  });
  expect(await whole.points()).toBe('1,900 points');
});

it('an upload whose answer is lost ends the task, which is never sent', async () => {
  await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_UPLOADS: 'on' });
  whole.sandbox.provider.trouble.always('submit', { do: 'refuse', as: 'bad-gateway-html' });
  const image1 = { name: 'a.png', bytes };
  const message = await whole.end(await whole.imagine('a red fox', { image1 }));
  expect(textOf(message)).toContain('may have been charged');
  const paths = whole.sandbox.provider.requests.map(({ path }) => path);
  expect(paths.filter((path) => path.includes('/submit/'))).toEqual(['/mj/submit/upload-discord-images']);
  expect(await whole.points()).toBe('2,000 points');
});
