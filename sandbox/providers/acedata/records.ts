import { type Answer, toJson } from '../answer.ts';
import type { PictureHost } from './picture-host.ts';
import { type AceTask, hasEnded } from './task.ts';

/** Ids of the account and its person, which are in every record (openapi/midjourney.json). */
const holder = {
  application_id: '00000000-0000-4000-8000-0000000000a1',
  credential_id: '00000000-0000-4000-8000-0000000000a2',
  user_id: '00000000-0000-4000-8000-0000000000a3',
};

/** The answer of a synchronous call, the `response` of a record, and the body of a callback. */
export function toResult(task: AceTask, host: PictureHost): Record<string, unknown> | undefined {
  const { error, outcome, progress, type, descriptions } = task;
  if (error !== undefined) return { success: false, task_id: task.id, trace_id: task.traceId, error };
  if (type === 'describe') return { descriptions };
  if (outcome === undefined || progress === undefined) return undefined;
  const actions = outcome.actions === undefined ? {} : { actions: hasEnded(task) ? outcome.actions : [] };
  return {
    ...host.describe(task),
    ...(type === 'videos' ? { video_id: task.resultId } : { image_id: task.resultId }),
    progress,
    // Empty until the end; edits and videos don't have it at all.
    ...actions,
    task_id: task.id,
    trace_id: task.traceId,
    success: true,
    hold: false,
  };
}

/** A synchronous call that failed has the status of its code (edits guide). */
export function toHeldAnswer(task: AceTask, host: PictureHost): Answer {
  const statuses: Record<string, number> = { bad_request: 400, forbidden: 403 };
  const status = task.error === undefined ? 200 : (statuses[task.error.code] ?? 500);
  return toJson(status, toResult(task, host) ?? {});
}

/** It doesn't say the state; times are fractional seconds (tasks guide, concepts/async-tasks). */
export function toRecord(task: AceTask, host: PictureHost): Record<string, unknown> {
  const { id, traceId, type, request, createdAt, startedAt, finishedAt } = task;
  const response = toResult(task, host);
  const isPicture = type === 'imagine' || type === 'edits';
  const elapsed = finishedAt === undefined ? null : (finishedAt - (startedAt ?? createdAt)) / 1_000;
  return {
    id,
    trace_id: traceId,
    type,
    ...holder,
    request,
    created_at: createdAt / 1_000,
    started_at: toSeconds(startedAt),
    finished_at: toSeconds(finishedAt),
    elapsed,
    ...(isPicture && hasEnded(task) && task.error === undefined ? { image_id: task.resultId } : {}),
    ...(response === undefined ? {} : { response }),
  };
}

function toSeconds(at: number | undefined): number | null {
  return at === undefined ? null : at / 1_000;
}
