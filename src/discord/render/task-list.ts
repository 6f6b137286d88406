import {
  ButtonBuilder,
  EmbedBuilder,
  StringSelectMenuBuilder,
  StringSelectMenuOptionBuilder,
} from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import { cutText } from '../../clean-text.ts';
import { mentionPerson, relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { MessageKey } from '../../locales/messages.ts';
import type { ListedTask, TaskList } from '../../service/task-lists.ts';
import { mostPage } from '../../service/task-lists.ts';
import { isBringable } from '../../service/task-messages.ts';
import type { Task } from '../../task.ts';
import { bringId, encodeFavoritesMenu, encodeListing } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, toRow } from './embed.ts';
import { toLabel, toPlain, toQuote } from './foreign-text.ts';
import { colors } from './message.ts';
import { toTitle } from './title.ts';
import { listWhere } from './where.ts';

/** How much each row shows of a prompt, before it's escaped: with the last of these, ten rows always fit. */
const promptLengths = [100, 60, 30] as const;
/** Discord's limits for an embed's title and for a choice of a menu. */
const titleLimit = 256;
const choiceLimit = 100;

const states = {
  queued: 'list.state.queued',
  submitting: 'list.state.running',
  running: 'list.state.running',
  answering: 'list.state.running',
  asking: 'list.state.asking',
  done: 'list.state.done',
  failed: 'list.state.failed',
  cancelled: 'list.state.canceled',
} as const satisfies Readonly<Record<Task['state'], MessageKey>>;

/** A page of a person's tasks, with buttons to the pages before and after it. */
export function renderTaskList(list: TaskList, words: Words): PrivateMessage {
  const { say } = words;
  const { listing, keptDays } = list;
  const embed = new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(toListTitle(list, words))
    .setDescription(toDescription(list, words))
    .setFooter({
      text: `${say('list.page', { page: listing.page })} · ${say('list.kept', { days: keptDays })}`,
    });
  return { embeds: [embed.toJSON()], components: toComponents(list, words) };
}

function toDescription(list: TaskList, words: Words): string {
  const after = list.isCatchingUp ? `\n${words.say('list.catching-up')}` : '';
  const room = descriptionLimit - after.length;
  if (list.tasks.length === 0) return `${words.say(toEmptyKey(list))}${after}`;
  const fitting = promptLengths.map((length) =>
    list.tasks.map((task) => toRowLines(task, length, words)).join('\n'),
  );
  const rows = fitting.find(({ length }) => length <= room) ?? cutText(fitting.at(-1) ?? '', room);
  return `${rows}${after}`;
}

function toListTitle({ listing }: TaskList, { say }: Words): string {
  if (!('words' in listing)) return say(`list.title.${listing.filter}`);
  const room = titleLimit - say('list.title.search', { words: '' }).length;
  return say('list.title.search', { words: toQuote(listing.words, room) });
}

function toEmptyKey({ listing }: TaskList) {
  if (listing.page > 1) return 'list.empty.page';
  return 'words' in listing ? 'list.empty.search' : (`list.empty.${listing.filter}` as const);
}

/** What it is, then how it went, when, whose it is if it's somebody else's, and where to see it. */
function toRowLines({ task, isOwn, isFavorite }: ListedTask, promptLength: number, words: Words): string {
  const { say } = words;
  const { id, request, origin, createdAt, lateAt, removedAt } = task;
  const title = toTitle(task, words);
  const prompt = toPlain(request.prompt, promptLength);
  const where = listWhere(task, words);
  const isFindable = where.length > 0 && removedAt === undefined && origin.place.isPrivate !== true;
  const facts = [
    say(lateAt === undefined ? states[task.state] : 'list.state.late'),
    relativeTime(createdAt),
    ...(isOwn ? [] : [say('list.by', { person: mentionPerson(origin.userId) })]),
    ...(task.emptied === 'all' || task.emptied === 'words' ? [say('list.emptied')] : []),
    ...where,
    ...(isFindable || !isOwn ? [] : [`\`${id}\``]),
    ...(isFavorite ? ['❤️'] : []),
  ];
  return `${say('list.task', { title, prompt }).trim()}\n${facts.join(' · ')}`;
}

function toComponents(list: TaskList, words: Words): NonNullable<PrivateMessage['components']> {
  const { listing, tasks, hasMore } = list;
  const { say } = words;
  const button = (label: string, page: number, isPossible: boolean) =>
    new ButtonBuilder()
      .setCustomId(encodeListing({ ...listing, page }))
      .setStyle(ButtonStyle.Secondary)
      .setLabel(label)
      .setDisabled(!isPossible);
  const isAlone = listing.page === 1 && !hasMore;
  const turns = [
    button(say('button.newer'), Math.max(0, listing.page - 1), listing.page > 1),
    button(say('button.older'), Math.min(mostPage + 1, listing.page + 1), hasMore),
  ];
  const isOfFavorites = 'filter' in listing && listing.filter === 'favorites' && tasks.length > 0;
  return [
    ...(isAlone ? [] : [toRow(turns)]),
    ...(isOfFavorites ? [toRow([toRemovalMenu(list, words)])] : []),
    ...toBringRows(list, words),
  ];
}

/** Shows one of the private ones again. */
function toBringRows({ tasks }: TaskList, words: Words) {
  const own = tasks.filter(({ task, isOwn }) => isOwn && isBringable(task));
  if (own.length === 0) return [];
  const menu = new StringSelectMenuBuilder()
    .setCustomId(bringId)
    .setPlaceholder(words.say('list.bring'))
    .addOptions(toChoices(own, words));
  return [toRow([menu])];
}

/** Removes even what can't be seen any longer, such as a result that its owner has deleted. */
function toRemovalMenu({ listing, tasks }: TaskList, words: Words): StringSelectMenuBuilder {
  return new StringSelectMenuBuilder()
    .setCustomId(encodeFavoritesMenu(listing))
    .setPlaceholder(words.say('list.remove'))
    .addOptions(toChoices(tasks, words));
}

function toChoices(tasks: readonly ListedTask[], words: Words): StringSelectMenuOptionBuilder[] {
  return tasks.map(({ task }) => {
    const { action, prompt } = task.request;
    const name = words.say(`action.${action}`);
    const label = toLabel(
      prompt === '' ? name : words.say('task.suggestion', { action: name, prompt }),
      choiceLimit,
    );
    return new StringSelectMenuOptionBuilder().setLabel(label).setValue(task.id);
  });
}
