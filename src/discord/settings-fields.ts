import {
  ChannelSelectMenuBuilder,
  LabelBuilder,
  RadioGroupBuilder,
  RadioGroupOptionBuilder,
  RoleSelectMenuBuilder,
  TextInputBuilder,
} from '@discordjs/builders';
import { ChannelType, type ModalSubmitInteraction, TextInputStyle } from 'discord.js';
import { UserError } from '../errors.ts';
import type { Chosen, ChosenChannel } from './caller.ts';

/** What was sent with a window, and what Discord says about what was chosen in it. */
export interface SentFields {
  readonly fields: ModalSubmitInteraction['fields'];
  readonly chosen: Chosen;
}

/** Discord's limit for the choices of a menu. */
const mostChosen = 25;

/** Where people may talk to the bot; a category stands for what is in it. */
const anyChannel = [
  ChannelType.GuildText,
  ChannelType.GuildVoice,
  ChannelType.GuildCategory,
  ChannelType.GuildAnnouncement,
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.GuildStageVoice,
  ChannelType.GuildForum,
] as const;

/** One of several values, with their labels; `now` is chosen. */
export function toRadio(
  name: string,
  label: string,
  {
    options,
    now,
  }: { options: readonly { value: string; label: string; description?: string }[]; now: string },
): LabelBuilder {
  const group = new RadioGroupBuilder().setCustomId(name).addOptions(
    options.map(({ value, label: text, description }) => {
      const option = new RadioGroupOptionBuilder()
        .setLabel(text)
        .setValue(value)
        .setDefault(value === now);
      return description === undefined ? option : option.setDescription(description);
    }),
  );
  return new LabelBuilder().setLabel(label).setRadioGroupComponent(group);
}

/** A line, or a paragraph, that may stay empty. */
export function toText(
  name: string,
  label: string,
  { hint, now, longest, isLong = false }: { hint: string; now: string; longest: number; isLong?: boolean },
): LabelBuilder {
  const input = new TextInputBuilder()
    .setCustomId(name)
    .setStyle(isLong ? TextInputStyle.Paragraph : TextInputStyle.Short)
    .setMaxLength(longest)
    .setRequired(false);
  if (now !== '') input.setValue(now);
  return new LabelBuilder().setLabel(label).setDescription(hint).setTextInputComponent(input);
}

/** Any number of channels, or one that the bot writes to; none takes it away. */
export function toChannels(
  name: string,
  label: string,
  { hint, now, isForWriting = false }: { hint: string; now: readonly string[]; isForWriting?: boolean },
): LabelBuilder {
  const select = new ChannelSelectMenuBuilder()
    .setCustomId(name)
    .setMinValues(0)
    .setMaxValues(isForWriting ? 1 : mostChosen)
    .setRequired(false)
    .setDefaultChannels(...now);
  if (isForWriting) select.setChannelTypes(ChannelType.GuildText, ChannelType.GuildAnnouncement);
  else select.setChannelTypes(...anyChannel);
  return new LabelBuilder().setLabel(label).setDescription(hint).setChannelSelectMenuComponent(select);
}

/** Any number of roles; none takes the rule away. */
export function toRoles(
  name: string,
  label: string,
  { hint, now }: { hint: string; now: readonly string[] },
): LabelBuilder {
  const select = new RoleSelectMenuBuilder()
    .setCustomId(name)
    .setMinValues(0)
    .setMaxValues(mostChosen)
    .setRequired(false)
    .setDefaultRoles(...now);
  return new LabelBuilder().setLabel(label).setDescription(hint).setRoleSelectMenuComponent(select);
}

/** Reads one of the values. A script can send any other: throws a `UserError`. */
export function readRadio<Value extends string>(
  { fields }: SentFields,
  name: string,
  values: readonly Value[],
): Value {
  const sent = fields.getRadioGroup(name);
  const value = values.find((one) => one === sent);
  if (value === undefined) throw new UserError('setting-malformed', { setting: name });
  return value;
}

export function readText({ fields }: SentFields, name: string): string {
  return fields.getTextInputValue(name).trim();
}

/** Reads a whole number; `undefined` if the field is empty. */
export function readWhole(sent: SentFields, name: string): number | undefined {
  const text = readText(sent, name);
  if (text === '') return undefined;
  if (!/^\d{1,6}$/u.test(text)) throw new UserError('setting-malformed', { setting: name });
  return Number(text);
}

/** Reads the ids of channels that exist here: Discord says so about each one that can be chosen. */
export function readChannels({ fields, chosen }: SentFields, name: string): ChosenChannel[] {
  return readIds(fields, name).map((id) => {
    const channel = chosen.channel(id);
    if (channel === undefined) throw new UserError('channel-unknown');
    return channel;
  });
}

/** The same for roles. */
export function readRoles({ fields, chosen }: SentFields, name: string): string[] {
  return readIds(fields, name).map((id) => {
    if (!chosen.hasRole(id)) throw new UserError('role-unknown');
    return id;
  });
}

function readIds(fields: SentFields['fields'], name: string): readonly string[] {
  const { values = [] } = fields.getField(name) as { values?: readonly string[] };
  return values;
}
