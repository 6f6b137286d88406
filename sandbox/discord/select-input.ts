import type { APISelectMenuComponent } from 'discord-api-types/v10';
import { ComponentType } from 'discord-api-types/v10';
import { requireRange } from './command-input.ts';
import type { Resolved } from './resolved.ts';

/** The chosen values as sent. Options may be named by value or by label; without a choice, the presets count. */
export function toSelection(
  select: APISelectMenuComponent,
  chosen: readonly string[] | undefined,
  resolved: Resolved,
): string[] {
  const values = resolveValues(select, chosen, resolved);
  const isOptional = 'required' in select && select.required === false;
  const minimum = isOptional && values.length === 0 ? 0 : (select.min_values ?? 1);
  requireRange(values.length, minimum, select.max_values ?? 1, 'choices');
  return values;
}

function resolveValues(
  select: APISelectMenuComponent,
  chosen: readonly string[] | undefined,
  resolved: Resolved,
): string[] {
  if (select.type === ComponentType.StringSelect) {
    if (!chosen) return select.options.filter((option) => option.default).map((option) => option.value);
    return chosen.map((wanted) => {
      const option =
        select.options.find(({ value }) => value === wanted) ??
        select.options.find(({ label }) => label === wanted);
      if (option) return option.value;
      throw new Error(
        `has no option "${wanted}"; it has ${select.options.map(({ value }) => value).join(', ')}`,
      );
    });
  }
  const ids = chosen ?? select.default_values?.map(({ id }) => id) ?? [];
  switch (select.type) {
    case ComponentType.UserSelect:
      return ids.map(resolved.user);
    case ComponentType.RoleSelect:
      return ids.map(resolved.role);
    case ComponentType.ChannelSelect:
      return ids.map(resolved.channel);
    default:
      return ids.map(resolved.mentionable);
  }
}
