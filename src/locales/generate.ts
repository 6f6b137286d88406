import { readFileSync, writeFileSync } from 'node:fs';
import {
  isArgumentElement,
  isNumberElement,
  isPluralElement,
  isSelectElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser';

const lineLimit = 110;

/** The text of messages.ts: every key of en.json with the names and types of its arguments. */
export function toMessageTypes(catalog: Readonly<Record<string, string>>): string {
  const lines = Object.entries(catalog).map(([key, pattern]) => toLine(key, argumentsOf(pattern)));
  return [
    '// Generated from en.json by `npm run messages`.',
    '',
    '/** Every message with its arguments; `undefined` if it has none. */',
    'export interface Messages {',
    ...lines,
    '}',
    '',
    'export type MessageKey = keyof Messages;',
    '',
  ].join('\n');
}

/** The arguments of a pattern and their TypeScript types, in alphabetical order. */
export function argumentsOf(pattern: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  collect(parse(pattern, { ignoreTag: true }), found);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(elements: readonly MessageFormatElement[], found: Map<string, string>): void {
  for (const element of elements) {
    const type = typeOf(element);
    if (type !== undefined && 'value' in element) {
      const known = found.get(element.value) ?? type;
      if (known !== type) throw new Error(`{${element.value}} is both ${known} and ${type}`);
      found.set(element.value, type);
    }
    if (isPluralElement(element) || isSelectElement(element))
      for (const { value } of Object.values(element.options)) collect(value, found);
  }
}

function typeOf(element: MessageFormatElement): string | undefined {
  if (isArgumentElement(element)) return 'string';
  if (isNumberElement(element) || isPluralElement(element)) return 'number';
  if (isSelectElement(element))
    return Object.keys(element.options)
      .map((branch) => `'${branch}'`)
      .sort()
      .join(' | ');
  return undefined;
}

/** Formatted the way Biome would. */
function toLine(key: string, values: ReadonlyMap<string, string>): string {
  const name = /^[a-z]\w*$/i.test(key) ? key : `'${key}'`;
  if (values.size === 0) return `  ${name}: undefined;`;
  const fields = [...values].map(([field, type]) => `${field}: ${type}`);
  const line = `  ${name}: { ${fields.join('; ')} };`;
  return line.length <= lineLimit
    ? line
    : `  ${name}: {\n${fields.map((field) => `    ${field};\n`).join('')}  };`;
}

if (import.meta.main) {
  const catalog = readFileSync(new URL('en.json', import.meta.url), 'utf8');
  writeFileSync(new URL('messages.ts', import.meta.url), toMessageTypes(JSON.parse(catalog)));
}
