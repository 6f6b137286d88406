import type { MeasuredUpload } from './attachments.ts';
import { measure } from './attachments.ts';
import { refuse } from './refusal.ts';

/** A request's content: its JSON, and its files by the number in `files[n]`. */
export interface Payload {
  readonly body: unknown;
  /** The JSON as it was sent. */
  readonly text: string;
  readonly files: ReadonlyMap<number, MeasuredUpload>;
}

const NO_FILES: ReadonlyMap<number, MeasuredUpload> = new Map();

/** Bodies come as JSON, or as multipart with `payload_json` and `files[n]` (Discord docs, reference, "Uploading Files"). */
export async function readPayload(bytes: Buffer, contentType: string): Promise<Payload> {
  if (bytes.length === 0) return { body: undefined, text: '', files: NO_FILES };
  if (!contentType.startsWith('multipart/form-data')) {
    const text = bytes.toString('utf8');
    return { body: parse(text), text, files: NO_FILES };
  }
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw refuse.invalidJson();
    });
  const json = form.get('payload_json');
  const text = typeof json === 'string' ? json : '';
  const files = new Map<number, MeasuredUpload>();
  for (const [field, value] of form) {
    const index = /^files\[(\d{1,2})\]$/.exec(field)?.[1];
    if (index === undefined || typeof value === 'string') continue;
    const content = Buffer.from(await value.arrayBuffer());
    const type = value.type ? { contentType: value.type } : {};
    files.set(Number(index), await measure({ name: value.name, bytes: content, ...type }));
  }
  return { body: text === '' ? {} : parse(text), text, files };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse.invalidJson();
  }
}
