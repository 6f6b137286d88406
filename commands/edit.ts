import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { choice, readPictures, readSpeed, toPrivateOption } from '../src/discord/options.ts';
import { english } from '../src/locales/index.ts';
import { composePrompt, findOverridden, maxPromptLength, takeSpeed } from '../src/prompt/compose.ts';
import { speeds } from '../src/task.ts';

const { say } = english;

export const edit: Command = {
  data: new SlashCommandBuilder()
    .setName('edit')
    .setDescription(say('command.edit.description'))
    .addAttachmentOption((option) =>
      option.setName('image').setDescription(say('command.edit.option.image')).setRequired(true),
    )
    .addStringOption((option) =>
      option
        .setName('prompt')
        .setDescription(say('command.edit.option.prompt'))
        .setRequired(true)
        .setMaxLength(maxPromptLength),
    )
    .addAttachmentOption((option) => option.setName('mask').setDescription(say('command.edit.option.mask')))
    .addStringOption((option) =>
      option
        .setName('speed')
        .setDescription(say('command.edit.option.speed'))
        .addChoices(...speeds.map(choice)),
    )
    .addBooleanOption(toPrivateOption),

  async execute(interaction, { service, caller, acknowledge }) {
    const pictures = readPictures(interaction, 'image');
    const typed = interaction.options.getString('prompt', true);
    const chosen = readSpeed(interaction);
    const { text, speed = 'fast' } = takeSpeed(typed, chosen);
    const overridden = findOverridden(typed, { speed: chosen });
    const [mask] = readPictures(interaction, 'mask');
    const request = { action: 'edit', prompt: composePrompt(text), speed, pictures, overridden } as const;
    const region = mask === undefined ? {} : { region: { cells: [], picture: mask } };
    await acknowledge(await service.start({ ...request, ...region }, caller));
  },
};
