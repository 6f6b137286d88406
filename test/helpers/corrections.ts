import type { FindingDetails } from '../../src/errors.ts';

/** A prompt with something wrong in it, and what becomes of it on the way to its picture. */
export interface Correction {
  readonly typed: string;
  /** What is chosen next to it. */
  readonly options?: Readonly<Record<string, string | boolean>>;
  /** `video` needs a picture, too. */
  readonly command?: 'video';
  /** The kind of account that it's for. */
  readonly at: 'mjproxy' | 'acedata' | 'apixo';
  /** A part of what its person is told. */
  readonly says: string;
  /** What is sent once they press **Use the corrected prompt**. */
  readonly corrected: string;
  /** Whether it may be sent as it is, too. */
  readonly isSendable: boolean;
  /** What the corrected one costs. */
  readonly price: number;
}

const usual = { at: 'mjproxy', price: 100 } as const;

/** Only Midjourney can tell whether it works. */
const doubtful = (typed: string, says: string, corrected: string, changes: Partial<Correction> = {}) =>
  ({ ...usual, typed, says, corrected, isSendable: true, ...changes }) satisfies Correction;
/** It never works. */
const wrong = (typed: string, says: string, corrected: string, changes: Partial<Correction> = {}) =>
  ({ ...usual, typed, says, corrected, isSendable: false, ...changes }) satisfies Correction;

