import type { Speed } from '../../src/task.ts';

const invisible = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]$/u;
const dashes = '‐‑‒–—―−﹘﹣－';
const speeds = ['fast', 'relax', 'turbo'];
const forbidden = ['repeat', 'r', 'bs', 'edit'];

/**
 * What is wrong with a prompt that is sent to a provider, read by other means than the program's: a sentence for each
 * speed, count or kind of job in it that wasn't priced. Deliberately simple, and suspicious.
 */
export function reread(
  prompt: string,
  { speed, isVideo, paid = [] }: { speed: Speed; isVideo: boolean; paid?: readonly string[] },
): string[] {
  const parts = toBareText(prompt)
    .split('--')
    .slice(1)
    .map((part) => part.replace(/^-+/, ''));
  const names = parts.map((part) => /^[a-z]*/.exec(part)?.[0] ?? '');
  const found = names.filter((name) => speeds.includes(name));
  const wrong: string[] = [];
  if (found.join() !== (speed === 'fast' ? '' : speed)) wrong.push(`speeds ${found.join()} for ${speed}`);
  for (const name of names) {
    if (forbidden.includes(name)) wrong.push(name);
    if (name === 'video' && !isVideo) wrong.push('a video');
    if ((name === 'oref' || name === 'hd') && !paid.includes(name)) wrong.push(name);
    if (name === 'draft' && isVideo) wrong.push('a draft');
  }
  for (const part of parts) {
    const quality = /^(?:q|quality)[^a-z0-9.]*([0-9.]+)/.exec(part)?.[1];
    if (quality !== undefined && !(Number(quality) <= 1)) wrong.push(`quality ${quality}`);
  }
  if (hasPermutation(prompt)) wrong.push('a permutation');
  return wrong;
}

/** Character by character: invisible ones are dropped, dashes become hyphens, letters and digits become ASCII. */
function toBareText(text: string): string {
  let bare = '';
  for (const character of text) {
    if (invisible.test(character)) continue;
    if (dashes.includes(character)) bare += '--';
    else if (/[\p{Pd}─━ーｰ]/u.test(character)) bare += '-';
    else bare += [...character.normalize('NFKD')].filter((one) => !invisible.test(one)).join('');
  }
  return bare.toLowerCase();
}

/** Removes groups from the innermost outward; one with several parts is enough. */
function hasPermutation(text: string): boolean {
  let rest = text.normalize('NFKC').replaceAll('\\\\', '').replaceAll('\\,', '');
  for (;;) {
    const group = /\{[^{}]*\}/u.exec(rest)?.[0];
    if (group === undefined) return false;
    if (/[,、،]/u.test(group)) return true;
    rest = rest.replace(group, '');
  }
}
