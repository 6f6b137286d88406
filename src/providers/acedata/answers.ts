import { z } from 'zod';
import { ProviderError } from '../../errors.ts';
import type { Facts, Media, Ref, Update } from '../../task.ts';
import type { HttpAnswer } from '../http.ts';
import { unwrapText } from '../json.ts';
import { findScalar, idForm, type Layer, layersOf, listOf } from '../layers.ts';
import { isUnknownAction, toPictureOffers, toVideoOffers } from './actions.ts';
import { readFault, readTraceId, throwForRefusal, toFailed } from './errors.ts';

/** Ids have up to 19 digits; they come as text, and http.ts would make numbers that long text, too. */
const id = z.union([z.string().min(1), z.number()]).transform(String);
const optionalId = id.nullish().catch(undefined);
const optionalText = z.string().min(1).nullish().catch(undefined);
const texts = z
  .array(z.unknown())
  .nullish()
  .catch(undefined)
  .transform((values) => (values ?? []).filter((value) => typeof value === 'string' && value !== ''))
  .pipe(z.array(z.string()));

/** Addresses as texts, or each in its own object. */
const addresses = z
  .preprocess(unwrapText, z.array(z.unknown()).nullish().catch(undefined))
  .transform((values) => (values ?? []).flatMap((value) => toAddress(value) ?? []));

function toAddress(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return findScalar([value as Layer], ['url', 'video_url', 'videoUrl', 'image_url', 'src'], /./u);
}

/** As a boolean, a text or a number. */
const flag = z.preprocess(
  (value) => (value === 'true' || value === 1 ? true : value === 'false' || value === 0 ? false : value),
  z.boolean().nullish().catch(undefined),
);

const percent = z.union([
  z.number().min(0).max(100),
  z
    .string()
    .regex(/^\d{1,3}(\.\d+)?%?$/)
    .transform(Number.parseFloat)
    .pipe(z.number().max(100)),
]);

/** A number in every published answer, and a text in openapi/midjourney.json. */
const pixels = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().int().positive().max(1_000_000))
  .nullish()
  .catch(undefined);

/** Seconds, with a fraction (openapi/midjourney.json). */
const seconds = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().positive().max(1e11))
  .transform((value) => Math.round(value * 1_000))
  .nullish()
  .catch(undefined);

/** A result: the whole answer of a synchronous call, the `response` of a task, or the body of a callback. */
const resultSchema = z.object({
  success: flag,
  task_id: optionalId,
  image_id: optionalId,
  video_id: optionalId,
  image_url: optionalText,
  raw_image_url: optionalText,
  sub_image_urls: addresses,
  video_urls: addresses,
  descriptions: texts,
  image_width: pixels,
  image_height: pixels,
  raw_image_width: pixels,
  raw_image_height: pixels,
  job_id: optionalText,
  progress: percent.nullish().catch(undefined),
  actions: texts,
  error: z.unknown().optional(),
  finished_at: z.unknown().optional(),
});
type Result = z.infer<typeof resultSchema>;

const recordSchema = z.object({
  id,
  image_id: optionalId,
  response: z.preprocess(unwrapText, resultSchema.nullish()).catch(undefined),
  started_at: seconds,
  finished_at: z.unknown().optional(),
  created_at: z.coerce.number().nullish().catch(undefined),
  request: z
    .object({ callback_url: optionalText, action: optionalText, prompt: optionalText })
    .nullish()
    .catch(undefined),
});
export type AcedataRecord = z.infer<typeof recordSchema>;

/**
 * What a record tells; `doubtful` if one of the vendor's own clients would call it failed and another running, or if an action
 * of unknown outcome has ended with nothing to show so far.
 */
export type Told = Update | { state: 'doubtful'; reason?: string; isEmpty?: true };

