import {
  CheckboxGroupBuilder,
  CheckboxGroupOptionBuilder,
  LabelBuilder,
  ModalBuilder,
  RadioGroupBuilder,
  RadioGroupOptionBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
} from '@discordjs/builders';
import {
  type APIModalInteractionResponseCallbackData,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { cutText, shortenText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { Words } from '../locales/index.ts';
import { versions as allVersions, type Version } from '../prompt/models.ts';
import { longestCodeName, longestText } from '../prompt/preferences.ts';
import type { OwnPreferences, SettingChanges } from '../service/preferences.ts';
import { speeds } from '../task.ts';
import { encodePress, preferencesId } from './custom-id.ts';

/** Stands for no preference; a choice can't be taken back without one. */
const none = 'none';
const toggles = ['raw', 'translate', 'remix', 'notify', 'metadata'] as const;

/** The modal with a person's settings as they are now. A modal has room for five. */
export function toPreferencesModal(
  own: OwnPreferences,
  versions: readonly Version[],
  words: Words,
): APIModalInteractionResponseCallbackData {
  const { say } = words;
  return new ModalBuilder()
    .setCustomId(preferencesId)
    .setTitle(say('preferences.title'))
    .addLabelComponents(
      toVersionInput(own, versions, words),
      toTextInput('aspect', own.aspect, { limit: 12, style: TextInputStyle.Short }, words),
      toSpeedInput(own, words),
      toTextInput('suffix', own.suffix, { limit: longestText, style: TextInputStyle.Paragraph }, words),
      toToggles(own, words),
    )
    .toJSON();
}

/** Reads the modal. What was emptied is taken away; the service checks what was typed. */
export function readPreferencesModal({ fields }: ModalSubmitInteraction): SettingChanges {
  const [version] = fields.getStringSelectValues('version');
  const speed = fields.getRadioGroup('speed');
  const on = fields.getCheckboxGroup('toggles');
  return {
    version: readVersion(version),
    aspect: fields.getTextInputValue('aspect').trim() || undefined,
    speed: speeds.find((one) => one === speed),
    suffix: fields.getTextInputValue('suffix'),
    raw: on.includes('raw'),
    translate: on.includes('translate'),
    remix: on.includes('remix'),
    notify: on.includes('notify') ? undefined : 'off',
    metadata: on.includes('metadata') ? undefined : 'off',
  };
}

/** Anybody can send any text. Throws a `UserError` for one that isn't a version. */
function readVersion(chosen = none): Version | undefined {
  if (chosen === none) return undefined;
  const version = allVersions.find((one) => one === chosen);
  if (version === undefined)
    throw new UserError('option-malformed', { option: 'version', value: shortenText(chosen, 100) });
  return version;
}

function toVersionInput(
  { version: own }: OwnPreferences,
  versions: readonly Version[],
  { say }: Words,
): LabelBuilder {
  // A version that no account takes any more would otherwise be dropped just because the window was opened.
  const all = own === undefined || versions.includes(own) ? versions : [own, ...versions];
  const select = new StringSelectMenuBuilder()
    .setCustomId('version')
    .addOptions(
      { label: say('preference.default'), value: none, default: own === undefined },
      ...all.map((name) => ({ label: name, value: name, default: name === own })),
    );
  return new LabelBuilder().setLabel(say('preference.version')).setStringSelectMenuComponent(select);
}

function toTextInput(
  name: 'aspect' | 'suffix',
  value: string | undefined,
  { limit, style }: { limit: number; style: TextInputStyle },
  { say }: Words,
): LabelBuilder {
  const input = new TextInputBuilder()
    .setCustomId(name)
    .setStyle(style)
    .setMaxLength(limit)
    .setRequired(false);
  if (value !== undefined) input.setValue(value);
  return new LabelBuilder()
    .setLabel(say(`preference.${name}`))
    .setDescription(say(`preferences.hint.${name}`))
    .setTextInputComponent(input);
}

function toSpeedInput({ speed: own }: OwnPreferences, { say }: Words): LabelBuilder {
  const toOption = (label: string, value: string, isChosen: boolean) =>
    new RadioGroupOptionBuilder().setLabel(label).setValue(value).setDefault(isChosen);
  const group = new RadioGroupBuilder()
    .setCustomId('speed')
    .addOptions(
      toOption(say('preference.none'), none, own === undefined),
      ...speeds.map((speed) => toOption(say(`speed.${speed}`), speed, speed === own)),
    );
  return new LabelBuilder().setLabel(say('preference.speed')).setRadioGroupComponent(group);
}

function toToggles(own: OwnPreferences, { say }: Words): LabelBuilder {
  const group = new CheckboxGroupBuilder()
    .setCustomId('toggles')
    .setRequired(false)
    .setMinValues(0)
    .addOptions(
      toggles.map((name) =>
        new CheckboxGroupOptionBuilder()
          .setLabel(say(`preferences.option.${name}`))
          .setValue(name)
          .setDefault(isOn(own, name)),
      ),
    );
  return new LabelBuilder().setLabel(say('preferences.options')).setCheckboxGroupComponent(group);
}

function isOn(own: OwnPreferences, name: (typeof toggles)[number]): boolean {
  return name === 'notify' || name === 'metadata' ? own[name] === undefined : own[name] === true;
}

/** The modal that asks for a name to save a style under. */
export function toStyleModal(
  taskId: string,
  codes: string,
  { say }: Words,
): APIModalInteractionResponseCallbackData {
  const input = new TextInputBuilder()
    .setCustomId('name')
    .setStyle(TextInputStyle.Short)
    .setMaxLength(longestCodeName)
    .setRequired(true)
    .setValue(cutText(say('preferences.style-name', { codes }), longestCodeName));
  return new ModalBuilder()
    .setCustomId(encodePress({ kind: 'keep-style-window', taskId }))
    .setTitle(say('button.keep-style'))
    .addLabelComponents(
      new LabelBuilder().setLabel(say('preferences.hint.name')).setTextInputComponent(input),
    )
    .toJSON();
}

export function readStyleModal({ fields }: ModalSubmitInteraction): string {
  return fields.getTextInputValue('name');
}
