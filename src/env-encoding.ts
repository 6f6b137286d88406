import { readFileSync } from 'node:fs';

/** The mark at the beginning of a file that PowerShell's `>` or an editor saved as UTF-16, which Node reads nothing from. */
const marks = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** Whether those are the bytes of a text in UTF-16. */
export function isUtf16(bytes: Buffer): boolean {
  return marks.some((mark) => bytes.subarray(0, 2).equals(mark));
}

/** The text of a file that was saved as UTF-16 or UTF-8, without the mark in front. */
export function decodeText(bytes: Buffer): string {
  if (!isUtf16(bytes)) return bytes.toString('utf8').replace(/^\ufeff/u, '');
  return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
}

/** Says why nothing in `.env` counts, if that's so: it's next to the program, and saved as UTF-16. */
export function explainUnreadEnvFile(): string | undefined {
  try {
    if (!isUtf16(readFileSync('.env'))) return undefined;
  } catch {
    return undefined;
  }
  return '.env: is saved as UTF-16, and only UTF-8 can be read: save it again as UTF-8';
}
