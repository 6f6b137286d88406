import { ApplicationIntegrationType, type Interaction, MessageFlags, PermissionFlagsBits } from 'discord.js';
import type { Origin } from '../task.ts';

/** Who asks, and where: the only reader of person, place, permissions and limits of an interaction. */
export interface Caller {
  readonly userId: string;
  readonly guildId: string | undefined;
  /** Whether they may remove what others wrote here. */
  readonly canManageMessages: boolean;
  readonly locale: string;
  /** What a task started by this interaction remembers of it. */
  readonly origin: Origin;
}

/** Discord's own limit where an interaction names none (reference: uploading files). */
const defaultUploadLimitBytes = 10 * 1024 * 1024;

/** The token serves for 15 minutes; the last one is left for clocks that differ and edits under way. */
const tokenLifeMs = 14 * 60_000;

/** Reads the caller from an interaction, as Discord sent it. The client has no intents, so no cache is read. */
export function toCaller(interaction: Interaction, now: number): Caller {
  const { id, token, applicationId, locale, user } = interaction;
  const guildId = interaction.guildId ?? undefined;
  const channelId = interaction.channelId ?? '';
  return {
    userId: user.id,
    guildId,
    canManageMessages: interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false,
    locale,
    origin: {
      interactionId: id,
      userId: user.id,
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
