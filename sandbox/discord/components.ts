import type {
  APIButtonComponent,
  APISelectMenuComponent,
  APITextDisplayComponent,
} from 'discord-api-types/v10';
import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import type { Message } from './records.ts';

/** Any component, as far as it matters for going through a message or a modal. */
export interface AnyComponent {
  readonly type: ComponentType;
  readonly id?: number;
  readonly custom_id?: string;
  readonly components?: readonly AnyComponent[];
  readonly component?: AnyComponent;
  readonly accessory?: AnyComponent;
}

/** The component and everything in it, in reading order. */
export function flatten(components: readonly unknown[]): AnyComponent[] {
  return (components as readonly AnyComponent[]).flatMap((component) => [
    component,
    ...flatten(component.components ?? []),
    ...flatten(component.component ? [component.component] : []),
    ...flatten(component.accessory ? [component.accessory] : []),
  ]);
}

export function buttonsOf(message: Message): APIButtonComponent[] {
  return flatten(message.components).filter(
    (component): component is APIButtonComponent & AnyComponent => component.type === ComponentType.Button,
  );
}

const SELECTS: readonly ComponentType[] = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];

export function isSelect(component: AnyComponent): component is APISelectMenuComponent & AnyComponent {
  return SELECTS.includes(component.type);
}

export function selectsOf(message: Message): APISelectMenuComponent[] {
  return flatten(message.components).filter(isSelect);
}

/** All text in a message that a person reads, for assertions: content, embeds and text displays. */
export function textOf(message: Message): string {
  const embeds = message.embeds.flatMap((embed) => [
    embed.author?.name,
    embed.title,
    embed.description,
    ...(embed.fields ?? []).flatMap((field) => [field.name, field.value]),
    embed.footer?.text,
  ]);
  const displays = flatten(message.components)
    .filter((component) => component.type === ComponentType.TextDisplay)
    .map((component) => (component as unknown as APITextDisplayComponent).content);
  return [message.content, ...embeds, ...displays].filter(Boolean).join('\n');
}

/** A button's label, for people and for errors. */
export function labelOf(button: APIButtonComponent): string {
  if (button.style === ButtonStyle.Premium) return 'premium';
  return button.label ?? button.emoji?.name ?? '';
}

export function customIdOf(component: object): string | undefined {
  return 'custom_id' in component ? String(component.custom_id) : undefined;
}
