import type { APIEmbed } from 'discord-api-types/v10';
import type { PageAttachment } from '../protocol.ts';
import { element } from './element.ts';
import { type MarkdownWords, renderMarkdown } from './markdown.ts';
import { renderPicture, roomInEmbed } from './pictures.ts';

export interface EmbedParts {
  readonly words: MarkdownWords;
  readonly attachments: readonly PageAttachment[];
  /** The address from which the page may load it; undefined if it is outside of this machine. */
  toLocal(url: string): string | undefined;
}

export function renderEmbed(embed: APIEmbed, parts: EmbedParts): HTMLElement {
  const { words, toLocal } = parts;
  const { author, footer, thumbnail, image, video, fields = [] } = embed;
  const shown = element('discord-embed', {
    slot: 'embeds',
    color: embed.color === undefined ? undefined : `#${embed.color.toString(16).padStart(6, '0')}`,
    'embed-title': embed.title,
    url: embed.url,
    'author-name': author?.name,
    'author-url': author?.url,
    'author-image': author?.icon_url && toLocal(author.icon_url),
    thumbnail: thumbnail && toLocal(thumbnail.url),
    provider: embed.provider?.name,
    'with-media': image !== undefined || video !== undefined,
  });
  if (embed.description) {
    const text = renderMarkdown(embed.description, words);
    shown.append(element('discord-embed-description', { slot: 'description' }, text));
  }
  if (fields.length > 0) shown.append(renderFields(fields, words));
  if (video?.url)
    shown.append(element('div', { slot: 'fields', class: 'embed-media' }, renderVideo(toLocal(video.url))));
  else if (image)
    shown.append(element('div', { slot: 'fields', class: 'embed-media' }, renderImage(image.url, parts)));
  if (footer) {
    shown.append(
      element(
        'discord-embed-footer',
        { slot: 'footer', 'footer-image': footer.icon_url && toLocal(footer.icon_url) },
        footer.text,
      ),
    );
  }
  return shown;
}

type Field = NonNullable<APIEmbed['fields']>[number];

/** Discord puts at most three fields in a row; those in a row share its width. */
const mostInRow = 3;

function renderFields(fields: readonly Field[], words: MarkdownWords): HTMLElement {
  const rows: Field[][] = [];
  for (const field of fields) {
    const row = rows.at(-1);
    const isJoining = field.inline && row?.[0]?.inline && row.length < mostInRow;
    if (isJoining) row.push(field);
    else rows.push([field]);
  }
  const shown = rows.map((row) =>
    element('div', { class: row.length > 1 ? 'field-row shared' : 'field-row' }, ...row.map(toField)),
  );
  return element('discord-embed-fields', { slot: 'fields' }, ...shown);

  function toField({ name, value }: Field): HTMLElement {
    return element('discord-embed-field', { 'field-title': name }, renderMarkdown(value, words));
  }
}

function renderImage(url: string, { attachments, toLocal }: EmbedParts): HTMLElement {
  const file = attachments.find((attachment) => attachment.url === url);
  const local = toLocal(url);
  if (local === undefined) return element('a', { href: url, target: '_blank', rel: 'noreferrer' }, url);
  const { width, height, spoiler: isSpoiler = false } = file ?? {};
  const name = file?.description ?? file?.name ?? 'picture';
  return renderPicture({ url: local, name, width, height, isSpoiler }, roomInEmbed);
}

export function renderVideo(url: string | undefined): HTMLElement {
  return element('video', { src: url, controls: true, loop: true, preload: 'metadata', class: 'video' });
}
