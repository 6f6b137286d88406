import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small fault that is put into the code on purpose: the suite has to notice it. */
export interface Mutant {
  /** Its room and what it's about, as in `apply: a task seen again stays missing`. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file; short and stable, since the code around it will change. */
  readonly find: string;
  readonly replace: string;
  /** What goes wrong for whom, in one sentence. */
  readonly breaks: string;
  /** The test files that have to notice it: the fewest that do, so that it takes seconds. */
  readonly tests: readonly string[];
  /** Why nobody can notice it, if that's so. It's applied, but not run. */
  readonly meansNothing?: string;
}

/** The list no longer fits the code. */
export class MutantError extends Error {
  override readonly name = 'MutantError';
}

/** The file's text with the fault in it. Throws a {@link MutantError} unless its place is found exactly once. */
export function applyMutant(text: string, { find, replace, file }: Mutant): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new MutantError(`${JSON.stringify(find)} occurs ${places} times in ${file}`);
  return text.replace(find, () => replace);
}

/** The mutated text of a file below that folder; `MutantError` as above, also for a file that isn't there. */
export function mutate(root: string, mutant: Mutant): string {
  let text: string;
  try {
    text = readFileSync(join(root, mutant.file), 'utf8');
  } catch (error) {
    throw new MutantError(`${mutant.file} cannot be read`, { cause: error });
  }
  return applyMutant(text, mutant);
}
