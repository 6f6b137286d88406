import { ContextMenuCommandBuilder } from '@discordjs/builders';
import { ApplicationCommandType } from 'discord.js';
import type { MessageCommand } from '../src/discord/command.ts';
import { toMenuModal } from '../src/discord/menu-modal.ts';
import { english } from '../src/locales/index.ts';

export const describeImage: MessageCommand = {
  data: new ContextMenuCommandBuilder()
    .setName(english.say('command.describe-image.name'))
    .setType(ApplicationCommandType.Message),

  async execute(target, { service, menuWork, caller, words, acknowledge, openModal }) {
    const pictures = target.listPictures();
    if (pictures.length > 1)
      return openModal(toMenuModal(await menuWork.begin({ action: 'describe', pictures }, caller), words));
    const request = { action: 'describe', prompt: '', speed: 'fast', pictures } as const;
    await acknowledge(await service.start(request, caller));
  },
};
