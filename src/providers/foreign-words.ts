import { z } from 'zod';
import type { Offer, Update } from '../task.ts';

/** Longer words of an API are cut when they're read: Midjourney's own prompts end at 6,000, and a message shows 4,096. */
export const mostWords = 10_000;
/** Nobody's codes are longer. */
const longestCode = 200;
/** A message shows that many as three rows of buttons and a menu, which has 25 (Discord's reference, Component Limits). */
export const mostOffers = 40;
/** And it has ten files. */
export const mostMedia = 10;
/** Prompts in a description: Midjourney writes four, and five for a shorten. */
const mostTexts = 10;
/** A custom id has 100 characters; a token that holds a prompt of ours has as many as the prompt. */
const longestToken = mostWords + 100;

/** The beginning of a text, without half a character at its end. */
export function cutWords(text: string): string {
  return text.length <= mostWords ? text : text.slice(0, mostWords).replace(/\p{Cs}$/u, '');
}

/** Words in an answer, or a number. A field that can't be read counts as missing. */
export const words = z
  .union([z.string().transform(cutWords), z.number().transform(String)])
  .nullish()
  .catch(undefined);

/** Turns `[words](address)` into the words. A bracket inside brackets starts again, so no text is read twice. */
export function withoutLinks(text: string): string {
  return text.replaceAll(/\[([^[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*\)/gu, '$1');
}

/** What an API tells, cut down to what can be shown and saved. */
export function limitUpdate(update: Update): Update {
  switch (update.state) {
    case 'asking':
      return update.prompt === undefined ? update : { ...update, prompt: cutWords(update.prompt) };
    case 'failed':
      return {
        ...update,
        ...(update.reason === undefined ? {} : { reason: cutWords(update.reason) }),
        ...(update.code === undefined ? {} : { code: update.code.slice(0, longestCode) }),
      };
    case 'done':
      return {
        ...update,
        media: update.media.slice(0, mostMedia),
        offers: update.offers.filter(isOfUsualSize).slice(0, mostOffers),
        ...(update.text === undefined ? {} : { text: update.text.slice(0, mostTexts).map(cutWords) }),
      };
    default:
      return update;
  }
}

/** A cut token would be a different token. */
function isOfUsualSize({ token }: Offer): boolean {
  return token.length <= longestToken;
}
