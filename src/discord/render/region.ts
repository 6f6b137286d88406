import { ButtonBuilder, StringSelectMenuBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import { cellCount, cellsPerSide } from '../../images/cells.ts';
import type { Words } from '../../locales/index.ts';
import { encodePress } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';

/** Asks the person who pressed Vary (Region) what to repaint; modals can't show pictures, so this message has it. */
export function renderRegionQuestion(draftId: string, isPictured: boolean, words: Words): PrivateMessage {
  const { say } = words;
  const menu = toCellsMenu(words)
    .setCustomId(encodePress({ kind: 'cells', taskId: draftId }))
    .setPlaceholder(say('window.region'))
    .setMinValues(1);
  const own = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'draft', taskId: draftId }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(say('button.own-mask'));
  const question = isPictured
    ? say('region.question')
    : say('region.question.unpictured', { rows: cellsPerSide, last: cellCount });
  return { content: question, components: [toRow([menu]), toRow([own])] };
}

/**
 * Leads to the page of the region editor. With a draft, a second button shows the parts of the picture to choose from, for
 * those who'd rather stay in Discord.
 */
export function renderRegionLink(url: string, { say }: Words, draftId?: string): PrivateMessage {
  const link = new ButtonBuilder().setStyle(ButtonStyle.Link).setURL(url).setLabel(say('button.paint'));
  const buttons = [link];
  if (draftId !== undefined) {
    const id = encodePress({ kind: 'parts', taskId: draftId });
    const parts = new ButtonBuilder().setCustomId(id).setStyle(ButtonStyle.Secondary);
    buttons.push(parts.setLabel(say('button.choose-parts')));
  }
  return { content: say('region.link', { minutes: 15 }), components: [toRow(buttons)] };
}

/** A menu of the cells of a picture, by number; not all of them can be chosen. */
export function toCellsMenu(words: Words, chosen: readonly number[] = []): StringSelectMenuBuilder {
  const options = Array.from({ length: cellCount }, (_, index) => {
    const cell = index + 1;
    const option = { label: words.number(cell), value: String(cell) };
    return chosen.includes(cell) ? { ...option, default: true } : option;
  });
  return new StringSelectMenuBuilder().setMaxValues(cellCount - 1).addOptions(options);
}
