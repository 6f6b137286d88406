import type { APIModalInteractionResponseCallbackData, APITextInputComponent } from 'discord-api-types/v10';
import { ComponentType } from 'discord-api-types/v10';
import type { AnyComponent } from '../components.ts';
import { findComponentProblems, walk } from './component-rules.ts';
import type { Problem } from './problem.ts';
import { missing, refusedBecause, tooLong } from './problem.ts';

type Path = readonly (string | number)[];

/** Discord docs, receiving-and-responding, "Modal"; the schema says 40. */
const MOST_PARTS = 5;

/** Component kinds that are allowed once per group, and how many options they need at least (components/reference). */
const LEAST_OPTIONS: Partial<Record<ComponentType, number>> = {
  [ComponentType.RadioGroup]: 2,
  [ComponentType.CheckboxGroup]: 1,
};

export function findModalProblems(modal: APIModalInteractionResponseCallbackData, at: Path): Problem[] {
  const components = modal.components as readonly AnyComponent[];
  const path = [...at, 'components'];
  const problems = findComponentProblems(components, path);
  if (components.length > MOST_PARTS) problems.push(tooLong(path, components.length, MOST_PARTS));
  return [...problems, ...walk(components, path, (component, where) => findInPart(component, where))];
}

function findInPart(component: AnyComponent, path: Path): Problem[] {
  const problems: Problem[] = [];
  if ('disabled' in component && component.disabled === true) {
    const message = 'Components of a modal cannot be disabled';
    problems.push(refusedBecause([...path, 'disabled'], 'COMPONENT_DISABLED_IN_MODAL', message));
  }
  if (component.type === ComponentType.TextInput) {
    problems.push(...findInTextInput(component as unknown as APITextInputComponent, path));
  }
  const options = 'options' in component && Array.isArray(component.options) ? component.options : [];
  const least = LEAST_OPTIONS[component.type] ?? 0;
  if (options.length < least) {
    problems.push(
      refusedBecause([...path, 'options'], 'BASE_TYPE_BAD_LENGTH', `Must be ${least} or more in length`),
    );
  }
  return problems;
}

function findInTextInput(input: APITextInputComponent, path: Path): Problem[] {
  const { min_length: minimum = 0, max_length: maximum = 4000, value } = input;
  const isInLabel = path.at(-1) === 'component';
  const problems: Problem[] = [];
  if (minimum > maximum) {
    problems.push(
      refusedBecause([...path, 'min_length'], 'TEXT_INPUT_MIN_MAX', 'min_length is above max_length'),
    );
  }
  if (value && (value.length > maximum || value.length < minimum)) {
    const message = `The value must have ${minimum} to ${maximum} characters (has ${value.length})`;
    problems.push(refusedBecause([...path, 'value'], 'BASE_TYPE_BAD_LENGTH', message));
  }
  if (!isInLabel && !input.label) problems.push(missing([...path, 'label']));
  if (isInLabel && input.label) {
    const message = 'The label belongs to the surrounding Label component';
    problems.push(refusedBecause([...path, 'label'], 'TEXT_INPUT_LABEL_IN_LABEL', message));
  }
  return problems;
}
