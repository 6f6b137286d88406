import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { english } from '../src/locales/index.ts';
import { composePrompt, maxPromptLength } from '../src/prompt/compose.ts';

const { say } = english;

export const shorten: Command = {
  data: new SlashCommandBuilder()
    .setName('shorten')
    .setDescription(say('command.shorten.description'))
    .addStringOption((option) =>
      option
        .setName('prompt')
        .setDescription(say('command.shorten.option.prompt'))
        .setRequired(true)
        .setMaxLength(maxPromptLength),
    ),

  async execute(interaction, { service, caller, acknowledge }) {
    const prompt = composePrompt(interaction.options.getString('prompt', true));
    const request = { action: 'shorten', prompt, speed: 'fast', pictures: [] } as const;
    await acknowledge(await service.start(request, caller));
  },
};
