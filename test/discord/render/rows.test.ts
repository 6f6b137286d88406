import { describe, expect, it } from 'vitest';
import {
  createGridButtons,
  createPickedVideoButtons,
  createSingleButtons,
  createUpscaledButtons,
  createVideoButtons,
} from '../../../sandbox/providers/mj-proxy/buttons.ts';
import { arrangeRows } from '../../../src/discord/render/rows.ts';
import { renderTask } from '../../../src/discord/render/task.ts';
import { english } from '../../../src/locales/index.ts';
import { toPictureOffers, toVideoOffers } from '../../../src/providers/acedata/actions.ts';
import { toOffer } from '../../../src/providers/mj-proxy/buttons.ts';
import { followUpActions, type Offer } from '../../../src/task.ts';
import { aTask } from '../../helpers/tasks.ts';

interface Shown {
  label?: string;
  emoji?: { name: string };
  options?: { label: string }[];
}

/** What each row of a result's message says. */
function rowsOf(offers: readonly Offer[], text: string[] = []): string[] {
  const task = aTask({ state: 'done', result: { media: [], text, offers } });
  return renderTask(task, english).components.map(({ components }) =>
    (components as Shown[])
      .map(({ label, emoji, options }) =>
        options === undefined
          ? [emoji?.name, label].filter(Boolean).join(' ')
          : `More: ${options.map((option) => option.label).join(', ')}`,
      )
      .join(' | '),
  );
}

type Buttons = readonly { customId: string }[];
const offersOf = (buttons: Buttons) => buttons.flatMap((button) => toOffer(button) ?? []);
const numbers = [1, 2, 3, 4];
const each = (action: 'upscale' | 'variation' | 'enlarge' | 'enhance') =>
  numbers.map((index): Offer => ({ action, index, token: 't' }));

const offersOfActions = (...actions: Offer['action'][]) =>
  actions.map((action): Offer => ({ action, token: 't' }));

describe('rows of buttons', () => {
  it.each<[string, readonly Offer[], string[]]>([
    [
      'a grid of the mj-proxy family',
      offersOf(createGridButtons('job')),
      ['U1 | U2 | U3 | U4 | 🔄', 'V1 | V2 | V3 | V4', '❤️ | 🗑️'],
    ],
    [
      'a picture of version 7, with all that there is',
      offersOf(createSingleButtons('job', { version: '7', isSquare: false })),
      [
        'Upscale (Subtle) | Creative | Vary (Subtle) | Strong | Region',
        '🔍 2x | 1.5x | Custom | Square',
        '⬅️ | ➡️ | ⬆️ | ⬇️',
        'Animate (High motion) | Low | Tile (8x) | Bookmark',
        '❤️ | 🗑️',
      ],
    ],
    [
      'a picture of version 5',
      offersOf(createSingleButtons('job', { version: '5', isSquare: true })),
      [
        'Upscale (2x) | 4x',
        '🪄 Vary (Subtle) | Strong | Region',
        '🔍 Zoom Out 2x | 1.5x | Custom',
        '⬅️ | ➡️ | ⬆️ | ⬇️',
        'Bookmark | ❤️ | 🗑️',
      ],
    ],
    [
      'an upscaled picture',
      offersOf(createUpscaledButtons('job', { version: '7', isSquare: false })),
      [
        'Upscale (Subtle) | Creative',
        '🪄 Vary (Subtle) | Strong | Region',
        '🔍 2x | 1.5x | Custom | Square',
        '🎞️ Animate (High motion) | Low',
        'Bookmark | ❤️ | 🗑️',
      ],
    ],
    ['a set of videos', offersOf(createVideoButtons('job')), ['U1 | U2 | U3 | U4 | 🔄', '❤️ | 🗑️']],
    ['a video', offersOf(createPickedVideoButtons('job')), ['🎞️ Extend (High motion) | Low | ❤️ | 🗑️']],
    [
      'a grid of Ace',
      toPictureOffers(['upscale1', 'upscale2', 'upscale3', 'upscale4', 'reroll', 'variation1', 'variation2']),
      ['U1 | U2 | U3 | U4 | 🔄', 'V1 | V2 | ❤️ | 🗑️'],
    ],
    [
      'four videos of Ace',
      toVideoOffers(4),
      [
        'U1 | U2 | U3 | U4',
        'Extend 1 (High) | H2 | H3 | H4',
        'Extend 1 (Low) | L2 | L3 | L4',
        '🎞️ Extend (Manual) | ❤️ | 🗑️',
      ],
    ],
    [
      'a draft of APIXO',
      [
        ...each('upscale'),
        { action: 'reroll', token: 't' },
        ...each('variation'),
        ...each('enlarge'),
        ...each('enhance'),
      ],
      [
        'U1 | U2 | U3 | U4 | 🔄',
        'V1 | V2 | V3 | V4',
        'Upscale 1 | 2 | 3 | 4',
        'Enhance 1 | E2 | E3 | E4',
        '❤️ | 🗑️',
      ],
    ],
    [
      'a picture that is made square before',
      offersOfActions('square', 'zoom-2x'),
      ['Make Square | Zoom Out 2x | ❤️ | 🗑️'],
    ],
    [
      'a grid without 🔄, where no V stands with U',
      [...each('upscale'), ...each('variation')],
      ['U1 | U2 | U3 | U4', 'V1 | V2 | V3 | V4', '❤️ | 🗑️'],
    ],
  ])('%s', (_what, offers, rows) => {
    expect(rowsOf(offers)).toEqual(rows);
  });

  it('leave what has no room to a menu, and keep 🗑️ above it', () => {
    const offers = followUpActions.map((action) => ({ action, token: 't' }));
    const rows = rowsOf(offers);
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)).toMatch(/^More: /);
    expect(rows.at(-2)).toMatch(/🗑️$/);
  });

  const split = (groups: string[]) => groups.map((text) => [...text]);
  const joined = (alone: string[], others: string[], last = ['-']) =>
    arrangeRows({ alone: split(alone), others: split(others), last }).rows.map((row) => row.join(''));

  it('share a row where that makes room for all', () => {
    const others = ['abc', 'de', 'fghi', 'jklm', 'nopq', 'rst'];
    expect(joined([], others)).toEqual(['abcde', 'fghi', 'jklm', 'nopq', 'rst-']);
  });

  it('share none with what stands alone', () => {
    expect(joined(['u', 'v'], ['abc', 'd', 'efgh', 'i'])).toEqual(['u', 'v', 'abcd', 'efgh', 'i-']);
  });

  it('have one of their own for the last ones if the row above is full', () => {
    expect(joined([], ['abcde'])).toEqual(['abcde', '-']);
    expect(joined([], [])).toEqual(['-']);
    expect(joined([], [], [])).toEqual([]);
  });
});
