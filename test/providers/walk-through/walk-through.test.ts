import { readFileSync } from 'node:fs';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { createHttp } from '../../../src/providers/http.ts';
import { describeProvider } from '../contract.ts';
import { inkling } from './fixtures.ts';
import { createInkling } from './inkling.ts';
import { createInklingStandIn } from './stand-in.ts';

const { key: apiKey, origin: baseUrl } = inkling;

describeProvider('inkling', (http) => createInkling({ http, apiKey, baseUrl }), inkling);

describe('the walk-through', () => {
  it('ends with a provider that gets its picture from its stand-in', async () => {
    const standIn = await createInklingStandIn({ pace: 0.001, pictureHeight: 64 });
    const dispatcher = new Agent();
    const signal = AbortSignal.timeout(10_000);
    const http = createHttp({ dispatcher });
    const provider = createInkling({ http, apiKey: standIn.key, baseUrl: standIn.url });
    const { ref } = await provider.submit(inkling.anyRequest, signal);
    await standIn.until(() => standIn.tasks()[0]?.status === 'SUCCESS');
    const update = (await provider.look([ref], signal)).get(ref['id'] ?? '');
    expect(update?.state).toBe('done');
    const [picture] = update?.state === 'done' ? update.media : [];
    const bytes = Buffer.from(await (await fetch(picture?.url ?? '')).arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    await dispatcher.close();
    await standIn.close();
  });

  it('shows only code that works', () => {
    const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
    const code = ['inkling.ts', 'fixtures.ts', 'stand-in.ts', 'walk-through.test.ts'].map(read).join('\n');
    const page = read('../../../docs/adding-a-provider.md');
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) expect(code).toContain(block);
  });
});
