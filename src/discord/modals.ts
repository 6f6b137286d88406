import { LabelBuilder, ModalBuilder, TextInputBuilder } from '@discordjs/builders';
import {
  type APIModalInteractionResponseCallbackData,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { cutText } from '../clean-text.ts';
import { cellsPerSide } from '../images/cells.ts';
import type { Words } from '../locales/index.ts';
import { maxPromptLength } from '../prompt/compose.ts';
import type { Region } from '../task.ts';
import { encodePress, type Press, type PressKind } from './custom-id.ts';
import { readMask, toMaskField } from './mask-field.ts';
import { toCellsMenu } from './render/region.ts';

const promptField = 'prompt';
/** Not `cells`: modals of earlier versions may still be open, and the cells that they number are others. */
const cellsField = 'parts';

/** What somebody sent with a modal. It doesn't prove a right: everything is decided again. */
export interface ModalValues {
  readonly prompt: string;
  readonly region?: Region;
}

/** What a modal has in it when it opens. */
export interface ModalStart {
  readonly prompt: string;
  readonly needsRegion?: boolean;
  /** Whether the prompt may be left empty. */
  readonly mayBeEmpty?: boolean;
  /** Whether the button would work without it. */
  readonly isRemix?: boolean;
  /** Which parts of the picture are chosen already. */
  readonly cells?: readonly number[];
}

/** A modal with the prompt to edit and, if it's about a region, the parts of the picture. */
export function toModal(
  press: Press,
  { prompt, needsRegion = false, mayBeEmpty = false, isRemix = false, cells = [] }: ModalStart,
  words: Words,
): APIModalInteractionResponseCallbackData {
  const { kind, title, hint } = describeModal(press, { needsRegion, isRemix }, words);
  const modal = new ModalBuilder().setCustomId(encodePress({ ...press, kind })).setTitle(title);
  modal.addLabelComponents(toPromptInput({ prompt, mayBeEmpty }, hint, words));
  if (needsRegion) {
    const mask = toMaskField(words.say('window.mask'), words.say('window.mask-hint'));
    modal.addLabelComponents(toCellsInput(cells, words), mask);
  }
  return modal.toJSON();
}

/** Reads a modal that was sent. Throws a `UserError` for a file that can't be a mask. */
export function readModal(interaction: ModalSubmitInteraction): ModalValues {
  const { fields } = interaction;
  const prompt = fields.getTextInputValue(promptField);
  if (!fields.fields.has(cellsField)) return { prompt };
  const cells = fields.getStringSelectValues(cellsField).map(Number);
  const picture = readMask(interaction);
  return { prompt, region: picture === undefined ? { cells } : { cells, picture } };
}

/** What a modal is called, by the button that opens it. */
function describeModal(
  { kind }: Press,
  { needsRegion, isRemix }: Required<Pick<ModalStart, 'needsRegion' | 'isRemix'>>,
  { say }: Words,
): { kind: PressKind; title: string; hint: string } {
  const hint = say('window.hint');
  if (kind === 'change') return { kind: 'change-window', title: say('window.change-title'), hint };
  const sent = kind === 'draft' ? 'draft-window' : 'window';
  if (needsRegion) return { kind: sent, title: say('action.vary-region'), hint };
  if (isRemix) return { kind: sent, title: say('window.remix-title'), hint: say('window.remix-hint') };
  if (kind === 'offer' || kind === 'draft')
    return { kind: sent, title: say('action.custom-zoom'), hint: say('window.zoom-hint') };
  if (kind === 'proposal') return { kind: 'proposal-window', title: say('action.imagine'), hint };
  return { kind: 'answer', title: say('window.answer-title'), hint };
}

function toPromptInput(
  { prompt, mayBeEmpty }: Required<Pick<ModalStart, 'prompt' | 'mayBeEmpty'>>,
  hint: string,
  { say }: Words,
): LabelBuilder {
  const input = new TextInputBuilder()
    .setCustomId(promptField)
    .setStyle(TextInputStyle.Paragraph)
    .setMaxLength(maxPromptLength)
    .setRequired(!mayBeEmpty)
    .setValue(cutText(prompt, maxPromptLength));
  if (mayBeEmpty) input.setPlaceholder(say('window.prompt-optional'));
  return new LabelBuilder().setLabel(say('window.prompt')).setDescription(hint).setTextInputComponent(input);
}

function toCellsInput(cells: readonly number[], words: Words): LabelBuilder {
  const { say } = words;
  const select = toCellsMenu(words, cells).setCustomId(cellsField).setRequired(false).setMinValues(0);
  return new LabelBuilder()
    .setLabel(say('window.region'))
    .setDescription(say('window.region-hint', { rows: cellsPerSide }))
    .setStringSelectMenuComponent(select);
}
