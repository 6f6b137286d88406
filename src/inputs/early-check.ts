import { UserError, type UserErrorCode } from '../errors.ts';
import { inputLimitBytes, inputTypeNames } from '../images/accepted.ts';
import { PictureError, readFacts } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import { maskOfPicture } from '../images/mask.ts';
import type { InputPicture, TaskRequest } from '../task.ts';
import { InputError, type InputSources, isGone, toInputError } from './pictures.ts';

/** An interaction has to be answered within three seconds, and the charge is still to come. */
const timeoutMs = 1_200;
/** How many people's pictures are looked at before the charge; others' come to light after it. */
const mostAtOnce = 8;

/**
 * Looks at what people hand in before anything is charged, as far as that takes no time: links, masks, and files that Discord
 * couldn't measure. Throws a `UserError` for what can't work, and lets everything else pass.
 */
export type EarlyCheck = (request: Pick<TaskRequest, 'pictures' | 'region'>, userId: string) => Promise<void>;

export function createEarlyCheck({ fromDiscord, fromLink }: InputSources): EarlyCheck {
  /** Whose pictures are being looked at, so that nobody has more than one server after another asked for nothing. */
  const underWay = new Set<string>();

  async function look(picture: InputPicture, isMask: boolean, signal: AbortSignal): Promise<void> {
    const download = picture.isLink === true ? fromLink : fromDiscord;
    try {
      const bytes = await download(picture.url, { maxBytes: inputLimitBytes, signal });
      const size = await readFacts(bytes);
      if (isMask) await maskOfPicture(bytes, size);
    } catch (error) {
      if (!signal.aborted && isFinal(error, picture)) throw refusalOf(error, picture);
    }
  }

  async function lookAt(
    pictures: readonly InputPicture[],
    mask: InputPicture | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    for (const picture of pictures) await look(picture, false, signal);
    if (mask !== undefined) await look(mask, true, signal);
  }

  return async ({ pictures, region }, userId) => {
    const mask = region?.picture;
    const doubtful = pictures.filter(isDoubtful);
    if (doubtful.length === 0 && mask === undefined) return;
    if (underWay.has(userId) || underWay.size >= mostAtOnce) return;
    underWay.add(userId);
    const signal = AbortSignal.timeout(timeoutMs);
    const work = lookAt(doubtful, mask, signal).finally(() => underWay.delete(userId));
    // A picture that takes long to decode is decoded to its end; nobody waits for that.
    await Promise.race([work, timeOf(signal)]);
  };
}

function timeOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Whether Discord hasn't just received it from the person, and measured it. */
function isDoubtful({ isLink, isMeasured, isFromMessage }: InputPicture): boolean {
  return isLink === true || isMeasured === false || isFromMessage === true;
}

/**
 * Whether another look could only say the same. A new file that Discord doesn't hand out now may be there in a second; one
 * from an older message was deleted.
 */
function isFinal(error: unknown, { isLink, isFromMessage }: InputPicture): boolean {
  if (error instanceof PictureError) return true;
  if (!(error instanceof DownloadError)) return false;
  if (error.trouble === 'too-large') return true;
  if (isLink === true) return error.trouble !== 'slow';
  return isFromMessage === true && isGone(error);
}

function refusalOf(error: unknown, picture: InputPicture): unknown {
  const found = toInputError(error, picture, inputTypeNames);
  if (!(found instanceof InputError)) return found;
  const { code, details } = found.refusal;
  return new UserError<UserErrorCode>(code, details as never);
}
