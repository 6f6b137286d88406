import { z } from 'zod';
import { ProviderError } from '../../errors.ts';
import type { Media, Update } from '../../task.ts';
import { type HttpAnswer, readShape } from '../http.ts';
import { buttonSchema } from './buttons.ts';
import { toOffers } from './offers.ts';
import type { MjProxyRow } from './rows.ts';
import { isTextTask, readPrompts } from './texts.ts';

/** Ids come as text or as numbers, and are text from here on. */
const id = z.union([z.string(), z.number()]).transform(String);

const submitSchema = z.object({
  code: z.coerce.number(),
  description: z.string().nullish(),
  result: z
    .union([id, z.array(z.unknown())])
    .nullish()
    .catch(undefined),
  properties: z
    .object({
      finalPrompt: z.string().nullish().catch(undefined),
      remix: z.boolean().nullish().catch(undefined),
      status: z.string().nullish().catch(undefined),
      imageUrl: z.string().nullish().catch(undefined),
      bannedWord: z.string().nullish().catch(undefined),
      numberOfQueues: z.number().int().nonnegative().nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

/** Errors of a new-api gateway's own middleware, and of trueai's exception filter. */
const errorSchema = z.object({
  error: z.object({ message: z.string(), code: z.unknown().optional(), type: z.string().nullish() }),
});
const exceptionSchema = z.object({ success: z.literal(false), message: z.string() });

export const taskSchema = z.object({
  id,
  action: z.string().nullish().catch(undefined),
  description: z.string().nullish().catch(undefined),
  status: z.string().nullish().catch(undefined),
  state: z.string().nullish().catch(undefined),
  progress: z.union([z.string(), z.number()]).nullish().catch(undefined),
  imageUrl: z.string().nullish().catch(undefined),
  videoUrl: z.string().nullish().catch(undefined),
  videoUrls: z
    .array(z.object({ url: z.string() }))
    .nullish()
    .catch(undefined),
  failReason: z.string().nullish().catch(undefined),
  /** Absent where an API has no buttons at all; null where it has, and none can be read. */
  buttons: z.array(buttonSchema).nullish().catch(null),
  prompt: z.string().nullish().catch(undefined),
  promptEn: z.string().nullish().catch(undefined),
  properties: z
    .object({ finalPrompt: z.string().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
export type MjTask = z.infer<typeof taskSchema>;

/** Turns the address that a gateway gives into one that works from here. */
export type ToPictureUrl = (url: string, id: string) => string;

/**
 * Reads the answer to a submit: the accepted task's id and state. Everything else throws, with the kind
 * that the code, the status and above all the properties tell: the same number means different things
 * at different gateways.
 */
export function readSubmit(answer: HttpAnswer): { id: string; update: Update } {
  throwForGateway(answer);
  const parsed = submitSchema.safeParse(answer.json);
  if (!parsed.success) throw unreadable(answer);
  const { code, description, result, properties } = parsed.data;
  const taskId = typeof result === 'string' && result !== '' ? result : undefined;
  const reason = description ?? undefined;
  const accepted = code === 1 || code === 21 || code === 22;
  if (!accepted || taskId === undefined)
    throw toRefusal(code, reason, properties?.bannedWord ?? undefined, answer);
  const existed = Boolean(properties?.status || properties?.imageUrl || description?.includes('已存在'));
  // new-api rewrites 21 to 1 but leaves the text and the properties as they were (service/midjourney.go).
  const hiddenWindow = properties?.remix === true || /window confirm|窗口/iu.test(description ?? '');
  if ((code === 21 && !existed) || (code === 1 && hiddenWindow)) {
    const prompt = properties?.finalPrompt;
    return { id: taskId, update: prompt ? { state: 'asking', prompt } : { state: 'asking' } };
  }
  const queue = properties?.numberOfQueues;
  return { id: taskId, update: queue ? { state: 'running', queue } : { state: 'running' } };
}

/** Reads the answer to `GET /mj/task/{id}/image-seed`: digits, as text or as a number. */
export function readSeed(answer: HttpAnswer): string {
  throwForGateway(answer);
  const parsed = submitSchema.safeParse(answer.json);
  if (!parsed.success) throw unreadable(answer);
  const { code, description, result } = parsed.data;
  if (code === 1 && typeof result === 'string' && /^\d+$/u.test(result)) return result;
  if (code === 1) throw new ProviderError('malformed', 'the seed is no number', { status: answer.status });
  throw toRefusal(code, description ?? undefined, undefined, answer);
}

/** Reads what a look answered; an answer that is none says with which status it came. */
export function readLook<T>(schema: z.ZodType<T>, answer: HttpAnswer, what: string): T {
  if (answer.status >= 400 || answer.json === undefined) throw unreadable(answer);
  return readShape(schema, answer.json, what);
}

/** Reads what a fetch or a list says of one task. */
export function readTask(task: MjTask, toPictureUrl: ToPictureUrl, row: OfferRow): Update {
  switch (task.status) {
    case 'SUCCESS':
      return toDone(task, toPictureUrl, row);
    case 'FAILURE':
    case 'CANCEL':
      return toFailed(task.failReason ?? '');
    case 'MODAL': {
      const prompt = task.properties?.finalPrompt;
      return prompt ? { state: 'asking', prompt } : { state: 'asking' };
    }
    default: {
      const progress = toProgress(task.progress);
      const preview = task.imageUrl ? toPictureUrl(task.imageUrl, task.id) : undefined;
      return {
        state: 'running',
        ...(progress === undefined ? {} : { progress }),
        ...(preview === undefined ? {} : { preview }),
      };
    }
  }
}

/** Throws for answers that come from the gateway rather than from the API behind it. */
export function throwForGateway(answer: HttpAnswer): void {
  const { status, retryAfterMs } = answer;
  const options = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 401) throw new ProviderError('auth', 'the key was refused', options);
  if (status === 429) throw new ProviderError('busy', 'too many requests', options);
  const gateway = errorSchema.safeParse(answer.json);
  if (gateway.success)
    throw toGatewayError(gateway.data.error.message, String(gateway.data.error.code ?? ''), options);
  const exception = exceptionSchema.safeParse(answer.json);
  if (exception.success) {
    throw new ProviderError('rejected', 'the API refused the request', {
      ...options,
      reason: exception.data.message,
    });
  }
  if (status === 403) throw new ProviderError('auth', 'the key may not do this', options);
  if (status >= 500) throw new ProviderError('unavailable', `the API answered ${status}`, options);
  if (status >= 300 && status < 400)
    throw new ProviderError('malformed', `the API answered ${status}`, options);
}

/**
 * `{error: {message, code, type}}` is new-api's middleware, which stands before the API: nothing was
 * submitted. 400 bad body or button, 403 model, group or address not allowed, 503 no channel for the model.
 */
function toGatewayError(message: string, code: string, options: { status: number; retryAfterMs?: number }) {
  const { status } = options;
  if (isAboutBalance(`${code} ${message}`)) return new ProviderError('balance', 'no credit left', options);
  if (status === 403) return new ProviderError('auth', 'the key may not do this', options);
  if (status === 503) return new ProviderError('busy', 'the gateway has no free channel', options);
  if (status >= 500) return new ProviderError('unavailable', `the gateway answered ${status}`, options);
  return new ProviderError('rejected', 'the gateway refused the request', { ...options, reason: message });
}

function toRefusal(
  code: number,
  reason: string | undefined,
  bannedWord: string | undefined,
  answer: HttpAnswer,
) {
  const { status, retryAfterMs } = answer;
  const options = {
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  if (bannedWord) {
    return new ProviderError('rejected', 'a word of the prompt is banned', {
      status,
      reason: `Banned word: ${bannedWord}`,
    });
  }
  if (isAboutBalance(reason ?? '')) return new ProviderError('balance', 'no credit left', options);
  switch (code) {
    case 1:
    case 21:
    case 22:
      return new ProviderError('malformed', 'the submit was accepted without an id', options);
    case 5: // new-api: the API behind it was unreachable, or answered with nothing or with nonsense
      return new ProviderError('unavailable', 'the gateway could not read the API behind it', options);
    case 23: // midjourney-proxy ReturnCode.java: QUEUE_REJECTED
    case 30: // new-api: channel or group saturated
      return new ProviderError('busy', 'the queue is full', options);
    default:
      return isAboutQueue(reason ?? '')
        ? new ProviderError('busy', 'the queue is full', options)
        : new ProviderError('rejected', `the API refused with code ${code}`, options);
  }
}

/** new-api's words for an empty account: `quota_not_enough` (relay/relay-mj.go), `insufficient_user_quota`. */
function isAboutBalance(text: string): boolean {
  return /quota_not_enough|insufficient[ _](user[ _])?(quota|balance)|credits exhausted|余额不足|额度不足/iu.test(
    text,
  );
}

/** trueai answers a full queue with code 9 and these words only (SubmitController.cs). */
function isAboutQueue(text: string): boolean {
  return /队列已满|queue (is )?full/iu.test(text);
}

/**
 * Whatever a 4xx says, it says that nothing was accepted: a wrong address, most likely. A new-api says the same with
 * 200 and the page of its own web interface (router/web-router.go), for routes that it is too old to have.
 */
function unreadable(answer: HttpAnswer): ProviderError {
  const { status, text } = answer;
  const isWebInterface = /<div id="root">/iu.test(text);
  const definite = (status >= 400 && status < 500) || isWebInterface;
  return new ProviderError('malformed', `the API answered ${status} with ${nameBody(answer)}`, {
    status,
    definite,
  });
}

function nameBody({ text, json }: HttpAnswer): string {
  if (json !== undefined) return 'an unknown shape';
  const body = text.trim();
  if (body === '') return 'an empty body';
  return body.startsWith('<') ? 'a web page' : 'no JSON';
}

type OfferRow = Pick<MjProxyRow, 'refusedButtons' | 'usesChange'>;

function toDone(task: MjTask, toPictureUrl: ToPictureUrl, row: OfferRow): Update {
  // Under a description hangs the picture that was handed in, which nobody needs to see again.
  if (isTextTask(task)) return { state: 'done', media: [], text: readPrompts(task), offers: [] };
  const media = toMedia(task, toPictureUrl);
  if (media.length === 0) {
    throw new ProviderError('malformed', 'a finished task has neither picture nor video');
  }
  return { state: 'done', media, offers: toOffers(task, media, row) };
}

/** Clips where there are some, else the picture, which beside clips is a still of them. */
function toMedia({ id, videoUrl, videoUrls, imageUrl }: MjTask, toPictureUrl: ToPictureUrl): Media[] {
  const listed = (videoUrls ?? []).map(({ url }) => url).filter((url) => url !== '');
  const videos = listed.length === 0 && videoUrl ? [videoUrl] : listed;
  if (videos.length > 0) return videos.map((url) => ({ kind: toKind(url, 'video'), url }));
  if (!imageUrl) return [];
  const url = toPictureUrl(imageUrl, id);
  return [{ kind: toKind(url, 'picture'), url }];
}

/** The animate buttons give animated WebP, which is a picture; `/submit/video` gives MP4. */
function toKind(url: string, otherwise: Media['kind']): Media['kind'] {
  const path = url.split(/[?#]/u)[0] ?? '';
  if (/\.(?:mp4|mov|webm)$/iu.test(path)) return 'video';
  return /\.(?:webp|gif|png|jpe?g)$/iu.test(path) ? 'picture' : otherwise;
}

function toFailed(reason: string): Update {
  if (isAboutBalance(reason)) return { state: 'failed', kind: 'balance' };
  // J "任务超时", T "执行超时 N 分钟", new-api "上游任务超时（超过1小时）": the API gave up waiting.
  if (/超时|timed? ?out/iu.test(reason)) return { state: 'failed', kind: 'timeout' };
  return reason.trim() === ''
    ? { state: 'failed', kind: 'rejected' }
    : { state: 'failed', kind: 'rejected', reason };
}

/** Percent from `"65%"`; other texts ("Waiting to start", "Paused") tell none. */
function toProgress(progress: string | number | null | undefined): number | undefined {
  const match = /^(\d{1,3})\s*%?$/.exec(String(progress ?? '').trim());
  return match === null ? undefined : Math.min(100, Number(match[1]));
}
