import { InteractionContextType } from 'discord-api-types/v10';
import { toApiMessage, toOwners } from './message-payload.ts';
import type { Interaction } from './records.ts';
import type { InteractionPayload } from './settings.ts';
import type { Channel, World } from './world.ts';
import { toPermissions } from './world.ts';
import { toApiChannel, toApiMember, toApiUser } from './world-payload.ts';

/** The `d` of INTERACTION_CREATE (Discord docs, receiving-and-responding, "Interaction Structure"). */
export function toInteractionPayload(
  interaction: Interaction,
  data: object,
  world: World,
): InteractionPayload {
  const { channel, person, source } = interaction;
  const { guild } = channel;
  const member = guild?.members.get(person.id);
  const permissions = guild ? { permissions: String(toPermissions(person, guild)) } : {};
  return {
    id: interaction.id,
    application_id: world.application.id,
    type: interaction.type,
    token: interaction.token,
    version: 1,
    data,
    ...(guild && { guild_id: guild.id, guild: { id: guild.id, locale: guild.locale, features: [] } }),
    ...(guild && { guild_locale: guild.locale }),
    channel_id: channel.id,
    channel: { ...toApiChannel(channel), ...permissions },
    ...(guild && member
      ? { member: { ...toApiMember(member, guild), user: toApiUser(person) } }
      : { user: toApiUser(person) }),
    ...(source && { message: toApiMessage(source, world) }),
    app_permissions: String(channel.botPermissions),
    locale: person.locale,
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: toOwners(interaction),
    context: toContext(channel),
    attachment_size_limit: interaction.attachmentSizeLimit,
  };
}

export function toContext(channel: Channel): InteractionContextType {
  if (channel.guild) return InteractionContextType.Guild;
  return channel.withBot ? InteractionContextType.BotDM : InteractionContextType.PrivateChannel;
}
