import { UserError } from '../../src/errors.ts';

/** The code of the refusal, or `undefined` if there is none. Any other error is rethrown. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}
