import { z } from 'zod';
import { words } from '../foreign-words.ts';
import { unwrapText } from '../json.ts';
import { findScalar, idForm, type Layer } from '../layers.ts';
import { type Button, buttonSchema } from './buttons.ts';
import { readCode } from './refusals.ts';

/** An address as text, in an object of its own, or none that can be read. */
const address = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]).catch('');

function listOfEach<T>(entry: z.ZodType<T>) {
  const list = z
    .array(z.unknown())
    .transform((entries) => entries.flatMap((one) => entry.safeParse(one).data ?? []));
  return z.preprocess(unwrapText, list.nullish());
}

/** A field that can't be read is none, and one odd entry of a list costs the others nothing. */
const taskSchema = z.object({
  action: words,
  description: words,
  status: words,
  state: words,
  progress: words,
  imageUrl: address.nullish(),
  imageUrls: listOfEach<string>(address).catch(undefined),
  videoUrl: address.nullish(),
  videoUrls: listOfEach<string>(address).catch(undefined),
  failReason: words,
  /** Absent where an API has no buttons at all; null where it has, and none can be read. */
  buttons: listOfEach<Button>(buttonSchema).catch(null),
  prompt: words,
  promptEn: words,
  properties: z.preprocess(unwrapText, z.object({ finalPrompt: words }).nullish()).catch(undefined),
});
export type MjTask = Partial<z.infer<typeof taskSchema>> & {
  readonly id: string;
  /** What came instead of it, if it couldn't be fetched. */
  readonly unread?: unknown;
};

/** The one name of a task in this API, and what gateways that rewrite it call it. */
const idNames = ['id', 'taskId', 'mjId', 'result'] as const;

/**
 * A task as a list or a fetch shows it; `undefined` if it's none. Field names may be in snake_case. A fetch has asked for
 * one id, which stands for whatever is written in the answer: an id that came as a number has lost its leading zeros.
 */
export function toTask(entry: unknown, askedId?: string): MjTask | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const layer = toCamelCase(entry);
  const shown = findScalar([layer], idNames, idForm);
  const isTask =
    shown !== undefined ? readCode(layer) === undefined || 'status' in layer : looksLikeTask(layer);
  if (!isTask) return undefined;
  if (askedId !== undefined && shown !== undefined && withoutZeros(shown) !== withoutZeros(askedId))
    return undefined;
  const id = askedId ?? shown;
  return id === undefined ? undefined : { ...taskSchema.parse(layer), id };
}

function looksLikeTask(layer: Layer): boolean {
  const fields = ['progress', 'action', 'imageUrl', 'submitTime', 'failReason'];
  return typeof layer['status'] === 'string' && fields.some((name) => name in layer);
}

function withoutZeros(id: string): string {
  return id.replace(/^0+/u, '');
}

function toCamelCase(fields: object): Layer {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
