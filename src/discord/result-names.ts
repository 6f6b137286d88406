import { splitAtFlags } from '../prompt/flags.ts';
import type { Task } from '../task.ts';

const longestName = 40;

/**
 * How the files of a result are called, without their numbers and types: after words of its prompt, in plain Latin letters
 * that mean nothing anywhere, or after the task if there are none. A word of our own is in front: names may begin with
 * `SPOILER_`, and Discord once cut leading underscores.
 */
export function toFileName({ id, request }: Pick<Task, 'id' | 'request'>): string {
  const { words } = splitAtFlags(request.prompt);
  const texts = words.split(/\s+/u).filter((text) => !text.includes('://'));
  const parts = texts.flatMap(
    (text) =>
      text
        .normalize('NFKD')
        .toLowerCase()
        .match(/[a-z0-9]+/gu) ?? [],
  );
  let name = '';
  for (const part of parts) {
    const longer = name === '' ? part.slice(0, longestName) : `${name}-${part}`;
    if (longer.length > longestName) break;
    name = longer;
  }
  return `relay-${name === '' ? id : name}`;
}
