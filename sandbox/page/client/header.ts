import { toggleDrawer } from './drawers.ts';
import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';
import type { Store } from './store.ts';

/** Where one is, and on narrow screens buttons for the sidebars on the left and right. */
export function createHeader(store: Store): HTMLElement {
  const title = element('h1');
  const topic = element('p', { class: 'topic' });
  store.on(['snapshot', 'view'], () => {
    const { kind, name, ageRestricted } = store.channel;
    const sign = { text: icons.hash, thread: icons.thread, direct: icons.at }[kind];
    const shown = kind === 'direct' ? store.snapshot.bot.name : name;
    title.replaceChildren(icon(sign), shown);
    topic.textContent = ageRestricted ? 'Age-restricted' : '';
    document.title = `${kind === 'direct' ? shown : `#${shown}`} · Sandbox`;
  });
  const channels = { class: 'round only-phone', onclick: () => toggleDrawer('channels') };
  const panel = { class: 'round only-narrow', onclick: () => toggleDrawer('panel') };
  return element(
    'header',
    { class: 'channel-header' },
    button('Channels', channels, icon(icons.menu)),
    title,
    topic,
    button('What happens behind', panel, icon(icons.traffic)),
  );
}
