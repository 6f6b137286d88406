import { UserError } from '../../src/errors.ts';

/** The code with which somebody is refused; `undefined` where they are not. Everything else is thrown on. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}
