import { shortenText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { TaskOptions } from '../task.ts';
import { normalizePrompt } from './compose.ts';
import { type Parameter, readPrompt, writeParameter } from './reading.ts';

export const videoMotions = ['low', 'high'] as const;
export const videoClips = [1, 2, 4] as const;

/** What can be said of a video with an option or with one of Midjourney's flags. */
export type VideoOptions = Pick<TaskOptions, 'motion' | 'isLoop' | 'clips'>;

/** Each of those flags, and what it sets; `undefined` if it doesn't take that value. */
const flags: Readonly<Record<string, (value: string) => VideoOptions | undefined>> = {
  motion(value) {
    const motion = videoMotions.find((one) => one === value.toLowerCase());
    return motion && { motion };
  },
  bs(value) {
    const clips = videoClips.find((one) => String(one) === value);
    return clips && { clips };
  },
  loop: () => ({ isLoop: true }),
};

/**
 * The text without flags that have an option, and what they set: they go where the API wants them, and the number of clips
 * has a price. What the text sets counts, and the option for it doesn't. Throws a {@link UserError} for a value that isn't one.
 */
export function takeVideoFlags<Options extends VideoOptions>(
  text: string,
  chosen: Options,
): { text: string; options: Options; overridden: { flag: string; option: string }[] } {
  const { words, parameters } = readPrompt(normalizePrompt(text));
  const taken = parameters.filter(({ name }) => Object.hasOwn(flags, name));
  if (taken.length === 0) return { text, options: chosen, overridden: [] };
  const set = Object.assign({}, ...taken.map((one) => readFlag(one, taken))) as VideoOptions;
  const others = parameters.map((one) =>
    [...(taken.includes(one) ? [] : [writeParameter(one)]), one.wordsBehind].filter(Boolean).join(' '),
  );
  return {
    text: [words, ...others].filter(Boolean).join(' '),
    options: { ...chosen, ...set },
    overridden: taken.flatMap((one) => {
      const option = one.name === 'bs' ? 'clips' : one.name === 'motion' ? 'motion' : undefined;
      const isOther = option !== undefined && chosen[option] !== undefined && chosen[option] !== set[option];
      return isOther ? [{ flag: writeParameter(one), option }] : [];
    }),
  };
}

function readFlag({ name, values }: Parameter, all: readonly Parameter[]): VideoOptions {
  const alike = all.filter((one) => one.name === name);
  const value = values.join(' ');
  const read = flags[name]?.(value);
  const isOne = new Set(alike.map((one) => one.values.join(' '))).size === 1;
  if (read !== undefined && isOne) return read;
  const written = isOne ? value : alike.flatMap((one) => one.values).join(' ');
  throw new UserError('option-malformed', { option: `--${name}`, value: shortenText(written, 100) });
}
