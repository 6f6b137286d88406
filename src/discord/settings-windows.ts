import type { ModalSubmitInteraction, StringSelectMenuInteraction } from 'discord.js';
import { UserError } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { renderSettings } from './render/settings.ts';
import {
  type EditorName,
  editorNames,
  readEditorName,
  readSettingsModal,
  toSettingsModal,
} from './settings-editors.ts';
import { requirePrivate } from './task-lists.ts';

/** Opens the window of a setting for somebody who may change it. */
export async function openSettings(
  name: EditorName,
  { serverSettings, caller, openModal, words }: CommandContext,
): Promise<void> {
  await openModal(toSettingsModal(name, await serverSettings.require(caller.asker), words));
}

/** Opens the window of the setting that was chosen on the card. */
export async function chooseSetting(
  interaction: StringSelectMenuInteraction,
  context: CommandContext,
): Promise<void> {
  const name = editorNames.find((one) => one === interaction.values[0]);
  if (name === undefined) throw new UserError('unknown-component');
  await openSettings(name, context);
}

/** Whether a window is one of those. */
export function isSettingsWindow(customId: string): boolean {
  return readEditorName(customId) !== undefined;
}

/** Saves what was sent, and shows all settings: in place of the card if that's where the window was opened. */
export async function saveSettings(
  interaction: ModalSubmitInteraction,
  context: CommandContext,
): Promise<void> {
  const { serverSettings, caller, responder, replyPrivately, words } = context;
  const name = readEditorName(interaction.customId);
  if (name === undefined) throw new UserError('unknown-component');
  const sent = { fields: interaction.fields, chosen: caller.chosen };
  await serverSettings.change(caller.asker, (before) => readSettingsModal(name, sent, before));
  const card = renderSettings(await serverSettings.view(caller.asker), words, words.say('settings.saved'));
  if (interaction.message === null) return replyPrivately(card);
  requirePrivate(caller);
  await responder.updateMessage(interaction, card);
}
