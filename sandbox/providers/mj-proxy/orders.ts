import type { Answer, Body } from '../answer.ts';
import { readPicture, readText, readTexts } from './bodies.ts';
import { film } from './films.ts';
import type { Habits } from './habits.ts';
import { findRefusedWord } from './prompt.ts';
import { refuse } from './refusals.ts';
import type { MjTask, Outcome } from './task.ts';
import { blend, describe, imagine, shorten, swap } from './work.ts';

/** A checked submit that starts something new, and the work for it. */
export type Order =
  | { facts: Pick<MjTask, 'action' | 'prompt'> & Partial<MjTask>; work: (task: MjTask) => Outcome }
  | { refusal: Answer };

const dimensions: Record<string, string> = { PORTRAIT: '2:3', SQUARE: '1:1', LANDSCAPE: '3:2' };

/** Checks like midjourney-proxy's SubmitController: code 4 for something missing, 24 for banned words. */
export function readOrder(kind: string, body: Body, habits: Habits): Order {
  const orders: Record<string, () => Order> = {
    imagine: () => readImagine(body, habits),
    blend: () => readBlend(body),
    describe: () => readDescribe(body, habits),
    shorten: () => readShorten(body),
    swap: () => readSwap(body),
    edits: () => readEdits(body, habits),
    video: () => readVideo(body, habits),
  };
  return (orders[kind] ?? (() => ({ refusal: refuse('not-supported') })))();
}

function readImagine(body: Body, habits: Habits): Order {
  const prompt = readText(body, 'prompt');
  if (prompt === '') return { refusal: refuse('empty-prompt') };
  const bannedWord = findRefusedWord(prompt, habits);
  if (bannedWord !== undefined) return { refusal: refuse('banned', { promptEn: prompt, bannedWord }) };
  if (readTexts(body, 'base64Array').some((picture) => readPicture(picture) === undefined)) {
    return { refusal: refuse('bad-base64') };
  }
  const botType = readText(body, 'botType') || 'MID_JOURNEY';
  return { facts: { action: 'IMAGINE', prompt, botType }, work: (task) => imagine(task, prompt) };
}

function readBlend(body: Body): Order {
  const texts = readTexts(body, 'base64Array');
  if (texts.length < 2 || texts.length > 5) return { refusal: refuse('blend-count') };
  const pictures = texts.flatMap((picture) => readPicture(picture)?.picture ?? []);
  if (pictures.length < texts.length) return { refusal: refuse('bad-base64') };
  const aspect = dimensions[readText(body, 'dimensions') || 'SQUARE'];
  if (aspect === undefined) return { refusal: refuse('bad-dimensions') };
  const prompt = `blend of ${pictures.length} pictures --ar ${aspect}`;
  return { facts: { action: 'BLEND', prompt }, work: (task) => blend(task, prompt, pictures) };
}

function readDescribe(body: Body, habits: Habits): Order {
  const base64 = readText(body, 'base64');
  if (base64 === '') return { refusal: refuse('base64-empty') };
  const picture = readPicture(base64);
  if (picture === undefined) return { refusal: refuse('bad-base64') };
  const lineEnd = habits.flavour === 'trueai' ? '\r\n' : '\n';
  return { facts: { action: 'DESCRIBE', prompt: '' }, work: (task) => describe(task, picture, lineEnd) };
}

function readShorten(body: Body): Order {
  const prompt = readText(body, 'prompt');
  if (prompt === '') return { refusal: refuse('empty-prompt') };
  return { facts: { action: 'SHORTEN', prompt }, work: (task) => shorten(task, prompt) };
}

function readSwap(body: Body): Order {
  const face = readPicture(readText(body, 'sourceBase64'))?.picture;
  const target = readPicture(readText(body, 'targetBase64'))?.picture;
  if (face === undefined || target === undefined) return { refusal: refuse('bad-base64') };
  return { facts: { action: 'SWAP_FACE', prompt: '' }, work: (task) => swap(task, { face, target }) };
}

function readEdits(body: Body, habits: Habits): Order {
  const image = readImage(body, 'image');
  if (image === undefined) return { refusal: refuse('bad-base64') };
  const order = readImagine({ ...body, base64Array: [] }, habits);
  if ('refusal' in order) return order;
  const { facts } = order;
  return {
    facts: { ...facts, action: 'EDIT' },
    work: (task) => imagine(task, facts.prompt, image.picture),
  };
}

/** `motion` and a first picture are required (trueai SubmitVideoDTO.cs; gateways' documents agree on motion). */
function readVideo(body: Body, habits: Habits): Order {
  const prompt = readText(body, 'prompt');
  if (prompt === '' && habits.videoNeedsWords) return { refusal: refuse('empty-prompt') };
  if (!/^(low|high)$/.test(readText(body, 'motion'))) return { refusal: refuse('validation') };
  const [, lines] = /^vid_1\.1_i2v_(480|720)$/.exec(readText(body, 'videoType') || 'vid_1.1_i2v_480') ?? [];
  if (lines === undefined) return { refusal: refuse('validation') };
  const clips = readBatch(body);
  if (clips === undefined) return { refusal: refuse('validation') };
  const image = readImage(body, 'image');
  const end = body['endImage'] === undefined ? { picture: undefined } : readImage(body, 'endImage');
  if (image === undefined || end === undefined) return { refusal: refuse('bad-base64') };
  const wish = {
    prompt,
    picture: image.picture,
    end: end.picture,
    lines: Number(lines),
    clips,
    isLoop: body['loop'] === true || /--loop\b/i.test(prompt),
  };
  const isTurbo = /--turbo\b/i.test(prompt);
  // What Midjourney says, after it was accepted.
  const complaint = isTurbo ? "Turbo mode isn't supported for video jobs" : undefined;
  return { facts: { action: 'VIDEO', prompt }, work: (task) => ({ ...film(task, wish), complaint }) };
}

/** Four clips unless it's told (trueai SubmitVideoDTO.cs); Midjourney makes 1, 2 or 4. */
export function readBatch(body: Body): number | undefined {
  const size = body['batchSize'] ?? 4;
  return size === 1 || size === 2 || size === 4 ? size : undefined;
}

/** An address or a data URL; addresses are accepted, but never called. */
function readImage(body: Body, field: string): { picture: Buffer | undefined } | undefined {
  const text = readText(body, field);
  return /^https?:/.test(text) ? { picture: undefined } : readPicture(text);
}
