import {
  ApplicationIntegrationType,
  ChannelType,
  MessageFlags,
  PermissionFlagsBits,
  type User,
} from 'discord.js';
import type { Named } from '../points/administration.ts';
import { type Asker, directBook } from '../points/policy.ts';
import type { ChannelAccess } from '../service/shares.ts';
import { type Origin, type Place, toPrivatePlace } from '../task.ts';

/** Who asks, and where. Only this file reads person, place, permissions and limits from an interaction. */
export interface Caller {
  readonly userId: string;
  readonly guildId: string | undefined;
  /** Whether they may remove other people's messages here. */
  readonly canManageMessages: boolean;
  /** Whether they used a component of a message that only they see. */
  readonly isOnPrivateMessage: boolean;
  /** Where the answer is, or for a component, the message that it's on, whatever the person prefers. */
  readonly place: Place;
  /** What may be done in the channel itself, next to answering the person. */
  readonly channel: ChannelAccess;
  readonly locale: string;
  /** What they're called here. */
  readonly displayName: string;
  /** Who they are to the rules. */
  readonly asker: Asker;
  /** What a task started by this interaction remembers. */
  readonly origin: Origin;
  /** Channels and roles that they chose from Discord's lists. */
  readonly chosen: Chosen;
  /** Somebody they chose in an option. */
  named(user: Pick<User, 'id' | 'bot'>): Named;
}

/** Returns the same caller, for something that only they are to see. */
export function inPrivate(caller: Caller): Caller {
  const { origin } = caller;
  return { ...caller, origin: { ...origin, place: toPrivatePlace(origin.place) } };
}

/** What Discord says about channels and roles that somebody chose; nothing about an id that a script made up. */
export interface Chosen {
  channel(id: string): ChosenChannel | undefined;
  hasRole(id: string): boolean;
}

export interface ChosenChannel {
  readonly id: string;
  readonly isAgeRestricted: boolean;
  /** Whether the bot sees it and may write there; `undefined` if Discord doesn't say. */
  readonly canBotWrite: boolean | undefined;
}

type Maybe<Value> = Value | null | undefined;

interface RawUser {
  readonly id?: Maybe<string>;
  readonly username?: Maybe<string>;
  readonly global_name?: Maybe<string>;
}

interface RawMember {
  readonly user?: Maybe<RawUser>;
  readonly nick?: Maybe<string>;
  readonly roles?: Maybe<readonly string[]>;
  /** A bit set as a decimal number. */
  readonly permissions?: Maybe<string>;
}

interface RawChannel {
  readonly nsfw?: Maybe<boolean>;
  /** What the bot may do there; in interactions since 2026-07-16 (Discord docs, change log). */
  readonly app_permissions?: Maybe<string>;
}

/**
 * An interaction as Discord sent it (Discord docs, receiving-and-responding, "Interaction Structure"). Even promised fields
 * may be missing: the examples in the documents lack `entitlements` and `authorizing_integration_owners`. discord.js would
 * throw at some of that, and without intents the only role it knows is @everyone.
 */
export interface RawInteraction {
  readonly id: string;
  readonly token: string;
  readonly application_id: string;
  readonly type?: Maybe<number>;
  readonly guild_id?: Maybe<string>;
  readonly guild?: Maybe<{ readonly id?: Maybe<string> }>;
  readonly channel_id?: Maybe<string>;
  readonly channel?: Maybe<{
    readonly id?: Maybe<string>;
    readonly type?: Maybe<number>;
    readonly parent_id?: Maybe<string>;
    readonly nsfw?: Maybe<boolean>;
  }>;
  readonly member?: Maybe<RawMember>;
  /** In direct messages; in servers it's in `member`. */
  readonly user?: RawMember['user'];
  readonly message?: Maybe<{
    readonly id?: Maybe<string>;
    readonly channel_id?: Maybe<string>;
    readonly flags?: Maybe<number>;
  }>;
  readonly locale?: Maybe<string>;
  readonly app_permissions?: Maybe<string>;
  readonly authorizing_integration_owners?: Maybe<Readonly<Record<string, Maybe<string>>>>;
  readonly attachment_size_limit?: Maybe<number>;
  readonly data?: Maybe<{
    /** The message or person whose menu a command is from. */
    readonly target_id?: Maybe<string>;
    readonly resolved?: Maybe<{
      readonly members?: Maybe<Readonly<Record<string, Maybe<RawMember>>>>;
      readonly channels?: Maybe<Readonly<Record<string, Maybe<RawChannel>>>>;
      readonly roles?: Maybe<Readonly<Record<string, unknown>>>;
      /** Read in `target-message.ts`. */
      readonly messages?: Maybe<Readonly<Record<string, unknown>>>;
    }>;
  }>;
}

