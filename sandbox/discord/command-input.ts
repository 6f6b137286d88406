import type { APIApplicationCommandOption } from 'discord-api-types/v10';
import { ApplicationCommandOptionType as OptionType } from 'discord-api-types/v10';
import type { Upload } from './attachments.ts';
import type { RegisteredCommand } from './commands.ts';
import type { Resolved } from './resolved.ts';

/** What a person fills in: text, numbers, yes or no, a file, or a person, channel or role. */
export type OptionValue = string | number | boolean | Upload | { readonly id: string };
export type OptionValues = Readonly<Record<string, OptionValue | undefined>>;

export interface CommandInput {
  /** The way to the subcommand: `grid`, or `settings show` through a group. */
  readonly subcommand?: string | undefined;
  readonly options?: OptionValues | undefined;
  /** The option being typed: nothing is required yet, and a number may still be text. */
  readonly focused?: string | undefined;
  /** A hostile client: values that the command doesn't allow, or missing although they're required. */
  readonly forge?: boolean | undefined;
}

interface SentOption {
  name: string;
  type: OptionType;
  value?: string | number | boolean;
  options?: SentOption[];
  focused?: true;
}

/** The options as the client sends them. Throws, in words, for anything the client wouldn't let a person send. */
export async function toCommandOptions(
  command: RegisteredCommand,
  input: CommandInput,
  resolved: Resolved,
): Promise<SentOption[]> {
  const way = input.subcommand?.split(' ') ?? [];
  const steps: APIApplicationCommandOption[] = [];
  let definitions = command.options ?? [];
  for (const name of way) {
    const step = definitions.find((candidate) => candidate.name === name && isBranch(candidate));
    if (!step)
      throw new Error(`/${command.name} has no subcommand "${name}"; it has ${toNames(definitions)}`);
    steps.push(step);
    definitions = 'options' in step ? (step.options ?? []) : [];
  }
  const where = [`/${command.name}`, ...way].join(' ');
  if (definitions.some(isBranch)) throw new Error(`${where} needs a subcommand: ${toNames(definitions)}`);
  const filled = await fill(definitions, input, resolved, where);
  return steps.reduceRight<SentOption[]>((options, { name, type }) => [{ name, type, options }], filled);
}

async function fill(
  definitions: readonly APIApplicationCommandOption[],
  { options = {}, focused, forge = false }: CommandInput,
  resolved: Resolved,
  where: string,
): Promise<SentOption[]> {
  for (const name of [...Object.keys(options), ...(focused === undefined ? [] : [focused])]) {
    if (definitions.some((definition) => definition.name === name)) continue;
    throw new Error(`${where} has no option "${name}"; it has ${toNames(definitions)}`);
  }
  const sent: SentOption[] = [];
  for (const definition of definitions) {
    const { name, type } = definition;
    const value = options[name];
    if (name === focused) {
      if (!('autocomplete' in definition && definition.autocomplete)) {
        throw new Error(`${where}: option "${name}" has no autocomplete`);
      }
      sent.push({ name, type, value: String(value ?? ''), focused: true });
    } else if (value !== undefined) {
      try {
        if (!forge) requireAllowed(definition, value);
        sent.push({ name, type, value: await toValue(definition, value, resolved) });
      } catch (error) {
        throw new Error(`${where}: option "${name}" ${(error as Error).message}`, { cause: error });
      }
    } else if (definition.required && focused === undefined && !forge) {
      throw new Error(`${where}: option "${name}" is required`);
    }
  }
  return sent;
}

/** Type, range and choices of plain values. */
function requireAllowed(definition: APIApplicationCommandOption, value: OptionValue): void {
  switch (definition.type) {
    case OptionType.String:
      if (typeof value !== 'string') throw new Error('takes text');
      requireRange(value.length, definition.min_length, definition.max_length ?? 6000, 'characters');
      requireChoice(definition, value);
      return;
    case OptionType.Integer:
    case OptionType.Number: {
      if (typeof value !== 'number') throw new Error('takes a number');
      const isWhole = Number.isSafeInteger(value) || definition.type === OptionType.Number;
      if (!isWhole) throw new Error('takes a whole number');
      requireRange(value, definition.min_value, definition.max_value, 'as value');
      requireChoice(definition, value);
      return;
    }
    case OptionType.Boolean:
      if (typeof value !== 'boolean') throw new Error('takes true or false');
      return;
    default:
  }
}

async function toValue(
  definition: APIApplicationCommandOption,
  value: OptionValue,
  resolved: Resolved,
): Promise<string | number | boolean> {
  switch (definition.type) {
    case OptionType.Attachment:
      if (!isUpload(value)) throw new Error('takes a file: { name, bytes }');
      return resolved.attach(value);
    case OptionType.User:
      return resolved.user(toId(value));
    case OptionType.Channel:
      return resolved.channel(toId(value));
    case OptionType.Role:
      return resolved.role(toId(value));
    case OptionType.Mentionable:
      return resolved.mentionable(toId(value));
    default:
      if (typeof value === 'object') throw new Error('takes a plain value');
      return value;
  }
}

export function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'bytes' in value;
}

export function requireRange(
  value: number,
  minimum: number | undefined,
  maximum: number | undefined,
  unit: string,
): void {
  if (minimum !== undefined && value < minimum)
    throw new Error(`takes at least ${minimum} ${unit}, not ${value}`);
  if (maximum !== undefined && value > maximum)
    throw new Error(`takes at most ${maximum} ${unit}, not ${value}`);
}

function requireChoice(definition: APIApplicationCommandOption, value: string | number): void {
  const choices = 'choices' in definition ? (definition.choices ?? []) : [];
  if (choices.length === 0 || choices.some((choice) => choice.value === value)) return;
  throw new Error(`takes one of ${choices.map((choice) => choice.value).join(', ')}, not ${value}`);
}

function toId(value: OptionValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && 'id' in value) return value.id;
  throw new Error('takes an id or an object with one');
}

function isBranch({ type }: APIApplicationCommandOption): boolean {
  return type === OptionType.Subcommand || type === OptionType.SubcommandGroup;
}

function toNames(definitions: readonly { name: string }[]): string {
  return definitions.map(({ name }) => name).join(', ') || 'none';
}
