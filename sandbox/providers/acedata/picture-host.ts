import { drawFilm, drawGrid, drawPreview, drawSingle } from '../../pictures/draw.ts';
import { toAspect, type View } from '../../pictures/view.ts';
import { type Answer, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { createDrawOnce } from '../draw-once.ts';
import { type AceTask, hasEnded, type Shown } from './task.ts';

/** A stand-in for the vendor's file host: plain addresses by task, with a query for the thumbnail. */
export interface PictureHost {
  /** The fields of a result with its picture addresses and sizes. */
  describe(task: AceTask): Record<string, unknown>;
  serve(pathAndQuery: string): Promise<Answer>;
}

export interface PictureHostParts {
  clock: Clock;
  lifeMs: number;
  height: number;
  origin(): string;
  /** The same for unfinished pictures. */
  previewOrigin(): string;
  find(id: string): AceTask | undefined;
}

const keptPictures = 200;
/** A query without a value (imagine guide, the sample of a varied region). */
const thumbnail = 'imageMogr2/thumbnail/!50p';

export function createPictureHost({
  clock,
  lifeMs,
  height,
  origin,
  previewOrigin,
  find,
}: PictureHostParts): PictureHost {
  const drawOnce = createDrawOnce(keptPictures);

  function heightOf(shown: Shown): number {
    return shown.as === 'single' ? height * shown.scale : height;
  }

  function draw({ outcome, progress = 100 }: AceTask, what: string): Promise<Buffer> {
    if (outcome === undefined) throw new Error('The task shows nothing');
    const { shown, prompt: caption } = outcome;
    const full = heightOf(shown);
    const views: readonly View[] = shown.as === 'single' ? [shown.view] : shown.views;
    if (what === 'preview') return drawPreview(views, { height: full / 2, percent: progress });
    const [first] = views;
    if (shown.as === 'videos' && what.startsWith('0_')) {
      const tile = Number(what.slice(2));
      const view = views[tile] ?? first;
      if (view === undefined) throw new Error('A set of videos has views');
      const { lines, isLoop, frames } = shown;
      return drawFilm(view, { height: Math.round((full * lines) / 1_080), tile, frames, isLoop });
    }
    const drawing = { height: what === thumbnail ? full / 2 : full, caption };
    return shown.as === 'grid' || first === undefined ? drawGrid(views, drawing) : drawSingle(first, drawing);
  }

  function sizeOf(shown: Shown): { width: number; height: number } {
    const [view] = shown.as === 'single' ? [shown.view] : shown.views;
    const full = heightOf(shown);
    return { width: Math.round(full * (view === undefined ? 1 : toAspect(view))), height: full };
  }

  return {
    describe(task) {
      const shown = task.outcome?.shown;
      if (shown === undefined) return {};
      const address = `${origin()}/midjourney/${task.id}`;
      const size = sizeOf(shown);
      const half = { image_width: Math.round(size.width / 2), image_height: Math.round(size.height / 2) };
      if (!hasEnded(task)) {
        // Previews have their own addresses, and are gone at the end (imagine guide).
        return { image_url: `${previewOrigin()}/midjourney/${task.id}_${task.progress ?? 0}.webp`, ...half };
      }
      if (shown.as === 'videos') {
        // The two slashes are theirs (videos guide).
        const clips = [0, 1, 2, 3].map((video) => `${origin()}//video/${task.id}/0_${video}.mp4`);
        return { image_url: `${address}.png`, ...half, video_urls: clips };
      }
      const raw = { raw_image_width: size.width, raw_image_height: size.height };
      const small = `${address}.png?${thumbnail}`;
      return { image_url: small, ...half, raw_image_url: `${address}.png`, ...raw };
    },
    async serve(pathAndQuery) {
      const [path = '', query = ''] = pathAndQuery.split('?');
      const [, name = '', clip] = /([0-9a-f-]{36})(?:\/(0_\d)|_\d+)?\.(?:png|webp|mp4)$/.exec(path) ?? [];
      const task = find(name);
      const isPreview = /_\d+\.webp$/.test(path);
      if (task?.outcome === undefined || hasEnded(task) === isPreview) return toText(404, '');
      if (clock.now() - (task.finishedAt ?? clock.now()) >= lifeMs) return toText(404, '');
      const what = isPreview ? 'preview' : (clip ?? (query === thumbnail ? thumbnail : 'whole'));
      const body = await drawOnce(`${path}?${query}`, () => draw(task, what));
      const type = clip !== undefined ? 'video/mp4' : isPreview ? 'image/webp' : 'image/png';
      return { status: 200, headers: { 'content-type': type }, body };
    },
  };
}
