import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { en } from '../src/locales/en.ts';
import { composePrompt, maxPromptLength } from '../src/prompt/compose.ts';

const words = en.commands.shorten;

export const shorten: Command = {
  data: new SlashCommandBuilder()
    .setName('shorten')
    .setDescription(words.description)
    .addStringOption((option) =>
      option.setName('prompt').setDescription(words.prompt).setRequired(true).setMaxLength(maxPromptLength),
    ),

  async execute(interaction, { service, caller, acknowledge }) {
    const prompt = composePrompt(interaction.options.getString('prompt', true));
    const request = { action: 'shorten', prompt, speed: 'fast', pictures: [] } as const;
    await acknowledge(await service.start(request, caller));
  },
};
