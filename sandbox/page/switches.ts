import { type Discord, fieldsThatExamplesLack, lacking, type TroubleRule } from '../discord/index.ts';
import type { CallbackMode, StandIn } from '../providers/stand-in.ts';
import { discordTroubles } from './discord-troubles.ts';
import { createPermissionSwitch } from './permission-switch.ts';
import type { Switch, SwitchOption } from './protocol.ts';
import { places, providerTroubles } from './provider-troubles.ts';
import type { Turnable } from './turnable.ts';

/** What can be set on the page, other than starting and stopping the bot. */
export interface Switches {
  list(): Switch[];
  /** Throws a sentence for an unknown switch or value. */
  turn(name: string, value: string): void;
}

export interface SwitchParts {
  discord: Discord;
  providers: readonly StandIn[];
  /** 10 is ten times as fast as Midjourney. */
  speed: number;
  kinds: { readonly current: string; choose(kind: string): void };
}

const speeds = [1, 2, 5, 10, 30, 60];

/** How much Discord sends in an interaction. */
const details: readonly SwitchOption[] = [
  { value: 'full', label: 'Full', says: 'Interactions have every field' },
  { value: 'lean', label: 'Lean', says: "Interactions lack what Discord's own examples lack" },
];

const gateways: readonly SwitchOption[] = [
  { value: 'open', label: 'Open', says: 'The bot can connect' },
  { value: 'cut', label: 'Cut', says: 'The connection is cut, and no new one is let in' },
  { value: 'refused', label: 'Refused', says: 'The connection is cut, and no session is started (op 9)' },
];

const usualTokenLifeMs = 15 * 60_000;
const shortTokenLifeMs = 20_000;
const tokenLives: readonly SwitchOption[] = [
  { value: 'usual', label: '15 min', says: 'The bot can update a private message for 15 minutes' },
  {
    value: 'short',
    label: '20 s',
    says: 'Interaction tokens end after 20 seconds, as if 15 minutes were over',
  },
];

const directModes: readonly SwitchOption[] = [
  { value: 'open', label: 'Open', says: 'Everybody takes direct messages from the bot' },
  { value: 'closed', label: 'Closed', says: 'Nobody takes direct messages from the bot (50007)' },
];

const callbackModes: readonly SwitchOption[] = [
  { value: 'on', label: 'On', says: 'The provider calls when a task moves' },
  { value: 'off', label: 'Off', says: 'It never calls; looking has to do' },
  { value: 'doubled', label: 'Doubled', says: 'It calls twice each time' },
];

const remixModes: readonly SwitchOption[] = [
  { value: 'off', label: 'Off', says: 'A variation starts at once' },
  { value: 'on', label: 'On', says: 'The provider asks for a prompt before it makes a variation' },
];