/** Discord's limit for interactions that don't have one (reference: uploading files). */
const defaultUploadLimitBytes = 10 * 1024 * 1024;

/** The token works for 15 minutes; the last one is kept for clocks that differ and edits under way. */
const tokenLifeMs = 14 * 60_000;

/** Reads the caller from an interaction as Discord sent it. Throws if it doesn't say who. */
export function toCaller(raw: RawInteraction, now: number): Caller {
  const user = raw.user ?? raw.member?.user;
  const userId = user?.id;
  if (typeof userId !== 'string') throw new Error('an interaction names nobody');
  const guildId = guildIdOf(raw);
  const locale = localeOf(raw);
  const asker = toAsker(raw, userId);
  const uploadLimitBytes = raw.attachment_size_limit ?? 0;
  const channelId = channelIdOf(raw);
  const channel = toChannelAccess(raw);
  const isAmongPrivate = isPrivate(raw.message) || isPrivate(targetOf(raw));
  const open = {
    applicationId: raw.application_id,
    ...(guildId === undefined ? {} : { guildId }),
    channelId: channelId ?? '',
    token: raw.token,
    tokenExpiresAt: now + tokenLifeMs,
    uploadLimitBytes: uploadLimitBytes > 0 ? uploadLimitBytes : defaultUploadLimitBytes,
    locale,
    isOpenToBot: channel.isOpenToBot,
    ...(typeof raw.message?.id === 'string' ? { repliesTo: raw.message.id } : {}),
  };
  // What is begun on a message that only its person sees is for them alone, too.
  const place = isAmongPrivate ? toPrivatePlace(open) : open;
  return {
    userId,
    guildId,
    canManageMessages: hasPermission(raw.member?.permissions, PermissionFlagsBits.ManageMessages),
    isOnPrivateMessage: isPrivate(raw.message),
    place,
    channel,
    locale,
    displayName: raw.member?.nick ?? user?.global_name ?? user?.username ?? userId,
    asker,
    chosen: toChosen(raw),
    named: ({ id, bot }) => ({
      userId: id,
      isBot: bot,
      roleIds: raw.data?.resolved?.members?.[id]?.roles ?? undefined,
      isAdministrator: hasPermission(
        raw.data?.resolved?.members?.[id]?.permissions,
        PermissionFlagsBits.ManageGuild,
      ),
    }),
    origin: {
      interactionId: raw.id,
      userId,
      book: asker.book,
      place,
    },
  };
}

/** The person's language, as Discord calls it. */
export function localeOf({ locale }: Pick<RawInteraction, 'locale'>): string {
  return locale ?? 'en-US';
}

function guildIdOf({ guild_id: guildId, guild }: RawInteraction): string | undefined {
  return guildId ?? guild?.id ?? undefined;
}

function channelIdOf({ channel_id: channelId, channel, message }: RawInteraction): string | undefined {
  return channelId ?? channel?.id ?? message?.channel_id ?? undefined;
}

/**
 * The server's book if the bot was added to that server. If a person added it for themselves, it's theirs everywhere, so
 * what they do counts as direct messages.
 */
