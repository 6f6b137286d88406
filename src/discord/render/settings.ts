import { EmbedBuilder, StringSelectMenuBuilder } from '@discordjs/builders';
import { cutText } from '../../clean-text.ts';
import { mentionChannel, mentionPerson, mentionRole, relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { MessageKey } from '../../locales/messages.ts';
import { type BookSettings, calendarOf } from '../../points/policy.ts';
import { limitsOf } from '../../points/server-rules.ts';
import type { SettingsView } from '../../service/server-settings.ts';
import { speeds, startActions } from '../../task.ts';
import { settingsMenuId } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { editorNames, toEditorTitle, toLanguageName } from '../settings-editors.ts';
import { fieldLimit, takeFitting, toRow } from './embed.ts';
import { toQuote } from './foreign-text.ts';
import { colors } from './message.ts';

/** How many channels or roles one line names. */
const mostNamed = 8;
/** How much of the hidden suffix is shown; the window has all of it. */
const suffixLength = 400;
/** Discord's limit for the label of a choice. */
const labelLength = 100;

/** All that was decided for a server on one card, with a menu to change it. */
export function renderSettings(view: SettingsView, words: Words, sentence?: string): PrivateMessage {
  const { say } = words;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(say('settings.title'));
  embed.setDescription(sentence ?? say('settings.about'));
  embed.addFields(listFields(view.book, words));
  if (view.latest.length > 0) {
    const lines = view.latest.map((change) => toChangeLine(change, words));
    embed.addFields({ name: say('settings.latest'), value: takeFitting(lines, fieldLimit) });
  }
  return { embeds: [embed.toJSON()], components: [toRow([toMenu(words)])] };
}

function listFields(book: BookSettings, words: Words): { name: string; value: string; inline?: boolean }[] {
  const { say } = words;
  const { unit, timeZone } = calendarOf(book);
  const limits = limitsOf(book);
  const { suffix, sensitive = 'allowed', language = 'own', notify = 'on', logChannel, star } = book;
  const none = say('settings.none');
  const short = (name: string, value: string) => ({ name, value, inline: true });
  return [
    { name: say('settings.channels'), value: toChannelLine(book, words) },
    { name: say('settings.roles'), value: toRoleLines(book, words) },
    { name: say('settings.buttons'), value: toButtonLine(book, words) },
    { name: say('settings.limits'), value: say('settings.limits.now', { ...limits }) },
    {
      name: say('settings.suffix'),
      value: suffix === undefined ? none : `\`${toQuote(suffix, suffixLength)}\``,
    },
    short(say('settings.sensitive'), say(`settings.sensitive.${sensitive}`)),
    short(say('settings.private'), say(`settings.private.${book.private === true ? 'on' : 'off'}`)),
    short(say('settings.notification'), say(`settings.notification.${notify}`)),
    short(say('settings.language'), toLanguageName(language, say)),
    short(say('settings.log-channel'), logChannel === undefined ? none : mentionChannel(logChannel)),
    short(
      say('settings.star-channel'),
      star === undefined
        ? none
        : say('settings.star-channel.now', { channel: mentionChannel(star.channel), hearts: star.hearts }),
    ),
    { name: say('settings.points'), value: say(`settings.points.${unit}`, { timeZone }) },
  ];
}

function toChannelLine({ channels }: BookSettings, words: Words): string {
  if (channels === undefined) return words.say('settings.channels.all');
  const named = listSome(channels.ids.map(mentionChannel), words);
  return words.say(`settings.channels.${channels.mode}.now`, { channels: named });
}

function toRoleLines({ commandRoles = {}, speedRoles = {} }: BookSettings, words: Words): string {
  const { say } = words;
  const line = (name: string, roles: readonly string[]) =>
    `${name}: ${listSome(roles.map(mentionRole), words)}`;
  const lines = [
    ...startActions.flatMap((name) =>
      commandRoles[name] === undefined ? [] : [line(`\`/${name}\``, commandRoles[name])],
    ),
    ...speeds.flatMap((name) =>
      speedRoles[name] === undefined ? [] : [line(say(`speed.${name}`), speedRoles[name])],
    ),
  ];
  return lines.length === 0 ? say('settings.roles.none') : takeFitting(lines, fieldLimit);
}

function toButtonLine({ buttons }: BookSettings, words: Words): string {
  if (buttons === undefined) return words.say('settings.buttons.anyone');
  if (buttons.who === 'owner') return words.say('settings.buttons.owner');
  return words.say('settings.buttons.roles.now', { roles: listSome(buttons.roles.map(mentionRole), words) });
}

function listSome(names: readonly string[], { say, and }: Words): string {
  const left = names.length - mostNamed;
  return and(left > 0 ? [...names.slice(0, mostNamed), say('more.listed', { count: left })] : names);
}

/** Who changed what; values are on the card, or in the journal. */
function toChangeLine({ at, actorId, setting }: SettingsView['latest'][number], words: Words): string {
  const who = actorId === undefined ? words.say('settings.change.bot') : mentionPerson(actorId);
  return `${relativeTime(at)} · ${who} · ${toSettingName(setting, words)}`;
}

const names: Readonly<Record<string, MessageKey>> = {
  channels: 'settings.channels',
  commandRoles: 'settings.roles',
  speedRoles: 'settings.roles',
  buttons: 'settings.buttons',
  personRunning: 'settings.limits',
  personWaiting: 'settings.limits',
  serverWaiting: 'settings.limits',
  suffix: 'settings.suffix',
  private: 'settings.private',
  sensitive: 'settings.sensitive',
  language: 'settings.language',
  notify: 'settings.notification',
  logChannel: 'settings.log-channel',
  star: 'settings.star-channel',
  accounts: 'settings.accounts',
  blocked: 'settings.blocked',
};

/** What people call a setting of the journal; the others are about points. */
export function toSettingName(setting: string, { say }: Words): string {
  const key = Object.hasOwn(names, setting) ? names[setting] : undefined;
  return (say as (key: MessageKey) => string)(key ?? 'settings.points');
}

function toMenu(words: Words): StringSelectMenuBuilder {
  return new StringSelectMenuBuilder()
    .setCustomId(settingsMenuId)
    .setPlaceholder(words.say('settings.menu'))
    .addOptions(
      editorNames.map((name) => ({ label: cutText(toEditorTitle(name, words), labelLength), value: name })),
    );
}
