import { z } from 'zod';
import { leavesOutcomeOpen, ProviderError } from '../../errors.ts';
import { cutWords } from '../foreign-words.ts';
import { factsOf, type HttpAnswer, isOpenCode, isWebPage } from '../http.ts';
import { findScalar, idForm, type Layer, layersOf } from '../layers.ts';
import { saysFullQueue, saysNoAccount, saysNoCredit } from '../said.ts';
import { isNewApiError, saysNoChannel } from './new-api.ts';

/** What code 23 says if it's about a queue, in any wording. */
const queueWords = /队列|排队|queue|繁忙|busy/iu;

/** Errors of a new-api gateway's own middleware, and of trueai's exception filter. */
const errorSchema = z.object({
  error: z.object({
    message: z.string().transform(cutWords),
    code: z.unknown().optional(),
    type: z.string().nullish(),
  }),
});
const exceptionSchema = z.object({ success: z.literal(false), message: z.string().transform(cutWords) });

/** `code` as a number; `undefined` if there's none, NaN if it's an undocumented word. */
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
 * Whether an answer says that there's no such route, and has no task in it. Errors of routes that exist have a code of
 * midjourney-proxy's, like trueai's 404 with code 3 for an unknown task (SubmitController.cs).
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

/** Whether an answer says nothing about the route, since the gateway can't or won't answer at all. 501 is about the route. */
export function isInTrouble({ status }: HttpAnswer): boolean {
  return status === 401 || status === 429 || (status >= 500 && status !== 501);
}

/**
 * Whether an answer certainly says that there's no such route, so nobody has accepted the call. A page, or 501, may come
 * from something in between.
 */
export function isCertainlyNoSuchRoute(answer: HttpAnswer): boolean {
  return isNoSuchRoute(answer) && !leavesOutcomeOpen(answer.status) && !isWebPage(answer);
}

/** Throws for answers from the gateway, or from something in front of it, rather than from the API behind it. */
export function throwForGateway(answer: HttpAnswer): void {
  const { status, json, asked } = answer;
  const options = factsOf(answer);
  if (status === 401) throw new ProviderError('auth', 'the key was refused', options);
  if (status === 429) throw new ProviderError('busy', 'too many requests', options);
  if (status === 503 && saysNoChannel(json))
    throw new ProviderError('busy', 'the gateway has no free channel', { ...options, hasOwnMarks: true });
  if (leavesOutcomeOpen(status))
    throw new ProviderError('unavailable', `the API answered ${status}`, options);
  const gateway = errorSchema.safeParse(json);
  if (gateway.success) throw toGatewayError(gateway.data.error, answer);
  const exception = exceptionSchema.safeParse(json);
  if (exception.success) {
    throw new ProviderError('rejected', 'the API refused the request', {
      ...options,
      reason: exception.data.message,
    });
  }
  const words = layersOf(json).map(wordsOf);
  if (status === 403 && words.some((said) => saysBalance(status, said, asked)))
    throw new ProviderError('balance', 'no credit left', options);
  // A page isn't from the gateway.
  if (status === 403 && !isWebPage(answer))
    throw new ProviderError('auth', 'the key may not do this', options);
  if (status >= 300 && status < 400)
    throw new ProviderError('malformed', `the API answered ${status}`, options);
}

/**
 * `{error: {message, code, type}}` comes from new-api's middleware, in front of the API: nothing was submitted. 400 is a bad
 * body or button; 403 is a model, group or address that isn't allowed.
 */
function toGatewayError(
  { message, code: said, type }: z.infer<typeof errorSchema>['error'],
  answer: HttpAnswer,
): ProviderError {
  const options = factsOf(answer);
  const { status, asked } = answer;
  if (isOpenCode(said))
    return new ProviderError('unavailable', `the API answered with code ${said}`, options);
  const code = typeof said === 'string' ? said.trim() : '';
  const words = code === '' ? message : '';
  if (isBalanceCode(code) || saysBalance(status, words, asked))
    return new ProviderError('balance', 'no credit left', { ...options, hasOwnMarks: isBalanceCode(code) });
  if (status === 403)
    return new ProviderError('auth', 'the key may not do this', {
      ...options,
      hasOwnMarks: isNewApiError(type),
    });
  return new ProviderError('rejected', 'the gateway refused the request', { ...options, reason: message });
}

