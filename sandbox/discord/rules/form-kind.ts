import type { Interaction, Message } from '../records.ts';

/** The kinds of bodies that a bot sends. */
export type FormKind =
  | 'callback'
  | 'followUp'
  | 'webhookEdit'
  | 'channelCreate'
  | 'channelEdit'
  | 'globalCommands'
  | 'guildCommands';

export interface FormContext {
  /** The message that is edited; its files and flags stay. */
  existing?: Message;
  interaction?: Interaction;
}
