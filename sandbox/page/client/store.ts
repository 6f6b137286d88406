import type { Change, PageChannel, PageCommand, PageMessage, PagePerson, Snapshot } from '../protocol.ts';

/** Who is looking at which channel in this tab. */
export interface View {
  personId: string;
  channelId: string;
}

export type Topic = Change['type'] | 'snapshot' | 'view' | 'connection';

/** Everything the tab knows. `changed` names what may look different now. */
export interface Store {
  readonly isLoaded: boolean;
  readonly isConnected: boolean;
  readonly snapshot: Snapshot;
  readonly view: Readonly<View>;
  readonly person: PagePerson;
  readonly channel: PageChannel;
  load(snapshot: Snapshot): void;
  apply(change: Change): void;
  disconnect(): void;
  look(view: Partial<View>): void;
  on(topics: readonly Topic[], listener: (change?: Change) => void): void;
  findPerson(id: string | undefined): PagePerson | undefined;
  findMessage(id: string | undefined): PageMessage | undefined;
  /** The messages in the visible channel that everybody sees, and the person's own. */
  visibleMessages(): PageMessage[];
  /** The commands that the client lists here, for this person. */
  visibleCommands(type: number): PageCommand[];
}

const viewKey = 'sandbox view';
const keptTraffic = 400;

export function createStore(): Store {
  const listeners: { topics: readonly Topic[]; listener: (change?: Change) => void }[] = [];
  let snapshot: Snapshot | undefined;
  let isConnected = false;
  let view: View = { personId: '', channelId: '' };

  const current = (): Snapshot => {
    if (!snapshot) throw new Error('nothing is loaded yet');
    return snapshot;
  };

  function tell(topic: Topic, change?: Change): void {
    for (const { topics, listener } of listeners) if (topics.includes(topic)) listener(change);
  }

  /** Falls back to what exists: after the sandbox restarts, every id is different. */
  function settle(wanted: View): View {
    const { people, channels } = current();
    const person =
      people.find(({ id }) => id === wanted.personId) ??
      people.find(({ standing }) => standing === 'Member') ??
      people[0];
    const isSeen = (channel: PageChannel) => channel.personIds.includes(person?.id ?? '');
    const channel =
      channels.find((one) => one.id === wanted.channelId && isSeen(one)) ??
      channels.find((one) => one.kind === 'text' && isSeen(one));
    return { personId: person?.id ?? '', channelId: channel?.id ?? '' };
  }

  const store: Store = {
    get isLoaded() {
      return snapshot !== undefined;
    },
    get isConnected() {
      return isConnected;
    },
    get snapshot() {
      return current();
    },
    get view() {
      return view;
    },
    get person() {
      return store.findPerson(view.personId) as PagePerson;
    },
    get channel() {
      return current().channels.find(({ id }) => id === view.channelId) as PageChannel;
    },
    load(next) {
      // Another sandbox may have other code for the page.
      if (snapshot !== undefined && snapshot.sandboxId !== next.sandboxId) {
        location.reload();
        return;
      }
      snapshot = next;
      isConnected = true;
      view = settle(view.personId === '' ? readView() : view);
      tell('snapshot');
      tell('connection');
    },
    apply(change) {
      snapshot = reduce(current(), change);
      tell(change.type, change);
    },
    disconnect() {
      isConnected = false;
      tell('connection');
    },
    look(wanted) {
      view = settle({ ...view, ...wanted });
      sessionStorage.setItem(viewKey, JSON.stringify(view));
      tell('view');
    },
    on: (topics, listener) => void listeners.push({ topics, listener }),
    findPerson: (id) => current().people.find((person) => person.id === id),
    findMessage: (id) => current().messages.find((message) => message.id === id),
    visibleMessages: () =>
      current().messages.filter(
        ({ channelId, visibleTo }) =>
          channelId === view.channelId && (visibleTo === undefined || visibleTo === view.personId),
      ),
    visibleCommands: (type) =>
      current().commands.filter(
        (command) => command.type === type && command.visibleTo[view.channelId]?.includes(view.personId),
      ),
  };
  return store;
}

function readView(): View {
  try {
    return { personId: '', channelId: '', ...JSON.parse(sessionStorage.getItem(viewKey) ?? '{}') };
  } catch {
    return { personId: '', channelId: '' };
  }
}

function reduce(snapshot: Snapshot, change: Change): Snapshot {
  switch (change.type) {
    case 'message':
      return { ...snapshot, messages: put(snapshot.messages, change.message) };
    case 'message-removed':
      return { ...snapshot, messages: snapshot.messages.filter(({ id }) => id !== change.id) };
    case 'interaction': {
      const others = snapshot.interactions.filter(({ id }) => id !== change.interaction.id);
      const isOpen = change.interaction.state !== 'answered';
      return { ...snapshot, interactions: isOpen ? [...others, change.interaction] : others };
    }
    case 'interaction-removed':
      return { ...snapshot, interactions: snapshot.interactions.filter(({ id }) => id !== change.id) };
    case 'traffic':
      return { ...snapshot, traffic: put(snapshot.traffic, change.line).slice(-keptTraffic) };
    case 'traffic-cleared':
      return { ...snapshot, traffic: [] };
    case 'log':
      return { ...snapshot, log: put(snapshot.log, change.line).slice(-keptTraffic) };
    case 'commands':
      return { ...snapshot, commands: change.commands };
    case 'people':
      return { ...snapshot, people: change.people };
    case 'switches':
      return { ...snapshot, switches: change.switches };
    case 'bot':
      return { ...snapshot, botState: change.state };
  }
}

/** Replaces it if it's known, otherwise adds it at the end. */
function put<Item extends { readonly id: string | number }>(items: readonly Item[], item: Item): Item[] {
  const index = items.findLastIndex(({ id }) => id === item.id);
  return index < 0 ? [...items, item] : items.with(index, item);
}
