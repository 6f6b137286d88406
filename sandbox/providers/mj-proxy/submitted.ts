import type { Answer } from '../answer.ts';
import type { MjTask } from './task.ts';

/** A submit's answer, and the task if one was accepted. */
export interface Submitted {
  answer: Answer;
  task?: MjTask;
}

export type NewTask = Partial<MjTask> & Pick<MjTask, 'kind' | 'action' | 'prompt' | 'account' | 'speed'>;
