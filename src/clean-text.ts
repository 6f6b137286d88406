/** Letters and marks that joiners and direction marks act on. Latin ones don't need any, so none can hide in a flag. */
const joined = String.raw`[[\p{L}\p{M}]--[\p{Script=Latin}\p{Default_Ignorable_Code_Point}\u0300-\u036f]]`;
/** Joiners, direction marks, syllable fillers, and Mongolian form selectors. None of them overrides anything. */
const helper = String.raw`[\u034f\u061c\u115f\u1160\u180b-\u180f\u200c-\u200f]`;
/** Scripts that end words with an invisible space (Unicode Standard, "Zero Width Space"). */
const unspaced = String.raw`[\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Thai}]`;

/** Invisible characters that change what people see. */
const meaningful = [
  `(?<=${joined})${helper}|${helper}(?=${joined})`,
  `(?<=${unspaced})\\u200b(?=${unspaced})`,
  // Emoji sequences: families, regional flags, keycaps (UTS #51, "Emoji Sequences").
  String.raw`(?<=\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)\u200d(?=\p{Extended_Pictographic})`,
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]+\u{e007f}`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
  // Variants of one character (UAX #44, "Variation Sequences").
  String.raw`(?<=[[\p{L}\p{S}\p{Extended_Pictographic}]--[\p{ASCII}\p{Script=Latin}\p{Default_Ignorable_Code_Point}]])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
];
const invisible = new RegExp(
  String.raw`(${meaningful.join('|')})|[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cs}\ufff9-\ufffb]`,
  'gv',
);

/**
 * Returns a text from outside on one line, as it was typed. Removes only what can deceive: control characters, direction
 * overrides, halves of characters, and invisible characters that don't change what people see. What joins letters and emoji
 * stays.
 */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u3164\uffa0]/gu, ' ')
    .replace(invisible, (_, kept: string | undefined) => kept ?? '')
    .replace(/\s+/gu, ' ')
    .trim();
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Returns as much of a text as fits into `limit` UTF-16 code units, which Discord counts; cuts no character in two. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = graphemes.segment(text).containing(limit)?.index ?? 0;
  // A single letter can carry any number of marks: in that case, cut between code points.
  return end > 0 ? text.slice(0, end) : text.slice(0, limit).replace(/\p{Cs}$/u, '');
}

/** {@link cutText} with an ellipsis if something was cut. */
export function shortenText(text: string, limit: number): string {
  return text.length <= limit ? text : `${cutText(text, limit - 1)}…`;
}
