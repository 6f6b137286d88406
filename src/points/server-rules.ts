import { UserError } from '../errors.ts';
import { priceFamilies } from '../price-table.ts';
import type { ServerRules } from '../storage/settings-document.ts';
import { type Action, type Speed, type StartAction, startActions } from '../task.ts';

/** Where somebody is: a channel or a thread. */
export interface Whereabouts {
  readonly channelId: string;
  /** The channel of a thread, or the category of a channel. */
  readonly parentId?: string | undefined;
  /** Whether Discord says so about this very channel; it doesn't say it about threads. */
  readonly isAgeRestricted: boolean;
}

/** What somebody wants to start, as far as a server's rules are about it. */
export interface Work {
  readonly action: Action;
  readonly speed: Speed;
  /** Who owns the result whose button was pressed; absent if it isn't from a button. */
  readonly ownerId?: string | undefined;
}

/** Who wants it. */
interface Starter {
  readonly userId: string;
  readonly roleIds: readonly string[];
  /** `undefined` if that isn't known: then nothing that depends on it is allowed. */
  readonly where?: Whereabouts | undefined;
}

/** How many tasks a person may have at the providers, and waiting; and how many may wait in one server. */
export interface Limits {
  readonly personRunning: number;
  readonly personWaiting: number;
  readonly serverWaiting: number;
}

/** The limits of a server that hasn't set any: administrators may lower them, and only operators raise them. */
export const defaultLimits: Limits = { personRunning: 3, personWaiting: 10, serverWaiting: 200 };

export function limitsOf({ personRunning, personWaiting, serverWaiting }: ServerRules): Limits {
  return {
    personRunning: personRunning ?? defaultLimits.personRunning,
    personWaiting: personWaiting ?? defaultLimits.personWaiting,
    serverWaiting: serverWaiting ?? defaultLimits.serverWaiting,
  };
}

/** A rule of a server that keeps somebody from starting something. */
export type ServerRule = 'channel' | 'sensitive' | 'command-role' | 'speed-role' | 'button';

/** Returns the first of a server's own rules that refuses it. */
export function refuseByRules(
  rules: ServerRules,
  starter: Starter,
  work: Work,
): { rule: ServerRule; refusal: UserError } | undefined {
  return (
    refuseChannel(rules, starter) ??
    refuseSensitive(rules, starter) ??
    refuseCommand(rules, starter, work) ??
    refuseSpeed(rules, starter, work) ??
    refuseButton(rules, starter, work)
  );
}

/** Whether pictures that are made there now are hidden until somebody clicks on them. */
export function isSpoilered({ sensitive }: ServerRules): boolean {
  return sensitive === 'spoiler' || sensitive === 'never';
}

/** Returns the command that a button counts as: the one that would make the same. */
export function commandOf(action: Action): StartAction {
  const command = startActions.find((one) => one === action);
  if (command !== undefined) return command;
  if (includes(priceFamilies.video, action)) return 'video';
  return includes(priceFamilies.describe, action) ? 'describe' : 'imagine';
}

function refuseChannel({ channels }: ServerRules, { where }: Starter) {
  if (channels === undefined) return undefined;
  const { mode, ids } = channels;
  const here = [where?.channelId, where?.parentId];
  const isListed = ids.some((id) => here.includes(id));
  if (where !== undefined && isListed === (mode === 'only')) return undefined;
  const refusal =
    mode === 'only'
      ? new UserError('channel-not-allowed', { channels: ids })
      : new UserError('channel-excluded');
  return { rule: 'channel', refusal } as const;
}

/** No API says which pictures are sensitive, so this is about all of them. */
function refuseSensitive({ sensitive }: ServerRules, { where }: Starter) {
  const isAgeRestricted = where?.isAgeRestricted;
  if (sensitive === 'age-restricted' && isAgeRestricted !== true)
    return { rule: 'sensitive', refusal: new UserError('age-restricted-only') } as const;
  if (sensitive === 'never' && isAgeRestricted !== false)
    return { rule: 'sensitive', refusal: new UserError('age-restricted-never') } as const;
  return undefined;
}

function refuseCommand({ commandRoles }: ServerRules, starter: Starter, { action }: Work) {
  const command = commandOf(action);
  const roles = commandRoles?.[command];
  if (roles === undefined || hasOneOf(roles, starter)) return undefined;
  return {
    rule: 'command-role',
    refusal: new UserError('command-role-missing', { command, roles }),
  } as const;
}

function refuseSpeed({ speedRoles }: ServerRules, starter: Starter, { speed }: Work) {
  const roles = speedRoles?.[speed];
  if (roles === undefined || hasOneOf(roles, starter)) return undefined;
  return { rule: 'speed-role', refusal: new UserError('speed-role-missing', { speed, roles }) } as const;
}

/** Who made a result may always use its buttons. */
function refuseButton({ buttons }: ServerRules, starter: Starter, { ownerId }: Work) {
  if (buttons === undefined || ownerId === undefined || ownerId === starter.userId) return undefined;
  if (buttons.who === 'owner') return { rule: 'button', refusal: new UserError('buttons-of-owner') } as const;
  const { roles } = buttons;
  if (hasOneOf(roles, starter)) return undefined;
  return { rule: 'button', refusal: new UserError('button-role-missing', { roles }) } as const;
}

function hasOneOf(roles: readonly string[], { roleIds }: Starter): boolean {
  return roles.some((role) => roleIds.includes(role));
}

function includes(actions: readonly Action[], action: Action): boolean {
  return actions.includes(action);
}
