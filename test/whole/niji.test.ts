import { describe, expect, it } from 'vitest';
import { quarters } from '../helpers/files.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const bytes = await (await quarters(32, 32)).png().toBuffer();
const [image1, image2] = ['a.png', 'b.png'].map((name) => ({ name, bytes }));
const files = { image1, image2 } as Record<'image1' | 'image2', { name: string; bytes: Buffer }>;

describe.each(['4allapi', 'mjproxy'] as const)('niji at %s', (kind) => {
  const whole = useSandbox({ kind });

  it('blends and describes if it is chosen, and only then; nothing is said if nobody chose', async () => {
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.run('blend', { ...files, model: 'niji' }));
    await whole.reply(await whole.run('describe', { image: files.image1, model: 'niji' }), '**4.**');
    await whole.picture(await whole.run('blend', { ...files, model: 'midjourney' }));
    await whole.picture(await whole.run('blend', files));
    const bots = whole.sandbox.provider.submits.map(({ body }) => body['botType']);
    expect(bots).toEqual(['NIJI_JOURNEY', 'NIJI_JOURNEY', 'MID_JOURNEY', undefined]);
  });
});

describe('an API that has no such field', () => {
  const whole = useSandbox({ kind: 'yutoai' });

  it('is not asked, and nothing is charged', async () => {
    await whole.sandbox.startBot(quick);
    await whole.reply(await whole.run('blend', { ...files, model: 'niji' }), 'can use niji for this');
    expect(whole.sandbox.provider.submits).toEqual([]);
    expect(await whole.points()).toBe('2,000 points');
  });
});

describe('two accounts', () => {
  const whole = useSandbox({ kinds: ['yutoai', 'mjproxy'] });

  it('leave niji to the one that has it', async () => {
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.run('blend', { ...files, model: 'niji' }));
    const [without, having] = whole.sandbox.providers;
    expect([without?.submits.length, having?.submits.length]).toEqual([0, 1]);
  });
});
