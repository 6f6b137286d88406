import { FileUploadBuilder, LabelBuilder } from '@discordjs/builders';
import type { ModalSubmitInteraction } from 'discord.js';
import type { InputPicture } from '../task.ts';
import { toInputPicture } from './options.ts';

const field = 'mask';

/** The field of a modal for a mask, which may stay empty. */
export function toMaskField(label: string, hint: string): LabelBuilder {
  const upload = new FileUploadBuilder().setCustomId(field).setRequired(false).setMaxValues(1);
  return new LabelBuilder().setLabel(label).setDescription(hint).setFileUploadComponent(upload);
}

/** Reads that field. Throws a `UserError` for a file that can't be a mask. */
export function readMask({ fields }: ModalSubmitInteraction): InputPicture | undefined {
  const file = fields.fields.has(field) ? fields.getUploadedFiles(field)?.first() : undefined;
  return file === undefined ? undefined : toInputPicture(file);
}
