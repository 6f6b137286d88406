export interface Size {
  width: number;
  height: number;
}

/** The size of a PNG, GIF or JPEG according to its first bytes; square if they don't tell. */
export function readSize(picture: Buffer): Size {
  const isPng = picture.length >= 24 && picture.toString('latin1', 1, 4) === 'PNG';
  if (isPng) return { width: picture.readUInt32BE(16), height: picture.readUInt32BE(20) };
  const isGif = picture.length >= 10 && picture.toString('latin1', 0, 3) === 'GIF';
  if (isGif) return { width: picture.readUInt16LE(6), height: picture.readUInt16LE(8) };
  return readJpegSize(picture) ?? { width: 1, height: 1 };
}

/** The first frame header: a marker from C0 to CF that is neither a table nor an extension (ITU T.81, B.1). */
function readJpegSize(picture: Buffer): Size | undefined {
  if (picture.length < 4 || picture.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= picture.length; at += 2 + picture.readUInt16BE(at + 2)) {
    const marker = picture[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: picture.readUInt16BE(at + 7), height: picture.readUInt16BE(at + 5) };
  }
  return undefined;
}
