import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, CommandContext, PricedAccount } from '../src/discord/command.ts';
import { choice, readChoice, readSpeed } from '../src/discord/options.ts';
import { toPreferencesModal } from '../src/discord/preferences-modal.ts';
import {
  renderPreferences,
  toCodeGone,
  toCodeSentence,
  toPresetGone,
  toPresetSentence,
} from '../src/discord/render/preferences.ts';
import { suggestAspects, suggestCodes, suggestPresets } from '../src/discord/suggestions.ts';
import { english } from '../src/locales/index.ts';
import { listVersions } from '../src/prompt/kinds.ts';
import { ranges, versions } from '../src/prompt/models.ts';
import type { SettingChanges } from '../src/service/preferences.ts';
import { speeds } from '../src/task.ts';

const { say } = english;
const settings = [
  'version',
  'aspect',
  'speed',
  'stylize',
  'raw',
  'suffix',
  'translate',
  'remix',
  'notify',
  'metadata',
] as const;
const resettable = ['settings', ...settings, 'presets', 'codes', 'everything'] as const;
const notices = ['mention', 'off'] as const;
const uses = ['style', 'profile'] as const;

/** With the versions that one of those accounts takes. */
const build = (accounts: readonly PricedAccount[] = []) =>
  new SlashCommandBuilder()
    .setName('preferences')
    .setDescription(say('command.preferences.description'))
    .addSubcommand((subcommand) =>
      subcommand.setName('show').setDescription(say('command.preferences.show.description')),
    )
    .addSubcommand((subcommand) =>
      subcommand
        .setName('set')
        .setDescription(say('command.preferences.set.description'))
        .addStringOption((option) =>
          option
            .setName('aspect')
            .setDescription(say('command.preferences.set.option.aspect'))
            .setMaxLength(12)
            .setAutocomplete(true),
        )
        .addStringOption((option) =>
          option
            .setName('version')
            .setDescription(say('command.preferences.set.option.version'))
            .addChoices(...listVersions(accounts.map(({ kind }) => kind)).map(choice)),
        )
        .addStringOption((option) =>
          option
            .setName('speed')
            .setDescription(say('command.preferences.set.option.speed'))
            .addChoices(...speeds.map(choice)),
        )
        .addIntegerOption((option) =>
          option
            .setName('stylize')
            .setDescription(say('command.preferences.set.option.stylize'))
            .setMinValue(ranges.stylize[0])
            .setMaxValue(ranges.stylize[1]),
        )
        .addBooleanOption((option) =>
          option.setName('raw').setDescription(say('command.preferences.set.option.raw')),
        )
        .addStringOption((option) =>
          option.setName('suffix').setDescription(say('command.preferences.set.option.suffix')),
        )
        .addBooleanOption((option) =>
          option.setName('translate').setDescription(say('command.preferences.set.option.translate')),
        )
        .addBooleanOption((option) =>
          option.setName('remix').setDescription(say('command.preferences.set.option.remix')),
        )
        .addStringOption((option) =>
          option
            .setName('notify')
            .setDescription(say('command.preferences.set.option.notify'))
            .addChoices(
              ...notices.map((name) => ({
                name: say(`command.preferences.set.choice.${name}`),
                value: name,
              })),
            ),
        )
        .addBooleanOption((option) =>
          option.setName('metadata').setDescription(say('command.preferences.set.option.metadata')),
        ),
    )
    .addSubcommand((subcommand) =>
      subcommand
        .setName('reset')
        .setDescription(say('command.preferences.reset.description'))
        .addStringOption((option) =>
          option
            .setName('what')
            .setDescription(say('command.preferences.reset.option.what'))
            .addChoices(
              ...resettable.map((name) => ({
                name: isSetting(name)
                  ? say(`preference.${name}`)
                  : say(`command.preferences.reset.choice.${name}`),
                value: name,
              })),
            ),
        ),
    )
    .addSubcommand((subcommand) =>
      subcommand
        .setName('preset')
        .setDescription(say('command.preferences.preset.description'))
        .addStringOption((option) =>
          option
            .setName('name')
            .setDescription(say('command.preferences.preset.option.name'))
            .setRequired(true)
            .setAutocomplete(true),
        )
        .addStringOption((option) =>
          option.setName('text').setDescription(say('command.preferences.preset.option.text')),
        ),
    )
    .addSubcommand((subcommand) =>
      subcommand
        .setName('code')
        .setDescription(say('command.preferences.code.description'))
        .addStringOption((option) =>
          option
            .setName('name')
            .setDescription(say('command.preferences.code.option.name'))
            .setRequired(true)
            .setAutocomplete(true),
        )
        .addStringOption((option) =>
          option.setName('code').setDescription(say('command.preferences.code.option.code')),
        )
        .addStringOption((option) =>
          option
            .setName('use')
            .setDescription(say('command.preferences.code.option.use'))
            .addChoices(
              ...uses.map((use) => ({ name: say(`command.preferences.code.choice.${use}`), value: use })),
            ),
        ),
    );

