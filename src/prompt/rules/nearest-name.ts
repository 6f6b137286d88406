import { costlyFlags, knownFlags } from '../parameters.ts';

/** What people type who know other programs. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['ratio', 'ar'],
  ['aspectratio', 'ar'],
  ['aspect-ratio', 'ar'],
  ['negative', 'no'],
  ['model', 'v'],
  ['ver', 'v'],
  ['style-ref', 'sref'],
  ['styleref', 'sref'],
  ['moodboard', 'p'],
  ['personalization', 'p'],
]);

/** Nobody is talked into a parameter that changes the price. */
const unsuggested: ReadonlySet<string> = new Set([
  ...costlyFlags,
  'video',
  'bs',
  'hd',
  'oref',
  'edit',
  'draft',
  // Nobody who misspells a name means those of past versions.
  ...['test', 'testp', 'creative', 'uplight', 'upbeta', 'sameseed'],
]);
const suggested = [...knownFlags.keys()].filter((name) => name.length > 1 && !unsuggested.has(name));
const longest = 16;

/** The known name that was probably meant; `undefined` if none is near. */
export function nearestName(written: string): string | undefined {
  const typed = written.toLowerCase();
  if (typed.length > longest) return undefined;
  const synonym = synonyms.get(typed);
  if (synonym !== undefined) return synonym;
  const most = typed.length < 3 ? 0 : typed.length < 6 ? 1 : 2;
  const near = suggested
    .filter((name) => Math.abs(name.length - typed.length) <= most)
    .map((name) => ({ name, steps: countSteps(typed, name) }))
    .filter(({ steps }) => steps <= most);
  return near.toSorted((one, other) => one.steps - other.steps)[0]?.name;
}

/** How many letters to add, drop, replace, or swap with their neighbor. */
function countSteps(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const steps = [
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + Number(!isSame),
      ];
      const isSwapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwapped) steps.push((before[column - 2] ?? 0) + 1);
      next.push(Math.min(...steps));
    }
    before = last;
    last = next;
  }
  return last[to.length] ?? 0;
}
