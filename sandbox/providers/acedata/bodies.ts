import type { Mode } from './task.ts';

export type Body = Readonly<Record<string, unknown>>;

export function readText(body: Body, field: string): string {
  const value = body[field];
  return typeof value === 'string' ? value.trim() : '';
}

export function readTexts(body: Body, field: string): string[] | undefined {
  const value = body[field];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

/** `fast` if it isn't given; undefined for anything but the three speeds. */
export function readMode(body: Body): Mode | undefined {
  const mode = body['mode'] ?? 'fast';
  return mode === 'relax' || mode === 'fast' || mode === 'turbo' ? mode : undefined;
}

/** Bare base64, without `data:` before it (imagine guide). */
export function readMask(body: Body): Buffer | undefined {
  const text = readText(body, 'mask');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

export function readAddress(body: Body, field: string): string | undefined {
  const text = readText(body, field);
  return /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '') ? text : undefined;
}

/** Fields of the wrong type are refused before anything is accepted. */
export function findWrongField(body: Body): string | undefined {
  const types: Readonly<Record<string, string>> = {
    prompt: 'string',
    action: 'string',
    image_id: 'string',
    video_id: 'string',
    resolution: 'string',
    end_image_url: 'string',
    loop: 'boolean',
    mask: 'string',
    version: 'string',
    quality: 'string',
    callback_url: 'string',
    async: 'boolean',
    hd: 'boolean',
    video_index: 'number',
  };
  return Object.keys(types).find((field) => {
    const value = body[field] ?? undefined;
    return value !== undefined && typeof value !== types[field];
  });
}
