import { ProviderError } from '../errors.ts';
import type { Ref, Update } from '../task.ts';
import { refKey } from './provider.ts';

/**
 * Looks at tasks that take a call each. If one can't be read, that says nothing about the others: it counts as running, as
 * long as any of them can be read. Throws a `ProviderError` if none can, or if the API asks to wait.
 */
export async function lookOneByOne(
  refs: readonly Ref[],
  lookAt: (ref: Ref) => Promise<Update | undefined>,
): Promise<Map<string, Update>> {
  const looks = await Promise.allSettled(refs.map(lookAt));
  const errors = looks.flatMap((look) => (look.status === 'rejected' ? [look.reason as unknown] : []));
  const error =
    errors.find(isForWholeAccount) ?? (errors.length === refs.length ? errors.find(isOfApi) : undefined);
  if (error !== undefined) throw error;
  return new Map(
    looks.flatMap((look, index) => {
      const update = look.status === 'fulfilled' ? look.value : toUnread(look.reason);
      return update === undefined ? [] : [[refKey(refs[index] ?? {}), update] as const];
    }),
  );
}

/** Whether the outcome of a call for one task goes for the whole account. */
export function isForWholeAccount(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === 'busy';
}

/** What to make of a task that can't be read: it's known, and the next look may well read it. */
export function toUnread(error: unknown): Update {
  return { state: 'running', unread: error instanceof Error ? error.message : String(error) };
}

/** Anything else is a bug in our own reading. */
function isOfApi(error: unknown): boolean {
  return error instanceof ProviderError;
}
