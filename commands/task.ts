import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { toLabel } from '../src/discord/render/foreign-text.ts';
import { english } from '../src/locales/index.ts';

const { say } = english;
/** How long a suggestion for an option can be (Discord docs, "Application Command Option Choice Structure"). */
const nameLimit = 100;

export const task: Command = {
  data: new SlashCommandBuilder()
    .setName('task')
    .setDescription(say('command.task.description'))
    .addSubcommand((subcommand) =>
      subcommand
        .setName('seed')
        .setDescription(say('command.task.seed.description'))
        .addStringOption((option) =>
          option
            .setName('id')
            .setDescription(say('command.task.seed.option.id'))
            .setRequired(true)
            .setAutocomplete(true),
        ),
    ),

  async execute(interaction, { seeds, caller, words, replyPrivatelyWith }) {
    const id = interaction.options.getString('id', true);
    await replyPrivatelyWith(async () => {
      const seed = await seeds.read(id, caller.asker);
      return { message: { content: words.say('seed', { seed }) }, files: [] };
    });
  },

  async complete(interaction, { seeds, caller, words }) {
    const tasks = await seeds.suggest(caller.userId, interaction.options.getFocused());
    return tasks.map(({ id, request }) => {
      const action = words.say(`action.${request.action}`);
      const room = nameLimit - words.say('task.suggestion', { action, prompt: '' }).length;
      const prompt = toLabel(request.prompt, room);
      return { name: words.say('task.suggestion', { action, prompt }), value: id };
    });
  },
};
