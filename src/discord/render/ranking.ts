import { EmbedBuilder } from '@discordjs/builders';
import { mentionPerson } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { SpanRanking } from '../../service/book-reports.ts';
import type { PrivateMessage } from '../respond.ts';
import { colors } from './message.ts';

/** Who spent most, one line each. */
export function renderRanking(
  { span, unit, people, count, points }: SpanRanking,
  words: Words,
): PrivateMessage {
  const { say } = words;
  const lines = people.map((person, index) =>
    say('ranking.line', {
      place: index + 1,
      person: mentionPerson(person.userId),
      points: person.points,
      tasks: person.tasks,
    }),
  );
  if (count > people.length) lines.push(say('more', { count: count - people.length }));
  const isPeriod = span === 'period' || span === 'last-period';
  const embed = new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(isPeriod ? say(`ranking.title.${span}.${unit}`) : say(`ranking.title.${span}`))
    .setDescription(lines.length === 0 ? say('ranking.empty') : lines.join('\n'));
  if (count > 0) embed.setFooter({ text: say('ranking.total', { people: count, points }) });
  return { embeds: [embed.toJSON()] };
}
