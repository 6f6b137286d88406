import { writeJpegXmp } from './jpeg.ts';
import { writePngTexts } from './png.ts';
import { writeWebpXmp } from './webp.ts';
import { type PictureFacts, toXmp } from './xmp.ts';

/**
 * Returns a PNG, JPEG or WebP that says how it was made, in place of whatever texts it had; without any texts if there are no
 * facts. Its pixels aren't touched. A file of another kind, or one that can't be read, is returned as it is.
 */
export function describePicture(file: Buffer, type: string, facts: PictureFacts | undefined): Buffer {
  const xmp = facts === undefined ? undefined : toXmp(facts);
  switch (type) {
    case 'image/png':
      return writePngTexts(file, { xmp, description: facts?.prompt || undefined }) ?? file;
    case 'image/jpeg':
      return writeJpegXmp(file, xmp) ?? file;
    case 'image/webp':
      return writeWebpXmp(file, xmp) ?? file;
    default:
      return file;
  }
}
