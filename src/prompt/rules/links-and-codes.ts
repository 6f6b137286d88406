import { type Draft, type KnownModel, type LintRule, note, replaceEach, ruleFor } from '../findings.ts';
import { isReference, writeParameter } from '../reading.ts';
import { nearestOf } from './values.ts';

/** A style code has ten digits at most: it's a number of 32 bits. */
const longestCode = 12;

/** What isn't a style: neither a code, nor an address, nor `random`. */
export function correctStyles(draft: Draft, { model }: KnownModel): void {
  const isStyle = (value: string) =>
    isReference(value) && (isAddress(value) || value.length <= longestCode + 8);
  keepOnly(draft, 'not-a-style', { names: ['sref'], isMeant: isStyle });
  const rule = ruleFor(draft, model, 'codes');
  const styles = draft.parameters.find(({ name }) => name === 'sref')?.values ?? [];
  if (rule?.is !== 'choice' || styles.every(isAddress)) return;
  replaceEach(draft, (parameter) => {
    const [value = ''] = parameter.values;
    if (parameter.name !== 'sv' || rule.values.includes(value)) return [parameter];
    const nearest = nearestOf(rule.values, value) ?? rule.values[0] ?? '';
    const corrected = { ...parameter, values: [nearest] };
    const details = {
      value: writeParameter(parameter),
      takes: rule.values,
      nearest: writeParameter(corrected),
    };
    note(draft, 'style-version', details, true);
    return [corrected];
  });
}

/** Notes each value that can't be meant. A parameter without any that can goes with them. */
function keepOnly(
  draft: Draft,
  code: 'not-a-style' | 'not-a-profile' | 'not-a-link',
  { names, isMeant }: { names: readonly string[]; isMeant: (value: string) => boolean },
): void {
  replaceEach(draft, (parameter) => {
    const { name, written, values } = parameter;
    if (!names.includes(name) || values.every(isMeant)) return [parameter];
    for (const value of values.filter((one) => !isMeant(one)))
      note(draft, code, { flag: `--${written}`, value });
    const kept = values.filter(isMeant);
    return kept.length === 0 ? [] : [{ ...parameter, values: kept }];
  });
}

function isAddress(value: string): boolean {
  return value.includes('://');
}

/** With a weight behind it, if it has one; a moodboard's has twenty characters. */
const profile = /^[a-z0-9]{1,40}(?:::[\d.]{1,8})?$/iu;

/** What isn't a profile or a moodboard. Without a code, `--p` means one's own profile. */
export const correctProfiles: LintRule = (draft) =>
  keepOnly(draft, 'not-a-profile', { names: ['p'], isMeant: (value) => profile.test(value) });

/** Pictures of a character or an object: they have no codes, and `--oref` takes one of them. */
export const correctImages: LintRule = (draft) => {
  keepOnly(draft, 'not-a-link', { names: ['cref', 'oref'], isMeant: isAddress });
  replaceEach(draft, (parameter) => {
    const { name, written, values } = parameter;
    if (name !== 'oref' || values.length < 2) return [parameter];
    const kept = { ...parameter, values: values.slice(0, 1) };
    note(draft, 'only-one-image', { flag: `--${written}`, meant: writeParameter(kept) });
    return [kept];
  });
};
