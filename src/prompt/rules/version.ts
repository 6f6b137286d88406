import { type Draft, type KnownModel, type LintRule, note, replaceEach, ruleFor } from '../findings.ts';
import { type Model, modelOf, models, unnumbered } from '../models.ts';
import { type Parameter, writeParameter } from '../reading.ts';

const newest = models[0] as Model;
const newestNiji = models.find(({ name }) => name.startsWith('niji')) ?? newest;

/** Names of parameters that some version doesn't take. */
const versioned: ReadonlySet<string> = new Set(models.flatMap(({ rules }) => Object.keys(rules)));

/** Versions that aren't in the table, or are gone. Returns the one that the prompt is made with now. */
export function findModel(draft: Draft): KnownModel {
  const usual = modelOf(draft.kind?.onlyVersions?.[0] ?? '') ?? newest;
  let known: KnownModel = { model: usual, isNamed: false, isCertain: false };
  replaceEach(draft, (parameter) => {
    const open = unnumbered.find(({ name }) => name === parameter.name);
    if (open !== undefined) known = { model: open, isNamed: true, isCertain: true };
    if (parameter.name !== 'v' && parameter.name !== 'niji') return [parameter];
    const { replacement, ...found } = readVersion(draft, parameter);
    known = found;
    return [replacement];
  });
  return known;
}

function readVersion(draft: Draft, parameter: Parameter): KnownModel & { replacement: Parameter } {
  const { name, written, values } = parameter;
  const isNiji = name === 'niji';
  const latest = isNiji ? newestNiji : newest;
  const replacement = { ...parameter, values: [latest.name.replace('niji ', '')] };
  const [value] = values;
  if (value === undefined) {
    note(draft, 'value-missing', { flag: `--${written}` });
    return { model: latest, isNamed: true, isCertain: false, replacement };
  }
  const number = value.replace(/\.0+$/u, '');
  const model = modelOf(isNiji ? `niji ${number}` : number);
  const version = isNiji ? `niji ${value}` : value;
  if (model === undefined) {
    note(draft, 'version-unknown', { version, newest: latest.name });
    return { model: latest, isNamed: true, isCertain: false, replacement };
  }
  if (model.goneSince !== undefined && draft.kind?.keeps?.includes(model.name) !== true) {
    note(draft, 'version-gone', { version, newest: latest.name }, true);
    return { model: latest, isNamed: true, isCertain: true, replacement };
  }
  return { model, isNamed: true, isCertain: true, replacement: parameter };
}

/** What the account's API has no field for. */
export const requireFields: LintRule = (draft) => {
  const { only, onlyVersions } = draft.kind ?? {};
  if (only === undefined) return;
  replaceEach(draft, (parameter) => {
    const isTaken =
      parameter.name === 'v'
        ? onlyVersions?.includes(parameter.values[0]?.replace(/\.0+$/u, '') ?? '') !== false
        : only.has(parameter.name);
    if (isTaken) return [parameter];
    note(draft, 'not-at-provider', { flag: writeParameter(parameter) }, true);
    return [];
  });
};

/** What the version doesn't take, or takes under another name. */
export function requireTaken(draft: Draft, { model, isNamed, isCertain }: KnownModel): void {
  replaceEach(draft, (parameter) => {
    const { name, written, values } = parameter;
    const rule = ruleFor(draft, model, name);
    const version = model.name;
    const flag = `--${written}`;
    if (rule === undefined) {
      const isDoubtful = isNamed && !unnumbered.includes(model) && versioned.has(name);
      if (!isDoubtful) return [parameter];
      note(draft, 'maybe-not-in-version', { flag, version });
      return [];
    }
    if (rule.is !== 'missing') return [parameter];
    const { instead } = rule;
    if (instead?.startsWith('/') === true) {
      note(draft, 'use-command', { flag, version, command: instead }, isCertain);
      return [];
    }
    const isRaw = values[0]?.toLowerCase() === 'raw';
    if (instead !== undefined && (name !== 'style' || isRaw)) {
      const meant = toRenamed(parameter, instead.slice(2));
      const details = { flag: name === 'style' ? writeParameter(parameter) : flag, version, meant: instead };
      note(draft, 'renamed', details, isCertain);
      return [meant];
    }
    if (isNamed) note(draft, 'not-in-version', { flag, version }, isCertain);
    else note(draft, 'not-in-default', { flag, version });
    return [];
  });
}

/** `--oref` takes one picture; `--raw` takes nothing. */
function toRenamed({ values }: Parameter, name: string): Parameter {
  return { name, written: name, values: name === 'raw' ? [] : values.slice(0, 1) };
}

const weight = /\s*::(?<weight>-?\d*\.?\d*)\s*/gu;

/** Weights of a multi-prompt. What counts less than nothing is what `--no` leaves out. */
export function removeWeights(draft: Draft, { model, isCertain }: KnownModel): void {
  if (ruleFor(draft, model, '::')?.is !== 'missing' || !draft.words.includes('::')) return;
  const marks = [...draft.words.matchAll(weight)];
  const ends = [...marks.map(({ index }) => index), draft.words.length];
  const parts = ends.map((end, at) => {
    const mark = marks[at - 1];
    const begin = mark === undefined ? 0 : mark.index + mark[0].length;
    return {
      text: draft.words.slice(begin, end).trim(),
      isUnwanted: Number(marks[at]?.groups?.['weight'] ?? 1) < 0,
    };
  });
  const filled = parts.filter(({ text }) => text !== '');
  const wanted = filled.filter(({ isUnwanted }) => !isUnwanted);
  const kept = wanted.length === 0 ? filled : wanted;
  const unwanted = wanted.length === 0 ? [] : filled.filter(({ isUnwanted }) => isUnwanted);
  note(draft, 'no-weights', { flag: marks[0]?.[0].trim() ?? '::', version: model.name }, isCertain);
  draft.words = kept.map(({ text }, at) => `${separatorBehind(kept[at - 1]?.text)}${text}`).join('');
  if (unwanted.length === 0 || draft.kind?.only?.has('no') === false) return;
  const values = unwanted
    .map(({ text }) => text)
    .join(', ')
    .split(' ');
  const no = draft.parameters.find(({ name }) => name === 'no');
  if (no === undefined) draft.parameters.push({ name: 'no', written: 'no', values });
  else
    replaceEach(draft, (parameter) =>
      parameter === no
        ? [{ ...no, values: `${no.values.join(' ')}, ${values.join(' ')}`.split(' ') }]
        : [parameter],
    );
}

function separatorBehind(text: string | undefined): string {
  if (text === undefined) return '';
  // An address with a comma behind it is another address.
  const isAddress = text.slice(text.lastIndexOf(' ') + 1).includes('://');
  return isAddress || /[,.;:!?]/u.test(text.slice(-1)) ? ' ' : ', ';
}

/** A speed that the version doesn't have. */
export function requireSpeed(draft: Draft, { model, isNamed, isCertain }: KnownModel): void {
  if (draft.speed !== 'turbo' || draft.context.action !== 'imagine' || !isNamed) return;
  if (ruleFor(draft, model, 'turbo')?.is !== 'missing') return;
  note(draft, 'no-turbo', { version: model.name }, isCertain);
  draft.speed = 'fast';
}
