import type { View } from '../../pictures/view.ts';
import type { TaskView } from '../stand-in.ts';
import type { Fault } from '../trouble.ts';

/** A task of an API that takes work, does it, and shows its progress. What it's called on the wire is up to the API. */
export interface PlainTask {
  readonly id: string;
  /** The call, or mode, that started it. */
  readonly kind: string;
  readonly prompt: string;
  readonly account: number;
  readonly parent: PlainTask | undefined;
  /** Which picture of the parent, from 1. */
  readonly index: number | undefined;
  readonly speed: string;
  readonly reference: string;
  readonly seed: number;
  readonly callbackUrl: string | undefined;
  readonly submittedAt: number;
  state: 'waiting' | 'running' | 'done' | 'failed';
  percent: number;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  /** What it made: separate pictures, unless the API puts them in a grid. */
  views: readonly View[];
  text: string | undefined;
  /** Addresses of what it made. */
  urls: readonly string[];
  /** In the API's own vocabulary. */
  failCode: string;
  failReason: string;
  priceUsd: number;
  fault: Fault | undefined;
}

export function toTaskView(task: PlainTask): TaskView {
  const { id, kind, prompt, failReason, account, submittedAt, finishedAt, parent } = task;
  return {
    id,
    kind,
    action: kind,
    status: { waiting: 'NOT_START', running: 'IN_PROGRESS', done: 'SUCCESS', failed: 'FAILURE' }[task.state],
    progress: `${task.percent}%`,
    prompt,
    failReason,
    parentId: parent?.id,
    customId: undefined,
    account,
    submittedAt,
    finishedAt,
  };
}
