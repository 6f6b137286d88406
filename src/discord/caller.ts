import { ApplicationIntegrationType, MessageFlags, PermissionFlagsBits, type User } from 'discord.js';
import type { Named } from '../points/administration.ts';
import { type Asker, directBook } from '../points/policy.ts';
import type { Origin } from '../task.ts';

/** Who asks, and where. Only this file reads person, place, permissions and limits from an interaction. */
export interface Caller {
  readonly userId: string;
  readonly guildId: string | undefined;
  /** Whether they may remove other people's messages here. */
  readonly canManageMessages: boolean;
  /** Whether they used a component of a message that only they see. */
  readonly isOnPrivateMessage: boolean;
  readonly locale: string;
  /** Who they are to the rules. */
  readonly asker: Asker;
  /** What a task started by this interaction remembers. */
  readonly origin: Origin;
  /** Channels and roles that they chose from Discord's lists. */
  readonly chosen: Chosen;
  /** Somebody they chose in an option. */
  named(user: Pick<User, 'id' | 'bot'>): Named;
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

interface RawMember {
  readonly user?: Maybe<{ readonly id?: Maybe<string> }>;
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
  const userId = (raw.user ?? raw.member?.user)?.id;
  if (typeof userId !== 'string') throw new Error('an interaction names nobody');
  const guildId = guildIdOf(raw);
  const locale = localeOf(raw);
  const asker = toAsker(raw, userId);
  const uploadLimitBytes = raw.attachment_size_limit ?? 0;
  const channelId = channelIdOf(raw);
  return {
    userId,
    guildId,
    canManageMessages: hasPermission(raw.member?.permissions, PermissionFlagsBits.ManageMessages),
    isOnPrivateMessage: isPrivate(raw.message),
    locale,
    asker,
    chosen: toChosen(raw),
    named: ({ id, bot }) => ({
      userId: id,
      isBot: bot,
      roleIds: raw.data?.resolved?.members?.[id]?.roles ?? undefined,
    }),
    origin: {
      interactionId: raw.id,
      userId,
      book: asker.book,
      place: {
        applicationId: raw.application_id,
        ...(guildId === undefined ? {} : { guildId }),
        channelId: channelId ?? '',
        token: raw.token,
        tokenExpiresAt: now + tokenLifeMs,
        uploadLimitBytes: uploadLimitBytes > 0 ? uploadLimitBytes : defaultUploadLimitBytes,
        locale,
        isOpenToBot: channelId !== undefined && isOpenToBot(raw),
        ...(typeof raw.message?.id === 'string' ? { repliesTo: raw.message.id } : {}),
      },
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
 * Whether the bot itself can edit its answer there: it's a member of the server and sees the channel, and the answer isn't
 * ephemeral (Discord staff in discord-api-docs#3090; user-installed apps have no channel access at all).
 */
function isOpenToBot(raw: RawInteraction): boolean {
  const canView = hasPermission(raw.app_permissions, PermissionFlagsBits.ViewChannel);
  return isInstalledHere(raw) && !isPrivate(raw.message) && canView;
}

function isPrivate(message: RawInteraction['message']): boolean {
  return ((message?.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
}

/** Administrators have all permissions, no matter what else is set (Discord docs, topics/permissions). */
function hasPermission(permissions: Maybe<string>, bit: bigint): boolean {
  if (typeof permissions !== 'string' || !/^\d+$/.test(permissions)) return false;
  return (BigInt(permissions) & (bit | PermissionFlagsBits.Administrator)) !== 0n;
}
