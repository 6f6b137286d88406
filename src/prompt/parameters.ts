/**
 * Midjourney's versions that `/imagine` offers, newest first; gathered 2026-11 from Midjourney's public
 * documents. `flag` is what selects it behind a prompt. Version 8.2 is the default since 2026-07-24.
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

/** Those of the usual price and below: more takes more GPU time, and has no price here. */
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

/** Every spelling of a flag that one of our options writes, by option. */
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

/** Flags that make several jobs of one. */
export const countFlags = ['r', 'repeat'] as const;

/** Names that change what a task costs, and are read as flags right behind a word, too. */
export const costlyFlags: ReadonlySet<string> = new Set([...speedFlags, ...countFlags]);

/** Flags that stand alone: what follows them are words. Those of past versions are still read. */
const loneFlags = [
  ...speedFlags,
  ...['raw', 'tile', 'draft', 'hd', 'sd', 'edit', 'video', 'loop', 'stealth', 'public', 'preview'],
  ...['test', 'testp', 'creative', 'uplight', 'upbeta'],
];
/** Flags with several values, as codes and addresses. */
const listFlags = ['sref', 'cref', 'oref', 'p', 'profile'];
/** Flags with one value that none of our options writes. */
const otherFlags = [
  ...[...countFlags, 'zoom', 'stop', 'exp', 'sv', 'cw', 'ow'],
  ...['motion', 'end', 'bs', 'sameseed'],
];

/** Every name that Midjourney reads as a flag, and what it takes; gathered 2026-11 from its public documents. */
export const knownFlags: ReadonlyMap<string, 'words' | 'values' | 'value' | 'nothing'> = new Map([
  ...[...Object.values(optionFlags).flat(), ...otherFlags].map((name) => [name, 'value'] as const),
  ...listFlags.map((name) => [name, 'values'] as const),
  ...loneFlags.map((name) => [name, 'nothing'] as const),
  ['no', 'words'] as const,
]);

export type PromptOption = keyof typeof optionFlags;
