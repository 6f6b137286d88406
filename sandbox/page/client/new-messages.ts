import { element, icon } from './element.ts';
import { icons } from './icons.ts';

/** The bar at the bottom of a channel that counts the messages that arrived while somebody was reading further up. */
export interface NewMessages {
  readonly element: HTMLElement;
  /** Counts a message, written at `at`. */
  add(at: number): void;
  /** All of them have been seen. */
  clear(): void;
}

export function createNewMessages(tellTime: (at: number) => string, goToEnd: () => void): NewMessages {
  const words = element('span');
  const bar = element(
    'button',
    { type: 'button', class: 'new-messages', hidden: true, onclick: goToEnd },
    words,
    element(
      'span',
      { class: 'new-messages-jump' },
      element('span', {}, 'Jump to present'),
      icon(icons.chevron),
    ),
  );
  let count = 0;
  let since = '';

  return {
    element: bar,
    add(at) {
      if (count === 0) since = tellTime(at);
      count += 1;
      words.textContent = `${count} new ${count === 1 ? 'message' : 'messages'} since ${since}`;
      bar.hidden = false;
    },
    clear() {
      count = 0;
      bar.hidden = true;
    },
  };
}
