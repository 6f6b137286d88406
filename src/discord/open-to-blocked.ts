import type { ChatInputCommandInteraction, Interaction } from 'discord.js';
import { decodePress, forgetId, type PressKind } from './custom-id.ts';

const commands: ReadonlySet<string> = new Set(['account', 'privacy']);
const kinds: ReadonlySet<PressKind> = new Set(['cancel', 'cancel-anyway']);

/** Whether it's about what is somebody's own, so that people who are blocked may do it, too: their data and their tasks. */
export function isOpenToBlocked(interaction: Interaction): boolean {
  if (interaction.isChatInputCommand())
    return commands.has(interaction.commandName) || isOwnCancel(interaction);
  if (!interaction.isButton()) return false;
  const press = decodePress(interaction.customId);
  return interaction.customId === forgetId || (press !== undefined && kinds.has(press.kind));
}

function isOwnCancel({ commandName, options }: ChatInputCommandInteraction): boolean {
  return commandName === 'task' && options.getSubcommand(false) === 'cancel';
}
