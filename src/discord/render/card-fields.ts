import type { APIEmbedField } from 'discord.js';
import { dateAndSeconds, listNumberedLinks } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import { splitAtFlags } from '../../prompt/flags.ts';
import { drawnStyleOf } from '../../service/drawn-styles.ts';
import type { TaskCard } from '../../service/task-cards.ts';
import { isEnded, type Task } from '../../task.ts';
import { listLinks } from '../result-links.ts';
import { fieldLimit, takeFitting } from './embed.ts';
import { toQuote } from './foreign-text.ts';
import { namePictures } from './picture-names.ts';
import { toTitle } from './title.ts';
import { listWhere } from './where.ts';

/** How many tasks of each kind of relative are listed. */
const mostRelatives = 8;
const nameLength = 60;
const linksLimit = 900;
/** Of the parameters' field. */
const lineLength = 200;

/** The fields of a task's card; what isn't known has none. */
export function listCardFields(card: TaskCard, words: Words): APIEmbedField[] {
  const { task, providerId } = card;
  const { say } = words;
  const { facts = {} } = task;
  const quote = (text: string | undefined) =>
    text === undefined || text === '' ? undefined : `\`${toQuote(text, 100)}\``;
  const { width, height, cost } = facts;
  const size =
    width === undefined || height === undefined
      ? undefined
      : say('card.pixels', { width: `${width}`, height: `${height}` });
  const short: [string, string | undefined][] = [
    [say('card.speed'), toSpeed(task, words)],
    [say('card.points'), toPoints(task, words)],
    [say('card.account'), quote(task.account)],
    [say('card.size'), size],
    [say('card.seed'), quote(facts.seed)],
    [say('card.style'), quote(drawnStyleOf(task))],
    [say('card.job'), quote(facts.jobId)],
    [say('card.provider-id'), quote(providerId)],
    [say('card.cost'), cost && say('card.amount', { ...cost, unit: toQuote(cost.unit, 20) })],
  ];
  const long: [string, string[]][] = [
    [say('card.parameters'), toParameters(task)],
    [say('card.pictures'), namePictures(task.request.pictures, words, nameLength)],
    [say('card.times'), toTimes(task, words)],
    [say('card.times.provider'), toProviderTimes(task, words)],
    [say('card.result'), toResult(task, words)],
    [say('card.parent'), card.parent === undefined ? [] : [toTaskLine(card.parent, words)]],
    [say('card.siblings'), toRelatives(card.siblings, words)],
    [say('card.children'), toRelatives(card.children, words)],
  ];
  return [
    ...short.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, inline: true }])),
    ...long.flatMap(([name, lines]) =>
      lines.length === 0 ? [] : [{ name, value: takeFitting(lines, fieldLimit) }],
    ),
  ];
}

function toSpeed({ request, facts }: Task, { say }: Words): string {
  const speed = say(`speed.${request.speed}`);
  const { realSpeed = request.speed } = facts ?? {};
  return realSpeed === request.speed
    ? speed
    : say('card.speed.real', { speed, real: say(`speed.${realSpeed}`) });
}

/** Points that are back aren't a price. */
function toPoints(task: Task, { say }: Words): string {
  const { price, state, stop, lateAt } = task;
  const isBack = isEnded(task) && state !== 'done' && (stop?.isRefunded !== false || lateAt !== undefined);
  if (price === 0) return say('price.free');
  return say(isBack ? 'card.points.refunded' : 'points', { count: price });
}

function toParameters({ request, adjustments = [] }: Task): string[] {
  const flags = splitAtFlags(request.prompt).flags.map(({ text }) => `\`${toQuote(text, 200)}\``);
  const changed = adjustments.map(
    ({ flag, asked, used }) => `\`${toQuote(`${flag} ${asked} → ${used}`, 120)}\``,
  );
  return [...joinInLines(flags), ...changed];
}

/** As many in a line as fit comfortably, since a field takes whole lines. */
function joinInLines(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.length >= lineLength) lines.push(part);
    else lines[lines.length - 1] = `${last} ${part}`;
  }
  return lines;
}

function toTimes({ createdAt, acceptedAt, finishedAt }: Task, { say }: Words): string[] {
  return [
    say('card.asked', { at: dateAndSeconds(createdAt) }),
    ...(acceptedAt === undefined ? [] : [say('card.accepted', { at: dateAndSeconds(acceptedAt) })]),
    ...(finishedAt === undefined ? [] : [say('card.finished', { at: dateAndSeconds(finishedAt) })]),
  ];
}

function toProviderTimes({ facts = {} }: Task, words: Words): string[] {
  const { submittedAt, startedAt, finishedAt } = facts;
  const { say } = words;
  const began = startedAt ?? submittedAt;
  const tookMs = began === undefined || finishedAt === undefined ? -1 : finishedAt - began;
  return [
    ...(submittedAt === undefined ? [] : [say('card.submitted', { at: dateAndSeconds(submittedAt) })]),
    ...(startedAt === undefined ? [] : [say('card.started', { at: dateAndSeconds(startedAt) })]),
    ...(finishedAt === undefined ? [] : [say('card.finished', { at: dateAndSeconds(finishedAt) })]),
    ...(tookMs < 0 ? [] : [say('card.took', { duration: words.duration(Math.max(1_000, tookMs)) })]),
  ];
}

/** The message stays; the provider's own addresses work for about a day. */
function toResult(task: Task, words: Words): string[] {
  const { say } = words;
  const links = listLinks(task, linksLimit);
  return [
    ...listWhere(task, words),
    ...(links.length === 0 ? [] : [say('card.files', { links: listNumberedLinks(links) })]),
  ];
}

function toRelatives(tasks: readonly Task[], words: Words): string[] {
  const lines = tasks.slice(0, mostRelatives).map((task) => toTaskLine(task, words));
  const left = tasks.length - lines.length;
  return left === 0 ? lines : [...lines, words.say('more', { count: left })];
}

/** With the id, since the message may be deleted by now: `/task show` takes both. */
function toTaskLine(task: Task, words: Words): string {
  return [toTitle(task, words), ...listWhere(task, words), `\`${task.id}\``].join(' · ');
}
