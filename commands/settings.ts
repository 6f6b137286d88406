import { SlashCommandBuilder, type SlashCommandSubcommandBuilder } from '@discordjs/builders';
import { type ChatInputCommandInteraction, PermissionFlagsBits } from 'discord.js';
import { toNames } from '../src/accounts/administration.ts';
import type { Command, CommandContext } from '../src/discord/command.ts';
import { choice, readChoice } from '../src/discord/options.ts';
import { renderAccounts } from '../src/discord/render/accounts.ts';
import { renderSettings } from '../src/discord/render/settings.ts';
import { type EditorName, editorNames, toEditorTitle } from '../src/discord/settings-editors.ts';
import { openSettings } from '../src/discord/settings-windows.ts';
import { UserError } from '../src/errors.ts';
import { english } from '../src/locales/index.ts';

const { say } = english;

/** A subcommand: how Discord knows it, and what it does. */
interface Subcommand {
  describe(subcommand: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder;
  execute(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void>;
}

const windows = [
  'channels',
  'buttons',
  'limits',
  'suffix',
  'private',
  'sensitive',
  'language',
  'notification',
  'log-channel',
  'star-channel',
] as const satisfies readonly EditorName[];
const roleWindows = editorNames.filter((name) => name.startsWith('roles-'));

const show: Subcommand = {
  describe: (subcommand) => subcommand.setDescription(say('command.settings.show.description')),
  async execute(_interaction, { serverSettings, caller, words, replyPrivately }) {
    await replyPrivately(renderSettings(await serverSettings.view(caller.asker), words));
  },
};

const accounts: Subcommand = {
  describe: (subcommand) =>
    subcommand
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
};

const roles: Subcommand = {
  describe: (subcommand) =>
    subcommand.setDescription(say('command.settings.roles.description')).addStringOption((option) =>
      option
        .setName('for')
        .setDescription(say('command.settings.roles.option.for'))
        .setRequired(true)
        .addChoices(...roleWindows.map((value) => ({ name: toEditorTitle(value, english), value }))),
    ),
  async execute(interaction, context) {
    const name = readChoice(interaction, 'for', roleWindows);
    if (name === undefined) throw new UserError('unknown-command');
    await openSettings(name, context);
  },
};

const exporting: Subcommand = {
  describe: (subcommand) => subcommand.setDescription(say('command.settings.export.description')),
  async execute(_interaction, { serverSettings, caller, words, replyPrivatelyWith }) {
    await replyPrivatelyWith(async () => ({
      message: { content: words.say('settings.exported') },
      files: [
        {
          name: 'settings.json',
          data: Buffer.from(await serverSettings.export(caller.asker)),
          contentType: 'application/json',
        },
      ],
    }));
  },
};

const importing: Subcommand = {
  describe: (subcommand) =>
    subcommand
      .setDescription(say('command.settings.import.description'))
      .addAttachmentOption((option) =>
        option.setName('file').setDescription(say('command.settings.import.option.file')).setRequired(true),
      ),
  async execute(interaction, { serverSettings, caller, words, replyPrivatelyWith }) {
    const { url, size } = interaction.options.getAttachment('file', true);
    await replyPrivatelyWith(async () => {
      await serverSettings.import(caller.asker, { url, bytes: size });
      const view = await serverSettings.view(caller.asker);
      return { message: renderSettings(view, words, words.say('settings.imported')), files: [] };
    });
  },
};

const subcommands: Readonly<Record<string, Subcommand>> = {
  show,
  accounts,
  roles,
  ...Object.fromEntries(windows.map((name) => [name, toWindow(name)])),
  export: exporting,
  import: importing,
};

const data = new SlashCommandBuilder()
  .setName('settings')
  .setDescription(say('command.settings.description'))
  .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild);
for (const [name, { describe }] of Object.entries(subcommands))
  data.addSubcommand((subcommand) => describe(subcommand.setName(name)));

export const settings: Command = {
  data,
  async execute(interaction, context) {
    await (subcommands[interaction.options.getSubcommand()] ?? show).execute(interaction, context);
  },
  async complete(interaction, { accountSettings, caller }) {
    const suggestions = await accountSettings.suggest(caller.asker, interaction.options.getFocused());
    return suggestions.map(choice);
  },
};

/** A subcommand that opens the window of a setting. */
function toWindow(name: (typeof windows)[number]): Subcommand {
  return {
    describe: (subcommand) => subcommand.setDescription(say(`command.settings.${name}.description`)),
    execute: (_interaction, context) => openSettings(name, context),
  };
}
