import { z } from 'zod';
import { ProviderError, UserError } from '../../errors.ts';
import { hasTurbo } from '../../prompt/kinds.ts';
import { type Ref, speeds, type Update } from '../../task.ts';
import { type Http, type HttpAnswer, readShape } from '../http.ts';
import { isNothing } from '../layers.ts';
import { locateMedia } from '../media-address.ts';
import { toUnread } from '../one-by-one.ts';
import {
  type Provider,
  type ProviderRequest,
  type ProviderTraits,
  promptedPictures,
  type SentWords,
  type Submitted,
} from '../provider.ts';
import { acedataActions } from './actions.ts';
import {
  type AcedataRecord,
  readOneRecord,
  readRecord,
  readRecords,
  readSubmit,
  type Told,
} from './answers.ts';
import { throwForRefusal } from './errors.ts';
import { versionOf } from './prompt.ts';
import { toCall } from './requests.ts';

export interface AcedataOptions {
  http: Http;
  apiKey: string;
  baseUrl?: string | undefined;
}

export const acedataBaseUrl = 'https://api.acedata.cloud';
const minute = 60_000;
const lookBatch = 50;
/** How many looks in a row have to say "failed, but not finished", or see nothing, before that's the end of the task. */
const doubtsToFail = 3;

/**
 * Per token, five tasks in flight and one submit a second (AceDataCloud/Docs, faq/concurrency); at most 50 ids in one look
 * (AceDataCloud/MCPs, task_tools.py).
 */
export const acedataTraits: ProviderTraits = {
  maxInFlight: 5,
  taskTimeoutMs: 15 * minute,
  pollFloorMs: 3_000,
  findsByPrompt: false,
  lookBatch,
  submitEveryMs: 1_000,
  // "One or two minutes" for images, edits and videos alike (AceDataCloud/MidjourneyAPI, integration guides).
  usualMs: { set: { fast: 90_000 }, video: { fast: 90_000 } },
  // "1-5" addresses at the beginning of a prompt (AceDataCloud/MidjourneyAPI, imagine guide).
  mostPictures: { imagine: 5, blend: 5 },
  masksEdits: true,
  keepsFilesDays: 30, // AceDataCloud/Docs, storage
  // `resolution`, `end_image_url`; no field for the number of clips (AceDataCloud/MidjourneyMCP, video_tools.py).
  videos: { clips: [4], resolutions: ['480p', '720p'], takesEnd: true, is720pFast: false },
  // `mode` goes with every call (openapi/midjourney.json).
  takesPressSpeeds: true,
  // Only addresses, with at most 25 MB behind each (AceDataCloud/Docs, storage); the types are those of Midjourney's own prompts.
  inputs: promptedPictures,
  editModelInputs: promptedPictures,
};

const seedSchema = z.object({ seed: z.union([z.string().min(1), z.number()]).transform(String) });
const callbackSchema = z.object({ task_id: z.string().min(1) });

/**
 * Ace Data Cloud. Its refs hold the task's `id` and, once there's a result, `image` or `video`, which follow-ups need.
 * Describe and shorten are answered at once and leave no task: their refs are empty.
 */
