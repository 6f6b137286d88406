/**
 * JSON with exact ids: whole numbers that a JavaScript number can't hold are returned as the digits that were sent. A
 * byte order mark is skipped. `undefined` if the text isn't JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF+/u, ''), function exact(
      this: unknown,
      _key: string,
      value: unknown,
      context?: { source?: string },
    ) {
      const source = context?.source;
      if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value;
      return /^-?\d+$/.test(source) ? source : value;
    } as (this: unknown, key: string, value: unknown) => unknown);
  } catch (error) {
    // What is nested too deeply for this machine's stack is no answer of an API either.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What a JSON string holds, if that's an object or a list; anything else as it is. */
export function unwrapText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/u.test(value)) return value;
  return parseJson(value) ?? value;
}
