import { z } from 'zod';
import { type FailureKind, leavesOutcomeOpen, ProviderError } from '../../errors.ts';
import type { Facts, Update } from '../../task.ts';
import { cutWords, words } from '../foreign-words.ts';
import { factsOf, type HttpAnswer, isWebPage, readShape } from '../http.ts';
import { unwrapText } from '../json.ts';
import { findScalar, idForm, isNothing, type Layer, layersOf } from '../layers.ts';
import { saysNoCredit } from '../said.ts';
import { saysUnknownTask } from '../unknown-task.ts';

/** The envelope of every answer. HTTP 200 can come with another `code`, and an answer can lack `data`. */
const envelopeSchema = z.object({
  code: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .nullish()
    .catch(undefined),
  message: words,
  data: z.unknown().optional(),
});

/** Where a bad request says what's wrong (apixo.ai, docs/api-reference/response-format). */
const detailSchema = z.object({ error: z.string().transform(cutWords) });

const milliseconds = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().positive().max(1e14))
  .nullish()
  .catch(undefined);

const taskSchema = z.object({
  state: words,
  resultJson: z.unknown().optional(),
  failCode: words,
  failMsg: words,
  costTime: milliseconds,
  createTime: milliseconds,
  completeTime: milliseconds,
});

/** The id of an accepted task, in any layer; throws for everything else. */
export function readAccepted(answer: HttpAnswer): string {
  readData(answer);
  const id = readTaskId(layersOf(answer.json));
  if (id === undefined)
    throw new ProviderError('malformed', 'the submit was accepted without an id', { status: answer.status });
  return id;
}

/** What's left in US dollars: `data` is the plain number (apixo.ai, docs/api-reference/system). */
export function readBalance(answer: HttpAnswer): number {
  const data = readData(answer);
  const amount = findScalar(
    [{ data }, ...layersOf(data)],
    ['data', 'balance'],
    /^-?\d+(?:\.\d+)?(?:e-?\d+)?$/iu,
  );
  return readShape(z.coerce.number(), amount, 'the balance');
}

/** What a status says, without offers; `undefined` if the task isn't known. */
export function readStatus(answer: HttpAnswer): Update | undefined {
  if (isUnknownTask(answer)) return undefined;
  const layers = layersOf(answer.json);
  // A failed task may come with the code 400, which is then the task's and not this call's.
  const failed = answer.status === 200 || answer.status === 400 ? layers.find(hasFailed) : undefined;
  if (failed === undefined) readData(answer);
  return toUpdate(readShape(taskSchema, failed ?? layers.find(isTask), 'a status'));
}

/** What the body of a callback says about the task with that id, without offers; `undefined` if it says nothing about it. */
export function readCallback(body: unknown, id: string): Update | undefined {
  const layers = layersOf(body);
  const task = taskSchema.safeParse(layers.find(isTask)).data;
  return task === undefined || readTaskId(layers) !== id ? undefined : toUpdate(task);
}

/** The id of the task that an answer or a callback is about. */
export function readTaskId(layers: readonly Layer[]): string | undefined {
  return findScalar(layers, ['taskId', 'task_id'], idForm);
}

type TaskBody = z.infer<typeof taskSchema>;

function toUpdate(task: TaskBody): Update {
  const [update, facts] = [toState(task), readFacts(task)];
  return update.state === 'running' || Object.keys(facts).length === 0 ? update : { ...update, facts };
}

/** `costTime` is how long the work itself took. */
function readFacts({ createTime, completeTime, costTime }: TaskBody): Facts {
  return {
    ...(createTime == null ? {} : { submittedAt: createTime }),
    ...(completeTime == null || costTime == null ? {} : { startedAt: completeTime - costTime }),
    ...(completeTime == null ? {} : { finishedAt: completeTime }),
  };
}

function toState(task: TaskBody): Update {
  switch (task.state?.trim().toLowerCase()) {
    case 'success':
    case 'succeeded':
    case 'completed': {
      const urls = readUrls(task.resultJson);
      // Finished, but no address yet: the next look may have them.
      if (urls.length === 0) return { state: 'running' };
      return { state: 'done', media: urls.map((url) => ({ kind: 'picture', url })), offers: [] };
    }
    case 'failed':
    case 'fail':
    case 'failure':
      return toFailed(task.failCode ?? '', task.failMsg ?? '');
    default:
      return { state: 'running' };
  }
}

function hasFailed(layer: Layer): boolean {
  return taskSchema.safeParse(layer).data?.state?.trim().toLowerCase() === 'failed';
}

function isTask(layer: Layer): boolean {
  return 'state' in layer || 'resultJson' in layer;
}

/** `resultJson` is JSON inside JSON, unless a gateway has parsed it. One odd address doesn't spoil the others. */
function readUrls(resultJson: unknown): string[] {
  const value = unwrapText(resultJson);
  const urls = Array.isArray(value) ? value : layersOf(value).map((layer) => layer['resultUrls']);
  return urls.flat().filter((url): url is string => typeof url === 'string' && url !== '');
}

