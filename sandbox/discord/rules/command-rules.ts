import type { APIApplicationCommandOption } from 'discord-api-types/v10';
import { ApplicationCommandOptionType, ApplicationCommandType, Locale } from 'discord-api-types/v10';
import type { NewCommand } from '../commands.ts';
import type { Problem } from './problem.ts';
import { missing, refusedBecause, tooLong, unwise } from './problem.ts';

type Path = readonly (string | number)[];

/** All limits and patterns: Discord docs, interactions/application-commands. */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const MOST_CHARACTERS = 8000;
const MOST_COMMANDS: Readonly<Record<number, number>> = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
};
const LOCALES: ReadonlySet<string> = new Set(Object.values(Locale));
const BRANCHES: readonly number[] = [
  ApplicationCommandOptionType.Subcommand,
  ApplicationCommandOptionType.SubcommandGroup,
];

type Localizations = Partial<Record<string, string | null>> | null | undefined;
interface Named {
  name: string;
  description?: string;
  name_localizations?: Localizations;
  description_localizations?: Localizations;
}

export function findCommandProblems(commands: readonly NewCommand[], isGlobal: boolean): Problem[] {
  const problems = commands.flatMap((command, index) => findInCommand(command, isGlobal, [index]));
  for (const [type, most] of Object.entries(MOST_COMMANDS)) {
    const ofType = commands.filter((command) => (command.type ?? 1) === Number(type));
    if (ofType.length > most) problems.push(tooLong([], ofType.length, most));
    const repeated = findRepeated(ofType.map(({ name }) => name));
    if (repeated === undefined) continue;
    const message = 'Application command names must be unique';
    problems.push(refusedBecause([], 'APPLICATION_COMMANDS_DUPLICATE_NAME', `${message}: ${repeated}`));
  }
  return problems;
}

function findInCommand(command: NewCommand, isGlobal: boolean, at: Path): Problem[] {
  const isChatInput = (command.type ?? ApplicationCommandType.ChatInput) === ApplicationCommandType.ChatInput;
  const problems = [...findLocaleProblems(command, at)];
  if (isChatInput) {
    problems.push(...findNameProblems(command, at));
    if (!command.description) problems.push(missing([...at, 'description']));
  } else if (command.description && command.type !== ApplicationCommandType.PrimaryEntryPoint) {
    const message = 'Context menu commands cannot have description';
    problems.push(
      refusedBecause([...at, 'description'], 'APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED', message),
    );
  }
  const { options = [] } = command;
  problems.push(...findOptionProblems(options, [...at, 'options']));
  const total = countCharacters(command) + countOptions(options);
  if (total > MOST_CHARACTERS) {
    const message = `Command exceeds maximum size (${MOST_CHARACTERS}, is ${total})`;
    problems.push(refusedBecause(at, 'APPLICATION_COMMAND_TOO_LARGE', message));
  }
  const permissions: unknown = command.default_member_permissions;
  if (typeof permissions === 'string' && !/^\d+$/.test(permissions)) {
    problems.push(
      refusedBecause([...at, 'default_member_permissions'], 'BASE_TYPE_BAD_FORMAT', 'Not a bit set'),
    );
  }
  if (!isGlobal && (command.contexts || command.integration_types)) {
    problems.push(unwise(at, 'contexts and integration_types work for global commands only'));
  }
  return problems;
}

