/** Where XMP is kept, and what doesn't fit into one segment (XMP Specification Part 3, 1.1.3). */
const xmpName = 'http://ns.adobe.com/xap/1.0/\0';
const extendedName = 'http://ns.adobe.com/xmp/extension/\0';
const startOfImage = 0xd8;
const startOfScan = 0xda;
/** Markers without a segment, which have no place before the picture's data. */
const firstBare = 0xd0;
const lastBare = 0xd9;
const app0 = 0xe0;
const app1 = 0xe1;
const comment = 0xfe;
/** Content credentials, whose signature covers the whole file (C2PA Specification, "Embedding manifests into JPEG"). */
const app11 = 0xeb;
/** A segment's length counts its own two bytes. */
const longestSegment = 0xffff - 2;

/**
 * Puts XMP into a JPEG, in place of any that it has, and drops its comments; every other segment and the picture itself stay as
 * they are. Returns `undefined` for a file that is signed, or whose segments can't be read, or XMP that is too long for one.
 */
export function writeJpegXmp(file: Buffer, xmp?: Buffer): Buffer | undefined {
  const segments = readSegments(file);
  if (segments === undefined || segments.list.some((segment) => segment[1] === app11)) return undefined;
  const own = xmp === undefined ? [] : [toXmpSegment(xmp)];
  if (own.some((segment) => segment === undefined)) return undefined;
  const kept = segments.list.filter((segment) => !isText(segment));
  // JFIF and Exif both want to be first; readers expect them in that order.
  const after = kept.findIndex((segment) => !isOpening(segment));
  const place = after === -1 ? kept.length : after;
  return Buffer.concat([
    file.subarray(0, 2),
    ...kept.slice(0, place),
    ...(own as Buffer[]),
    ...kept.slice(place),
    file.subarray(segments.end),
  ]);
}

/** The segments before the picture's own data, and where those end. */
function readSegments(file: Buffer): { list: Buffer[]; end: number } | undefined {
  if (file[0] !== 0xff || file[1] !== startOfImage) return undefined;
  const list: Buffer[] = [];
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1];
    if (marker === startOfScan) return { list, end: at };
    if (marker === undefined || (marker >= firstBare && marker <= lastBare)) return undefined;
    if (marker === 0xff) {
      at += 1; // any marker may have more of these in front
      continue;
    }
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end > file.length || end < at + 4) return undefined;
    list.push(file.subarray(at, end));
    at = end;
  }
  return undefined;
}

function isText(segment: Buffer): boolean {
  const name = segment.toString('latin1', 4, 4 + extendedName.length);
  return (
    segment[1] === comment ||
    (segment[1] === app1 && (name.startsWith(xmpName) || name.startsWith(extendedName)))
  );
}

function isOpening(segment: Buffer): boolean {
  return segment[1] === app0 || (segment[1] === app1 && segment.toString('latin1', 4, 8) === 'Exif');
}

function toXmpSegment(xmp: Buffer): Buffer | undefined {
  const data = Buffer.concat([Buffer.from(xmpName, 'latin1'), xmp]);
  if (data.length > longestSegment) return undefined;
  const head = Buffer.from([0xff, app1, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}
