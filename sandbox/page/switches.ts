import {
  brokenGateway,
  type Discord,
  fieldsThatExamplesLack,
  lacking,
  rateLimited,
  silent,
  type TroubleRule,
} from '../discord/index.ts';
import type { CallbackMode, StandIn } from '../providers/stand-in.ts';
import { type Fault, frontDoors, type Place } from '../providers/trouble.ts';
import type { Switch, SwitchOption } from './protocol.ts';

/** What can be set on the page, besides starting and ending the bot. */
export interface Switches {
  list(): Switch[];
  /** Throws, in words, for a switch or a value that there is not. */
  turn(name: string, value: string): void;
}

export interface SwitchParts {
  discord: Discord;
  providers: readonly StandIn[];
  /** 10 is ten times as fast as Midjourney. */
  speed: number;
  kinds: { readonly current: string; choose(kind: string): void };
}

interface Turnable {
  name: string;
  label: string;
  options: readonly SwitchOption[];
  read(): string;
  turn(value: string): void;
}

const speeds = [1, 2, 5, 10, 30, 60];

const providerTroubles: Readonly<Record<string, SwitchOption & { faults: Partial<Record<Place, Fault>> }>> = {
  fine: { value: 'fine', label: 'Works', says: 'Answers as it should', faults: {} },
  slow: {
    value: 'slow',
    label: 'Slow',
    says: 'Every answer takes 20 s of its time',
    faults: { submit: { do: 'delay', ms: 20_000 }, look: { do: 'delay', ms: 20_000 } },
  },
  failing: {
    value: 'failing',
    label: 'Down',
    says: 'Answers 503 to everything',
    faults: {
      submit: { do: 'refuse', as: 'service-unavailable-html' },
      look: { do: 'refuse', as: 'service-unavailable-html' },
    },
  },
  fails: {
    value: 'fails',
    label: 'Tasks fail',
    says: 'Takes the work, and fails it',
    faults: { task: { do: 'fail', reason: 'Internal Server Error' } },
  },
  loses: {
    value: 'loses',
    label: 'Answers get lost',
    says: 'Takes the work and charges it, but its answer never arrives',
    faults: { submit: { do: 'lose' } },
  },
  proxied: {
    value: 'proxied',
    label: 'Proxy in between',
    says: 'Takes the work and charges it, but a proxy answers 503 in its place',
    faults: { submit: frontDoors.upstream },
  },
  broke: {
    value: 'broke',
    label: 'Out of credit',
    says: 'Refuses new work: the balance is used up',
    faults: { submit: { do: 'refuse', as: 'no-quota' } },
  },
  limited: {
    value: 'limited',
    label: 'Rate-limited',
    says: 'Answers 429: come back in 5 s',
    faults: {
      submit: { do: 'refuse', as: 'too-many', retryAfterSeconds: 5 },
      look: { do: 'refuse', as: 'too-many', retryAfterSeconds: 5 },
    },
  },
  blocked: {
    value: 'blocked',
    label: 'Firewall',
    says: 'A firewall in front of it blocks the bot',
    faults: { submit: frontDoors.blocked, look: frontDoors.blocked },
  },
  moved: {
    value: 'moved',
    label: 'Moved',
    says: 'Redirects to another address',
    faults: { submit: frontDoors.moved, look: frontDoors.moved },
  },
  odd: {
    value: 'odd',
    label: 'Odd writing',
    says: 'Answers right, in an envelope that nobody documents',
    faults: { submit: { do: 'garble', how: 'envelope' }, look: { do: 'garble', how: 'envelope' } },
  },
};

const places: readonly Place[] = ['submit', 'look', 'picture', 'task'];

const always = (act: TroubleRule['do']): TroubleRule => ({
  match: /./,
  times: Number.POSITIVE_INFINITY,
  do: act,
});

const discordTroubles: Readonly<Record<string, SwitchOption & { makeRule?: () => TroubleRule }>> = {
  fine: { value: 'fine', label: 'Works', says: 'Answers as it should' },
  slow: {
    value: 'slow',
    label: 'Slow',
    says: 'Every request takes 1.5 s more',
    makeRule: () => always({ type: 'delay', ms: 1_500, when: 'first' }),
  },
  limited: {
    value: 'limited',
    label: '429',
    says: 'Answers 429 to everything',
    makeRule: () => always(rateLimited('user', 1_000)),
  },
  failing: {
    value: 'failing',
    label: '5xx',
    says: 'Answers 502 to everything',
    makeRule: () => always(brokenGateway(502)),
  },
  silent: {
    value: 'silent',
    label: '204',
    says: 'Takes first answers, and says nothing of their message',
    makeRule: () => ({ ...always(silent()), match: /^POST .*\/callback$/ }),
  },
};

/** How much Discord tells in an interaction. */
const details: readonly SwitchOption[] = [
  { value: 'full', label: 'Full', says: 'Interactions have every field' },
  { value: 'lean', label: 'Lean', says: "Interactions lack what Discord's own examples lack" },
];

const gateways: readonly SwitchOption[] = [
  { value: 'open', label: 'Open', says: 'The bot can connect' },
  { value: 'cut', label: 'Cut', says: 'The connection is cut, and no new one is let in' },
  { value: 'refused', label: 'Refused', says: 'The connection is cut, and no session is started (op 9)' },
];

const callbackModes: readonly SwitchOption[] = [
  { value: 'on', label: 'On', says: 'The provider calls when a task moves' },
  { value: 'off', label: 'Off', says: 'It never calls; looking has to do' },
  { value: 'doubled', label: 'Doubled', says: 'It calls twice each time' },
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
    { name: 'detail', label: 'Interactions', options: details, read: () => detail, turn: turnDetail },
    ...(callers.length === 0 ? [] : [toCallbackSwitch(callers)]),
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
