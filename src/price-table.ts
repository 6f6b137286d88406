import { z } from 'zod';
import { type Action, followUpActions, startActions } from './task.ts';

/** Names that stand for several actions in `PROVIDER_<NAME>_PRICES`; a family may have the same name as one of its actions. */
export const priceFamilies = {
  vary: ['variation', 'vary-subtle', 'vary-strong', 'vary-region'],
  upscale: [
    'upscale',
    'upscale-2x',
    'upscale-4x',
    'upscale-subtle',
    'upscale-creative',
    'enlarge',
    'redo-upscale-2x',
    'redo-upscale-4x',
    'redo-upscale-subtle',
    'redo-upscale-creative',
  ],
  zoom: ['zoom', 'zoom-2x', 'zoom-1.5x', 'custom-zoom', 'square'],
  pan: ['pan-left', 'pan-right', 'pan-up', 'pan-down'],
  describe: ['describe', 'redescribe'],
  video: [
    ...(['video', 'animate-high', 'animate-low', 'reroll-video', 'extend-high', 'extend-low'] as const),
    'other-video',
  ],
  animate: ['animate-high', 'animate-low'],
  extend: ['extend-high', 'extend-low'],
} as const satisfies Readonly<Record<string, readonly Action[]>>;

/**
 * What a price is multiplied by, in percent: at these speeds, for 720p videos, for fewer clips than four, for picture and
 * style references of version 8, for omni references, and for HD pictures.
 */
export const priceFactors = [
  ...(['relax', 'turbo', '720p', '2-clips', '1-clip', 'v8-references', 'omni-reference', 'hd'] as const),
] as const;
export type PriceFactor = (typeof priceFactors)[number];

/** What an operator sets in place of a kind's prices. */
export interface PriceTable {
  /** Whole points at fast speed. */
  readonly points: Readonly<Partial<Record<Action, number>>>;
  /** Whole percents. */
  readonly percents: Readonly<Partial<Record<PriceFactor, number>>>;
}

/** More than any allowance or budget would allow, but small enough that no product loses digits. */
const mostPoints = 1_000_000;
const mostPercent = 10_000;

const actions: readonly Action[] = [...startActions, ...followUpActions];
const names: readonly string[] = [
  ...new Set<string>([...Object.keys(priceFamilies), ...actions, ...priceFactors]),
];

/**
 * `imagine=100, upscale=50, upscale-creative=200, relax=40`: what isn't named keeps the kind's price, and the narrower name
 * wins, no matter which comes first.
 */
export const priceTable = z.string().transform((text, context): PriceTable => {
  const entries = text.split(',').map((entry) => entry.split('=').map((part) => part.trim()));
  const problems = entries.map((entry, index) =>
    entries.findIndex(([name]) => isSameName(name, entry[0])) < index && isName(entry[0])
      ? `names ${entry[0]?.toLowerCase()} twice`
      : findProblem(entry),
  );
  for (const problem of problems) if (problem !== undefined) context.addIssue(problem);
  const set = new Map(entries.map(([name = '', value = '']) => [name.toLowerCase(), Number(value)]));
  return {
    points: pick(actions, (action) => set.get(namesOf(action).find((name) => set.has(name)) ?? '')),
    percents: pick(priceFactors, (name) => set.get(name)),
  };
});

/** Returns the names that set an action's price, from its own to that of its largest family. */
function namesOf(action: Action): readonly string[] {
  const families = Object.entries<readonly Action[]>(priceFamilies)
    .filter(([, members]) => members.includes(action))
    .toSorted(([, one], [, other]) => one.length - other.length);
  return [action, ...families.map(([name]) => name)];
}

function pick<Name extends string>(
  names: readonly Name[],
  readValue: (name: Name) => number | undefined,
): Partial<Record<Name, number>> {
  const known = names
    .map((name) => [name, readValue(name)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<Record<Name, number>>;
}

function isSameName(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

function isName(text = ''): boolean {
  return names.includes(text.toLowerCase());
}

/** Quotes only words that we know: what was typed may be a secret in the wrong place. */
function findProblem([name = '', value = '', ...rest]: readonly string[]): string | undefined {
  if (!isName(name)) return `each part must be one of ${names.join(', ')}, then = and a whole number`;
  const known = name.toLowerCase();
  const isFactor = priceFactors.some((factor) => factor === known);
  const most = isFactor ? mostPercent : mostPoints;
  const isWhole = /^\d{1,7}$/.test(value) && Number(value) <= most && rest.length === 0;
  const unit = isFactor ? 'percent' : 'points';
  return isWhole ? undefined : `${known} must be a whole number of ${unit}, from 0 to ${most}`;
}
