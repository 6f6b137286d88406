import { createHmac } from 'node:crypto';
import { drawClip, drawFilm, drawGrid, drawPreview, drawSingle } from '../../pictures/draw.ts';
import { drawSwap } from '../../pictures/swap.ts';
import { type Answer, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { createDrawOnce } from '../draw-once.ts';
import { type FilmShown, type MjTask, toPictureName } from './task.ts';

/** A stand-in for Discord's CDN: addresses are signed, expire, and must come back unchanged. */
export interface PictureHost {
  /** The address at that percentage (100 is the result), or of one of the clips. */
  address(task: MjTask, what: What): string;
  /** Answers a path with its query; draws a picture when it's first asked for. */
  serve(pathAndQuery: string): Promise<Answer>;
}

type What = number | `film${number}`;

export interface PictureHostParts {
  clock: Clock;
  secret: string;
  lifeMs: number;
  height: number;
  /** Served in place of every drawn picture. */
  picture?: Buffer;
  /** Scheme and host of the addresses. */
  origin(): string;
  /** The same for unfinished pictures. */
  previewOrigin(): string;
  findByMessage(messageId: string): MjTask | undefined;
}

const keptPictures = 200;

export function createPictureHost({
  clock,
  secret,
  lifeMs,
  height,
  picture: prepared,
  origin,
  previewOrigin,
  findByMessage,
}: PictureHostParts): PictureHost {
  const drawOnce = createDrawOnce(keptPictures);

  function sign(path: string, ex: string, is: string): string {
    return createHmac('sha256', secret).update(`${path} ${ex} ${is}`).digest('hex');
  }

  /** `ex` and `is` are hexadecimal seconds: when it expires, and when it was signed. The last `&` is theirs. */
  function toQuery(path: string, ex: string, is: string): string {
    return `?ex=${ex}&is=${is}&hm=${sign(path, ex, is)}&`;
  }

  function draw(task: MjTask, what: What): Promise<Buffer> {
    const { shown } = task;
    if (shown === undefined) throw new Error(`Task ${task.id} shows nothing`);
    if (prepared !== undefined) return Promise.resolve(prepared);
    if (shown.as === 'upload') return Promise.resolve(shown.picture);
    if (shown.as === 'swap') return drawSwap({ ...shown, height });
    if (shown.as === 'film' && typeof what === 'string') return drawClipOf(shown, Number(what.slice(4)));
    const views = shown.as === 'grid' ? shown.views : [shown.view];
    if (shown.as === 'clip' && what === 100) return drawClip(views, { height: height / 2 });
    if (Number(what) < 100) return drawPreview(views, { height: height / 2, percent: Number(what) });
    const caption = task.finalPrompt;
    if (shown.as === 'grid') return drawGrid(views, { height, caption });
    return drawSingle(shown.view, { height: shown.as === 'single' ? height * shown.scale : height, caption });
  }

  function drawClipOf({ view, clips, frames, lines, end, isLoop }: FilmShown, clip: number): Promise<Buffer> {
    return drawFilm(view, {
      height: Math.round((height * lines) / 1080),
      tile: clips[clip] ?? 0,
      frames,
      end,
      isLoop,
    });
  }

  return {
    address(task, what) {
      const seconds = Math.floor(clock.now() / 1000);
      const kind = typeof what === 'string' ? 'mp4' : 'webp';
      const suffix = what === 100 ? `.${toExtension(task)}` : `_${what}.${kind}`;
      const path = `/attachments/${task.messageId.slice(0, -1)}0/${task.messageId}/${toPictureName(task)}${suffix}`;
      const ex = Math.floor((clock.now() + lifeMs) / 1000).toString(16);
      const host = typeof what === 'number' && what < 100 ? previewOrigin() : origin();
      return `${host}${path}${toQuery(path, ex, seconds.toString(16))}`;
    },
    async serve(pathAndQuery) {
      const [path = '', query = ''] = pathAndQuery.split('?');
      const parameters = new URLSearchParams(query);
      const ex = parameters.get('ex') ?? '';
      const isUntouched = `?${query}` === toQuery(path, ex, parameters.get('is') ?? '');
      if (!isUntouched || Number.parseInt(ex, 16) * 1000 <= clock.now()) {
        return toText(403, 'This content is no longer available.');
      }
      const [, , , messageId = '', file = ''] = path.split('/');
      const task = findByMessage(messageId);
      if (task?.shown === undefined) return toText(404, '');
      const [, clip, percent] = /_(?:film(\d)\.mp4|(\d+)\.webp)$/.exec(file) ?? [];
      const body = await drawOnce(file, () =>
        draw(task, clip === undefined ? Number(percent ?? 100) : `film${Number(clip)}`),
      );
      const type = percent === undefined ? toContentType(task) : 'image/webp';
      return { status: 200, headers: { 'content-type': clip === undefined ? type : 'video/mp4' }, body };
    },
  };
}

function toContentType(task: MjTask): string {
  if (task.shown?.as === 'upload') return task.shown.contentType;
  return task.shown?.as === 'clip' ? 'image/webp' : 'image/png';
}

function toExtension(task: MjTask): string {
  return toContentType(task).replace('image/', '').replace('jpeg', 'jpg');
}
