import type { Body } from '../answer.ts';
import { readText } from './bodies.ts';
import { toGatewayAction } from './custom-id.ts';

/** US dollars per call (new-api setting/operation_setting/model-ratio.go; a model without a price costs 0.1). */
const prices: Record<string, number> = {
  DESCRIBE: 0.05,
  UPSCALE: 0.05,
  SWAP_FACE: 0.05,
  UPLOAD: 0.05,
  VIDEO: 0.8,
  // Their price is charged with the modal that follows.
  INPAINT: 0,
  CUSTOM_ZOOM: 0,
};

export function toPriceUsd(gatewayAction: string): number {
  return prices[gatewayAction] ?? 0.1;
}

/** Actions by endpoint, in new-api's words; buttons have their own. */
const actions: Record<string, string> = {
  imagine: 'IMAGINE',
  blend: 'BLEND',
  describe: 'DESCRIBE',
  shorten: 'SHORTEN',
  edits: 'EDITS',
  video: 'VIDEO',
  'upload-discord-images': 'UPLOAD',
  swap: 'SWAP_FACE',
  modal: 'MODAL',
};

/** What a submit is billed as; for a button, the refusal or undefined, as from `toGatewayAction`. */
export function toBilledAction(kind: string, body: Body): ReturnType<typeof toGatewayAction> {
  if (kind === 'action') return toGatewayAction(readText(body, 'customId'));
  return { action: actions[kind] ?? '' };
}
