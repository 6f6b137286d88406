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
    const source = { messageId: target.id, isOurs: target.isOurs };
    const window = await menuWork.begin({ action: 'edit', pictures, source }, caller);
    await openModal(toMenuModal(window, words));
  },
};
