import type { ButtonInteraction } from 'discord.js';
import { UserError } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { decodePress } from './custom-id.ts';

/**
 * A press on a result's button. The id is whatever the client sent, so it only counts on the message
 * that shows that task; the service looks that up.
 */
export async function pressButton(interaction: ButtonInteraction, context: CommandContext): Promise<void> {
  const press = decodePress(interaction.customId);
  if (press === undefined) throw new UserError('unknown-component');
  const opened = await context.service.act(
    { ...press, messageId: interaction.message.id },
    context.caller.origin,
  );
  await context.handOver(opened);
}
