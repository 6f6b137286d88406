/** Answers of APIs nest ten levels deep at most. */
const mostDepth = 100;

/**
 * Reads JSON with exact ids: whole numbers that a JavaScript number can't hold are returned as the digits that were sent.
 * Skips a byte order mark. Returns `undefined` if the text isn't JSON, or is nested more deeply than any answer.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  const json = text.replace(/^\uFEFF+/u, '');
  try {
    // Visiting all values takes many times as long, and only long numbers can lose digits.
    if (!/\d{16}/u.test(json)) return JSON.parse(json);
    return JSON.parse(json, function exact(
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
    // Anything nested too deeply for the stack isn't an answer of an API either.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether brackets nest too deeply to be read; brackets in strings don't count. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length && depth <= mostDepth; at += 1) {
    const character = text[at];
    if (isInText && character === '\\') at += 1;
    else if (character === '"') isInText = !isInText;
    else if (isInText) continue;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
  }
  return depth > mostDepth;
}

/** Returns what a JSON string holds, if that's an object or a list; anything else as it is. */
export function unwrapText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/u.test(value)) return value;
  return parseJson(value) ?? value;
}
