import { ButtonBuilder, EmbedBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Finding, FindingDetails, UserErrorDetails } from '../../errors.ts';
import type { Words } from '../../locales/index.ts';
import type { MessageKey, Messages } from '../../locales/messages.ts';
import type { Speed } from '../../task.ts';
import { encodePress, type PressKind } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';
import { escapeDetails, toPromptQuote } from './foreign-text.ts';
import { colors } from './message.ts';

/** Nobody reads more of them. */
const mostShown = 5;
/** A prompt fits into an embed as a whole. */
const longestShown = 4_000;

type Details = Omit<UserErrorDetails['prompt-doubtful'], 'draft'>;

/** What was found in a prompt, the corrected one with its price, and the ways on. */
export function renderFindings(
  { findings, corrected, writtenPrice, left, draft }: Details & { draft: string },
  words: Words,
): PrivateMessage & { content: string } {
  const { say } = words;
  const { price } = corrected;
  const isDearer = writtenPrice !== undefined && writtenPrice !== price;
  const costs = isDearer
    ? say('words.price.differs', { price, written: writtenPrice, left })
    : say('words.price', { price, left });
  const button = (kind: PressKind, style: ButtonStyle) =>
    new ButtonBuilder().setCustomId(encodePress({ kind, taskId: draft })).setStyle(style);
  const buttons = [
    button('correct', ButtonStyle.Primary).setLabel(say('button.correct')),
    button('as-written', ButtonStyle.Secondary).setLabel(say('button.as-written')),
    button('change', ButtonStyle.Secondary).setLabel(say('button.change')),
  ].filter((_, index) => index !== 1 || writtenPrice !== undefined);
  return {
    content: `${listFindings(findings, words)}\n${costs}`,
    embeds: [toCorrected(corrected, words)],
    components: [toRow(buttons)],
  };
}

/** What was found in an answer to the provider; the button above asks for another one. */
export function renderWrongAnswer(
  { findings, corrected }: UserErrorDetails['answer-wrong'],
  words: Words,
): PrivateMessage & { content: string } {
  const content = `${listFindings(findings, words)}\n${words.say('words.answer')}`;
  return { content, embeds: [toCorrected(corrected, words)] };
}

function toCorrected({ prompt, speed }: { prompt: string; speed?: string }, { say }: Words) {
  const embed = new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(say('words.corrected'))
    .setDescription(`\`\`\`\n${toPromptQuote(prompt, longestShown)}\n\`\`\``);
  if (speed !== undefined) embed.setFooter({ text: say(`speed.${speed as Speed}`) });
  return embed.toJSON();
}

function listFindings(findings: readonly Finding[], words: Words): string {
  const lines = findings.slice(0, mostShown).map((finding) => toFindingSentence(finding, words));
  const left = findings.length - lines.length;
  if (left > 0) lines.push(words.say('words.more', { count: left }));
  return lines.length === 1 ? (lines[0] ?? '') : lines.map((line) => `- ${line}`).join('\n');
}

/** The sentence for one finding, in which everything that others wrote is quoted. */
export function toFindingSentence({ code, details }: Finding, words: Words): string {
  const escaped = escapeDetails(details);
  const compose = Object.hasOwn(sentences, code) ? sentences[code as ComposedCode] : undefined;
  if (compose !== undefined) return compose(escaped as never, words);
  return words.say(`finding.${code}` as MessageKey, escaped as never);
}

/** Findings whose details have to be turned into arguments for a message first. */
type ComposedCode = {
  [Code in keyof FindingDetails]: `finding.${Code}` extends MessageKey
    ? FindingDetails[Code] extends Messages[`finding.${Code}`]
      ? never
      : Code
    : Code;
}[keyof FindingDetails];

const sentences: {
  readonly [Code in ComposedCode]: (details: FindingDetails[Code], words: Words) => string;
} = {
  'not-a-choice': ({ choices, nearest, ...details }, { say, or }) =>
    nearest === undefined
      ? say('finding.not-a-choice.dropped', { ...details, choices: or(choices) })
      : say('finding.not-a-choice', { ...details, choices: or(choices), nearest }),
  'not-a-ratio': ({ value, meant }, { say }) =>
    meant === undefined
      ? say('finding.not-a-ratio.dropped', { value })
      : say('finding.not-a-ratio', { value, meant }),
  'style-version': ({ takes, ...details }, { say, or }) =>
    say('finding.style-version', { ...details, takes: or(takes) }),
};
