import type {
  APICheckboxComponent,
  APICheckboxGroupComponent,
  APIFileUploadComponent,
  APIModalInteractionResponseCallbackData,
  APIRadioGroupComponent,
  APITextInputComponent,
} from 'discord-api-types/v10';
import { ComponentType } from 'discord-api-types/v10';
import type { Upload } from './attachments.ts';
import { isUpload, requireRange } from './command-input.ts';
import type { AnyComponent } from './components.ts';
import { customIdOf, flatten, isSelect } from './components.ts';
import type { Resolved } from './resolved.ts';
import { toSelection } from './select-input.ts';

/** What a person enters into a modal, by custom id. */
export type ModalValue = string | boolean | readonly string[] | readonly Upload[];
export type ModalValues = Readonly<Record<string, ModalValue>>;

/** The components as in MODAL_SUBMIT. Throws a sentence for what the client wouldn't let a person send. */
export async function toModalComponents(
  modal: APIModalInteractionResponseCallbackData,
  values: ModalValues,
  resolved: Resolved,
): Promise<object[]> {
  const inputs = flatten(modal.components).map(customIdOf);
  for (const customId of Object.keys(values)) {
    if (inputs.includes(customId)) continue;
    const known = inputs.filter(Boolean).join(', ');
    throw new Error(`the modal "${modal.title}" has no input "${customId}"; it has ${known}`);
  }
  let nextId = 1;
  const submit = async (component: AnyComponent): Promise<object> => {
    const common = { type: component.type, id: component.id ?? nextId++ };
    if (component.component) return { ...common, component: await submit(component.component) };
    if (component.components) {
      const components: object[] = [];
      for (const child of component.components) components.push(await submit(child));
      return { ...common, components };
    }
    const customId = customIdOf(component);
    if (customId === undefined) return common;
    try {
      const part = await toPart(component, values[customId], resolved);
      return { ...common, custom_id: customId, ...part };
    } catch (error) {
      throw new Error(`modal "${modal.title}": "${customId}" ${(error as Error).message}`, { cause: error });
    }
  };
  const submitted: object[] = [];
  for (const component of modal.components as readonly AnyComponent[])
    submitted.push(await submit(component));
  return submitted;
}

async function toPart(
  component: AnyComponent,
  value: ModalValue | undefined,
  resolved: Resolved,
): Promise<object> {
  if (isSelect(component)) return { values: toSelection(component, toList(value), resolved) };
  switch (component.type) {
    case ComponentType.TextInput:
      return { value: toText(component as unknown as APITextInputComponent, value) };
    case ComponentType.FileUpload:
      return { values: await toFiles(component as unknown as APIFileUploadComponent, value, resolved) };
    case ComponentType.RadioGroup:
      return { value: toRadio(component as unknown as APIRadioGroupComponent, value) };
    case ComponentType.CheckboxGroup:
      return { values: toChecked(component as unknown as APICheckboxGroupComponent, value) };
    case ComponentType.Checkbox:
      return { value: value ?? (component as unknown as APICheckboxComponent).default ?? false };
    default:
      throw new Error(`is of type ${component.type}, which the sandbox does not know`);
  }
}

function toText(input: APITextInputComponent, value: ModalValue | undefined): string {
  const text = value ?? input.value ?? '';
  if (typeof text !== 'string') throw new Error('takes text');
  if (text === '' && input.required !== false) throw new Error('is required');
  if (text !== '') requireRange(text.length, input.min_length, input.max_length ?? 4000, 'characters');
  return text;
}

async function toFiles(
  input: APIFileUploadComponent,
  value: ModalValue | undefined,
  resolved: Resolved,
): Promise<string[]> {
  const files: readonly unknown[] = Array.isArray(value) ? value : [];
  const minimum = input.required === false ? 0 : (input.min_values ?? 1);
  requireRange(files.length, minimum, input.max_values ?? 1, 'files');
  const ids: string[] = [];
  for (const file of files) {
    if (!isUpload(file)) throw new Error('takes files: { name, bytes }');
    ids.push(await resolved.attach(file));
  }
  return ids;
}

function toRadio(input: APIRadioGroupComponent, value: ModalValue | undefined): string | null {
  const chosen = value ?? input.options.find((option) => option.default)?.value ?? null;
  if (chosen === null && input.required !== false) throw new Error('is required');
  if (chosen !== null && !input.options.some((option) => option.value === chosen)) {
    throw new Error(`takes one of ${input.options.map((option) => option.value).join(', ')}`);
  }
  return chosen as string | null;
}

function toChecked(input: APICheckboxGroupComponent, value: ModalValue | undefined): string[] {
  const preset = input.options.filter((option) => option.default).map((option) => option.value);
  const chosen = value === undefined ? preset : toList(value);
  const unknown = chosen?.find((entry) => !input.options.some((option) => option.value === entry));
  if (unknown !== undefined) throw new Error(`has no option "${unknown}"`);
  const minimum = input.min_values ?? (input.required === false ? 0 : 1);
  requireRange(chosen?.length ?? 0, minimum, input.max_values ?? input.options.length, 'choices');
  return chosen ?? [];
}

function toList(value: ModalValue | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw new Error('takes a list of texts');
}
