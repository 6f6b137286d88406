import { costlyFlags, knownFlags } from './parameters.ts';

/** What European and East Asian keyboards write for a hyphen. */
export const anyDash = String.raw`\-\u2010-\u2015\u2212\u2500\u2501\u2e3a\u2e3b\u30fc\ufe58\ufe63\uff0d\uff70`;
/** What phones turn two hyphens into; Midjourney reads one as two. */
export const longDash = String.raw`[\u2013-\u2015\u2e3a\u2e3b]`;
/** A letter of a flag's name, including full-width ones. */
const letter = 'a-z\uff41-\uff5a';

/** Two dashes and a name anywhere, with what separates it from a value. */
const typedFlag = new RegExp(
  `(?<=(?<before>^|[^${anyDash}]))(?<dashes>[${anyDash}]{2,}|${longDash})(?<name>[${letter}]+)` +
    String.raw`(?!['’\p{Script=Latin}\p{M}]|-[${letter}])[:：=＝,，、;；。]*\s*`,
  'giv',
);

/** An address keeps its dashes. A look-behind at each flag would read a long text once per flag. */
const address = /https?:\/\/[!-~]*/giu;

/** A spelled flag, and everything up to the next. */
const flagAndRest = /(?<=^|\s)--(?<name>[a-z]+) (?<rest>(?!--[a-z])\S.*?)(?=\s+--[a-z]|$)/giu;

/**
 * A prompt with its flags and values spelled the way Midjourney does, from any keyboard: `，－－ａｒ　１６：９` becomes
 * ` --ar 16:9`. The words stay as they are.
 */
export function spellFlags(text: string): string {
  let isBehindFlag = false;
  const isInAddress = createAddressFinder(text);
  return text
    .replace(typedFlag, (match, ...found) => {
      const { before, dashes, name } = found.at(-1) as { before: string; dashes: string; name: string };
      if (isInAddress((found.at(-3) as number) + dashes.length)) return match;
      const spelled = name.normalize('NFKC');
      const isCostly = costlyFlags.has(spelled.toLowerCase()) && dashes.length > 1;
      // English prose has dashes without spaces, too.
      const isProse = /[\p{Script=Latin}\p{N}]/u.test(before) && !isCostly && !isBehindFlag;
      if (isProse || !knownFlags.has(spelled.toLowerCase())) return match;
      isBehindFlag = true;
      return ` --${spelled} `;
    })
    .replace(
      flagAndRest,
      (_, name: string, rest: string) => `--${name} ${spellRest(name.toLowerCase(), rest)}`,
    );
}

/** Tells whether a place in a text is inside an address; places have to be asked in order. */
function createAddressFinder(text: string): (place: number) => boolean {
  const ends = [...text.matchAll(address)].map(({ 0: { length }, index }) => ({
    index,
    end: index + length,
  }));
  let at = 0;
  return (place) => {
    while ((ends[at]?.end ?? Number.POSITIVE_INFINITY) < place) at += 1;
    return (ends[at]?.index ?? Number.POSITIVE_INFINITY) < place;
  };
}

const ratio = /^(\p{Nd}{1,4})\s*[:：∶/／xｘ×]\s*(\p{Nd}{1,4})(?![^\s,，、;；。])/iu;

/** Turns `16：9`, `16/9`, `16 x 9` and `۱۶×۹` at the beginning of a text into `16:9`. */
export function spellRatio(text: string): string {
  return text.replace(ratio, (_, width: string, height: string) => toAscii(`${width}:${height}`));
}

/** A number or a word, and what follows; a comma, or just a change of script, may separate the two. */
const valueAndWords = new RegExp(
  String.raw`^((?:\p{Nd}|[.．:：٫。](?=\p{Nd}))+|[${letter}]+)(?!\p{Nd}|[.．:：٫。]\p{Nd})` +
    String.raw`[,，、;；.。]*(?=\s|$|[^\p{ASCII}\p{Script=Latin}\p{M}])\s*(.*)$`,
  'iv',
);

function spellRest(name: string, rest: string): string {
  const takes = knownFlags.get(name);
  if (takes === 'words') return rest.replace(/[，、]/gu, ',').replace(/[,;；。]+$/u, '');
  if (takes === 'values') return rest.split(' ').map(spellValue).join(' ');
  if (takes !== 'value') return rest;
  const [, value, words = ''] = valueAndWords.exec(spellRatio(rest)) ?? [];
  if (value !== undefined) return `${spellValue(value)} ${words}`;
  const [first = '', ...others] = rest.split(' ');
  return [spellValue(first), ...others].join(' ');
}

/** A value in ASCII; as it was typed if it has letters that ASCII doesn't have. */
function spellValue(value: string): string {
  const spelled = toAscii(value);
  return /^(?!-)[!-~]+$/.test(spelled) ? spelled : value;
}

/** Digits of any script become 0 to 9; full-width letters and punctuation become ASCII. */
function toAscii(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, toDigit)
    .replace(/[。٫]/gu, '.')
    .replaceAll('∶', ':');
}

/** The digits of each script are in a row, from 0 to 9 (Unicode Standard, "Decimal Digits"). */
function toDigit(digit: string): string {
  const isDigit = (codePoint: number) => /^\p{Nd}$/u.test(String.fromCodePoint(codePoint));
  let zero = digit.codePointAt(0) ?? 0;
  while (isDigit(zero - 1)) zero -= 1;
  return String(((digit.codePointAt(0) ?? 0) - zero) % 10);
}
