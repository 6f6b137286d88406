import { SlashCommandBuilder, type SlashCommandIntegerOption } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, CommandContext } from '../src/discord/command.ts';
import { readChoice } from '../src/discord/options.ts';
import { renderCancelled, renderCancelQuestion } from '../src/discord/render/cancel.ts';
import { toForeignLabel } from '../src/discord/render/foreign-label.ts';
import { toLabel } from '../src/discord/render/foreign-text.ts';
import { renderTaskCard } from '../src/discord/render/task-card.ts';
import { renderTaskList } from '../src/discord/render/task-list.ts';
import { toTitle } from '../src/discord/render/title.ts';
import { english } from '../src/locales/index.ts';
import { resultKinds } from '../src/service/result-kinds.ts';
import { type Listing, listFilters, longestSearch, mostPage } from '../src/service/task-lists.ts';

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
        .setName('list')
        .setDescription(say('command.task.list.description'))
        .addStringOption((option) =>
          option
            .setName('filter')
            .setDescription(say('command.task.list.option.filter'))
            .addChoices(
              listFilters.map((value) => ({ name: say(`command.task.list.filter.${value}`), value })),
            ),
        )
        .addStringOption((option) =>
          option
            .setName('kind')
            .setDescription(say('command.task.list.option.kind'))
            .addChoices(
              resultKinds.map((value) => ({ name: say(`command.task.list.kind.${value}`), value })),
            ),
        )
        .addIntegerOption((option) => aPage(option).setDescription(say('command.task.list.option.page'))),
    )
    .addSubcommand((subcommand) =>
      subcommand
        .setName('search')
        .setDescription(say('command.task.search.description'))
        .addStringOption((option) =>
          option
            .setName('words')
            .setDescription(say('command.task.search.option.words'))
            .setRequired(true)
            .setMaxLength(longestSearch)
            .setAutocomplete(true),
        )
        .addIntegerOption((option) => aPage(option).setDescription(say('command.task.search.option.page'))),
    )
    .addSubcommand((subcommand) =>
      subcommand
        .setName('cancel')
        .setDescription(say('command.task.cancel.description'))
        .addStringOption((option) =>
          option
            .setName('id')
            .setDescription(say('command.task.cancel.option.id'))
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
    switch (interaction.options.getSubcommand()) {
      case 'list':
        return list(readListing(interaction), context);
      case 'search':
        return list(readSearch(interaction), context);
      case 'cancel':
        return cancel(interaction, context);
      case 'seed':
        return readSeed(interaction, context);
      default:
        return show(interaction, context);
    }
  },

  async complete(interaction, { seeds, taskCards, taskLists, ownCancels, caller, words }) {
    if (interaction.options.getSubcommand() === 'search') {
      const prompts = await taskLists.suggest(caller.userId, interaction.options.getFocused());
      return prompts.map((value) => ({ name: toLabel(value, nameLimit), value }));
    }
    const sources = { show: taskCards, cancel: ownCancels, seed: seeds };
    const source = sources[interaction.options.getSubcommand() as keyof typeof sources] ?? taskCards;
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

function aPage(option: SlashCommandIntegerOption): SlashCommandIntegerOption {
  return option.setName('page').setMinValue(1).setMaxValue(mostPage);
}

function readListing(interaction: ChatInputCommandInteraction): Listing {
  return {
    filter: readChoice(interaction, 'filter', listFilters) ?? 'mine',
    kind: readChoice(interaction, 'kind', resultKinds),
    page: interaction.options.getInteger('page') ?? 1,
  };
}

function readSearch({ options }: ChatInputCommandInteraction): Listing {
  return { words: options.getString('words', true), page: options.getInteger('page') ?? 1 };
}

async function list(
  listing: Listing,
  { taskLists, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  await replyPrivately(renderTaskList(await taskLists.read(listing, caller.userId), words));
}

async function show(
  interaction: ChatInputCommandInteraction,
  { taskCards, caller, words, replyPrivatelyWith }: CommandContext,
): Promise<void> {
  const id = interaction.options.getString('id', true);
  await replyPrivatelyWith(async () => renderTaskCard(await taskCards.read(id, caller.asker), words));
}

async function cancel(
  interaction: ChatInputCommandInteraction,
  { ownCancels, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  const id = interaction.options.getString('id', true);
  const { taskId, outcome } = await ownCancels.cancel(id, caller.userId);
  const about = { words, presserId: caller.userId };
  await replyPrivately(
    outcome.isCancelled ? renderCancelled(outcome, words) : renderCancelQuestion(taskId, outcome, about),
  );
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