function toAsker(raw: RawInteraction, userId: string): Asker {
  const guildId = guildIdOf(raw);
  const isInServer = guildId !== undefined && isInstalledHere(raw);
  const { roles, permissions } = raw.member ?? {};
  return {
    userId,
    book: isInServer ? guildId : directBook,
    roleIds: roles ?? [],
    isAdministrator: isInServer && hasPermission(permissions, PermissionFlagsBits.ManageGuild),
    where: toWhereabouts(raw),
  };
}

function toChosen({ data }: RawInteraction): Chosen {
  const { channels, roles } = data?.resolved ?? {};
  return {
    channel(id) {
      const channel = Object.hasOwn(channels ?? {}, id) ? channels?.[id] : undefined;
      if (channel === undefined || channel === null) return undefined;
      return { id, isAgeRestricted: channel.nsfw === true, canBotWrite: canWrite(channel) };
    },
    hasRole: (id) => Object.hasOwn(roles ?? {}, id),
  };
}

function canWrite({ app_permissions: permissions }: RawChannel): boolean | undefined {
  if (typeof permissions !== 'string') return undefined;
  const { ViewChannel, SendMessages } = PermissionFlagsBits;
  return hasPermission(permissions, ViewChannel) && hasPermission(permissions, SendMessages);
}

function toWhereabouts(raw: RawInteraction): Asker['where'] {
  const channelId = channelIdOf(raw);
  if (channelId === undefined) return undefined;
  const { parent_id: parentId, nsfw } = raw.channel ?? {};
  return { channelId, parentId: parentId ?? undefined, isAgeRestricted: nsfw === true };
}

/** Before user-installed apps (2024-06), interactions didn't name their owners, and all came from servers. */
function isInstalledHere({ authorizing_integration_owners: owners }: RawInteraction): boolean {
  if (owners === undefined || owners === null) return true;
  const owner = owners[ApplicationIntegrationType.GuildInstall];
  return owner !== undefined && owner !== null;
}

/**
 * The bot itself can edit its answers where it's a member of the server and sees the channel (Discord staff in
 * discord-api-docs#3090; user-installed apps have no channel access at all). Those need the person's permission to be seen by
 * others (Discord docs, topics/permissions, `USE_EXTERNAL_APPS`).
 */
function toChannelAccess(raw: RawInteraction): ChannelAccess {
  const isKnown = channelIdOf(raw) !== undefined;
  if (!isInstalledHere(raw)) {
    const isInServer = guildIdOf(raw) !== undefined;
    const mayShow = hasPermission(raw.member?.permissions, PermissionFlagsBits.UseExternalApps);
    return { isOpenToBot: false, takesMessages: isKnown && (!isInServer || mayShow) };
  }
  const writing = isThread(raw) ? 'SendMessagesInThreads' : 'SendMessages';
  const canView = hasPermission(raw.app_permissions, PermissionFlagsBits.ViewChannel);
  const canWrite = hasPermission(raw.app_permissions, PermissionFlagsBits[writing]);
  return { isOpenToBot: isKnown && canView, takesMessages: isKnown && canView && canWrite };
}

/** In threads, writing is a permission of its own (Discord docs, topics/threads). */
function isThread({ channel }: RawInteraction): boolean {
  return threadTypes.has(channel?.type);
}

const threadTypes: ReadonlySet<unknown> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);

/** The message whose menu a command is from. */
function targetOf({ data }: RawInteraction): RawInteraction['message'] {
  return data?.resolved?.messages?.[data.target_id ?? ''] as RawInteraction['message'];
}

function isPrivate(message: RawInteraction['message']): boolean {
  return ((message?.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
}

/** Administrators have all permissions, no matter what else is set (Discord docs, topics/permissions). */
function hasPermission(permissions: Maybe<string>, bit: bigint): boolean {
  if (typeof permissions !== 'string' || !/^\d+$/.test(permissions)) return false;
  return (BigInt(permissions) & (bit | PermissionFlagsBits.Administrator)) !== 0n;
}
