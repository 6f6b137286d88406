import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command } from '../src/discord/command.ts';
import { choice, readChoice, readPictures } from '../src/discord/options.ts';
import { english } from '../src/locales/index.ts';
import { composePrompt, maxPromptLength, takeSpeed } from '../src/prompt/compose.ts';
import type { TaskOptions } from '../src/task.ts';

const { say } = english;
const motions = ['low', 'high'] as const;
const resolutions = ['480p', '720p'] as const;

export const video: Command = {
  data: new SlashCommandBuilder()
    .setName('video')
    .setDescription(say('command.video.description'))
    .addAttachmentOption((option) =>
      option.setName('image').setDescription(say('command.video.option.image')).setRequired(true),
    )
    .addStringOption((option) =>
      option
        .setName('prompt')
        .setDescription(say('command.video.option.prompt'))
        .setMaxLength(maxPromptLength),
    )
    .addStringOption((option) =>
      option
        .setName('motion')
        .setDescription(say('command.video.option.motion'))
        .addChoices(...motions.map(choice)),
    )
    .addBooleanOption((option) => option.setName('loop').setDescription(say('command.video.option.loop')))
    .addAttachmentOption((option) =>
      option.setName('end_image').setDescription(say('command.video.option.end_image')),
    )
    .addStringOption((option) =>
      option
        .setName('resolution')
        .setDescription(say('command.video.option.resolution'))
        .addChoices(...resolutions.map(choice)),
    ),

  async execute(interaction, { service, caller, acknowledge }) {
    const pictures = readPictures(interaction, 'image', 'end_image');
    const { text, speed = 'fast' } = takeSpeed(interaction.options.getString('prompt') ?? '', undefined);
    const prompt = composePrompt(text, {}, pictures.length);
    const options = readOptions(interaction);
    const request = { action: 'video', prompt, speed, pictures, options } as const;
    await acknowledge(await service.start(request, caller));
  },
};

function readOptions(interaction: ChatInputCommandInteraction): TaskOptions {
  const motion = readChoice(interaction, 'motion', motions);
  const resolution = readChoice(interaction, 'resolution', resolutions);
  return {
    ...(motion === undefined ? {} : { motion }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(interaction.options.getBoolean('loop') === true ? { isLoop: true } : {}),
  };
}
