import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import type { Forgotten } from '../../service/personal-data.ts';
import { forgetId } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';

/** Asks before anything is removed. */
export function renderForgetQuestion(words: Words): PrivateMessage {
  const button = new ButtonBuilder()
    .setCustomId(forgetId)
    .setStyle(ButtonStyle.Danger)
    .setLabel(words.forget.button);
  return { content: words.forget.question, components: [toRow([button])] };
}

export function renderForgotten({ tasks, left }: Forgotten, words: Words): PrivateMessage {
  return { content: words.forget.done(tasks, left) };
}
