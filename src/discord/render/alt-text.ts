import { cleanText, cutText } from '../../clean-text.ts';
import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';
import { toLabel } from './foreign-text.ts';
import type { ShownResult } from './message.ts';
import { toTitle } from './title.ts';

/** Discord takes 1,024 characters (message resource, "Attachment"). */
const longest = 1_024;
/** "(4 of 10)", in any language. */
const numberRoom = 40;

/**
 * What each file of a result shows, for people who can't see it: the words that it was made from, and which one of the set it
 * is. `undefined` for what isn't a result, such as the picture that a describe is about.
 */
export function toAltTexts(task: Task, shown: ShownResult, words: Words): readonly (string | undefined)[] {
  if (shown.as !== 'files') return [];
  const { names, missing = [] } = shown;
  const text = toText(task, words);
  const count = names.length + missing.length;
  const present = Array.from({ length: count }, (_, index) => index).filter((one) => !missing.includes(one));
  return names.map((_, at) => {
    const number = (present[at] ?? at) + 1;
    return text === undefined || names.length === 1 ? text : words.say('alt.one-of', { text, number, count });
  });
}

function toText({ request }: Task, words: Words): string | undefined {
  const { action, prompt, pictures, offer } = request;
  if (action === 'describe' || action === 'shorten') return undefined;
  const said = cleanText(prompt) || cleanText(words.and(pictures.map(({ name }) => name)));
  const text = toLabel(cutAtWord(said, longest - numberRoom), longest - numberRoom);
  if (text === '') return cutText(toTitle({ request }, words), longest - numberRoom);
  const isOne = action === 'upscale' && offer?.index !== undefined;
  return isOne ? words.say('alt.image', { text, number: offer.index ?? 1 }) : text;
}

/** A word that is longer than all of it is cut itself. Leaves room for what keeps right-to-left words in place. */
function cutAtWord(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = cutText(text, limit - 3);
  const end = cut.lastIndexOf(' ');
  return `${end > cut.length / 2 ? cut.slice(0, end) : cut}…`;
}
