import { SlashCommandBuilder } from '@discordjs/builders';
import { type ChatInputCommandInteraction, PermissionFlagsBits } from 'discord.js';
import type { Command, CommandContext } from '../src/discord/command.ts';
import { renderBlocked, renderBlocks, renderUnblocked } from '../src/discord/render/blocks.ts';
import { english } from '../src/locales/index.ts';
import { longestReason } from '../src/service/blocks.ts';

const { say } = english;
const durationLimit = 20;

export const block: Command = {
  data: new SlashCommandBuilder()
    .setName('block')
    .setDescription(say('command.block.description'))
    .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
    .addSubcommand((subcommand) =>
      subcommand
        .setName('add')
        .setDescription(say('command.block.add.description'))
        .addUserOption((option) =>
          option.setName('person').setDescription(say('command.block.add.option.person')).setRequired(true),
        )
        .addStringOption((option) =>
          option
            .setName('reason')
            .setDescription(say('command.block.add.option.reason'))
            .setMaxLength(longestReason),
        )
        .addStringOption((option) =>
          option
            .setName('duration')
            .setDescription(say('command.block.add.option.duration'))
            .setMaxLength(durationLimit),
        )
        .addBooleanOption((option) =>
          option.setName('cancel_running').setDescription(say('command.block.add.option.cancel_running')),
        ),
    )
    .addSubcommand((subcommand) =>
      subcommand
        .setName('remove')
        .setDescription(say('command.block.remove.description'))
        .addUserOption((option) =>
          option
            .setName('person')
            .setDescription(say('command.block.remove.option.person'))
            .setRequired(true),
        ),
    )
    .addSubcommand((subcommand) =>
      subcommand.setName('list').setDescription(say('command.block.list.description')),
    ),

  async execute(interaction, context) {
    switch (interaction.options.getSubcommand()) {
      case 'add':
        return add(interaction, context);
      case 'remove':
        return remove(interaction, context);
      default:
        return list(context);
    }
  },
};

async function add(
  { options }: ChatInputCommandInteraction,
  { blocks, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  const person = caller.named(options.getUser('person', true));
  const wish = {
    reason: options.getString('reason') ?? undefined,
    duration: options.getString('duration') ?? undefined,
    cancelsTasks: options.getBoolean('cancel_running') ?? false,
  };
  const { person: blocked, tasks } = await blocks.add(caller.asker, person, wish);
  await replyPrivately(renderBlocked(blocked, tasks, words));
}

async function remove(
  { options }: ChatInputCommandInteraction,
  { blocks, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  const { id } = options.getUser('person', true);
  await blocks.remove(caller.asker, id);
  await replyPrivately(renderUnblocked(id, words));
}

async function list({ blocks, caller, words, replyPrivately }: CommandContext): Promise<void> {
  await replyPrivately(renderBlocks(await blocks.list(caller.asker), words));
}
