import type { Body } from '../answer.ts';
import type { Habits } from './habits.ts';

/** A request's body, after JSON. */
export function readText(body: Body, field: string): string {
  const value = body[field];
  return typeof value === 'string' ? value.trim() : '';
}

export function readTexts(body: Body, field: string): string[] {
  const value = body[field];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** `data:image/png;base64,…`; undefined for anything else. */
export function readPicture(dataUrl: string): { picture: Buffer; contentType: string } | undefined {
  const [, contentType, data] = /^data:(image\/[a-z+]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(dataUrl) ?? [];
  if (contentType === undefined || data === undefined) return undefined;
  return { picture: Buffer.from(data, 'base64'), contentType };
}

/** The id in a follow-up, under either of the family's two names. */
export function readParentId(body: Body): string {
  return readText(body, 'taskId') || readText(body, 'task_id');
}

/** Go and C# decode into typed fields: anything other than a string is a bad request there (dto/midjourney.go). */
export function findWrongField(body: Body): string | undefined {
  return ['prompt', 'customId', 'taskId', 'state', 'maskBase64'].find(
    (field) => !isOf('string', body[field]),
  );
}

/** For fields that Go decodes as `int` (dto/midjourney.go). */
export function hasWrongIndex(body: Body): boolean {
  return !isOf('number', body['index']);
}

function isOf(type: 'string' | 'number', value: unknown): boolean {
  return value === undefined || value === null || typeof value === type;
}

/** The part of a body that reaches a proxy (service/midjourney.go, DoMidjourneyHttpRequest). */
export function forward(body: Body, habits: Habits): Body {
  const { accountFilter, notifyHook, ...rest } = body;
  const kept = habits.stripsHooksAndFilters ? rest : { ...rest, accountFilter, notifyHook };
  if (!habits.stripsSpeedFlags || typeof body['prompt'] !== 'string') return kept;
  return { ...kept, prompt: body['prompt'].replace(/--(fast|relax|turbo)/g, '') };
}
