/**
 * Flags of a prompt as it's written, for APIs that want some of them in fields. What a request costs is decided by
 * `scan.ts`, which trusts no spelling.
 */
export interface WrittenFlag {
  /** Without its dashes, in the letters it was written in; empty if there is none. */
  readonly name: string;
  readonly value: string;
  /** All of it: `--ar 16:9`. */
  readonly text: string;
}

/** The words of a prompt, and the flags behind them. */
export function splitAtFlags(prompt: string): { words: string; flags: WrittenFlag[] } {
  const [words = '', ...parts] = prompt.split('--');
  return { words: words.trim(), flags: parts.map(toFlag) };
}

function toFlag(part: string): WrittenFlag {
  const text = part.trimEnd();
  const [, name = '', value = ''] = /^([a-z]+)(?:\s+(.*))?$/isu.exec(text) ?? [];
  return { name, value, text: `--${text}` };
}

/** Names of the flags that a text holds, in lower case, in order. */
export function flagsIn(text: string): string[] {
  return [...text.matchAll(/(?:^|\s)--([a-z]+)/giu)].map((match) => (match[1] ?? '').toLowerCase());
}

/** The value of the first flag with one of these names. */
export function readFlag(prompt: string, ...names: string[]): string | undefined {
  return new RegExp(`(?:^|\\s)--(?:${names.join('|')})\\s+(\\S+)`, 'iu').exec(prompt)?.[1];
}

export function hasFlag(prompt: string, name: string): boolean {
  return new RegExp(`(?:^|\\s)--${name}(?=\\s|$)`, 'iu').test(prompt);
}

/** A prompt as an API shows it, without the speed flags that were sent with it. */
export function withoutSpeedFlags(prompt: string): string {
  return prompt.replace(/(?<!\s)\s*--(?:fast|relax|turbo)\b/giu, '').trim();
}

/** The text with each flag's name replaced by a space; values stay. */
export function dropFlagNames(text: string): string {
  return text.replace(/--[a-z][\w-]*/giu, ' ');
}
