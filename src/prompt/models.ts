/**
 * Midjourney's versions and what each of them takes, as data: a new version is one row. What a row doesn't say, nobody has
 * documented.
 */

/** How a version takes a parameter. */
export type Rule =
  | { readonly is: 'taken' }
  /** `instead` is the parameter or the command that does the same in this version. */
  | { readonly is: 'missing'; readonly instead?: string }
  /** Any number from the first to the last. */
  | { readonly is: 'range'; readonly range: Range }
  | { readonly is: 'choice'; readonly values: readonly string[] }
  /** A ratio of whole numbers; `widest` is how many times as long one side may be as the other. */
  | { readonly is: 'ratio'; readonly widest?: number };

/** The smallest and the largest number, both allowed. */
export type Range = readonly [smallest: number, largest: number];

/**
 * By the shortest name of the parameter; `::` are the weights of a multi-prompt, and `codes` are the style versions that take
 * codes and `random`.
 */
export type Rules = Readonly<Partial<Record<string, Rule>>>;

export interface Model {
  /** As it's written behind `--v`; with `niji` in front for those. */
  readonly name: string;
  readonly flag: string;
  readonly rules: Rules;
  /** How wide a picture may be with `--hd`. */
  readonly widestInHd?: number;
  /** The day from which Midjourney no longer has it. */
  readonly goneSince?: string;
  /** The page of docs.midjourney.com that says so, and when it was read. */
  readonly source: string;
}

const taken: Rule = { is: 'taken' };
const missing: Rule = { is: 'missing' };
const instead = (what: string): Rule => ({ is: 'missing', instead: what });
const range = (smallest: number, largest: number): Rule => ({ is: 'range', range: [smallest, largest] });
const choice = (...values: string[]): Rule => ({ is: 'choice', values });
const upTo = (widest: number): Rule => ({ is: 'ratio', widest });

/** The widest range of any version since 4. */
export const ranges = {
  stylize: [0, 1000],
  chaos: [0, 100],
  weird: [0, 3000],
  seed: [0, 4_294_967_295],
  imageWeight: [0, 3],
  styleWeight: [0, 1000],
  omniWeight: [1, 1000],
} as const;

/** The same in almost every version. */
const everywhere: Rules = {
  ar: { is: 'ratio' },
  c: range(...ranges.chaos),
  seed: range(...ranges.seed),
  no: taken,
  v: taken,
  niji: taken,
};
/** Parameters of later versions. */
const notYet: Rules = Object.fromEntries(
  ['sref', 'sw', 'sv', 'cref', 'cw', 'oref', 'ow', 'exp', 'p', 'draft', 'hd', 'sd', 'edit'].map((name) => [
    name,
    missing,
  ]),
);
/** Up to version 3, style and images had other scales. */
const v1: Rules = {
  ...everywhere,
  ...notYet,
  s: range(0, 60_000),
  iw: range(-10_000, 10_000),
  stop: range(10, 100),
  '::': taken,
};
const v4: Rules = {
  ...v1,
  s: range(...ranges.stylize),
  iw: range(0.5, 2),
  q: choice('.25', '.5', '1'),
  raw: missing,
  style: choice('4a', '4b', '4c'),
};
const v5: Rules = { ...v4, w: range(...ranges.weird), tile: taken, style: missing };
const v51: Rules = { ...v5, raw: taken, style: choice('raw') };
/** Any code of the style tuner, too; it's gone, and its codes still work. */
const v52: Rules = { ...v51, style: taken };
const v6: Rules = {
  ...v51,
  ar: upTo(14),
  q: choice('.5', '1', '2'),
  iw: range(...ranges.imageWeight),
  sref: taken,
  sw: range(...ranges.styleWeight),
  sv: choice('1', '2', '3', '4'),
  cref: taken,
  cw: range(0, 100),
  p: taken,
};
const v7: Rules = {
  ...v6,
  q: choice('1', '2', '4'),
  exp: range(0, 100),
  stop: missing,
  '::': missing,
  sv: choice('1', '2', '3', '4', '5', '6'),
  codes: choice('4', '6'),
  cref: instead('--oref'),
  cw: instead('--ow'),
  oref: taken,
  ow: range(1, 1_000),
  draft: taken,
};
const { sv: _undocumented, codes: _unknown, draft: _contradictory, ...since7 } = v7;
const v8: Rules = {
  ...since7,
  q: missing,
  style: instead('--raw'),
  cref: instead('/edit'),
  cw: instead('/edit'),
  oref: instead('/edit'),
  ow: instead('/edit'),
  hd: taken,
  sd: taken,
  edit: taken,
  turbo: missing,
};
const { tile: _tile, q: _quality, raw: _raw, style: _style, exp: _experimental, ...sharedByNiji7 } = v7;
const niji7: Rules = {
  ...sharedByNiji7,
  iw: range(0, 2),
  '::': taken,
  sv: missing,
  cref: missing,
  cw: missing,
  oref: missing,
  ow: missing,
  draft: missing,
};
const niji5: Rules = {
  ...v51,
  iw: range(0.2, 2),
  style: choice('cute', 'expressive', 'original', 'scenic', 'raw'),
};

