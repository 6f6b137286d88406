/**
 * Pictures are decoded one after another, to leave room for everything else that people wait for: two at a time already
 * take two of the four threads that Node uses for name lookups, files and documents. Normal pictures never wait for large
 * ones.
 */

/** A 4096² upscale is still a normal picture. */
const usualPixels = 17_000_000;

type Lane = 'usual' | 'large';

const ends: Record<Lane, Promise<unknown>> = { usual: Promise.resolve(), large: Promise.resolve() };

/** Does the work once everything before it is done: one normal and one large picture at a time. */
export function inTurn<Value>(pixels: number, work: () => Promise<Value>): Promise<Value> {
  const lane = pixels > usualPixels ? 'large' : 'usual';
  const turn = ends[lane].then(work);
  ends[lane] = turn.catch(() => undefined);
  return turn;
}
