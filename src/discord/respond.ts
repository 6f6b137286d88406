import {
  type APIMessage,
  type APIModalInteractionResponseCallbackData,
  DiscordAPIError,
  type Interaction,
  InteractionResponseType,
  MessageFlags,
  makeURLSearchParams,
  RateLimitError,
  type RawFile,
  REST,
  type RESTOptions,
  type RESTPostAPIInteractionCallbackWithResponseResult,
  Routes,
} from 'discord.js';
import type { Place } from '../task.ts';

/** Whether Discord took the first answer to an interaction. */
export type Acknowledgement =
  | { outcome: 'taken'; messageId: string | undefined }
  | { outcome: 'refused' }
  | { outcome: 'unknown' };

type Repliable = Pick<Interaction, 'id' | 'token' | 'applicationId'>;

/** Writes first answers to interactions, and asks what became of one. Nothing here is retried. */
export interface Responder {
  /** "… is thinking": the message that the publisher fills later. */
  defer(interaction: Repliable): Promise<Acknowledgement>;
  /** For a component: nothing is shown, and `@original` of the new token is the message it stands on. */
  deferUpdate(interaction: Repliable): Promise<void>;
  /** One more answer that only the person sees, after a first one. */
  followUpPrivately(interaction: Repliable, message: PrivateMessage): Promise<void>;
  /** Removes the first answer; after {@link Responder.deferUpdate}, that's the message that the component stands on. */
  removeOriginal(interaction: Repliable): Promise<void>;
  /** Removes the message that a component stands on. */
  removeMessage(interaction: Repliable): Promise<void>;
  /** Opens a window with a text to edit. */
  openModal(interaction: Repliable, modal: APIModalInteractionResponseCallbackData): Promise<void>;
  /** A first answer that only the person sees. Throws what Discord answers. */
  replyPrivately(interaction: Repliable, message: PrivateMessage): Promise<void>;
  /** The first half of {@link Responder.replyPrivately}, where the answer takes a while to make. */
  deferPrivately(interaction: Repliable): Promise<void>;
  /** Fills what was deferred; files need more than the seconds that a first answer has. */
  editPrivately(interaction: Repliable, message: PrivateMessage, files?: RawFile[]): Promise<void>;
  /** For a component: another content of the message that it stands on. */
  updateMessage(interaction: Repliable, message: PrivateMessage): Promise<void>;
  /** Proposals for an option that is being typed, at most 25. */
  suggest(interaction: Repliable, suggestions: readonly Suggestion[]): Promise<void>;
  /** What became of a first answer of which no reply was received; Discord may still be at work on a young one. */
  findOriginal(place: Pick<Place, 'applicationId' | 'token'>): Promise<Acknowledgement>;
}

export type PrivateMessage = Partial<Pick<APIMessage, 'content' | 'embeds' | 'components'>>;

/** A proposal for an option: what is shown, and what is sent. */
export interface Suggestion {
  readonly name: string;
  readonly value: string;
}

export interface ResponderDependencies {
  apiUrl: string;
  makeRequest: RESTOptions['makeRequest'];
}

/** Nobody is ever pinged: without this, an edit falls back to Discord's defaults. */
export const noMentions = { parse: [] };

/**
 * A responder with a REST client of its own: an answer has 3 s to reach Discord, so a client that waits 15 s
 * and then repeats, as @discordjs/rest does by default, would tell too late that it did not.
 */
