import type { PageInteraction, PageMessage } from '../protocol.ts';
import { renderAttachments } from './attachments.ts';
import { type ComponentHost, holdsSelect, renderComponents } from './components.ts';
import { button, element, icon } from './element.ts';
import { renderEmbed } from './embed.ts';
import { icons } from './icons.ts';
import { renderMarkdown } from './markdown.ts';
import type { Store } from './store.ts';
import { tellTime, toAvatar, toLocal, toWords } from './words.ts';

export interface MessageHost extends ComponentHost {
  dismiss(messageId: string): void;
  dismissFailure(interactionId: string): void;
  openMenu(message: PageMessage, at: { x: number; y: number }): void;
}

/** A message on the screen. It stays the same element across edits, and only changed parts are replaced. */
export interface ShownMessage {
  readonly element: HTMLElement;
  update(message: PageMessage): void;
}

const loading = 1 << 7;

export function createMessage(store: Store, host: MessageHost, first: PageMessage): ShownMessage {
  let message = first;
  const body = element('discord-message', toAuthor(store, message.personId));
  Reflect.set(body, 'timestamp', tellTime(message.createdAt, store.person.locale));
  if (message.visibleTo !== undefined) {
    body.setAttribute('ephemeral', '');
    Reflect.set(body, 'dismissMessageClicked', () => host.dismiss(message.id));
    void letFocusDismiss(body);
  }
  const more = button('More', { class: 'more', 'aria-haspopup': 'menu' }, icon(icons.dots));
  more.onclick = () => {
    const { left, bottom } = more.getBoundingClientRect();
    host.openMenu(message, { x: left, y: bottom });
  };
  const shell = element(
    'article',
    {
      class: 'message',
      'data-message': message.id,
      'aria-label': `Message of ${nameOf(store, message.personId)}`,
    },
    body,
    element('div', { class: 'toolbar' }, more),
  );
  shell.oncontextmenu = (event) => {
    if (event.target instanceof HTMLAnchorElement) return;
    event.preventDefault();
    const open = () => host.openMenu(message, { x: event.clientX, y: event.clientY });
    // Some systems open it at the press; its release next to the menu would then close it again.
    if (event.buttons === 0) open();
    else addEventListener('pointerup', () => setTimeout(open), { once: true });
  };

  const parts = new Map<string, { made: string; nodes: Node[] }>();
  function renew(name: string, from: unknown, make: () => (Node | undefined)[]): void {
    const made = JSON.stringify(from) ?? '';
    const old = parts.get(name);
    if (old?.made === made) return;
    for (const node of old?.nodes ?? []) (node as ChildNode).remove();
    const nodes = make().filter((node) => node !== undefined);
    body.append(...nodes);
    parts.set(name, { made, nodes });
  }

  function update(next: PageMessage): void {
    message = next;
    const { origin, content, embeds, attachments, components, flags, isEdited, edits } = message;
    const local = (url: string) => toLocal(store, url);
    const words = toWords(store);
    const shownElsewhere = JSON.stringify([embeds, components]);
    const listed = attachments.filter(({ url }) => !shownElsewhere.includes(url));
    body.toggleAttribute('edited', isEdited);
    renew('origin', origin, () => [origin && renderOrigin(store, message)]);
    renew('content', [content, flags & loading], () =>
      flags & loading
        ? [renderThinking(store)]
        : [renderMarkdown(content, words)].flatMap(({ childNodes }) => [...childNodes]),
    );
    renew('attachments', listed, () => [renderAttachments(listed, local)]);
    renew('embeds', [embeds, attachments], () =>
      embeds.map((embed) => renderEmbed(embed, { words, attachments, toLocal: local })),
    );
    // A select keeps what was chosen until its message is edited (discord/discord-api-docs#3441).
    const choices = holdsSelect(components) ? edits : 0;
    renew('components', [components, attachments, choices], () => [
      renderComponents(message, { store, host }),
    ]);
  }

  update(message);
  return { element: shell, update };
}

/** The line for a command that has no answer yet, or never got one. */
export function renderUnanswered(store: Store, host: MessageHost, interaction: PageInteraction): HTMLElement {
  const { personId, state, name, id } = interaction;
  const text =
    state === 'pending'
      ? element('span', { class: 'thinking' }, `Sending command`, dots())
      : element('span', { class: 'failure' }, 'The application did not respond');
  const body = element(
    'discord-message',
    { ...toAuthor(store, undefined), ephemeral: state === 'failed' },
    renderUsed(store, personId, name),
    text,
  );
  Reflect.set(body, 'timestamp', tellTime(interaction.at, store.person.locale));
  Reflect.set(body, 'dismissMessageClicked', () => host.dismissFailure(id));
  void letFocusDismiss(body);
  return element('article', { class: 'message unanswered', 'data-interaction': id }, body);
}

function toAuthor(store: Store, personId: string | undefined) {
  return { author: nameOf(store, personId), avatar: toAvatar(personId), bot: personId === undefined };
}

function nameOf(store: Store, personId: string | undefined): string {
  return store.findPerson(personId)?.name ?? store.snapshot.bot.name;
}

function renderOrigin(store: Store, { origin }: PageMessage): HTMLElement | undefined {
  if (!origin) return undefined;
  if (origin.isCommand) return renderUsed(store, origin.personId, origin.name);
  const found = store.findMessage(origin.messageId);
  // What only somebody else sees can't be loaded.
  const isHidden = found?.visibleTo !== undefined && found.visibleTo !== store.person.id;
  const source = isHidden ? undefined : found;
  const content = source?.content ?? '';
  const excerpt =
    renderMarkdown(content, toWords(store)).textContent?.slice(0, 80) || source?.embeds[0]?.title;
  return element(
    'discord-reply',
    {
      slot: 'reply',
      class: 'jump',
      'data-message': origin.messageId,
      author: nameOf(store, source?.personId),
      avatar: toAvatar(source?.personId),
      bot: source?.personId === undefined,
      attachment: (source?.attachments.length ?? 0) > 0,
    },
    excerpt ?? 'Original message was deleted',
  );
}

function renderUsed(store: Store, personId: string, name: string): HTMLElement {
  return element('discord-command', {
    slot: 'reply',
    author: nameOf(store, personId),
    avatar: toAvatar(personId),
    command: name.replace(/^\//, ''),
    type: 'slash_command',
  });
}

function renderThinking(store: Store): HTMLElement {
  return element('span', { class: 'thinking' }, `${store.snapshot.bot.name} is thinking`, dots());
}

function dots(): HTMLElement {
  return element('span', { class: 'dots', 'aria-hidden': true }, element('i'), element('i'), element('i'));
}

/** The library's "Dismiss message" can be pressed, but not reached with the keyboard. */
async function letFocusDismiss(message: HTMLElement): Promise<void> {
  await Reflect.get(message, 'updateComplete');
  message.shadowRoot?.querySelector('.discord-message-ephemeral-link')?.setAttribute('tabindex', '0');
}
