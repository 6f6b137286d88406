import type { Accounts } from '../accounts/accounts.ts';
import { videoClips } from '../prompt/video.ts';
import type { VideoForm } from '../providers/provider.ts';
import { type InputPicture, type Speed, videoResolutions } from '../task.ts';
import type { Starts } from './start.ts';

/** What can be chosen about a video, and what it costs if nothing is. */
export interface VideoChoices {
  readonly form: VideoForm;
  readonly price: number | undefined;
}

/** Returns all that some account here can do, since the one that fits gets it. */
export async function findVideoChoices(
  { pictures, speed, book }: { pictures: readonly InputPicture[]; speed: Speed; book: string },
  { accounts, starts }: { accounts: Pick<Accounts, 'all'>; starts: Pick<Starts, 'quote'> },
): Promise<VideoChoices> {
  const forms = accounts.all.flatMap(({ provider, traits }) =>
    provider.actions.has('video') ? (traits.videos ?? []) : [],
  );
  // Some APIs want words, which don't change the price.
  const usual = { action: 'video', prompt: 'it moves', speed, pictures: pictures.slice(0, 1) } as const;
  return { form: unite(forms), price: await starts.quote(usual, book) };
}

/** What can be chosen if the account that fits is found later. */
function unite(forms: readonly VideoForm[]): VideoForm {
  return {
    clips: videoClips.filter((count) => forms.some(({ clips }) => clips.includes(count))),
    resolutions: videoResolutions.filter((one) => forms.some(({ resolutions }) => resolutions.includes(one))),
    takesEnd: forms.some(({ takesEnd }) => takesEnd),
    is720pFast: forms.every(({ is720pFast }) => is720pFast),
  };
}
