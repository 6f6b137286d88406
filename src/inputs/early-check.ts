import { UserError, type UserErrorCode } from '../errors.ts';
import { inputLimitBytes, inputTypeNames } from '../images/accepted.ts';
import { PictureError, readFacts } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import { maskOfPicture, type Size } from '../images/mask.ts';
import { sizeOfPart } from '../images/quarter.ts';
import type { InputForm } from '../providers/provider.ts';
import type { InputPicture, TaskRequest } from '../task.ts';
import { InputError, type InputSources, isGone, requireForm, takenBy, toInputError } from './pictures.ts';

/** An interaction has to be answered within three seconds, and the charge is still to come. */
const timeoutMs = 1_200;
/** How many people's pictures are looked at before the charge; others' come to light after it. */
const mostAtOnce = 8;

/**
 * Looks at what people hand in before anything is charged, as far as that takes no time: links, masks, files that Discord
 * couldn't measure, and all that the API fetches by itself, since those can't be converted. Throws a `UserError` for what
 * can't work, and lets everything else pass.
 */
export type EarlyCheck = (
  request: Pick<TaskRequest, 'pictures' | 'region'>,
  userId: string,
  /** How the account that gets the task takes pictures. */
  form: InputForm | undefined,
) => Promise<void>;

interface Look {
  /** The picture that a mask is for; `undefined` if it's known only later. */
  readonly maskOf?: Size | undefined;
  readonly isMask: boolean;
  readonly form: InputForm | undefined;
  readonly signal: AbortSignal;
}

export function createEarlyCheck({ fromDiscord, fromLink }: InputSources): EarlyCheck {
  /** Whose pictures are being looked at, so that nobody has more than one server after another asked for nothing. */
  const underWay = new Set<string>();

  /** Returns how large the picture is; `undefined` if nobody knows yet. */
  async function look(picture: InputPicture, how: Look): Promise<Size | undefined> {
    const { isMask, maskOf, form, signal } = how;
    const download = picture.isLink === true ? fromLink : fromDiscord;
    try {
      const bytes = await download(picture.url, { maxBytes: inputLimitBytes, signal });
      const size = await readFacts(bytes);
      if (isMask) await maskOfPicture(bytes, maskOf ?? size);
      else if (form?.by === 'address') await requireForm(bytes, picture.name, form);
      return sizeOfPart(picture, size);
    } catch (error) {
      if (!signal.aborted && isFinal(error, picture))
        throw refusalOf(error, picture, isMask ? undefined : form);
      return undefined;
    }
  }

  async function lookAt(
    { pictures, region }: Parameters<EarlyCheck>[0],
    how: Omit<Look, 'isMask' | 'maskOf'>,
  ): Promise<void> {
    const mask = region?.picture;
    const sizes: (Size | undefined)[] = [];
    for (const [index, picture] of pictures.entries()) {
      const isAsked =
        how.form?.by === 'address' || isDoubtful(picture) || (mask !== undefined && index === 0);
      if (isAsked) sizes[index] = await look(picture, { ...how, isMask: false });
    }
    if (mask !== undefined) await look(mask, { ...how, isMask: true, maskOf: sizes[0] });
  }

  return async (request, userId, form) => {
    const { pictures, region } = request;
    const isDoubted = pictures.some((picture) => form?.by === 'address' || isDoubtful(picture));
    if (!isDoubted && region?.picture === undefined) return;
    if (underWay.has(userId) || underWay.size >= mostAtOnce) return;
    underWay.add(userId);
    const signal = AbortSignal.timeout(timeoutMs);
    const work = lookAt(request, { form, signal }).finally(() => underWay.delete(userId));
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
  if (error instanceof PictureError || error instanceof InputError) return true;
  if (!(error instanceof DownloadError)) return false;
  if (error.trouble === 'too-large') return true;
  if (isLink === true) return error.trouble !== 'slow';
  return isFromMessage === true && isGone(error);
}

function refusalOf(error: unknown, picture: InputPicture, form: InputForm | undefined): unknown {
  const takes = form === undefined ? inputTypeNames : takenBy(form);
  const found = toInputError(error, picture, takes);
  if (!(found instanceof InputError)) return found;
  const { code, details } = found.refusal;
  return new UserError<UserErrorCode>(code, details as never);
}