/** Prompts for each kind of finding. They're pressed through as a client does it, and in a browser. */
export const corrections: Readonly<Record<keyof FindingDetails, readonly [Correction, ...Correction[]]>> = {
  'one-dash': [
    doubtful('a fox -ar 3:2', 'Parameters start with two dashes', 'a fox --ar 3:2'),
    doubtful('a fox - ar 3:2', 'not `- ar 3:2`?', 'a fox --ar 3:2'),
  ],
  'words-behind': [
    doubtful('a fox --ar 3:2 in snow', 'comes after `--ar 3:2`', 'a fox in snow --ar 3:2'),
    doubtful('--ar 3:2 a fox', 'comes after `--ar 3:2`', 'a fox --ar 3:2'),
  ],
  'flag-misspelled': [
    wrong('a fox --stlize 50', 'Did you mean `--stylize`?', 'a fox --stylize 50'),
    wrong('a fox --ratio 3:2', 'Did you mean `--ar`?', 'a fox --ar 3:2'),
  ],
  'flag-unknown': [
    wrong('a fox --foo 50', "doesn't know the parameter `--foo`", 'a fox'),
    wrong('a well--known fox', "doesn't know the parameter `--known`", 'a well -- known fox'),
  ],
  quoted: [doubtful('a fox --ar “3:2”', 'has quotation marks', 'a fox --ar 3:2')],
  commas: [
    doubtful('a fox --sref 12, 34', 'has commas in it', 'a fox --sref 12 34'),
    doubtful('a fox --weird 1,000', 'should be `--weird 1000`', 'a fox --weird 1000'),
  ],
  repeated: [
    doubtful('a fox --s 50 --stylize 100', 'more than once', 'a fox --stylize 100'),
    doubtful('a fox --no hats --no trees', 'should be `--no hats, trees`', 'a fox --no hats, trees'),
  ],
  'value-missing': [
    doubtful('a fox --no', '`--no` needs a value after it', 'a fox'),
    doubtful('a fox --niji', '`--niji` needs a value after it', 'a fox --niji 7'),
  ],
  'version-unknown': [doubtful('a fox --v 9', "doesn't know version `9` yet", 'a fox --v 8.2')],
  'version-gone': [wrong('a fox --v 8', 'no longer has version `8`', 'a fox --v 8.2')],
  'not-in-version': [
    wrong('a fox --q 1 --v 8.2', "Version 8.2 doesn't support `--q`.", 'a fox --v 8.2'),
    wrong('a fox --q 1 --v 8.1', "Version 8.1 doesn't support `--q`.", 'a fox --v 8.1', { at: 'acedata' }),
    wrong('a fox', "Version 7 doesn't support `--hd`.", 'a fox --v 7', {
      options: { hd: true, version: '7' },
    }),
  ],
  'not-in-default': [doubtful('a fox --q .5', 'Version 8.2, which you get if you', 'a fox')],
  'maybe-not-in-version': [
    doubtful('a fox --draft --v 8.2', 'may not support `--draft`', 'a fox --v 8.2'),
    doubtful('a fox --tile --niji 7', 'may not support `--tile`', 'a fox --niji 7'),
  ],
  renamed: [
    wrong('a fox --style raw --v 8.2', 'uses `--raw` instead of `--style raw`', 'a fox --raw --v 8.2'),
    wrong(
      'a fox --cref https://e.org/a.png --v 7',
      'Version 7 uses `--oref` instead of `--cref`.',
      'a fox --oref https://e.org/a.png --v 7',
      { price: 200 },
    ),
  ],
  'use-command': [
    wrong('a fox --cref https://e.org/a.png --v 8.2', 'Use `/edit` to work from an image', 'a fox --v 8.2'),
  ],
  'no-weights': [
    wrong('hot::2 dog --v 7', "doesn't support weights like `::2`", 'hot, dog --v 7'),
    wrong('hot:: dog::-1 --v 8.2', "doesn't support weights like `::`", 'hot --v 8.2 --no dog'),
  ],
  'out-of-range': [
    wrong('a fox --s 5000', 'takes a number from 0 to 1,000', 'a fox --s 1000'),
    wrong('a fox --c -5', 'The nearest is 0', 'a fox --c 0'),
  ],
  'not-a-choice': [
    wrong('a fox --q .25 --v 6', 'it takes .5, 1, or 2', 'a fox --q .5 --v 6'),
    doubtful('a fox --style cute --v 6', 'it takes raw', 'a fox --v 6'),
  ],
  'not-a-number': [doubtful('a fox --s high', 'it takes a number', 'a fox')],
  'not-a-ratio': [
    wrong('a fox --ar 1.85:1', 'That would be `37:20`', 'a fox --ar 37:20'),
    doubtful('a fox --ar wide', "isn't an aspect ratio", 'a fox'),
  ],
  'too-wide': [
    wrong('a fox --ar 20:1 --v 7', 'The limit is `14:1`', 'a fox --ar 14:1 --v 7'),
    wrong('a fox --ar 1:20 --v 8.2', 'The limit is `1:14`', 'a fox --ar 1:14 --v 8.2'),
  ],
  'too-wide-in-hd': [
    wrong('a fox --hd --ar 5:1 --v 8.2', "HD images can't go beyond `4:1`", 'a fox --ar 5:1 --v 8.2'),
    wrong('a fox --ar 1:5', "HD images can't go beyond `4:1`", 'a fox --ar 1:5', { options: { hd: true } }),
  ],
  'not-a-style': [doubtful('a fox --sref red', "isn't a style", 'a fox')],
  'not-a-profile': [
    doubtful(`a fox --p ${'a'.repeat(200)}`, "isn't a profile or a moodboard", 'a fox'),
    doubtful('a fox --p abc123 my_taste2', "isn't a profile or a moodboard", 'a fox --p abc123'),
  ],
  'not-a-link': [
    doubtful('a fox --cref 1234 --v 6', "isn't a link", 'a fox --v 6'),
    doubtful('a fox --cref red --v 6.1', 'It takes a link to an image', 'a fox --v 6.1'),
  ],
  'only-one-image': [
    doubtful(
      'a fox --oref https://e.org/a.png https://e.org/b.png --v 7',
      '`--oref` takes only one image',
      'a fox --oref https://e.org/a.png --v 7',
      { price: 200 },
    ),
  ],
  'style-version': [
    wrong('a fox --sref 12 --sv 2 --v 7', 'need version 4 or 6', 'a fox --sref 12 --sv 4 --v 7'),
  ],
  'needs-picture': [wrong('a fox --iw 2', 'only works with a reference image', 'a fox')],
  'needs-flag': [doubtful('a fox --sw 50', 'only works with `--sref`', 'a fox')],
  excluded: [
    wrong('a fox --hd --sd --v 8.2', "`--sd` doesn't work together with `--hd`", 'a fox --hd --v 8.2', {
      price: 163,
    }),
    wrong(
      'a fox --oref https://e.org/a.png --draft --v 7',
      "`--draft` doesn't work together with `--oref`",
      'a fox --oref https://e.org/a.png --v 7',
      { price: 200 },
    ),
  ],
  'option-overridden': [
    doubtful('a fox --ar 3:2', 'so the `aspect` option', 'a fox --ar 3:2', { options: { aspect: '16:9' } }),
    doubtful('a fox --sd', 'so the `hd` option', 'a fox --sd', { options: { hd: true } }),
  ],
  'only-in-videos': [wrong('a fox --motion high', 'only works in `/video`', 'a fox')],
  'not-in-videos': [
    wrong('it waves --ar 16:9', "Videos don't support `--ar`.", 'it waves', { command: 'video', price: 800 }),
  ],
  'only-in-zooms': [doubtful('a fox --zoom 2', 'only works with **Custom Zoom**', 'a fox')],
  'not-at-provider': [
    wrong('a fox --seed 5', "This bot's provider doesn't support `--seed 5`.", 'a fox', { at: 'apixo' }),
    wrong('a fox', "This bot's provider doesn't support `--hd`.", 'a fox', {
      at: 'apixo',
      options: { hd: true },
    }),
  ],
  'no-turbo': [
    wrong('a fox --v 8.2 --turbo', 'Version 8.2 has no turbo speed.', 'a fox --v 8.2'),
    wrong('a fox', 'Version 8.1 has no turbo speed.', 'a fox --v 8.1', {
      at: 'acedata',
      options: { version: '8.1', speed: 'turbo' },
    }),
  ],
};

/** The rows for one kind of account, with the finding that each is about. */
export function listCorrections(at: Correction['at']): (Correction & { code: keyof FindingDetails })[] {
  const codes = Object.keys(corrections) as (keyof FindingDetails)[];
  const rows = codes.flatMap((code) => corrections[code].map((row) => ({ ...row, code })));
  return rows.filter((row) => row.at === at);
}
