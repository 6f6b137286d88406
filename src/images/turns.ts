/**
 * Pictures are decoded one after another, so that they share the machine with whatever else people are waiting for: two at
 * a time take two of the four threads that Node does look-ups of names, files and documents with. Usual pictures never
 * stand behind large ones.
 */

/** A 4096² upscale is one of these. */
const usualPixels = 17_000_000;

type Lane = 'usual' | 'large';

const ends: Record<Lane, Promise<unknown>> = { usual: Promise.resolve(), large: Promise.resolve() };

/** Does the work once all that came before it has ended: one usual and one large picture at a time. */
export function inTurn<Value>(pixels: number, work: () => Promise<Value>): Promise<Value> {
  const lane = pixels > usualPixels ? 'large' : 'usual';
  const turn = ends[lane].then(work);
  ends[lane] = turn.catch(() => undefined);
  return turn;
}
