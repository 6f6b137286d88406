import { z } from 'zod';
import { ProviderError } from '../../errors.ts';
import { cutWords } from '../foreign-words.ts';
import { type HttpAnswer, isWebPage } from '../http.ts';
import { findScalar, idForm, type Layer, layersOf } from '../layers.ts';

/** Errors of a new-api gateway's own middleware, and of trueai's exception filter. */
const errorSchema = z.object({
  error: z.object({
    message: z.string().transform(cutWords),
    code: z.unknown().optional(),
    type: z.string().nullish(),
  }),
});
const exceptionSchema = z.object({ success: z.literal(false), message: z.string().transform(cutWords) });

/** `code` as a number, in whatever form it comes; `undefined` if there's none, NaN if it's a word that nobody documents. */
export function readCode({ code }: Layer): number | undefined {
  if (typeof code === 'number') return code;
  if (typeof code === 'boolean') return code ? 1 : Number.NaN;
  if (typeof code !== 'string' || code.trim() === '') return undefined;
  return /^(?:ok|success)$/iu.test(code.trim()) ? 1 : Number(code);
}

/** What a layer says in words. */
export function wordsOf(layer: Layer): string | undefined {
  const error = layer['error'];
  const inner = typeof error === 'object' && error !== null ? (error as Layer)['message'] : undefined;
  const texts = [layer['description'], layer['message'], layer['msg'], inner];
  const said = texts.find((text): text is string => typeof text === 'string' && text.trim() !== '');
  return said === undefined ? undefined : cutWords(said);
}

/**
 * Whether an answer says that there's no such route, and names no task. It isn't an error of a route that exists: those
 * have a code of midjourney-proxy's, as trueai's 404 with code 3 for a task that's unknown (SubmitController.cs).
 */
export function isNoSuchRoute({ status, json }: HttpAnswer): boolean {
  if (status !== 404 && status !== 405 && status !== 501) return false;
  const layers = layersOf(json);
  const isOfApi = layers.some((layer) => {
    const code = readCode(layer);
    return code !== undefined && code > 0 && code < 100;
  });
  return !isOfApi && findScalar(layers, ['result', 'taskId', 'task_id', 'id'], idForm) === undefined;
}

/** Whether an answer says nothing of a route, since the gateway can't or won't answer at all. 501 is about the route. */
export function isInTrouble({ status }: HttpAnswer): boolean {
  return status === 401 || status === 429 || (status >= 500 && status !== 501);
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
  const words = layersOf(answer.json).map(wordsOf);
  if (status === 403 && words.some((said) => isOfBalance(status, said, said)))
    throw new ProviderError('balance', 'no credit left', options);
  // With a page it's not the gateway that refuses.
  if (status === 403 && !isWebPage(answer))
    throw new ProviderError('auth', 'the key may not do this', options);
  if (status >= 500 && status !== 501)
    throw new ProviderError('unavailable', `the API answered ${status}`, options);
  if (status >= 300 && status < 400)
    throw new ProviderError('malformed', `the API answered ${status}`, options);
}

/**
 * `{error: {message, code, type}}` is new-api's middleware, which stands before the API: nothing was
 * submitted. 400 bad body or button, 403 model, group or address not allowed, 503 no channel for the model.
 */
function toGatewayError(message: string, code: string, options: { status: number; retryAfterMs?: number }) {
  const { status } = options;
  if (isOfBalance(status, code, message)) return new ProviderError('balance', 'no credit left', options);
  if (status === 403) return new ProviderError('auth', 'the key may not do this', options);
  if (status === 503) return new ProviderError('busy', 'the gateway has no free channel', options);
  if (status >= 500) return new ProviderError('unavailable', `the gateway answered ${status}`, options);
  return new ProviderError('rejected', 'the gateway refused the request', { ...options, reason: message });
}

/** What a code other than "accepted" means; `bannedWord` is what the API says is wrong with the prompt. */
export function toRefusal(
  code: number,
  { reason, bannedWord }: { reason: string | undefined; bannedWord: string | undefined },
  answer: HttpAnswer,
): ProviderError {
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
  if (isOfBalance(status < 300 ? code : status, reason, reason))
    return new ProviderError('balance', 'no credit left', options);
  switch (code) {
    case 5: // new-api: the API behind it was unreachable, or answered with nothing or with nonsense
      return new ProviderError('unavailable', 'the gateway could not read the API behind it', options);
    case 23: // midjourney-proxy ReturnCode.java: QUEUE_REJECTED
    case 30: // new-api: channel or group saturated
      return new ProviderError('busy', 'the queue is full', options);
    // Gateways that answer everything with 200 say the HTTP status here.
    case 401:
      return new ProviderError('auth', 'the key was refused', { ...options, status: code });
    case 429:
      return new ProviderError('busy', 'too many requests', { ...options, status: code });
  }
  if (code >= 500 && code < 600)
    return new ProviderError('unavailable', `the API answered with code ${code}`, options);
  return isAboutQueue(reason ?? '')
    ? new ProviderError('busy', 'the queue is full', options)
    : new ProviderError('rejected', `the API refused with code ${code}`, options);
}

/**
 * Whether a refusal says that our own account is empty, for which everybody has to wait: by the gateway's code, or in words
 * with a status that's about the account. Other words may be a prompt's, or of a channel behind the gateway.
 */
function isOfBalance(status: number, code: string | undefined, words: string | undefined): boolean {
  if (/^(?:quota_not_enough|insufficient_(?:user_)?(?:quota|balance))$/iu.test((code ?? '').trim()))
    return true;
  return [401, 402, 403].includes(status) && isAboutBalance(words ?? '');
}

/** new-api's words for an empty account: `quota_not_enough` (relay/relay-mj.go), `insufficient_user_quota`. */
export function isAboutBalance(text: string): boolean {
  return /quota_not_enough|insufficient[ _](user[ _])?(quota|balance)|credits exhausted|余额不足|额度不足/iu.test(
    text,
  );
}

/** trueai answers a full queue with code 9 and these words only (SubmitController.cs). */
function isAboutQueue(text: string): boolean {
  return /队列已满|queue (is )?full/iu.test(text);
}

/**
 * Whatever a 4xx says, it says that nothing was accepted: a wrong address, most likely. So does 501, and a new-api with
 * 200 and the page of its own web interface (router/web-router.go), for routes that it's too old to have.
 */
export function unreadable(answer: HttpAnswer): ProviderError {
  const { status, text } = answer;
  const isWebInterface = /<div id="root">/iu.test(text);
  const definite = (status >= 400 && status < 500) || status === 501 || isWebInterface;
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
