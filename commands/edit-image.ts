import { ContextMenuCommandBuilder } from '@discordjs/builders';
import { ApplicationCommandType } from 'discord.js';
import type { MessageCommand } from '../src/discord/command.ts';
import { toMenuModal } from '../src/discord/menu-modal.ts';
import { english } from '../src/locales/index.ts';

export const editImage: MessageCommand = {
  data: new ContextMenuCommandBuilder()
    .setName(english.say('command.edit-image.name'))
    .setType(ApplicationCommandType.Message),

  async execute(target, { menuWork, caller, words, openModal }) {
    const pictures = target.listPictures();
    await openModal(toMenuModal(await menuWork.begin({ action: 'edit', pictures }, caller), words));
  },
};
