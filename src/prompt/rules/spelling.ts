import { type Draft, type LintRule, note, replaceEach } from '../findings.ts';
import { knownFlags, toParameter } from '../parameters.ts';
import { joinWords, type Parameter, type Reading, readPart, unquote, writeParameter } from '../reading.ts';
import { nearestName } from './nearest-name.ts';

/** More of them than anybody reads about. */
const mostSuggested = 20;

/** Names that Midjourney doesn't know: they become the nearest that it does, or go. */
export function correctNames({ parameters }: Reading, draft: Draft): Reading['parameters'] {
  let asked = 0;
  return parameters.map((parameter) => {
    const { written, values, wordsBehind } = parameter;
    if (knownFlags.has(written.toLowerCase())) return parameter;
    asked += 1;
    const meant = asked > mostSuggested ? undefined : nearestName(written);
    const flag = `--${written}`;
    if (meant === undefined) {
      note(draft, 'flag-unknown', { flag }, true);
      return { name: '', written, values: [], wordsBehind };
    }
    note(draft, 'flag-misspelled', { flag, meant: `--${meant}` }, true);
    return readPart([meant, ...values, wordsBehind].filter(Boolean).join(' '));
  });
}

/** Words behind a parameter: Midjourney's parameters come last. */
export function moveWords(draft: Draft, read: Reading['parameters']): void {
  const parts = [draft.words];
  for (const { name, wordsBehind, ...parameter } of read) {
    if (wordsBehind === '') continue;
    if (name !== '') note(draft, 'words-behind', { flag: writeParameter(parameter), text: wordsBehind });
    parts.push(wordsBehind);
  }
  draft.words = joinWords(parts);
  draft.parameters = read
    .filter(({ name }) => name !== '')
    .map(({ name, written, values }) => ({ name, written, values }));
}

/** Dashes of prose right in front of a word, where a parameter may be read. */
const dashesInWord = /(?<=[^\s\-\u2010\u2011\u2212])[-\u2010\u2011\u2212]{2,}(?=([a-z]+))/giu;

/** `well--known` becomes `well -- known`: nothing knows what `--known` would cost. An address keeps its dashes. */
export const separateDashes: LintRule = (draft) => {
  let found = '';
  const words = draft.words.split(' ').map((word) =>
    word.includes('://')
      ? word
      : word.replace(dashesInWord, (dashes, next: string) => {
          if (knownFlags.has(next.toLowerCase())) return dashes;
          found ||= next;
          return ' -- ';
        }),
  );
  if (found === '') return;
  note(draft, 'flag-unknown', { flag: `--${found}` }, true);
  draft.words = words.join(' ');
};

/** A number behind anything else is a number of the words, and `-r 4` would be four jobs. */
const withNumber: ReadonlySet<string> = new Set('v niji s c w iw seed sw stop sref'.split(' '));
const dash = String.raw`[-\u2010-\u2015\u2212]`;
/** `-ar 16:9`, `—stlize 50` or `-- ar 16:9`, at the end of the words. In `vitamin - C 1000`, the dash is one of prose. */
const almostParameter = new RegExp(
  `(?<=\\S )(?:${dash}|${dash}{2} |${dash} (?=ar ))([a-z]{1,10}) ([\\d.:]{1,12})$`,
  'iu',
);

/** Parameters without their two dashes in front of the name. */
export const addDashes: LintRule = (draft) => {
  const found: Parameter[] = [];
  for (;;) {
    const tail = draft.words.slice(-longestAlmost);
    const [typed = '', name = '', value = ''] = almostParameter.exec(tail) ?? [];
    const written = knownFlags.has(name.toLowerCase()) ? name : (nearestName(name) ?? '');
    const parameter = { name: toParameter(written), written, values: [value] };
    const isRatio = /^\d+:\d+$/u.test(value);
    const isMeant =
      parameter.name === 'ar' ? isRatio : withNumber.has(parameter.name) && !value.includes(':');
    if (!isMeant) break;
    found.unshift(parameter);
    note(draft, 'one-dash', { flag: typed, meant: writeParameter(parameter) });
    draft.words = draft.words.slice(0, -typed.length).trim();
  }
  draft.parameters = [...found, ...draft.parameters];
};