/** Newest first: the first one is the default (since 2026-07-24). */
export const models: readonly Model[] = [
  { name: '8.2', flag: '--v 8.2', rules: v8, widestInHd: 4, source: 'Version, HD, 2026-11' },
  { name: '8.1', flag: '--v 8.1', rules: v8, widestInHd: 4, source: 'Version, HD, 2026-11' },
  { name: '8', flag: '--v 8', rules: v8, widestInHd: 4, goneSince: '2026-07-24', source: 'Version, 2026-11' },
  { name: '7', flag: '--v 7', rules: v7, source: 'Version, Parameter List, Omni Reference, 2026-11' },
  { name: '6.1', flag: '--v 6.1', rules: v6, source: 'Version, Parameter List, 2026-11' },
  { name: '6', flag: '--v 6', rules: v6, source: 'Version, Parameter List, 2026-11' },
  { name: '5.2', flag: '--v 5.2', rules: v52, source: 'Legacy Features, 2026-11' },
  { name: '5.1', flag: '--v 5.1', rules: v51, source: 'Legacy Features, 2026-11' },
  { name: '5', flag: '--v 5', rules: v5, source: 'Legacy Features, 2026-11' },
  { name: '4', flag: '--v 4', rules: v4, source: 'Legacy Features, 2026-11' },
  { name: '3', flag: '--v 3', rules: v1, source: 'Legacy Features, 2026-11' },
  { name: '2', flag: '--v 2', rules: v1, source: 'Legacy Features, 2026-11' },
  { name: '1', flag: '--v 1', rules: v1, source: 'Legacy Features, 2026-11' },
  { name: 'niji 7', flag: '--niji 7', rules: niji7, source: 'Niji 7, Parameter List, 2026-11' },
  { name: 'niji 6', flag: '--niji 6', rules: v6, source: 'Niji, Legacy Features, 2026-11' },
  { name: 'niji 5', flag: '--niji 5', rules: niji5, source: 'Legacy Features, 2026-11' },
  { name: 'niji 4', flag: '--niji 4', rules: v4, source: 'Legacy Features, 2026-11' },
];

/** All versions since 4 together: what they turn down is certain even if nothing is known about a version. */
export const anyModel: Rules = {
  ...everywhere,
  s: range(...ranges.stylize),
  w: range(...ranges.weird),
  sw: range(...ranges.styleWeight),
  iw: range(...ranges.imageWeight),
  cw: range(0, 100),
  ow: range(1, 1_000),
  exp: range(0, 100),
  stop: range(10, 100),
};

/** Versions without a number: `--preview` changes over time, and the tests of versions 3 and 4 had the old scales. */
export const unnumbered: readonly Model[] = [
  { name: 'preview', flag: '--preview', rules: anyModel, source: 'Version, 2026-11' },
  { name: 'test', flag: '--test', rules: v1, source: 'Legacy Features, 2026-11' },
  { name: 'testp', flag: '--testp', rules: v1, source: 'Legacy Features, 2026-11' },
];

/** Videos have no versions. */
export const videoModel: Model = {
  name: 'video',
  flag: '--video',
  rules: { motion: choice('low', 'high'), bs: choice('1', '2', '4') },
  source: 'Video, 2026-11',
};

/** Those that `/imagine` offers. */
export const versions = ['8.2', '8.1', '7', '6.1', '6', '5.2', 'niji 7', 'niji 6', 'niji 5'] as const;
export type Version = (typeof versions)[number];

export function modelOf(name: string): Model | undefined {
  return models.find((one) => one.name === name);
}

/** Versions before 8 spell `--raw` as `--style raw`. */
export function spellsRawAsStyle(version: Version | undefined): boolean {
  const style = version === undefined ? undefined : modelOf(version)?.rules['style'];
  return style?.is !== 'missing' && version !== undefined;
}
