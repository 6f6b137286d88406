import { describe, expect, it } from 'vitest';
import { requireVideoForm } from '../../src/accounts/video-form.ts';
import { UserError } from '../../src/errors.ts';
import { acedataTraits } from '../../src/providers/acedata/index.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import type { InputPicture, TaskOptions } from '../../src/task.ts';

const [first, last] = ['1', '2'].map((name) => ({ name, url: `https://e.org/${name}.png` })) as [
  InputPicture,
  InputPicture,
];
const forms = {
  mjproxy: mjProxyGateways.mjproxy.traits.videos,
  acedata: acedataTraits.videos,
  yutoai: mjProxyGateways.yutoai.traits.videos,
  undocumented: undefined,
};

interface Wish extends TaskOptions {
  hasEnd?: boolean;
  speed?: 'relax' | 'fast' | 'turbo';
}

/** What a form says about a wish: the code of its refusal, with the option, or that it's fine. */
function judge(kind: keyof typeof forms, { hasEnd = false, speed = 'fast', ...options }: Wish): string {
  const pictures = hasEnd ? [first, last] : [first];
  try {
    requireVideoForm({ action: 'video', speed, pictures, options }, forms[kind]);
    return 'fine';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { option = '' } = (error.details ?? {}) as { option?: string };
    return `${error.code} ${option}`.trim();
  }
}

describe('the form of a video', () => {
  it.each<[keyof typeof forms, Wish]>([
    ['mjproxy', { clips: 1, resolution: '720p', motion: 'high' }],
    ['mjproxy', { clips: 2, hasEnd: true, speed: 'relax' }],
    ['mjproxy', { isLoop: true, speed: 'relax', resolution: '480p' }],
    // It runs as a fast one, which people are told.
    ['mjproxy', { resolution: '720p', speed: 'turbo' }],
    ['acedata', { resolution: '720p', hasEnd: true, speed: 'turbo', clips: 4 }],
    ['acedata', { isLoop: true }],
    ['yutoai', { isLoop: true, motion: 'low', clips: 4, resolution: '480p', speed: 'relax' }],
    ['undocumented', { motion: 'high' }],
  ])('is one that %s has: %j', (kind, wish) => {
    expect(judge(kind, wish)).toBe('fine');
  });

  it.each<[keyof typeof forms, Wish, string]>([
    ['mjproxy', { resolution: '720p', speed: 'relax' }, 'video-720p-relaxed'],
    ['mjproxy', { isLoop: true, hasEnd: true }, 'video-loop-and-end'],
    ['acedata', { clips: 1 }, 'video-option clips'],
    ['acedata', { clips: 2, resolution: '720p' }, 'video-option clips'],
    ['yutoai', { resolution: '720p' }, 'video-option resolution'],
    ['yutoai', { hasEnd: true }, 'video-option end_image'],
    ['undocumented', { clips: 2 }, 'video-option clips'],
    ['undocumented', { resolution: '720p' }, 'video-option resolution'],
    ['undocumented', { hasEnd: true }, 'video-option end_image'],
  ])('is refused at %s: %j', (kind, wish, refusal) => {
    expect(judge(kind, wish)).toBe(refusal);
  });

  it('is nothing that a follow-up, or anything but a video, can have wrong', () => {
    const offer = { action: 'extend-low', token: 'extend' } as const;
    const options = { resolution: '720p', clips: 1 } as const;
    const request = { speed: 'relax', pictures: [first, last], options } as const;
    expect(() => requireVideoForm({ ...request, action: 'extend-low', offer }, undefined)).not.toThrow();
    expect(() => requireVideoForm({ ...request, action: 'imagine' }, undefined)).not.toThrow();
  });
});
