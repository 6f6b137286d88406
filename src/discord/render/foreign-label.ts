import type { Action, Offer } from '../../task.ts';
import { toLabel } from './foreign-text.ts';

/** Of a button (Discord's reference, Button). */
const longestLabel = 80;

/** Actions without a name of our own. */
const unnamed: ReadonlySet<Action> = new Set(['other', 'other-video']);

/**
 * What the provider calls an action that we have no name for, cut to what a button shows; `undefined` for any other action,
 * which has the same name for every provider.
 */
export function toForeignLabel({ action, label }: { action: Action; label?: string }): string | undefined {
  const shown = unnamed.has(action) ? toLabel(label ?? '', longestLabel) : '';
  return shown === '' ? undefined : shown;
}

/** The emoji next to it. */
export function toForeignEmoji({ action, emoji }: Offer): string | undefined {
  return unnamed.has(action) ? emoji : undefined;
}

/** The same offer under a name of ours, in case Discord refuses the provider's; it doesn't know the newest emoji, either. */
export function withoutLabel({ label: _label, emoji: _emoji, ...offer }: Offer): Offer {
  return offer;
}
