import type { Account } from '../accounts/accounts.ts';
import type { Logger } from '../log.ts';
import { inputFormOf, type Picture, type ProviderRequest } from '../providers/provider.ts';
import { isRemix } from '../remix.ts';
import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { LoadMask } from './masks.ts';
import { InputError, inputFailure, inputTimeoutMs, type LoadInput } from './pictures.ts';
import { createPixelBudget } from './pixel-budget.ts';

/** Long enough to fetch the parent's result, whose size a mask needs. */
export const loadTimeoutMs = 60_000;

/** Returns everything that a submit needs; `undefined` if that failed, and with it the task. Doesn't take a slot. */
export type Prepare = (task: Task, account: Account) => Promise<ProviderRequest | undefined>;

export interface PrepareDependencies {
  database: Pick<Database, 'tasks'>;
  changes: Changes;
  loadInput: LoadInput;
  loadMask: LoadMask;
  log: Logger;
}

export function createPrepare(dependencies: PrepareDependencies): Prepare {
  const { database, changes, loadInput, loadMask, log } = dependencies;

  async function loadPictures({ request }: Task, { traits }: Account): Promise<Picture[]> {
    const signal = AbortSignal.timeout(inputTimeoutMs);
    const pictures: Picture[] = [];
    const budget = createPixelBudget();
    // One after another: each may take 25 MiB of memory.
    const form = inputFormOf(traits, request);
    for (const picture of request.pictures) {
      const { role } = picture;
      const loaded = await loadInput(picture, form, signal, budget);
      pictures.push(role === undefined ? loaded : { ...loaded, role });
    }
    return pictures;
  }

  async function toProviderRequest(task: Task, pictures: readonly Picture[]): Promise<ProviderRequest> {
    const { action, prompt, speed, offer } = task.request;
    const request = {
      action,
      prompt,
      speed,
      pictures,
      options: task.request.options ?? {},
      reference: task.id,
    };
    if (offer === undefined || task.parentId === undefined) return request;
    const parent = await database.tasks.get(task.parentId);
    if (parent?.ref === undefined) throw new Error('the parent of a follow-up has no ref');
    const followUp = { ...request, parent: { ref: parent.ref, offer } };
    return isRemix(task.request) ? { ...followUp, isRemix: true } : followUp;
  }

  return async (task, account) => {
    try {
      const pictures = await loadPictures(task, account);
      const mask = await loadMask(task, AbortSignal.timeout(loadTimeoutMs));
      const request = await toProviderRequest(task, pictures);
      return mask === undefined ? request : { ...request, mask };
    } catch (error) {
      if (error instanceof InputError)
        log.warn({ taskId: task.id, account: account.name, error }, "a person's picture can't be used");
      else log.error({ taskId: task.id, error }, 'a task could not be prepared');
      const internal = { kind: 'internal', mayHaveCost: false } as const;
      await changes.change(
        task.id,
        error instanceof InputError ? inputFailure(error) : { type: 'failed', failure: internal },
      );
      return undefined;
    }
  };
}
