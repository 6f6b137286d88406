import { EmbedBuilder } from '@discordjs/builders';
import type { Words } from '../../locales/index.ts';
import type { Keeping } from '../../service/keeping.ts';
import type { PrivateMessage } from '../respond.ts';
import { colors } from './message.ts';

/** What is stored about people, for how long here, who else gets it, and how to remove it. */
export function renderPrivacy({ promptDays, pictureDays }: Keeping, { say }: Words): PrivateMessage {
  // What is removed with its prompt isn't kept any longer than that.
  const keptDays = Math.min(pictureDays, promptDays);
  const kept = [
    say('privacy.kept.prompts', { days: promptDays }),
    keptDays === 0 ? say('privacy.kept.no-pictures') : say('privacy.kept.pictures', { days: keptDays }),
    say('privacy.kept.preferences'),
    say('privacy.kept.points'),
  ];
  const embed = new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(say('privacy.title'))
    .addFields(
      { name: say('privacy.stored'), value: say('privacy.stored.about') },
      { name: say('privacy.kept'), value: kept.join('\n') },
      { name: say('privacy.shared'), value: say('privacy.shared.about') },
      { name: say('privacy.remove'), value: say('privacy.remove.about') },
    );
  return { embeds: [embed.toJSON()] };
}
