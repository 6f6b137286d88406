import { type LabelBuilder, ModalBuilder } from '@discordjs/builders';
import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import { UserError } from '../errors.ts';
import type { Words } from '../locales/index.ts';
import type { BookSettings } from '../points/policy.ts';
import { limitsOf } from '../points/server-rules.ts';
import { languages, longestSuffix, type RuleChanges } from '../service/server-settings.ts';
import { speeds, startActions } from '../task.ts';
import type { ChosenChannel } from './caller.ts';
import {
  readChannels,
  readRadio,
  readRoles,
  readText,
  readWhole,
  type SentFields,
  toChannels,
  toRadio,
  toRoles,
  toText,
} from './settings-fields.ts';

/** How one setting is changed: the fields of its window as they are now, and what was sent with it. */
interface Editor {
  toFields(settings: BookSettings, words: Words): LabelBuilder[];
  /** `before` is what was decided until now, for settings that are part of a larger one. */
  read(sent: SentFields, before: BookSettings): RuleChanges;
}

const modes = ['all', 'only', 'except'] as const;
const pressers = ['anyone', 'owner', 'roles'] as const;
const sensitivities = ['allowed', 'spoiler', 'age-restricted', 'never'] as const;
const switches = ['on', 'off'] as const;
const ownLanguage = 'own';
const limitNames = ['personRunning', 'personWaiting', 'serverWaiting'] as const;
const defaultHearts = 3;

const channels: Editor = {
  toFields: ({ channels: now }, { say }) => [
    toRadio('mode', say('settings.channels'), {
      options: modes.map((value) => ({ value, label: say(`settings.channels.${value}`) })),
      now: now?.mode ?? 'all',
    }),
    toChannels('channels', say('settings.channels.which'), {
      hint: say('settings.channels.hint'),
      now: now?.ids ?? [],
    }),
  ],
  read(sent) {
    const mode = readRadio(sent, 'mode', modes);
    const ids = readChannels(sent, 'channels').map(({ id }) => id);
    if (mode === 'all') return { channels: undefined };
    if (ids.length === 0) throw new UserError('channels-missing');
    return { channels: { mode, ids } };
  },
};

const buttons: Editor = {
  toFields: ({ buttons: now }, { say }) => [
    toRadio('who', say('settings.buttons'), {
      options: pressers.map((value) => ({ value, label: say(`settings.buttons.${value}`) })),
      now: now?.who ?? 'anyone',
    }),
    toRoles('roles', say('settings.buttons.which'), {
      hint: say('settings.buttons.hint'),
      now: now?.who === 'roles' ? now.roles : [],
    }),
  ],
  read(sent) {
    const who = readRadio(sent, 'who', pressers);
    const roles = readRoles(sent, 'roles');
    if (who === 'anyone') return { buttons: undefined };
    if (who === 'owner') return { buttons: { who } };
    if (roles.length === 0) throw new UserError('roles-missing');
    return { buttons: { who, roles } };
  },
};

const limits: Editor = {
  toFields(settings, { say }) {
    const now = limitsOf(settings);
    return limitNames.map((name) =>
      toText(name, say(`settings.limits.${name}`), {
        hint: say('settings.limits.hint'),
        now: String(now[name]),
        longest: 4,
      }),
    );
  },
  read: (sent) => Object.fromEntries(limitNames.map((name) => [name, readWhole(sent, name)])),
};

const suffix: Editor = {
  toFields: ({ suffix: now = '' }, { say }) => [
    toText('suffix', say('settings.suffix'), {
      hint: say('settings.suffix.hint'),
      now,
      longest: longestSuffix,
      isLong: true,
    }),
  ],
  read: (sent) => ({ suffix: readText(sent, 'suffix') || undefined }),
};

const isPrivate: Editor = {
  toFields: ({ private: now = false }, { say }) => [
    toRadio('private', say('settings.private'), {
      options: switches.map((value) => ({ value, label: say(`settings.private.${value}`) })),
      now: now ? 'on' : 'off',
    }),
  ],
  read: (sent) => ({ private: readRadio(sent, 'private', switches) === 'on' ? true : undefined }),
};

const sensitive: Editor = {
  toFields: ({ sensitive: now = 'allowed' }, { say }) => [
    toRadio('sensitive', say('settings.sensitive'), {
      options: sensitivities.map((value) => ({
        value,
        label: say(`settings.sensitive.${value}`),
        description: say(`settings.sensitive.${value}.about`),
      })),
      now,
    }),
  ],
  read(sent) {
    const value = readRadio(sent, 'sensitive', sensitivities);
    return { sensitive: value === 'allowed' ? undefined : value };
  },
};

const language: Editor = {
  toFields: ({ language: now = ownLanguage }, { say }) => [
    toRadio('language', say('settings.language'), {
      options: [ownLanguage, ...languages].map((value) => ({ value, label: toLanguageName(value, say) })),
      now,
    }),
  ],
  read(sent) {
    const value = readRadio(sent, 'language', [ownLanguage, ...languages]);
    return { language: value === ownLanguage ? undefined : value };
  },
};

