import type { MeasuredUpload } from '../attachments.ts';
import { refuse } from '../refusal.ts';

/** The limit is for each file, not for the request (Discord docs, change-log, 2025-04-03). */
export function holdFilesTo(maxBytes: number, files: ReadonlyMap<number, MeasuredUpload>): void {
  for (const file of files.values()) if (file.bytes.length > maxBytes) throw refuse.tooLarge();
}
