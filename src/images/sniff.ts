/** What can be done with a file. */
export type FileUse =
  /** The decoder reads it, and Discord shows it, or a converted copy. */
  | 'picture'
  | 'video'
  /** A picture or video that can only be passed on as a file. */
  | 'attachment'
  /** Neither a picture nor a video. */
  | 'none';

/** What a file is, according to its bytes. */
export interface FileKind {
  /** What people call it. */
  readonly name: string;
  readonly type: string;
  /** Without a dot. */
  readonly extension: string;
  readonly use: FileUse;
}

/** A file that was recognized by its bytes. */
export interface KnownFile {
  readonly kind: FileKind;
  /** Without blanks in front. */
  readonly bytes: Buffer;
}

function kind(use: FileUse, name: string, type: string, extension = name.toLowerCase()): FileKind {
  return { use, name, type, extension };
}

const png = kind('picture', 'PNG', 'image/png');
const jpeg = kind('picture', 'JPEG', 'image/jpeg', 'jpg');
const webp = kind('picture', 'WebP', 'image/webp');
const gif = kind('picture', 'GIF', 'image/gif');
const avif = kind('picture', 'AVIF', 'image/avif');
/** sharp's libheif only reads AV1 stills: no HEVC, and no sequences. */
const animatedAvif = kind('attachment', 'animated AVIF', 'image/avif', 'avif');
const heic = kind('attachment', 'HEIC', 'image/heic');
const mp4 = kind('video', 'MP4', 'video/mp4');
const quicktime = kind('video', 'QuickTime', 'video/quicktime', 'mov');
const webm = kind('video', 'WebM', 'video/webm');
const svg = kind('none', 'SVG', 'image/svg+xml');
const html = kind('none', 'HTML', 'text/html');

/** A kind, and what its files have at which offsets, as latin1. */
type Sign = readonly [kind: FileKind, ...parts: (readonly [at: number, text: string])[]];

const jpegXl = kind('attachment', 'JPEG XL', 'image/jxl', 'jxl');
const tiff = kind('attachment', 'TIFF', 'image/tiff');

const signs: readonly Sign[] = [
  [png, [0, '\x89PNG\r\n\x1a\n']],
  [jpeg, [0, '\xff\xd8\xff']],
  [gif, [0, 'GIF87a']],
  [gif, [0, 'GIF89a']],
  [webp, [0, 'RIFF'], [8, 'WEBP']],
  [kind('attachment', 'AVI', 'video/x-msvideo'), [0, 'RIFF'], [8, 'AVI ']],
  [kind('none', 'WAV', 'audio/wav'), [0, 'RIFF'], [8, 'WAVE']],
  [jpegXl, [0, '\xff\x0a']],
  [jpegXl, [0, '\0\0\0\x0cJXL \r\n\x87\n']],
  [kind('attachment', 'JPEG 2000', 'image/jp2', 'jp2'), [0, '\0\0\0\x0cjP  \r\n\x87\n']],
  [tiff, [0, 'II*\0']],
  [tiff, [0, 'MM\0*']],
  [kind('attachment', 'BMP', 'image/bmp'), [0, 'BM'], [6, '\0\0\0\0']],
  [kind('attachment', 'ICO', 'image/x-icon'), [0, '\0\0\x01\0']],
  [kind('attachment', 'PSD', 'image/vnd.adobe.photoshop'), [0, '8BPS\0\x01']],
  [kind('none', 'PDF', 'application/pdf'), [0, '%PDF-']],
  [kind('none', 'ZIP', 'application/zip'), [0, 'PK\x03\x04']],
  // Old QuickTime files have no `ftyp`.
  [quicktime, [4, 'moov']],
  [quicktime, [4, 'wide']],
  [quicktime, [4, 'mdat']],
];

/**
 * Brands of ISO media files (mp4ra.org, Nokia's HEIF, AOM's AVIF). The first match here decides, since an AVIF or an audio
 * file also has the brands of the formats that it's built on.
 */
const brands: readonly (readonly [RegExp, FileKind])[] = [
  [/^avis$/, animatedAvif],
  [/^avif$/, avif],
  [/^(hei[cxms]|hev[cxms]|mif[12]|msf1|avci|avcs)$/, heic],
  [/^crx $/, kind('attachment', 'CR3', 'image/x-canon-cr3')],
  [/^M4[ABP] $/, kind('none', 'M4A', 'audio/mp4')],
  [/^qt {2}$/, quicktime],
  [/^(isom|iso[2-9]|mp4[12]|mp71|avc1|av01|M4V[ HP]?|MSNV|dash|3g[2p].|mmp4|cmf.|f4v |XAVC)$/, mp4],
];

