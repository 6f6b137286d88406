import type { APIAllowedMentions, APIEmbed } from 'discord-api-types/v10';
import { MessageFlags } from 'discord-api-types/v10';
import type { MeasuredUpload } from '../attachments.ts';
import type { AnyComponent } from '../components.ts';
import { flatten } from '../components.ts';
import type { Message, MessageBody } from '../records.ts';
import { toFileName } from './addresses.ts';
import { findComponentProblems, findRowProblems } from './component-rules.ts';
import { findEmbedProblems } from './embed-rules.ts';
import { findLayoutProblems, isText } from './layout-rules.ts';
import type { Problem } from './problem.ts';
import { refusedBecause, tooLong, unwise } from './problem.ts';

type Path = readonly (string | number)[];

export interface CheckedBody extends MessageBody {
  allowed_mentions?: APIAllowedMentions | null;
  poll?: unknown;
  sticker_ids?: unknown[] | null;
}

/** A message on its way: its body, its files, and the message it replaces. */
export interface Draft {
  readonly body: CheckedBody;
  readonly files: ReadonlyMap<number, MeasuredUpload>;
  readonly existing: Message | undefined;
  /** Whether it goes through an interaction's own routes, so it may be ephemeral. */
  readonly isByInteraction: boolean;
  /** `['data']` inside a callback. */
  readonly at: Path;
}

const MOST_CONTENT = 2000;
const MOST_FILES = 10;

/** What the schemas don't know about a message (Discord docs, resources/message, unless said otherwise). */
export function findMessageProblems(draft: Draft): Problem[] {
  const { body, files, existing, at } = draft;
  const components = (body.components ?? []) as readonly AnyComponent[];
  const isLayout = (((body.flags ?? 0) | (existing?.flags ?? 0)) & MessageFlags.IsComponentsV2) !== 0;
  const fileNames = toFileNames(draft);
  return [
    ...findTextProblems(body, at),
    ...findMentionProblems(body, components, at),
    ...findFlagProblems(draft),
    ...findFileProblems(body, files, at),
    ...findEmbedProblems(body.embeds ?? [], [...at, 'embeds']),
    ...findLostReferences(body.embeds ?? [], fileNames, [...at, 'embeds']),
    ...findComponentProblems(components, [...at, 'components']),
    ...(isLayout
      ? [
          ...findLayoutProblems(components, fileNames, [...at, 'components']),
          ...findLegacyFields(body, existing, at),
        ]
      : findRowProblems(components, [...at, 'components'])),
  ];
}

function findTextProblems({ content }: CheckedBody, at: Path): Problem[] {
  const length = content?.length ?? 0;
  return length > MOST_CONTENT ? [tooLong([...at, 'content'], length, MOST_CONTENT)] : [];
}

/** Without `allowed_mentions` a prompt with @everyone would ping; an edit doesn't remember what the message had. */
function findMentionProblems(body: CheckedBody, components: readonly AnyComponent[], at: Path): Problem[] {
  const path = [...at, 'allowed_mentions'];
  const { allowed_mentions: mentions } = body;
  const hasText = Boolean(body.content) || flatten(components).some(isText);
  const problems: Problem[] = [];
  if (hasText && (!mentions?.parse || mentions.parse.length > 0)) {
    problems.push(unwise(path, 'text must be sent with `parse: []`, or it may ping people'));
  }
  for (const kind of ['users', 'roles'] as const) {
    if (!mentions?.parse?.some((parsed) => parsed === kind) || !mentions[kind]?.length) continue;
    const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
    problems.push(refusedBecause(path, 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', message));
  }
  return problems;
}

const CREATE_FLAGS =
  MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2;

function findFlagProblems({ body, existing, isByInteraction, at }: Draft): Problem[] {
  const flags = body.flags ?? 0;
  const path = [...at, 'flags'];
  if (existing) {
    const isSwitched = (flags & MessageFlags.Ephemeral) !== 0 && !existing.visibleTo;
    return isSwitched ? [unwise(path, 'an edit cannot make a message ephemeral')] : [];
  }
  const settable = CREATE_FLAGS | (isByInteraction ? MessageFlags.Ephemeral : 0);
  return flags & ~settable ? [unwise(path, `bits ${flags & ~settable} cannot be set here`)] : [];
}

function findFileProblems(
  { attachments }: CheckedBody,
  files: ReadonlyMap<number, MeasuredUpload>,
  at: Path,
): Problem[] {
  const problems: Problem[] = [];
  if (files.size > MOST_FILES) problems.push(tooLong([...at, 'attachments'], files.size, MOST_FILES));
  if (!attachments) return problems;
  const listed = attachments.map(({ id }) => String(id));
  for (const index of files.keys()) {
    if (listed.includes(String(index))) continue;
    problems.push(unwise([...at, 'attachments'], `files[${index}] is not listed and would be lost`));
  }
  if (new Set(listed).size < listed.length) {
    problems.push(unwise([...at, 'attachments'], 'a file is listed twice'));
  }
  return problems;
}

/** The files that the message will have. */
function toFileNames({ body, files, existing }: Draft): string[] {
  const listed = body.attachments?.map(({ id }) => String(id));
  const kept = (existing?.attachments ?? []).filter(({ id }) => !listed || listed.includes(id));
  return [...kept, ...files.values()].map(({ name }) => name);
}

function findLostReferences(embeds: readonly APIEmbed[], fileNames: readonly string[], at: Path): Problem[] {
  return embeds.flatMap((embed, index) =>
    [embed.image?.url, embed.thumbnail?.url, embed.author?.icon_url, embed.footer?.icon_url].flatMap(
      (url) => {
        const name = url === undefined ? undefined : toFileName(url);
        if (name === undefined || fileNames.includes(name)) return [];
        return [unwise([...at, index], `refers to ${url}, but the message has no such file`)];
      },
    ),
  );
}

/** Components V2 excludes text, embeds, polls and stickers; a message that had some must be cleared of them. */
function findLegacyFields(body: CheckedBody, existing: Message | undefined, at: Path): Problem[] {
  const isSwitching = existing !== undefined && (existing.flags & MessageFlags.IsComponentsV2) === 0;
  const keepsContent = isSwitching && body.content === undefined && existing.content !== '';
  const keepsEmbeds = isSwitching && body.embeds === undefined && existing.embeds.length > 0;
  const legacy = {
    content: Boolean(body.content) || keepsContent,
    embeds: Boolean(body.embeds?.length) || keepsEmbeds,
    poll: Boolean(body.poll),
    sticker_ids: Boolean(body.sticker_ids?.length),
  };
  return Object.entries(legacy).flatMap(([field, isThere]) => {
    if (!isThere) return [];
    const code = 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2';
    return [
      refusedBecause([...at, field], code, `${field} cannot be used with MessageFlags.IS_COMPONENTS_V2`),
    ];
  });
}
