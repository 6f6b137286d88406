import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import { shortenText } from '../../clean-text.ts';
import {
  AnswerError,
  ProviderError,
  type Refusal,
  type SettingsFileMistake,
  UserError,
  type UserErrorCode,
  type UserErrorDetails,
} from '../../errors.ts';
import { mebibytes, mentionChannel, mentionRole, messageLink, relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { MessageKey, Messages } from '../../locales/messages.ts';
import type { Action } from '../../task.ts';
import { encodePress, type PressKind } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';
import { renderFindings, renderWrongAnswer, toFindingSentence } from './findings.ts';
import { escapeDetails, toQuote } from './foreign-text.ts';
import { contentLimit } from './message.ts';
import { toName } from './title.ts';

/** How many accounts one sentence names. */
const mostListed = 25;
/** How many things that are wrong one sentence names. */
const mostFindings = 3;

/** The sentence for an error; `id` finds an unexpected one in the log. */
export function renderError(error: unknown, words: Words, id: string): PrivateMessage & { content: string } {
  if (isOf(error, 'prompt-doubtful')) return renderFindings(error.details, words);
  if (isOf(error, 'answer-wrong')) return renderWrongAnswer(error.details, words);
  if (error instanceof UserError) {
    const charge = words.say(error instanceof AnswerError ? 'charge.answer' : 'charge.none');
    const content = shortenText(toSentence(error, words, charge), contentLimit);
    const button = toWayOn(error, words);
    return button === undefined ? { content } : { content, components: [toRow([button])] };
  }
  if (error instanceof ProviderError) return { content: words.say(`failure.${error.kind}`) };
  return { content: words.say('failure.unexpected', { id }) };
}

function isOf<Code extends UserErrorCode>(error: unknown, code: Code): error is UserError<Code> {
  return error instanceof UserError && error.code === code;
}

/** What takes somebody on from a refusal: it agrees to a price, or opens a window again as it was sent. */
function toWayOn({ code, details }: UserError, { say }: Words): ButtonBuilder | undefined {
  const { draft, price } = (details ?? {}) as { draft?: string; price?: number };
  if (draft === undefined) return undefined;
  const button = (kind: PressKind) =>
    new ButtonBuilder().setCustomId(encodePress({ kind, taskId: draft })).setStyle(ButtonStyle.Primary);
  if (price === undefined) return button('draft').setLabel(say('button.edit-again'));
  const label = code === 'translation-failed' ? 'button.send-as-typed' : 'button.agree';
  return button('agree').setLabel(say(label, { price }));
}

/**
 * The sentence for a refusal, in which everything that others wrote is quoted. `charge` is what to say about its price, if it says
 * anything.
 */
export function toSentence(
  { code, details }: Pick<Refusal, 'code' | 'details'>,
  words: Words,
  charge: string = words.say('charge.none'),
): string {
  const escaped = escapeDetails(details);
  const compose = Object.hasOwn(sentences, code) ? sentences[code as ComposedCode] : undefined;
  if (compose !== undefined) return compose(escaped as never, words, charge);
  return words.say(`error.${code}` as MessageKey, { ...(escaped as object), charge } as never);
}

/** What a message needs besides what is said about the price. */
type Given<Needed> = Needed extends { charge: string } ? Omit<Needed, 'charge'> : Needed;

/** Refusals whose details have to be turned into arguments for a message first. */
type ComposedCode =
  | 'several-jobs'
  | {
      [Code in UserErrorCode]: `error.${Code}` extends MessageKey
        ? UserErrorDetails[Code] extends Given<Messages[`error.${Code}`]>
          ? never
          : Code
        : Code;
    }[UserErrorCode];

const sentences: {
  readonly [Code in ComposedCode]: (details: UserErrorDetails[Code], words: Words, charge: string) => string;
} = {
  'picture-type': ({ name, type, takes, by }, { say, or }) => {
    if (type === undefined) return say('error.picture-type.unknown', { name, takes: or(takes) });
    const key = by === undefined ? 'error.picture-type' : (`error.picture-type.${by}` as const);
    return say(key, { name, type, takes: or(takes) });
  },
  'picture-too-large': ({ name, bytes, limit: most, by }, { say }) => {
    const limit = mebibytes(most);
    if (bytes === undefined) return say('error.picture-too-large.unmeasured', { name, limit });
    const key = by === undefined ? 'error.picture-too-large' : (`error.picture-too-large.${by}` as const);
    return say(key, { name, size: mebibytes(bytes), limit });
  },
  'picture-too-many-pixels': ({ name, limit }, { say }) =>
    say('error.picture-too-many-pixels', { name, millions: toMillions(limit) }),
  'pictures-too-many-pixels': ({ limit }, { say }) =>
    say('error.pictures-too-many-pixels', { millions: toMillions(limit) }),
  'account-unusable': ({ trouble, until }, { say }) =>
    say(`error.account-unusable.${trouble}`, { retryAt: relativeTime(until) }),
  'account-closed': ({ reason, until }, { say }) =>
    until === undefined
      ? say('error.account-closed.for-good')
      : say(`error.account-closed.${reason}`, { opensAt: relativeTime(until) }),
  'account-unknown': ({ name, known: all }, words) => {
    const known = listSome(
      all.map((one) => `\`${one}\``),
      words,
    );
    return name === ''
      ? words.say('error.account-unknown.unnamed', { known })
      : words.say('error.account-unknown', { name, known });
  },
  blocked: ({ until, reason }, { say }, charge) =>
    [
      until === undefined
        ? say('error.blocked')
        : say('error.blocked.until', { endsAt: relativeTime(until) }),
      ...(reason === undefined ? [] : [say('error.blocked.reason', { reason })]),
      charge,
    ].join(' '),
  'not-blockable': ({ who }, { say }) => say(`error.not-blockable.${who}`),
  'points-short': ({ price, left, refillsAt }, { say }) =>
    refillsAt === undefined
      ? say('error.points-short.for-good', { price, left })
      : say('error.points-short', { price, left, refillsAt: relativeTime(refillsAt) }),
  'budget-short': ({ price, left, refillsAt }, { say }) =>
    say('error.budget-short', { price, left, refillsAt: relativeTime(refillsAt) }),
  'settings-file-wrong': ({ mistakes }, { say }) =>
    say('error.settings-file-wrong', {
      mistakes: mistakes.map((mistake) => toMistake(mistake, say)).join(' '),
    }),
  'limit-too-high': ({ limit, most }, { say }) =>
    say('error.limit-too-high', { name: say(`settings.limits.${limit}`), most }),
  'channel-not-allowed': ({ channels }, words, charge) =>
    words.say('error.channel-not-allowed', { channels: words.or(channels.map(mentionChannel)), charge }),
  'command-role-missing': ({ command, roles }, words, charge) =>
    words.say('error.command-role-missing', { command, roles: words.or(roles.map(mentionRole)), charge }),
  'speed-role-missing': ({ speed, roles }, words, charge) =>
    words.say('error.speed-role-missing', {
      speed: words.say(`speed.${speed}`),
      roles: words.or(roles.map(mentionRole)),
      charge,
    }),
  'button-role-missing': ({ roles }, words, charge) =>
    words.say('error.button-role-missing', { roles: words.or(roles.map(mentionRole)), charge }),
  'too-many-yours': ({ running, waiting }, { say }) =>
    say('error.too-many-yours', { unfinished: running + waiting, running, waiting }),
  'several-jobs': ({ part, first }, { say }, charge) =>
    first === undefined
      ? say('error.several-jobs', { part, charge })
      : say('error.several-jobs.first', { part, charge, first }),
  'zoom-malformed': (_, { say }) => say('error.zoom-malformed'),
  'region-missing': (_, { say }) => say('error.region-missing'),
  'region-everything': (_, { say }) => say('error.region-everything'),
  'translation-failed': (_, { say }) => say('error.translation-failed'),
  'price-unconfirmed': ({ work, label = '', price, left, speed, guess, unavailable }, words) =>
    [
      ...(unavailable === undefined ? [] : [words.say('error.price-unconfirmed.slower', unavailable)]),
      ...(guess === undefined ? [] : [words.say(`price.guess.${guess}`)]),
      ...(speed === undefined ? [] : [words.say('task.adjusted.speed', speed)]),
      words.say('error.price-unconfirmed', { action: toName(work as Action, { label }, words), price, left }),
    ].join(' '),
  'video-option': ({ option }, { say }) => say(`error.video-option.${option}`),
  'preference-wrong': ({ findings }, words) =>
    words.say('error.preference-wrong', {
      findings: findings
        .slice(0, mostFindings)
        .map((finding) => toFindingSentence(finding, words))
        .join(' '),
    }),
  'prompt-doubtful': (details, words) => renderFindings(details, words).content,
  'answer-wrong': (details, words) => renderWrongAnswer(details, words).content,
  'already-started': ({ place }, { say }) =>
    place.messageId === undefined
      ? say('error.already-started')
      : say('error.already-started.link', { message: messageLink(place) }),
  'already-published': ({ place }, { say }) =>
    place.messageId === undefined
      ? say('error.already-published')
      : say('error.already-published.link', { message: messageLink(place) }),
  'already-running': ({ place }, { say }) =>
    place.messageId === undefined
      ? say('error.already-running')
      : say('error.already-running.link', { message: messageLink(place) }),
};

function toMistake(mistake: SettingsFileMistake, say: Words['say']): string {
  const { line } = mistake;
  if ('name' in mistake)
    return say(`settings.mistake.${mistake.kind}`, { line, name: toQuote(mistake.name, 60) });
  return say(`settings.mistake.${mistake.kind}`, { line });
}

function toMillions(pixels: number): number {
  return Math.round(pixels / 1_000_000);
}

function listSome(names: readonly string[], { say, and }: Words): string {
  const left = names.length - mostListed;
  const shown = names.slice(0, mostListed);
  return and(left > 0 ? [...shown, say('more.listed', { count: left })] : shown);
}
