import type { Action, Outcome, Snapshot } from '../protocol.ts';
import { createChannelView } from './channel-view.ts';
import { createComposer } from './composer.ts';
import { listen, send } from './connection.ts';
import { closeDrawers, closeDrawersByKey } from './drawers.ts';
import { element } from './element.ts';
import { createHeader } from './header.ts';
import { createInteractions } from './interactions.ts';
import { dressUp } from './look.ts';
import { openMenu } from './menu.ts';
import type { MessageHost } from './message.ts';
import { toMessageMenu } from './message-menu.ts';
import { createPanel } from './panel.ts';
import { createSidebar } from './sidebar.ts';
import { createStore } from './store.ts';
import { restoreTheme } from './theme.ts';
import { renderWelcome } from './welcome.ts';

restoreTheme();
dressUp();
closeDrawersByKey();
const store = createStore();
const interactions = createInteractions(store, complain);
const composer = createComposer(store, write);
const host = createHost();
const channel = createChannelView(store, host, () => renderWelcome(store, composer.begin));
const app = createApp();
const away = createAwayLine();
listen({ snapshot: load, change: store.apply, lost: store.disconnect });

/** Nothing can be used before there is something to show. */
function load(snapshot: Snapshot): void {
  store.load(snapshot);
  if (!app.isConnected) document.body.replaceChildren(away, app);
}

function complain(text: string): void {
  composer.complain(text);
}

/** A person's own message appears at the end, wherever they were reading. */
function write(action: Action): Promise<Outcome> {
  if (action.do !== 'autocomplete') channel.goToEnd();
  return interactions.begin(action);
}

async function act(action: Action): Promise<void> {
  const outcome = await send(action);
  if (!outcome.done) complain(outcome.says);
}

function createHost(): MessageHost {
  const begin = (action: Action) => interactions.beginAndWait(action);
  const menuHost = {
    store,
    act: (action: Action) => void act(action),
    begin: (action: Action) => void begin(action),
  };
  return {
    click: ({ id: messageId }, customId) =>
      begin({ do: 'click', personId: store.view.personId, messageId, customId }),
    choose: ({ id: messageId }, customId, values) =>
      begin({ do: 'choose', personId: store.view.personId, messageId, customId, values }),
    dismiss: (messageId) => void act({ do: 'dismiss', messageId }),
    dismissFailure: (interactionId) => void act({ do: 'dismiss-failure', interactionId }),
    openMenu: (message, at) => openMenu(toMessageMenu(message, menuHost), at),
  };
}

function createAwayLine(): HTMLElement {
  const command = element('code', {}, 'npm run sandbox');
  const line = element(
    'p',
    { class: 'away', role: 'alert', hidden: true },
    'The sandbox is away. Start it with ',
    command,
    '; this page comes back by itself.',
  );
  store.on(['connection'], () => {
    line.hidden = store.isConnected;
  });
  return line;
}

function createApp(): HTMLElement {
  const shade = element('button', { type: 'button', class: 'shade', 'aria-label': 'Back to the channel' });
  shade.onclick = closeDrawers;
  return element(
    'div',
    { class: 'app' },
    createSidebar(store, send),
    element('main', {}, createHeader(store), channel.element, composer.element),
    createPanel(store, send, complain),
    shade,
  );
}
