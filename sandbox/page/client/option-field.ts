import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOptionChoice,
  ApplicationCommandOptionType as OptionType,
} from 'discord-api-types/v10';
import type { SentValue } from '../protocol.ts';
import type { Suggestion } from './completion.ts';
import { button, element, icon } from './element.ts';
import { createFilePicker, readFile } from './files.ts';
import { icons } from './icons.ts';
import type { Store } from './store.ts';
import { localize } from './words.ts';

export interface OptionFieldHost {
  store: Store;
  /** Asks the bot. */
  autocomplete(name: string): Promise<readonly APIApplicationCommandOptionChoice[]>;
  changed(field: OptionField): void;
  focused(field: OptionField): void;
  key(event: KeyboardEvent, field: OptionField): void;
  remove(field: OptionField): void;
}

/** One option of a command, being filled in. */
export interface OptionField {
  readonly option: APIApplicationCommandBasicOption;
  readonly element: HTMLElement;
  readonly title: string;
  readonly note: string;
  readonly isEmpty: boolean;
  /** Whether a suggestion must be picked before this counts as filled in. */
  readonly isOpen: boolean;
  focus(): void;
  suggest(): Promise<Suggestion[]>;
  /** Undefined while it is empty. Rejects with a sentence what can't be sent. */
  read(): Promise<SentValue | undefined>;
  takeFile(file: File): void;
  complain(isWrong: boolean): void;
}

interface Entry {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly note?: string;
}

const most = 25;

export function createOptionField(
  option: APIApplicationCommandBasicOption,
  host: OptionFieldHost,
): OptionField {
  const { store } = host;
  const { locale } = store.person;
  const title = localize(option.name, option.name_localizations, locale);
  const note = localize(option.description, option.description_localizations, locale);
  const isFile = option.type === OptionType.Attachment;
  const frame = element('span', {
    class: isFile ? 'option option-file' : 'option',
    'data-option': option.name,
  });
  let chosen: Entry | undefined;

  const picker = createFilePicker({ name: title, maximum: 1, changed: () => host.changed(field) });
  const input = element('textarea', {
    rows: 1,
    class: 'option-input',
    'aria-label': title,
    'aria-required': option.required === true,
    role: 'combobox',
    'aria-controls': 'completion',
    'aria-expanded': true,
    autocomplete: 'off',
    spellcheck: false,
    inputmode:
      option.type === OptionType.Integer
        ? 'numeric'
        : option.type === OptionType.Number
          ? 'decimal'
          : undefined,
  });
  input.oninput = () => {
    // A pasted prompt may have line breaks; Discord turns them into spaces.
    if (input.value.includes('\n')) input.value = input.value.replaceAll(/\s*\n\s*/g, ' ');
    chosen = undefined;
    host.changed(field);
  };
  input.onfocus = () => host.focused(field);
  input.onkeydown = (event) => host.key(event, field);
  picker.element.onfocus = () => host.focused(field);
  picker.element.addEventListener('focusin', () => host.focused(field));
  picker.element.onkeydown = (event) => host.key(event, field);

  frame.append(element('span', { class: 'option-name' }, title), isFile ? picker.element : input);
  if (!option.required) {
    const remove = button(`Remove ${title}`, { class: 'option-remove' }, icon(icons.close));
    remove.onclick = () => host.remove(field);
    frame.append(remove);
  }
  frame.onclick = (event) => event.target === frame && field.focus();

  /** What may be chosen here; undefined if anything may be typed. */
  function toEntries(): readonly Entry[] | undefined {
    const { people, roles, channels } = store.snapshot;
    const toPeople = people.map(({ id, name, standing }) => ({
      name: `@${name}`,
      value: id,
      note: standing,
    }));
    const toRoles = roles.map(({ id, name }) => ({
      name: `@${name.replace(/^@/, '')}`,
      value: id,
      note: 'Role',
    }));
    switch (option.type) {
      case OptionType.Boolean:
        return [
          { name: 'True', value: true },
          { name: 'False', value: false },
        ];
      case OptionType.User:
        return toPeople;
      case OptionType.Role:
        return toRoles;
      case OptionType.Mentionable:
        return [...toPeople, ...toRoles];
      case OptionType.Channel:
        return channels
          .filter(({ kind }) => kind !== 'direct')
          .map(({ id, name }) => ({ name: `#${name}`, value: id }));
      case OptionType.String:
      case OptionType.Integer:
      case OptionType.Number:
        return option.choices?.map((choice) => ({
          name: localize(choice.name, choice.name_localizations, locale),
          value: choice.value,
        }));
      default:
        return undefined;
    }
  }

  function choose(entry: Entry): void {
    chosen = entry;
    input.value = entry.name;
    host.changed(field);
  }

  function toPlain(text: string): SentValue {
    if (option.type !== OptionType.Integer && option.type !== OptionType.Number) return text;
    const number = Number(text.trim());
    if (Number.isNaN(number)) throw new Error(`“${text}” is not a number.`);
    return number;
  }

  const asksBot = 'autocomplete' in option && option.autocomplete === true;
  const field: OptionField = {
    option,
    element: frame,
    title,
    note,
    get isEmpty() {
      return isFile ? picker.files.length === 0 : input.value.trim() === '';
    },
    get isOpen() {
      return chosen === undefined && toEntries() !== undefined && !field.isEmpty;
    },
    focus() {
      (isFile ? picker.element.querySelector('input') : input)?.focus();
    },
    async suggest() {
      const typed = input.value.trim().toLowerCase();
      // Nothing more to ask once one of the bot's own choices was picked.
      if (asksBot && chosen) return [];
      const entries = asksBot ? await host.autocomplete(option.name) : (toEntries() ?? []);
      const fits =
        asksBot || chosen ? entries : entries.filter(({ name }) => name.toLowerCase().includes(typed));
      return fits.slice(0, most).map((entry) => ({
        label: entry.name,
        description: 'note' in entry ? (entry.note as string) : undefined,
        pick: () => choose(entry),
      }));
    },
    async read() {
      if (isFile) {
        const [file] = picker.files;
        return file && { file: await readFile(file, store.snapshot.fileLimitBytes) };
      }
      if (chosen) return chosen.value;
      if (field.isEmpty) return undefined;
      const entries = toEntries();
      if (entries === undefined) return toPlain(input.value);
      const named = entries.find(({ name }) => name.toLowerCase() === input.value.trim().toLowerCase());
      if (!named) throw new Error(`${title}: “${input.value}” is not one of its choices.`);
      return named.value;
    },
    takeFile: (file) => picker.add([file]),
    complain(isWrong) {
      frame.classList.toggle('wrong', isWrong);
      input.setAttribute('aria-invalid', String(isWrong));
    },
  };
  return field;
}
