import { longestFilmFrames } from '../../pictures/draw.ts';
import type { Answer } from '../answer.ts';
import { type Body, findWrongField, readAddress, readMask, readMode, readText } from './bodies.ts';
import { refuseAs, refuseBody } from './refusals.ts';
import type { AceTask, Mode, Outcome } from './task.ts';
import { edit, film, follow, generate } from './work.ts';

/** Work that can be done. */
export interface Order {
  readonly action: string;
  readonly prompt: string;
  readonly mode: Mode;
  readonly parent?: AceTask;
  readonly usd: number;
  readonly work: (task: AceTask) => Outcome | undefined;
}

export type Endpoint = 'imagine' | 'edits' | 'videos';

/** US dollars (AceDataCloud/Docs, pricing/image). */
const prices = { grid: 0.025, upscale: 0.005, video: 0.1 } as const;

/** Reads what a submit orders, or says no; `find` returns the task of a result's id. */
export function readOrder(
  endpoint: Endpoint,
  body: Body,
  find: (resultId: string) => AceTask | undefined,
): Order | Answer {
  const wrong = findWrongField(body);
  if (wrong !== undefined) return refuseBody(`${wrong} has the wrong type`);
  const mode = readMode(body);
  if (mode === undefined) return refuseBody('mode is not supported');
  const order = { action: readText(body, 'action') || 'generate', prompt: readText(body, 'prompt'), mode };
  if (endpoint === 'videos') return readVideo(body, order, find);
  if (endpoint === 'edits') {
    if (readAddress(body, 'image_url') === undefined) return refuseBody('image_url is required');
    return { ...order, usd: prices.grid, work: (task) => edit(task, order.prompt) };
  }
  if (order.action !== 'generate') return readFollowUp(body, order, find);
  if (order.prompt === '') return refuseBody('prompt is required');
  return { ...order, usd: prices.grid, work: (task) => generate(task, order.prompt) };
}

type Begun = Pick<Order, 'action' | 'prompt' | 'mode'>;
type Find = (resultId: string) => AceTask | undefined;

function readFollowUp(body: Body, order: Begun, find: Find): Order | Answer {
  const parent = find(readText(body, 'image_id'));
  if (parent === undefined) return refuseBody('image_id is unknown');
  const mask = readMask(body);
  if (order.action === 'variation_region' && mask === undefined) return refuseBody('mask is required');
  const isOffered = (parent.outcome?.actions ?? []).includes(order.action);
  if (!isOffered && order.action !== 'variation_region') return refuseAs('api-not-implemented');
  const usd = order.action.includes('upscale') ? prices.upscale : prices.grid;
  return { ...order, parent, usd, work: (task) => follow(task, order.prompt, mask) };
}

/** `resolution` is one of two, and `loop` a boolean (videos guide). The first frame is a picture; there's no relax, and no video from words alone (videos guide). */
function readVideo(body: Body, order: Begun, find: Find): Order | Answer {
  if (order.mode === 'relax') return refuseBody('mode is not supported');
  if (!['480p', '720p'].includes(String(body['resolution'] ?? '720p')))
    return refuseBody('resolution is not supported');
  const work = (task: AceTask) => film(task, order.prompt);
  if (order.action === 'extend') {
    const parent = find(readText(body, 'video_id'));
    const index = body['video_index'] ?? 0;
    if (parent?.type !== 'videos') return refuseBody('video_id is unknown');
    const shown = parent.outcome?.shown;
    if (shown?.as === 'videos' && shown.frames >= longestFilmFrames)
      return refuseBody('the video is too long');
    if (![0, 1, 2, 3].some((known) => known === index)) return refuseBody('video_index is out of range');
    return { ...order, parent, usd: prices.video, work };
  }
  if (order.action !== 'generate') return refuseAs('api-not-implemented');
  if (readAddress(body, 'image_url') === undefined) return refuseBody('image_url is required');
  return { ...order, usd: prices.video, work };
}
