/** Numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/** A seed for `createRandom` from any texts or numbers; equal parts make equal seeds (FNV-1a). */
export function toSeed(...parts: readonly (string | number)[]): number {
  let seed = 0x811c9dc5;
  for (const character of parts.join('\u0000')) {
    seed = Math.imul(seed ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return seed >>> 0;
}

/** A small generator that returns the same numbers for the same seed (mulberry32). Not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}
