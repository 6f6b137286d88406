import type { SentWords } from '../provider.ts';
import type { MjTask } from './task.ts';
import { toTaskAction } from './task-action.ts';

/** Whether a task still has the reference that somebody sent with it. */
export function isNamed({ state }: MjTask): boolean {
  return (state ?? '').trim() !== '';
}

/**
 * Whether a task of the list may be what those words started: all midjourney-proxies keep the words and the time of the
 * submit in milliseconds (Task.java, TaskInfo.cs).
 */
export function isAlike(task: MjTask, { action, prompt, speed, since, until }: SentWords): boolean {
  const submittedAt = Number(task.submitTime ?? Number.NaN);
  if (!(submittedAt >= since && submittedAt <= until)) return false;
  if (toTaskAction(undefined, task.action) !== toTaskAction(action, undefined)) return false;
  const spellings = [prompt, `${prompt} --${speed}`].map(toOneLine);
  return [task.prompt, task.promptEn].some((shown) => spellings.includes(toOneLine(shown ?? '')));
}

function toOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/gu, ' ');
}
