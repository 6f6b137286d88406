import { UserError, type UserErrorCode, type UserErrorDetails } from '../../src/errors.ts';

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

/** The details of a refusal with that code; `undefined` for everything else. */
export function detailsOf<Code extends UserErrorCode>(
  error: unknown,
  code: Code,
): UserErrorDetails[Code] | undefined {
  return error instanceof UserError && error.code === code
    ? (error.details as UserErrorDetails[Code])
    : undefined;
}
