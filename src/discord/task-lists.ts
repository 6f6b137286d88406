import type { ButtonInteraction, StringSelectMenuInteraction } from 'discord.js';
import { UserError } from '../errors.ts';
import type { Listing } from '../service/task-lists.ts';
import type { Caller } from './caller.ts';
import type { CommandContext } from './command.ts';
import { renderTaskList } from './render/task-list.ts';

/**
 * Throws a `UserError` if others can see the message that a component is on: a client can send any id on any message, and what
 * replaces an answer to one person must not replace somebody's result.
 */
export function requirePrivate({ isOnPrivateMessage }: Pick<Caller, 'isOnPrivateMessage'>): void {
  if (!isOnPrivateMessage) throw new UserError('unknown-component');
}

/** Shows another page of the presser's own tasks: the button says which page, and never whose. */
export async function turnList(
  interaction: ButtonInteraction,
  listing: Listing,
  { taskLists, caller, responder, words }: CommandContext,
): Promise<void> {
  requirePrivate(caller);
  const list = await taskLists.read(listing, caller.userId);
  await responder.updateMessage(interaction, renderTaskList(list, words));
}

/** Removes the chosen favorite, and shows the page without it. */
export async function removeFavorite(
  interaction: StringSelectMenuInteraction,
  listing: Listing,
  { favorites, taskLists, caller, responder, words }: CommandContext,
): Promise<void> {
  requirePrivate(caller);
  const [taskId] = interaction.values;
  if (taskId === undefined) throw new UserError('unknown-component');
  await favorites.remove(taskId, caller.userId);
  const list = await taskLists.read(listing, caller.userId);
  await responder.updateMessage(interaction, renderTaskList(list, words));
}
