import type { Attachment, MeasuredUpload } from './attachments.ts';
import type { MessageBody } from './records.ts';
import { refuse } from './refusal.ts';
import { refusedBecause } from './rules/problem.ts';

interface Details {
  description?: string;
  isSpoiler?: boolean;
}
export type Selected = Details & ({ kept: Attachment } | { file: MeasuredUpload });

/**
 * Which files a message has after a create or an edit: without `attachments`, the old ones and all new ones; with it, exactly
 * those it names, kept ones by their id and new ones by the n of `files[n]`
 * (Discord docs, resources/message, "Edit Message", and reference, "Editing Message Attachments").
 */
export function selectAttachments(
  existing: readonly Attachment[],
  listed: MessageBody['attachments'],
  files: ReadonlyMap<number, MeasuredUpload>,
): Selected[] {
  if (listed === undefined) {
    return [...existing.map((kept) => ({ kept })), ...[...files.values()].map((file) => ({ file }))];
  }
  return (listed ?? []).map(({ id, description, is_spoiler: isSpoiler }, index) => {
    const details: Details = {
      ...(typeof description === 'string' && { description }),
      ...(typeof isSpoiler === 'boolean' && { isSpoiler }),
    };
    const kept = existing.find((attachment) => attachment.id === String(id));
    if (kept) return { kept, ...details };
    const file = files.get(Number(id));
    if (file) return { file, ...details };
    const path = ['attachments', index, 'id'];
    throw refuse.form([refusedBecause(path, 'ATTACHMENT_NOT_FOUND', 'Attachment data not found')]);
  });
}

const REFERENCE = 'attachment://';

/** Replaces `attachment://name` with the address of the stored file, as Discord's answers do. */
export function resolveReferences<T>(value: T, attachments: readonly Attachment[]): T {
  if (attachments.length === 0) return value;
  const resolve = (part: unknown): unknown => {
    if (typeof part === 'string' && part.startsWith(REFERENCE)) {
      const name = part.slice(REFERENCE.length);
      return attachments.find((attachment) => attachment.name === name)?.url ?? part;
    }
    if (Array.isArray(part)) return part.map(resolve);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, resolve(child)]));
  };
  return resolve(value) as T;
}
