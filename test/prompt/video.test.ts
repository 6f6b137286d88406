import { describe, expect, it } from 'vitest';
import { takeVideoFlags, type VideoOptions } from '../../src/prompt/video.ts';

describe('the flags of a video', () => {
  it.each<[text: string, chosen: VideoOptions, rest: string, options: VideoOptions]>([
    ['it waves', {}, 'it waves', {}],
    ['it waves --motion high', {}, 'it waves', { motion: 'high' }],
    ['it waves --MOTION Low --loop', {}, 'it waves', { motion: 'low', isLoop: true }],
    ['it waves --bs 1 --raw', { motion: 'low' }, 'it waves --raw', { motion: 'low', clips: 1 }],
    ['\u2014bs 2', {}, '', { clips: 2 }],
    ['it waves --loop slowly', {}, 'it waves slowly', { isLoop: true }],
    ['--motion high --motion high', {}, '', { motion: 'high' }],
    // Not those of an option, or no flags at all.
    ['it waves --raw --end https://e.org/1.png', {}, 'it waves --raw --end https://e.org/1.png', {}],
    ['a bs-loop motion', { isLoop: true }, 'a bs-loop motion', { isLoop: true }],
  ])('of %j with %j leave %j', (text, chosen, rest, options) => {
    const taken = takeVideoFlags(text, chosen);
    expect(taken).toEqual({ text: rest, options, overridden: [] });
  });

  it('count more than the options, which people are told', () => {
    const taken = takeVideoFlags('it waves --motion high --bs 1 --loop', { motion: 'low', clips: 4 });
    expect(taken.options).toEqual({ motion: 'high', clips: 1, isLoop: true });
    expect(taken.overridden).toEqual([
      { flag: '--motion high', option: 'motion' },
      { flag: '--bs 1', option: 'clips' },
    ]);
    expect(takeVideoFlags('--motion low', { motion: 'low' }).overridden).toEqual([]);
  });

  it.each(['--motion medium', '--motion', '--bs 3', '--bs', '--bs 04', '--motion low --motion high'])(
    'have to be one of their values: %s',
    (text) => {
      expect(() => takeVideoFlags(`it waves ${text}`, {})).toThrow('option-malformed');
    },
  );
});
