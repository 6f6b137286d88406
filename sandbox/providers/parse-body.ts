/** A body as JSON; as its text where it is none, and `undefined` where there is none. */
export function parseBody(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
