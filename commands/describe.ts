import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import {
  choice,
  models,
  readModel,
  readPictures,
  toLinkedPicture,
  toPrivateOption,
} from '../src/discord/options.ts';
import { UserError } from '../src/errors.ts';
import { english } from '../src/locales/index.ts';

const { say } = english;

export const describe: Command = {
  data: new SlashCommandBuilder()
    .setName('describe')
    .setDescription(say('command.describe.description'))
    .addAttachmentOption((option) =>
      option.setName('image').setDescription(say('command.describe.option.image')),
    )
    .addStringOption((option) =>
      option.setName('url').setDescription(say('command.describe.option.url')).setMaxLength(1_000),
    )
    .addStringOption((option) =>
      option
        .setName('model')
        .setDescription(say('command.describe.option.model'))
        .addChoices(...models.map(choice)),
    )
    .addBooleanOption(toPrivateOption),

  async execute(interaction, { service, caller, acknowledge }) {
    const url = interaction.options.getString('url');
    const pictures = [...readPictures(interaction, 'image'), ...(url === null ? [] : [toLinkedPicture(url)])];
    if (pictures.length !== 1) throw new UserError('picture-or-link');
    const options = readModel(interaction);
    const request = { action: 'describe', prompt: '', speed: 'fast', pictures, options } as const;
    await acknowledge(await service.start(request, caller));
  },
};
