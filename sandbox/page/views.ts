import { ChannelType } from 'discord-api-types/v10';
import {
  type Attachment,
  type Channel,
  canSee,
  type Discord,
  type Interaction,
  isVisible,
  type Message,
  type Person,
} from '../discord/index.ts';
import type {
  PageAttachment,
  PageChannel,
  PageCommand,
  PageInteraction,
  PageMessage,
  PageOrigin,
  PagePerson,
} from './protocol.ts';

/** What the page shows of the local Discord's objects. */

export function toPagePerson(person: Person, discord: Discord): PagePerson {
  const { administrator, blocked } = discord.world.people;
  const isBlockable = discord.commands().some(({ name }) => name === 'block');
  const standings = new Map([
    [administrator, 'Administrator'],
    [blocked, isBlockable ? 'Blocked member' : 'Member to block'],
  ]);
  const { id, name, locale } = person;
  return { id, name, locale, standing: standings.get(person) ?? 'Member' };
}

export function toPageChannel(channel: Channel, discord: Discord): PageChannel {
  const people = discord.world.everyPerson().filter((person) => canSee(person, channel));
  return {
    id: channel.id,
    name: channel.name,
    kind: toKind(channel),
    ...(isThread(channel) && channel.parent && { parentId: channel.parent.id }),
    ageRestricted: (channel.parent ?? channel).ageRestricted,
    personIds: people.map(({ id }) => id),
  };
}

function toKind(channel: Channel): PageChannel['kind'] {
  if (!channel.guild) return 'direct';
  return isThread(channel) ? 'thread' : 'text';
}

function isThread({ type }: Channel): boolean {
  return type === ChannelType.PublicThread || type === ChannelType.PrivateThread;
}

/** All registered commands, the server's own before global ones with the same name. */
export function toPageCommands(discord: Discord): PageCommand[] {
  const { world } = discord;
  const own = discord.commands(world.guild.id);
  const global = discord
    .commands()
    .filter(({ name, type }) => !own.some((command) => command.name === name && command.type === type));
  return [...own, ...global].map((command) => ({
    id: command.id,
    type: command.type,
    name: command.name,
    description: command.description,
    nameLocalizations: command.name_localizations ?? {},
    descriptionLocalizations: command.description_localizations ?? {},
    options: command.options ?? [],
    visibleTo: Object.fromEntries(
      world.everyChannel().map((channel) => [
        channel.id,
        world
          .everyPerson()
          .filter((person) => isVisible(command, person, channel))
          .map(({ id }) => id),
      ]),
    ),
  }));
}

export function toPageMessage(message: Message): PageMessage {
  const { interaction, forwarded } = message;
  const { content, embeds, attachments } = forwarded ?? message;
  return {
    id: message.id,
    channelId: message.channel.id,
    createdAt: message.createdAt,
    isEdited: message.editedAt !== undefined && interaction === undefined,
    edits: message.edits,
    content: forwarded === undefined ? content : `-# ↪ Forwarded\n${content}`,
    embeds: [...embeds],
    components: message.components,
    attachments: attachments.map(toPageAttachment),
    flags: message.flags,
    ...(message.person && { personId: message.person.id }),
    ...(message.visibleTo && { visibleTo: message.visibleTo.id }),
    ...(interaction && { origin: toOrigin(interaction) }),
  };
}

function toPageAttachment(attachment: Attachment): PageAttachment {
  return {
    id: attachment.id,
    name: attachment.name,
    url: attachment.url,
    bytes: attachment.bytes.length,
    contentType: attachment.contentType,
    spoiler: attachment.spoiler,
    ...(attachment.width !== undefined && { width: attachment.width }),
    ...(attachment.height !== undefined && { height: attachment.height }),
    ...(attachment.description !== undefined && { description: attachment.description }),
  };
}

/** The answer to a modal shows what opened it. */
function toOrigin(interaction: Interaction): PageOrigin {
  const used = interaction.opener ?? interaction;
  return {
    personId: interaction.person.id,
    name: toUsedName(used),
    isCommand: toCommandData(used) !== undefined,
    ...(interaction.source && { messageId: interaction.source.id }),
  };
}

export function toPageInteraction(interaction: Interaction, isOver: boolean): PageInteraction {
  const { id, at, person, channel, source, modal, acknowledgement } = interaction;
  return {
    id,
    at,
    personId: person.id,
    channelId: channel.id,
    name: toUsedName(interaction),
    isCommand: toCommandData(interaction) !== undefined,
    state: acknowledgement ? 'answered' : isOver ? 'failed' : 'pending',
    ...(source && { messageId: source.id }),
    ...(modal && { modal }),
  };
}

interface CommandData {
  readonly name: string;
  readonly type: number;
  readonly options?: readonly CommandData[];
}

/** Types 1 and 2 among options are subcommands and their groups. */
function toUsedName(interaction: Interaction): string {
  const command = toCommandData(interaction);
  if (command === undefined) return interaction.summary;
  if (command.type !== 1) return command.name;
  const words: string[] = [];
  for (
    let step: CommandData | undefined = command;
    step;
    step = step.options?.find(({ type }) => type <= 2)
  ) {
    words.push(step.name);
  }
  return `/${words.join(' ')}`;
}

function toCommandData({ payload, type }: Interaction): CommandData | undefined {
  return type === 2 ? (payload as { data: CommandData }).data : undefined;
}
