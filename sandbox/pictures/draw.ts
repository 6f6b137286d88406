import sharp from 'sharp';
import { createBrush } from './brush.ts';
import { drawCaption } from './caption.ts';
import { writeFilm } from './film.ts';
import { createRandom, toSeed } from './random.ts';
import { scenes } from './scenes.ts';
import { readSize } from './size.ts';
import { approach, createBox, type Photo, toAspect, type View } from './view.ts';

export interface Drawing {
  /** Pixels; the width follows from the view's aspect. */
  height: number;
  /** Written in small letters at the bottom. */
  caption?: string;
}

/** 2 × 2 as one PNG, without a seam, like Midjourney's. */
export async function drawGrid(views: readonly View[], { height, caption = '' }: Drawing): Promise<Buffer> {
  const width = toWidth(views, height);
  const [half, middle] = [Math.floor(width / 2), Math.floor(height / 2)];
  const frames = [
    { x: 0, y: 0, width: half, height: middle },
    { x: half, y: 0, width: width - half, height: middle },
    { x: 0, y: middle, width: half, height: height - middle },
    { x: half, y: middle, width: width - half, height: height - middle },
  ];
  const tiles = await Promise.all(
    frames.map((frame, index) => {
      const view = views[index];
      return view === undefined ? '' : drawView(view, { frame, prefix: `t${index}` });
    }),
  );
  return toPng({ width, height, content: tiles.join('') + drawCaption({ text: caption, width, height }) });
}

/** A single picture: what U returns, and Upscale at twice the height. */
export async function drawSingle(view: View, { height, caption = '' }: Drawing): Promise<Buffer> {
  const width = toWidth([view], height);
  const content = await drawView(view, { frame: { x: 0, y: 0, width, height }, prefix: 't' });
  return toPng({ width, height, content: content + drawCaption({ text: caption, width, height }) });
}

/** The picture while it is being made: blurred, less and less; WebP, like Midjourney's previews. */
export async function drawPreview(
  views: readonly View[],
  { height, percent }: { height: number; percent: number },
): Promise<Buffer> {
  const [only] = views;
  const picture =
    views.length === 1 && only !== undefined ? drawSingle(only, { height }) : drawGrid(views, { height });
  const blur = Math.max(0.4, ((100 - percent) / 100) * height * 0.05);
  return sharp(await picture)
    .blur(blur)
    .webp({ quality: 60, effort: 2 })
    .toBuffer();
}

/** How many frames each part of a film has, and the parts at most: five seconds, then four more each time. */
export const filmFrames = 12;
export const longestFilmFrames = 5 * filmFrames;
const [firstMs, moreMs] = [5_000, 4_000];

const clipFrames = 16;
const clipFrameMs = 90;

/** The camera moves slowly into the picture: an animated WebP, as Midjourney's Animate buttons return. */
export async function drawClip(views: readonly View[], { height }: { height: number }): Promise<Buffer> {
  const frames = views
    .slice(0, 1)
    .flatMap((view) =>
      Array.from({ length: clipFrames }, (_, frame) =>
        drawSingle(approach(view, frame / clipFrames), { height }),
      ),
    );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .webp({ quality: 70, effort: 2, delay: frames.map(() => clipFrameMs), loop: 0 })
    .toBuffer();
}

/** What `/submit/video` returns: its four clips differ in the path of the camera. */
export interface Filming {
  height: number;
  /** 0 to 3. */
  tile: number;
  frames: number;
  /** What the second half of it shows. */
  end?: View | undefined;
  /** Back to where it began. */
  isLoop: boolean;
}

/** A real MP4, as long as Midjourney's, with few frames. */
export async function drawFilm(view: View, filming: Filming): Promise<Buffer> {
  const frames = Array.from({ length: filming.frames }, (_, frame) => {
    const share = frame / filming.frames;
    const way = filming.isLoop ? 1 - Math.abs(1 - 2 * share) : share;
    const shown = filming.end !== undefined && share >= 0.5 ? filming.end : view;
    return drawSingle(move(shown, filming.tile, way), { height: filming.height });
  });
  const wholeMs = firstMs + (frames.length / filmFrames - 1) * moreMs;
  return writeFilm({ frames: await Promise.all(frames), frameMs: Math.round(wholeMs / frames.length) });
}

