import { element, icon } from './element.ts';
import { icons } from './icons.ts';
import type { Store } from './store.ts';

const examples = [
  'a lighthouse on a cliff at dusk',
  'a city of glass in the rain, from above',
  'dunes under two moons',
];

/** Shown at the beginning of a channel, with a first step for newcomers. */
export function renderWelcome(
  store: Store,
  begin: (command: string, values: Readonly<Record<string, string>>) => void,
): HTMLElement {
  const { kind, name, ageRestricted } = store.channel;
  const sign = { text: icons.hash, thread: icons.thread, direct: icons.at }[kind];
  const isDirect = kind === 'direct';
  const title = isDirect ? store.snapshot.bot.name : `Welcome to ${kind === 'thread' ? '' : '#'}${name}!`;
  const tries = examples.map((prompt) =>
    element(
      'button',
      { type: 'button', class: 'try', onclick: () => begin('imagine', { prompt }) },
      `/imagine ${prompt}`,
    ),
  );
  return element(
    'div',
    {},
    element('span', { class: 'welcome-sign' }, icon(sign)),
    element('h2', {}, title),
    element(
      'p',
      {},
      isDirect
        ? 'A direct message with the bot.'
        : 'The real bot between a local Discord and local providers. Nothing leaves this machine. Type / for its commands, or begin with one of these:',
    ),
    !isDirect && element('div', { class: 'tries' }, ...tries),
    ageRestricted && element('p', { class: 'quiet' }, 'This channel is age-restricted.'),
  );
}