function findOptionProblems(options: readonly APIApplicationCommandOption[], at: Path): Problem[] {
  const problems = options.flatMap((option, index) => findInOption(option, [...at, index]));
  const repeated = findRepeated(options.map(({ name }) => name));
  if (repeated !== undefined) {
    const message = `Option names must be unique: ${repeated}`;
    problems.push(refusedBecause(at, 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', message));
  }
  const firstOptional = options.findIndex((option) => !option.required);
  const late =
    firstOptional < 0 ? -1 : options.findIndex((option, index) => index > firstOptional && option.required);
  if (late >= 0) {
    const message = 'Required options must be placed before non-required options';
    problems.push(refusedBecause([...at, late], 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message));
  }
  const branches = options.filter(({ type }) => BRANCHES.includes(type));
  if (branches.length > 0 && branches.length < options.length) {
    const message =
      'Sub-command and sub-command group option types are mutually exclusive to all other types';
    problems.push(refusedBecause(at, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message));
  }
  return problems;
}

function findInOption(option: APIApplicationCommandOption, at: Path): Problem[] {
  const problems = [...findNameProblems(option, at), ...findLocaleProblems(option, at)];
  if ('options' in option) problems.push(...findOptionProblems(option.options ?? [], [...at, 'options']));
  const choices = 'choices' in option ? (option.choices ?? []) : [];
  if (choices.length > 0 && 'autocomplete' in option && option.autocomplete) {
    const message = 'autocomplete may not be set to true if choices are present';
    problems.push(
      refusedBecause([...at, 'autocomplete'], 'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES', message),
    );
  }
  for (const key of ['name', 'value'] as const) {
    const repeated = findRepeated(choices.map((choice) => choice[key]));
    if (repeated === undefined) continue;
    const message = `Choice ${key}s must be unique: ${repeated}`;
    problems.push(
      refusedBecause([...at, 'choices'], 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS', message),
    );
  }
  for (const [index, { value }] of choices.entries()) {
    if (typeof value === 'string' && value.length > 100) {
      problems.push(tooLong([...at, 'choices', index, 'value'], value.length, 100));
    }
  }
  const [minimum, maximum] = toRange(option);
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    problems.push(
      refusedBecause(at, 'APPLICATION_COMMAND_OPTIONS_MIN_MAX', 'The minimum is above the maximum'),
    );
  }
  return problems;
}

function toRange(option: APIApplicationCommandOption): [number | undefined, number | undefined] {
  if ('min_length' in option || 'max_length' in option) return [option.min_length, option.max_length];
  if ('min_value' in option || 'max_value' in option) return [option.min_value, option.max_value];
  return [undefined, undefined];
}

/** Lower case if the script has it; applies to the default name and every translation. */
function findNameProblems({ name, name_localizations: translations }: Named, at: Path): Problem[] {
  const names: [Path, string | null | undefined][] = [
    [[...at, 'name'], name],
    ...Object.entries(translations ?? {}).map(([locale, translated]): [Path, string | null | undefined] => [
      [...at, 'name_localizations', locale],
      translated,
    ]),
  ];
  return names.flatMap(([path, text]) => {
    if (text === null || text === undefined || (NAME.test(text) && text === text.toLowerCase())) return [];
    return [refusedBecause(path, 'APPLICATION_COMMAND_INVALID_NAME', `Command name is invalid: ${text}`)];
  });
}

function findLocaleProblems(named: Named, at: Path): Problem[] {
  return (['name_localizations', 'description_localizations'] as const).flatMap((key) =>
    Object.keys(named[key] ?? {})
      .filter((locale) => !LOCALES.has(locale))
      .map((locale) => refusedBecause([...at, key, locale], 'INVALID_LOCALE', `Unknown locale ${locale}`)),
  );
}

/** Name, description and choices; the longest translation counts. */
function countCharacters(named: Named): number {
  const longest = (text: string | undefined, translations: Localizations) =>
    Math.max(
      text?.length ?? 0,
      ...Object.values(translations ?? {}).map((translated) => translated?.length ?? 0),
    );
  return (
    longest(named.name, named.name_localizations) +
    longest(named.description, named.description_localizations)
  );
}

function countOptions(options: readonly APIApplicationCommandOption[]): number {
  return options.reduce((sum, option) => {
    const choices = 'choices' in option ? (option.choices ?? []) : [];
    const ofChoices = choices.reduce(
      (characters, choice) => characters + countCharacters(choice) + String(choice.value).length,
      0,
    );
    const nested = 'options' in option ? countOptions(option.options ?? []) : 0;
    return sum + countCharacters(option) + ofChoices + nested;
  }, 0);
}

function findRepeated<T>(values: readonly T[]): T | undefined {
  return values.find((value, index) => values.indexOf(value) < index);
}
