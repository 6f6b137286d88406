import { EmbedBuilder } from '@discordjs/builders';
import { mentionPerson, relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import {
  type BlockedPerson,
  type BlockNews,
  longestReason,
  type StoppedTasks,
} from '../../service/blocks.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, takeFitting } from './embed.ts';
import { toQuote } from './foreign-text.ts';
import { colors } from './message.ts';

const shownPeople = 15;

/** What a new block means for the person, and what it did to their tasks. */
export function renderBlocked(
  person: BlockedPerson,
  tasks: StoppedTasks | undefined,
  words: Words,
): PrivateMessage {
  const { say } = words;
  const { userId, until } = person;
  const names = { person: mentionPerson(userId) };
  const sentences = [
    until === undefined
      ? say('block.added', names)
      : say('block.added.until', { ...names, endsAt: relativeTime(until) }),
    ...toReason(person, words),
    say('block.about'),
    ...toStopped(tasks, words),
  ];
  return { content: sentences.join(' ') };
}

export function renderUnblocked(userId: string, { say }: Words): PrivateMessage {
  return { content: say('block.removed', { person: mentionPerson(userId) }) };
}

/** Everybody who is blocked, the last one first. */
export function renderBlocks(people: readonly BlockedPerson[], words: Words): PrivateMessage {
  const { say } = words;
  if (people.length === 0) return { content: say('block.none') };
  const lines = people.slice(0, shownPeople).map((person) => toLine(person, words));
  const hidden = people.length - lines.length;
  const all = hidden > 0 ? [...lines, say('more', { count: hidden })] : lines;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(say('block.title'));
  return { embeds: [embed.setDescription(takeFitting(all, descriptionLimit)).toJSON()] };
}

/** The line for a server's log channel. */
export function renderBlockLine({ actorId, userId, block }: BlockNews, words: Words): string {
  const { say } = words;
  const names = { who: mentionPerson(actorId), person: mentionPerson(userId) };
  if (block === undefined) return say('block.log.removed', names);
  const sentence =
    block.until === undefined
      ? say('block.log.added', names)
      : say('block.log.added.until', { ...names, endsAt: relativeTime(block.until) });
  return [sentence, ...toReason(block, words)].join(' ');
}

function toLine({ userId, at, by, until, ...block }: BlockedPerson, words: Words): string {
  const { say } = words;
  const facts = { person: mentionPerson(userId), by: mentionPerson(by), at: relativeTime(at) };
  const line =
    until === undefined
      ? say('block.line', facts)
      : say('block.line.until', { ...facts, endsAt: relativeTime(until) });
  return [line, ...toReason(block, words)].join(' · ');
}

function toReason({ reason }: { reason?: string | undefined }, { say }: Words): string[] {
  return reason === undefined ? [] : [say('block.reason', { reason: toQuote(reason, longestReason) })];
}

function toStopped(tasks: StoppedTasks | undefined, { say }: Words): string[] {
  if (tasks === undefined) return [];
  const { stopped, left } = tasks;
  if (stopped === 0 && left > 0) return [say('block.left', { count: left })];
  return [
    say('block.stopped', { count: stopped }),
    ...(left === 0 ? [] : [say('block.left', { count: left })]),
  ];
}
