import type { Mutant } from '../mutant.ts';

const choice = { file: 'src/accounts/choose.ts', tests: ['test/service/edits.test.ts'] };

/** Edits with several pictures. */
export const edits: readonly Mutant[] = [
  {
    ...choice,
    name: 'edits: several pictures go to an API that takes one',
    find: 'editModelInputs === undefined ? 1 : mostEdited',
    replace: 'mostEdited',
    breaks: 'Somebody pays for an edit that leaves out their other images.',
  },
  {
    ...choice,
    name: 'edits: a mask goes along with several pictures',
    find: 'usesEditModel(work) && work.region !== undefined',
    replace: 'false',
    breaks: 'Somebody pays for an edit of the whole picture instead of a part.',
  },
  {
    ...choice,
    name: 'edits: any words go along with several pictures',
    find: '  requireEditable(work);',
    replace: '',
    breaks: 'Somebody pays for words that Midjourney turns down.',
  },
  {
    name: 'edits: the name of a picture buys a speed',
    file: 'src/prompt/scan.ts',
    find: ' || usesEditModel({ action, pictures });',
    replace: ';',
    breaks: 'A file called a--turbo.png is made at turbo speed for the price of fast.',
    tests: ['test/service/edits.test.ts', 'test/prompt/sent.test.ts'],
  },
  {
    name: 'edits: several pictures cost as much as one at Ace',
    file: 'src/prompt/references.ts',
    find: ' && !usesEditModel({ action, pictures })',
    replace: '',
    breaks: 'The operator pays four times as much as the person.',
    tests: ['test/points/prices.test.ts'],
  },
  {
    name: 'edits: a picture loses its role on the way to the API',
    file: 'src/inputs/prepare.ts',
    find: 'role === undefined ? loaded : { ...loaded, role }',
    replace: 'loaded',
    breaks: 'What is in the image appears, instead of its style.',
    tests: ['test/service/edits.test.ts'],
  },
  {
    ...choice,
    name: 'edits: a part of a grid goes to an API that fetches all of it',
    find: "by === 'address' && work.pictures.some(({ quarter }) => quarter !== undefined)",
    replace: 'false',
    breaks: 'Somebody pays for an edit of the whole grid.',
    tests: ['test/service/menu-work.test.ts'],
  },
  {
    name: 'edits: all of a grid is sent in place of one of its pictures',
    file: 'src/inputs/pictures.ts',
    find: 'quarter === undefined ? given : await cutQuarter(given, quarter)',
    replace: 'given',
    breaks: 'Somebody pays for an edit of four pictures at once.',
    tests: ['test/inputs/pictures.test.ts'],
  },
  {
    name: 'edits: an edit is made again without its mask',
    file: 'src/service/menu-edits.ts',
    find: 'mask === undefined ? menu.region :',
    replace: 'mask === undefined ? undefined :',
    breaks: 'All of a picture is changed, instead of a part.',
    tests: ['test/service/menu-work.test.ts'],
  },
  {
    name: 'edits: a mask that is gone is left out',
    file: 'src/service/menu-work.ts',
    find: '[...given, ...(region?.picture ? [region.picture] : [])]',
    replace: '[...given]',
    breaks: 'Somebody pays for an edit that ends for want of its mask.',
    tests: ['test/service/menu-work.test.ts'],
  },
  {
    name: 'edits: uploaded pictures keep their own addresses',
    file: 'src/providers/mj-proxy/uploads.ts',
    find: "url: addresses[at] ?? ''",
    replace: 'at',
    breaks: 'An upload is paid for and not used.',
    tests: ['test/providers/mj-proxy-uploads.test.ts'],
  },
];
