import sharp from 'sharp';

/** Pictures of one size, as PNG, shown for `frameMs` each. */
export interface Film {
  frames: readonly Buffer[];
  frameMs: number;
}

/**
 * An MP4 that browsers and Discord play: every frame is an AV1 key frame, taken from an AVIF, which is the same
 * thing in another box (AV1 Codec ISO Media File Format Binding; ISO/IEC 14496-12).
 */
export async function writeFilm({ frames, frameMs }: Film): Promise<Buffer> {
  const stills = await Promise.all(frames.map(readStill));
  const [first] = stills;
  if (first === undefined) throw new Error('A film needs a frame');
  const samples = stills.map(({ sample }) => sample);
  const file = box('ftyp', text('isom'), uint32(0x200), text('isomiso2av01mp41'));
  const toMovie = (dataAt: number) => createMovie({ ...first, samples, frameMs, dataAt });
  const dataAt = file.length + toMovie(0).length + 8;
  return Buffer.concat([file, toMovie(dataAt), box('mdat', ...samples)]);
}

interface Still {
  width: number;
  height: number;
  /** `av1C`, whole. */
  configuration: Buffer;
  /** One temporal unit. */
  sample: Buffer;
}

/** 4:2:0 and eight bits, the only profile that every player has; so sizes are even. */
async function readStill(frame: Buffer): Promise<Still> {
  const { width = 2, height = 2 } = await sharp(frame).metadata();
  const size = { width: toEven(width), height: toEven(height) };
  const avif = await sharp(frame)
    .resize(size.width, size.height, { fit: 'fill' })
    .removeAlpha()
    .avif({ quality: 55, effort: 0, chromaSubsampling: '4:2:0' })
    .toBuffer();
  const configuration = findBox(avif, ['meta', 'iprp', 'ipco', 'av1C']);
  return { ...size, configuration, sample: findBox(avif, ['mdat']).subarray(8) };
}

function toEven(pixels: number): number {
  return Math.max(16, pixels - (pixels % 2));
}

/** The first box of that path, with its header. */
function findBox(file: Buffer, [name, ...rest]: readonly string[]): Buffer {
  for (let at = 0; at + 8 <= file.length; at += Math.max(8, file.readUInt32BE(at))) {
    if (file.toString('latin1', at + 4, at + 8) !== name) continue;
    const found = file.subarray(at, at + file.readUInt32BE(at));
    // `meta` has four bytes of version and flags before its children.
    return rest.length === 0 ? found : findBox(found.subarray(name === 'meta' ? 12 : 8), rest);
  }
  throw new Error(`There is no box ${name}`);
}

interface Movie extends Still {
  samples: readonly Buffer[];
  frameMs: number;
  /** Where the first sample starts in the file. */
  dataAt: number;
}

function createMovie(movie: Movie): Buffer {
  const durationMs = movie.samples.length * movie.frameMs;
  const mvhd = fullBox(
    'mvhd',
    ...[0, 0, 1_000, durationMs, 0x00010000].map(uint32),
    uint16(0x0100),
    Buffer.alloc(10),
    matrix,
    Buffer.alloc(24),
    uint32(2),
  );
  return box('moov', mvhd, createTrack(movie, durationMs));
}

function createTrack(movie: Movie, durationMs: number): Buffer {
  const tkhd = fullBoxWith(
    3, // enabled, and in the movie
    'tkhd',
    ...[0, 0, 1, 0, durationMs].map(uint32),
    Buffer.alloc(16),
    matrix,
    ...[movie.width * 0x10000, movie.height * 0x10000].map(uint32),
  );
  const mdhd = fullBox('mdhd', ...[0, 0, 1_000, durationMs].map(uint32), uint16(0x55c4), uint16(0));
  const hdlr = fullBox('hdlr', uint32(0), text('vide'), Buffer.alloc(12), text('film\0'));
  const dinf = box('dinf', fullBox('dref', uint32(1), fullBoxWith(1, 'url ')));
  const minf = box('minf', fullBoxWith(1, 'vmhd', Buffer.alloc(8)), dinf, createSampleTable(movie));
  return box('trak', tkhd, box('mdia', mdhd, hdlr, minf));
}

/** All samples are in one chunk; each is a key frame, so there's no table of key frames. */
function createSampleTable({ samples, frameMs, dataAt, ...still }: Movie): Buffer {
  const sizes = samples.map(({ length }) => length);
  return box(
    'stbl',
    fullBox('stsd', uint32(1), createSampleEntry(still)),
    fullBox('stts', ...[1, samples.length, frameMs].map(uint32)),
    fullBox('stsc', ...[1, 1, samples.length, 1].map(uint32)),
    fullBox('stsz', ...[0, samples.length, ...sizes].map(uint32)),
    fullBox('stco', ...[1, dataAt].map(uint32)),
  );
}

function createSampleEntry({ width, height, configuration }: Still): Buffer {
  return box(
    'av01',
    Buffer.alloc(6),
    uint16(1),
    Buffer.alloc(16),
    uint16(width),
    uint16(height),
    ...[0x00480000, 0x00480000, 0].map(uint32), // 72 dots per inch
    uint16(1),
    Buffer.alloc(32),
    uint16(24),
    uint16(0xffff),
    configuration,
  );
}

/** Neither turned nor stretched. */
const matrix = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(uint32));

function box(name: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length + 8), text(name), body]);
}

function fullBox(name: string, ...parts: readonly Buffer[]): Buffer {
  return fullBoxWith(0, name, ...parts);
}

function fullBoxWith(flags: number, name: string, ...parts: readonly Buffer[]): Buffer {
  return box(name, uint32(flags), ...parts);
}

function text(characters: string): Buffer {
  return Buffer.from(characters, 'latin1');
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
