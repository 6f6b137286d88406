import { MessageReferenceType, PermissionFlagsBits } from 'discord-api-types/v10';
import { toApiMessage } from '../message-payload.ts';
import type { Message, MessageBody } from '../records.ts';
import { refuse } from '../refusal.ts';
import type { State } from '../state.ts';
import type { Channel } from '../world.ts';
import { isThread, toApiChannel } from '../world-payload.ts';
import { holdFilesTo } from './files.ts';
import type { Call, Route } from './route.ts';
import { NOTHING, ok } from './route.ts';

/** How long a nonce is remembered: "the last few minutes" (Discord docs, resources/message, "Create Message"). */
const NONCE_LIFE_MS = 5 * 60_000;

/** Routes for the bot's own token, in channels that the bot can see (Discord docs, resources/{channel,message}). */
export function createChannelRoutes(state: State): Route[] {
  const { world, messages, forms, settings } = state;

  function findChannel(call: Call): Channel {
    const channel = world.findChannel(call.params['channel'] ?? '');
    if (!channel) throw refuse.unknownChannel();
    const isMember = channel.guild ? channel.guild.hasApp : channel.withBot;
    const canView = (channel.botPermissions & PermissionFlagsBits.ViewChannel) !== 0n;
    if (!isMember || !canView) throw refuse.missingAccess();
    return channel;
  }

  /** Ephemeral messages don't exist for these routes. */
  function findMessage(call: Call): Message {
    const channel = findChannel(call);
    const message = messages.find(call.params['message'] ?? '');
    if (!message || message.channel !== channel || message.visibleTo) throw refuse.unknownMessage();
    return message;
  }

  function findRepeated(channel: Channel, body: MessageBody): Message | undefined {
    if (!body.enforce_nonce || body.nonce === undefined || body.nonce === null) return undefined;
    const since = settings.now() - NONCE_LIFE_MS;
    return messages
      .list(channel.id)
      .find((message) => !message.person && message.nonce === body.nonce && message.createdAt >= since);
  }

  function create(call: Call): Message {
    const channel = findChannel(call);
    const body = forms.read<MessageBody>('channelCreate', call, {});
    requirePermissions(channel, isThread(channel) ? 'SendMessagesInThreads' : 'SendMessages');
    refuseLocked(channel);
    refuseClosed(channel);
    if (call.files.size > 0) requirePermissions(channel, 'AttachFiles');
    holdFilesTo(settings.channelAttachmentSizeLimit, call.files);
    const repeated = findRepeated(channel, body);
    if (repeated) return repeated;
    refuseForward(channel, body);
    return messages.create({ channel, body, files: call.files });
  }

  /** Only what the bot can read is forwarded, and nothing for adults to everybody. */
  function refuseForward(channel: Channel, { message_reference: reference }: MessageBody): void {
    if (reference?.type !== MessageReferenceType.Forward) return;
    const source = messages.find(reference.message_id ?? '');
    if (!source || source.visibleTo || source.channel.id !== reference.channel_id)
      throw refuse.unknownMessage();
    const mayRead = (source.channel.botPermissions & PermissionFlagsBits.ReadMessageHistory) !== 0n;
    if (!mayRead) throw refuse.noHistoryOfReference();
    if (source.channel.ageRestricted && !channel.ageRestricted) throw refuse.ageRestrictedReference();
  }

  return [
    { method: 'GET', path: '/channels/:channel', handle: (call) => ok(toApiChannel(findChannel(call))) },
    {
      method: 'GET',
      path: '/channels/:channel/messages',
      handle(call) {
        const channel = findChannel(call);
        requirePermissions(channel, 'ReadMessageHistory');
        const limit = Number(call.query.get('limit') ?? 50);
        const newestFirst = messages.list(channel.id).toReversed().slice(0, limit);
        return ok(newestFirst.map((message) => toApiMessage(message, world)));
      },
    },
    {
      method: 'GET',
      path: '/channels/:channel/messages/:message',
      handle: (call) => ok(toApiMessage(findMessage(call), world)),
    },
    {
      method: 'POST',
      path: '/channels/:channel/messages',
      handle: (call) => ok(toApiMessage(create(call), world)),
    },
    {
      method: 'PATCH',
      path: '/channels/:channel/messages/:message',
      handle(call) {
        const existing = findMessage(call);
        if (existing.person) throw refuse.notTheAuthor();
        if (existing.channel.archived) throw refuse.archivedThread();
        refuseLocked(existing.channel);
        const body = forms.read<MessageBody>('channelEdit', call, { existing });
        holdFilesTo(settings.channelAttachmentSizeLimit, call.files);
        return ok(toApiMessage(messages.edit(existing, body, call.files), world));
      },
    },
    {
      method: 'DELETE',
      path: '/channels/:channel/messages/:message',
      handle(call) {
        const message = findMessage(call);
        if (message.person) requirePermissions(message.channel, 'ManageMessages');
        messages.remove(message);
        return NOTHING;
      },
    },
    {
      method: 'POST',
      path: '/channels/:channel/typing',
      handle(call) {
        requirePermissions(findChannel(call), 'SendMessages');
        return NOTHING;
      },
    },
  ];
}

/** Only people who manage threads can write or edit in a locked one (Discord docs, topics/threads). */
function refuseLocked(channel: Channel): void {
  const mayManage = (channel.botPermissions & PermissionFlagsBits.ManageThreads) !== 0n;
  if (channel.locked && !mayManage) throw refuse.lockedThread();
}

/** Opening the channel always works; only a message finds out (Discord docs, opcodes-and-status-codes, 50007). */
function refuseClosed({ guild, recipients }: Channel): void {
  if (!guild && recipients.some(({ takesDirectMessages }) => !takesDirectMessages))
    throw refuse.closedToDirectMessages();
}

function requirePermissions(channel: Channel, permission: keyof typeof PermissionFlagsBits): void {
  if (!(channel.botPermissions & PermissionFlagsBits[permission])) throw refuse.missingPermissions();
}
