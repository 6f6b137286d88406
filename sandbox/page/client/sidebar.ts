import type { Action, Outcome, PageChannel } from '../protocol.ts';
import { closeDrawers } from './drawers.ts';
import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';
import { createPopover } from './popover.ts';
import type { Store } from './store.ts';
import { toggleTheme } from './theme.ts';
import { toAvatar } from './words.ts';

type Send = (action: Action) => Promise<Outcome>;

/** Servers, channels, and who this tab is. */
export function createSidebar(store: Store, send: Send): HTMLElement {
  const rail = element('nav', { class: 'rail', 'aria-label': 'Servers' });
  const channels = element('nav', { class: 'channels', 'aria-label': 'Channels' });
  const me = element('section', { class: 'me', 'aria-label': 'Who you are' });

  function show(): void {
    const { guild, bot } = store.snapshot;
    const isDirect = store.channel.kind === 'direct';
    const direct = listChannels('direct')[0];
    const first = listChannels('text')[0];
    rail.replaceChildren(
      toPlace('Direct messages', isDirect, direct, element('img', { src: toAvatar(undefined), alt: '' })),
      element('hr'),
      toPlace(guild.name, !isDirect, first, initialsOf(guild.name)),
    );
    channels.replaceChildren(
      element('h2', {}, isDirect ? 'Direct messages' : guild.name),
      ...(isDirect ? listChannels('direct') : listChannels('text')).flatMap((channel) => [
        toLink(channel, isDirect ? bot.name : channel.name),
        ...listChannels('thread')
          .filter(({ parentId }) => parentId === channel.id)
          .map((thread) => toLink(thread, thread.name)),
      ]),
    );
  }

  const listChannels = (wanted: PageChannel['kind']) =>
    store.snapshot.channels.filter(
      ({ kind, personIds }) => kind === wanted && personIds.includes(store.view.personId),
    );

  function toPlace(name: string, isCurrent: boolean, channel: PageChannel | undefined, face: Node | string) {
    const place = button(name, { class: 'place', 'aria-current': isCurrent ? 'true' : undefined }, face);
    place.onclick = () => channel && store.look({ channelId: channel.id });
    return place;
  }

  function toLink(channel: PageChannel, name: string): HTMLElement {
    const { kind, ageRestricted, id } = channel;
    const sign = { text: icons.hash, thread: icons.thread, direct: icons.at }[kind];
    const link = element(
      'button',
      {
        type: 'button',
        class: `channel ${kind}`,
        'aria-current': id === store.view.channelId ? 'page' : undefined,
      },
      icon(sign),
      element('span', { class: 'channel-name' }, name),
      ageRestricted && kind === 'text' && element('span', { class: 'badge', title: 'Age-restricted' }, '18+'),
    );
    link.onclick = () => {
      store.look({ channelId: id });
      closeDrawers();
    };
    return link;
  }

  const people = element('div', { class: 'people-list', 'aria-label': 'Who to be' });
  const face = element('img', { alt: '', class: 'avatar' });
  const name = element('strong');
  const standing = element('small');
  const opener = element(
    'button',
    { type: 'button', class: 'me-button', 'aria-haspopup': 'dialog', title: 'Be somebody else' },
    face,
    element('span', { class: 'me-words' }, name, standing),
    icon(icons.chevron),
  );
  const popover = createPopover(opener, people);
  opener.onclick = () => {
    showPeople();
    popover.toggle();
  };
  const theme = button('Dark or light', { class: 'round', onclick: toggleTheme }, icon(icons.sun));
  me.append(opener, theme);

  function showMe(): void {
    const { person } = store;
    face.src = toAvatar(person.id);
    name.textContent = person.name;
    const language = store.snapshot.locales.find(({ code }) => code === person.locale)?.code ?? person.locale;
    standing.textContent = `${person.standing} · ${language}`;
  }

  function showPeople(): void {
    const rows = store.snapshot.people.map((person) => {
      const isCurrent = person.id === store.view.personId;
      const row = element(
        'button',
        { type: 'button', role: 'radio', 'aria-checked': String(isCurrent), class: 'person' },
        element('img', { src: toAvatar(person.id), alt: '', class: 'avatar small' }),
        element(
          'span',
          { class: 'select-words' },
          element('span', {}, person.name),
          element('small', {}, person.standing),
        ),
        icon(icons.check),
      );
      row.onclick = () => {
        store.look({ personId: person.id });
        popover.close();
      };
      return row;
    });
    const select = element('select', { 'aria-label': 'Language' });
    for (const { code, name: label } of store.snapshot.locales) {
      select.append(element('option', { value: code, selected: code === store.person.locale }, label));
    }
    select.onchange = () => void send({ do: 'locale', personId: store.view.personId, locale: select.value });
    people.replaceChildren(
      element('h3', {}, 'Be'),
      element('div', { role: 'radiogroup', 'aria-label': 'Be' }, ...rows),
      element(
        'label',
        { class: 'language' },
        element('span', {}, `${store.person.name}’s Discord speaks`),
        select,
      ),
    );
  }

  store.on(['snapshot', 'view', 'people'], () => {
    show();
    showMe();
  });
  return element('div', { class: 'sidebar' }, rail, element('div', { class: 'side' }, channels, me));
}

function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join('')
    .slice(0, 3);
}
