import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandOptionChoice,
  ApplicationCommandOptionType as OptionType,
} from 'discord-api-types/v10';
import type { PageCommand, SentCommand, SentValue } from '../protocol.ts';
import type { Completion, Suggestion } from './completion.ts';
import { button, element } from './element.ts';
import { createOptionField, type OptionField } from './option-field.ts';
import type { Store } from './store.ts';
import { localize } from './words.ts';

/** A command that can be run: one without subcommands, or one of them. */
export interface Runnable {
  readonly command: PageCommand;
  /** `show`, or `settings show` through a group. */
  readonly subcommand?: string;
  readonly title: string;
  readonly note: string;
  readonly options: readonly APIApplicationCommandBasicOption[];
}

/** Every command that the list shows, with its texts in that language. */
export function toRunnables(command: PageCommand, locale: string): Runnable[] {
  const name = localize(command.name, command.nameLocalizations, locale);
  const note = localize(command.description, command.descriptionLocalizations, locale);
  const walk = (
    options: readonly APIApplicationCommandOption[],
    way: string[],
    title: string,
    about: string,
  ): Runnable[] => {
    const branches = options.filter(isBranch);
    if (branches.length === 0) {
      const basic = options as readonly APIApplicationCommandBasicOption[];
      return [
        { command, title, note: about, options: basic, ...(way.length > 0 && { subcommand: way.join(' ') }) },
      ];
    }
    return branches.flatMap((branch) =>
      walk(
        'options' in branch ? (branch.options ?? []) : [],
        [...way, branch.name],
        `${title} ${localize(branch.name, branch.name_localizations, locale)}`,
        localize(branch.description, branch.description_localizations, locale),
      ),
    );
  };
  return walk(command.options, [], `/${name}`, note);
}

function isBranch({ type }: APIApplicationCommandOption): boolean {
  return type === OptionType.Subcommand || type === OptionType.SubcommandGroup;
}

export interface CommandLineHost {
  store: Store;
  completion: Completion;
  autocomplete(command: SentCommand, focused: string): Promise<readonly APIApplicationCommandOptionChoice[]>;
  complain(text: string): void;
  run(command: SentCommand): void;
  leave(): void;
}

/** A chosen command with its options, as Discord's composer shows them. */
export interface CommandLine {
  readonly element: HTMLElement;
  focus(): void;
  submit(): Promise<void>;
  /** Puts a file into the first free file option; false if there is none. */
  takeFile(file: File): boolean;
  fill(values: Readonly<Record<string, string>>): void;
}

async function readOptions(
  fields: readonly OptionField[],
  isTyping: boolean,
): Promise<Record<string, SentValue>> {
  const options: Record<string, SentValue> = {};
  for (const field of fields) {
    try {
      const value = await field.read();
      if (value !== undefined) options[field.option.name] = value;
      else if (field.option.required && !isTyping) throw new Error(`${field.title} is required.`);
    } catch (error) {
      if (isTyping) continue;
      field.complain(true);
      field.focus();
      throw error;
    }
  }
  return options;
}

