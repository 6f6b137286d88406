import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { renderPrivacy } from '../src/discord/render/privacy.ts';
import { english } from '../src/locales/index.ts';

export const privacy: Command = {
  data: new SlashCommandBuilder()
    .setName('privacy')
    .setDescription(english.say('command.privacy.description')),

  async execute(_interaction, { keeping, words, replyPrivately }) {
    await replyPrivately(renderPrivacy(keeping, words));
  },
};
