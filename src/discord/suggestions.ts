import type { Words } from '../locales/index.ts';
import type { SavedCode } from '../prompt/preferences.ts';
import { readPresetName } from '../prompt/presets.ts';
import { spellRatio } from '../prompt/spelling.ts';
import { toLabel } from './render/foreign-text.ts';
import type { Suggestion } from './respond.ts';

/** How long a suggestion for an option can be (Discord docs, "Application Command Option Choice Structure"). */
const nameLimit = 100;

/** Those that people use most, with what they're for. */
const aspects = [
  ['1:1', 'square'],
  ['16:9', 'wide'],
  ['21:9', 'cinema'],
  ['3:2', 'landscape'],
  ['4:3', 'landscape'],
  ['5:4', 'landscape'],
  ['2:3', 'portrait'],
  ['3:4', 'portrait'],
  ['4:5', 'portrait'],
  ['9:16', 'phone'],
] as const;

/** Aspect ratios whose numbers or names have what was typed in them. */
export function suggestAspects(typed: string, { say }: Words): Suggestion[] {
  const wanted = spellRatio(typed.trim()).toLowerCase();
  return aspects
    .map(([ratio, name]) => ({ name: say(`aspect.${name}`, { ratio }), value: ratio }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
}

/** The person's presets whose name or text has what was typed in it. */
export function suggestPresets(presets: Readonly<Record<string, string>>, typed: string): Suggestion[] {
  const wanted = readPresetName(typed);
  return Object.entries(presets)
    .filter(([name, text]) => `${name} ${text}`.toLowerCase().includes(wanted))
    .map(([name, text]) => ({ name: toLabel(`--${name}: ${text}`, nameLimit), value: name }));
}

/** The person's codes of that kind, or all of them, whose name or value has what was typed in it. */
export function suggestCodes(
  codes: readonly SavedCode[],
  kind: SavedCode['kind'] | undefined,
  typed: string,
): Suggestion[] {
  const wanted = typed.trim().toLowerCase();
  return codes
    .filter((code) => kind === undefined || code.kind === kind)
    .filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted))
    .map(({ name, value }) => ({
      name: toLabel(`${name}: ${value}`, nameLimit),
      value: kind === undefined ? name : value,
    }));
}
