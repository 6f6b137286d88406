import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { quick, useSandbox } from '../helpers/whole.ts';

/** A public name, as Discord needs one. It stands for the stand-in itself, on the same port. */
const previewName = 'previews.sandbox.example';

/** As Discord's own proxy would fetch it. */
async function load(address: string): Promise<Buffer> {
  const url = new URL(address);
  expect(url.hostname).toBe(previewName);
  url.hostname = '127.0.0.1';
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

describe.each(['mjproxy', 'acedata'] as const)('an unfinished picture at %s', (kind) => {
  const whole = useSandbox({ kind, provider: { pace: 0.5, refreshMs: 50, previewName } });

  it('grows in the message until the whole one takes its place', { timeout: 90_000 }, async () => {
    await whole.sandbox.startBot(quick);
    const asked = await whole.imagine('a lighthouse', { aspect: '3:2' });
    const loading = new Map<string, Promise<Buffer>>();
    await whole.sandbox.discord.until(
      () => {
        const url = asked.message?.embeds[0]?.image?.url;
        if (url !== undefined && !loading.has(url)) loading.set(url, load(url));
        return (asked.message?.attachments.length ?? 0) > 0;
      },
      { what: 'the whole picture', timeoutMs: 60_000 },
    );
    const steps = [...loading.keys()].map((url) => Number(/_(\d+)\.webp/.exec(url)?.[1]));
    expect(steps.length).toBeGreaterThan(1);
    expect(steps).toEqual(steps.toSorted((one, other) => one - other));
    const previews = await Promise.all(loading.values());
    for (const bytes of previews) expect((await sharp(bytes).metadata()).format).toBe('webp');
    // Less and less blurred, so they get larger.
    const sizes = previews.map(({ length }) => length);
    expect(sizes.at(-1)).toBeGreaterThan(sizes[0] ?? 0);
    expect(asked.message?.embeds[0]?.image).toBeUndefined();
    expect(asked.message?.attachments).toHaveLength(1);
  });
});
