import type { Action, Outcome, Switch } from '../protocol.ts';
import { closeDrawers } from './drawers.ts';
import { button, element, icon } from './element.ts';
import { icons } from './icons.ts';
import { createLogList, createTrafficList } from './panel-lists.ts';
import type { Store } from './store.ts';

type Send = (action: Action) => Promise<Outcome>;

/** The panel next to the channel: the bot's controls, the switches, and what happens. */
export function createPanel(store: Store, send: Send, complain: (text: string) => void): HTMLElement {
  const act = async (action: Action) => {
    const outcome = await send(action);
    if (!outcome.done) complain(outcome.says);
  };
  return element(
    'aside',
    { class: 'panel', 'aria-label': 'Behind the channel' },
    createLife(store, act),
    createSwitches(store, act),
    createTabs(store, act),
  );
}

function createLife(store: Store, act: (action: Action) => Promise<void>): HTMLElement {
  const says = element('span', { class: 'life-says', role: 'status' });
  const lamp = element('span', { class: 'lamp', 'aria-hidden': true });
  const kill = button(
    'Kill the bot',
    { class: 'danger', onclick: () => act({ do: 'kill' }) },
    icon(icons.skull),
    'Kill',
  );
  const start = button(
    'Start the bot again',
    { class: 'go', onclick: () => act({ do: 'start' }) },
    icon(icons.play),
    'Start',
  );
  const restart = button(
    'Restart the bot with the code as it is now',
    { onclick: () => act({ do: 'restart' }) },
    icon(icons.restart),
    'Restart',
  );
  const close = button(
    'Close this panel',
    { class: 'round only-narrow', onclick: closeDrawers },
    icon(icons.close),
  );
  function show(): void {
    const { is, says: words } = store.snapshot.botState;
    lamp.dataset['is'] = is;
    says.textContent = words;
    kill.hidden = is === 'ended';
    kill.disabled = is === 'stopping';
    restart.hidden = is === 'ended';
    restart.disabled = is === 'stopping';
    start.hidden = is !== 'ended';
  }
  store.on(['snapshot', 'bot'], show);
  return element(
    'section',
    { class: 'life', 'aria-label': 'The bot' },
    lamp,
    element('span', { class: 'life-words' }, element('strong', {}, 'The bot'), says),
    restart,
    kill,
    start,
    close,
  );
}

function createSwitches(store: Store, act: (action: Action) => Promise<void>): HTMLElement {
  const grid = element('div', { class: 'switch-grid' });
  const says = element('div', { class: 'switch-says', role: 'status' });
  const cut = button(
    'Cut the gateway once',
    { class: 'switch-button', onclick: () => act({ do: 'cut-gateway' }) },
    icon(icons.scissors),
    'Cut once',
  );

  function show(): void {
    const { switches } = store.snapshot;
    // A change elsewhere must not close an open list.
    if (!grid.contains(document.activeElement) || grid.childElementCount !== switches.length) {
      grid.replaceChildren(...switches.map(toSwitch));
    } else for (const one of switches) setValue(one);
    const unusual = switches.filter(
      ({ name, value, options }) => isTrouble(name) && value !== options[0]?.value,
    );
    says.replaceChildren(
      ...unusual.map(({ label, value, options }) =>
        element(
          'p',
          {},
          icon(icons.warning),
          `${label}: ${options.find((option) => option.value === value)?.says}`,
        ),
      ),
    );
  }

  function setValue({ name, value }: Switch): void {
    const select = grid.querySelector<HTMLSelectElement>(`[name="${name}"]`);
    if (select) select.value = value;
  }

  function toSwitch({ name, label, value, options }: Switch): HTMLElement {
    const select = element('select', {
      name,
      'aria-label': label,
      title: options.find((option) => option.value === value)?.says,
    });
    for (const option of options) {
      select.append(element('option', { value: option.value, title: option.says }, option.label));
    }
    select.value = value;
    select.onchange = () => void act({ do: 'switch', name, value: select.value });
    const isUnusual = isTrouble(name) && value !== options[0]?.value;
    const frame = element(
      'label',
      { class: isUnusual ? 'switch unusual' : 'switch' },
      element('span', {}, label),
      select,
    );
    return name === 'gateway' ? element('div', { class: 'switch-pair' }, frame, cut) : frame;
  }

  store.on(['snapshot', 'switches'], show);
  return element('section', { class: 'switches', 'aria-label': 'Switches' }, grid, says);
}

const isTrouble = (name: string) => name !== 'kind' && name !== 'speed';

function createTabs(store: Store, act: (action: Action) => Promise<void>): HTMLElement {
  const traffic = createTrafficList(store);
  const log = createLogList(store);
  const clear = button(
    'Clear the traffic',
    { class: 'round', onclick: () => act({ do: 'clear-traffic' }) },
    icon(icons.broom),
  );
  const tabs = [
    { name: 'Traffic', list: traffic },
    { name: 'Log of the bot', list: log },
  ].map(({ name, list }) => ({ list, tab: element('button', { type: 'button', role: 'tab' }, name) }));
  function choose(chosen: HTMLElement): void {
    for (const { tab, list } of tabs) {
      tab.setAttribute('aria-selected', String(list === chosen));
      list.hidden = list !== chosen;
    }
    clear.hidden = chosen !== traffic;
  }
  for (const { tab, list } of tabs) tab.onclick = () => choose(list);
  choose(traffic);
  return element(
    'section',
    { class: 'happenings' },
    element('div', { role: 'tablist', class: 'tabs' }, ...tabs.map(({ tab }) => tab), clear),
    traffic,
    log,
  );
}
