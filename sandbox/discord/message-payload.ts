import { InteractionType, MessageReferenceType, MessageType } from 'discord-api-types/v10';
import { toApiAttachment } from './attachments.ts';
import type { Interaction, Message } from './records.ts';
import type { World } from './world.ts';
import { toApiBot, toApiUser } from './world-payload.ts';

/** A message as Discord writes it (Discord docs, resources/message, "Message Structure"). */
export function toApiMessage(message: Message, world: World): object {
  const { interaction, person, replyTo, forwarded } = message;
  const embedded = JSON.stringify(message.embeds);
  return {
    id: message.id,
    channel_id: message.channel.id,
    type: toType(message),
    author: person ? toApiUser(person) : toApiBot(world),
    content: message.content,
    embeds: message.embeds,
    // A file that an embed shows is not listed a second time.
    attachments: message.attachments
      .filter((attachment) => !embedded.includes(attachment.url))
      .map(toApiAttachment),
    components: message.components,
    flags: message.flags,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === undefined ? null : new Date(message.editedAt).toISOString(),
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    ...(message.nonce !== undefined && { nonce: message.nonce }),
    ...(forwarded && {
      message_reference: {
        type: MessageReferenceType.Forward,
        channel_id: forwarded.message.channel.id,
        message_id: forwarded.message.id,
      },
      message_snapshots: [
        {
          message: {
            content: forwarded.content,
            embeds: forwarded.embeds,
            attachments: forwarded.attachments.map(toApiAttachment),
          },
        },
      ],
    }),
    ...(replyTo && {
      message_reference: { type: 0, channel_id: replyTo.channel.id, message_id: replyTo.id },
      referenced_message: { ...toApiMessage(replyTo, world), referenced_message: undefined },
    }),
    ...(interaction && {
      application_id: world.application.id,
      webhook_id: world.application.id,
      interaction_metadata: {
        ...toMetadata(interaction),
        ...(message.isFollowUp &&
          interaction.message && { original_response_message_id: interaction.message.id }),
      },
    }),
  };
}

/** Discord docs, resources/message, "Message Interaction Metadata Structure". */
function toMetadata(interaction: Interaction): object {
  const { id, type, person, source, opener } = interaction;
  return {
    id,
    type,
    user: toApiUser(person),
    authorizing_integration_owners: toOwners(interaction),
    ...(type === InteractionType.MessageComponent && source && { interacted_message_id: source.id }),
    ...(opener && { triggering_interaction_metadata: toMetadata(opener) }),
  };
}

function toType({ interaction, isFollowUp, replyTo }: Message): MessageType {
  if (interaction && !isFollowUp && interaction.type === InteractionType.ApplicationCommand) {
    return MessageType.ChatInputCommand;
  }
  return replyTo || interaction ? MessageType.Reply : MessageType.Default;
}

/** Which installation allowed the interaction: "0" the server's, "1" the person's (receiving-and-responding). */
export function toOwners(
  interaction: Pick<NonNullable<Message['interaction']>, 'channel' | 'person' | 'personOnly'>,
) {
  const { channel, person, personOnly } = interaction;
  const guildId = channel.guild?.id ?? '0';
  return {
    ...(!personOnly && { '0': guildId }),
    ...((personOnly || person.hasApp) && { '1': person.id }),
  };
}
