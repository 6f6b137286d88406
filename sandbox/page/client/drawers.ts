/** What slides over the channel where the screen is too narrow for all three columns. */
export type Drawer = 'channels' | 'panel';

const drawers: readonly Drawer[] = ['channels', 'panel'];
let opener: HTMLElement | undefined;

export function toggleDrawer(drawer: Drawer): void {
  const isOpening = !document.body.classList.contains(`shows-${drawer}`);
  closeDrawers();
  if (!isOpening) return;
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  document.body.classList.add(`shows-${drawer}`);
}

export function closeDrawers(): void {
  document.body.classList.remove(...drawers.map((drawer) => `shows-${drawer}`));
}

/** Escape closes what is open, the topmost first: a list, a menu or a form closes by itself. */
export function closeDrawersByKey(): void {
  addEventListener('keydown', (event) => {
    const isOpen = drawers.some((drawer) => document.body.classList.contains(`shows-${drawer}`));
    if (event.key !== 'Escape' || event.defaultPrevented || !isOpen) return;
    if (document.querySelector(':popover-open, dialog[open]')) return;
    closeDrawers();
    opener?.focus();
  });
}
