import type { Problem } from './problem.ts';
import { refusedBecause } from './problem.ts';

export const ATTACHMENT = 'attachment://';

/** What follows `attachment://`, if that is what the address is. */
export function toFileName(address: string): string | undefined {
  return address.startsWith(ATTACHMENT) ? address.slice(ATTACHMENT.length) : undefined;
}

/** Links go to the web; pictures may also be files of the same message (Discord docs, reference, "Uploading Files"). */
export function findAddressProblems(
  path: readonly (string | number)[],
  address: string | null | undefined,
  schemes: readonly string[],
): Problem[] {
  if (address === null || address === undefined) return [];
  const scheme = /^([a-z][a-z\d+.-]*):\/\/[^/]/i.exec(address)?.[1]?.toLowerCase();
  if (scheme !== undefined && schemes.includes(scheme) && URL.canParse(address)) return [];
  const message = `Not a well formed URL with scheme ${schemes.join(' or ')}`;
  return [refusedBecause(path, 'URL_TYPE_INVALID_SCHEME', message)];
}

export const WEB = ['http', 'https'];
export const WEB_OR_FILE = [...WEB, 'attachment'];
