export interface Popover {
  readonly isOpen: boolean;
  open(): void;
  close(): void;
  toggle(): void;
}

const gap = 4;

/**
 * A list attached to its opener: on the page's top layer, below or above it, depending on the room. Arrow keys
 * move through its buttons; Escape and a press elsewhere close it.
 */
export function createPopover(
  opener: HTMLElement,
  content: HTMLElement,
  closed: () => void = () => {},
): Popover {
  content.popover = 'auto';
  content.classList.add('popover');
  opener.setAttribute('aria-expanded', 'false');
  let isOpen = false;
  /** A press on the opener has already closed the list. */
  let wasOpen = false;
  opener.addEventListener('pointerdown', () => {
    wasOpen = content.matches(':popover-open');
  });

  function place(): void {
    const { left, top, bottom, width } = opener.getBoundingClientRect();
    content.style.minWidth = `${Math.min(width, innerWidth - 16)}px`;
    const { offsetHeight, offsetWidth } = content;
    const isAbove = bottom + gap + offsetHeight > innerHeight - 8 && top > innerHeight - bottom;
    content.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`;
    content.style.top = isAbove ? `${Math.max(8, top - gap - offsetHeight)}px` : `${bottom + gap}px`;
    content.style.maxHeight = `${Math.max(160, (isAbove ? top : innerHeight - bottom) - 16)}px`;
  }

  content.addEventListener('toggle', (event) => {
    isOpen = (event as ToggleEvent).newState === 'open';
    opener.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) return;
    content.remove();
    closed();
  });
  content.addEventListener('keydown', (event) => {
    const buttons = [...content.querySelectorAll<HTMLElement>('button:not(:disabled), select, input')];
    const index = buttons.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || document.activeElement instanceof HTMLSelectElement) return;
    event.preventDefault();
    buttons.at((index + step) % buttons.length)?.focus();
  });

  const popover = {
    get isOpen() {
      return isOpen;
    },
    open() {
      // Next to its opener, so that it is above an open dialog, too, and comes next in the tab order.
      opener.after(content);
      content.showPopover();
      place();
      content.querySelector<HTMLElement>('[aria-selected=true], [aria-checked=true], button')?.focus();
    },
    close() {
      if (!isOpen && !content.matches(':popover-open')) return;
      content.hidePopover();
      opener.focus();
    },
    toggle() {
      if (wasOpen || content.matches(':popover-open')) popover.close();
      else popover.open();
      wasOpen = false;
    },
  };
  return popover;
}
