import { ContextMenuCommandBuilder } from '@discordjs/builders';
import { ApplicationCommandType } from 'discord.js';
import type { MessageCommand } from '../src/discord/command.ts';
import { renderTaskCard } from '../src/discord/render/task-card.ts';
import { UserError } from '../src/errors.ts';
import { english } from '../src/locales/index.ts';

export const taskDetails: MessageCommand = {
  data: new ContextMenuCommandBuilder()
    .setName(english.say('command.task-details.name'))
    .setType(ApplicationCommandType.Message),

  async execute({ id, isOurs }, { taskCards, caller, words, replyPrivatelyWith }) {
    if (!isOurs) throw new UserError('message-without-task');
    await replyPrivatelyWith(async () => renderTaskCard(await taskCards.readShown(id, caller.asker), words));
  },
};
