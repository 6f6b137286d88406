import { EmbedBuilder } from '@discordjs/builders';
import type { APIEmbedField } from 'discord.js';
import { relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { MessageKey, Messages } from '../../locales/messages.ts';
import type { Statement } from '../../points/bookings.ts';
import { type Asker, directBook } from '../../points/policy.ts';
import type { PriceSheet } from '../../service/price-view.ts';
import type { Action } from '../../task.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, takeFitting } from './embed.ts';
import { colors } from './message.ts';
import { isUnlimited } from './points.ts';
import { renderPrices } from './prices.ts';

/** Messages without arguments. */
type PlainKey = { [Key in MessageKey]: Messages[Key] extends undefined ? Key : never }[MessageKey];

interface Entry {
  readonly command: string;
  readonly about: PlainKey;
  /** What an account has to be able to do for it. */
  readonly action?: Action;
  readonly isForAdministrators?: true;
  readonly needsSeeds?: true;
}

const entries: readonly Entry[] = [
  { command: 'imagine', about: 'command.imagine.description', action: 'imagine' },
  { command: 'blend', about: 'command.blend.description', action: 'blend' },
  { command: 'describe', about: 'command.describe.description', action: 'describe' },
  { command: 'shorten', about: 'command.shorten.description', action: 'shorten' },
  { command: 'edit', about: 'command.edit.description', action: 'edit' },
  { command: 'video', about: 'command.video.description', action: 'video' },
  { command: 'swap', about: 'command.swap.description', action: 'swap' },
  { command: 'task show', about: 'command.task.show.description' },
  { command: 'task list', about: 'command.task.list.description' },
  { command: 'task search', about: 'command.task.search.description' },
  { command: 'task cancel', about: 'command.task.cancel.description' },
  { command: 'task seed', about: 'command.task.seed.description', needsSeeds: true },
  { command: 'queue', about: 'command.queue.description' },
  { command: 'preferences', about: 'command.preferences.description' },
  { command: 'account show', about: 'command.account.show.description' },
  { command: 'account export', about: 'command.account.export.description' },
  { command: 'account forget', about: 'command.account.forget.description' },
  { command: 'quota', about: 'command.quota.description', isForAdministrators: true },
  { command: 'settings', about: 'command.settings.description', isForAdministrators: true },
  { command: 'block', about: 'command.block.description', isForAdministrators: true },
  { command: 'privacy', about: 'command.privacy.description' },
  { command: 'help', about: 'command.help.description' },
];

/** The commands in the menu of a message, and what an account has to be able to do for them. */
const menuEntries = [
  ['describe-image', 'describe'],
  ['edit-image', 'edit'],
  ['use-as-reference', 'imagine'],
  ['imagine-again', 'imagine'],
  ['task-details', undefined],
] as const satisfies readonly (readonly [string, Action | undefined])[];

/** What a card of help is made of. */
export interface Help {
  readonly statement: Statement;
  readonly prices: readonly PriceSheet[];
  /** Those that an account here takes, newest first. */
  readonly versions: readonly string[];
  readonly asker: Asker;
  /** Whether any API here tells seeds. */
  readonly hasSeeds: boolean;
}

/** What works here: commands, buttons, versions, prices, the asker's points and limits, and how to get more. */
export function renderHelp(help: Help, words: Words): PrivateMessage {
  const { statement, prices, asker } = help;
  const { say } = words;
  const lines = listEntries(help).map(({ command, about }) => `\`/${command}\` ${say(about)}`);
  const embed = new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(say('help.title'))
    .setDescription(takeFitting(lines, descriptionLimit))
    .addFields(
      { name: say('help.menu'), value: toMenuLines(prices, words).join('\n') },
      { name: say('help.buttons'), value: toButtonLines(prices, words).join('\n') },
      { name: say('help.private'), value: say('help.private.about') },
      ...toVersionField(help, words),
      ...renderPrices(prices, words),
      { name: say('help.points'), value: toPointLines(statement, words).join('\n') },
      {
        name: say('help.more'),
        value: say(asker.book === directBook ? 'help.more.direct' : 'help.more.server'),
      },
    );
  return { embeds: [embed.toJSON()] };
}

/** Without what no account here can do, and what the asker may not do. */
function listEntries({ prices, asker: { isAdministrator }, hasSeeds }: Help): readonly Entry[] {
  const possible = listPossible(prices);
  return entries.filter(
    ({ action, isForAdministrators = false, needsSeeds = false }) =>
      (action === undefined || possible.has(action)) &&
      (!isForAdministrators || isAdministrator) &&
      (!needsSeeds || hasSeeds),
  );
}

function listPossible(prices: Help['prices']): ReadonlySet<Action> {
  return new Set(prices.flatMap(({ points }) => points.map(([action]) => action)));
}

function toMenuLines(prices: Help['prices'], { say }: Words): string[] {
  const possible = listPossible(prices);
  const listed = menuEntries.filter(([, action]) => action === undefined || possible.has(action));
  const lines = listed.map(([name]) => `**${say(`command.${name}.name`)}** ${say(`help.menu.${name}`)}`);
  return [say('help.menu.about'), ...lines];
}

function toButtonLines(prices: Help['prices'], { say }: Words): string[] {
  const films = listPossible(prices).has('video') ? [say('help.buttons.videos')] : [];
  return [say('help.buttons.about'), ...films];
}

function toVersionField({ prices, versions }: Help, { say, and }: Words): APIEmbedField[] {
  if (!listPossible(prices).has('imagine')) return [];
  const value = say('help.versions.about', { count: versions.length, versions: and(versions) });
  return [{ name: say('help.versions'), value }];
}

function toPointLines(statement: Statement, words: Words): string[] {
  const { budget, limits } = statement;
  const { say } = words;
  const { personRunning: running, personWaiting: waiting } = limits;
  return [
    toLeft(statement, words),
    ...(budget === undefined
      ? []
      : [say('help.points.server', { left: Math.max(0, budget.budget - budget.spent) })]),
    say('help.limits', { running, waiting }),
  ];
}

function toLeft({ left, allowance, source, refillsAt }: Statement, { say }: Words): string {
  if (isUnlimited(allowance)) return say('help.points.unlimited');
  if (source === 'none') return say('help.points.granted', { left });
  return say('help.points.left', { left, refillsAt: relativeTime(refillsAt) });
}