/**
 * `failCode` has two vocabularies: CONTENT_VIOLATION, IMAGE_TOO_LARGE and the like, and the newer SensitiveContent,
 * PromptLengthExceeded and the like (apixo.ai, docs/api-reference/error-codes and …/errors). Both are read by the words in
 * them, since neither list is complete.
 */
function toFailed(failCode: string, failMessage: string): Update {
  const code = failCode.toLowerCase().replaceAll(/[^a-z]/g, '');
  const kind = failureWords.find(([words]) => words.test(code))?.[1] ?? 'rejected';
  if (kind === 'balance') return { state: 'failed', kind };
  return {
    state: 'failed',
    kind,
    ...(failMessage === '' ? {} : { reason: failMessage }),
    ...(failCode === '' ? {} : { code: failCode }),
  };
}

/** In this order: `InputImageSensitiveContentDetected` is about content, not about a file. */
const failureWords: readonly (readonly [words: RegExp, kind: FailureKind])[] = [
  [/sensitive|nsfw|prohibited|violation/, 'content'],
  [/prompt(toolong|length)/, 'prompt-length'],
  [/insufficient(credits|balance)/, 'balance'],
  [/timeout/, 'timeout'],
  [/unavailable/, 'unavailable'],
  [/imageurl|imagetoolarge|unsupportedformat|imagedownload/, 'input'],
  [/generationfailed/, 'generation'],
];

/** 404 in the API's own envelope, in any layer, or nothing at all; a 404 page means a wrong address. */
function isUnknownTask({ status, json, text: body }: HttpAnswer): boolean {
  if (status < 300 && (body.trim() === '' || isNothing(json))) return true;
  const envelope = readEnvelope(json);
  if (envelope === undefined || (envelope.code == null && envelope.message == null)) return false;
  const isSaid = (status < 300 || status === 400) && saysUnknownTask(toReason(envelope) ?? '');
  return isSaid || (envelope.code != null && (status === 404 || (status < 400 && envelope.code === 404)));
}

/** The envelope of an answer; if a gateway has added its own, the one that refuses. */
function readEnvelope(json: unknown): z.infer<typeof envelopeSchema> | undefined {
  const frames = layersOf(json).flatMap((layer) => envelopeSchema.safeParse(layer).data ?? []);
  return frames.find(({ code }) => !isSuccess(code ?? 200)) ?? frames[0];
}

/** 0 and 1 are other gateways' codes for success. */
function isSuccess(status: number): boolean {
  return status === 0 || status === 1 || (status >= 200 && status < 300);
}

/** Returns the `data` of an answer that is a success in every layer; throws for everything else. */
function readData(answer: HttpAnswer): unknown {
  const envelope = readEnvelope(answer.json);
  const status = answer.status >= 300 ? answer.status : (envelope?.code ?? answer.status);
  if (!isSuccess(status)) throw toError(status, toReason(envelope), answer);
  if (envelope === undefined)
    throw new ProviderError('malformed', 'the API answered 200 with an unknown shape');
  return envelope.data;
}

function toReason(envelope: z.infer<typeof envelopeSchema> | undefined): string | undefined {
  return detailSchema.safeParse(envelope?.data).data?.error ?? envelope?.message ?? undefined;
}

/**
 * The documents disagree: an empty account is 402, or 400 "Insufficient credits"; 403 is content that isn't allowed, or a
 * key without permission (apixo.ai, docs/api-reference/errors and …/error-codes). So the words decide there.
 */
function toError(status: number, reason: string | undefined, answer: HttpAnswer): ProviderError {
  const options = { ...factsOf(answer), status };
  const refusal = { ...options, ...(reason === undefined ? {} : { reason }) };
  if (leavesOutcomeOpen(status))
    return new ProviderError('unavailable', `the API answered ${status}`, options);
  if (status === 402 || saysNoCredit(reason ?? '', answer.asked))
    return new ProviderError('balance', 'no credit left', options);
  if (status === 401) return new ProviderError('auth', 'the key was refused', options);
  if (status === 429) return new ProviderError('busy', 'too many requests', options);
  // A page isn't from the API.
  if (status === 403 && !isWebPage(answer)) {
    return /content|polic|moderat|sensitive|nsfw|prohibited|violat|safety/iu.test(reason ?? '')
      ? new ProviderError('rejected', 'the content is not allowed', refusal)
      : new ProviderError('auth', 'the key may not do this', options);
  }
  if (status < 400) return new ProviderError('malformed', `the API answered with code ${status}`, options);
  return reason === undefined
    ? new ProviderError('malformed', `the API answered ${status} in an unknown form`, {
        ...options,
        definite: true, // any 4xx means that nothing was accepted
      })
    : new ProviderError('rejected', `the API refused with ${status}`, refusal);
}
