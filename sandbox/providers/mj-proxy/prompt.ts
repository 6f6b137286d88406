import type { Version } from './buttons.ts';
import type { Habits } from './habits.ts';

/** A prompt as Midjourney reads it: words, then `--flag value`. */
export interface Prompt {
  words: string;
  aspect: number;
  version: Version;
  zoom: number | undefined;
  /** Why Midjourney refuses it; it only says so after accepting, and the task fails. */
  complaint: string | undefined;
}

/** Flags with and without a value, long and short (docs.midjourney.com, Parameter List). */
const flags = new Set(
  (
    'ar aspect v version niji s stylize c chaos w weird q quality seed no raw style tile iw sref sw sv cref cw oref ow ' +
    'p profile personalize draft fast relax turbo stealth public repeat r stop zoom exp hd sd video motion loop end bs ' +
    'edit preview test testp creative sameseed uplight upbeta'
  ).split(' '),
);

export function parsePrompt(prompt: string): Prompt {
  const [words = '', ...rest] = prompt.split(/\s--(?=[a-z])/i);
  const given = new Map<string, string>();
  for (const flag of rest) {
    const [name = '', ...values] = flag.trim().split(/\s+/);
    given.set(name.toLowerCase(), values.join(' '));
  }
  const aspect = parseAspect(given.get('ar') ?? given.get('aspect') ?? '1:1');
  const version = toVersion(given.get('niji'), given.get('v') ?? given.get('version'));
  const zoom = given.has('zoom') ? Number(given.get('zoom')) : undefined;
  return {
    words: words.trim(),
    aspect: aspect ?? 1,
    version: version ?? '7',
    zoom,
    complaint: complain({ given, aspect, version, zoom }),
  };
}

/** The prompt with another `--ar`, as Midjourney writes it after a pan. */
export function withAspect(prompt: string, aspect: number): string {
  const bare = prompt.replace(/\s--(ar|aspect)\s+\S+/gi, '');
  const isWhole = (height: number) => Math.abs(aspect * height - Math.round(aspect * height)) < 0.01;
  const height = Array.from({ length: 64 }, (_, index) => index + 1).find(isWhole) ?? 64;
  return aspect === 1 ? bare : `${bare} --ar ${Math.round(aspect * height)}:${height}`;
}

/** The prompt with a code for each `random` style, as Midjourney writes it (docs.midjourney.com, Style Reference). */
export function drawStyles(prompt: string, seed: number): string {
  let drawn = seed;
  return prompt.replace(/(?<=\s--sref(?:\s+(?!--)\S+)*\s+)random(?=::|\s|$)/giu, () => {
    drawn = (drawn * 48_271) % 4_294_967_291;
    return String(drawn);
  });
}

export function findBannedWord(prompt: string, bannedWords: readonly string[]): string | undefined {
  return bannedWords.find((word) => new RegExp(`\\b${word}\\b`, 'i').test(prompt));
}

/** The word that keeps a prompt from being accepted; trueai accepts them all (SubmitController.cs). */
export function findRefusedWord(prompt: string, habits: Habits): string | undefined {
  return habits.flavour === 'trueai' ? undefined : findBannedWord(prompt, habits.bannedWords);
}

/** Line 1 to 4 of a description, without its keycap, brackets and link targets. */
export function readLine(text: string, line: number): string {
  const found = text.split(/\r?\n\r?\n/).find((part) => part.startsWith(`${line}\uFE0F\u20E3 `)) ?? '';
  return found.slice(4).replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

interface Given {
  given: ReadonlyMap<string, string>;
  aspect: number | undefined;
  version: Version | undefined;
  zoom: number | undefined;
}

function complain({ given, aspect, version, zoom }: Given): string | undefined {
  const unknown = [...given.keys()].find((name) => !flags.has(name));
  if (unknown !== undefined) return `Invalid parameter, Unrecognized parameter(s): \`--${unknown}\``;
  if (aspect === undefined) return 'Invalid parameter, Invalid value provided for argument `ar`';
  if (version === undefined) return 'Invalid parameter, Invalid value provided for argument `version`';
  if (zoom !== undefined && !(zoom >= 1 && zoom <= 2)) {
    return 'Invalid parameter, Invalid value provided for argument `zoom`; must be between 1 and 2';
  }
  const edited = given.get('edit');
  return edited === undefined ? undefined : complainOfEdit(edited.split(' '), given);
}

/** Up to four addresses, in versions 8.1 and 8.2, and never with `--tile` (docs.midjourney.com, Edit Model). */
function complainOfEdit(edited: readonly string[], given: Given['given']): string | undefined {
  const version = given.get('v') ?? given.get('version') ?? '8.2';
  if (given.has('niji') || !/^8\.[12]$/.test(version))
    return 'Invalid parameter, `--edit` is not compatible with this version';
  if (given.has('tile')) return 'Invalid parameter, `--edit` is not compatible with `--tile`';
  const isList = edited.length <= 4 && edited.every((address) => /^https?:\/\/\S+$/.test(address));
  return isList ? undefined : 'Invalid parameter, Invalid value provided for argument `edit`';
}

function parseAspect(text: string): number | undefined {
  const [width = Number.NaN, height = Number.NaN] = text.split(':').map(Number);
  const aspect = width / height;
  // Up to 14:1 (docs.midjourney.com, Aspect Ratio).
  return aspect >= 1 / 14 && aspect <= 14 ? aspect : undefined;
}

function toVersion(niji: string | undefined, version: string | undefined): Version | undefined {
  if (niji !== undefined) {
    const known: Record<string, Version> = { '': '7', '4': '4', '5': '5', '6': '6', '7': '7' };
    return known[niji];
  }
  if (version === undefined) return '7';
  if (version === '6.1') return '6.1';
  if (/^8(\.\d)?$/.test(version)) return '8';
  if (/^5(\.\d)?$/.test(version)) return '5';
  if (/^[1-4]$/.test(version)) return '4';
  return version === '6' || version === '6.0' ? '6' : version === '7' || version === '7.0' ? '7' : undefined;
}
