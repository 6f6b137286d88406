import { type APISelectMenuComponent, ChannelType, ComponentType } from 'discord-api-types/v10';
import { element, icon } from './element.ts';
import { icons } from './icons.ts';
import { createPopover } from './popover.ts';
import type { Store } from './store.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly emoji?: string | undefined;
  readonly isPreset?: boolean | undefined;
}

export interface SelectOptions {
  /** Shown while nothing is chosen. */
  name: string;
  choices: readonly Choice[];
  minimum: number;
  maximum: number;
  isDisabled?: boolean;
  /** Called when the list is closed with another choice than before; the select is disabled until it resolves. */
  done?(values: readonly string[]): Promise<void>;
}

export interface Select {
  readonly element: HTMLElement;
  readonly values: readonly string[];
}

/** Discord's select, which the library lacks: descriptions, emoji, several at once. */
export function createSelect(options: SelectOptions): Select {
  const { name, choices, minimum, maximum, isDisabled = false, done } = options;
  let chosen: readonly string[] = choices.filter(({ isPreset }) => isPreset).map(({ value }) => value);
  let before = chosen;

  const label = element('span', { class: 'select-label' });
  const opener = element(
    'button',
    { type: 'button', class: 'select', disabled: isDisabled, 'aria-haspopup': 'listbox', 'aria-label': name },
    label,
    icon(icons.chevron),
  );
  const list = element('div', {
    role: 'listbox',
    class: 'select-list',
    'aria-label': name,
    'aria-multiselectable': maximum > 1,
  });
  const popover = createPopover(opener, list, () => {
    if (String(before) === String(chosen) || chosen.length < minimum) return;
    before = chosen;
    void send();
  });

  async function send(): Promise<void> {
    opener.disabled = true;
    await done?.(chosen);
    opener.disabled = isDisabled;
  }

  function show(): void {
    const shown = choices.filter(({ value }) => chosen.includes(value));
    label.textContent =
      shown.map(({ emoji, label: text }) => [emoji, text].filter(Boolean).join(' ')).join(', ') || name;
    label.classList.toggle('placeholder', shown.length === 0);
    for (const row of list.children) {
      row.setAttribute('aria-selected', String(chosen.includes(row.getAttribute('data-value') ?? '')));
    }
  }

  function choose(value: string): void {
    if (maximum === 1) {
      // If nothing has to be chosen, a second press takes the choice back.
      chosen = chosen.includes(value) && minimum === 0 ? [] : [value];
      show();
      popover.close();
      return;
    }
    if (chosen.includes(value)) chosen = chosen.filter((one) => one !== value);
    else if (chosen.length < maximum) chosen = [...chosen, value];
    show();
  }

  for (const choice of choices) {
    const row = element(
      'button',
      { type: 'button', role: 'option', class: 'select-option', 'data-value': choice.value },
      choice.emoji !== undefined && element('span', { class: 'select-emoji' }, choice.emoji),
      element(
        'span',
        { class: 'select-words' },
        element('span', {}, choice.label),
        choice.description !== undefined && element('small', {}, choice.description),
      ),
      icon(icons.check),
    );
    row.onclick = () => choose(choice.value);
    list.append(row);
  }
  if (choices.length === 0) list.append(element('p', { class: 'quiet' }, 'There is nothing to choose.'));
  opener.onclick = () => {
    before = chosen;
    popover.toggle();
  };
  show();
  return {
    element: element('div', { class: 'select-frame' }, opener),
    get values() {
      return chosen;
    },
  };
}

/** The options of a select of any type here. */
export function toChoices(component: APISelectMenuComponent, { snapshot }: Store): Choice[] {
  const presets = 'default_values' in component ? (component.default_values ?? []).map(({ id }) => id) : [];
  const toChoice = (prefix: string, emoji: string) => (item: { id: string; name: string }) => ({
    value: item.id,
    label: `${prefix}${item.name}`,
    emoji,
    isPreset: presets.includes(item.id),
  });
  const people = snapshot.people.map(toChoice('', '👤'));
  const roles = snapshot.roles
    .map(toChoice('@', '🏷️'))
    .map((role) => ({ ...role, label: role.label.replace('@@', '@') }));
  switch (component.type) {
    case ComponentType.StringSelect:
      return component.options.map(({ value, label, description, emoji, default: isPreset }) => ({
        value,
        label,
        description,
        emoji: emoji?.name,
        isPreset,
      }));
    case ComponentType.UserSelect:
      return people;
    case ComponentType.RoleSelect:
      return roles;
    case ComponentType.ChannelSelect: {
      const types = component.channel_types ?? [];
      const fits = (kind: string) =>
        types.length === 0 ||
        types.includes(kind === 'thread' ? ChannelType.PublicThread : ChannelType.GuildText);
      const channels = snapshot.channels.filter(({ kind }) => kind !== 'direct' && fits(kind));
      return channels.map(toChoice('', '#'));
    }
    default:
      return [...people, ...roles];
  }
}
