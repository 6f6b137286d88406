/**
 * Midjourney's versions that `/imagine` offers, newest first; from Midjourney's public documentation, 2026-11. `flag`
 * selects the version in a prompt. Version 8.2 has been the default since 2026-07-24.
 */
export const versions = [
  { name: '8.2', flag: '--v 8.2' },
  { name: '8.1', flag: '--v 8.1' },
  { name: '7', flag: '--v 7' },
  { name: '6.1', flag: '--v 6.1' },
  { name: '6', flag: '--v 6' },
  { name: '5.2', flag: '--v 5.2' },
  { name: 'niji 7', flag: '--niji 7' },
  { name: 'niji 6', flag: '--niji 6' },
  { name: 'niji 5', flag: '--niji 5' },
] as const;

export type Version = (typeof versions)[number]['name'];

/** Versions before 8 spell `--raw` as `--style raw`. */
export function spellsRawAsStyle(version: Version | undefined): boolean {
  return version !== undefined && !version.startsWith('8');
}

/** Qualities at the normal price or below: higher ones take more GPU time, and have no price here. */
export const qualities = ['0.25', '0.5', '1'] as const;
export type Quality = (typeof qualities)[number];

/** The widest range of any version, inclusive. */
export const ranges = {
  stylize: [0, 1000],
  chaos: [0, 100],
  weird: [0, 3000],
  seed: [0, 4_294_967_295],
  imageWeight: [0, 3],
  styleWeight: [0, 1000],
} as const;

/** The smallest and the largest number, both allowed. */
export type Range = readonly [smallest: number, largest: number];

/** The same in almost every version, by name in the prompt; gathered 2026-11 from docs.midjourney.com, Parameter List. */
const commonRanges: readonly (readonly [names: readonly string[], Range])[] = [
  [['s', 'stylize'], ranges.stylize],
  [['c', 'chaos'], ranges.chaos],
  [['w', 'weird'], ranges.weird],
  [['seed'], ranges.seed],
  [['sw'], ranges.styleWeight],
  [['cw'], [0, 100]],
  [['ow'], [1, 1_000]],
  [['exp'], [0, 100]],
  [['stop'], [10, 100]],
  [['iw'], ranges.imageWeight],
];

/** What differs in some versions and their minor ones; up to version 3, style and images had other scales. */
const otherRanges: readonly (readonly [version: string, names: readonly string[], Range])[] = [
  ...['1', '2', '3', 'test', 'testp'].flatMap((version) => [
    [version, ['s', 'stylize'], [0, 60_000]] as const,
    [version, ['iw'], [0, 10_000]] as const,
  ]),
  ['5', ['iw'], [0.5, 2]],
  ['niji 5', ['iw'], [0.2, 2]],
  ['niji 7', ['iw'], [0, 2]],
];

/** The ranges of a version's flags, by name; of all versions since 4 together if it's `undefined`. */
export function rangesOf(version: string | undefined): ReadonlyMap<string, Range> {
  const others = otherRanges
    .filter(([begin]) => version === begin || version?.startsWith(`${begin}.`) === true)
    .map(([, names, range]) => [names, range] as const);
  return new Map(
    [...commonRanges, ...others].flatMap(([names, range]) => names.map((name) => [name, range])),
  );
}

/** All spellings of the flags that our options write, by option. */
export const optionFlags = {
  aspect: ['ar', 'aspect'],
  version: ['v', 'version', 'niji'],
  stylize: ['s', 'stylize'],
  chaos: ['c', 'chaos'],
  weird: ['w', 'weird'],
  quality: ['q', 'quality'],
  seed: ['seed'],
  negative: ['no'],
  raw: ['raw', 'style'],
  tile: ['tile'],
  imageWeight: ['iw'],
  styleReference: ['sref'],
  styleWeight: ['sw'],
} as const;

/** Flags that set a speed; a speed has its own price, so it never stays in a prompt. */
export const speedFlags = ['fast', 'relax', 'turbo'] as const;

/** Flags that turn one job into several. */
export const countFlags = ['r', 'repeat'] as const;

/** Names that change what a task costs; they're read as flags even right after a word. */
export const costlyFlags: ReadonlySet<string> = new Set([...speedFlags, ...countFlags]);

/** Flags without a value: words may follow them. Those of past versions are still read. */
const loneFlags = [
  ...speedFlags,
  ...['raw', 'tile', 'draft', 'hd', 'sd', 'edit', 'video', 'loop', 'stealth', 'public', 'preview'],
  ...['test', 'testp', 'creative', 'uplight', 'upbeta'],
];
/** Flags with several values, such as codes and addresses. */
const listFlags = ['sref', 'cref', 'oref', 'p', 'profile'];
/** Flags with one value that aren't among our options. */
const otherFlags = [
  ...[...countFlags, 'zoom', 'stop', 'exp', 'sv', 'cw', 'ow'],
  ...['motion', 'end', 'bs', 'sameseed'],
];

/** All names that Midjourney reads as flags, and what they take; from its public documentation, 2026-11. */
export const knownFlags: ReadonlyMap<string, 'words' | 'values' | 'value' | 'nothing'> = new Map([
  ...[...Object.values(optionFlags).flat(), ...otherFlags].map((name) => [name, 'value'] as const),
  ...listFlags.map((name) => [name, 'values'] as const),
  ...loneFlags.map((name) => [name, 'nothing'] as const),
  ['no', 'words'] as const,
]);

export type PromptOption = keyof typeof optionFlags;
