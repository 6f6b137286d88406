import { EmbedType, MessageFlags, MessageReferenceType } from 'discord-api-types/v10';
import type { Attachments, MeasuredUpload } from './attachments.ts';
import { resolveReferences, selectAttachments } from './message-files.ts';
import type { Interaction, Message, MessageBody } from './records.ts';
import { refuse } from './refusal.ts';
import type { NextId } from './snowflakes.ts';
import type { Traffic } from './traffic.ts';
import type { Channel, Person } from './world.ts';

export interface NewMessage {
  channel: Channel;
  body: MessageBody;
  files?: ReadonlyMap<number, MeasuredUpload>;
  person?: Person;
  interaction?: Interaction;
  isFollowUp?: boolean;
  visibleTo?: Person;
}

export interface Messages {
  create(input: NewMessage): Message;
  edit(message: Message, body: MessageBody, files?: ReadonlyMap<number, MeasuredUpload>): Message;
  remove(message: Message): void;
  find(id: string): Message | undefined;
  /** Oldest first; without a viewer, only those that everybody sees. */
  list(channelId: string, viewer?: Person): Message[];
}

/** Flags that a request may set on a new message (Discord docs, resources/message, "Message Flags"). */
const SETTABLE_FLAGS =
  MessageFlags.SuppressEmbeds |
  MessageFlags.Ephemeral |
  MessageFlags.Loading |
  MessageFlags.SuppressNotifications |
  MessageFlags.IsComponentsV2;

export function createMessages(options: {
  /** How many messages are kept before the oldest go, with their files. */
  remember: number;
  attachments: Attachments;
  traffic: Traffic;
  nextId: NextId;
  now: () => number;
}): Messages {
  const { remember, attachments, traffic, nextId, now } = options;
  const byId = new Map<string, Message>();
  const byChannel = new Map<string, Message[]>();

  function write(message: Message, body: MessageBody, files: ReadonlyMap<number, MeasuredUpload>): void {
    const selected = selectAttachments(message.attachments, body.attachments, files);
    const content = body.content === undefined ? message.content : (body.content ?? '');
    const embeds = body.embeds === undefined ? message.embeds : (body.embeds ?? []);
    const components = body.components === undefined ? message.components : (body.components ?? []);
    const flags = (body.flags ?? 0) | message.flags;
    const isLayout = (flags & MessageFlags.IsComponentsV2) !== 0 && components.length > 0;
    const isThinking = ((body.flags ?? 0) & MessageFlags.Loading) !== 0;
    const isEmpty =
      content.trim() === '' &&
      embeds.length === 0 &&
      selected.length === 0 &&
      message.forwarded === undefined;
    if (isEmpty && !isLayout && !isThinking) throw refuse.emptyMessage();
    const stored = selected.map((entry) => {
      const place = { channelId: message.channel.id };
      const attachment = 'file' in entry ? attachments.store(entry.file, place) : entry.kept;
      if (entry.description !== undefined) attachment.description = entry.description;
      if (entry.isSpoiler !== undefined) attachment.spoiler = entry.isSpoiler;
      return attachment;
    });
    for (const old of message.attachments) if (!stored.includes(old)) attachments.remove(old);
    message.content = content;
    message.embeds = resolveReferences(embeds, stored).map((embed) => ({ ...embed, type: EmbedType.Rich }));
    message.components = numberComponents(resolveReferences(components, stored));
    message.attachments = stored;
  }

  function forget(message: Message): void {
    byId.delete(message.id);
    const inChannel = byChannel.get(message.channel.id);
    inChannel?.splice(inChannel.indexOf(message), 1);
    for (const attachment of message.attachments) attachments.remove(attachment);
  }

  function forgetOldest(): void {
    if (byId.size <= remember * 1.25) return;
    for (const message of [...byId.values()].slice(0, byId.size - remember)) forget(message);
  }

  return {
    create({ channel, body, files = new Map(), person, interaction, isFollowUp = false, visibleTo }) {
      const reference = body.message_reference?.message_id;
      const referred = reference === undefined ? undefined : byId.get(reference);
      const isForward = body.message_reference?.type === MessageReferenceType.Forward;
      const replyTo = isForward ? undefined : referred;
      const message: Message = {
        id: nextId(),
        channel,
        createdAt: now(),
        isFollowUp,
        ...(person && { person }),
        ...(interaction && { interaction }),
        ...(visibleTo && { visibleTo }),
        ...(replyTo && { replyTo }),
        ...(isForward && referred && { forwarded: toForwarded(referred) }),
        ...(body.nonce !== undefined && body.nonce !== null && { nonce: body.nonce }),
        content: '',
        embeds: [],
        components: [],
        attachments: [],
        flags: 0,
        edits: 0,
        deleted: false,
      };
      write(message, body, files);
      const ephemeral = visibleTo ? MessageFlags.Ephemeral : 0;
      message.flags = ((body.flags ?? 0) & SETTABLE_FLAGS & ~MessageFlags.Ephemeral) | ephemeral;
      byId.set(message.id, message);
      const inChannel = byChannel.get(channel.id);
      channel.archived = false; // a new message opens an archived thread (Discord docs, topics/threads)
      if (inChannel) inChannel.push(message);
      else byChannel.set(channel.id, [message]);
      forgetOldest();
      traffic.emit({ type: 'message-created', at: now(), message });
      return message;
    },
    edit(message, body, files = new Map()) {
      write(message, body, files);
      // The first edit ends "thinking"; Components V2 can't be turned off again (resources/message, "Message Flags").
      const kept = message.flags & ~(MessageFlags.Loading | MessageFlags.SuppressEmbeds);
      const suppresses = (body.flags ?? message.flags) & MessageFlags.SuppressEmbeds;
      message.flags = kept | suppresses | ((body.flags ?? 0) & MessageFlags.IsComponentsV2);
      message.editedAt = now();
      message.edits += 1;
      traffic.emit({ type: 'message-edited', at: now(), message });
      return message;
    },
    remove(message) {
      message.deleted = true;
      forget(message);
      traffic.emit({ type: 'message-deleted', at: now(), message });
    },
    find: (id) => byId.get(id),
    list: (channelId, viewer) =>
      (byChannel.get(channelId) ?? []).filter(
        (message) => !message.visibleTo || message.visibleTo === viewer,
      ),
  };
}

/** A snapshot: it stays as it is, even if the message is edited. */
function toForwarded(message: Message): NonNullable<Message['forwarded']> {
  const { content, embeds, attachments } = message;
  return {
    message,
    content,
    embeds: structuredClone(embeds),
    attachments: attachments.map((attachment) => ({ ...attachment })),
  };
}

/** Every component gets a number if the request gave none (Discord docs, components/reference, "Anatomy"). */
function numberComponents<T extends object>(components: T[]): T[] {
  let next = 1;
  const number = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(number);
    if (typeof value !== 'object' || value === null) return value;
    const isComponent = 'type' in value && typeof value.type === 'number';
    const numbered = isComponent && !('id' in value) ? { id: next++ } : {};
    const entries = Object.entries(value).map(([key, child]) => [
      key,
      ['components', 'component', 'accessory'].includes(key) ? number(child) : child,
    ]);
    return { ...Object.fromEntries(entries), ...numbered };
  };
  return components.map((component) => number(component) as T);
}