/**
 * What a code other than "accepted" means; `bannedWord` is the word that the API objects to. If there's no account for a
 * request that only some can do (`needsOneOfSome`), that says nothing about other requests.
 */
export function toRefusal(
  code: number,
  {
    reason,
    bannedWord,
    needsOneOfSome = false,
  }: { reason: string | undefined; bannedWord: string | undefined; needsOneOfSome?: boolean | undefined },
  answer: HttpAnswer,
): ProviderError {
  const { status, asked } = answer;
  const options = { ...factsOf(answer), ...(reason === undefined ? {} : { reason }) };
  if (bannedWord) {
    return new ProviderError('rejected', 'a word of the prompt is banned', {
      status,
      reason: `Banned word: ${bannedWord}`,
    });
  }
  if (code === 25 || saysBalance(status < 300 ? code : status, reason, asked)) {
    const hasOwnMarks = code === 25 || isBalanceCode(reason);
    return new ProviderError('balance', 'no credit left', { ...options, hasOwnMarks });
  }
  switch (code) {
    // NOT_FOUND also means that none of its accounts at Midjourney can be used (TaskServiceImpl.java, TaskService.cs).
    case 3:
    case 24: // "Account unavailable" (4allapi); to all others, it's a banned word
      if (!saysNoAccount(reason ?? '', asked)) break;
      return new ProviderError('faulty', 'the API has no account at Midjourney for this', {
        ...options,
        mayLieInRequest: needsOneOfSome,
      });
    case 5: // new-api: the API behind it was unreachable, or answered with nothing or with nonsense
      return new ProviderError('unavailable', 'the gateway could not read the API behind it', options);
    // QUEUE_REJECTED, which always says so in words (DiscordInstanceImpl.java); "System error" at 4allapi. Either way the work
    // was turned down: new-api only counts 1, 21 and 22 as an acceptance (relay/mjproxy_handler.go).
    case 23:
      if (reason !== undefined && !queueWords.test(reason))
        return new ProviderError('faulty', 'the API reports an error of its own', options);
      return new ProviderError('busy', 'the queue is full', options);
    case 30: // new-api: channel or group saturated
      return new ProviderError('busy', 'the queue is full', options);
    // Gateways that answer everything with 200 put the HTTP status here.
    case 401:
      return new ProviderError('auth', 'the key was refused', { ...options, status: code });
    case 429:
      return new ProviderError('busy', 'too many requests', { ...options, status: code });
  }
  if (isOpenCode(code))
    return new ProviderError('unavailable', `the API answered with code ${code}`, options);
  return saysFullQueue(reason ?? '', asked)
    ? new ProviderError('busy', 'the queue is full', options)
    : new ProviderError('rejected', `the API refused with code ${code}`, options);
}

/**
 * Whether words say that our own account is empty, so that everybody has to wait: only with the gateway's code, or a status
 * about the account. Otherwise they may be a prompt's, or about a channel behind the gateway.
 */
function saysBalance(status: number, words: string | undefined, asked: string | undefined): boolean {
  const mayBe = isBalanceCode(words) || [401, 402, 403].includes(status);
  return mayBe && saysNoCredit(words ?? '', asked);
}

/** new-api's codes for an empty account (relay/relay-mj.go, types/error.go); the first comes in place of words. */
function isBalanceCode(code: string | undefined): boolean {
  return /^(?:quota_not_enough|insufficient_(?:user_)?(?:quota|balance))$/iu.test((code ?? '').trim());
}

/**
 * A 4xx means that nothing was accepted: most likely a wrong address. A page is less certain, even the one of new-api's own
 * web interface with 200 (router/web-router.go), for routes that it's too old to have; but it's still a no.
 */
export function unreadable(answer: HttpAnswer): ProviderError {
  const { status, text } = answer;
  const isWebInterface = isWebPage(answer) && /<div id="root">/iu.test(text);
  return new ProviderError('malformed', `the API answered ${status} with ${nameBody(answer)}`, {
    ...factsOf(answer),
    definite: status >= 400,
    ...(isWebInterface ? { isRefusal: true } : {}),
  });
}

function nameBody({ text, json }: HttpAnswer): string {
  if (json !== undefined) return 'an unknown shape';
  const body = text.trim();
  if (body === '') return 'an empty body';
  return body.startsWith('<') ? 'a web page' : 'no JSON';
}
