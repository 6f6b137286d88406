/** A column that slides over the channel if the screen is too narrow for all three. */
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

/** Escape closes an open drawer, unless a list, menu or form is open on top of it: those close by themselves first. */
export function closeDrawersByKey(): void {
  addEventListener('keydown', (event) => {
    const isOpen = drawers.some((drawer) => document.body.classList.contains(`shows-${drawer}`));
    if (event.key !== 'Escape' || event.defaultPrevented || !isOpen) return;
    if (document.querySelector(':popover-open, dialog[open]')) return;
    closeDrawers();
    opener?.focus();
  });
}
