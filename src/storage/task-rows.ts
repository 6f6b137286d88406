import { createHash } from 'node:crypto';
import { isData, type Task } from '../task.ts';
import type { TaskRow } from './schema.ts';

/** The part of a task without its own columns: no query needs it. */
export type Details = Omit<
  Task,
  | 'id'
  | 'revision'
  | 'state'
  | 'account'
  | 'parentId'
  | 'parentOffer'
  | 'price'
  | 'createdAt'
  | 'acknowledgedAt'
  | 'notBefore'
  | 'acceptedAt'
  | 'finishedAt'
  | 'nextLookAt'
  | 'deadlineAt'
  | 'lostAt'
>;

/** The rows that tasks were read from: what a save compares with, instead of writing the task before it out once more. */
const readRows = new WeakMap<Task, TaskRow>();

/** The columns that a save has to write, and their values. */
export function toChanges(task: Task, before: Task): Partial<TaskRow> {
  const previous = readRows.get(before) ?? toRow(before);
  const promptKey = task.request === before.request ? previous.prompt_key : toPromptKey(task.request);
  return changesOf(toRow(task, promptKey), previous);
}

/** A task as its row. */
export function toRow(task: Task, promptKey = toPromptKey(task.request)): TaskRow {
  const {
    id,
    revision,
    state,
    account,
    parentId,
    parentOffer,
    price,
    createdAt,
    acknowledgedAt,
    notBefore,
    acceptedAt,
    finishedAt,
    nextLookAt,
    deadlineAt,
    lostAt,
    ...details
  } = task;
  return {
    id,
    revision,
    state,
    action: task.request.action,
    account,
    user_id: task.origin.userId,
    book: task.origin.book,
    guild_id: task.origin.place.guildId ?? null,
    channel_id: task.origin.place.channelId,
    message_id: task.origin.place.messageId ?? null,
    interaction_id: task.origin.interactionId,
    parent_id: parentId ?? null,
    parent_offer: parentOffer ?? null,
    price,
    created_at: createdAt,
    acknowledged_at: acknowledgedAt ?? null,
    not_before: notBefore ?? null,
    accepted_at: acceptedAt ?? null,
    finished_at: finishedAt ?? null,
    next_look_at: nextLookAt ?? null,
    deadline_at: deadlineAt,
    lost_at: lostAt ?? null,
    refund_promised_at: promisedAtOf(task),
    prompt_key: promptKey,
    emptied: task.emptied === 'all' ? 1 : 0,
    details: JSON.stringify(details satisfies Details),
  };
}

/** A row as its task. */
export function toTask(row: TaskRow): Task {
  const details = JSON.parse(row.details) as Details;
  const task: Task = {
    ...details,
    origin: { ...details.origin, book: row.book },
    id: row.id,
    revision: Number(row.revision),
    state: row.state as Task['state'],
    account: row.account,
    price: Number(row.price),
    createdAt: Number(row.created_at),
    deadlineAt: Number(row.deadline_at),
    ...present('parentId', row.parent_id),
    ...present('parentOffer', row.parent_offer),
    ...present('acknowledgedAt', row.acknowledged_at),
    ...present('notBefore', row.not_before),
    ...present('acceptedAt', row.accepted_at),
    ...present('finishedAt', row.finished_at),
    ...present('nextLookAt', row.next_look_at),
    ...present('lostAt', row.lost_at),
  };
  readRows.set(task, row);
  return task;
}

/** A free task needs no promise that points come back. */
function promisedAtOf({ stop, price }: Task): number | null {
  return stop?.isRefunded === true && price > 0 ? stop.at : null;
}

/** Drops a result's only file if its address holds it. */
export function withoutData({ result }: Details): Pick<Details, 'result'> {
  const [first, ...others] = result?.media ?? [];
  if (result === undefined || first === undefined || others.length > 0 || !isData(first.url)) return {};
  return { result: { ...result, media: [{ ...first, url: 'data:,' }] } };
}

/** Each written column updates every index that has it, changed or not. */
function changesOf(row: TaskRow, before: TaskRow): Partial<TaskRow> {
  const changed = Object.entries(row).filter(([column, value]) => value !== before[column as keyof TaskRow]);
  return Object.fromEntries(changed);
}

/** Providers find upscales by their picture, everything else by its words. */
export function toPromptKey({ action, prompt }: Pick<Task['request'], 'action' | 'prompt'>): string | null {
  const isFoundByPicture = action === 'upscale' || action.startsWith('upscale-');
  if (isFoundByPicture || prompt === '') return null;
  return createHash('sha256').update(prompt).digest('base64url').slice(0, 22);
}

function present<Key extends string, Value>(key: Key, value: Value | null): { [K in Key]?: Value } {
  return value === null ? {} : ({ [key]: value } as { [K in Key]: Value });
}
