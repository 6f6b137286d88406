import {
  FileUploadBuilder,
  LabelBuilder,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
} from '@discordjs/builders';
import {
  type APIModalInteractionResponseCallbackData,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { cutText } from '../clean-text.ts';
import type { Words } from '../locales/index.ts';
import { maxPromptLength } from '../prompt/compose.ts';
import { pictureRoles } from '../prompt/edit-model.ts';
import type { MenuValues, MenuWindow } from '../service/menu-work.ts';
import type { InputPicture } from '../task.ts';
import { encodePress } from './custom-id.ts';
import { readMask, toMaskField } from './mask-field.ts';
import { toInputPictures } from './options.ts';
import { toPromptField } from './prompt-field.ts';
import { toLabel } from './render/foreign-text.ts';
import { readVideoFields, toVideoFields } from './video-fields.ts';

const picturesField = 'pictures';
const promptField = 'prompt';
const addedField = 'added';
const roleField = 'role';
const partField = 'part';
const painted = 'painted';
/** How many fields a modal can have (Discord docs, "Modal"). A mask that has no room can still be sent with `/edit`. */
const mostFields = 5;
/** How long the label of a choice can be (Discord docs, "Select Option Structure"). */
const labelLimit = 100;

/** The modal of a command of a message's menu: which pictures, if there are several, what to make of them, and what part. */
export function toMenuModal(window: MenuWindow, words: Words): APIModalInteractionResponseCallbackData {
  const { draft, action, choices, takesMask, takesPainting, mostAdded, video } = window;
  const modal = new ModalBuilder()
    .setCustomId(encodePress({ kind: 'menu-window', taskId: draft }))
    .setTitle(words.say(`action.${action}`));
  if (choices.length > 0) modal.addLabelComponents(toPicturesInput(window, words));
  if (video !== undefined)
    modal.addLabelComponents(toVideoPrompt(video, words), ...toVideoFields(video.form, words));
  else if (action !== 'describe') modal.addLabelComponents(toPromptInput(window, words));
  if (mostAdded > 0) modal.addLabelComponents(toAddedInput(mostAdded, words), toRoleInput(words));
  if (takesPainting) modal.addLabelComponents(toPartInput(window, words));
  if (takesMask && modal.components.length < mostFields) {
    const label = words.say(takesPainting ? 'window.mask' : 'window.edit-mask');
    modal.addLabelComponents(toMaskField(label, words.say('window.edit-mask-hint')));
  }
  return modal.toJSON();
}

/** Reads a modal that was sent. Throws a `UserError` for a file that can't be a mask. */
export function readMenuModal(interaction: ModalSubmitInteraction): MenuValues {
  const { fields } = interaction;
  const has = (name: string) => fields.fields.has(name);
  const mask = readMask(interaction);
  const added = has(addedField) ? readAdded(interaction) : [];
  return {
    chosen: has(picturesField) ? fields.getStringSelectValues(picturesField).map(Number) : [],
    ...(has(promptField) ? { prompt: fields.getTextInputValue(promptField) } : {}),
    ...(mask === undefined ? {} : { mask }),
    ...(added.length === 0 ? {} : { added }),
    isToPaint: has(partField) && fields.getStringSelectValues(partField).includes(painted),
    options: readVideoFields(interaction),
  };
}

function toVideoPrompt({ price }: NonNullable<MenuWindow['video']>, words: Words): LabelBuilder {
  const hint =
    price === undefined ? words.say('window.video-hint') : words.say('window.video-hint.priced', { price });
  return toPromptField({ prompt: '', hint, isRequired: false }, words);
}

function readAdded({ fields }: ModalSubmitInteraction): InputPicture[] {
  const files = [...(fields.getUploadedFiles(addedField)?.values() ?? [])];
  const [role] = fields.fields.has(roleField) ? fields.getStringSelectValues(roleField) : [];
  return toInputPictures(files).map((picture) => (role === 'style' ? { ...picture, role } : picture));
}

function toAddedInput(most: number, { say }: Words): LabelBuilder {
  const upload = new FileUploadBuilder().setCustomId(addedField).setRequired(false).setMaxValues(most);
  return new LabelBuilder()
    .setLabel(say('window.added'))
    .setDescription(say('window.added-hint', { most }))
    .setFileUploadComponent(upload);
}

function toRoleInput({ say }: Words): LabelBuilder {
  const select = new StringSelectMenuBuilder()
    .setCustomId(roleField)
    .setRequired(false)
    .addOptions(
      pictureRoles.map((value) => ({
        label: say(`window.role.${value}`),
        value,
        default: value === 'reference',
      })),
    );
  return new LabelBuilder().setLabel(say('window.role')).setStringSelectMenuComponent(select);
}

function toPartInput({ hasPart }: MenuWindow, { say }: Words): LabelBuilder {
  const select = new StringSelectMenuBuilder()
    .setCustomId(partField)
    .setRequired(false)
    .addOptions(
      {
        label: say(hasPart ? 'window.part.same' : 'window.part.all'),
        value: 'given',
        default: true,
      },
      { label: say('window.part.painted'), value: painted },
    );
  return new LabelBuilder().setLabel(say('window.part')).setStringSelectMenuComponent(select);
}

function toPicturesInput({ choices, mostChosen }: MenuWindow, { say }: Words): LabelBuilder {
  const most = Math.min(mostChosen, choices.length);
  const select = new StringSelectMenuBuilder()
    .setCustomId(picturesField)
    .setMinValues(1)
    .setMaxValues(most)
    .addOptions(
      choices.map((_, index) => ({
        label: toChoiceLabel(choices, index, say),
        value: String(index),
        default: index === 0 && isGrid(choices),
      })),
    );
  return new LabelBuilder()
    .setLabel(say(most === 1 ? 'window.picture' : 'window.pictures'))
    .setStringSelectMenuComponent(select);
}

function toChoiceLabel(choices: MenuWindow['choices'], index: number, say: Words['say']): string {
  const { name = '', quarter } = choices[index] ?? {};
  if (quarter !== undefined) return say('window.quarter', { number: quarter });
  if (isGrid(choices)) return say('window.grid');
  const room = labelLimit - say('window.picture-number', { number: index + 1, name: '' }).length;
  return say('window.picture-number', { number: index + 1, name: toLabel(name, room) });
}

/** Whether the choices are a grid and its pictures. */
function isGrid(choices: MenuWindow['choices']): boolean {
  return choices.some(({ quarter }) => quarter !== undefined);
}

function toPromptInput({ action, prompt, references }: MenuWindow, { say }: Words): LabelBuilder {
  const input = new TextInputBuilder()
    .setCustomId(promptField)
    .setStyle(TextInputStyle.Paragraph)
    .setMaxLength(maxPromptLength)
    .setRequired(true);
  if (prompt !== '') input.setValue(cutText(prompt, maxPromptLength));
  const label = new LabelBuilder()
    .setLabel(say(action === 'edit' ? 'window.change' : 'window.prompt'))
    .setTextInputComponent(input);
  if (action === 'edit')
    return label.setDescription(
      references === undefined ? say('window.change-hint') : say('window.images-kept', references),
    );
  if (references === undefined) return label.setDescription(say('window.reference-hint'));
  if (references.gone > 0) return label.setDescription(say('window.references-gone', references));
  if (references.kept > 0) return label.setDescription(say('window.references-kept', references));
  return label.setDescription(say('window.hint'));
}
