import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, CommandContext } from '../src/discord/command.ts';
import { toForeignLabel } from '../src/discord/render/foreign-label.ts';
import { toLabel } from '../src/discord/render/foreign-text.ts';
import { renderTaskCard } from '../src/discord/render/task-card.ts';
import { toTitle } from '../src/discord/render/title.ts';
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
        .setName('show')
        .setDescription(say('command.task.show.description'))
        .addStringOption((option) =>
          option
            .setName('id')
            .setDescription(say('command.task.show.option.id'))
            .setRequired(true)
            .setAutocomplete(true),
        ),
    )
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

  async execute(interaction, context) {
    return interaction.options.getSubcommand() === 'show'
      ? show(interaction, context)
      : readSeed(interaction, context);
  },

  async complete(interaction, { seeds, taskCards, caller, words }) {
    const source = interaction.options.getSubcommand() === 'show' ? taskCards : seeds;
    const tasks = await source.suggest(caller.userId, interaction.options.getFocused());
    return tasks.map(({ id, request }) => {
      const action =
        toForeignLabel({ ...request.offer, action: request.action }) ?? toTitle({ request }, words);
      const room = nameLimit - words.say('task.suggestion', { action, prompt: '' }).length;
      const prompt = toLabel(request.prompt || (request.pictures[0]?.name ?? id), room);
      return { name: words.say('task.suggestion', { action, prompt }), value: id };
    });
  },
};

async function show(
  interaction: ChatInputCommandInteraction,
  { taskCards, caller, words, replyPrivatelyWith }: CommandContext,
): Promise<void> {
  const id = interaction.options.getString('id', true);
  await replyPrivatelyWith(async () => renderTaskCard(await taskCards.read(id, caller.asker), words));
}

async function readSeed(
  interaction: ChatInputCommandInteraction,
  { seeds, caller, words, replyPrivatelyWith }: CommandContext,
): Promise<void> {
  const id = interaction.options.getString('id', true);
  await replyPrivatelyWith(async () => {
    const seed = await seeds.read(id, caller.asker);
    return { message: { content: words.say('seed', { seed }) }, files: [] };
  });
}
