import { ProviderError } from '../../errors.ts';
import { addEdited, usesEditModel } from '../../prompt/edit-model.ts';
import type { TaskOptions, VideoResolution } from '../../task.ts';
import type { Picture, ProviderRequest } from '../provider.ts';
import { toPaidFields } from './prompt.ts';

export interface AcedataCall {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** The dimensions of Midjourney's own blend command, as aspect ratios. */
const aspects: Readonly<Record<NonNullable<TaskOptions['dimensions']>, string>> = {
  portrait: '2:3',
  square: '1:1',
  landscape: '3:2',
};

/** The call that starts a task, without the fields that all of them share. */
export function toCall(request: ProviderRequest): AcedataCall {
  if (request.parent !== undefined) return toFollowUp(request, request.parent);
  const { action, prompt, options, pictures, speed: mode } = request;
  switch (action) {
    case 'blend': {
      const aspect = options.dimensions === undefined ? '' : `--ar ${aspects[options.dimensions]}`;
      return toImagine({ ...request, prompt: join(prompt, aspect) });
    }
    case 'edit':
      // `edits` takes one picture (edits guide), but an imagine's words go to Midjourney as they are.
      if (usesEditModel(request))
        return toImagine({ ...request, prompt: addEdited(prompt, pictures), pictures: [] });
      return {
        path: '/midjourney/edits',
        body: { action: 'generate', image_url: pictures[0]?.url, prompt, mode, ...toMask(request.mask) },
      };
    case 'video':
      return { path: '/midjourney/videos', body: toVideo(request) };
    default:
      return toImagine(request);
  }
}

/** Pictures are addresses at the beginning of the prompt; there's no endpoint for blends (imagine guide). */
function toImagine({ pictures, prompt, speed: mode }: ProviderRequest): AcedataCall {
  const whole = join(...pictures.map(({ url }) => url), prompt);
  const body = { action: 'generate', prompt: whole, mode, ...toPaidFields(whole) };
  return { path: '/midjourney/imagine', body };
}

function toVideo({ pictures, prompt, options, speed: mode }: ProviderRequest): Record<string, unknown> {
  const end = pictures[1]?.url;
  return {
    action: 'generate',
    image_url: pictures[0]?.url,
    prompt: join(prompt, toMotion(options.motion)),
    mode,
    ...(end === undefined ? {} : { end_image_url: end }),
    resolution: toResolution(options),
    ...(options.isLoop === true ? { loop: true } : {}),
  };
}

function toFollowUp(
  { action, prompt, mask, options, speed: mode }: ProviderRequest,
  { ref, offer }: NonNullable<ProviderRequest['parent']>,
): AcedataCall {
  if (action === 'extend-high' || action === 'extend-low') {
    const words = join(prompt, toMotion(action === 'extend-high' ? 'high' : 'low'));
    return {
      path: '/midjourney/videos',
      body: {
        action: offer.token,
        video_id: requireId(ref['video']),
        video_index: (offer.index ?? 1) - 1,
        ...(words === '' ? {} : { prompt: words }),
        resolution: toResolution(options),
        mode,
      },
    };
  }
  const body = { action: offer.token, image_id: requireId(ref['image']), mode };
  if (action !== 'vary-region') return { path: '/midjourney/imagine', body };
  if (mask === undefined) throw new ProviderError('rejected', 'a region was asked for without a mask');
  const words = prompt === '' ? {} : { prompt };
  return { path: '/midjourney/imagine', body: { ...body, ...words, ...toMask(mask) } };
}

/** Plain Base64 of a gray mask of the picture's own size, white where it's repainted (imagine and edits guides). */
function toMask(mask: Picture | undefined): Record<string, unknown> {
  return mask === undefined ? {} : { mask: mask.bytes.toString('base64') };
}

/** Always sent: the API makes 720p if it isn't told (videos guide), and the price is for 480p unless somebody chose. */
function toResolution({ resolution = '480p' }: TaskOptions): VideoResolution {
  return resolution;
}

/** Midjourney's own flag, since the API has no field for it. Low is the default. */
function toMotion(motion: TaskOptions['motion']): string {
  return motion === 'high' ? '--motion high' : '';
}

function requireId(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new ProviderError('rejected', 'the API never gave the id that this result would be named by');
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
