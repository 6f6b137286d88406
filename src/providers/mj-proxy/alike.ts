import type { SentWords } from '../provider.ts';
import type { MjTask } from './task.ts';
import { toTaskAction } from './task-action.ts';

/**
 * Whether a task of the list may be what those words started: all midjourney-proxies keep the words and the time of the
 * submit in milliseconds (Task.java, TaskInfo.cs). A task with a reference, ours or not, is found by that alone.
 */
export function isAlike(task: MjTask, { action, prompt, speed, since, until }: SentWords): boolean {
  const isNamed = (task.state ?? '').trim() !== '';
  const submittedAt = Number(task.submitTime ?? Number.NaN);
  if (isNamed || !(submittedAt >= since && submittedAt <= until)) return false;
  if (toTaskAction(undefined, task.action) !== toTaskAction(action, undefined)) return false;
  const spellings = [prompt, `${prompt} --${speed}`].map(toOneLine);
  return [task.prompt, task.promptEn].some((shown) => spellings.includes(toOneLine(shown ?? '')));
}

function toOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/gu, ' ');
}
