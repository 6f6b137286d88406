import { z } from 'zod';
import { words } from '../foreign-words.ts';
import { unwrapText } from '../json.ts';
import { findScalar, idForm, type Layer } from '../layers.ts';
import { type Button, buttonSchema } from './buttons.ts';
import { readCode } from './refusals.ts';

/** An address as text or in its own object; anything else counts as missing. */
const address = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]).catch('');

function listOfEach<T>(entry: z.ZodType<T>) {
  const list = z
    .array(z.unknown())
    .transform((entries) => entries.flatMap((one) => entry.safeParse(one).data ?? []));
  return z.preprocess(unwrapText, list.nullish());
}

/** A field that can't be read counts as missing, and one odd entry of a list doesn't spoil the others. */
const taskSchema = z.object({
  action: words,
  description: words,
  status: words,
  state: words,
  progress: words,
  submitTime: words,
  startTime: words,
  finishTime: words,
  mode: words,
  seed: words,
  jobId: words,
  imageWidth: words,
  imageHeight: words,
  width: words,
  height: words,
  imageUrl: address.nullish(),
  imageUrls: listOfEach<string>(address).catch(undefined),
  videoUrl: address.nullish(),
  videoUrls: listOfEach<string>(address).catch(undefined),
  failReason: words,
  /** Absent if an API has no buttons at all; null if it has, but none can be read. */
  buttons: listOfEach<Button>(buttonSchema).catch(null),
  prompt: words,
  promptEn: words,
  properties: z
    .preprocess(
      unwrapText,
      z.object({ finalPrompt: words, messageContent: words, messageHash: words }).nullish(),
    )
    .catch(undefined),
});
export type MjTask = Partial<z.infer<typeof taskSchema>> & {
  readonly id: string;
  /** What came instead, if it couldn't be fetched. */
  readonly unread?: unknown;
};

/** What a task's id is called in this API, and by gateways that rewrite it. */
const idNames = ['id', 'taskId', 'mjId', 'result'] as const;

/**
 * A task as a list or a fetch shows it; `undefined` if it isn't a task. Field names may be in snake_case. A fetch asked for
 * one id, which counts instead of the one in the answer: an id that came as a number has lost its leading zeros.
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
