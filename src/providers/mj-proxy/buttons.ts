import { z } from 'zod';
import type { FollowUpAction, Offer } from '../../task.ts';

/** Discord's own limit is 100. */
const longestCustomId = 1_000;

/** A button as the API returns it. Label, emoji and style aren't read, since we have our own. */
export const buttonSchema = z.object({
  customId: z.string().max(longestCustomId).nullish().catch(undefined),
});
export type Button = z.infer<typeof buttonSchema>;

/**
 * The offer behind a button; `undefined` for links, bookmarks, the numbers under a text (PicReader, PromptAnalyzer: those
 * prompts are imagined from their words) and anything unknown. The ids are those of Midjourney's Discord bot, as seen in
 * answers of midjourney-proxy-plus and trueai-org/midjourney-proxy (`CustomComponentModel.cs`, `TaskInfo.cs`), V5 to V8
 * and niji, 2026-11.
 */
export function toOffer(button: Button): Offer | undefined {
  const token = button.customId ?? '';
  const [, family = '', name = '', number = ''] = token.split('::');
  const indexed = family === 'JOB' ? indexedJobs.get(name) : undefined;
  if (indexed !== undefined)
    return /^[1-4]$/u.test(number) ? { action: indexed, index: Number(number), token } : undefined;
  const action = family === 'JOB' ? (jobs.get(name) ?? toUpscale(name)) : toModalAction(family, name);
  return action === undefined ? undefined : { action, token };
}

/** U1–U4 under a set of clips. */
export function isVideoPick(button: Button): boolean {
  return button.customId?.includes('::video_virtual_upscale::') === true;
}

/** Buttons for one picture of a set; the number after their name says which. */
const indexedJobs: ReadonlyMap<string, FollowUpAction> = new Map([
  ['upsample', 'upscale'],
  ['variation', 'variation'],
  ['video_virtual_upscale', 'upscale'],
]);

const jobs: ReadonlyMap<string, FollowUpAction> = new Map([
  ['reroll', 'reroll'],
  ['low_variation', 'vary-subtle'],
  ['high_variation', 'vary-strong'],
  ['pan_left', 'pan-left'],
  ['pan_right', 'pan-right'],
  ['pan_up', 'pan-up'],
  ['pan_down', 'pan-down'],
  ['animate_high', 'animate-high'],
  ['animate_low', 'animate-low'],
  ['animate_high_extend', 'extend-high'],
  ['animate_low_extend', 'extend-low'],
]);

const zooms: ReadonlyMap<string, FollowUpAction> = new Map([
  ['50', 'zoom-2x'],
  ['75', 'zoom-1.5x'],
  ['100', 'square'],
]);

/** `upsample_v7_2x_subtle`, `upsample_v6r1_2x_creative`, `upsample_v5_4x`: the version varies, the end doesn't. */
function toUpscale(name: string): FollowUpAction | undefined {
  if (!name.startsWith('upsample_')) return undefined;
  if (name.endsWith('_subtle')) return 'upscale-subtle';
  if (name.endsWith('_creative')) return 'upscale-creative';
  return name.endsWith('_4x') ? 'upscale-4x' : 'upscale-2x';
}

function toModalAction(family: string, name: string): FollowUpAction | undefined {
  switch (family) {
    case 'Inpaint':
      return 'vary-region';
    case 'CustomZoom':
      return 'custom-zoom';
    case 'Outpaint':
      return zooms.get(name) ?? 'zoom';
    default:
      return undefined;
  }
}
