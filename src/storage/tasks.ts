import type { Kysely } from 'kysely';
import type { Task } from '../task.ts';
import { type BookTasks, createBookTasks } from './book-tasks.ts';
import { createDueTasks, type DueTasks } from './due-tasks.ts';
import type { Schema } from './schema.ts';
import { createTaskHistory, type TaskHistory } from './task-history.ts';
import { isDone, isUnfinished, readTask, selectTasks } from './task-queries.ts';
import { type Details, toChanges, toRow, withoutData } from './task-rows.ts';
import { addWords, updateWords } from './task-words.ts';
import { createWaitingTasks, type WaitingTasks } from './waiting.ts';

/** Tasks one by one; the other questions are grouped by who asks them. */
export interface Tasks extends WaitingTasks, DueTasks, BookTasks, TaskHistory {
  insert(task: Task): Promise<void>;
  /** Saves what has changed since the previous revision; returns false if somebody else saved first. */
  save(task: Task, before: Task): Promise<boolean>;
  /**
   * Removes what only the final message needed, once that is settled: the interaction's token, and a result's only file
   * if its address holds it, since the message has it now. With several files, the message may show another form.
   */
  settle(id: string): Promise<void>;
  get(id: string): Promise<Task | undefined>;
  getByInteraction(interactionId: string): Promise<Task | undefined>;
  getByMessage(messageId: string): Promise<Task | undefined>;
  /** The last finished task that anybody started with that button. */
  getDonePress(parentId: string, parentOffer: number): Promise<Task | undefined>;
  /** The unfinished task that the same person started with the same button. */
  getUnfinishedPress(parentId: string, parentOffer: number, userId: string): Promise<Task | undefined>;
}

export function createTasks(database: Kysely<Schema>): Tasks {
  const select = () => selectTasks(database);
  const selectPress = (parentId: string, parentOffer: number) =>
    select().where('parent_id', '=', parentId).where('parent_offer', '=', parentOffer);

  return {
    ...createWaitingTasks(database),
    ...createDueTasks(database),
    ...createBookTasks(database),
    ...createTaskHistory(database),
    async insert(task) {
      await database.insertInto('tasks').values(toRow(task)).execute();
      await addWords(database, task);
    },
    async save(task, before) {
      const result = await database
        .updateTable('tasks')
        .set(toChanges(task, before))
        .where('id', '=', task.id)
        .where('revision', '=', task.revision - 1)
        .executeTakeFirst();
      if (result.numUpdatedRows !== 1n) return false;
      await updateWords(database, task, before);
      return true;
    },
    async settle(id) {
      const row = await database
        .selectFrom('tasks')
        .select('details')
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) return;
      const details = JSON.parse(row.details) as Details;
      const { token: _token, ...place } = details.origin.place;
      const without = { ...details, origin: { ...details.origin, place }, ...withoutData(details) };
      await database
        .updateTable('tasks')
        .set({ details: JSON.stringify(without) })
        .where('id', '=', id)
        .execute();
    },
    get: (id) => readTask(select().where('id', '=', id)),
    getByInteraction: (interactionId) => readTask(select().where('interaction_id', '=', interactionId)),
    getByMessage: (messageId) => readTask(select().where('message_id', '=', messageId)),
    getDonePress: (parentId, parentOffer) =>
      readTask(selectPress(parentId, parentOffer).where(isDone).orderBy('finished_at', 'desc').limit(1)),
    getUnfinishedPress: (parentId, parentOffer, userId) =>
      readTask(selectPress(parentId, parentOffer).where('user_id', '=', userId).where(isUnfinished)),
  };
}
