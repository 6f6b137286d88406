import type { PageAttachment } from '../protocol.ts';
import { element } from './element.ts';
import { renderVideo } from './embed.ts';
import { renderMosaic, renderPicture } from './pictures.ts';

/** Files of a message; what an embed or a component shows is not listed a second time. */
export function renderAttachments(
  attachments: readonly PageAttachment[],
  toLocal: (url: string) => string | undefined,
): HTMLElement | undefined {
  if (attachments.length === 0) return undefined;
  const media = attachments.filter(({ contentType }) => /^(?:image|video)\//.test(contentType));
  const others = attachments.filter((attachment) => !media.includes(attachment));
  const shown = element('discord-attachments', { slot: 'attachments' });
  if (media.length > 0) shown.append(renderMosaic(media.map((file) => renderMedia(file, toLocal))));
  shown.append(...others.map((file) => renderFile(file, toLocal)));
  return shown;
}

function renderMedia(file: PageAttachment, toLocal: (url: string) => string | undefined): HTMLElement {
  const { width, height, spoiler: isSpoiler } = file;
  const url = toLocal(file.url) ?? '';
  if (file.contentType.startsWith('video/')) return renderVideo(url);
  return renderPicture({ url, name: file.description ?? file.name, width, height, isSpoiler });
}

export function renderFile(file: PageAttachment, toLocal: (url: string) => string | undefined): HTMLElement {
  const url = toLocal(file.url);
  if (file.contentType.startsWith('video/')) return renderVideo(url);
  const [bytes, unit] = toSize(file.bytes).split(' ');
  return element('discord-file-attachment', {
    name: file.name,
    bytes,
    'bytes-unit': unit,
    href: url,
    target: '_blank',
  });
}

export function toSize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${Math.round(bytes / 1_024)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
