import type { Change, LogLine, TrafficLine } from '../protocol.ts';
import { element } from './element.ts';
import { followEnd } from './follow-end.ts';
import type { Store } from './store.ts';

const whoIs: Readonly<Record<TrafficLine['who'], string>> = {
  person: 'Person',
  bot: 'Bot',
  discord: 'Discord',
  provider: 'Provider',
  sandbox: 'Sandbox',
};

interface ListOptions<Line> {
  store: Store;
  name: string;
  empty: string;
  topics: readonly Change['type'][];
  read(): readonly Line[];
  lineOf(change: Change): Line | undefined;
  render(line: Line): HTMLElement;
}

/** A list that grows at its end and follows it, unless somebody has scrolled away from it. */
function createList<Line extends { readonly id: number }>(options: ListOptions<Line>): HTMLElement {
  const { store, name, empty, topics, read, lineOf, render } = options;
  const list = element('ol', { class: 'lines', 'aria-label': name, tabindex: 0 });
  const { follow } = followEnd(list, 40);
  // It has no height before it's shown.
  new ResizeObserver(follow).observe(list);

  function showAll(): void {
    const lines = read();
    list.replaceChildren(...lines.map((line) => toRow(line)));
    if (lines.length === 0) list.append(element('li', { class: 'quiet empty' }, empty));
    follow();
  }

  function toRow(line: Line): HTMLElement {
    const row = render(line);
    row.dataset['line'] = String(line.id);
    return row;
  }

  function show(change?: Change): void {
    const line = change && lineOf(change);
    if (!line) {
      showAll();
      return;
    }
    list.querySelector('.empty')?.remove();
    const old = list.querySelector<HTMLElement>(`[data-line="${line.id}"]`);
    const row = toRow(line);
    if (old?.querySelector('details')?.open) row.querySelector('details')?.setAttribute('open', '');
    if (old) old.replaceWith(row);
    else list.append(row);
    while (list.childElementCount > read().length) list.firstElementChild?.remove();
    follow();
  }

  store.on(['snapshot'], showAll);
  store.on(topics, show);
  return list;
}

export function createTrafficList(store: Store): HTMLElement {
  return createList<TrafficLine>({
    store,
    name: 'Traffic',
    empty: 'Nothing has happened yet. Run a command, and watch.',
    topics: ['traffic', 'traffic-cleared'],
    read: () => store.snapshot.traffic,
    lineOf: (change) => (change.type === 'traffic' ? change.line : undefined),
    render: renderTraffic,
  });
}

export function createLogList(store: Store): HTMLElement {
  return createList<LogLine>({
    store,
    name: 'Log of the bot',
    empty: 'The bot has written nothing yet.',
    topics: ['log'],
    read: () => store.snapshot.log,
    lineOf: (change) => (change.type === 'log' ? change.line : undefined),
    render: renderLog,
  });
}

function renderTraffic({ at, who, tone, text, tookMs, count, detail }: TrafficLine): HTMLElement {
  const time = new Date(at);
  const clock = `${time.toLocaleTimeString('en-GB')}.${String(time.getMilliseconds()).padStart(3, '0').slice(0, 1)}`;
  const head = [
    element('time', {}, clock),
    element('span', { class: 'who' }, whoIs[who]),
    element('span', { class: 'what' }, text, count > 1 && element('span', { class: 'count' }, `×${count}`)),
    element('span', { class: 'took' }, tookMs !== undefined && `${tookMs} ms`),
  ];
  return element('li', { class: `line by-${who} ${tone}` }, ...withDetail(head, detail));
}

function renderLog({ level, text, detail }: LogLine): HTMLElement {
  const head = [element('span', { class: 'who' }, level), element('span', { class: 'what' }, text)];
  return element('li', { class: `line log level-${level}` }, ...withDetail(head, detail));
}

function withDetail(head: HTMLElement[], detail: string | undefined): HTMLElement[] {
  if (detail === undefined || detail === '{}') return [element('div', { class: 'line-head' }, ...head)];
  return [
    element(
      'details',
      {},
      element('summary', { class: 'line-head' }, ...head),
      element('pre', { class: 'detail' }, detail),
    ),
  ];
}
