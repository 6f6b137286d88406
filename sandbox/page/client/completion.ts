import { element } from './element.ts';

export interface Suggestion {
  readonly label: string;
  readonly description?: string | undefined;
  /** Shown on the right: where it comes from. */
  readonly source?: string | undefined;
  pick(): void;
}

export interface Suggestions {
  /** What is being filled in. */
  readonly title: string;
  readonly note?: string | undefined;
  readonly items: readonly Suggestion[];
  /** Whether Enter takes the first one; otherwise an arrow key must choose first. */
  readonly isEager: boolean;
}

/** The list above the composer. The focus stays in the composer, which passes keys on. */
export interface Completion {
  readonly element: HTMLElement;
  show(suggestions: Suggestions): void;
  hide(): void;
  /** True if the key meant this list. */
  takeKey(event: KeyboardEvent): boolean;
}

let nextId = 1;

export function createCompletion(): Completion {
  const list = element('div', { role: 'listbox', id: 'completion', class: 'completion-list' });
  const title = element('strong', {});
  const note = element('span', {});
  const frame = element(
    'div',
    { class: 'completion', hidden: true },
    element('header', {}, title, note),
    list,
  );
  // A press must not take away the focus, and with it the list.
  frame.onpointerdown = (event) => event.preventDefault();
  let items: readonly Suggestion[] = [];
  let active = -1;

  function mark(index: number): void {
    active = index;
    for (const [at, row] of [...list.children].entries()) {
      row.setAttribute('aria-selected', String(at === active));
      if (at === active) row.scrollIntoView({ block: 'nearest' });
    }
    const id = list.children[active]?.id;
    if (id === undefined) document.activeElement?.removeAttribute('aria-activedescendant');
    else document.activeElement?.setAttribute('aria-activedescendant', id);
  }

  return {
    element: frame,
    show(suggestions) {
      items = suggestions.items;
      title.textContent = suggestions.title;
      note.textContent = suggestions.note ?? '';
      list.replaceChildren(
        ...items.map((item) => {
          const row = element(
            'div',
            { role: 'option', id: `completion-${nextId++}`, class: 'suggestion' },
            element('span', { class: 'suggestion-label' }, item.label),
            item.description !== undefined && element('span', { class: 'suggestion-note' }, item.description),
            item.source !== undefined && element('span', { class: 'suggestion-source' }, item.source),
          );
          row.onclick = item.pick;
          return row;
        }),
      );
      frame.hidden = false;
      mark(suggestions.isEager && items.length > 0 ? 0 : -1);
    },
    hide() {
      frame.hidden = true;
      items = [];
      mark(-1);
    },
    takeKey(event) {
      if (frame.hidden || event.isComposing) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined && items.length > 0) {
        const next = active < 0 && step < 0 ? items.length - 1 : active + step;
        mark((next + items.length) % items.length);
        return true;
      }
      const chosen = items[active];
      if ((event.key !== 'Enter' && event.key !== 'Tab') || event.shiftKey || chosen === undefined)
        return false;
      chosen.pick();
      return true;
    },
  };
}
