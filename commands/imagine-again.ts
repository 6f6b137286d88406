import { ContextMenuCommandBuilder } from '@discordjs/builders';
import { ApplicationCommandType } from 'discord.js';
import type { MessageCommand } from '../src/discord/command.ts';
import { toMenuModal } from '../src/discord/menu-modal.ts';
import { UserError } from '../src/errors.ts';
import { english } from '../src/locales/index.ts';

export const imagineAgain: MessageCommand = {
  data: new ContextMenuCommandBuilder()
    .setName(english.say('command.imagine-again.name'))
    .setType(ApplicationCommandType.Message),

  async execute({ id, isOurs }, { menuWork, caller, words, openModal }) {
    if (!isOurs) throw new UserError('message-without-task');
    await openModal(toMenuModal(await menuWork.beginAgain(id, caller), words));
  },
};