export function createResponder({ apiUrl, makeRequest }: ResponderDependencies): Responder {
  const options = { timeout: 2_000, retries: 0, rejectOnRateLimit: () => true };
  const rest = new REST({ ...options, api: apiUrl, makeRequest });
  const patientRest = new REST({ api: apiUrl, makeRequest });

  async function answer(interaction: Repliable, body: unknown): Promise<string | undefined> {
    const result = (await rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      auth: false,
      query: makeURLSearchParams({ with_response: true }),
      body,
    })) as Partial<RESTPostAPIInteractionCallbackWithResponseResult> | null | undefined;
    return idOf(result?.resource?.message) ?? result?.interaction?.response_message_id;
  }

  async function findOriginal(place: Pick<Place, 'applicationId' | 'token'>): Promise<Acknowledgement> {
    if (place.token === undefined) return { outcome: 'refused' };
    try {
      const route = Routes.webhookMessage(place.applicationId, place.token, '@original');
      const messageId = idOf(await rest.get(route, { auth: false }));
      return messageId === undefined ? { outcome: 'unknown' } : { outcome: 'taken', messageId };
    } catch (error) {
      const isMissing = error instanceof DiscordAPIError && isNotThere.has(error.code);
      return { outcome: isMissing ? 'refused' : 'unknown' };
    }
  }

  async function removeOriginal({ applicationId, token }: Repliable): Promise<void> {
    await rest.delete(Routes.webhookMessage(applicationId, token, '@original'), { auth: false });
  }

  /** Where the answer was taken without a word of its message, as with 204. It may be told by an edit, too. */
  async function findMessageId(interaction: Repliable): Promise<string | undefined> {
    const found = await findOriginal(interaction);
    return found.outcome === 'taken' ? found.messageId : undefined;
  }

  return {
    async defer(interaction) {
      try {
        const messageId = await answer(interaction, {
          type: InteractionResponseType.DeferredChannelMessageWithSource,
        });
        return { outcome: 'taken', messageId: messageId ?? (await findMessageId(interaction)) };
      } catch (error) {
        if (!isRefusal(error) && !(error instanceof RateLimitError)) return { outcome: 'unknown' };
        // 40060 says that an answer is there already: whose, the message tells.
        const isAnswered = error instanceof DiscordAPIError && error.code === 40_060;
        return { outcome: isAnswered ? 'unknown' : 'refused' };
      }
    },
    async deferUpdate(interaction) {
      await answer(interaction, { type: InteractionResponseType.DeferredMessageUpdate });
    },
    async removeMessage(interaction) {
      await answer(interaction, { type: InteractionResponseType.DeferredMessageUpdate });
      await removeOriginal(interaction);
    },
    async followUpPrivately({ applicationId, token }, message) {
      await rest.post(Routes.webhook(applicationId, token), {
        auth: false,
        body: { ...message, flags: MessageFlags.Ephemeral, allowed_mentions: noMentions },
      });
    },
    removeOriginal,
    async openModal(interaction, data) {
      await answer(interaction, { type: InteractionResponseType.Modal, data });
    },
    async replyPrivately(interaction, message) {
      await answer(interaction, {
        type: InteractionResponseType.ChannelMessageWithSource,
        data: { ...message, flags: MessageFlags.Ephemeral, allowed_mentions: noMentions },
      });
    },
    async deferPrivately(interaction) {
      await answer(interaction, {
        type: InteractionResponseType.DeferredChannelMessageWithSource,
        data: { flags: MessageFlags.Ephemeral },
      });
    },
    async editPrivately({ applicationId, token }, message, files = []) {
      const attachments = files.map(({ name }, index) => ({ id: String(index), filename: name }));
      await patientRest.patch(Routes.webhookMessage(applicationId, token, '@original'), {
        auth: false,
        body: { components: [], ...message, attachments, allowed_mentions: noMentions },
        files,
      });
    },
    async updateMessage(interaction, message) {
      await answer(interaction, {
        type: InteractionResponseType.UpdateMessage,
        data: { ...message, allowed_mentions: noMentions },
      });
    },
    async suggest(interaction, suggestions) {
      await answer(interaction, {
        type: InteractionResponseType.ApplicationCommandAutocompleteResult,
        data: { choices: suggestions.slice(0, 25) },
      });
    },
    findOriginal,
  };
}

/** The id of a message, if that is what Discord has answered. */
export function idOf(message: unknown): string | undefined {
  const id = (message as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

/** No such message, webhook or interaction, or no such token (Discord docs, topics/opcodes-and-status-codes). */
const isNotThere: ReadonlySet<unknown> = new Set([10_008, 10_015, 10_062, 50_027]);

/** Discord understood and said no; a time-out, a broken connection, a 5xx or a page tells nothing. */
function isRefusal(error: unknown): boolean {
  return error instanceof DiscordAPIError && typeof error.code === 'number';
}
