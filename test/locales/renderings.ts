import {
  isPluralElement,
  isSelectElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser';
import { IntlMessageFormat } from 'intl-messageformat';
import { argumentsOf } from '../../src/locales/generate.ts';

type Value = string | number;

/** What stands in for an argument that's text: some of it would break a message if it were read as a pattern. */
export const sampleText = "it's <b>{some}</b> '{text}' #1";
const sampleNumbers = [0, 1_234_567];

/** Every plural and select of a pattern, however deep. */
export function listBranches(pattern: string) {
  const found: Extract<MessageFormatElement, { options: unknown }>[] = [];
  const visit = (elements: readonly MessageFormatElement[]) => {
    for (const element of elements) {
      if (!isPluralElement(element) && !isSelectElement(element)) continue;
      found.push(element);
      for (const { value } of Object.values(element.options)) visit(value);
    }
  };
  visit(parse(pattern, { ignoreTag: true }));
  return found;
}

/** A message as it comes out with every branch of its plurals and selects, and with numbers small and large. */
export function listRenderings(locale: string, pattern: string): string[] {
  const message = new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true });
  const choices = [...argumentsOf(pattern)].map(
    ([name, type]) => [name, type === 'string' ? [sampleText] : listValues(locale, pattern, name)] as const,
  );
  let combinations: Readonly<Record<string, Value>>[] = [{}];
  for (const [name, values] of choices)
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  return combinations.map((values) => String(message.format(values)));
}

function listValues(locale: string, pattern: string, name: string): Value[] {
  const branches = listBranches(pattern).filter(({ value }) => value === name);
  const values = branches.flatMap((branch): Value[] =>
    isPluralElement(branch)
      ? Object.keys(branch.options).map((option) => toNumber(locale, option, branch.pluralType))
      : Object.keys(branch.options),
  );
  return [...new Set([...values, ...(branches.some(isSelectElement) ? [] : sampleNumbers)])];
}

/** A number for `=3`, or the first one above it that a language counts as `few`. */
function toNumber(locale: string, option: string, type: Intl.PluralRuleType | undefined): number {
  if (option.startsWith('=')) return Number(option.slice(1));
  const rules = new Intl.PluralRules(locale, { type: type ?? 'cardinal' });
  const number = [...Array.from({ length: 200 }, (_, index) => index + 1), 1_000_000, 0, 1.5].find(
    (one) => rules.select(one) === option,
  );
  if (number === undefined) throw new Error(`${locale} has no plural form "${option}"`);
  return number;
}
