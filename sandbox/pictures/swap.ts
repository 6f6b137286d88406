import sharp from 'sharp';
import { readSize } from './size.ts';

/** The middle of the face's picture, as a circle on the upper half of the target: obviously fake, and easy to see. */
export async function drawSwap({
  face,
  target,
  height,
}: {
  face: Buffer;
  target: Buffer;
  height: number;
}): Promise<Buffer> {
  const size = readSize(target);
  const width = Math.max(8, Math.round((height * size.width) / size.height));
  const side = Math.max(4, Math.round(Math.min(width, height) / 2));
  const circle = `<svg width="${side}" height="${side}"><circle cx="50%" cy="50%" r="50%" fill="#fff"/></svg>`;
  const round = await sharp(face)
    .resize(side, side, { fit: 'cover' })
    .ensureAlpha()
    .composite([{ input: Buffer.from(circle), blend: 'dest-in' }])
    .png()
    .toBuffer();
  return sharp(target)
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: round, left: Math.round((width - side) / 2), top: Math.round(height / 8) }])
    .png({ compressionLevel: 3 })
    .toBuffer();
}