export const preferences: Command = {
  data: build(),
  describe: build,
  async execute(interaction, context) {
    switch (interaction.options.getSubcommand()) {
      case 'set':
        return set(interaction, context);
      case 'reset':
        return reset(interaction, context);
      case 'preset':
        return savePreset(interaction, context);
      case 'code':
        return saveCode(interaction, context);
      default:
        return show(context);
    }
  },

  async complete(interaction, { preferences, caller, words }) {
    const { name, value } = interaction.options.getFocused(true);
    if (name === 'aspect') return suggestAspects(value, words);
    const own = await preferences.read(caller.userId);
    return interaction.options.getSubcommand() === 'preset'
      ? suggestPresets(own.presets, value)
      : suggestCodes(own.codes, undefined, value);
  },
};

/** Shows all of the caller's preferences, after a sentence about what has changed. */
async function show(
  { preferences, caller, words, replyPrivately }: CommandContext,
  sentence?: string,
): Promise<void> {
  const own = await preferences.read(caller.userId);
  const price = await preferences.price(caller.asker);
  const remixable = preferences.remixable();
  await replyPrivately(renderPreferences({ own, price, remixable, sentence }, words));
}

async function set(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const { preferences, caller, words, responder } = context;
  const changes = readChanges(interaction);
  if (Object.keys(changes).length === 0) {
    const own = await preferences.read(caller.userId);
    return responder.openModal(interaction, toPreferencesModal(own, preferences.versions, words));
  }
  await preferences.set(caller.userId, changes);
  await show(context, words.say('preferences.saved'));
}

/** The options that were given. */
function readChanges(interaction: ChatInputCommandInteraction): SettingChanges {
  const { options } = interaction;
  const read = {
    aspect: options.getString('aspect'),
    version: readChoice(interaction, 'version', versions) ?? null,
    speed: readSpeed(interaction) ?? null,
    stylize: options.getInteger('stylize'),
    raw: options.getBoolean('raw'),
    suffix: options.getString('suffix'),
    translate: options.getBoolean('translate'),
    remix: options.getBoolean('remix'),
  };
  const notice = readChoice(interaction, 'notify', notices);
  const notify = notice === undefined ? {} : { notify: notice === 'off' ? notice : undefined };
  const isMarked = options.getBoolean('metadata');
  const metadata = isMarked === null ? {} : { metadata: isMarked ? undefined : ('off' as const) };
  const given = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== null));
  return { ...given, ...notify, ...metadata };
}

async function reset(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void> {
  const { preferences, caller, words } = context;
  const what = readChoice(interaction, 'what', resettable) ?? 'settings';
  const isAll = what === 'everything';
  const names = what === 'settings' || isAll ? settings : [what];
  await preferences.reset(caller.userId, isAll ? [...names, 'presets', 'codes'] : names);
  await show(context, words.say('preferences.reset'));
}

async function savePreset(
  interaction: ChatInputCommandInteraction,
  { preferences, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  const name = interaction.options.getString('name', true);
  const text = interaction.options.getString('text');
  if (text === null || text.trim() === '') {
    const removed = await preferences.removePreset(caller.userId, name);
    return replyPrivately({ content: toPresetGone(removed, words) });
  }
  const saved = await preferences.savePreset(caller.userId, name, text);
  const price = await preferences.price(caller.asker, saved);
  await replyPrivately({ content: toPresetSentence(saved, price, words) });
}

async function saveCode(
  interaction: ChatInputCommandInteraction,
  { preferences, caller, words, replyPrivately }: CommandContext,
): Promise<void> {
  const name = interaction.options.getString('name', true);
  const value = interaction.options.getString('code');
  if (value === null || value.trim() === '') {
    const removed = await preferences.removeCode(caller.userId, name);
    return replyPrivately({ content: toCodeGone(removed, words) });
  }
  const kind = readChoice(interaction, 'use', uses);
  const saved = await preferences.saveCode(caller.userId, { name, value, kind });
  await replyPrivately({ content: toCodeSentence(saved, words) });
}

function isSetting(name: string): name is (typeof settings)[number] {
  return settings.some((setting) => setting === name);
}
