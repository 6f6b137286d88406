import type { Refusal } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { InputForm, Picture, ProviderRequest } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { InputPicture, Task, TaskEvent } from '../task.ts';
import type { Account } from './accounts.ts';
import type { CallbackUrlFor } from './callbacks.ts';
import type { Changes } from './changes.ts';
import type { LoadMask } from './masks.ts';
import { createPixelBudget, type PixelBudget } from './pixel-budget.ts';

/** How long all pictures of a person may take together: whoever's server is slower keeps nobody waiting for it. */
export const inputTimeoutMs = 10_000;
/** A mask has the size of the parent's picture, which is a result, and may have to be fetched first. */
export const loadTimeoutMs = 60_000;

/**
 * Reads one reference picture in the form that an API takes, out of the pixels that all of a request may have; throws an
 * {@link InputError} if it can't be used.
 */
export type LoadInput = (
  picture: InputPicture,
  form: InputForm,
  signal: AbortSignal,
  budget?: PixelBudget,
) => Promise<Picture>;

/** A person's picture that can't be used: a refusal that comes once the task is saved, and ends it. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options: { cause?: unknown } = {}) {
    super(refusal.code, options);
    this.refusal = refusal;
  }
}

/** All that a paid call needs; `undefined` if the task has failed for it. Takes no place of the account. */
export type Prepare = (task: Task, account: Account) => Promise<ProviderRequest | undefined>;

export interface PrepareDependencies {
  database: Pick<Database, 'tasks'>;
  changes: Changes;
  callbackUrlFor: CallbackUrlFor;
  loadInput: LoadInput;
  loadMask: LoadMask;
  log: Logger;
}

/** A task that ends since a person's picture can't be used. */
export function inputFailure(error: InputError): TaskEvent {
  return { type: 'failed', failure: { kind: 'input', refusal: error.refusal, mayHaveCost: false } };
}

export function createPrepare(dependencies: PrepareDependencies): Prepare {
  const { database, changes, callbackUrlFor, loadInput, loadMask, log } = dependencies;

  async function loadPictures({ request }: Task, { traits }: Account): Promise<Picture[]> {
    const signal = AbortSignal.timeout(inputTimeoutMs);
    const pictures: Picture[] = [];
    const budget = createPixelBudget();
    // One after the other: each may take 25 MiB of memory.
    for (const picture of request.pictures)
      pictures.push(await loadInput(picture, traits.inputs, signal, budget));
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
    return { ...request, parent: { ref: parent.ref, offer } };
  }

  return async (task, account) => {
    try {
      const pictures = await loadPictures(task, account);
      const mask = await loadMask(task, AbortSignal.timeout(loadTimeoutMs));
      const request = await toProviderRequest(task, pictures);
      const callbackUrl = callbackUrlFor(account, task.id);
      return {
        ...request,
        ...(mask === undefined ? {} : { mask }),
        ...(callbackUrl === undefined ? {} : { callbackUrl }),
      };
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
