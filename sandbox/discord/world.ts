import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import type { NextId } from './snowflakes.ts';

/** A human with an account. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** The client's language, e.g. `zh-CN`; the bot reads it as `interaction.locale`. */
  locale: string;
  /** Whether the bot is installed to this account (user install). */
  hasApp: boolean;
  /** Whether they take direct messages from the bot: people can close them, per server. */
  takesDirectMessages: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
}

export interface Member {
  readonly person: Person;
  roleIds: string[];
  readonly joinedAt: string;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  locale: string;
  ownerId: string;
  /** Whether the bot was added to this server (guild install). */
  hasApp: boolean;
  /** The first is @everyone, whose id is the guild's. */
  readonly roles: Role[];
  /** By person id. */
  readonly members: Map<string, Member>;
}

export interface Channel {
  readonly id: string;
  readonly type: ChannelType;
  readonly name: string;
  /** Absent in direct messages. */
  readonly guild?: Guild;
  /** The category, or the channel that a thread belongs to. */
  readonly parent?: Channel;
  ageRestricted: boolean;
  /** The people in a direct message, in addition to the bot if `withBot`. */
  readonly recipients: readonly Person[];
  /** A direct message with the bot (context 1); otherwise one between people (context 2). */
  readonly withBot: boolean;
  /** What the bot may do here; without ViewChannel the channel routes answer 50001. */
  botPermissions: bigint;
  archived: boolean;
  locked: boolean;
}

export interface World {
  readonly application: { readonly id: string; readonly name: string };
  /** The seeded server; more come with `addGuild`. */
  readonly guild: Guild;
  readonly channels: Record<'general' | 'ageRestricted' | 'thread' | 'direct', Channel>;
  readonly people: Record<'administrator' | 'member' | 'otherMember' | 'blocked', Person>;
  addGuild(input: { name: string; owner: Person; hasApp?: boolean; locale?: string }): Guild;
  addRole(guild: Guild, input: { name: string; permissions?: bigint }): Role;
  addPerson(input: { name: string; locale?: string; hasApp?: boolean; guilds?: readonly Guild[] }): Person;
  join(person: Person, guild: Guild, roles?: readonly Role[]): Member;
  addChannel(input: NewChannel): Channel;
  /** Afterwards its routes answer 10003. */
  removeChannel(channel: Channel): void;
  findChannel(id: string): Channel | undefined;
  findGuild(id: string): Guild | undefined;
  findPerson(id: string): Person | undefined;
  everyGuild(): Guild[];
  everyChannel(): Channel[];
  everyPerson(): Person[];
}

export interface NewChannel {
  name: string;
  type?: ChannelType;
  guild?: Guild;
  parent?: Channel;
  ageRestricted?: boolean;
  recipients?: readonly Person[];
  withBot?: boolean;
  botPermissions?: bigint;
}

const EVERY_PERMISSION = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);

/** The permissions of @everyone on a new server, as far as they matter for a bot's commands. */
const EVERYONE =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.UseApplicationCommands |
  PermissionFlagsBits.UseExternalApps |
  PermissionFlagsBits.UseExternalEmojis |
  PermissionFlagsBits.AddReactions |
  PermissionFlagsBits.CreatePublicThreads;

export function createWorld(nextId: NextId, application: World['application'], now: () => number): World {
  const guilds = new Map<string, Guild>();
  const channels = new Map<string, Channel>();
  const people = new Map<string, Person>();

  function addPerson({
    name,
    locale = 'en-US',
    hasApp = false,
    guilds = [],
  }: Parameters<World['addPerson']>[0]) {
    const person: Person = { id: nextId(), name, locale, hasApp, takesDirectMessages: true };
    people.set(person.id, person);
    for (const guild of guilds) join(person, guild);
    return person;
  }

  function addGuild({ name, owner, hasApp = true, locale = 'en-US' }: Parameters<World['addGuild']>[0]) {
    const id = nextId();
    const everyone: Role = { id, name: '@everyone', permissions: EVERYONE };
    const guild: Guild = {
      id,
      name,
      locale,
      ownerId: owner.id,
      hasApp,
      roles: [everyone],
      members: new Map(),
    };
    guilds.set(id, guild);
    join(owner, guild);
    return guild;
  }

  function addRole(guild: Guild, { name, permissions = 0n }: { name: string; permissions?: bigint }): Role {
    const role: Role = { id: nextId(), name, permissions };
    guild.roles.push(role);
    return role;
  }

  function join(person: Person, guild: Guild, roles: readonly Role[] = []): Member {
    const joinedAt = new Date(now()).toISOString();
    const member: Member = { person, roleIds: roles.map((role) => role.id), joinedAt };
    guild.members.set(person.id, member);
    return member;
  }

  function addChannel(input: NewChannel): Channel {
    const guild = input.guild ?? input.parent?.guild;
    const channel: Channel = {
      id: nextId(),
      type: input.type ?? (guild ? ChannelType.GuildText : ChannelType.DM),
      name: input.name,
      ...(guild && { guild }),
      ...(input.parent && { parent: input.parent }),
      ageRestricted: input.ageRestricted ?? false,
      recipients: input.recipients ?? [],
      withBot: input.withBot ?? guild === undefined,
      botPermissions: input.botPermissions ?? EVERYONE,
      archived: false,
      locked: false,
    };
    channels.set(channel.id, channel);
    return channel;
  }

  const administrator = addPerson({ name: 'ada' });
  const guild = addGuild({ name: 'The Sandbox', owner: administrator });
  const staff = addRole(guild, { name: 'Staff', permissions: PermissionFlagsBits.Administrator });
  join(administrator, guild, [staff]);
  const member = addPerson({ name: 'max', guilds: [guild] });
  const otherMember = addPerson({ name: 'mei', locale: 'zh-CN', guilds: [guild] });
  const blocked = addPerson({ name: 'bob', guilds: [guild] });
  const general = addChannel({ name: 'general', guild });

  return {
    application,
    guild,
    people: { administrator, member, otherMember, blocked },
    channels: {
      general,
      ageRestricted: addChannel({ name: 'after-dark', guild, ageRestricted: true }),
      thread: addChannel({ name: 'pictures', type: ChannelType.PublicThread, parent: general }),
      direct: addChannel({ name: 'direct message', recipients: [member] }),
    },
    addGuild,
    addRole,
    addPerson,
    join,
    addChannel,
    removeChannel: (channel) => void channels.delete(channel.id),
    findChannel: (id) => channels.get(id),
    findGuild: (id) => guilds.get(id),
    findPerson: (id) => people.get(id),
    everyGuild: () => [...guilds.values()],
    everyChannel: () => [...channels.values()],
    everyPerson: () => [...people.values()],
  };
}

/** The person's permissions in a server. An administrator has all of them (Discord docs, permissions). */
export function toPermissions(person: Person, guild: Guild): bigint {
  const member = guild.members.get(person.id);
  if (!member) return 0n;
  const roles = guild.roles.filter((role) => role.id === guild.id || member.roleIds.includes(role.id));
  const permissions = roles.reduce((all, role) => all | role.permissions, 0n);
  const isAll = guild.ownerId === person.id || (permissions & PermissionFlagsBits.Administrator) !== 0n;
  return isAll ? EVERY_PERMISSION : permissions;
}

/** The permissions of the bot's roles in a server: here, its only role is @everyone. */
export function toBotPermissions(guild: Guild): bigint {
  return guild.roles[0]?.permissions ?? 0n;
}

export function canSee(person: Person, channel: Channel): boolean {
  return channel.guild ? channel.guild.members.has(person.id) : channel.recipients.includes(person);
}
