import {
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  type APISelectMenuComponent,
  ButtonStyle,
  ComponentType,
} from 'discord-api-types/v10';
import type { PageMessage } from '../protocol.ts';
import { renderFile } from './attachments.ts';
import { element } from './element.ts';
import { renderVideo } from './embed.ts';
import { renderMarkdown } from './markdown.ts';
import { renderMosaic, renderPicture } from './pictures.ts';
import { createSelect, toChoices } from './select-menu.ts';
import type { Store } from './store.ts';
import { toLocal, toWords } from './words.ts';

export interface ComponentHost {
  click(message: PageMessage, customId: string): Promise<void>;
  choose(message: PageMessage, customId: string, values: readonly string[]): Promise<void>;
}

interface Context {
  store: Store;
  host: ComponentHost;
}

/** What can be pressed, and the newer parts of a layout (Discord docs, components/reference). */
export function renderComponents(message: PageMessage, context: Context): HTMLElement | undefined {
  if (message.components.length === 0) return undefined;
  const rows = message.components.map((component) => renderComponent(component, message, context));
  return element('div', { slot: 'components', class: 'components' }, ...rows);
}

const selects: readonly number[] = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];

export function holdsSelect(components: readonly object[]): boolean {
  return components.some((component) =>
    'components' in component
      ? holdsSelect(component.components as readonly object[])
      : selects.includes(Reflect.get(component, 'type')),
  );
}

type AnyComponent = APIMessageTopLevelComponent | APIComponentInContainer;

function renderComponent(component: AnyComponent, message: PageMessage, context: Context): Node {
  const { store } = context;
  switch (component.type) {
    case ComponentType.ActionRow:
      return renderRow(component.components, message, context);
    case ComponentType.TextDisplay:
      return renderText(component.content, store);
    case ComponentType.Section: {
      const { accessory } = component;
      const texts = component.components.map(({ content }) => renderText(content, store));
      const side =
        accessory.type === ComponentType.Button
          ? renderRow([accessory], message, context)
          : renderMedia(accessory, message, store);
      return element('div', { class: 'section' }, element('div', { class: 'section-text' }, ...texts), side);
    }
    case ComponentType.MediaGallery: {
      const media = component.items.map((item) => renderMedia(item, message, store));
      return renderMosaic(media);
    }
    case ComponentType.File: {
      const file = message.attachments.find(({ url }) => url === component.file.url);
      return file
        ? renderFile(file, (url) => toLocal(store, url))
        : element('span', { class: 'broken' }, 'a lost file');
    }
    case ComponentType.Separator:
      return element('hr', {
        class: component.divider === false ? 'gap' : 'separator',
        'data-spacing': component.spacing,
      });
    case ComponentType.Container: {
      const inner = component.components.map((child) => renderComponent(child, message, context));
      const container = element('div', { class: 'container' }, ...inner);
      const color = component.accent_color;
      if (color !== undefined && color !== null) {
        container.style.setProperty('--accent', `#${color.toString(16).padStart(6, '0')}`);
      }
      return container;
    }
    default:
      return element('span', { class: 'broken' }, `a component of type ${Reflect.get(component, 'type')}`);
  }
}

function renderText(content: string, store: Store): HTMLElement {
  return element('div', { class: 'text-display' }, renderMarkdown(content, toWords(store)));
}

interface Media {
  media: { url: string };
  description?: string | null | undefined;
  spoiler?: boolean | undefined;
}

function renderMedia(
  { media, description, spoiler = false }: Media,
  message: PageMessage,
  store: Store,
): HTMLElement {
  const file = message.attachments.find(({ url }) => url === media.url);
  const url = toLocal(store, media.url);
  if (url === undefined)
    return element('a', { href: media.url, target: '_blank', rel: 'noreferrer' }, media.url);
  if (file?.contentType.startsWith('video/')) return renderVideo(url);
  const name = description ?? file?.name ?? 'picture';
  return renderPicture({ url, name, width: file?.width, height: file?.height, isSpoiler: spoiler });
}

type RowComponent = APIButtonComponent | APISelectMenuComponent;

function renderRow(components: readonly RowComponent[], message: PageMessage, context: Context): HTMLElement {
  const shown = components.map((component) =>
    component.type === ComponentType.Button
      ? renderButton(component, message, context)
      : renderSelect(component, message, context),
  );
  return element('discord-action-row', {}, ...shown);
}

const buttonTypes: Readonly<Record<number, string>> = {
  [ButtonStyle.Primary]: 'primary',
  [ButtonStyle.Secondary]: 'secondary',
  [ButtonStyle.Success]: 'success',
  [ButtonStyle.Danger]: 'destructive',
};

function renderButton(component: APIButtonComponent, message: PageMessage, { host }: Context): HTMLElement {
  const { disabled = false, style } = component;
  const emoji = 'emoji' in component ? component.emoji?.name : undefined;
  const label = 'label' in component ? component.label : undefined;
  const text = [emoji, label].filter(Boolean).join(' ') || 'Premium';
  const shown = element(
    'discord-button',
    {
      type: buttonTypes[style] ?? 'secondary',
      disabled,
      url: style === ButtonStyle.Link ? component.url : undefined,
      class: 'button',
    },
    text,
  );
  if ('custom_id' in component && !disabled) {
    const { custom_id: customId } = component;
    shown.onclick = async () => {
      if (shown.hasAttribute('pending')) return;
      shown.setAttribute('pending', '');
      await host.click(message, customId);
      shown.removeAttribute('pending');
    };
  }
  return shown;
}

function renderSelect(
  component: APISelectMenuComponent,
  message: PageMessage,
  { store, host }: Context,
): HTMLElement {
  const { custom_id: customId, placeholder, min_values = 1, max_values = 1, disabled = false } = component;
  return createSelect({
    name: placeholder ?? 'Make a selection',
    choices: toChoices(component, store),
    minimum: min_values,
    maximum: max_values,
    isDisabled: disabled,
    done: (values) => host.choose(message, customId, values),
  }).element;
}
