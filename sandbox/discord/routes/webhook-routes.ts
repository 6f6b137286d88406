import { InteractionResponseType, MessageFlags } from 'discord-api-types/v10';
import { toApiMessage } from '../message-payload.ts';
import type { Interaction, Message, MessageBody } from '../records.ts';
import { refuse } from '../refusal.ts';
import type { State } from '../state.ts';
import { holdFilesTo } from './files.ts';
import type { Call, Route } from './route.ts';
import { NOTHING, ok } from './route.ts';

/** How many follow-ups a person-only installation may add to an interaction (Discord docs, receiving-and-responding, "Followup Messages"). */
const FOLLOW_UPS_OF_A_PERSONS_APP = 5;

/** The routes for an interaction's token (receiving-and-responding, "Followup Messages"). */
export function createWebhookRoutes(state: State): Route[] {
  const { world, messages, interactions, forms } = state;

  function findInteraction(call: Call): Interaction {
    if (call.params['application'] !== world.application.id) throw refuse.unknownWebhook();
    const interaction = interactions.findByToken(call.params['token'] ?? '');
    if (!interaction || interactions.hasExpired(interaction)) throw refuse.invalidToken();
    // Without a first response there is nothing to follow up or edit yet: 404 with 10015 in common experience.
    if (!interaction.acknowledgement) throw refuse.unknownWebhook();
    if (!world.findChannel(interaction.channel.id)) throw refuse.unknownChannel();
    return interaction;
  }

  function findMessage(interaction: Interaction, id: string | undefined): Message {
    const { message, followUps, source } = interaction;
    const own = [message, source, ...followUps].filter((candidate) => candidate !== undefined);
    const found = id === '@original' ? message : own.find((candidate) => candidate.id === id);
    if (!found || found.deleted) throw refuse.unknownMessage();
    return found;
  }

  function follow(interaction: Interaction, call: Call): Message {
    const { acknowledgement, channel, message } = interaction;
    const placeholder =
      acknowledgement?.type === InteractionResponseType.DeferredChannelMessageWithSource &&
      message &&
      !message.deleted &&
      message.flags & MessageFlags.Loading
        ? message
        : undefined;
    const body = forms.read<MessageBody>('followUp', call, { interaction });
    holdFilesTo(interaction.attachmentSizeLimit, call.files);
    // The first follow-up after a deferral fills its placeholder (deprecated, but still what happens).
    if (placeholder) return messages.edit(placeholder, body, call.files);
    if (interaction.personOnly && interaction.followUps.length >= FOLLOW_UPS_OF_A_PERSONS_APP) {
      throw refuse.tooManyFollowUps();
    }
    const isEphemeral = ((body.flags ?? 0) & MessageFlags.Ephemeral) !== 0 || interaction.forcedEphemeral;
    const followUp = messages.create({
      channel,
      interaction,
      body,
      files: call.files,
      isFollowUp: true,
      ...(isEphemeral && { visibleTo: interaction.person }),
    });
    interaction.followUps.push(followUp);
    return followUp;
  }

  return [
    {
      method: 'POST',
      path: '/webhooks/:application/:token',
      isOpen: true,
      handle: (call) => ok(toApiMessage(follow(findInteraction(call), call), world)),
    },
    {
      method: 'GET',
      path: '/webhooks/:application/:token/messages/:message',
      isOpen: true,
      handle: (call) => ok(toApiMessage(findMessage(findInteraction(call), call.params['message']), world)),
    },
    {
      method: 'PATCH',
      path: '/webhooks/:application/:token/messages/:message',
      isOpen: true,
      handle(call) {
        const interaction = findInteraction(call);
        const existing = findMessage(interaction, call.params['message']);
        if (existing.channel.archived) throw refuse.archivedThread();
        const body = forms.read<MessageBody>('webhookEdit', call, { interaction, existing });
        holdFilesTo(interaction.attachmentSizeLimit, call.files);
        return ok(toApiMessage(messages.edit(existing, body, call.files), world));
      },
    },
    {
      method: 'DELETE',
      path: '/webhooks/:application/:token/messages/:message',
      isOpen: true,
      handle(call) {
        messages.remove(findMessage(findInteraction(call), call.params['message']));
        return NOTHING;
      },
    },
  ];
}
