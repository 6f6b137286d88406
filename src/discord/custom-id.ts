import { resultKinds } from '../service/result-kinds.ts';
import { type Listing, listFilters } from '../service/task-lists.ts';

/** A button that shows a page of a person's history. */
export interface PageButton {
  readonly userId: string;
  readonly page: number;
}

export function encodePage({ userId, page }: PageButton): string {
  return `history:${userId}:${page}`;
}

/** The page that a `custom_id` stands for; `undefined` for any other. The presser still needs the right to see it. */
export function decodePage(customId: string): PageButton | undefined {
  const [, userId, page] = /^history:(\d{17,20}):(\d{1,6})$/.exec(customId) ?? [];
  return userId === undefined ? undefined : { userId, page: Number(page) };
}

/** Stands for all kinds. */
const anyKind = 'any';

/** The `custom_id` of a button that shows a page of the presser's own tasks: nothing about it has to be kept anywhere. */
export function encodeListing(listing: Listing): string {
  return 'words' in listing
    ? `search:${listing.page}:${listing.words}`
    : `list:${listing.filter}:${listing.kind ?? anyKind}:${listing.page}`;
}

/** The page that a `custom_id` stands for; `undefined` for any other. */
export function decodeListing(customId: string): Listing | undefined {
  const [, found, words] = /^search:(\d{1,4}):(.+)$/u.exec(customId) ?? [];
  if (words !== undefined) return { words, page: Number(found) };
  const [, filter, kind, page] = /^list:([a-z]+):([a-z]+):(\d{1,4})$/.exec(customId) ?? [];
  const known = listFilters.find((candidate) => candidate === filter);
  const knownKind = resultKinds.find((candidate) => candidate === kind);
  if (known === undefined || (knownKind === undefined && kind !== anyKind)) return undefined;
  return { filter: known, kind: knownKind, page: Number(page) };
}

const menuPrefix = 'unfavorite-from:';

/** The menu below a page of favorites, which removes one and shows the page again. */
export function encodeFavoritesMenu(listing: Listing): string {
  return `${menuPrefix}${encodeListing(listing)}`;
}

/** The page that such a menu belongs to; `undefined` for any other `custom_id`. */
export function decodeFavoritesMenu(customId: string): Listing | undefined {
  return customId.startsWith(menuPrefix) ? decodeListing(customId.slice(menuPrefix.length)) : undefined;
}

/** The button that removes the presser's data. */
export const forgetId = 'forget-me';

/** The menu that shows a private task in a message of its own again. */
export const bringId = 'bring-private';

/** The modal with the presser's preferences. */
export const preferencesId = 'preferences';

/** The menu below a card of all settings of a server. */
export const settingsMenuId = 'settings-menu';

/** The number of a `cancel` whose button said that no points come back. */
export const unrefundedCancel = 1;

/** What one of our components or modals is for. */
export const pressKinds = [
  'offer',
  'window',
  'proposal',
  'proposal-window',
  'answer',
  'cancel',
  'cancel-anyway',
  'again',
  'check',
  'remove',
  'delete',
  'more',
  'agree',
  'draft',
  'draft-window',
  'favorite',
  'unfavorite',
  'menu-window',
  'cells',
  'parts',
  'correct',
  'as-written',
  'change',
  'change-window',
  'keep-style',
  'keep-style-window',
  'publish',
  'send-to-me',
  'bring',
  'animate',
  'extend',
  'extend-window',
] as const;
export type PressKind = (typeof pressKinds)[number];

/**
 * A press on one of our components, or a modal that was sent: which task it's about and, for offers, which one.
 * `agree`, `draft`, `draft-window`, `cells` and `parts` name a draft instead of a task: a price to agree to, a window that was
 * begun before, the menu of a picture's parts, and the button that shows that menu.
 * `correct`, `as-written`, `change` and its modal name a draft, too: a prompt that something was found in.
 * `menu-window` is the modal of a command of a message's menu, and of `animate`, which makes a video of a picture; it names a
 * draft as well. `extend` and its modal extend a video with other words.
 * `keep-style` and its modal save the style that was drawn for a result.
 * `cancel-anyway` is on the question whether to cancel without a refund, `delete` on the one whether to delete a result. `more`
 * is the menu of offers that have no room as buttons. `proposal` is a prompt that was found; the number says which. `window` is
 * the modal that an offer opened, `answer` the button or modal for a question of the provider. `favorite` and `unfavorite` are
 * about the presser's own favorites. `publish` and `send-to-me` are on a private result, and `bring` is on a card: it shows a
 * private task in a message of its own again.
 */
export interface Press {
  readonly kind: PressKind;
  readonly taskId: string;
  readonly offer: number;
}

/** The `custom_id`, with nothing in it but our own random id and a number. */
export function encodePress({ kind, taskId, offer }: Omit<Press, 'offer'> & { offer?: number }): string {
  return `${kind}:${taskId}:${offer ?? 0}`;
}

/** The press that a `custom_id` stands for. Anybody can send one: `undefined` if it isn't one of ours. */
export function decodePress(customId: string): Press | undefined {
  const [, kind, taskId, offer] = /^([a-z-]+):([A-Za-z0-9_-]{16}):(\d{1,2})$/.exec(customId) ?? [];
  const known = pressKinds.find((candidate) => candidate === kind);
  if (known === undefined || taskId === undefined) return undefined;
  return { kind: known, taskId, offer: Number(offer) };
}
