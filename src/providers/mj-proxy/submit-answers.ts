import { ProviderError } from '../../errors.ts';
import type { Update } from '../../task.ts';
import { cutWords } from '../foreign-words.ts';
import type { HttpAnswer } from '../http.ts';
import { findScalar, idForm, type Layer, layersOf } from '../layers.ts';
import { readCode, throwForGateway, toRefusal, unreadable, wordsOf } from './refusals.ts';

/** Where to find an accepted task's id: mostly in `result`; gateways with their own vocabulary use the others. */
const idNames = ['result', 'taskId', 'task_id', 'mjId', 'mj_id', 'data', 'id'] as const;

/** What the submit was, as far as its answer depends on it. */
export interface Asked {
  /** The task's own id, if the submit answers a question of that task. */
  readonly knownId?: string | undefined;
  /** Whether it was a press of a button (`/submit/action`): only that opens a window. */
  readonly isPress?: boolean;
  /** Whether only some of the API's accounts can do it: those that have its speed, or the one that has its picture. */
  readonly needsOneOfSome?: boolean;
}

/** The accepted task: its id, its state, and whether it had begun before this submit. */
export interface Accepted {
  readonly id: string;
  readonly update: Update;
  readonly hasExisted: boolean;
}

/**
 * Reads the answer to a submit: the accepted task's id and state. Throws for everything else; its kind comes from the code,
 * the status and above all the properties, since the same number means different things at different gateways. Accepted
 * work is paid for, so it's read in any form: only a code that refuses, or an error in the API's words, means no.
 */
export function readSubmit(answer: HttpAnswer, asked: Asked): Accepted {
  const layers = layersOf(answer.json);
  const code = findCode(layers);
  const found = findScalar(layers, idNames, idForm);
  // 21 names a task in all sources. If it neither does nor talks about one, it's 4allapi's "Invalid parameters", in words.
  const id = code === 21 ? found : (found ?? asked.knownId);
  const isRefusal =
    code === 21 &&
    found === undefined &&
    readHint(layers) === undefined &&
    layers.some((layer) => readCode(layer) === 21 && wordsOf(layer) !== undefined);
  const isAccepted = code !== undefined && acceptedCodes.has(code) && !isRefusal;
  if (isAccepted && id !== undefined) return { id, ...readAccepted(code, layers, asked) };
  throwForGateway(answer);
  if (isAccepted)
    throw new ProviderError('malformed', 'the submit was accepted without an id', { status: answer.status });
  if (code !== undefined && !Number.isNaN(code))
    throw toRefusal(
      code,
      {
        reason: findWords(layers),
        bannedWord: findBannedWord(layers),
        needsOneOfSome: asked.needsOneOfSome,
      },
      answer,
    );
  const isSilent = code === undefined && answer.status < 300 && !layers.some(hasError);
  if (isSilent && found !== undefined) return { id: found, ...readAccepted(1, layers, asked) };
  throw unreadable(answer);
}

/** Reads the answer to `GET /mj/task/{id}/image-seed`: digits, as text or as a number. */
export function readSeed(answer: HttpAnswer): string {
  const layers = layersOf(answer.json);
  const code = findCode(layers);
  const isGiven = code === 1 || (code === undefined && answer.status < 300);
  const seed = findScalar(layers, ['result', 'seed', 'data'], /^\d+$/u);
  if (isGiven && seed !== undefined) return seed;
  throwForGateway(answer);
  if (code === 1) throw new ProviderError('malformed', 'the seed is no number', { status: answer.status });
  if (code === undefined || Number.isNaN(code)) throw unreadable(answer);
  throw toRefusal(code, { reason: findWords(layers), bannedWord: undefined }, answer);
}

/** 1: accepted; 21: existed already, or asks in a window; 22: queued (ReturnCode.java; midjourney-proxy-plus docs/api.md). */
const acceptedCodes: ReadonlySet<number> = new Set([1, 21, 22]);

/** The code that decides: one that refuses, in any layer. 0 and 2xx only say that an envelope arrived. */
function findCode(layers: readonly Layer[]): number | undefined {
  const codes = layers
    .map(readCode)
    .filter((code): code is number => code !== undefined && code !== 0 && !(code >= 200 && code < 300));
  return codes.find((code) => !acceptedCodes.has(code)) ?? codes[0];
}

function hasError(layer: Layer): boolean {
  return layer['success'] === false || (layer['error'] !== undefined && layer['error'] !== null);
}

/** The words that come with the code that decides: an envelope's own words only say that it arrived. */
function findWords(layers: readonly Layer[]): string | undefined {
  const code = findCode(layers);
  const decides = layers.filter((layer) => readCode(layer) === code);
  return [...decides, ...layers].map(wordsOf).find((words) => words !== undefined);
}

function findProperties(layers: readonly Layer[]): Layer {
  return layers.flatMap((layer) => layersOf(layer['properties']))[0] ?? {};
}

function findBannedWord(layers: readonly Layer[]): string | undefined {
  const word = findProperties(layers)['bannedWord'];
  return typeof word === 'string' && word !== '' ? cutWords(word) : undefined;
}

/**
 * After a press, 21 asks in a window, unless it says otherwise. After anything else it names a task that existed already,
 * which is looked at like any other: it may be our own from an earlier time, or somebody else's who has the same account.
 */
function readAccepted(
  code: number,
  layers: readonly Layer[],
  { isPress = false }: Asked,
): Omit<Accepted, 'id'> {
  const properties = findProperties(layers);
  const hint = readHint(layers);
  const isAsking = (code !== 22 && hint === 'window') || (code === 21 && isPress && hint === undefined);
  if (isAsking) return { update: toQuestion(properties['finalPrompt']), hasExisted: false };
  const queue = Number(properties['numberOfQueues'] ?? 0);
  return {
    update: Number.isInteger(queue) && queue > 0 ? { state: 'running', queue } : { state: 'running' },
    hasExisted: code === 21 || hint === 'existed',
  };
}

/**
 * What an answer says besides its code. new-api rewrites 21 to 1, but leaves the text and the properties as they were
 * (service/midjourney.go).
 */
function readHint(layers: readonly Layer[]): 'window' | 'existed' | undefined {
  const { status, imageUrl, remix } = findProperties(layers);
  const words = findWords(layers) ?? '';
  if (/^\s*modal\s*$/iu.test(String(status))) return 'window';
  if (status || imageUrl || words.includes('已存在')) return 'existed';
  return String(remix) === 'true' || /window confirm|窗口/iu.test(words) ? 'window' : undefined;
}

function toQuestion(prompt: unknown): Update {
  return typeof prompt === 'string' && prompt !== '' ? { state: 'asking', prompt } : { state: 'asking' };
}