export function createSwitches({ discord, providers, speed: initialSpeed, kinds }: SwitchParts): Switches {
  let speed = initialSpeed;
  let provider = 'fine';
  let discordTrouble: string = 'fine';
  let rule: TroubleRule | undefined;
  let gateway = 'open';
  let detail = 'full';

  function setSpeed(value: number): void {
    speed = value;
    for (const one of providers) one.setPace(1 / speed);
  }

  function troubleProviders(name: string): void {
    provider = name;
    const { faults = {} } = providerTroubles[name] ?? {};
    for (const { trouble } of providers) {
      for (const place of places) trouble.always(place, faults[place]);
    }
  }

  function troubleDiscord(name: string): void {
    discordTrouble = name;
    const { rules } = discord.trouble;
    if (rule !== undefined && rules.includes(rule)) rules.splice(rules.indexOf(rule), 1);
    rule = discordTroubles[name]?.makeRule?.();
    if (rule !== undefined) rules.push(rule);
  }

  function turnGateway(value: string): void {
    gateway = value;
    discord.gateway.refuse(value === 'cut');
    discord.gateway.answerIdentify(value === 'refused' ? 'invalid-session' : 'ready');
    if (value === 'cut') discord.gateway.cut();
    if (value === 'refused') discord.gateway.invalidate(false);
  }

  function turnDetail(value: string): void {
    detail = value;
    discord.settings.reshape = lacking(value === 'lean' ? fieldsThatExamplesLack : []);
  }

  const callers = providers.filter(({ callbacks }) => callbacks !== undefined);
  const askers = providers.filter(hasRemix);
  const shownSpeeds = speeds.includes(speed) ? speeds : [...speeds, speed];
  const turnables: Turnable[] = [
    {
      name: 'kind',
      label: 'Preferred provider',
      options: providers.map(({ kind }) => ({
        value: kind,
        label: kind,
        says: `Fresh work goes to ${kind}. The bot is restarted with another order of PROVIDERS; its tasks survive.`,
      })),
      read: () => kinds.current,
      turn: kinds.choose,
    },
    {
      name: 'speed',
      label: 'Speed of time',
      options: shownSpeeds.map((value) => ({
        value: String(value),
        label: `${value}×`,
        says: value === 1 ? 'As slow as Midjourney' : `Providers work ${value} times as fast as Midjourney`,
      })),
      read: () => String(speed),
      turn: (value) => setSpeed(Number(value)),
    },
    {
      name: 'provider',
      label: 'Provider',
      options: Object.values(providerTroubles).map(toOption),
      read: () => provider,
      turn: troubleProviders,
    },
    {
      name: 'discord',
      label: 'Discord',
      options: Object.values(discordTroubles).map(toOption),
      read: () => discordTrouble,
      turn: troubleDiscord,
    },
    { name: 'gateway', label: 'Gateway', options: gateways, read: () => gateway, turn: turnGateway },
    createPermissionSwitch(discord.world),
    {
      name: 'tokens',
      label: 'Tokens last',
      options: tokenLives,
      read: () => (discord.settings.tokenLifeMs === shortTokenLifeMs ? 'short' : 'usual'),
      turn(value) {
        discord.settings.tokenLifeMs = value === 'short' ? shortTokenLifeMs : usualTokenLifeMs;
      },
    },
    {
      name: 'direct',
      label: 'Direct messages',
      options: directModes,
      read: () => (discord.world.people.member.takesDirectMessages ? 'open' : 'closed'),
      turn(value) {
        for (const person of discord.world.everyPerson()) person.takesDirectMessages = value === 'open';
      },
    },
    { name: 'detail', label: 'Interactions', options: details, read: () => detail, turn: turnDetail },
    ...(callers.length === 0 ? [] : [toCallbackSwitch(callers)]),
    ...(askers.length === 0 ? [] : [toRemixSwitch(askers)]),
  ];
  setSpeed(speed);

  return {
    list: () => turnables.map(({ name, label, options, read }) => ({ name, label, options, value: read() })),
    turn(name, value) {
      const turnable = turnables.find((one) => one.name === name);
      if (!turnable?.options.some((option) => option.value === value)) {
        throw new Error(`There is no switch "${name}" with "${value}"`);
      }
      turnable.turn(value);
    },
  };
}

function toOption({ value, label, says }: SwitchOption): SwitchOption {
  return { value, label, says };
}

function toCallbackSwitch(callers: readonly StandIn[]): Turnable {
  return {
    name: 'callbacks',
    label: 'Callbacks',
    options: callbackModes,
    read: () => callers[0]?.callbacks ?? 'off',
    turn(value) {
      for (const caller of callers) caller.callbacks = value as CallbackMode;
    },
  };
}

type Asker = StandIn & { readonly habits: { remix: boolean } };

/** The midjourney-proxy family passes on the Remix setting of its Midjourney account. */
function hasRemix(standIn: StandIn): standIn is Asker {
  return 'habits' in standIn && Object.hasOwn(standIn.habits as object, 'remix');
}

function toRemixSwitch(askers: readonly Asker[]): Turnable {
  return {
    name: 'remix',
    label: 'Remix',
    options: remixModes,
    read: () => (askers[0]?.habits.remix ? 'on' : 'off'),
    turn(value) {
      for (const { habits } of askers) habits.remix = value === 'on';
    },
  };
}
