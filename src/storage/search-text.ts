/** Scripts that put no spaces between words: each of their characters counts as a word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu;
/** What the index counts as a part of a word (sqlite.org/fts5.html, "Unicode61 Tokenizer"). */
const wordCharacter = /[\p{L}\p{N}\p{Co}]/u;
/** More words than anybody types; each one costs a look into the index. */
const mostPieces = 20;

/** Returns a text as the index takes it. */
export function toSearchText(text: string): string {
  return normalize(text).replace(unspaced, ' $& ').replaceAll(/\s+/gu, ' ').trim();
}

/** Shorter beginnings of words aren't in the index on their own, and would take too long to collect. */
const shortestBeginning = 2;

/**
 * Returns the condition for tasks with all of those words, or with words that begin like them; `undefined` if there's no word in
 * the text. Nothing in the text has a meaning of its own: each piece is quoted (sqlite.org/fts5.html, "FTS5 Strings").
 */
export function toMatch(text: string): string | undefined {
  const pieces = normalize(text)
    .split(/\s+/u)
    .filter((piece) => wordCharacter.test(piece));
  if (pieces.length === 0) return undefined;
  return pieces
    .slice(0, mostPieces)
    .map((piece) => `words : ${toPhrase(toSearchText(piece))}`)
    .join(' AND ');
}

/** The words of a piece follow each other; the last one may go on, if more than one character of it was typed. */
function toPhrase(text: string): string {
  const last = text.split(/[^\p{L}\p{N}\p{M}\p{Co}]+/u).findLast((word) => word !== '') ?? '';
  return [...last].length < shortestBeginning ? quote(text) : `${quote(text)} *`;
}

/** Quotes a text, so that its words have to follow each other. */
export function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** SQLite ends a text at its first NUL. */
function normalize(text: string): string {
  return text.normalize('NFKC').replaceAll('\0', ' ');
}
