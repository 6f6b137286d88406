import type { APIApplicationCommandOptionChoice, APIEmbed } from 'discord-api-types/v10';
import {
  ApplicationCommandType,
  ComponentType,
  InteractionType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { measure, type Upload } from './attachments.ts';
import { findButton } from './button-input.ts';
import type { CommandInput, OptionValues } from './command-input.ts';
import { toCommandOptions } from './command-input.ts';
import type { RegisteredCommand } from './commands.ts';
import { labelOf, selectsOf } from './components.ts';
import { toInteractionPayload } from './interaction-payload.ts';
import type { NewInteraction } from './interactions.ts';
import type { ModalValues } from './modal-input.ts';
import { toModalComponents } from './modal-input.ts';
import type { Interaction, Message } from './records.ts';
import { createResolved } from './resolved.ts';
import { toSelection } from './select-input.ts';
import type { State } from './state.ts';
import { requireVisible } from './visibility.ts';
import type { Channel, Person } from './world.ts';
import { canSee, toPermissions } from './world.ts';

interface Place {
  person: Person;
  channel: Channel;
}

export interface RunInput extends Place {
  /** Without the slash. */
  command: string;
  /** `grid`, or `settings show` through a group. */
  subcommand?: string;
  options?: OptionValues;
  /** A hostile client: values that the command doesn't allow, and missing required ones. */
  forge?: boolean;
}

interface Target {
  person: Person;
  message: Message | string;
}

export interface ClickInput extends Target {
  customId?: string;
  /** The button's label, or its emoji. */
  label?: string;
  /** A hostile client: any custom id, on any message, visible or not, even of disabled buttons. */
  forge?: boolean;
}

export interface ChooseInput extends Target {
  /** May be left out if the message has one select. */
  customId?: string;
  /** Values or labels; ids for people, roles and channels. */
  values: readonly string[];
  /** A hostile client: values are sent unchanged, to any custom id. */
  forge?: boolean;
}

export interface SubmitInput {
  person: Person;
  /** The interaction that was answered with the modal. */
  interaction: Interaction;
  values?: ModalValues;
  /** A hostile client: any custom id, and the same modal as often as it likes. */
  forge?: { customId?: string };
}

export interface AutocompleteInput extends RunInput {
  /** The option being typed; what was typed so far is its value in `options`. */
  focused: string;
}

/** What people can do. Everything resolves once the interaction was dispatched, and throws for what the client wouldn't let them do. */
export interface People {
  run(input: RunInput): Promise<Interaction>;
  click(input: ClickInput): Promise<Interaction>;
  choose(input: ChooseInput): Promise<Interaction>;
  submit(input: SubmitInput): Promise<Interaction>;
  /** Resolves when the choices are there. */
  autocomplete(input: AutocompleteInput): Promise<APIApplicationCommandOptionChoice[]>;
  /** Apps → a command on a message. */
  runOnMessage(input: Target & { command: string }): Promise<Interaction>;
  /** Apps → a command on a person. */
  runOnPerson(input: Place & { target: Person; command: string }): Promise<Interaction>;
  /** Writes an ordinary message. */
  say(input: Place & { content: string }): Message;
  /** The same with files, or with the previews that Discord makes of links. */
  post(input: Place & { content?: string; files?: readonly Upload[]; embeds?: APIEmbed[] }): Promise<Message>;
  /** Deletes a message, as its moderators can; its routes answer 10008 from then on. */
  remove(message: Message): void;
}

type Dispatch = (name: string, data: object, guildId?: string) => void;

export function createPeople(state: State, dispatch: Dispatch): People {
  const { world, messages, interactions, commands, traffic } = state;

  function send(
    input: Place & Pick<NewInteraction, 'type' | 'summary' | 'source' | 'opener'>,
    data: object,
  ): Interaction {
    const { guild } = input.channel;
    const personOnly = guild ? !guild.hasApp : !input.channel.withBot;
    const mayPost = !guild || toPermissions(input.person, guild) & PermissionFlagsBits.UseExternalApps;
    const created: NewInteraction = { ...input, personOnly, forcedEphemeral: personOnly && !mayPost };
    const interaction = interactions.create(created);
    interaction.payload = state.settings.reshape(toInteractionPayload(interaction, data, world));
    traffic.emit({ type: 'interaction', at: interaction.at, interaction });
    dispatch('INTERACTION_CREATE', interaction.payload, guild?.id);
    return interaction;
  }

  function findCommand({ person, channel }: Place, name: string, type: ApplicationCommandType) {
    const command = commands.find(name, type, channel.guild?.id);
    const known = [...commands.list(channel.guild?.id), ...(channel.guild ? commands.list() : [])]
      .filter((candidate) => candidate.type === type)
      .map((candidate) => candidate.name);
    if (!command)
      throw new Error(`"${name}" is not registered; registered are: ${known.join(', ') || 'none'}`);
    requireVisible(command, person, channel);
    return command;
  }

  async function sendCommand(type: InteractionType, input: RunInput & CommandInput): Promise<Interaction> {
    const { person, channel } = input;
    const command = findCommand(input, input.command, ApplicationCommandType.ChatInput);
    const resolved = createResolved(state, channel.guild);
    const options = await toCommandOptions(command, input, resolved);
    const words = Object.entries(input.options ?? {}).map(
      ([name, value]) =>
        `${name}: ${typeof value === 'object' ? ('name' in value ? value.name : value.id) : value}`,
    );
    const summary = [`/${command.name}`, input.subcommand, ...words].filter(Boolean).join(' ');
    return send(
      { person, channel, type, summary },
      { ...toCommandHead(command), options, ...resolved.toPart() },
    );
  }

  function findTarget({ person, message }: Target, forge = false): Message {
    const found = typeof message === 'string' ? messages.find(message) : message;
    if (!found) throw new Error(`there is no message ${message}`);
    if (forge) return found;
    if (found.deleted) throw new Error(`message ${found.id} was deleted`);
    const isVisible = canSee(person, found.channel) && (!found.visibleTo || found.visibleTo === person);
    if (!isVisible) throw new Error(`${person.name} cannot see message ${found.id}`);
    return found;
  }

  function sendComponent(
    person: Person,
    source: Message,
    component: { type: ComponentType; custom_id: string; id?: number },
    rest: { summary: string; data?: object },
  ): Interaction {
    const { type, custom_id, id = 1 } = component;
    const place = { person, channel: source.channel, source, summary: rest.summary };
    const data = { component_type: type, custom_id, id, ...rest.data };
    return send({ ...place, type: InteractionType.MessageComponent }, data);
  }

  return {
    run: (input) => sendCommand(InteractionType.ApplicationCommand, input),
    async autocomplete(input) {
      const interaction = await sendCommand(InteractionType.ApplicationCommandAutocomplete, input);
      await interaction.acknowledged;
      return interaction.choices ?? [];
    },
    async click({ person, message, customId, label, forge }) {
      const source = findTarget({ person, message }, forge);
      if (forge) {
        if (customId === undefined) throw new Error('a forged click needs a custom id');
        const button = { type: ComponentType.Button, custom_id: customId };
        return sendComponent(person, source, button, { summary: `forged button ${customId}` });
      }
      const button = findButton(source, { customId, label });
      return sendComponent(person, source, button, { summary: `button "${labelOf(button)}"` });
    },
    async choose({ person, message, customId, values, forge }) {
      const source = findTarget({ person, message }, forge);
      const resolved = createResolved(state, source.channel.guild);
      if (forge) {
        const select = { type: ComponentType.StringSelect, custom_id: customId ?? '' };
        return sendComponent(person, source, select, { summary: 'forged select', data: { values } });
      }
      const selects = selectsOf(source).filter(
        (select) => customId === undefined || select.custom_id === customId,
      );
      const [select, another] = selects;
      if (!select || another) throw new Error(`message ${source.id} has ${selects.length} selects that fit`);
      if (select.disabled) throw new Error(`select ${select.custom_id} is disabled`);
      const chosen = toSelection(select, values, resolved);
      const data = { values: chosen, ...resolved.toPart() };
      return sendComponent(person, source, select, { summary: `select ${chosen.join(', ')}`, data });
    },
    async submit({ person, interaction: opener, values = {}, forge }) {
      const { channel, modal, source } = opener;
      if (!modal) throw new Error(`${opener.summary} was not answered with a modal`);
      if (!forge && opener.person !== person) throw new Error(`${person.name} does not see this modal`);
      if (!forge && opener.modalSubmitted) throw new Error(`the modal "${modal.title}" was sent already`);
      const resolved = createResolved(state, channel.guild);
      const components = await toModalComponents(modal, values, resolved);
      opener.modalSubmitted = true;
      const summary = `modal "${modal.title}"`;
      return send(
        { person, channel, type: InteractionType.ModalSubmit, summary, opener, ...(source && { source }) },
        { custom_id: forge?.customId ?? modal.custom_id, components, ...resolved.toPart() },
      );
    },
    async runOnMessage({ person, message, command: name }) {
      const target = findTarget({ person, message });
      const place = { person, channel: target.channel };
      const command = findCommand(place, name, ApplicationCommandType.Message);
      const resolved = createResolved(state, target.channel.guild);
      const data = { ...toCommandHead(command), target_id: resolved.message(target), ...resolved.toPart() };
      return send({ ...place, type: InteractionType.ApplicationCommand, summary: `Apps → ${name}` }, data);
    },
    async runOnPerson({ person, channel, target, command: name }) {
      const command = findCommand({ person, channel }, name, ApplicationCommandType.User);
      const resolved = createResolved(state, channel.guild);
      const data = { ...toCommandHead(command), target_id: resolved.user(target.id), ...resolved.toPart() };
      const summary = `Apps → ${name} on ${target.name}`;
      return send({ person, channel, type: InteractionType.ApplicationCommand, summary }, data);
    },
    say({ person, channel, content }) {
      requireWritable({ person, channel });
      return messages.create({ channel, person, body: { content } });
    },
    async post({ person, channel, content = '', files = [], embeds = [] }) {
      requireWritable({ person, channel });
      const measured = await Promise.all(files.map(measure));
      return messages.create({
        channel,
        person,
        body: { content, embeds },
        files: new Map(measured.entries()),
      });
    },
    remove: messages.remove,
  };
}

function requireWritable({ person, channel }: Place): void {
  const permissions = channel.guild ? toPermissions(person, channel.guild) : 0n;
  const mayWrite = !channel.locked || (permissions & PermissionFlagsBits.ManageThreads) !== 0n;
  if (!mayWrite) throw new Error(`${person.name} cannot write in #${channel.name}: it is locked`);
}

function toCommandHead({ id, name, type, guild_id: guildId }: RegisteredCommand): object {
  return { id, name, type, ...(guildId !== undefined && { guild_id: guildId }) };
}
