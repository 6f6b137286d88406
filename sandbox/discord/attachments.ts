import { createHmac, randomBytes } from 'node:crypto';
import type { APIAttachment } from 'discord-api-types/v10';
import sharp from 'sharp';
import type { NextId } from './snowflakes.ts';

/** A file on its way in, from the bot or from a person. */
export interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
  readonly contentType?: string;
}

/** An upload, measured if it is a picture. */
export interface MeasuredUpload {
  readonly name: string;
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly width?: number;
  readonly height?: number;
}

export interface Attachment extends MeasuredUpload {
  readonly id: string;
  readonly url: string;
  /** Uploaded as a command option or in a modal: not part of any message. */
  readonly ephemeral: boolean;
  description?: string;
  spoiler: boolean;
}

export interface Attachments {
  store(upload: MeasuredUpload, place: { channelId: string } | 'ephemeral'): Attachment;
  /** The file at that address, if its signature is right and hasn't expired. */
  read(path: string, query: URLSearchParams): Attachment | undefined;
  remove(attachment: Attachment): void;
  /** Deletes all files that aren't part of a message. */
  removeEphemeral(): void;
}

/** Signed addresses are valid for a day (announced by Discord in 2023 for links used outside of the client). */
const ADDRESS_LIFE_MS = 24 * 60 * 60_000;

/** Reads width and height from the header of a picture; anything else passes unmeasured. */
export async function measure(upload: Upload): Promise<MeasuredUpload> {
  const contentType = upload.contentType ?? toContentType(upload.name);
  const measured = { name: toStoredName(upload.name), bytes: upload.bytes, contentType };
  if (!contentType.startsWith('image/')) return measured;
  const size = await sharp(upload.bytes)
    .metadata()
    .catch(() => undefined);
  return size ? { ...measured, width: size.width, height: size.height } : measured;
}

export function createAttachments(options: {
  origin: () => string;
  nextId: NextId;
  now: () => number;
}): Attachments {
  const { origin, nextId, now } = options;
  const key = randomBytes(16);
  const stored = new Map<string, Attachment>();

  const sign = (path: string, expires: string, issued: string) =>
    createHmac('sha256', key).update(`${path}?ex=${expires}&is=${issued}`).digest('hex');

  return {
    store(upload, place) {
      const id = nextId();
      const isEphemeral = place === 'ephemeral';
      const folder = isEphemeral ? `ephemeral-attachments/${id}` : `attachments/${place.channelId}`;
      const path = `/${folder}/${id}/${encodeURIComponent(upload.name)}`;
      const issued = Math.floor(now() / 1000).toString(16);
      const expires = Math.floor((now() + ADDRESS_LIFE_MS) / 1000).toString(16);
      // Parameters `ex`, `is` and `hm` as in Discord docs, reference, "Signed Attachment CDN URLs".
      const url = `${origin()}${path}?ex=${expires}&is=${issued}&hm=${sign(path, expires, issued)}&`;
      const attachment: Attachment = {
        ...upload,
        id,
        url,
        ephemeral: isEphemeral,
        spoiler: upload.name.startsWith('SPOILER_'),
      };
      stored.set(path, attachment);
      return attachment;
    },
    read(path, query) {
      const expires = query.get('ex') ?? '';
      const isSigned = query.get('hm') === sign(path, expires, query.get('is') ?? '');
      const isFresh = Number.parseInt(expires, 16) * 1000 > now();
      return isSigned && isFresh ? stored.get(path) : undefined;
    },
    remove: (attachment) => void stored.delete(new URL(attachment.url).pathname),
    removeEphemeral() {
      for (const [path, { ephemeral }] of stored) if (ephemeral) stored.delete(path);
    },
  };
}

export function toApiAttachment(attachment: Attachment): APIAttachment {
  return {
    id: attachment.id,
    filename: attachment.name,
    size: attachment.bytes.length,
    url: attachment.url,
    proxy_url: attachment.url,
    content_type: attachment.contentType,
    ...(attachment.width && { width: attachment.width, height: attachment.height ?? null }),
    ...(attachment.description && { description: attachment.description }),
    ...(attachment.ephemeral && { ephemeral: true }),
    ...(attachment.spoiler && { flags: 1 << 3 }),
  };
}

/** Discord replaces characters that can't be in an address (observed; undocumented). */
function toStoredName(name: string): string {
  return name.replaceAll(' ', '_').replaceAll(/[^\p{L}\p{N}._-]/gu, '');
}

const CONTENT_TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  heic: 'image/heic',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

function toContentType(name: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return CONTENT_TYPES[extension] ?? 'application/octet-stream';
}
