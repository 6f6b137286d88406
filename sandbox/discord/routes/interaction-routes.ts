import type {
  APIApplicationCommandOptionChoice,
  APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import { InteractionResponseType, InteractionType, MessageFlags } from 'discord-api-types/v10';
import { toApiMessage } from '../message-payload.ts';
import type { Interaction, MessageBody } from '../records.ts';
import { refuse } from '../refusal.ts';
import { refusedBecause } from '../rules/problem.ts';
import type { State } from '../state.ts';
import { holdFilesTo } from './files.ts';
import type { Call, Route } from './route.ts';
import { NOTHING, ok } from './route.ts';

interface Callback {
  type: InteractionResponseType;
  data?: MessageBody | null;
}

const {
  ChannelMessageWithSource,
  DeferredChannelMessageWithSource,
  DeferredMessageUpdate,
  UpdateMessage,
  ApplicationCommandAutocompleteResult,
  Modal,
} = InteractionResponseType;

/** `POST /interactions/:id/:token/callback` (Discord docs, receiving-and-responding, "Create Interaction Response"). */
export function createInteractionRoutes(state: State): Route[] {
  const { world, messages, interactions, forms, settings } = state;

  function respond(interaction: Interaction, callback: Callback, call: Call): void {
    const { channel, source } = interaction;
    const data = callback.data ?? {};
    switch (callback.type) {
      case ChannelMessageWithSource:
      case DeferredChannelMessageWithSource: {
        const isThinking = callback.type === DeferredChannelMessageWithSource;
        const flags = (data.flags ?? 0) | (isThinking ? MessageFlags.Loading : 0);
        const isEphemeral = ((data.flags ?? 0) & MessageFlags.Ephemeral) !== 0 || interaction.forcedEphemeral;
        interaction.message = messages.create({
          channel,
          interaction,
          body: { ...data, flags },
          files: call.files,
          ...(isEphemeral && { visibleTo: interaction.person }),
        });
        return;
      }
      case DeferredMessageUpdate:
        if (source) interaction.message = source;
        return;
      case UpdateMessage:
        if (source) interaction.message = messages.edit(source, data, call.files);
        return;
      case Modal:
        interaction.modal = data as APIModalInteractionResponseCallbackData;
        return;
      case ApplicationCommandAutocompleteResult: {
        const { choices = [] } = data as { choices?: APIApplicationCommandOptionChoice[] };
        interaction.choices = choices;
        return;
      }
      default:
        return;
    }
  }

  function toAnswer(interaction: Interaction, type: InteractionResponseType): object {
    const { id, message } = interaction;
    const written = message && type !== DeferredMessageUpdate ? message : undefined;
    return {
      interaction: {
        id,
        type: interaction.type,
        ...(message && {
          response_message_id: message.id,
          response_message_loading: (message.flags & MessageFlags.Loading) !== 0,
          response_message_ephemeral: message.visibleTo !== undefined,
        }),
      },
      ...(written && { resource: { type, message: toApiMessage(written, world) } }),
    };
  }

  return [
    {
      method: 'POST',
      path: '/interactions/:id/:token/callback',
      isOpen: true,
      handle(call) {
        const interaction = interactions.find(call.params['id'] ?? '');
        if (!interaction || interaction.token !== call.params['token']) throw refuse.unknownInteraction();
        if (interaction.acknowledgement) throw refuse.alreadyAcknowledged();
        const isLate = settings.now() - interaction.at >= settings.acknowledgeWithinMs;
        if (isLate || interaction.expired) throw refuse.unknownInteraction();
        const source = interaction.source;
        const callback = forms.read<Callback>('callback', call, {
          interaction,
          ...(source && { existing: source }),
        });
        if (!isAllowed(interaction, callback.type)) {
          const message = `Callback type ${callback.type} does not fit an interaction of type ${interaction.type}`;
          throw forms.broken(call, [refusedBecause(['type'], 'BASE_TYPE_CHOICES', message)]);
        }
        if (source?.deleted && callback.type === UpdateMessage) throw refuse.unknownMessage();
        holdFilesTo(interaction.attachmentSizeLimit, call.files);
        respond(interaction, callback, call);
        interactions.acknowledge(interaction, callback.type);
        return call.query.get('with_response') === 'true'
          ? ok(toAnswer(interaction, callback.type))
          : NOTHING;
      },
    },
  ];
}

/** Which first responses each kind of interaction accepts (receiving-and-responding, "Interaction Callback Type"). */
function isAllowed({ type, source }: Interaction, callback: InteractionResponseType): boolean {
  const answers = [ChannelMessageWithSource, DeferredChannelMessageWithSource];
  const updates = [DeferredMessageUpdate, UpdateMessage];
  switch (type) {
    case InteractionType.ApplicationCommand:
      return [...answers, Modal].includes(callback);
    case InteractionType.MessageComponent:
      return [...answers, ...updates, Modal].includes(callback);
    case InteractionType.ModalSubmit:
      return [...answers, ...(source ? updates : [])].includes(callback);
    case InteractionType.ApplicationCommandAutocomplete:
      return callback === ApplicationCommandAutocompleteResult;
    default:
      return false;
  }
}
