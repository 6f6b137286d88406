import type {
  APIButtonComponent,
  APIMessageComponentEmoji,
  APISelectMenuComponent,
  APIStringSelectComponent,
} from 'discord-api-types/v10';
import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import type { AnyComponent } from '../components.ts';
import { flatten, isSelect } from '../components.ts';
import { findAddressProblems, WEB } from './addresses.ts';
import type { Problem } from './problem.ts';
import { missing, refusedBecause, tooLong, unwise } from './problem.ts';

type Path = readonly (string | number)[];

/** Discord docs, components/reference, "Action Row" and "Legacy Message Component Behavior". */
const MOST_ROWS = 5;
const MOST_LINK_CHARACTERS = 512;

/** Rows of buttons or one select each: what a message without the Components V2 flag may have. */
export function findRowProblems(components: readonly AnyComponent[], at: Path): Problem[] {
  const problems: Problem[] = [];
  if (components.length > MOST_ROWS) problems.push(tooLong(at, components.length, MOST_ROWS));
  for (const [index, component] of components.entries()) {
    if (component.type === ComponentType.ActionRow) continue;
    const message = 'Only action rows are allowed without the IS_COMPONENTS_V2 flag';
    problems.push(refusedBecause([...at, index, 'type'], 'UNION_TYPE_CHOICES', message));
  }
  return problems;
}

/** Rules for each component, anywhere. */
export function findComponentProblems(components: readonly AnyComponent[], at: Path): Problem[] {
  const problems = walk(components, at, (component, path) => {
    if (component.type === ComponentType.ActionRow) return findInRow(component, path);
    if (component.type === ComponentType.Button) {
      return findInButton(component as unknown as APIButtonComponent, path);
    }
    return isSelect(component) ? findInSelect(component, path) : [];
  });
  return [...problems, ...findRepeatedIds(components, at)];
}

/** Calls for each component with its place in the body. */
export function walk(
  components: readonly AnyComponent[],
  at: Path,
  visit: (component: AnyComponent, path: Path) => Problem[],
): Problem[] {
  return components.flatMap((component, index) => visitAll(component, [...at, index], visit));
}

function visitAll(
  component: AnyComponent,
  path: Path,
  visit: (component: AnyComponent, path: Path) => Problem[],
): Problem[] {
  return [
    ...visit(component, path),
    ...walk(component.components ?? [], [...path, 'components'], visit),
    ...(component.component ? visitAll(component.component, [...path, 'component'], visit) : []),
    ...(component.accessory ? visitAll(component.accessory, [...path, 'accessory'], visit) : []),
  ];
}

function findInRow({ components = [] }: AnyComponent, path: Path): Problem[] {
  const inputs = components.filter(({ type }) => type !== ComponentType.Button);
  if (inputs.length === 0 || components.length === 1) return [];
  const message = 'A row holds up to five buttons, or one other component';
  return [refusedBecause([...path, 'components'], 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', message)];
}

function findInButton(button: APIButtonComponent, path: Path): Problem[] {
  if (button.style === ButtonStyle.Premium) return 'sku_id' in button ? [] : [missing([...path, 'sku_id'])];
  const problems: Problem[] = [];
  const { label, emoji } = button;
  if (!label?.trim() && !emoji) problems.push(missing([...path, 'label']));
  problems.push(...findEmojiProblems(emoji, [...path, 'emoji']));
  if (button.style === ButtonStyle.Link) {
    if (!button.url) problems.push(missing([...path, 'url']));
    else problems.push(...findAddressProblems([...path, 'url'], button.url, WEB));
    if ((button.url?.length ?? 0) > MOST_LINK_CHARACTERS) {
      problems.push(tooLong([...path, 'url'], button.url.length, MOST_LINK_CHARACTERS));
    }
    if ('custom_id' in button) problems.push(exclusive(path, 'custom_id', 'url'));
    return problems;
  }
  if (!('custom_id' in button) || !button.custom_id) problems.push(missing([...path, 'custom_id']));
  if ('url' in button) problems.push(exclusive(path, 'url', 'custom_id'));
  return problems;
}

function exclusive(path: Path, first: string, second: string): Problem {
  const message = `A ${first} and a ${second} cannot both be specified`;
  return refusedBecause([...path, first], 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', message);
}

const EMOJI = /^\p{RGI_Emoji}$/v;

/** Either a single Unicode emoji, or an uploaded one by its id. */
function findEmojiProblems(emoji: APIMessageComponentEmoji | undefined, path: Path): Problem[] {
  if (!emoji || emoji.id || EMOJI.test(emoji.name ?? '')) return [];
  return [
    refusedBecause([...path, 'name'], 'COMPONENT_INVALID_EMOJI', `Invalid emoji "${emoji.name ?? ''}"`),
  ];
}

function findInSelect(select: APISelectMenuComponent, path: Path): Problem[] {
  const { min_values: minimum = 1, max_values: maximum = 1 } = select;
  const problems: Problem[] = [];
  if (minimum > maximum) {
    problems.push(
      refusedBecause([...path, 'min_values'], 'SELECT_MIN_MAX', 'min_values is above max_values'),
    );
  }
  const presets = select.type === ComponentType.StringSelect ? findInOptions(select, path) : [];
  return [...problems, ...presets];
}

function findInOptions(select: APIStringSelectComponent, path: Path): Problem[] {
  const { options, min_values: minimum = 1, max_values: maximum = 1 } = select;
  const problems = options.flatMap((option, index) => {
    const at = [...path, 'options', index];
    const isRepeated = options.findIndex(({ value }) => value === option.value) < index;
    return [
      ...(isRepeated
        ? [
            refusedBecause(
              [...at, 'value'],
              'SELECT_OPTION_VALUE_DUPLICATED',
              'The specified option value is already used',
            ),
          ]
        : []),
      ...(option.label.trim() === '' ? [missing([...at, 'label'])] : []),
      ...findEmojiProblems(option.emoji, [...at, 'emoji']),
    ];
  });
  const presets = options.filter((option) => option.default).length;
  if (presets > maximum) problems.push(unwise([...path, 'options'], 'more defaults than max_values'));
  if (maximum > options.length) problems.push(unwise([...path, 'max_values'], 'more than there are options'));
  if (minimum > options.length) problems.push(unwise([...path, 'min_values'], 'more than there are options'));
  return problems;
}

/** `custom_id`, and `id` if given, are unique in a message or modal (components/reference, "Anatomy"). */
function findRepeatedIds(components: readonly AnyComponent[], at: Path): Problem[] {
  const all = flatten(components);
  const repeated = (values: readonly unknown[]) =>
    values.find((value, index) => value !== undefined && value !== null && values.indexOf(value) < index);
  const customId = repeated(all.map((component) => component.custom_id));
  const id = repeated(all.map((component) => component.id || undefined));
  return [
    ...(customId === undefined
      ? []
      : [
          refusedBecause(
            at,
            'COMPONENT_CUSTOM_ID_DUPLICATED',
            `Component custom id cannot be duplicated: ${customId}`,
          ),
        ]),
    ...(id === undefined
      ? []
      : [refusedBecause(at, 'COMPONENT_ID_DUPLICATED', `Component id cannot be duplicated: ${id}`)]),
  ];
}