const notification: Editor = {
  toFields: ({ notify: now = 'on' }, { say }) => [
    toRadio('notify', say('settings.notification'), {
      options: switches.map((value) => ({ value, label: say(`settings.notification.${value}`) })),
      now,
    }),
  ],
  read: (sent) => ({ notify: readRadio(sent, 'notify', switches) === 'off' ? 'off' : undefined }),
};

const logChannel: Editor = {
  toFields: ({ logChannel: now }, { say }) => [
    toChannels('channel', say('settings.log-channel'), {
      hint: say('settings.log-channel.hint'),
      now: now === undefined ? [] : [now],
      isForWriting: true,
    }),
  ],
  read: (sent) => ({ logChannel: requireWritable(readChannels(sent, 'channel')[0])?.id }),
};

const starChannel: Editor = {
  toFields: ({ star: now }, { say }) => [
    toChannels('channel', say('settings.star-channel'), {
      hint: say('settings.star-channel.hint'),
      now: now === undefined ? [] : [now.channel],
      isForWriting: true,
    }),
    toText('hearts', say('settings.star-channel.hearts'), {
      hint: say('settings.star-channel.hearts-hint'),
      now: String(now?.hearts ?? defaultHearts),
      longest: 3,
    }),
  ],
  read(sent) {
    const channel = requireWritable(readChannels(sent, 'channel')[0]);
    const hearts = readWhole(sent, 'hearts') ?? defaultHearts;
    return { star: channel === undefined ? undefined : { channel: channel.id, hearts } };
  },
};

const roleEditors = Object.fromEntries([
  ...startActions.map((name) => [`roles-${name}`, createRoleEditor('commandRoles', name)] as const),
  ...speeds.map((name) => [`roles-${name}`, createRoleEditor('speedRoles', name)] as const),
]) as { readonly [Name in RoleEditorName]: Editor };

type RoleEditorName = `roles-${(typeof startActions)[number] | (typeof speeds)[number]}`;

/** Each setting that has a window, by its name in ids. */
export const editors = {
  channels,
  ...roleEditors,
  buttons,
  limits,
  suffix,
  private: isPrivate,
  sensitive,
  language,
  notification,
  'log-channel': logChannel,
  'star-channel': starChannel,
} as const satisfies Readonly<Record<string, Editor>>;

export type EditorName = keyof typeof editors;
export const editorNames = Object.keys(editors) as EditorName[];

/** What a setting is called. */
export function toEditorTitle(name: EditorName, { say }: Words): string {
  const command = startActions.find((one) => name === `roles-${one}`);
  if (command !== undefined) return say('settings.roles.command', { command });
  const speed = speeds.find((one) => name === `roles-${one}`);
  if (speed !== undefined) return say('settings.roles.speed', { speed: say(`speed.${speed}`) });
  return say(`settings.${name as Exclude<EditorName, RoleEditorName>}`);
}

const prefix = 'settings:';

/** The window that changes a setting, with what it is now. */
export function toSettingsModal(
  name: EditorName,
  settings: BookSettings,
  words: Words,
): APIModalInteractionResponseCallbackData {
  return new ModalBuilder()
    .setCustomId(`${prefix}${name}`)
    .setTitle(toEditorTitle(name, words))
    .addLabelComponents(editors[name].toFields(settings, words))
    .toJSON();
}

/** The setting that a window is for; `undefined` if it's another window. */
export function readEditorName(customId: string): EditorName | undefined {
  return editorNames.find((name) => customId === `${prefix}${name}`);
}

/** Reads such a window. Its values prove nothing: throws a `UserError` for any that can't be chosen. */
export function readSettingsModal(name: EditorName, sent: SentFields, before: BookSettings): RuleChanges {
  return editors[name].read(sent, before);
}

/** How a language is called, in that language. */
export function toLanguageName(language: string, say: Words['say']): string {
  if (language === ownLanguage) return say('settings.language.own');
  return new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language;
}

function createRoleEditor(setting: 'commandRoles' | 'speedRoles', name: string): Editor {
  const read = (settings: BookSettings): Readonly<Record<string, readonly string[]>> =>
    settings[setting] ?? {};
  return {
    toFields: (settings, { say }) => [
      toRoles('roles', say('settings.roles'), {
        hint: say('settings.roles.hint'),
        now: read(settings)[name] ?? [],
      }),
    ],
    read(sent, before) {
      const roles = readRoles(sent, 'roles');
      const { [name]: _, ...others } = read(before);
      const after = roles.length === 0 ? others : { ...others, [name]: roles };
      return { [setting]: Object.keys(after).length === 0 ? undefined : after };
    },
  };
}

function requireWritable(channel: ChosenChannel | undefined): ChosenChannel | undefined {
  if (channel?.canBotWrite === false) throw new UserError('channel-unwritable', { channel: channel.id });
  return channel;
}