export function createCommandLine(runnable: Runnable, host: CommandLineHost): CommandLine {
  const { store, completion } = host;
  const fields: OptionField[] = [];
  const more = button('More options', { class: 'option-more' });
  // A command without options has nothing else to focus.
  const name = button(`Send ${runnable.title}`, { class: 'command-name' }, runnable.title);
  const line = element('div', { class: 'command-line' }, name, more);
  const listFree = () =>
    runnable.options.filter((option) => !fields.some((field) => field.option === option));
  let asked = 0;

  function add(option: APIApplicationCommandBasicOption): OptionField {
    const field = createOptionField(option, {
      store,
      autocomplete: (name) => autocomplete(name),
      changed(changed) {
        changed.complain(false);
        void suggest(changed);
      },
      focused: (focused) => void suggest(focused),
      key: takeKey,
      remove,
    });
    fields.push(field);
    more.before(field.element);
    showMore();
    return field;
  }

  function remove(field: OptionField): void {
    const index = fields.indexOf(field);
    fields.splice(index, 1);
    field.element.remove();
    showMore();
    const neighbour = fields[index] ?? fields.at(-1);
    (neighbour ?? more).focus();
  }

  function showMore(): void {
    const free = listFree().length;
    more.hidden = free === 0;
    more.textContent = `+${free} more`;
  }

  const suggestFree = (): Suggestion[] =>
    listFree().map((option) => ({
      label: localize(option.name, option.name_localizations, store.person.locale),
      description: localize(option.description, option.description_localizations, store.person.locale),
      pick: () => add(option).focus(),
    }));

  async function suggest(field: OptionField): Promise<void> {
    const question = ++asked;
    const own = await field.suggest().catch((error: Error) => {
      host.complain(error.message);
      return [];
    });
    // An answer is too late after the next question, or after the field was left.
    if (question !== asked || !line.isConnected) return;
    const canBeNext = own.length === 0 && !field.isOpen;
    completion.show({
      title: field.title,
      note: field.note,
      items: canBeNext ? suggestFree() : own,
      isEager: !canBeNext && (field.isEmpty || field.isOpen),
    });
  }

  async function autocomplete(focused: string) {
    const { options, ...head } = await toCommand(true);
    const typed =
      fields.find(({ option }) => option.name === focused)?.element.querySelector('textarea')?.value ?? '';
    return host.autocomplete({ ...head, options: { ...options, [focused]: typed } }, focused);
  }

  /** Leaves out what isn't complete yet while an option is being typed. */
  async function toCommand(isTyping: boolean): Promise<SentCommand> {
    const options = await readOptions(fields, isTyping);
    const { command, subcommand } = runnable;
    const { personId, channelId } = store.view;
    return {
      personId,
      channelId,
      command: command.name,
      options,
      ...(subcommand !== undefined && { subcommand }),
    };
  }

  async function submit(): Promise<void> {
    try {
      host.run(await toCommand(false));
    } catch (error) {
      host.complain((error as Error).message);
    }
  }

  function takeKey(event: KeyboardEvent, field: OptionField): void {
    if (event.isComposing) return;
    if (completion.takeKey(event)) {
      event.preventDefault();
      return;
    }
    const isAtStart = event.target instanceof HTMLTextAreaElement && event.target.value === '';
    if (event.key === 'Enter') {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape') {
      host.leave();
    } else if (event.key === 'Backspace' && isAtStart) {
      event.preventDefault();
      if (!field.option.required) remove(field);
      else if (fields.every(({ isEmpty }) => isEmpty)) host.leave();
    } else if (event.key === 'Tab' && !event.shiftKey && field === fields.at(-1) && !more.hidden) {
      event.preventDefault();
      more.focus();
    }
  }

  more.onfocus = () => {
    asked += 1;
    completion.show({ title: 'More options', items: suggestFree(), isEager: false });
  };
  more.onclick = () => more.focus();
  more.onkeydown = (event) => {
    if (completion.takeKey(event)) event.preventDefault();
    else if (event.key === 'Enter') {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape' || (event.key === 'Backspace' && fields.length === 0)) host.leave();
  };

  name.onclick = () => void submit();
  name.onfocus = () =>
    completion.show({ title: runnable.title, note: runnable.note, items: [], isEager: false });
  name.onkeydown = (event) => {
    if (event.key === 'Escape' || event.key === 'Backspace') host.leave();
  };

  for (const option of runnable.options) if (option.required) add(option);
  showMore();

  return {
    element: line,
    focus() {
      const [first] = fields;
      if (first) first.focus();
      else if (!more.hidden) more.focus();
      else name.focus();
    },
    submit,
    takeFile(file) {
      const isFile = ({ type }: APIApplicationCommandBasicOption) => type === OptionType.Attachment;
      const empty = fields.find(({ option, isEmpty }) => isFile(option) && isEmpty);
      const free = listFree().find(isFile);
      const field = empty ?? (free && add(free));
      field?.takeFile(file);
      return field !== undefined;
    },
    fill(values) {
      for (const [name, value] of Object.entries(values)) {
        const option = runnable.options.find((one) => one.name === name);
        const field = fields.find((one) => one.option === option) ?? (option && add(option));
        const input = field?.element.querySelector('textarea');
        if (input) input.value = value;
      }
    },
  };
}
