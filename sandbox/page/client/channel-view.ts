import type { Change, PageMessage } from '../protocol.ts';
import { element } from './element.ts';
import { followEnd } from './follow-end.ts';
import { tellRelative } from './markdown.ts';
import { createMessage, type MessageHost, renderUnanswered, type ShownMessage } from './message.ts';
import { createNewMessages } from './new-messages.ts';
import type { Store } from './store.ts';
import { tellTime } from './words.ts';

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
  const head = element('div', { class: 'welcome' });
  const inner = element('div', { class: 'scroll-inner' }, head, list);
  const scroller = element('section', { class: 'scroller', 'aria-label': 'Messages', tabindex: 0 }, inner);
  const shown = new Map<string, ShownMessage>();
  const unanswered = new Map<string, HTMLElement>();
  const end = followEnd(scroller, nearEndPixels, () => missed.clear());
  const missed = createNewMessages((at) => tellTime(at, store.person.locale), end.goToEnd);
  let shownLocale = '';

  const observer = new ResizeObserver(end.follow);
  observer.observe(inner);
  observer.observe(scroller);

  function showAll(): void {
    shown.clear();
    unanswered.clear();
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
    place(message.id, made.element);
  }

  /** In order of time: the ids of messages and interactions grow with it. */
  function place(id: string, entry: HTMLElement): void {
    const before = [...list.children].findLast((child) => isEarlier(child, id));
    if (before) before.after(entry);
    else list.prepend(entry);
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
    for (const entry of unanswered.values()) entry.remove();
    unanswered.clear();
    for (const interaction of own) {
      const entry = renderUnanswered(store, host, interaction);
      unanswered.set(interaction.id, entry);
      place(interaction.id, entry);
    }
  }

  function hear(change?: Change): void {
    if (change?.type === 'message') {
      const { id, createdAt } = change.message;
      const isVisible = store.visibleMessages().some((message) => message.id === id);
      if (isVisible && !end.isFollowing && !shown.has(id)) missed.add(createdAt);
      if (isVisible) show(change.message);
      else remove(id);
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

  return {
    element: element('div', { class: 'channel-view' }, scroller, missed.element),
    goToEnd: end.goToEnd,
  };
}

function isEarlier(entry: Element, id: string): boolean {
  const { message, interaction } = (entry as HTMLElement).dataset;
  return BigInt(message ?? interaction ?? 0) < BigInt(id);
}
