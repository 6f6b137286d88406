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
import { toBody } from './multipart.ts';
import { handlerSweepInterval } from './transport.ts';

/** Whether Discord took the first answer to an interaction. */
export type Acknowledgement =
  | { outcome: 'taken'; messageId: string | undefined }
  | { outcome: 'refused' }
  | { outcome: 'unknown' };

type Repliable = Pick<Interaction, 'id' | 'token' | 'applicationId'>;

/** Writes first answers to interactions, and finds out what happened to one. Nothing here is retried. */
export interface Responder {
  /** "… is thinking": the message that the publisher fills later. */
  defer(interaction: Repliable): Promise<Acknowledgement>;
  /** For a component: shows nothing; `@original` of the new token is the message that it's on. */
  deferUpdate(interaction: Repliable): Promise<void>;
  /** One more answer that only this person sees, after a first one. */
  followUpPrivately(interaction: Repliable, message: PrivateMessage): Promise<void>;
  /** Removes the first answer if it's still there: after {@link Responder.deferUpdate}, the message that the component is on. */
  removeOriginal(interaction: Repliable): Promise<void>;
  /** Removes the message that a component is on. */
  removeMessage(interaction: Repliable): Promise<void>;
  /** Opens a modal with a text to edit. */
  openModal(interaction: Repliable, modal: APIModalInteractionResponseCallbackData): Promise<void>;
  /** A first answer that only this person sees. Throws if Discord refuses it. */
  replyPrivately(interaction: Repliable, message: PrivateMessage): Promise<void>;
  /** The first half of {@link Responder.replyPrivately}, if the answer takes a while to make. */
  deferPrivately(interaction: Repliable): Promise<void>;
  /** Fills a deferred answer; files need longer than the few seconds of a first answer. */
  editPrivately(interaction: Repliable, message: PrivateMessage, files?: PrivateFile[]): Promise<void>;
  /** For a component: replaces the message that it's on. */
  updateMessage(interaction: Repliable, message: PrivateMessage): Promise<void>;
  /** Suggestions for the option being typed; the first 25 are sent. */
  suggest(interaction: Repliable, suggestions: readonly Suggestion[]): Promise<void>;
  /** Asks Discord whether it accepted a first answer whose response never arrived; it may still be working on a recent one. */
  findOriginal(place: Pick<Place, 'applicationId' | 'token'>): Promise<Acknowledgement>;
}

export interface PrivateFile extends RawFile {
  /** What a picture shows, for people who can't see it. */
  readonly alt?: string;
}

export type PrivateMessage = Partial<Pick<APIMessage, 'content' | 'embeds' | 'components'>>;

/** A suggestion for an option: what is shown, and what is sent. */
export interface Suggestion {
  readonly name: string;
  readonly value: string;
}

export interface ResponderDependencies {
  apiUrl: string;
  makeRequest: RESTOptions['makeRequest'];
  /** Hears of each interaction that Discord took an answer for. */
  onAnswered?: ((interactionId: string) => void) | undefined;
}

/** Nobody is ever pinged: without this, an edit would use Discord's defaults. */
export const noMentions = { parse: [] };

/**
 * A responder has its own REST client: an answer has 3 s to reach Discord, so a client that waits 15 s and then repeats, as
 * @discordjs/rest does by default, would report a failure too late.
 */
export function createResponder({ apiUrl, makeRequest, onAnswered }: ResponderDependencies): Responder {
  const patient = { api: apiUrl, makeRequest, handlerSweepInterval };
  const rest = new REST({ ...patient, timeout: 2_000, retries: 0, rejectOnRateLimit: () => true });
  const patientRest = new REST(patient);

  async function answer(interaction: Repliable, body: unknown): Promise<string | undefined> {
    const result = (await rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      auth: false,
      query: makeURLSearchParams({ with_response: true }),
      body,
    })) as Partial<RESTPostAPIInteractionCallbackWithResponseResult> | null | undefined;
    onAnswered?.(interaction.id);
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
    try {
      await rest.delete(Routes.webhookMessage(applicationId, token, '@original'), { auth: false });
    } catch (error) {
      if (!(error instanceof DiscordAPIError && error.code === messageIsGone)) throw error;
    }
  }

  /** For an answer that was accepted without its message, as with 204. An edit may still tell the id later. */
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
        // 40060 means that there's an answer already; the message will tell whose.
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
      const attachments = files.map(({ name, alt }, index) => ({
        id: String(index),
        filename: name,
        ...(alt === undefined ? {} : { description: alt }),
      }));
      await patientRest.patch(Routes.webhookMessage(applicationId, token, '@original'), {
        auth: false,
        ...toBody({ components: [], ...message, attachments, allowed_mentions: noMentions }, files),
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

/** The id of a message, if that's what Discord answered. */
export function idOf(message: unknown): string | undefined {
  const id = (message as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

/** No such message (Discord docs, topics/opcodes-and-status-codes). */
export const messageIsGone = 10_008;
/** No such message, webhook or interaction, or no such token. */
const isNotThere: ReadonlySet<unknown> = new Set([messageIsGone, 10_015, 10_062, 50_027]);

/** Discord understood and said no; a time-out, a broken connection, a 5xx or a page doesn't say anything. */
function isRefusal(error: unknown): boolean {
  return error instanceof DiscordAPIError && typeof error.code === 'number';
}