export function createAcedata({ http, apiKey, baseUrl: base = acedataBaseUrl }: AcedataOptions): Provider {
  const headers = { authorization: `Bearer ${apiKey}` };
  const doubts = new Map<string, number>();

  function post(path: string, body: unknown, signal: AbortSignal): Promise<HttpAnswer> {
    return http.request({ method: 'POST', url: `${base}${path}`, headers, body, signal });
  }

  async function submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted> {
    switch (request.action) {
      case 'describe': {
        const body = { image_url: request.pictures[0]?.url };
        return readTexts(await post('/midjourney/describe', body, signal), 'descriptions');
      }
      case 'shorten':
        return readTexts(await post('/midjourney/shorten', { prompt: request.prompt }, signal), 'prompts');
      default: {
        const { path, body } = toCall(request);
        // With `async` the call returns at once, with or without a callback address.
        const ways = { async: true, callback_url: request.callbackUrl ?? toDummyAddress(request.reference) };
        const submitted = readSubmit(await post(path, { ...body, ...ways }, signal));
        return { ...submitted, update: locateMedia(submitted.update, base) };
      }
    }
  }

  /**
   * Without a callback, our reference goes into a dummy address that the vendor suggests for this (AceDataCloud/Skills,
   * async-tasks.md): the API keeps it with the task, so a lost task can be found by it.
   */
  function toDummyAddress(reference: string): string {
    return `${base}/health?reference=${encodeURIComponent(reference)}`;
  }

  async function look(refs: readonly Ref[], signal: AbortSignal): Promise<Map<string, Update>> {
    const ids = refs.flatMap((ref) => ref['id'] ?? []);
    const records = await readTasks(ids, signal);
    return new Map(records.map((record) => [record.id, readLooked(record)]));
  }

  /** If one can't be read, the others still can. */
  function readLooked(record: AcedataRecord): Update {
    try {
      return locateMedia(settle(record.id, readRecord(record)), base);
    } catch (error) {
      return toUnread(error);
    }
  }

  async function readTasks(ids: readonly string[], signal: AbortSignal): Promise<AcedataRecord[]> {
    const [id] = ids;
    if (id === undefined) return [];
    // The list shows 12 by default (openapi/midjourney.json).
    const list = { action: 'retrieve_batch', ids, offset: 0, limit: ids.length };
    const body = ids.length === 1 ? { action: 'retrieve', id } : list;
    const answer = await post('/midjourney/tasks', body, signal);
    throwForRefusal(answer);
    if (isUnknown(answer)) return [];
    if (ids.length === 1) return [readOneRecord(answer.json, id)];
    return readRecords(answer.json).filter((record) => ids.includes(record.id));
  }

  /** "Failed" without an end or a code, and an end without a result, only count once several looks in a row have seen them. */
  function settle(id: string, told: Told): Update {
    if (told.state !== 'doubtful') {
      doubts.delete(id);
      return told;
    }
    const count = (doubts.get(id) ?? 0) + 1;
    doubts.set(id, count);
    if (count < doubtsToFail) return { state: 'running' };
    doubts.delete(id);
    if (told.isEmpty === true) return { state: 'done', media: [], offers: [] };
    const reason = told.reason === undefined ? {} : { reason: told.reason };
    return { state: 'failed', kind: 'rejected', ...reason };
  }

  /** The newest tasks of this key. */
  async function list(signal: AbortSignal): Promise<AcedataRecord[]> {
    const body = { action: 'retrieve_batch', offset: 0, limit: lookBatch };
    const answer = await post('/midjourney/tasks', body, signal);
    throwForRefusal(answer);
    return isUnknown(answer) ? [] : readRecords(answer.json);
  }

  /** Searches for the callback address that was sent. */
  async function find(reference: string, signal: AbortSignal): Promise<Ref | undefined> {
    const isOurs = ({ request }: AcedataRecord) => namesReference(request?.callback_url ?? '', reference);
    const found = (await list(signal)).find(isOurs);
    return found === undefined ? undefined : { id: found.id };
  }

  async function findAlike(sent: SentWords, signal: AbortSignal): Promise<readonly Ref[]> {
    const records = await list(signal);
    // If the API keeps anybody's address, it would have kept ours: records without one are another program's.
    if (records.some(({ request }) => request?.callback_url)) return [];
    return records.filter((record) => isAlike(record, sent)).map(({ id }) => ({ id }));
  }

  async function seed(ref: Ref, signal: AbortSignal): Promise<string> {
    const image = ref['image'];
    if (image === undefined) throw new ProviderError('rejected', 'only pictures have a seed');
    const answer = await post('/midjourney/seed', { image_id: image }, signal);
    throwForRefusal(answer);
    return readShape(seedSchema, answer.json, 'a seed').seed;
  }

  async function translate(content: string, signal: AbortSignal): Promise<string> {
    const answer = await post('/midjourney/translate', { content }, signal);
    throwForRefusal(answer);
    return readShape(z.object({ content: z.string().min(1) }), answer.json, 'a translation').content;
  }

  return {
    actions: acedataActions,
    speeds: new Set(speeds),
    submit,
    look,
    find,
    findAlike,
    seed,
    translate,
    review({ action, prompt, speed }) {
      // Videos have no relax (videos guide).
      const isVideo = action === 'video' || action.startsWith('extend-');
      const isMissing =
        speed === 'turbo'
          ? !isVideo && !hasTurbo('acedata', versionOf(prompt) ?? '')
          : speed === 'relax' && isVideo;
      if (isMissing) throw new UserError('speed-unavailable', { speed });
      return [];
    },
    callback(body) {
      const { data } = callbackSchema.safeParse(body);
      return data === undefined ? undefined : { id: data.task_id };
    },
  };
}

/**
 * For unknown tasks the answer is `{}` with HTTP 200 (AceDataCloud/APIs, tasks guide), which others write as null or as
 * nothing.
 */
function isUnknown({ status, text, json }: HttpAnswer): boolean {
  return status < 300 && (text.trim() === '' || isNothing(json));
}

/** Texts come at once: there's no task, and nothing to look at later. */
function readTexts(answer: HttpAnswer, field: 'descriptions' | 'prompts'): Submitted {
  throwForRefusal(answer);
  const schema = z.object({ [field]: z.array(z.string()).min(1) });
  const text = readShape(schema, answer.json, `the answer with ${field}`)[field] ?? [];
  return { ref: {}, update: { state: 'done', media: [], text, offers: [] } };
}

/** Whether a record may be what those words started. Its times are in seconds (openapi). */
function isAlike(
  { created_at, request }: AcedataRecord,
  { action, prompt, since, until }: SentWords,
): boolean {
  const createdAt = (created_at ?? Number.NaN) * 1_000;
  const isInTime = createdAt >= since && createdAt <= until;
  if (action !== 'imagine' || request == null || !isInTime) return false;
  return request.prompt === prompt && (request.action ?? 'generate') === 'generate';
}

/** Whether an address has our reference as a part of its path, or as a value in its query. */
function namesReference(address: string, reference: string): boolean {
  if (!URL.canParse(address)) return false;
  const { pathname, searchParams } = new URL(address);
  return pathname.split('/').includes(reference) || [...searchParams.values()].includes(reference);
}
