import { SlashCommandBuilder } from '@discordjs/builders';
import { PermissionFlagsBits } from 'discord.js';
import { toNames } from '../src/accounts/administration.ts';
import type { Command } from '../src/discord/command.ts';
import { choice } from '../src/discord/options.ts';
import { renderAccounts } from '../src/discord/render/accounts.ts';
import { UserError } from '../src/errors.ts';
import { english } from '../src/locales/index.ts';

const { say } = english;

export const settings: Command = {
  data: new SlashCommandBuilder()
    .setName('settings')
    .setDescription(say('command.settings.description'))
    .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
    .addSubcommand((subcommand) =>
      subcommand
        .setName('accounts')
        .setDescription(say('command.settings.accounts.description'))
        .addStringOption((option) =>
          option
            .setName('use')
            .setDescription(say('command.settings.accounts.option.use'))
            .setMaxLength(400)
            .setAutocomplete(true),
        )
        .addBooleanOption((option) =>
          option.setName('reset').setDescription(say('command.settings.accounts.option.reset')),
        ),
    ),

  async execute(interaction, { accountSettings, caller, words, replyPrivatelyWith }) {
    const names = interaction.options.getString('use') ?? undefined;
    const isReset = interaction.options.getBoolean('reset') ?? false;
    if (names !== undefined && isReset) throw new UserError('accounts-contradictory');
    const isChange = names !== undefined || isReset;
    if (isChange) {
      await accountSettings.choose(caller.asker, names === undefined ? undefined : toNames(names));
    }
    await replyPrivatelyWith(async () => ({
      message: renderAccounts(await accountSettings.read(caller.asker), words, isChange),
      files: [],
    }));
  },

  async complete(interaction, { accountSettings, caller }) {
    const suggestions = await accountSettings.suggest(caller.asker, interaction.options.getFocused());
    return suggestions.map(choice);
  },
};
