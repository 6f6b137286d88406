import { ProviderError } from '../../errors.ts';
import type { Media, Update } from '../../task.ts';
import type { HttpAnswer } from '../http.ts';
import { isNothing, type Layer, layersOf, listOf } from '../layers.ts';
import { toUnread } from '../one-by-one.ts';
import { saysNoCredit } from '../said.ts';
import { saysUnknownTask } from '../unknown-task.ts';
import { readFacts } from './facts.ts';
import type { MjProxyGateway } from './gateways.ts';
import { toOffers, toTextOffers } from './offers.ts';
import { readCode, throwForGateway, toRefusal, unreadable, wordsOf } from './refusals.ts';
import { type MjTask, toTask } from './task.ts';
import { isTextTask, readPrompts, readWeighed } from './texts.ts';

/** The tasks of a list that can be read; `undefined` if the answer isn't a list. */
export function readList(answer: HttpAnswer): MjTask[] | undefined {
  if (answer.status >= 300) return undefined;
  return listOf(answer.json)?.flatMap((entry) => toTask(entry) ?? []);
}

/**
 * What a fetch says about a task, once for each time it's in the answer; empty if the task isn't known, which takes
 * many forms: 204 (trueai), 200 with an empty body, null or `{}` (java and its successors), 400 `task_no_found` (new-api),
 * 404 in the API's own words, 200 with a code. An empty 404, or a web page, means a wrong URL.
 */
export function readFetched(answer: HttpAnswer, id: string): MjTask[] {
  const { status, json } = answer;
  if (status < 300 && (answer.text.trim() === '' || isNothing(json))) return [];
  const layers = layersOf(json);
  if (status < 300) {
    const found = [...layers, ...(listOf(json) ?? [])].flatMap((entry) => toTask(entry, id) ?? []);
    if (found.length > 0) return found;
  }
  const mayBeUnknown = status < 300 || status === 400 || status === 404 || status === 410;
  if (mayBeUnknown && layers.some((layer) => saysUnknown(layer, status))) return [];
  throwForGateway(answer);
  throw toRefusalOfFetch(layers, answer) ?? unreadable(answer);
}

/** What the API says instead of a task, with a code other than success. */
function toRefusalOfFetch(layers: readonly Layer[], answer: HttpAnswer): ProviderError | undefined {
  for (const layer of layers) {
    const code = readCode(layer);
    const isRefusal = code !== undefined && code > 1 && (code < 200 || code >= 300);
    if (isRefusal) return toRefusal(code, { reason: wordsOf(layer), bannedWord: undefined }, answer);
  }
  return undefined;
}

/** 3 is midjourney-proxy's NOT_FOUND; 4, VALIDATION_ERROR, is what several gateways say about an unknown id (new-api). */
function saysUnknown(layer: Layer, status: number): boolean {
  const words = wordsOf(layer) ?? '';
  if (saysUnknownTask(words)) return true;
  const code = readCode(layer);
  if (code === 3) return true;
  const isAboutAccess = saysNoCredit(words) || /模式|mode|令牌|token|key/iu.test(words);
  return code === 4 && status < 300 && !isAboutAccess;
}

/** Reads what a fetch or a list says about one task. What it tells besides the result counts once it has ended. */
export function readTask(task: MjTask, gateway: OfferTraits): Update {
  const update = readState(task, gateway);
  const facts = update.state === 'done' || update.state === 'failed' ? readFacts(task) : undefined;
  return facts === undefined ? update : { ...update, facts };
}

function readState(task: MjTask, gateway: OfferTraits): Update {
  if (task.unread !== undefined) return toUnread(task.unread);
  switch (toStatus(task.status)) {
    case 'SUCCESS':
      return toDone(task, gateway);
    case 'FAILURE':
      return toFailed(task.failReason ?? '');
    case 'CANCEL':
      return toWithdrawn(task.failReason ?? '');
    case 'MODAL': {
      const prompt = task.properties?.finalPrompt;
      return prompt ? { state: 'asking', prompt } : { state: 'asking' };
    }
    default: {
      const progress = toProgress(task.progress);
      return {
        state: 'running',
        ...(progress === undefined ? {} : { progress }),
        ...(task.imageUrl ? { preview: task.imageUrl } : {}),
      };
    }
  }
}

