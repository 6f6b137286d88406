import { z } from 'zod';
import type { FollowUpAction, Offer } from '../../task.ts';
import { namesVideo, readForeignButton, readNumber, readStyle } from '../foreign-buttons.ts';

/** Discord's own limit is 100. */
const longestCustomId = 1_000;

/** A button as the API returns it, with Discord's numbers for its type and style. Only the id has to be readable. */
export const buttonSchema = z.object({
  customId: z.string().max(longestCustomId).nullish().catch(undefined),
  label: z.unknown().optional(),
  emoji: z.unknown().optional(),
  type: z.unknown().optional(),
  style: z.unknown().optional(),
});
export type Button = z.infer<typeof buttonSchema>;

/**
 * The offer behind a button; `undefined` for links, menus, and the numbers under a text (PicReader, PromptAnalyzer: those
 * prompts are imagined from their words). An id that we have no name for is offered under the API's own label. The ids are
 * those of Midjourney's Discord bot, as seen in answers of midjourney-proxy-plus and trueai-org/midjourney-proxy
 * (`CustomComponentModel.cs`, `TaskInfo.cs`), V5 to V8 and niji, 2026-11.
 */
export function toOffer(button: Button): Offer | undefined {
  const token = button.customId ?? '';
  if (token.trim() === '' || !isPressable(button) || isNoOffer(token)) return undefined;
  const known = toKnown(token);
  if (known !== undefined) return { ...known, token, ...readStyle(button.style) };
  const name = toName(token);
  const shown = readForeignButton(button, name);
  // Nobody pays for a button that says nothing.
  if (shown.label === undefined && shown.emoji === undefined) return undefined;
  return { action: namesVideo(name) ? 'other-video' : 'other', token, ...shown };
}

/** U1–U4 under a set of clips. */
export function isVideoPick(button: Button): boolean {
  return button.customId?.includes('::video_virtual_upscale::') === true;
}

/** A link (5) or a purchase (6) isn't pressed, and neither is a menu, whose type isn't that of a button (2). */
function isPressable({ type, style }: Button): boolean {
  const isButton = (readNumber(type) ?? 2) === 2;
  return isButton && readNumber(style) !== 5 && readNumber(style) !== 6;
}

/** Prompts are imagined from their words, what has ended can't be canceled, and no set has a picture without a number. */
function isNoOffer(token: string): boolean {
  const [, family = '', name = '', number = ''] = token.split('::');
  const isNowhere = family === 'JOB' && indexedJobs.has(name) && !/^[1-9]\d?$/u.test(number);
  return isNowhere || /::(?:PicReader|PromptAnalyzer)::\d+(?:::|$)|::CancelJob(?:::|$)/iu.test(token);
}

function toKnown(token: string): Pick<Offer, 'action' | 'index'> | undefined {
  const whole = wholes.get(token.toLowerCase());
  if (whole !== undefined) return { action: whole };
  const [, family = '', name = '', number = ''] = token.split('::');
  const indexed = family === 'JOB' ? indexedJobs.get(name) : undefined;
  if (indexed !== undefined)
    return /^[1-4]$/u.test(number) ? { action: indexed, index: Number(number) } : undefined;
  const action = family === 'JOB' ? (jobs.get(name) ?? toUpscale(name)) : toModalAction(family, name);
  return action === undefined ? undefined : { action };
}

/**
 * The words of an id, without what all of them have and without the job's own id: `MJ::Foo::bar::2::{uuid}` → "Foo bar 2". A
 * single picture needs no number.
 */
function toName(token: string): string {
  const general = token.endsWith('::SOLO')
    ? /^(?:MJ|JOB|SOLO|\d+|[\da-f-]{16,}|)$/iu
    : /^(?:MJ|JOB|[\da-f-]{16,}|)$/iu;
  return token
    .split('::')
    .filter((part) => !general.test(part))
    .join(' ');
}

/** Buttons of a whole text, whose ids have no job in them. */
const wholes: ReadonlyMap<string, FollowUpAction> = new Map([
  ['mj::picread::retry', 'redescribe'],
  ['mj::job::picreader::all', 'imagine-all'],
]);

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

const upscales: ReadonlyMap<string, FollowUpAction> = new Map([
  ['2x', 'upscale-2x'],
  ['4x', 'upscale-4x'],
  ['subtle', 'upscale-subtle'],
  ['2x_subtle', 'upscale-subtle'],
  ['creative', 'upscale-creative'],
  ['2x_creative', 'upscale-creative'],
]);

/** `upsample_v7_2x_subtle`, `upsample_v6r1_2x_creative`, `upsample_v5_4x`: the version varies; another end is another upscale. */
function toUpscale(name: string): FollowUpAction | undefined {
  return upscales.get(/^upsample_(?:v[\da-z.]+_)?(.+)$/u.exec(name)?.[1] ?? '');
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
