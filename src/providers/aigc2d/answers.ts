import { z } from 'zod';
import { leavesOutcomeOpen, ProviderError } from '../../errors.ts';
import type { Action, Facts, Offer, Update } from '../../task.ts';
import { withoutLinks, words } from '../foreign-words.ts';
import { factsOf, type HttpAnswer, isOpenCode, isWebPage, readShape } from '../http.ts';
import { findScalar, idForm, isNothing, layersOf } from '../layers.ts';
import { saysFullQueue, saysNoCredit } from '../said.ts';
import { saysUnknownTask } from '../unknown-task.ts';
import { toSnakeCase } from './requests.ts';

const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
  ])
  .nullish()
  .catch(undefined);
const id = z
  .union([z.string().min(1), z.number()])
  .transform(String)
  .nullish()
  .catch(undefined);

const time = z.union([z.string(), z.number()]).nullish().catch(undefined);

/** Field names in AIGC2D's snake_case; those of a plain midjourney-proxy are converted first. */
const answerSchema = z.object({
  code: number,
  message: words,
  description: words,
  task_id: id,
  id,
  result: id,
  status: words,
  progress: z.union([z.string(), z.number()]).nullish().catch(undefined),
  image_url: z.string().nullish().catch(undefined),
  fail_reason: words,
  prompt: words,
  submit_time: time,
  start_time: time,
  finish_time: time,
  point: number,
  error: z
    .union([
      z.object({ message: z.string(), code: z.unknown().optional() }),
      z.string().transform((message) => ({ message, code: undefined })),
    ])
    .nullish()
    .catch(undefined),
  properties: z
    .object({
      final_prompt: words,
      banned_word: words,
      number_of_queues: number,
    })
    .nullish()
    .catch(undefined),
});
type Body = z.infer<typeof answerSchema>;

/**
 * Reads the answer to a submit: the accepted task's id and state. Throws for everything else. Accepted work is paid for,
 * so it's read in any form: only a code that refuses, or an error in words, means no.
 */
export function readSubmit(answer: HttpAnswer, hint: string): { id: string; update: Update } {
  throwForStatus(answer, hint);
  const bodies = readBodies(answer);
  const refusing = bodies.find(isRefusing);
  if (refusing !== undefined) throw toRefusal(refusing, answer);
  const id = findScalar(bodies, ['task_id', 'result', 'id'], idForm);
  const isAccepted = bodies.some(({ code }) => code != null);
  if (id === undefined) {
    const what = isAccepted
      ? 'the submit was accepted without an id'
      : 'the API answered in an unknown shape';
    throw new ProviderError('malformed', what, { ...factsOf(answer), definite: answer.status >= 400 });
  }
  const queue = bodies.find(({ properties }) => properties != null)?.properties?.number_of_queues ?? 0;
  return { id, update: queue > 0 ? { state: 'running', queue } : { state: 'running' } };
}

/** What a look or a callback says about a task; `undefined` if the task isn't known. */
export function readTask(answer: HttpAnswer, action: Action, hint: string): Update | undefined {
  // For an unknown task, a midjourney-proxy answers nothing at all (TaskController.java), code 3 or 4, or words.
  if (answer.status < 300 && (answer.text.trim() === '' || isNothing(answer.json))) return undefined;
  const bodies = readBodies(answer);
  const named = bodies.filter((one) => one.task_id != null || one.id != null);
  const body = named.find(hasStatus) ?? named[0] ?? bodies.find(hasStatus);
  if (body === undefined && bodies.some((one) => isUnknown(one, answer.status))) return undefined;
  throwForStatus(answer, hint);
  if (body === undefined) throw toRefusal(bodies[0] ?? readBody(answer.json), answer);
  const status = body.status?.trim().toUpperCase() ?? '';
  if (/^(SUCCESS|SUCCEEDED|COMPLETED?)$/.test(status)) return toDone(body, action);
  if (/^(FAIL|FAILED|FAILURE|CANCEL|CANCELL?ED)$/.test(status)) return toFailed(body);
  const progress = toProgress(body.progress);
  const preview = body.image_url ? { preview: body.image_url } : {};
  return { state: 'running', ...(progress === undefined ? {} : { progress }), ...preview };
}

