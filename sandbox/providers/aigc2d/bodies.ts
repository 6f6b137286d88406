import { readPicture } from '../mj-proxy/bodies.ts';
import type { Aigc2dHabits } from './habits.ts';

type Body = Readonly<Record<string, unknown>>;

export type RouteName = 'IMAGINE' | 'CHANGE' | 'DESCRIBE' | 'BLEND';

/** A checked submit, or the refusal's name. */
export type Order =
  | {
      kind: 'IMAGINE' | 'UPSCALE' | 'VARIATION' | 'DESCRIBE' | 'BLEND';
      prompt: string;
      parentId?: string;
      index?: number;
    }
  | { refusal: 'failure' | 'prompt-empty' | 'bad-picture' };

/** A body with its fields in camelCase; fields that this deployment doesn't know are dropped. */
export function spellBody(body: Body, { fields }: Aigc2dHabits): Body {
  const known = ['prompt', 'state', 'base64', 'base64Array', 'dimensions', 'taskId', 'action', 'index'];
  const spell = (name: string) =>
    fields === 'camel' ? name : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(known.map((name) => [name, body[spell(name)]]));
}

/** Reads a call's body like midjourney-proxy (SubmitController.java). */
export function readRoute(call: RouteName, body: Body): Order {
  switch (call) {
    case 'IMAGINE':
      return readImagine(body);
    case 'CHANGE':
      return readChange(body);
    case 'DESCRIBE':
      return isPicture(body['base64']) ? { kind: 'DESCRIBE', prompt: '' } : { refusal: 'bad-picture' };
    case 'BLEND':
      return readBlend(body);
  }
}

function readImagine({ prompt, base64Array = [] }: Body): Order {
  if (typeof prompt !== 'string' || prompt.trim() === '') return { refusal: 'prompt-empty' };
  if (!Array.isArray(base64Array) || !base64Array.every(isPicture)) return { refusal: 'bad-picture' };
  return { kind: 'IMAGINE', prompt };
}

function readChange({ taskId, action, index }: Body): Order {
  const isTile = typeof index === 'number' && [1, 2, 3, 4].includes(index);
  if (typeof taskId !== 'string' || !isTile) return { refusal: 'failure' };
  if (action !== 'UPSCALE' && action !== 'VARIATION') return { refusal: 'failure' };
  return { kind: action, prompt: '', parentId: taskId, index };
}

const ratios: Readonly<Record<string, string>> = { PORTRAIT: '2:3', SQUARE: '1:1', LANDSCAPE: '3:2' };

function readBlend({ base64Array, dimensions = 'SQUARE' }: Body): Order {
  const ratio = ratios[String(dimensions)];
  if (
    !Array.isArray(base64Array) ||
    base64Array.length < 2 ||
    base64Array.length > 5 ||
    ratio === undefined
  ) {
    return { refusal: 'failure' };
  }
  if (!base64Array.every(isPicture)) return { refusal: 'bad-picture' };
  return { kind: 'BLEND', prompt: `blend of ${base64Array.length} pictures --ar ${ratio}` };
}

function isPicture(value: unknown): boolean {
  return typeof value === 'string' && readPicture(value) !== undefined;
}
