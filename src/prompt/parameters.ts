/** Qualities at the normal price or below: higher ones take more GPU time, and have no price here. */
export const qualities = ['0.25', '0.5', '1'] as const;
export type Quality = (typeof qualities)[number];

/** All spellings of the flags that our options write, by option. */
export const optionFlags = {
  aspect: ['ar', 'aspect'],
  version: ['v', 'version', 'niji', 'preview', 'test', 'testp'],
  stylize: ['s', 'stylize'],
  chaos: ['c', 'chaos'],
  weird: ['w', 'weird'],
  quality: ['q', 'quality'],
  seed: ['seed'],
  negative: ['no'],
  raw: ['raw', 'style'],
  tile: ['tile'],
  hd: ['hd', 'sd'],
  imageWeight: ['iw'],
  profile: ['p', 'profile', 'personalize'],
  styleReference: ['sref'],
  styleWeight: ['sw'],
  omniReference: ['oref'],
  omniWeight: ['ow'],
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
const listFlags = ['sref', 'cref', 'oref', 'p', 'profile', 'personalize'];
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

/** The shorter of two names that mean the same. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['aspect', 'ar'],
  ['version', 'v'],
  ['stylize', 's'],
  ['chaos', 'c'],
  ['weird', 'w'],
  ['quality', 'q'],
  ['profile', 'p'],
  ['personalize', 'p'],
  ['repeat', 'r'],
]);

/** A parameter's name in the tables: in lower case, the shortest there is. */
export function toParameter(name: string): string {
  const lower = name.toLowerCase();
  return aliases.get(lower) ?? lower;
}

/** The only ones that a video takes, and those that only a video takes (docs.midjourney.com, Video, 2026-11). */
export const ofVideos: ReadonlySet<string> = new Set(['video', 'motion', 'loop', 'end', 'bs', 'raw']);
export const onlyInVideos: ReadonlySet<string> = new Set(['motion', 'loop', 'end']);

/** What means nothing without another one (docs.midjourney.com, Style Reference, Omni Reference, 2026-11). */
export const needs: Readonly<Record<string, string>> = { sw: 'sref', sv: 'sref', cw: 'cref', ow: 'oref' };

/** Pairs that exclude each other, maybe at one value alone; the second one goes (docs.midjourney.com, HD, Omni Reference, 2026-11). */
export const exclusive: readonly (readonly [kept: string, dropped: string, value?: string])[] = [
  ['hd', 'sd'],
  ['oref', 'draft'],
  ['oref', 'q', '4'],
];
