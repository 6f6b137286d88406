import type { Change, PageMessage } from '../protocol.ts';
import { element } from './element.ts';
import { followEnd } from './follow-end.ts';
import { tellRelative } from './markdown.ts';
import { createMessage, type MessageHost, renderUnanswered, type ShownMessage } from './message.ts';
import type { Store } from './store.ts';

/** How close to its end a list counts as read to the end. */
const nearEndPixels = 120;

export interface ChannelView {
  readonly element: HTMLElement;
  /** To the newest message, and on with every new one. */
  goToEnd(): void;
}

/** The messages of the visible channel; they stay in place while parts of them change. */
export function createChannelView(store: Store, host: MessageHost, welcome: () => HTMLElement): ChannelView {
  const list = element('discord-messages', { class: 'messages' });
  const unanswered = element('div', { class: 'unanswered-list' });
  const head = element('div', { class: 'welcome' });
  const inner = element('div', { class: 'scroll-inner' }, head, list, unanswered);
  const scroller = element('section', { class: 'scroller', 'aria-label': 'Messages', tabindex: 0 }, inner);
  const shown = new Map<string, ShownMessage>();
  const end = followEnd(scroller, nearEndPixels);
  let shownLocale = '';

  const observer = new ResizeObserver(end.follow);
  observer.observe(inner);
  observer.observe(scroller);

  function showAll(): void {
    shown.clear();
    shownLocale = store.person.locale;
    list.replaceChildren();
    head.replaceChildren(welcome());
    for (const message of store.visibleMessages()) show(message);
    showUnanswered();
    end.goToEnd();
  }

  function show(message: PageMessage): void {
    const known = shown.get(message.id);
    if (known) {
      known.update(message);
      return;
    }
    const made = createMessage(store, host, message);
    shown.set(message.id, made);
    list.append(made.element);
  }

  function remove(id: string): void {
    shown.get(id)?.element.remove();
    shown.delete(id);
  }

  function showUnanswered(): void {
    const own = store.snapshot.interactions.filter(
      ({ personId, channelId, isCommand }) =>
        isCommand && personId === store.view.personId && channelId === store.view.channelId,
    );
    unanswered.replaceChildren(...own.map((interaction) => renderUnanswered(store, host, interaction)));
  }

  function hear(change?: Change): void {
    if (change?.type === 'message') {
      const isVisible = store.visibleMessages().some(({ id }) => id === change.message.id);
      if (isVisible) show(change.message);
      else remove(change.message.id);
    }
    if (change?.type === 'message-removed') remove(change.id);
    if (change?.type === 'interaction' || change?.type === 'interaction-removed') showUnanswered();
  }

  store.on(['snapshot', 'view'], showAll);
  store.on(['people'], () => {
    if (shownLocale !== store.person.locale) showAll();
  });
  store.on(['message', 'message-removed', 'interaction', 'interaction-removed'], hear);

  // "in 12 seconds" updates by itself.
  setInterval(() => {
    for (const time of scroller.querySelectorAll<HTMLTimeElement>('time[data-relative]')) {
      time.textContent = tellRelative(Number(time.dataset['relative']), Date.now(), store.person.locale);
    }
  }, 1_000);

  scroller.addEventListener('click', (event) => {
    const jump = (event.target as Element).closest<HTMLElement>('.jump');
    if (jump) jumpTo(jump.dataset['message'] ?? '');
  });

  function jumpTo(id: string): void {
    const message = store.findMessage(id);
    if (!message) return;
    if (message.channelId !== store.view.channelId) store.look({ channelId: message.channelId });
    const target = shown.get(id)?.element;
    end.stay();
    target?.scrollIntoView({ block: 'center' });
    target?.classList.add('flash');
    setTimeout(() => target?.classList.remove('flash'), 1_500);
  }

  return { element: scroller, goToEnd: end.goToEnd };
}
