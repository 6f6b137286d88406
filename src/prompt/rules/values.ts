import { type Draft, type KnownModel, note, replaceEach, ruleFor } from '../findings.ts';
import { anyModel, type Range, type Rule } from '../models.ts';
import type { Parameter } from '../reading.ts';

/** Values that the version doesn't take, and the nearest that it does. */
export function correctValues(draft: Draft, known: KnownModel): void {
  replaceEach(draft, (parameter) => {
    const rule = ruleOf(draft, known, parameter.name);
    switch (rule?.is) {
      case 'range':
        return correctRange(draft, parameter, { range: rule.range, isCertain: known.isCertain });
      case 'choice':
        return correctChoice(draft, parameter, { values: rule.values, isCertain: known.isCertain });
      case 'ratio':
        return correctRatio(draft, parameter, { widest: rule.widest, known });
      default:
        return [parameter];
    }
  });
}

/** If no version is named, only what all of them turn down is out of range. */
function ruleOf(draft: Draft, { model, isNamed }: KnownModel, name: string): Rule | undefined {
  const rule = ruleFor(draft, model, name);
  return isNamed || rule?.is === 'ratio' ? rule : (anyModel[name] ?? rule);
}

function correctRange(
  draft: Draft,
  parameter: Parameter,
  { range, isCertain }: { range: Range; isCertain: boolean },
): readonly Parameter[] {
  const [smallest, largest] = range;
  const [value = ''] = parameter.values;
  const flag = `--${parameter.written}`;
  const number = /^-?(?:\d+\.?\d*|\.\d+)$/u.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) {
    note(draft, 'not-a-number', { flag, value });
    return [];
  }
  if (isWithin(number, range)) return [parameter];
  const nearest = String(number < smallest ? smallest : largest);
  const inNone = anyModel[parameter.name];
  const isInNone = inNone?.is !== 'range' || !isWithin(number, inNone.range);
  note(draft, 'out-of-range', { flag, value, smallest, largest, nearest }, isCertain || isInNone);
  return [{ ...parameter, values: [nearest] }];
}

function isWithin(number: number, [smallest, largest]: Range): boolean {
  return number >= smallest && number <= largest;
}

function correctChoice(
  draft: Draft,
  parameter: Parameter,
  { values, isCertain }: { values: readonly string[]; isCertain: boolean },
): readonly Parameter[] {
  const [value = ''] = parameter.values;
  const flag = `--${parameter.written}`;
  if (values.some((one) => isSameValue(one, value))) return [parameter];
  const nearest = nearestOf(values, value);
  const isNumeric = !Number.isNaN(Number(value));
  note(draft, 'not-a-choice', { flag, value, choices: values, nearest }, isCertain && isNumeric);
  return nearest === undefined ? [] : [{ ...parameter, values: [nearest] }];
}

function isSameValue(one: string, other: string): boolean {
  return one === other.toLowerCase() || (Number(one) === Number(other) && other !== '');
}

/** The nearest number; `undefined` if there's no way to tell. */
export function nearestOf(values: readonly string[], value: string): string | undefined {
  const number = Number(value);
  if (Number.isNaN(number) || values.some((one) => Number.isNaN(Number(one)))) return undefined;
  const distance = (one: string) => Math.abs(Number(one) - number);
  return values.reduce((best, one) => (distance(one) < distance(best) ? one : best));
}

const ratio = /^(\d{1,6}(?:\.\d{1,4})?):(\d{1,6}(?:\.\d{1,4})?)$/u;

function correctRatio(
  draft: Draft,
  parameter: Parameter,
  { widest = Number.POSITIVE_INFINITY, known }: { widest: number | undefined; known: KnownModel },
): readonly Parameter[] {
  const [value = ''] = parameter.values;
  const [, width = '0', height = '0'] = ratio.exec(value) ?? [];
  const [across, down] = [Number(width), Number(height)];
  if (across === 0 || down === 0) {
    note(draft, 'not-a-ratio', { value, meant: undefined });
    return [];
  }
  if (Math.max(across, down) > widest * Math.min(across, down)) {
    const nearest = across > down ? `${widest}:1` : `1:${widest}`;
    note(draft, 'too-wide', { value, version: known.model.name, widest: nearest }, known.isCertain);
    return [{ ...parameter, values: [nearest] }];
  }
  if (Number.isInteger(across) && Number.isInteger(down) && !value.includes('.')) return [parameter];
  const meant = toWhole(across, down);
  note(draft, 'not-a-ratio', { value, meant }, true);
  return [{ ...parameter, values: [meant] }];
}

/** `1.85:1` as `37:20`. */
function toWhole(across: number, down: number): string {
  const [width, height] = [Math.round(across * 10_000), Math.round(down * 10_000)];
  let [one, other] = [width, height];
  while (other > 0) [one, other] = [other, one % other];
  return `${width / one}:${height / one}`;
}
