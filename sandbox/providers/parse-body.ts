/** The body as JSON, as text if it isn't JSON, or `undefined` if there is no body. */
export function parseBody(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
