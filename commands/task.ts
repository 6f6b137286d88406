import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { toLabel } from '../src/discord/render/foreign-text.ts';
import { en } from '../src/locales/en.ts';

const words = en.commands.task;
/** Of a proposal for an option (Discord docs, "Application Command Option Choice Structure"). */
const nameLimit = 100;

export const task: Command = {
  data: new SlashCommandBuilder()
    .setName('task')
    .setDescription(words.description)
    .addSubcommand((subcommand) =>
      subcommand
        .setName('seed')
        .setDescription(words.seed)
        .addStringOption((option) =>
          option.setName('id').setDescription(words.id).setRequired(true).setAutocomplete(true),
        ),
    ),

  async execute(interaction, { seeds, caller, words, replyPrivatelyWith }) {
    const id = interaction.options.getString('id', true);
    await replyPrivatelyWith(async () => {
      const seed = await seeds.read(id, caller.asker);
      return { message: { content: words.seed(seed) }, files: [] };
    });
  },

  async complete(interaction, { seeds, caller, words }) {
    const tasks = await seeds.suggest(caller.userId, interaction.options.getFocused());
    return tasks.map(({ id, request }) => {
      const action = `${words.action(request.action)}: `;
      return { name: `${action}${toLabel(request.prompt, nameLimit - action.length)}`, value: id };
    });
  },
};
