import { SlashCommandBuilder } from '@discordjs/builders';
import { PermissionFlagsBits } from 'discord.js';
import { toNames } from '../src/accounts/administration.ts';
import type { Command } from '../src/discord/command.ts';
import { choice } from '../src/discord/options.ts';
import { renderAccounts } from '../src/discord/render/accounts.ts';
import { UserError } from '../src/errors.ts';
import { en } from '../src/locales/en.ts';

const words = en.commands.settings;

export const settings: Command = {
  data: new SlashCommandBuilder()
    .setName('settings')
    .setDescription(words.description)
    .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
    .addSubcommand((subcommand) =>
      subcommand
        .setName('accounts')
        .setDescription(words.accounts)
        .addStringOption((option) =>
          option.setName('use').setDescription(words.use).setMaxLength(400).setAutocomplete(true),
        )
        .addBooleanOption((option) => option.setName('reset').setDescription(words.reset)),
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
