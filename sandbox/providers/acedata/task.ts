import type { View } from '../../pictures/view.ts';
import type { TaskView } from '../stand-in.ts';
import type { Fault } from '../trouble.ts';

export type Mode = 'relax' | 'fast' | 'turbo';

/** What a task makes. */
export type Shown =
  | { as: 'grid'; views: readonly View[] }
  | { as: 'single'; view: View; scale: number }
  /** `frames` of each clip; 480 or 720 `lines`, in Midjourney's pixels. */
  | { as: 'videos'; views: readonly View[]; frames: number; lines: number; isLoop: boolean };

/** What to do for a task, or why Midjourney won't. */
export interface Outcome {
  /** Realistic milliseconds. */
  takesMs: number;
  shown: Shown;
  /** Names of what can be done next; absent from edits and videos. */
  actions?: readonly string[];
  /** The prompt, if the work rewrites it (pan rewrites `--ar`). */
  prompt: string;
  complaint?: string | undefined;
}

export interface AceTask {
  /** A UUID, as is the trace's. */
  id: string;
  traceId: string;
  type: 'imagine' | 'edits' | 'videos' | 'describe';
  action: string;
  /** Whose key it is, by number. */
  account: number;
  /** The body as it arrived: the record keeps it (openapi/midjourney.json). */
  request: Readonly<Record<string, unknown>>;
  prompt: string;
  mode: Mode;
  parent: AceTask | undefined;
  /** 19 digits for a picture, 16 for a set of videos. */
  resultId: string;
  seed: number;
  outcome: Outcome | undefined;
  descriptions: readonly string[];
  progress: number | undefined;
  createdAt: number;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  error: { code: string; message: string } | undefined;
  fault: Fault | undefined;
}

export function hasEnded(task: AceTask): boolean {
  return task.finishedAt !== undefined;
}

export function toTaskView(task: AceTask): TaskView {
  const { id, type, action, account, prompt, parent, createdAt, finishedAt, startedAt, error } = task;
  const running = startedAt === undefined ? 'pending' : 'running';
  const ended = error === undefined ? 'succeeded' : 'failed';
  return {
    id,
    kind: type,
    action,
    status: hasEnded(task) ? ended : running,
    progress: task.progress === undefined ? '' : `${task.progress}%`,
    prompt,
    failReason: error?.message ?? '',
    parentId: parent?.id,
    customId: action === 'generate' ? undefined : action,
    account,
    submittedAt: createdAt,
    finishedAt,
  };
}
