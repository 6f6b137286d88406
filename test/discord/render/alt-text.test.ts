import { describe, expect, it } from 'vitest';
import { toAltTexts } from '../../../src/discord/render/alt-text.ts';
import { renderTask } from '../../../src/discord/render/task.ts';
import { english } from '../../../src/locales/index.ts';
import type { TaskRequest } from '../../../src/task.ts';
import { anOffer, aTask } from '../../helpers/tasks.ts';

const taskOf = (request: Partial<TaskRequest>) => ({
  ...aTask({ state: 'done' }),
  request: { ...aTask().request, ...request },
});
const show = (request: Partial<TaskRequest>, names = ['1.png'], missing: number[] = []) =>
  toAltTexts(taskOf(request), { as: 'files', names, ...(missing.length === 0 ? {} : { missing }) }, english);
const picture = (name: string) => ({ name, url: 'https://p.example/1.png' });
const upscale = anOffer({ action: 'upscale', index: 3 });

describe('the alt text', () => {
  it.each<[string, Partial<TaskRequest>, string]>([
    ['of a grid is the prompt', { prompt: 'a fox --ar 3:2' }, 'a fox --ar 3:2'],
    ['of U3', { action: 'upscale', prompt: 'a fox', offer: upscale }, 'a fox (image 3)'],
    [
      'of U3 that is shown again',
      { action: 'upscale', prompt: 'a fox', offer: upscale, copyOf: 'x' },
      'a fox (image 3)',
    ],
    [
      'of a blend names its pictures',
      { action: 'blend', prompt: '', pictures: [picture('a.png'), picture('b.png')] },
      'a.png and b.png',
    ],
    [
      'without words says what it is',
      { action: 'variation', prompt: '', offer: anOffer({ action: 'variation', index: 2 }) },
      'Variations · image #2',
    ],
    ['is on one line', { prompt: 'a\nfox\u202e' }, 'a fox'],
  ])('%s', (_, request, text) => {
    expect(show(request)).toEqual([text]);
  });

  it.each(['describe', 'shorten'] as const)('is missing under %s, which makes no picture', (action) => {
    expect(show({ action, prompt: 'a fox', pictures: [picture('a.png')] })).toEqual([undefined]);
    const task = taskOf({ action, pictures: [picture('a.png')] });
    const { attachments } = renderTask(task, english, { shown: { as: 'files', names: ['1.png'] } });
    expect(attachments).toEqual([{ id: '0', filename: '1.png' }]);
  });

  it('of several files says which one each is, by the number in the whole set', () => {
    expect(show({ prompt: 'a fox' }, ['1.png', '2.png'])).toEqual(['a fox (1 of 2)', 'a fox (2 of 2)']);
    expect(show({ prompt: 'a fox' }, ['1.png', '2.png', '4.png'], [2])).toEqual([
      'a fox (1 of 4)',
      'a fox (2 of 4)',
      'a fox (4 of 4)',
    ]);
  });

  it.each([
    ['words', 'long word '.repeat(400), /^(?:long word ?)+…/u],
    ['one endless word', 'x'.repeat(4_000), /^x+…/u],
    ['Hebrew', 'שועל אדום '.repeat(400), /^\u2068(?:שועל אדום ?)+(?:שועל)?…\u2069/u],
    ['emoji', '👨‍👩‍👧‍👦'.repeat(600), /^(?:👨‍👩‍👧‍👦)+…/u],
  ])('of a prompt that is too long is cut between %s, and the number stays', (_, prompt, form) => {
    const [text = ''] = show({ prompt }, ['1.png', '2.png']);
    expect(text.length).toBeLessThanOrEqual(1_024);
    expect(text.length).toBeGreaterThan(900);
    expect(text).toMatch(form);
    expect(text).toMatch(/ \(1 of 2\)$/u);
  });
});