/** Blanks and byte order marks that a server's script printed before the file; with anything else in front, it isn't this file. */
const blanks = /^(?:\xef\xbb\xbf|[ \t\r\n]){1,64}/;

/** Recognizes a file by its first bytes; headers and names don't count. Returns `undefined` if it's unknown. */
export function identify(bytes: Buffer): KnownFile | undefined {
  const front = blanks.exec(bytes.toString('latin1', 0, 64))?.[0].length ?? 0;
  for (const start of front === 0 ? [0] : [0, front]) {
    const rest = bytes.subarray(start);
    const found = findKind(rest);
    if (found !== undefined) return { kind: found, bytes: rest };
  }
  return undefined;
}

function findKind(bytes: Buffer): FileKind | undefined {
  const text = (start: number, end: number) => bytes.toString('latin1', start, end);
  if (text(4, 8) === 'ftyp') return findBrand(bytes);
  // A Matroska file says its kind in its first element (RFC 8794, DocType).
  if (text(0, 4) === '\x1aE\xdf\xa3')
    return text(0, 64).includes('webm') ? webm : kind('attachment', 'Matroska', 'video/x-matroska', 'mkv');
  if (text(0, 1) === '<') return /<svg[\s/>]/i.test(text(0, 1_024)) ? svg : html;
  const fits = ([at, sign]: readonly [number, string]) => text(at, at + sign.length) === sign;
  return signs.find(([, ...parts]) => parts.every(fits))?.[0];
}

/** The major brand and the compatible ones are in the first box. */
function findBrand(bytes: Buffer): FileKind | undefined {
  const end = Math.min(bytes.length, bytes.readUInt32BE(0), 256);
  const found: string[] = [bytes.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) found.push(bytes.toString('latin1', at, at + 4));
  return brands.find(([pattern]) => found.some((brand) => pattern.test(brand)))?.[1];
}

/** Two names for the same type (Apple's and the registry's). */
const heicTypes = /^image\/hei[cf](-sequence)?$/;

/** The kind that a MIME type stands for; `undefined` if it's unknown here. */
export function findByType(type: string): FileKind | undefined {
  const known = [avif, svg, html, ...signs.map(([one]) => one), ...brands.map(([, one]) => one)];
  const asked = type.replace(heicTypes, heic.type);
  return known.find((one) => one.type === asked);
}

/** Whether a file may be a result of a provider. */
export function isMedia(bytes: Buffer): boolean {
  const use = identify(bytes)?.kind.use;
  return use !== undefined && use !== 'none';
}

/** What ends a file, and within how many bytes from its end, since stray bytes may follow. */
const ends: Readonly<Record<string, readonly [sign: string, within: number]>> = {
  png: ['IEND', 1_024],
  jpg: ['\xff\xd9', 1_024],
  gif: [';', 64],
};

/**
 * Whether a file reaches the end that it declares; also true for kinds that don't declare one. Some cameras never write an
 * end, so a file that isn't whole may still be fine.
 */
export function isWhole(bytes: Buffer): boolean {
  const known = identify(bytes);
  if (known === undefined) return false;
  const { kind: found, bytes: rest } = known;
  if (rest.toString('latin1', 0, 4) === 'RIFF')
    return rest.length >= 12 && rest.length >= 8 + rest.readUInt32LE(4);
  if (/^(ftyp|moov|wide|mdat)$/.test(rest.toString('latin1', 4, 8))) return hasAllBoxes(rest);
  const [sign, within] = ends[found.extension] ?? ['', 0];
  return rest.toString('latin1', Math.max(0, rest.length - within)).includes(sign);
}

/** Boxes of an ISO media file follow each other; size 0 means up to the end, and size 1 that the size has 64 bits. */
function hasAllBoxes(bytes: Buffer): boolean {
  let at = 0;
  while (at + 16 <= bytes.length) {
    const size = bytes.readUInt32BE(at);
    const length = size === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : size;
    if (length < 8) return true;
    at += length;
  }
  return at <= bytes.length;
}
