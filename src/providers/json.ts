/** Answers of APIs have ten levels at most. */
const mostDepth = 100;

/**
 * JSON with exact ids: whole numbers that a JavaScript number can't hold are returned as the digits that were sent. A
 * byte order mark is skipped. `undefined` if the text isn't JSON, or is nested more deeply than any answer.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  const json = text.replace(/^\uFEFF+/u, '');
  try {
    // Going through all values takes many times as long, and only long numbers can lose digits.
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
    // What is nested too deeply for this machine's stack is no answer of an API either.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether brackets stand within brackets more often than is read; those in texts count as none. */
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

/** What a JSON string holds, if that's an object or a list; anything else as it is. */
export function unwrapText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/u.test(value)) return value;
  return parseJson(value) ?? value;
}