function hasStatus({ status }: Body): boolean {
  return status != null;
}

function isUnknown(body: Body, status: number): boolean {
  if (status >= 300 && status !== 400 && status !== 404) return false;
  const words = wordsOf(body) ?? '';
  const isInvalid = status < 300 && body.code === 4 && !saysNoCredit(words);
  return body.code === 3 || isInvalid || saysUnknownTask(words);
}

/** Which task a callback is about; a number that has lost its last digits can't tell. */
export function readCallbackId(body: unknown): string | undefined {
  const read = answerSchema.safeParse(toSnakeFields(body)).data;
  const found = read?.task_id ?? read?.id ?? undefined;
  const isExact = found !== undefined && /^[\w-]+$/.test(found) && !hasUnsafeNumber(body);
  return isExact ? found : undefined;
}

function hasUnsafeNumber(body: unknown): boolean {
  return Object.values(body ?? {}).some((value) => typeof value === 'number' && !Number.isSafeInteger(value));
}

/** The points left (songquanpeng/one-api, controller/channel-billing.go). */
export function readBalance(answer: HttpAnswer, hint: string): number {
  throwForStatus(answer, hint);
  return readShape(z.object({ total_available: z.coerce.number() }), answer.json, 'the balance')
    .total_available;
}

/** The objects that may be the answer, the outermost first: a deployment may wrap it. */
function readBodies(answer: HttpAnswer): Body[] {
  return layersOf(answer.json).map(readBody);
}

function readBody(json: unknown): Body {
  return readShape(answerSchema, toSnakeFields(json), 'the answer');
}

/** Objects with their field names in snake_case, two levels deep, which is as deep as anything is read here. */
function toSnakeFields(value: unknown, depth = 2): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === 0) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    toSnakeCase(name),
    toSnakeFields(field, depth - 1),
  ]);
  return Object.fromEntries(fields);
}

/**
 * AIGC2D's success is 0, with a `message`; a plain midjourney-proxy accepts with 1, 21 (exists already) and 22 (queued),
 * with a `description` (ReturnCode.java). 2xx only says that an envelope arrived.
 */
function isRefusing(body: Body): boolean {
  const { code, message, error } = body;
  if (code == null) return error != null;
  if (code === 0 || (code >= 200 && code < 300)) return false;
  return !((code === 1 || code === 21 || code === 22) && message == null);
}

function wordsOf({ message, description, error }: Body): string | undefined {
  return message ?? description ?? error?.message;
}

function toRefusal(body: Body, answer: HttpAnswer): ProviderError {
  const { status, asked } = answer;
  const bannedWord = body.properties?.banned_word;
  const said = bannedWord ? `Banned word: ${bannedWord}` : wordsOf(body);
  const options = { ...factsOf(answer), ...(said == null ? {} : { reason: said }) };
  if (body.code == null && body.error == null)
    return new ProviderError('malformed', 'the API answered in an unknown shape', {
      ...factsOf(answer),
      definite: status >= 400,
    });
  // AIGC2D has no documented code for it; these are the words of similar gateways.
  if (saysNoCredit(said ?? '', asked)) return new ProviderError('balance', 'no points left', { status });
  const openCode = [body.code, body.error?.code].find(isOpenCode);
  if (openCode !== undefined)
    return new ProviderError('unavailable', `the API answered with code ${openCode}`, options);
  // midjourney-proxy ReturnCode.java: QUEUE_REJECTED.
  if (body.code === 23 || saysFullQueue(said ?? '', asked))
    return new ProviderError('busy', 'the queue is full', options);
  return new ProviderError('rejected', `the API refused with code ${body.code ?? status}`, options);
}

