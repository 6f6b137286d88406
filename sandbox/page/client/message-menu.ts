import type { Action, PageMessage } from '../protocol.ts';
import type { MenuItem } from './menu.ts';
import type { Store } from './store.ts';

export interface MenuHost {
  store: Store;
  /** Does what needs no answer from the bot. */
  act(action: Action): void;
  begin(action: Action): void;
}

const onPerson = 2;
const onMessage = 3;

/** What can be done with a message: app commands on it or on its author first, as in Discord. */
export function toMessageMenu(message: PageMessage, { store, act, begin }: MenuHost): MenuItem[][] {
  const { personId, channelId } = store.view;
  const { id: messageId } = message;
  const author = store.findPerson(message.personId);
  const commands = store.visibleCommands(onMessage).map(({ name }) => ({
    label: `Apps › ${name}`,
    act: () => begin({ do: 'run-on-message', personId, messageId, command: name }),
  }));
  const commandsOnAuthor = author
    ? store.visibleCommands(onPerson).map(({ name }) => ({
        label: `Apps › ${name} (${author.name})`,
        act: () => begin({ do: 'run-on-person', personId, channelId, targetId: author.id, command: name }),
      }))
    : [];
  const copy = { label: 'Copy message ID', act: () => void navigator.clipboard.writeText(messageId) };
  const dismiss = { label: 'Dismiss message', act: () => act({ do: 'dismiss', messageId }) };
  const remove = {
    label: 'Delete message',
    isDangerous: true,
    act: () => act({ do: 'delete', personId, messageId }),
  };
  const mayRemove = message.personId === personId || store.person.standing === 'Administrator';
  const last = message.visibleTo === undefined ? (mayRemove ? [remove] : []) : [dismiss];
  return [commands, commandsOnAuthor, [copy], last];
}