/** Both dashes, a name and a number, and what has to be in front of it. */
const longestAlmost = 40;

/** Quotation marks around a value. */
export const removeQuotes: LintRule = (draft) =>
  replaceEach(draft, (parameter) => {
    if (parameter.name === 'no') return [parameter];
    const values = parameter.values.map(unquote).filter(Boolean);
    if (values.join(' ') === parameter.values.join(' ')) return [parameter];
    const plain = { ...parameter, values };
    note(draft, 'quoted', { flag: writeParameter(parameter), meant: writeParameter(plain) });
    return [plain];
  });

/** Commas between the values of a list, or in a number: Midjourney separates with spaces. */
export const removeCommas: LintRule = (draft) =>
  replaceEach(draft, (parameter) => {
    const takes = knownFlags.get(parameter.written.toLowerCase());
    if (takes !== 'values' && takes !== 'value') return [parameter];
    const values = parameter.values.flatMap((value) => {
      if (value.includes('://')) return [value.replace(/,+$/u, '')];
      if (takes === 'values') return value.split(',').filter(Boolean);
      return [/^\d{1,3}(?:,\d{3})+$/u.test(value) ? value.replaceAll(',', '') : value];
    });
    if (values.join(' ') === parameter.values.join(' ')) return [parameter];
    const plain = { ...parameter, values };
    note(draft, 'commas', { flag: writeParameter(parameter), meant: writeParameter(plain) });
    return [plain];
  });

/** Parameters of which one prompt has only one, by what they set. */
const groups: ReadonlyMap<string, string> = new Map([
  ...['v', 'niji', 'preview', 'test', 'testp'].map((name) => [name, 'version'] as const),
]);

function groupOf({ name, values }: Parameter): string {
  if (name === 'style' && values[0]?.toLowerCase() === 'raw') return 'raw';
  return groups.get(name) ?? name;
}

/** Several numbers behind a parameter that takes one. */
export const keepLastNumber: LintRule = (draft) =>
  replaceEach(draft, (parameter) => {
    const { written, values } = parameter;
    if (values.length < 2 || knownFlags.get(written.toLowerCase()) !== 'value') return [parameter];
    const kept = { ...parameter, values: values.slice(-1) };
    note(draft, 'repeated', { flag: `--${written}`, meant: writeParameter(kept) });
    return [kept];
  });

/** Two values of one parameter: lists are joined; otherwise the last one counts. */
export const keepLast: LintRule = (draft) => {
  const byGroup = Map.groupBy(draft.parameters, groupOf);
  if (byGroup.size === draft.parameters.length) return;
  const kept = new Map([...byGroup].map(([group, all]) => [group, join(all)]));
  for (const [group, all] of byGroup) {
    const [first] = all;
    const meant = kept.get(group);
    if (all.length === 1 || first === undefined || meant === undefined) continue;
    note(draft, 'repeated', { flag: `--${first.written}`, meant: writeParameter(meant) });
  }
  const seen = new Set<string>();
  replaceEach(draft, (parameter) => {
    const group = groupOf(parameter);
    if (seen.has(group)) return [];
    seen.add(group);
    return [kept.get(group) ?? parameter];
  });
};

function join(all: readonly Parameter[]): Parameter {
  const last = all.at(-1) as Parameter;
  if (last.name === 'no') {
    const values = all.map((one) => one.values.join(' ').replace(/,$/u, '')).filter(Boolean);
    return { ...last, values: [...new Set(values)].join(', ').split(' ').filter(Boolean) };
  }
  if (last.name !== 'sref' && last.name !== 'p') return last;
  return { ...last, values: [...new Set(all.flatMap(({ values }) => values))] };
}

/** A parameter without its value. `--p` alone is one's own profile; versions are for another rule. */
export const requireValues: LintRule = (draft) =>
  replaceEach(draft, (parameter) => {
    const { name, written, values } = parameter;
    const takes = knownFlags.get(written.toLowerCase());
    const isOptional = takes === 'nothing' || name === 'p' || name === 'v' || name === 'niji';
    if (isOptional || /[\p{L}\p{N}]/u.test(values.join(''))) return [parameter];
    note(draft, 'value-missing', { flag: `--${written}` });
    return [];
  });
