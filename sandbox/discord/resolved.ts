import type { Upload } from './attachments.ts';
import { measure, toApiAttachment } from './attachments.ts';
import { toApiMessage } from './message-payload.ts';
import type { Message } from './records.ts';
import type { State } from './state.ts';
import type { Guild } from './world.ts';
import { toApiChannel, toApiMember, toApiRole, toApiUser } from './world-payload.ts';

/** The objects behind an interaction's ids (receiving-and-responding, "Resolved Data Structure"). */
export interface Resolved {
  /** Stores a person's file as an ephemeral attachment and returns its id. */
  attach(upload: Upload): Promise<string>;
  /** Each returns the id, or throws if there is no such thing. */
  user(id: string): string;
  channel(id: string): string;
  role(id: string): string;
  mentionable(id: string): string;
  message(message: Message): string;
  /** `{ resolved }`, or nothing if it is empty. */
  toPart(): { resolved?: object };
}

export function createResolved(state: State, guild: Guild | undefined): Resolved {
  const found: Record<string, Record<string, object>> = {};
  const put = (kind: string, id: string, value: object) => {
    found[kind] = { ...found[kind], [id]: value };
    return id;
  };

  function user(id: string): string {
    const person = state.world.findPerson(id);
    if (!person) throw new Error(`there is no person ${id}`);
    const member = guild?.members.get(id);
    if (guild && member) put('members', id, toApiMember(member, guild));
    return put('users', id, toApiUser(person));
  }

  function role(id: string): string {
    const position = guild?.roles.findIndex((candidate) => candidate.id === id) ?? -1;
    const known = guild?.roles[position];
    if (!known) throw new Error(`there is no role ${id}`);
    return put('roles', id, toApiRole(known, position));
  }

  return {
    async attach(upload) {
      const attachment = state.attachments.store(await measure(upload), 'ephemeral');
      return put('attachments', attachment.id, toApiAttachment(attachment));
    },
    user,
    role,
    channel(id) {
      const channel = state.world.findChannel(id);
      if (!channel) throw new Error(`there is no channel ${id}`);
      // Since 2026-07-16, a chosen channel says what the bot may do there (Discord docs, change log).
      return put('channels', id, {
        ...toApiChannel(channel),
        app_permissions: String(channel.botPermissions),
      });
    },
    mentionable: (id) => (state.world.findPerson(id) ? user(id) : role(id)),
    message: (message) => put('messages', message.id, toApiMessage(message, state.world)),
    toPart: () => (Object.keys(found).length > 0 ? { resolved: found } : {}),
  };
}