/** Statuses of midjourney-proxy (TaskStatus.java; CANCEL from plus), and how gateways spell them. */
function toStatus(status: string | null | undefined): 'SUCCESS' | 'FAILURE' | 'CANCEL' | 'MODAL' | undefined {
  const word = (status ?? '').trim();
  if (/^(?:success|succeeded|completed?)$/iu.test(word)) return 'SUCCESS';
  if (/^(?:failure|failed|fail)$/iu.test(word)) return 'FAILURE';
  if (/^cancel(?:l?ed)?$/iu.test(word)) return 'CANCEL';
  return /^modal$/iu.test(word) ? 'MODAL' : undefined;
}

type OfferTraits = Pick<MjProxyGateway, 'refusedButtons' | 'usesChange'>;

function toDone(task: MjTask, gateway: OfferTraits): Update {
  // A description comes with the picture it's about, which nobody needs to see again.
  if (isTextTask(task)) {
    const weighed = readWeighed(task);
    const found = { text: readPrompts(task), ...(weighed === undefined ? {} : { weighed }) };
    return { state: 'done', media: [], ...found, offers: toTextOffers(task, gateway) };
  }
  const media = toMedia(task);
  if (media.length === 0) {
    throw new ProviderError('malformed', 'a finished task has neither picture nor video');
  }
  return { state: 'done', media, offers: toOffers(task, media, gateway) };
}

/** The clips, if there are any; otherwise the picture. If there are clips, the picture is a still from them. */
function toMedia({ videoUrl, videoUrls, imageUrl, imageUrls }: MjTask): Media[] {
  const listed = (videoUrls ?? []).filter((url) => url !== '');
  const videos = listed.length === 0 && videoUrl ? [videoUrl] : listed;
  if (videos.length > 0) return videos.map((url) => ({ kind: toKind(url, 'video'), url }));
  // The whole picture; some gateways only have its parts (docs.octopusx.ai).
  const pictures = imageUrl ? [imageUrl] : (imageUrls ?? []).filter((url) => url !== '');
  return pictures.map((url) => ({ kind: toKind(url, 'picture'), url }));
}

/** The animate buttons make animated WebP, which is a picture; `/submit/video` makes MP4. */
function toKind(url: string, otherwise: Media['kind']): Media['kind'] {
  const path = url.split(/[?#]/u)[0] ?? '';
  if (/\.(?:mp4|mov|webm)$/iu.test(path)) return 'video';
  return /\.(?:webp|gif|png|jpe?g)$/iu.test(path) ? 'picture' : otherwise;
}

function toFailed(reason: string): Update {
  if (saysNoCredit(reason)) return { state: 'failed', kind: 'balance' };
  // What trueai writes in place of a status of its own (TaskController.cs, Cancel).
  if (isCancelWord(reason)) return toWithdrawn('');
  // J "任务超时", T "执行超时 N 分钟", new-api "上游任务超时（超过1小时）": the API gave up waiting.
  if (/超时|timed? ?out/iu.test(reason)) return { state: 'failed', kind: 'timeout' };
  return reason.trim() === ''
    ? { state: 'failed', kind: 'rejected' }
    : { state: 'failed', kind: 'rejected', reason };
}

function isCancelWord(reason: string): boolean {
  return reason.trim() === '取消任务';
}

function toWithdrawn(reason: string): Update {
  return reason.trim() === '' || isCancelWord(reason)
    ? { state: 'failed', kind: 'withdrawn' }
    : { state: 'failed', kind: 'withdrawn', reason };
}

/** Percent from `"65%"`, `65`, `"65.4"` or a fraction; `undefined` for other texts ("Waiting to start", "Paused"). */
function toProgress(progress: string | null | undefined): number | undefined {
  const [, digits = '', sign] = /^(\d{1,3}(?:\.\d+)?)\s*(%?)$/u.exec((progress ?? '').trim()) ?? [];
  if (digits === '') return undefined;
  const value = Number(digits);
  const isFraction = value > 0 && value < 1 && sign === '';
  return Math.min(100, Math.floor(isFraction ? value * 100 : value));
}