/** Reads the answer to a submit. Accepted and finished look the same, except for the media (concepts/async-tasks). */
export function readSubmit(answer: HttpAnswer): { ref: Ref; update: Update; traceId?: string } {
  throwForRefusal(answer);
  const traceId = readTraceId(layersOf(answer.json));
  const results = layersOf(answer.json).map((layer) =>
    resultSchema.parse({ ...layer, task_id: findScalar([layer], ['task_id', 'taskId'], idForm) }),
  );
  const result = results.find((one) => one.task_id || mediaOf(one).length > 0) ?? results[0];
  if (result === undefined)
    throw new ProviderError('malformed', 'the answer to a submit has an unknown shape', {
      status: answer.status,
    });
  const ref: Ref = result.task_id ? { id: result.task_id } : {};
  const told = tell(result, { ref, isFinished: false });
  if (told.state !== 'done' && result.task_id == null) {
    throw new ProviderError('malformed', 'the submit was accepted without an id', { status: answer.status });
  }
  return {
    ref,
    update: told.state === 'doubtful' ? { state: 'running' } : withFacts(told, readFacts(result)),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** Reads what the task list says about one task. */
export function readRecord(record: AcedataRecord): Told {
  const { response } = record;
  if (response == null) return { state: 'running' };
  const isFinished = isSet(record.finished_at) || isSet(response.finished_at);
  const told = tell(
    { ...response, image_id: response.image_id ?? record.image_id },
    { ref: record, isFinished },
  );
  if (told.state === 'doubtful') return told;
  const isEmpty = told.state === 'running' && isFinished && response.success === true;
  if (isEmpty && isUnknownAction(record.request?.action)) return { state: 'doubtful', isEmpty };
  return withFacts(told, readFacts(response, record));
}

/** Until its end a task has the size of an unfinished picture. */
function withFacts(update: Update, facts: Facts): Update {
  const isOver = update.state === 'done' || update.state === 'failed';
  return isOver && Object.keys(facts).length > 0 ? { ...update, facts } : update;
}

/** Of a video, the sizes are its cover's. */
function readFacts(result: Result, record?: AcedataRecord): Facts {
  const hasRaw = result.raw_image_width != null && result.raw_image_height != null;
  const width = hasRaw ? result.raw_image_width : result.image_width;
  const height = hasRaw ? result.raw_image_height : result.image_height;
  const isSized = width != null && height != null && !result.video_id;
  const finishedAt = seconds.parse(record?.finished_at ?? result.finished_at);
  return {
    ...(record?.created_at == null ? {} : { submittedAt: Math.round(record.created_at * 1_000) }),
    ...(record?.started_at == null ? {} : { startedAt: record.started_at }),
    ...(finishedAt == null ? {} : { finishedAt }),
    ...(isSized ? { width, height } : {}),
    ...(result.job_id != null && uuid.test(result.job_id) ? { jobId: result.job_id } : {}),
  };
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;

/**
 * No field says the state (concepts/async-tasks), and the vendor's clients disagree (MCP server, TypeScript SDK, web page).
 * A task has ended here if more than one of them would say so.
 */
function tell(result: Result, { ref, isFinished }: { ref: { id?: string }; isFinished: boolean }): Told {
  const fault = readFault(result.error);
  const hasMedia = mediaOf(result).length > 0 || result.descriptions.length > 0;
  if (result.success !== true && fault?.code !== undefined) return toFailed(fault);
  if (result.success === false) {
    if (isFinished) return toFailed(fault ?? {});
    return { state: 'doubtful', ...(fault?.message === undefined ? {} : { reason: fault.message }) };
  }
  // Some services only say why, at the end.
  if (isFinished && !hasMedia && result.success !== true && fault !== undefined) return toFailed(fault);
  const progress = result.progress ?? undefined;
  if (hasMedia && (isFinished || progress === undefined || progress === 100)) return toDone(result, ref.id);
  return {
    state: 'running',
    ...(progress === undefined ? {} : { progress }),
    ...(result.image_url ? { preview: result.image_url } : {}),
  };
}

function toDone(result: Result, taskId: string | undefined): Update {
  const { image_id: image, video_id: video, video_urls: videos, descriptions } = result;
  const offers = videos.length > 0 && video ? toVideoOffers(videos.length) : [];
  return {
    state: 'done',
    media: mediaOf(result),
    ...(descriptions.length === 0 ? {} : { text: descriptions }),
    // Without an image id, nothing more can be done with a picture.
    offers: image ? [...offers, ...toPictureOffers(result.actions)] : offers,
    ref: {
      ...(taskId === undefined ? {} : { id: taskId }),
      ...(image ? { image } : {}),
      ...(video ? { video } : {}),
    },
  };
}

/** The videos, never their covers; or the picture in full size: `image_url` is a thumbnail (imagine guide). */
function mediaOf(result: Result): Media[] {
  if (result.video_urls.length > 0 || result.video_id)
    return result.video_urls.map((url) => ({ kind: 'video', url }));
  const url = result.raw_image_url ?? result.image_url;
  return (url ? [url] : result.sub_image_urls).map((one) => ({ kind: 'picture', url: one }));
}

/** The records of a list that can be read; one odd entry doesn't spoil the others. */
export function readRecords(json: unknown): AcedataRecord[] {
  const items = listOf(json);
  if (items === undefined) throw new ProviderError('malformed', 'the task list has an unknown shape');
  const records = items.flatMap((item) => toRecord(item) ?? []);
  if (records.length === 0 && items.length > 0) {
    throw new ProviderError('malformed', 'the task list holds nothing that can be read');
  }
  return records;
}

/** The one task that was asked for, in any wrapping. */
export function readOneRecord(json: unknown, askedId: string): AcedataRecord {
  const layers = layersOf(json);
  const record = layers.find((layer) => 'response' in layer);
  const shown = record === undefined ? [...layers, ...(listOf(json) ?? [])] : [record];
  const found = shown
    .flatMap((layer) => toRecord(layer, record && askedId) ?? [])
    .find(({ id: shownId }) => shownId === askedId);
  if (found === undefined) throw new ProviderError('malformed', 'a task has an unknown shape');
  return found;
}

function toRecord(value: unknown, knownId?: string): AcedataRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const layer: Record<string, unknown> = { ...value };
  return recordSchema.safeParse({ ...layer, id: layer['id'] ?? layer['task_id'] ?? knownId }).data;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
