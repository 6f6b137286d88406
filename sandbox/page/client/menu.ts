import { element } from './element.ts';

export interface MenuItem {
  readonly label: string;
  readonly isDangerous?: boolean;
  act(): void;
}

/** The menu that a right-click on a message opens. */
export function openMenu(sections: readonly (readonly MenuItem[])[], at: { x: number; y: number }): void {
  const before = document.activeElement as HTMLElement | null;
  const menu = element('div', { role: 'menu', class: 'menu', popover: 'auto' });
  for (const section of sections.filter((items) => items.length > 0)) {
    const items = section.map(({ label, isDangerous = false, act }) => {
      const item = element(
        'button',
        { type: 'button', role: 'menuitem', class: isDangerous ? 'danger' : undefined },
        label,
      );
      item.onclick = () => {
        menu.hidePopover();
        act();
      };
      return item;
    });
    menu.append(element('div', { role: 'group' }, ...items));
  }
  menu.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll('button')];
    items.at((items.indexOf(document.activeElement as HTMLButtonElement) + step) % items.length)?.focus();
  };
  menu.addEventListener('toggle', (event) => {
    if ((event as ToggleEvent).newState !== 'closed') return;
    menu.remove();
    before?.focus();
  });
  document.body.append(menu);
  menu.showPopover();
  menu.style.left = `${Math.max(8, Math.min(at.x, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.y, innerHeight - menu.offsetHeight - 8))}px`;
  menu.querySelector('button')?.focus();
}
