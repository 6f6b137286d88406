import { LabelBuilder, TextInputBuilder } from '@discordjs/builders';
import { type ModalSubmitInteraction, TextInputStyle } from 'discord.js';
import { cutText } from '../clean-text.ts';
import type { Words } from '../locales/index.ts';
import { maxPromptLength } from '../prompt/compose.ts';

const promptField = 'prompt';

/** The field of a modal for what happens in a video. */
export function toPromptField(
  { prompt, hint, isRequired }: { prompt: string; hint: string; isRequired: boolean },
  { say }: Words,
): LabelBuilder {
  const input = new TextInputBuilder()
    .setCustomId(promptField)
    .setStyle(TextInputStyle.Paragraph)
    .setMaxLength(maxPromptLength)
    .setRequired(isRequired);
  if (prompt !== '') input.setValue(cutText(prompt, maxPromptLength));
  return new LabelBuilder().setLabel(say('window.prompt')).setDescription(hint).setTextInputComponent(input);
}

export function readPromptField({ fields }: ModalSubmitInteraction): string {
  return fields.getTextInputValue(promptField);
}
