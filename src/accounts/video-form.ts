import { UserError } from '../errors.ts';
import type { VideoForm } from '../providers/provider.ts';
import type { TaskRequest } from '../task.ts';

/** What every API makes. */
const usual: VideoForm = { clips: [4], resolutions: ['480p'], takesEnd: false, is720pFast: true };

/**
 * Throws a `UserError` for a video that the account's API couldn't make as it was asked for: it would make another one, for
 * the price of this one. Follow-ups have the form of their parent.
 */
export function requireVideoForm(
  { action, speed, pictures, options = {}, offer }: VideoWork,
  { clips, resolutions, takesEnd, is720pFast }: VideoForm = usual,
): void {
  if (action !== 'video' || offer !== undefined) return;
  const hasEnd = pictures.length > 1;
  if (options.isLoop === true && hasEnd) throw new UserError('video-loop-and-end');
  if (options.clips !== undefined && !clips.includes(options.clips))
    throw new UserError('video-option', { option: 'clips' });
  if (options.resolution !== undefined && !resolutions.includes(options.resolution))
    throw new UserError('video-option', { option: 'resolution' });
  if (hasEnd && !takesEnd) throw new UserError('video-option', { option: 'end_image' });
  if (is720pFast && options.resolution === '720p' && speed === 'relax')
    throw new UserError('video-720p-relaxed');
}

type VideoWork = Pick<TaskRequest, 'action' | 'speed' | 'pictures' | 'options' | 'offer'>;
