import type { APIEmbed } from 'discord-api-types/v10';
import { findAddressProblems, WEB, WEB_OR_FILE } from './addresses.ts';
import type { Problem } from './problem.ts';
import { missing, refusedBecause, unwise } from './problem.ts';

type Path = readonly (string | number)[];

/** All embeds of a message together (Discord docs, resources/message, "Embed Limits"). */
const MOST_CHARACTERS = 6000;

export function findEmbedProblems(embeds: readonly APIEmbed[], at: Path): Problem[] {
  const total = embeds.reduce((sum, embed) => sum + countCharacters(embed), 0);
  const problems = embeds.flatMap((embed, index) => findInEmbed(embed, [...at, index]));
  if (total <= MOST_CHARACTERS) return problems;
  const message = `Embed size exceeds maximum size of ${MOST_CHARACTERS} (is ${total})`;
  return [...problems, refusedBecause(at, 'MAX_EMBED_SIZE_EXCEEDED', message)];
}

function findInEmbed(embed: APIEmbed, at: Path): Problem[] {
  const { title, description, author, footer, fields = [], image, thumbnail, url } = embed;
  const problems: Problem[] = [];
  const isBlank = (text: string | null | undefined) =>
    text === undefined || text === null || text.trim() === '';
  const hasSomething = [title, description, author?.name, footer?.text, image?.url, thumbnail?.url].some(
    (text) => !isBlank(text),
  );
  if (!hasSomething && fields.length === 0) problems.push(missing([...at, 'description']));
  // Discord silently drops these if they are empty; a builder that got an empty string is nearly always a mistake.
  for (const [key, text] of [['title', title] as const, ['description', description] as const]) {
    if (typeof text === 'string' && isBlank(text)) problems.push(unwise([...at, key], 'is empty'));
  }
  for (const [index, field] of fields.entries()) {
    if (isBlank(field.name)) problems.push(missing([...at, 'fields', index, 'name']));
    if (isBlank(field.value)) problems.push(missing([...at, 'fields', index, 'value']));
  }
  if (author && isBlank(author.name)) problems.push(missing([...at, 'author', 'name']));
  if (footer && isBlank(footer.text)) problems.push(missing([...at, 'footer', 'text']));
  return [
    ...problems,
    ...findAddressProblems([...at, 'url'], url, WEB),
    ...findAddressProblems([...at, 'author', 'url'], author?.url, WEB),
    ...findAddressProblems([...at, 'author', 'icon_url'], author?.icon_url, WEB_OR_FILE),
    ...findAddressProblems([...at, 'footer', 'icon_url'], footer?.icon_url, WEB_OR_FILE),
    ...findAddressProblems([...at, 'image', 'url'], image?.url, WEB_OR_FILE),
    ...findAddressProblems([...at, 'thumbnail', 'url'], thumbnail?.url, WEB_OR_FILE),
  ];
}

function countCharacters({ title, description, author, footer, fields = [] }: APIEmbed): number {
  const texts = [
    title,
    description,
    author?.name,
    footer?.text,
    ...fields.flatMap((field) => [field.name, field.value]),
  ];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
