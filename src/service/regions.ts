import type { DrawCells } from '../inputs/region-pictures.ts';
import type { Database } from '../storage/database.ts';
import { type Drafts, toDraftPlace } from './drafts.ts';
import type { OfferPress, OfferWindow } from './presses.ts';
import type { TaskCaller } from './start.ts';

/** How people choose the part of a picture that is painted again: they see it with numbers before they're asked for any. */
export interface Regions {
  /** Keeps what was pressed, with the prompt to propose, until the person has chosen. Returns the id of the draft. */
  begin(press: OfferPress, window: OfferWindow, caller: Pick<TaskCaller, 'origin'>): Promise<string>;
  /** Returns the picture with its cells numbered; `undefined` if it's gone, or can't be fetched now. */
  draw(taskId: string): Promise<Buffer | undefined>;
  /** Returns the task whose button was pressed. Throws a `UserError` if the person has no such draft any more. */
  taskOf(draftId: string, userId: string): Promise<string>;
}

export function createRegions({
  database,
  drafts,
  drawCells,
}: {
  database: Pick<Database, 'tasks'>;
  drafts: Pick<Drafts, 'keep' | 'require'>;
  drawCells: DrawCells;
}): Regions {
  return {
    begin({ taskId, messageId, offer }, { prompt }, { origin: { userId, place } }) {
      const press = { taskId, messageId, offer, prompt };
      return drafts.keep(userId, { kind: 'window', ...press, ...toDraftPlace(place) });
    },
    async taskOf(draftId, userId) {
      const { taskId } = await drafts.require(draftId, userId, 'window');
      return taskId;
    },
    async draw(taskId) {
      const task = await database.tasks.get(taskId);
      return task === undefined ? undefined : drawCells(task);
    },
  };
}
