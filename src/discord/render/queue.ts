import { EmbedBuilder } from '@discordjs/builders';
import { mentionPerson, messageLink } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { QueueView, Spread } from '../../service/queue-view.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, takeFitting } from './embed.ts';
import { colors } from './message.ts';
import { toName } from './title.ts';

/** What's running and waiting on a server. */
export function renderQueue(view: QueueView, words: Words): PrivateMessage {
  const { say, number } = words;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(say('queue.title'));
  embed.addFields(
    { name: say('queue.running'), value: number(view.running), inline: true },
    { name: say('queue.waiting'), value: number(view.waiting), inline: true },
  );
  if (view.asking > 0)
    embed.addFields({ name: say('queue.asking'), value: number(view.asking), inline: true });
  embed.addFields({ name: say('queue.times'), value: toTimes(view, words) });
  if (view.next.length > 0) {
    const lines = view.next.map((next, index) => toQueueLine(next, index, view, words));
    embed.setDescription(takeFitting([`**${say('queue.next')}**`, ...lines], descriptionLimit));
  }
  return { embeds: [embed.toJSON()] };
}

function toTimes({ lately }: QueueView, words: Words): string {
  const { say } = words;
  if (lately === undefined) return say('queue.times.unknown');
  const { tasks, waitedMs, tookMs } = lately;
  const waited =
    waitedMs.worst < 1_000
      ? say('queue.times.no-wait')
      : say('queue.times.waited', { tasks, ...toSpread(waitedMs, words) });
  return [say('queue.times.took', { tasks, ...toSpread(tookMs, words) }), waited].join('\n');
}

function toSpread({ usual, worst }: Spread, { duration }: Words): { usual: string; worst: string } {
  return { usual: duration(usual), worst: duration(worst) };
}

function toQueueLine(
  { task: { request, origin, createdAt }, isHidden }: QueueView['next'][number],
  index: number,
  { now }: QueueView,
  words: Words,
): string {
  const { say, duration } = words;
  const waited = duration(now - createdAt);
  if (isHidden) return say('queue.next.private', { position: index + 1, waited });
  const { place, userId } = origin;
  const isLinked = place.messageId !== undefined && place.isPrivate !== true;
  const name = toName(request.action, request.offer, words);
  return say('queue.next.task', {
    position: index + 1,
    task: isLinked ? `[${name}](${messageLink(place)})` : name,
    person: mentionPerson(userId),
    waited,
  });
}
