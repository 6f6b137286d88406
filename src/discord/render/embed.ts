import { ActionRowBuilder, type MessageActionRowComponentBuilder } from '@discordjs/builders';
import type { APIActionRowComponent, APIComponentInMessageActionRow } from 'discord.js';

/** Discord's limits for an embed (docs, message resource, "Embed Limits"). */
export const fieldLimit = 1_024;
export const descriptionLimit = 4_096;
/** Of all the texts of all embeds of a message together. */
export const embedsLimit = 6_000;

/** As many of the lines as fit. */
export function takeFitting(lines: readonly string[], limit: number): string {
  let text = lines[0] ?? '';
  for (const line of lines.slice(1)) {
    if (text.length + 1 + line.length > limit) break;
    text += `\n${line}`;
  }
  return text;
}

/** Up to five buttons next to each other, or one menu. */
export function toRow(
  buttons: MessageActionRowComponentBuilder[],
): APIActionRowComponent<APIComponentInMessageActionRow> {
  const row = new ActionRowBuilder<MessageActionRowComponentBuilder>().addComponents(buttons);
  return row.toJSON() as APIActionRowComponent<APIComponentInMessageActionRow>;
}
