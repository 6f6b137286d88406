import type { Choice } from '../accounts/choose.ts';
import type { EarlyCheck } from '../inputs/early-check.ts';
import type { Asker } from '../points/policy.ts';
import { takeSpeed } from '../prompt/compose.ts';
import { composeEdit } from '../prompt/edit-model.ts';
import { inputFormOf } from '../providers/provider.ts';
import type { Region, TaskRequest } from '../task.ts';
import type { Lineage } from './consent.ts';
import type { Starts } from './start.ts';

/** An edit that only lacks its mask. A speed in its words counts more than its own. */
export interface UnpaintedEdit extends Source {
  readonly request: TaskRequest;
}

/** The message that it was asked for at, and the task that's shown there. */
interface Source {
  readonly parentId?: string | undefined;
  readonly parentMessageId?: string | undefined;
}

/** Stands for any mask: only some accounts take one, so it decides who gets the edit, and for how much. */
export const anyMask: Region = { cells: [], painted: '' };

/** What is sent for such an edit. Throws a `UserError` for words that can't be sent. */
export function toPaintedEdit({ request }: UnpaintedEdit, prompt: string, region: Region): TaskRequest {
  const { text, speed = request.speed } = takeSpeed(prompt, undefined);
  return { ...request, prompt: composeEdit(text, request.pictures.length), speed, region };
}

/** Words that say everything about an edit: at another speed than its own, they end with it. */
export function writeEdit({ request }: UnpaintedEdit, { prompt, speed }: { prompt: string; speed: string }) {
  return speed === request.speed ? prompt : `${prompt} --${speed}`;
}

/** Returns the same as a task remembers it. */
export function lineageOf({ parentId, parentMessageId }: Source): Lineage {
  return {
    ...(parentId === undefined ? {} : { parentId }),
    ...(parentMessageId === undefined ? {} : { parentMessageId }),
  };
}

/**
 * Refuses an edit before its person paints anything, with a `UserError`: words that can't be sent as well as everything that no
 * other words could change.
 */
export type RequirePaintable = (edit: UnpaintedEdit, asker: Asker) => Promise<void>;

export function createRequirePaintable({
  choice,
  starts,
  checkInputs,
}: {
  choice: Pick<Choice, 'choose'>;
  starts: Pick<Starts, 'requireAllowed'>;
  checkInputs: EarlyCheck;
}): RequirePaintable {
  return async (edit, asker) => {
    const written = toPaintedEdit(edit, edit.request.prompt, anyMask);
    // What is doubtful in the words can be corrected on the page.
    const wordless = { ...written, prompt: '' };
    const { account } = await choice.choose(wordless, asker.book);
    await starts.requireAllowed(wordless, asker, account.name, lineageOf(edit));
    const { region: _, ...unmasked } = written;
    await checkInputs(unmasked, asker.userId, inputFormOf(account.traits, written));
  };
}
