import { MessageFlags } from 'discord-api-types/v10';
import type { Action, Outcome, PageMessage } from '../protocol.ts';
import { createChannelView } from './channel-view.ts';
import { createComposer } from './composer.ts';
import { listen, send } from './connection.ts';
import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';
import { dressUp } from './look.ts';
import { type MenuItem, openMenu } from './menu.ts';
import type { MessageHost } from './message.ts';
import { openModal } from './modal.ts';
import { createPanel } from './panel.ts';
import { createSidebar } from './sidebar.ts';
import { createStore } from './store.ts';
import { restoreTheme } from './theme.ts';
import { renderWelcome } from './welcome.ts';

const onPerson = 2;
const onMessage = 3;

restoreTheme();
dressUp();
const store = createStore();

/** Interactions that this tab began: their modals open here, and in no other tab. */
const own = new Set<string>();
const answered = new Map<string, () => void>();

const composer = createComposer(store, begin);

/** Sends an action and remembers the interaction that it began. */
async function begin(action: Action): Promise<Outcome> {
  const outcome = await send(action);
  if (outcome.done && outcome.interactionId !== undefined) own.add(outcome.interactionId);
  return outcome;
}

/** Resolves once the bot has answered, or Discord has given up on it. */
async function beginAndWait(action: Action): Promise<void> {
  const outcome = await begin(action);
  if (!outcome.done) return composer.complain(outcome.says);
  composer.complain('');
  const { interactionId } = outcome;
  if (interactionId === undefined) return;
  if (early.has(interactionId)) {
    settle(interactionId);
    return;
  }
  await new Promise<void>((resolve) => answered.set(interactionId, resolve));
}

/** Answers may come before the sandbox has told which interaction was begun. */
const early = new Map<string, () => void>();

function settle(id: string): void {
  early.get(id)?.();
  early.delete(id);
  answered.get(id)?.();
  answered.delete(id);
}

store.on(['interaction'], (change) => {
  if (change?.type !== 'interaction' || change.interaction.state === 'pending') return;
  const { id, modal, state, isCommand, personId } = change.interaction;
  early.set(id, () => {
    if (!own.has(id)) return;
    if (modal) openModal(modal, store, (values) => submit(id, personId, values));
    if (state === 'failed' && !isCommand)
      composer.complain('This interaction failed: the bot did not answer within 3 seconds.');
  });
  if (own.has(id)) settle(id);
  else setTimeout(() => settle(id), forgetAfterMs);
});

const forgetAfterMs = 5_000;

async function submit(
  interactionId: string,
  personId: string,
  values: Extract<Action, { do: 'submit' }>['values'],
) {
  const outcome = await begin({ do: 'submit', personId, interactionId, values });
  return outcome.done ? undefined : outcome.says;
}

const host: MessageHost = {
  click: ({ id: messageId }, customId) =>
    beginAndWait({ do: 'click', personId: store.view.personId, messageId, customId }),
  choose: ({ id: messageId }, customId, values) =>
    beginAndWait({ do: 'choose', personId: store.view.personId, messageId, customId, values }),
  dismiss: (messageId) => void act({ do: 'dismiss', messageId }),
  dismissFailure: (interactionId) => void act({ do: 'dismiss-failure', interactionId }),
  openMenu: (message, at) => openMenu(toMenu(message), at),
};

async function act(action: Action): Promise<void> {
  const outcome = await send(action);
  if (!outcome.done) composer.complain(outcome.says);
}

function toMenu(message: PageMessage): MenuItem[][] {
  const { personId, channelId } = store.view;
  const author = store.findPerson(message.personId);
  const apps = store.visibleCommands(onMessage).map(({ name }) => ({
    label: `Apps › ${name}`,
    act: () => void beginAndWait({ do: 'run-on-message', personId, messageId: message.id, command: name }),
  }));
  const onAuthor = store.visibleCommands(onPerson).map(({ name }) => ({
    label: `Apps › ${name} (${author?.name})`,
    act: () =>
      void beginAndWait({
        do: 'run-on-person',
        personId,
        channelId,
        targetId: author?.id ?? '',
        command: name,
      }),
  }));
  const isOwn = message.personId === personId;
  const mayDelete = isOwn || store.person.standing === 'Administrator';
  return [
    apps,
    author ? onAuthor : [],
    [{ label: 'Copy message ID', act: () => void navigator.clipboard.writeText(message.id) }],
    message.flags & MessageFlags.Ephemeral
      ? [{ label: 'Dismiss message', act: () => host.dismiss(message.id) }]
      : mayDelete
        ? [
            {
              label: 'Delete message',
              isDangerous: true,
              act: () => void act({ do: 'delete', personId, messageId: message.id }),
            },
          ]
        : [],
  ];
}

function createHeader(): HTMLElement {
  const title = element('h1');
  const topic = element('p', { class: 'topic' });
  const toggle = (name: string) => document.body.classList.toggle(name);
  store.on(['snapshot', 'view'], () => {
    const { kind, name, ageRestricted } = store.channel;
    const sign = { text: icons.hash, thread: icons.thread, direct: icons.at }[kind];
    title.replaceChildren(icon(sign), kind === 'direct' ? store.snapshot.bot.name : name);
    topic.textContent = ageRestricted ? 'Age-restricted' : '';
    document.title = `${kind === 'direct' ? store.snapshot.bot.name : `#${name}`} · Sandbox`;
  });
  return element(
    'header',
    { class: 'channel-header' },
    button(
      'Channels',
      { class: 'round only-phone', onclick: () => toggle('shows-channels') },
      icon(icons.menu),
    ),
    title,
    topic,
    button(
      'What happens behind',
      { class: 'round only-narrow', onclick: () => toggle('shows-panel') },
      icon(icons.traffic),
    ),
  );
}

function createPage(): void {
  const away = element(
    'p',
    { class: 'away', role: 'alert', hidden: true },
    'The sandbox is away. Start it with ',
    element('code', {}, 'npm run sandbox'),
    '; this page comes back by itself.',
  );
  store.on(['connection'], () => {
    away.hidden = store.isConnected;
  });
  const shade = element('button', { type: 'button', class: 'shade', 'aria-label': 'Back to the channel' });
  shade.onclick = () => document.body.classList.remove('shows-channels', 'shows-panel');
  document.body.replaceChildren(
    away,
    element(
      'div',
      { class: 'app' },
      createSidebar(store, send),
      element(
        'main',
        {},
        createHeader(),
        createChannelView(store, host, () => renderWelcome(store, composer.begin)),
        composer.element,
      ),
      createPanel(store, send, composer.complain),
      shade,
    ),
  );
}

createPage();
listen({
  snapshot: store.load,
  change: store.apply,
  lost: store.disconnect,
});
