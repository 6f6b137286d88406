import type { Mutant } from '../mutant.ts';

const lists = { file: 'src/points/prices.ts', tests: ['test/points/price-lists.test.ts'] };
const table = { file: 'src/price-table.ts', tests: ['test/price-table.test.ts'] };
const priceFile = { file: 'src/points/prices.ts', tests: ['test/points/prices.test.ts'] };

/** What things cost. */
export const prices: readonly Mutant[] = [
  {
    ...priceFile,
    name: 'prices: a fraction is rounded down',
    find: 'Math.ceil((points[action]',
    replace: 'Math.floor((points[action]',
    breaks: 'A cheap action at relaxed speed is free.',
  },
  {
    ...priceFile,
    name: 'prices: every action of a video is tall',
    find: "options?.resolution === '720p'",
    replace: 'options?.resolution !== undefined',
    breaks: 'A video of 480 lines costs as much as one of 720.',
  },
  {
    ...priceFile,
    name: 'prices: what goes on from a video is a set of pictures',
    find: "if (videoActions.has(action)) return 'video';",
    replace: "if (action === 'video') return 'video';",
    breaks: 'Extending a video costs an eighth of what it takes.',
  },
  {
    ...lists,
    name: 'prices: a video at Ace is dear',
    find: 'swap: 100, video: 400 }',
    replace: 'swap: 100, video: 800 }',
    breaks: 'Videos of Ace Data Cloud cost twice as much as they take.',
  },
  {
    ...lists,
    name: 'prices: a shorten at Ace is dear',
    find: 'describe: 20, shorten: 20,',
    replace: 'describe: 20, shorten: 100,',
    breaks: 'A text costs as much as four pictures.',
  },
  {
    ...lists,
    name: 'prices: a swap at AIGC2D is dear',
    find: 'toList(\n    { set: 100, upscale: 10, describe: 50, shorten: 50, swap: 50, video: 800 },\n    { variation: 50 },',
    replace:
      'toList(\n    { set: 100, upscale: 10, describe: 50, shorten: 50, swap: 100, video: 800 },\n    { variation: 50 },',
    breaks: 'A swap costs twice as much as it takes.',
  },
  {
    ...lists,
    name: 'prices: U1–U4 of midjourney-proxy cost as much as a real upscale',
    find: "action !== 'upscale').map",
    replace: "action !== 'redo').map",
    breaks: 'Cutting a grid costs an imagine.',
  },
  {
    ...priceFile,
    name: 'prices: what the operator sets is not counted',
    find: 'points: { ...points, ...set.points }',
    replace: 'points: { ...set.points, ...points }',
    breaks: 'PROVIDER_<NAME>_PRICES does nothing.',
  },
  {
    ...table,
    name: 'price table: the wider name counts',
    find: 'one.length - other.length',
    replace: 'other.length - one.length',
    breaks: 'extend=400 is overridden by video=800.',
  },
  {
    ...table,
    name: 'price table: a family goes before an action',
    find: 'return [action, ...families',
    replace: 'return [...families.map(([name]) => name).slice(0, 1), action, ...families',
    breaks: 'upscale-creative=200 is overridden by upscale=50.',
  },
  {
    ...table,
    name: 'price table: zoom-1.5x belongs to no family',
    find: "zoom: ['zoom', 'zoom-2x', 'zoom-1.5x',",
    replace: "zoom: ['zoom', 'zoom-2x',",
    breaks: 'zoom=80 sets all zooms but one.',
  },
  {
    ...table,
    name: 'price table: a region is no variation',
    find: "'vary-strong', 'vary-region']",
    replace: "'vary-strong']",
    breaks: 'vary=60 leaves a region at its own price.',
  },
  {
    ...table,
    name: 'price table: the largest price is refused',
    find: 'Number(value) <= most',
    replace: 'Number(value) < most',
    breaks: 'A value that the message calls allowed is refused.',
  },
  {
    ...table,
    name: 'price table: percents as large as points',
    find: 'isFactor ? mostPercent : mostPoints',
    replace: 'mostPoints',
    breaks: 'relax=1000000 makes a relaxed picture cost a million.',
  },
  {
    ...table,
    name: 'price table: a value stands in the message',
    find: '${known} must be a whole number',
    replace: '${known}=${value} must be a whole number',
    breaks: 'A key that was pasted into the wrong variable is printed.',
  },
  {
    name: 'receipts: an odd price is told each time',
    file: 'src/accounts/receipts.ts',
    find: 'difference === undefined || findDifference(before) !== undefined',
    replace: 'difference === undefined',
    breaks: 'The log repeats one line with every picture.',
    tests: ['test/accounts/receipts.test.ts'],
  },
];
