import { EmbedBuilder } from '@discordjs/builders';
import { messageLink } from '../../locales/en.ts';
import type { Words } from '../../locales/index.ts';
import type { QueueView } from '../../service/queue-view.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, takeFitting } from './embed.ts';
import { colors } from './message.ts';

/** What runs and waits in a server. */
export function renderQueue(view: QueueView, words: Words): PrivateMessage {
  const { queue } = words;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(queue.title);
  embed.addFields(
    { name: queue.running, value: String(view.running), inline: true },
    { name: queue.waiting, value: String(view.waiting), inline: true },
  );
  if (view.asking > 0) embed.addFields({ name: queue.asking, value: String(view.asking), inline: true });
  embed.addFields({
    name: queue.lately,
    value: view.lately === undefined ? queue.unknown : queue.took(view.lately),
  });
  if (view.next.length > 0) {
    const lines = view.next.map(({ task }, index) => toQueueLine(task, index, view, words));
    embed.setDescription(takeFitting([`**${queue.next}**`, ...lines], descriptionLimit));
  }
  return { embeds: [embed.toJSON()] };
}

function toQueueLine(
  { request, origin, createdAt }: QueueView['next'][number]['task'],
  index: number,
  { now }: QueueView,
  words: Words,
): string {
  const { place, userId } = origin;
  const name = words.action(request.action);
  const link = place.messageId === undefined ? name : `[${name}](${messageLink(place)})`;
  return `${index + 1}. ${link} ${words.askedBy(userId)} · ${words.queue.since(now - createdAt)}`;
}