/** Throws for answers that AIGC2D never gives: it isn't at this address, and the operator has to know what to set. */
function throwForStatus(answer: HttpAnswer, hint: string): void {
  const { status, json, text: body } = answer;
  const options = factsOf(answer);
  if (leavesOutcomeOpen(status))
    throw new ProviderError('unavailable', `the API answered ${status}`, options);
  if (status === 401) throw new ProviderError('auth', 'the key was refused', options);
  if (status === 402) throw new ProviderError('balance', 'no points left', options);
  if (status === 429) throw new ProviderError('busy', 'too many requests', options);
  const isPage = isWebPage(answer);
  if (isPage || (status >= 300 && status < 400) || status === 404) {
    const what = isPage ? `${status} with a web page` : String(status);
    const definite = status >= 400; // nothing was accepted there
    throw new ProviderError('malformed', `the answer was ${what}: ${hint}`, { ...options, definite });
  }
  if (status === 403) throw new ProviderError('auth', 'the key may not do this', options);
  if (json !== undefined) return;
  const what = body.trim() === '' ? 'an empty body' : 'no JSON';
  throw new ProviderError('malformed', `the API answered ${status} with ${what}`, {
    ...options,
    definite: status >= 400,
  });
}

function toDone(body: Body, action: Action): Update {
  const noted = toNoted(body);
  if (action === 'describe') {
    // novicezk/midjourney-proxy docs/api.md: the four lines are one text in properties.finalPrompt.
    const lines = readLines(body.properties?.final_prompt ?? body.prompt ?? '');
    return lines.length === 0
      ? { state: 'running' }
      : { state: 'done', media: [], text: lines, offers: [], ...noted };
  }
  if (!body.image_url) return { state: 'running' }; // finished, but no address yet: the next look may have it
  const media = [{ kind: 'picture' as const, url: body.image_url }];
  return { state: 'done', media, offers: action === 'upscale' ? [] : gridOffers, ...noted };
}

/** The API doesn't list what can be done next: a grid can have what its documents say, a single picture nothing. */
const gridOffers: Offer[] = (['upscale', 'variation'] as const).flatMap((action) =>
  [1, 2, 3, 4].map((index) => ({ action, index, token: action.toUpperCase() })),
);

function toNoted(body: Body): { facts?: Facts } {
  const facts = toFacts(body);
  return Object.keys(facts).length === 0 ? {} : { facts };
}

function toFacts({ point, submit_time, start_time, finish_time }: Body): Facts {
  const [submittedAt, startedAt, finishedAt] = [submit_time, start_time, finish_time].map(toTime);
  return {
    ...(point == null ? {} : { cost: { amount: point, unit: 'points' } }),
    ...(submittedAt === undefined ? {} : { submittedAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

/**
 * Times are `YYYY-MM-DD HH:MM:SS` without a zone: China's, since in UTC the documented sample would be later than the page
 * it's on (AIGC2D/aigc2d-docs, midjourney/index.md). A plain midjourney-proxy sends milliseconds, some gateways seconds,
 * others a time with a zone.
 */
function toTime(time: string | number | null | undefined): number | undefined {
  const written = String(time ?? '')
    .slice(0, 64)
    .trim()
    .replace(' ', 'T')
    .replaceAll('/', '-');
  const milliseconds = /^\d+$/u.test(written)
    ? Number(written) * (written.length <= 10 ? 1_000 : 1)
    : Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/iu.test(written) ? written : `${written}+08:00`);
  return milliseconds > 0 ? milliseconds : undefined;
}

function toFailed(body: Body): Update {
  const message = /^(success|成功)?$/iu.test(body.message ?? '') ? undefined : body.message;
  const reason = (body.fail_reason || message) ?? '';
  const noted = toNoted(body);
  if (saysNoCredit(reason)) return { state: 'failed', kind: 'balance', ...noted };
  if (/超时|timed? ?out/iu.test(reason)) return { state: 'failed', kind: 'timeout', ...noted };
  return { state: 'failed', kind: 'rejected', ...(reason === '' ? {} : { reason }), ...noted };
}

/** Numbered lines as prompts, without their numbers (`1️⃣ …`, `1. …`), and links as their words. */
function readLines(block: string): string[] {
  return block
    .split(/\n+/)
    .map((line) => withoutLinks(line.trimStart().replace(/^(?:\d\uFE0F?\u20E3|\d[.)、])/u, '')).trim())
    .filter((line) => line !== '');
}

/** Percent from `"65%"`, `65` or `"65.4"`. */
function toProgress(progress: string | number | null | undefined): number | undefined {
  const match = /^(\d{1,3})(?:\.\d+)?\s*%?$/.exec(String(progress ?? '').trim());
  return match === null ? undefined : Math.min(100, Number(match[1]));
}
