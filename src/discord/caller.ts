import {
  ApplicationIntegrationType,
  type Interaction,
  MessageFlags,
  PermissionFlagsBits,
  type User,
} from 'discord.js';
import { type Asker, directBook } from '../quota/policy.ts';
import type { Origin } from '../task.ts';
import type { Named } from '../tasks/administration.ts';

/** Who asks, and where: the only reader of person, place, permissions and limits of an interaction. */
export interface Caller {
  readonly userId: string;
  readonly guildId: string | undefined;
  /** Whether they may remove what others wrote here. */
  readonly canManageMessages: boolean;
  readonly locale: string;
  /** Who they are in the eyes of the rules. */
  readonly asker: Asker;
  /** What a task started by this interaction remembers of it. */
  readonly origin: Origin;
  /** Somebody whom they chose in an option. */
  named(user: Pick<User, 'id' | 'bot'>): Named;
}

/**
 * What discord.js does not tell of an interaction. Without intents it knows no role but @everyone, so the roles of a
 * member are only in what Discord sent.
 */
export interface RawInteraction {
  readonly member?: { readonly roles: readonly string[] };
  readonly data?: {
    readonly resolved?: {
      readonly members?: Readonly<Record<string, { readonly roles: readonly string[] }>>;
    };
  };
}

/** Discord's own limit where an interaction names none (reference: uploading files). */
const defaultUploadLimitBytes = 10 * 1024 * 1024;

/** The token serves for 15 minutes; the last one is left for clocks that differ and edits under way. */
const tokenLifeMs = 14 * 60_000;

/** Reads the caller from an interaction, as Discord sent it. The client has no intents, so no cache is read. */
export function toCaller(interaction: Interaction, raw: RawInteraction, now: number): Caller {
  const { id, token, applicationId, locale, user } = interaction;
  const guildId = interaction.guildId ?? undefined;
  const channelId = interaction.channelId ?? '';
  const asker = toAsker(interaction, raw);
  return {
    userId: user.id,
    guildId,
    canManageMessages: interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false,
    locale,
    asker,
    named: ({ id: userId, bot }) => ({
      userId,
      isBot: bot,
      roleIds: raw.data?.resolved?.members?.[userId]?.roles,
    }),
    origin: {
      interactionId: id,
      userId: user.id,
      book: asker.book,
      place: {
        applicationId,
        ...(guildId === undefined ? {} : { guildId }),
        channelId,
        token,
        tokenExpiresAt: now + tokenLifeMs,
        uploadLimitBytes: interaction.attachmentSizeLimit ?? defaultUploadLimitBytes,
        locale,
        isOpenToBot: isOpenToBot(interaction),
      },
    },
  };
}

/**
 * A server's books are used where the bot was added to it. As an app of a person's own it is theirs wherever they are,
 * so what they do there is direct.
 */
function toAsker(interaction: Interaction, raw: RawInteraction): Asker {
  const { guildId, user, memberPermissions, authorizingIntegrationOwners: owners } = interaction;
  const isInServer = guildId !== null && owners[ApplicationIntegrationType.GuildInstall] !== undefined;
  return {
    userId: user.id,
    book: isInServer ? guildId : directBook,
    roleIds: raw.member?.roles ?? [],
    isAdministrator: isInServer && memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true,
  };
}

/**
 * Whether the bot itself can edit its answer there: it is a member of the server and sees the channel, and the
 * answer is not for one person only (Discord staff in discord-api-docs#3090; user-installed apps have no channel
 * access at all).
 */
function isOpenToBot(interaction: Interaction): boolean {
  const owners = interaction.authorizingIntegrationOwners;
  const isMember = owners[ApplicationIntegrationType.GuildInstall] !== undefined;
  const isEphemeral =
    interaction.isMessageComponent() && interaction.message.flags.has(MessageFlags.Ephemeral);
  return isMember && !isEphemeral && interaction.appPermissions.has(PermissionFlagsBits.ViewChannel);
}
