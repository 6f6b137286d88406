import { unwrapText } from './json.ts';

/** Any object in an answer. */
export type Layer = Readonly<Record<string, unknown>>;

/** Field names under which gateways put the whole answer of the API behind them. */
const envelopes = ['data', 'result', 'response', 'body', 'task'] as const;
const lists = [...envelopes, 'items', 'list', 'tasks', 'records', 'rows'] as const;
const deepest = 4;

/**
 * The objects that may be the answer, the outermost first: gateways wrap what the API behind them says (`{data: …}`), put
 * it in a list of one, or pass it on as text.
 */
export function layersOf(value: unknown, depth = deepest): Layer[] {
  const json = unwrapText(value);
  if (typeof json !== 'object' || json === null || depth === 0) return [];
  if (Array.isArray(json)) return json.length === 1 ? layersOf(json[0], depth) : [];
  const layer = json as Layer;
  return [layer, ...envelopes.flatMap((name) => layersOf(layer[name], depth - 1))];
}

/**
 * Returns the list that an answer is or wraps; `undefined` if there's no list. Null counts as an empty one, since that's
 * how Go writes a list without entries.
 */
export function listOf(value: unknown, depth = deepest): unknown[] | undefined {
  const json = unwrapText(value);
  if (json === null) return [];
  if (Array.isArray(json)) return json;
  if (typeof json !== 'object' || depth === 0) return undefined;
  const layer = json as Layer;
  return lists.flatMap((name) => (name in layer ? [listOf(layer[name], depth - 1)] : [])).find(Boolean);
}

/** Null, an empty list, or an object without anything in it. */
export function isNothing(json: unknown): boolean {
  if (json === null) return true;
  return typeof json === 'object' && Object.values(json).every((value) => value === null);
}

/** The first text or number under one of these names, as text; earlier names win. */
export function findScalar(
  layers: readonly Layer[],
  names: readonly string[],
  fits: RegExp,
): string | undefined {
  const values = names.flatMap((name) => layers.map((layer) => layer[name]));
  return values
    .map((value) => (Array.isArray(value) && value.length === 1 ? value[0] : value))
    .flatMap((value) =>
      typeof value === 'string' || typeof value === 'number' ? [String(value).trim()] : [],
    )
    .find((value) => fits.test(value));
}

/** Ids of all APIs: digits, or words that contain some. Messages such as "success" don't count. */
export const idForm = /^(?=.*\d)[\w,.:-]{1,500}$/u;
