import type { Answer } from '../answer.ts';
import { type Body, readPicture, readText, readTexts } from './bodies.ts';
import type { Habits } from './habits.ts';
import { findRefusedWord } from './prompt.ts';
import { refuse } from './refusals.ts';
import type { MjTask, Outcome } from './task.ts';
import { animate, describe, imagine, shorten, swap } from './work.ts';

/** A submit that starts something new, checked, and what to do for it. */
export type Order =
  | { facts: Pick<MjTask, 'action' | 'prompt'> & Partial<MjTask>; work: (task: MjTask) => Outcome }
  | { refusal: Answer };

const dimensions: Record<string, string> = { PORTRAIT: '2:3', SQUARE: '1:1', LANDSCAPE: '3:2' };

/** Checks in the words of midjourney-proxy's SubmitController: code 4 for what is missing, 24 for banned words. */
export function readOrder(kind: string, body: Body, habits: Habits): Order {
  const orders: Record<string, () => Order> = {
    imagine: () => readImagine(body, habits),
    blend: () => readBlend(body),
    describe: () => readDescribe(body),
    shorten: () => readShorten(body),
    swap: () => readSwap(body),
    edits: () => readEdits(body, habits),
    video: () => readVideo(body),
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
  const pictures = readTexts(body, 'base64Array');
  if (pictures.length < 2 || pictures.length > 5) return { refusal: refuse('blend-count') };
  const isBroken = pictures.some((picture) => readPicture(picture) === undefined);
  if (isBroken) return { refusal: refuse('bad-base64') };
  const aspect = dimensions[readText(body, 'dimensions') || 'SQUARE'];
  if (aspect === undefined) return { refusal: refuse('bad-dimensions') };
  const prompt = `blend of ${pictures.length} pictures --ar ${aspect}`;
  return { facts: { action: 'BLEND', prompt }, work: (task) => imagine(task, prompt) };
}

function readDescribe(body: Body): Order {
  const base64 = readText(body, 'base64');
  if (base64 === '') return { refusal: refuse('base64-empty') };
  const picture = readPicture(base64);
  if (picture === undefined) return { refusal: refuse('bad-base64') };
  return { facts: { action: 'DESCRIBE', prompt: '' }, work: (task) => describe(task, picture) };
}

function readShorten(body: Body): Order {
  const prompt = readText(body, 'prompt');
  if (prompt === '') return { refusal: refuse('empty-prompt') };
  return { facts: { action: 'SHORTEN', prompt }, work: (task) => shorten(task, prompt) };
}

function readSwap(body: Body): Order {
  const source = readPicture(readText(body, 'sourceBase64'));
  const target = readPicture(readText(body, 'targetBase64'));
  if (source === undefined || target === undefined) return { refusal: refuse('bad-base64') };
  return { facts: { action: 'SWAP_FACE', prompt: '' }, work: (task) => swap(task) };
}

function readEdits(body: Body, habits: Habits): Order {
  const image = readText(body, 'image');
  if (!/^https?:/.test(image) && readPicture(image) === undefined) return { refusal: refuse('bad-base64') };
  const order = readImagine({ ...body, base64Array: [] }, habits);
  return 'refusal' in order ? order : { ...order, facts: { ...order.facts, action: 'EDIT' } };
}

/** `motion` and a first picture are required (trueai SubmitVideoDTO.cs; gateways' documents agree on motion). */
function readVideo(body: Body): Order {
  const image = readText(body, 'image');
  if (!/^(low|high)$/.test(readText(body, 'motion'))) return { refusal: refuse('validation') };
  if (!/^https?:/.test(image) && readPicture(image) === undefined) return { refusal: refuse('bad-base64') };
  const prompt = readText(body, 'prompt');
  return { facts: { action: 'VIDEO', prompt }, work: (task) => animate(task, prompt) };
}
