import { createHmac } from 'node:crypto';
import { drawClip, drawGrid, drawPreview, drawSingle } from '../../pictures/draw.ts';
import { type Answer, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { type MjTask, toPictureName } from './task.ts';

/** A stand-in for Discord's CDN: addresses are signed, run out, and must come back to the letter. */
export interface PictureHost {
  /** At that percentage (100 is the result), or of the clip. */
  address(task: MjTask, what: number | 'clip'): string;
  /** Answers a path with its query; draws when it is asked for, and once only. */
  serve(pathAndQuery: string): Promise<Answer>;
}

export interface PictureHostParts {
  clock: Clock;
  secret: string;
  lifeMs: number;
  height: number;
  /** Served instead of whatever would be drawn. */
  picture?: Buffer;
  /** Scheme and host of the addresses. */
  origin(): string;
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
  findByMessage,
}: PictureHostParts): PictureHost {
  const drawn = new Map<string, Promise<Buffer>>();

  function sign(path: string, ex: string, is: string): string {
    return createHmac('sha256', secret).update(`${path} ${ex} ${is}`).digest('hex');
  }

  /** `ex` and `is` are hexadecimal seconds: when it runs out, and when it was signed. The last `&` is theirs. */
  function toQuery(path: string, ex: string, is: string): string {
    return `?ex=${ex}&is=${is}&hm=${sign(path, ex, is)}&`;
  }

  function draw(task: MjTask, what: number | 'clip'): Promise<Buffer> {
    const { shown } = task;
    if (shown === undefined) throw new Error(`Task ${task.id} shows nothing`);
    if (prepared !== undefined) return Promise.resolve(prepared);
    if (shown.as === 'upload') return Promise.resolve(shown.picture);
    const views = shown.as === 'grid' ? shown.views : [shown.view];
    if (what === 'clip') return drawClip(views, { height: height / 2 });
    if (what < 100) return drawPreview(views, { height: height / 2, percent: what });
    const caption = task.finalPrompt;
    if (shown.as === 'grid') return drawGrid(views, { height, caption });
    return drawSingle(shown.view, { height: shown.as === 'clip' ? height : height * shown.scale, caption });
  }

  function drawOnce(file: string, task: MjTask, what: number | 'clip'): Promise<Buffer> {
    const known = drawn.get(file);
    if (known !== undefined) return known;
    const picture = draw(task, what);
    drawn.set(file, picture);
    const [oldest] = drawn.keys();
    if (drawn.size > keptPictures && oldest !== undefined) drawn.delete(oldest);
    return picture;
  }

  return {
    address(task, what) {
      const seconds = Math.floor(clock.now() / 1000);
      const suffix = what === 100 ? `.${toExtension(task)}` : `_${what}.webp`;
      const path = `/attachments/${task.messageId.slice(0, -1)}0/${task.messageId}/${toPictureName(task)}${suffix}`;
      const ex = Math.floor((clock.now() + lifeMs) / 1000).toString(16);
      return `${origin()}${path}${toQuery(path, ex, seconds.toString(16))}`;
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
      const form = /_(clip|\d+)\.webp$/.exec(file)?.[1] ?? '100';
      const body = await drawOnce(file, task, form === 'clip' ? form : Number(form));
      return {
        status: 200,
        headers: { 'content-type': form === '100' ? toContentType(task) : 'image/webp' },
        body,
      };
    },
  };
}

function toContentType(task: MjTask): string {
  return task.shown?.as === 'upload' ? task.shown.contentType : 'image/png';
}

function toExtension(task: MjTask): string {
  return toContentType(task).replace('image/', '').replace('jpeg', 'jpg');
}
