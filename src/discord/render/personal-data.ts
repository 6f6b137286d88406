import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import type { Forgotten } from '../../service/personal-data.ts';
import { forgetId } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';

/** Asks before anything is removed. */
export function renderForgetQuestion({ say }: Words): PrivateMessage {
  const button = new ButtonBuilder()
    .setCustomId(forgetId)
    .setStyle(ButtonStyle.Danger)
    .setLabel(say('button.forget'));
  return { content: say('personal-data.question'), components: [toRow([button])] };
}

export function renderForgotten({ tasks, left }: Forgotten, { say }: Words): PrivateMessage {
  const removed = say('personal-data.removed', { tasks });
  return { content: left === 0 ? removed : `${removed} ${say('personal-data.left', { tasks: left })}` };
}
