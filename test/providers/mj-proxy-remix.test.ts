import { describe, expect, it } from 'vitest';
import type { Http } from '../../src/providers/http.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy } from '../../src/providers/mj-proxy/index.ts';
import type { FollowUpAction } from '../../src/task.ts';

const bodies: unknown[] = [];
const http: Http = {
  async request({ body }) {
    bodies.push(body);
    const json = { code: 1, description: 'Submit success', result: '1799000000000001' };
    return { status: 200, retryAfterMs: undefined, text: JSON.stringify(json), json };
  },
};
const provider = createMjProxy({
  gateway: mjProxyGateways.mjproxy,
  http,
  apiKey: 'sk-canary',
  baseUrl: 'https://proxy.example',
});

const tokens: [FollowUpAction, string, boolean][] = [
  ['variation', 'MJ::JOB::variation::2::uuid', true],
  ['reroll', 'MJ::JOB::reroll::0::uuid::SOLO', true],
  ['vary-subtle', 'MJ::JOB::low_variation::1::uuid::SOLO', true],
  ['vary-strong', 'MJ::JOB::high_variation::1::uuid::SOLO', true],
  ['pan-left', 'MJ::JOB::pan_left::1::uuid::SOLO', true],
  ['upscale', 'MJ::JOB::upsample::2::uuid', false],
  ['zoom-2x', 'MJ::Outpaint::50::1::uuid::SOLO', false],
  ['square', 'MJ::Outpaint::100::1::uuid::SOLO', false],
  ['upscale-subtle', 'MJ::JOB::upsample_v7_2x_subtle::1::uuid::SOLO', false],
  ['animate-high', 'MJ::JOB::animate_high::1::uuid::SOLO', false],
  ['other', 'MJ::JOB::variation::2::uuid', false],
  // The Java original, which has no windows.
  ['variation', 'change:VARIATION:2', false],
];

describe('a button with another prompt', () => {
  it.each(tokens)('%s (%s) can be pressed: %s', (action, token, expected) => {
    expect(provider.canRemix?.({ action, token })).toBe(expected);
  });

  it.each([true, false])('asks for a window if it was changed: %s', async (isRemix) => {
    const offer = { action: 'variation', index: 2, token: 'MJ::JOB::variation::2::uuid' } as const;
    const request = {
      action: 'variation',
      prompt: 'a hare',
      speed: 'fast',
      pictures: [],
      options: {},
      reference: 'r',
      parent: { ref: { id: '1' }, offer },
      ...(isRemix ? { isRemix } : {}),
    } as const;
    await provider.submit(request, AbortSignal.timeout(5_000));
    const sent = bodies.at(-1) as object;
    expect(sent).toMatchObject({ taskId: '1', customId: offer.token });
    expect('enableRemix' in sent).toBe(isRemix);
  });
});
