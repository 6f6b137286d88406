import { ChannelType } from 'discord-api-types/v10';
import { toTimestamp } from './snowflakes.ts';
import type { Channel, Guild, Member, Person, Role, World } from './world.ts';
import { toPermissions } from './world.ts';

/** The world's objects as Discord writes them. Field lists follow Discord docs, resources/{user,guild,channel}. */

export function toApiUser(person: Person): object {
  return {
    id: person.id,
    username: person.name,
    global_name: person.name,
    discriminator: '0',
    avatar: null,
    avatar_decoration_data: null,
    collectibles: null,
    clan: null,
    primary_guild: null,
    public_flags: 0,
  };
}

/** The bot's user has its application's id, as for every application created since 2016. */
export function toApiBot(world: World): object {
  const { id, name } = world.application;
  return {
    id,
    username: name,
    global_name: null,
    discriminator: '0000',
    avatar: null,
    bot: true,
    verified: true,
    mfa_enabled: true,
    email: null,
    flags: 0,
    public_flags: 0,
  };
}

/** Without `user`, as inside `resolved`, where it would be repeated. */
export function toApiMember(member: Member, guild: Guild): object {
  return {
    nick: null,
    avatar: null,
    banner: null,
    roles: member.roleIds,
    joined_at: member.joinedAt,
    premium_since: null,
    communication_disabled_until: null,
    unusual_dm_activity_until: null,
    pending: false,
    deaf: false,
    mute: false,
    flags: 0,
    permissions: String(toPermissions(member.person, guild)),
  };
}

export function toApiRole(role: Role, position: number): object {
  return {
    id: role.id,
    name: role.name,
    permissions: String(role.permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  };
}

export function isThread(channel: Channel): boolean {
  return (
    channel.type === ChannelType.PublicThread ||
    channel.type === ChannelType.PrivateThread ||
    channel.type === ChannelType.AnnouncementThread
  );
}

export function toApiChannel(channel: Channel): object {
  const common = { id: channel.id, type: channel.type, last_message_id: null, flags: 0 };
  if (!channel.guild) {
    return { ...common, recipients: channel.recipients.map(toApiUser) };
  }
  const placed = {
    ...common,
    guild_id: channel.guild.id,
    name: channel.name,
    parent_id: channel.parent?.id ?? null,
    rate_limit_per_user: 0,
  };
  if (isThread(channel)) {
    const archiveTimestamp = new Date(toTimestamp(channel.id)).toISOString();
    return {
      ...placed,
      owner_id: channel.guild.ownerId,
      message_count: 0,
      member_count: 1,
      total_message_sent: 0,
      thread_metadata: {
        archived: channel.archived,
        locked: channel.locked,
        auto_archive_duration: 1440,
        archive_timestamp: archiveTimestamp,
        create_timestamp: archiveTimestamp,
      },
    };
  }
  return { ...placed, position: 0, topic: null, nsfw: channel.ageRestricted, permission_overwrites: [] };
}

export function toApiGuild(guild: Guild, world: World): object {
  const channels = world.everyChannel().filter((channel) => channel.guild === guild);
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    owner_id: guild.ownerId,
    preferred_locale: guild.locale,
    unavailable: false,
    large: false,
    joined_at: new Date(toTimestamp(guild.id)).toISOString(),
    member_count: guild.members.size + 1,
    features: [],
    emojis: [],
    stickers: [],
    members: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    roles: guild.roles.map(toApiRole),
    channels: channels.filter((channel) => !isThread(channel)).map(toApiChannel),
    threads: channels.filter(isThread).map(toApiChannel),
    premium_tier: 0,
    nsfw_level: 0,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    system_channel_flags: 0,
    afk_timeout: 300,
  };
}
