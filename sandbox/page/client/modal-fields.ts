import {
  type APICheckboxComponent,
  type APIComponentInLabel,
  type APIFileUploadComponent,
  type APIModalInteractionResponseCallbackComponent,
  type APITextInputComponent,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import type { ModalValue } from '../protocol.ts';
import { element } from './element.ts';
import { createFilePicker, readFile } from './files.ts';
import { renderMarkdown } from './markdown.ts';
import { createSelect, toChoices } from './select-menu.ts';
import type { Store } from './store.ts';
import { toWords } from './words.ts';

/** A part of a modal on the screen, and what was filled in. */
export interface Field {
  readonly element: HTMLElement;
  readonly customId?: string;
  /** Rejects with a sentence for files that can't be sent. Undefined leaves the input as it was set. */
  read?(): Promise<ModalValue | undefined>;
}

/** Every part that a modal may have (Discord docs, components/reference). */
export function toFields(component: APIModalInteractionResponseCallbackComponent, store: Store): Field[] {
  switch (component.type) {
    case ComponentType.TextDisplay:
      return [
        {
          element: element(
            'div',
            { class: 'text-display' },
            renderMarkdown(component.content, toWords(store)),
          ),
        },
      ];
    case ComponentType.ActionRow:
      return component.components.map((input) => toField(input, input.label ?? '', store));
    case ComponentType.Label: {
      const { label, description, component: input } = component;
      return [toField(input, label, store, description)];
    }
    default:
      return [
        { element: element('p', { class: 'broken' }, `a part of type ${Reflect.get(component, 'type')}`) },
      ];
  }
}

interface Input {
  element: HTMLElement;
  read(): Promise<ModalValue | undefined>;
}

function toField(component: APIComponentInLabel, label: string, store: Store, description?: string): Field {
  // A checkbox is its own label.
  if (component.type === ComponentType.Checkbox) {
    const option = { value: 'on', label, description, default: component.default };
    const toValue = (values: string[]) => values.length > 0;
    return {
      ...toOptions('checkbox', component.custom_id, [option], toValue),
      customId: component.custom_id,
    };
  }
  const isRequired = component.required !== false;
  const { element: input, read } = toInput(component, label, store);
  // A label around a group of buttons would press the first of them.
  const tag = component.type === ComponentType.TextInput ? 'label' : 'div';
  const caption = element(
    'span',
    { class: 'field-label' },
    label,
    isRequired && element('span', { class: 'required', 'aria-hidden': true }, ' *'),
  );
  const note = description !== undefined && element('span', { class: 'field-note' }, description);
  return {
    element: element(tag, { class: 'field' }, caption, note, input),
    customId: component.custom_id,
    read,
  };
}

function toInput(
  component: Exclude<APIComponentInLabel, APICheckboxComponent>,
  label: string,
  store: Store,
): Input {
  switch (component.type) {
    case ComponentType.TextInput:
      return toTextInput(component);
    case ComponentType.FileUpload:
      return toUpload(component, label, store);
    case ComponentType.RadioGroup:
      return toOptions('radio', component.custom_id, component.options, (values) => values[0]);
    case ComponentType.CheckboxGroup:
      return toOptions('checkbox', component.custom_id, component.options, (values) => values);
    default: {
      const { placeholder, min_values = 1, max_values = 1, required = true } = component;
      const select = createSelect({
        name: placeholder ?? label,
        choices: toChoices(component, store),
        minimum: required ? min_values : 0,
        maximum: max_values,
      });
      return { element: select.element, read: async () => select.values };
    }
  }
}

function toTextInput({
  style,
  value,
  placeholder,
  min_length,
  max_length,
  required,
}: APITextInputComponent): Input {
  const isLong = style === TextInputStyle.Paragraph;
  const input = element(isLong ? 'textarea' : 'input', {
    class: 'text-input',
    placeholder,
    minlength: min_length,
    maxlength: max_length ?? 4_000,
    required: required !== false,
    rows: isLong ? 4 : undefined,
    autocomplete: 'off',
  }) as HTMLInputElement | HTMLTextAreaElement;
  input.value = value ?? '';
  return { element: input, read: async () => input.value };
}

function toUpload(
  { min_values, max_values, ...rest }: APIFileUploadComponent,
  label: string,
  store: Store,
): Input {
  const types = Reflect.get(rest, 'file_types') as readonly string[] | undefined;
  // `image` and its like stand for all of their kind, `.ext` for one (change-log, 2026-08-05).
  const accept = types?.map((type) => (type.startsWith('.') ? type : `${type}/*`)).join(',');
  const maximum = max_values ?? 1;
  const picker = createFilePicker({ name: label, maximum, ...(accept !== undefined && { accept }) });
  if ((min_values ?? 1) > 1) picker.element.title = `${min_values} files`;
  return {
    element: picker.element,
    async read() {
      const limit = store.snapshot.fileLimitBytes;
      return { files: await Promise.all(picker.files.map((file) => readFile(file, limit))) };
    },
  };
}

interface Option {
  value: string;
  label: string;
  description?: string | undefined;
  default?: boolean | undefined;
}

function toOptions(
  type: 'radio' | 'checkbox',
  name: string,
  options: readonly Option[],
  toValue: (values: string[]) => ModalValue | undefined,
): Input {
  const inputs = options.map((option) => {
    const input = element('input', { type, name, value: option.value, checked: option.default === true });
    const words = element(
      'span',
      { class: 'select-words' },
      element('span', {}, option.label),
      option.description !== undefined && element('small', {}, option.description),
    );
    return { input, row: element('label', { class: 'option-row' }, input, words) };
  });
  const role = type === 'radio' ? 'radiogroup' : 'group';
  return {
    element: element('div', { class: 'option-rows', role }, ...inputs.map(({ row }) => row)),
    read: async () => toValue(inputs.filter(({ input }) => input.checked).map(({ input }) => input.value)),
  };
}
