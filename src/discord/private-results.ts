import type { ButtonInteraction, StringSelectMenuInteraction } from 'discord.js';
import type { Target } from '../tasks/message-map.ts';
import type { CommandContext } from './command.ts';
import { requirePrivate } from './task-lists.ts';

/** Sends a private result to its owner as a direct message. */
export async function sendToOwner(
  target: Target,
  { directResults, caller, replyPrivatelyWith, words }: CommandContext,
): Promise<void> {
  await replyPrivatelyWith(
    async () => {
      const { hasButtons } = await directResults.send(target, caller, words);
      return { message: { content: words.say(hasButtons ? 'direct.sent' : 'direct.sent.plain') }, files: [] };
    },
    { isNewMessage: true },
  );
}

/** Shows a private task in a new message that only the presser sees: the one that showed it may be lost by now. */
export async function bringBack(
  interaction: ButtonInteraction | StringSelectMenuInteraction,
  taskId: string,
  { service, caller, responder }: CommandContext,
): Promise<void> {
  requirePrivate(caller);
  await service.requireBringable(taskId, caller.userId);
  const taken = await responder.defer(interaction, true);
  if (taken.outcome === 'refused') return;
  const messageId = taken.outcome === 'taken' ? taken.messageId : undefined;
  const { place } = caller.origin;
  await service.bring(taskId, { ...place, ...(messageId && { messageId }) }, caller.userId);
}
