/** Drawn on 24 × 24 with a pen: the page may load nothing from elsewhere. */
const icons = {
  brush: '<path d="M20 4 10.5 13.5M14 17.5 8.5 12A4 4 0 0 0 5 16c0 2-1 3-2 4 4 1.5 11 1 11-2.5Z"/>',
  rectangle: '<rect x="4" y="6" width="16" height="12" rx="1" stroke-dasharray="3.5 2.5"/>',
  lasso: '<ellipse cx="12" cy="9" rx="9" ry="5.5"/><path d="M7 13.5c-1.5 1-1.5 3 .5 3s2 2.5.5 4.5"/>',
  eraser:
    '<path d="m8 20-4.5-4.5a1.5 1.5 0 0 1 0-2L13 4a1.5 1.5 0 0 1 2 0l5.5 5.5a1.5 1.5 0 0 1 0 2L12 20H8ZM8.5 8.5l7 7M12 20h9"/>',
  hand: '<path d="M8 12V6a1.5 1.5 0 0 1 3 0v5-7a1.5 1.5 0 0 1 3 0v7-5a1.5 1.5 0 0 1 3 0v8c0 4-2 7-6 7-3 0-4.5-1.5-6-4l-1.900-3.300c-.6-1.100.9-2.200 1.900-1.400L8 14"/>',
  undo: '<path d="M4 9h10a5.5 5.5 0 0 1 0 11H9M4 9l4.5-4.5M4 9l4.5 4.5"/>',
  redo: '<path d="M20 9H10a5.5 5.5 0 0 0 0 11h5M20 9l-4.5-4.5M20 9l-4.5 4.5"/>',
  invert: '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor"/>',
  clear: '<path d="M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5"/>',
  'zoom-in': '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5M7.5 10.5h6M10.5 7.5v6"/>',
  'zoom-out': '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5M7.5 10.5h6"/>',
  fit: '<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/>',
  dot: '<circle cx="12" cy="12" r="2" fill="currentColor"/>',
  disc: '<circle cx="12" cy="12" r="7" fill="currentColor"/>',
} as const;

export type IconName = keyof typeof icons;

/** A picture on a button, which has a name for people who can't see it. */
export function renderIcon(name: IconName): string {
  return `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${icons[name]}</svg>`;
}
