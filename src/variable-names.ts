/** How far apart the names of a variable and of a misspelled one may be: two letters swapped, left out or mistyped. */
const mostMistakes = 2;
/** Beginnings that hardly any other program uses. */
const ourBeginnings = /^(?:DISCORD|PROVIDER)_/u;
/** How the names of all our variables look. Others may be anything, even a key that was pasted in the wrong place. */
const ourSpelling = /^[A-Z][A-Z0-9_]*$/u;
const likeKey = /(?=[A-Z]*\d)[A-Z0-9]{16,}/u;

/** Common variables of other programs that come close to ours. */
const othersNames: ReadonlySet<string> = new Set(['FTP_PROXY', 'WS_PROXY', 'WSS_PROXY', 'HTTPS_PORT']);

/** Variables that are set, but that the program doesn't know, although they look like its own; with the one that may be meant. */
export function findMisspelled(
  set: readonly string[],
  known: readonly string[],
): Map<string, string | undefined> {
  const misspelled = new Map<string, string | undefined>();
  for (const name of set) {
    if (known.includes(name) || othersNames.has(name)) continue;
    if (!ourSpelling.test(name) || likeKey.test(name)) continue;
    const nearest = findNearest(name, known);
    if (nearest !== undefined || ourBeginnings.test(name)) misspelled.set(name, nearest);
  }
  return misspelled;
}

/** The word that differs from this one the least, if that can be a slip; `undefined` for short words, where any two are close. */
export function findNearest<Word extends string>(word: string, known: readonly Word[]): Word | undefined {
  const most = Math.min(mostMistakes, Math.floor((word.length - 1) / 2));
  const [nearest] = known
    .map((one) => ({ one, mistakes: countMistakes(word, one) }))
    .filter(({ mistakes }) => mistakes <= most)
    .toSorted((a, b) => a.mistakes - b.mistakes);
  return nearest?.one;
}

/** How many letters have to be changed, added or taken away to make one of the other (Levenshtein). */
function countMistakes(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, otherLetter] of [...other].entries()) {
      const changed = (row[at] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
