import type { Direction } from '../../pictures/view.ts';

/** What a button does, read from its customId as Midjourney means it. */
export type ButtonAct =
  | { do: 'pick'; tile: number }
  | { do: 'vary'; tile: number; strength: 'button' | 'subtle' | 'strong' }
  | { do: 'reroll' }
  | { do: 'upscale'; creative: boolean }
  | { do: 'zoom'; factor: number }
  | { do: 'square' }
  | { do: 'custom-zoom' }
  | { do: 'inpaint' }
  | { do: 'pan'; direction: Direction }
  | { do: 'animate'; motion: 'high' | 'low' }
  | { do: 'video-pick'; tile: number }
  | { do: 'read'; line: number }
  | { do: 'read-all' }
  | { do: 'redescribe' }
  | { do: 'unknown' };

/** Forms seen live: `MJ::JOB::upsample::2::{uuid}`, `MJ::Outpaint::50::1::{uuid}::SOLO`, `MJ::CustomZoom::{uuid}`. */
export function parseCustomId(customId: string): ButtonAct {
  const [, first = '', ...rest] = customId.split('::');
  if (first === 'JOB') return parseJob(rest[0] ?? '', Number(rest[1] ?? Number.NaN));
  if (first === 'Outpaint') {
    if (rest[0] === '100') return { do: 'square' };
    return { do: 'zoom', factor: rest[0] === '75' ? 1.5 : 2 };
  }
  if (first === 'CustomZoom') return { do: 'custom-zoom' };
  if (first === 'Inpaint') return { do: 'inpaint' };
  if (customId === 'MJ::Job::PicReader::all') return { do: 'read-all' };
  if (customId === 'MJ::Picread::Retry') return { do: 'redescribe' };
  if (first === 'Job' && rest[0] === 'PicReader' && /^[1-4]$/.test(rest[1] ?? '')) {
    return { do: 'read', line: Number(rest[1]) };
  }
  return { do: 'unknown' };
}

function parseJob(job: string, index: number): ButtonAct {
  const tile = index - 1;
  const isTile = tile >= 0 && tile < 4;
  if (job === 'upsample') return isTile ? { do: 'pick', tile } : { do: 'unknown' };
  if (job === 'variation') return isTile ? { do: 'vary', tile, strength: 'button' } : { do: 'unknown' };
  if (job === 'low_variation') return { do: 'vary', tile: 0, strength: 'subtle' };
  if (job === 'high_variation') return { do: 'vary', tile: 0, strength: 'strong' };
  if (job === 'reroll') return { do: 'reroll' };
  if (job === 'animate_high' || job === 'animate_high_extend') return { do: 'animate', motion: 'high' };
  if (job === 'animate_low' || job === 'animate_low_extend') return { do: 'animate', motion: 'low' };
  if (job === 'video_virtual_upscale') return { do: 'video-pick', tile };
  if (/^upsample_v\d/.test(job)) return { do: 'upscale', creative: job.endsWith('_creative') };
  const direction = /^pan_(left|right|up|down)$/.exec(job)?.[1];
  if (direction === 'left' || direction === 'right' || direction === 'up' || direction === 'down') {
    return { do: 'pan', direction };
  }
  return { do: 'unknown' };
}

/** `action` of a task, in midjourney-proxy-plus' words (docs/api.md, and ZOOM and PAN added to the Java list). */
export function toAction(act: ButtonAct): string {
  const actions: Record<ButtonAct['do'], string> = {
    pick: 'UPSCALE',
    vary: 'VARIATION',
    reroll: 'REROLL',
    upscale: 'UPSCALE',
    zoom: 'ZOOM',
    square: 'ZOOM',
    'custom-zoom': 'ZOOM',
    inpaint: 'INPAINT',
    pan: 'PAN',
    animate: 'VIDEO',
    'video-pick': 'UPSCALE',
    read: 'IMAGINE',
    'read-all': 'IMAGINE',
    redescribe: 'DESCRIBE',
    unknown: 'ACTION',
  };
  return actions[act.do];
}

/**
 * `action` in new-api's words, or the refusal's text; undefined if new-api itself crashes.
 * (new-api service/midjourney.go, CoverPlusActionToNormalAction: the second part must be there, "JOB" is stripped,
 * and the rest is looked for in this order.)
 */
export function toGatewayAction(customId: string): { action: string } | { refusal: string } | undefined {
  if (customId === '') return { refusal: 'custom_id_is_required' };
  const parts = customId.split('::');
  if (parts.length < 2) return undefined;
  const action = (parts[1] === 'JOB' ? parts[2] : parts[1]) ?? '';
  if (action === '') return { refusal: 'unknown_action' };
  if (action.includes('upsample') || action === 'variation') {
    if (!/^[+-]?\d+$/.test(parts[3] ?? '')) return { refusal: 'index_parse_failed' };
    return { action: action === 'variation' ? 'VARIATION' : 'UPSCALE' };
  }
  if (action === 'low_variation') return { action: 'LOW_VARIATION' };
  if (action === 'high_variation') return { action: 'HIGH_VARIATION' };
  if (action.includes('pan')) return { action: 'PAN' };
  if (action.includes('reroll')) return { action: 'REROLL' };
  if (action === 'Outpaint') return { action: 'ZOOM' };
  if (action === 'CustomZoom') return { action: 'CUSTOM_ZOOM' };
  if (action === 'Inpaint') return { action: 'INPAINT' };
  return { refusal: `unknown_action:${customId}` };
}