/** Nearer, away, to the right, to the left. */
function move(view: View, tile: number, share: number): View {
  if (tile === 0) return approach(view, share);
  if (tile === 1) return approach(view, 1 - share);
  const { box } = approach(view, 0.5);
  const room = (view.box.width - box.width) * (tile === 2 ? share : 1 - share);
  return { ...view, box: { ...box, x: view.box.x + room } };
}

interface Place {
  frame: { x: number; y: number; width: number; height: number };
  prefix: string;
}

async function drawView(view: View, { frame, prefix }: Place): Promise<string> {
  const { box } = view;
  const viewBox = `${box.x} ${box.y} ${box.width} ${box.height}`;
  const scene = pickScene(view).draw(createBrush(view, prefix));
  const photo = view.photo === undefined ? '' : await drawPhoto(view.photo);
  const repainted = view.repainted === undefined ? '' : await drawRepainted(view, view.repainted, prefix);
  return (
    `<svg x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" viewBox="${viewBox}" preserveAspectRatio="none">` +
    `${scene}${photo}${repainted}</svg>`
  );
}

const longestPhotoSide = 768;

async function drawPhoto({ picture, opacity }: Photo): Promise<string> {
  const size = readSize(picture);
  const { x, y, width, height } = createBox(size.width / size.height);
  const jpeg = await sharp(picture)
    .resize(longestPhotoSide, longestPhotoSide, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#808080' })
    .jpeg({ quality: 88 })
    .toBuffer()
    // No matter what was sent as a picture, one comes out, as it does upstream.
    .catch(() => undefined);
  if (jpeg === undefined) return '';
  const href = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
  return `<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" opacity="${opacity}" href="${href}"/>`;
}

/** White in the mask lets the other view through, like the luminance of an SVG mask. */
async function drawRepainted(
  view: View,
  { mask, by }: NonNullable<View['repainted']>,
  prefix: string,
): Promise<string> {
  const area = `x="${view.box.x}" y="${view.box.y}" width="${view.box.width}" height="${view.box.height}"`;
  const picture = await sharp(mask)
    .resize(256, 256, { fit: 'fill' })
    .flatten({ background: 'black' })
    .png()
    .toBuffer()
    // No matter what was sent as a mask, a picture comes out, as it does upstream.
    .catch(() => undefined);
  if (picture === undefined) return '';
  const href = `data:image/png;base64,${picture.toString('base64')}`;
  return (
    `<mask id="${prefix}mask" maskUnits="userSpaceOnUse" ${area}><image ${area} preserveAspectRatio="none" href="${href}"/></mask>` +
    `<g mask="url(#${prefix}mask)">${pickScene(by).draw(createBrush(by, `${prefix}by`))}</g>`
  );
}

/** Four tiles, four kinds of scene; what the prompt names comes first. */
function pickScene(view: View) {
  const random = createRandom(toSeed(view.seed, 'scenes'));
  const ranked = scenes
    .map((scene) => ({ scene, rank: random() - (scene.words.test(view.prompt) ? 1 : 0) }))
    .sort((one, other) => one.rank - other.rank);
  return (ranked[view.tile] ?? { scene: scenes[0] }).scene;
}

function toWidth(views: readonly View[], height: number): number {
  const [first] = views;
  return Math.max(2, Math.round(height * (first === undefined ? 1 : toAspect(first))));
}

function toPng({
  width,
  height,
  content,
}: {
  width: number;
  height: number;
  content: string;
}): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
  return sharp(Buffer.from(svg), { limitInputPixels: false, unlimited: true })
    .png({ compressionLevel: 3 })
    .toBuffer();
}
