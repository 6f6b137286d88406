import { hasFlag, readFlag } from '../../prompt/flags.ts';
import { aceQualities, aceVersions } from '../../prompt/kinds.ts';

/** The version that a prompt asks for, as the API writes it; `undefined` for niji, or if it doesn't ask for one. */
export function versionOf(prompt: string): string | undefined {
  const version = readFlag(prompt, 'v', 'version')?.replace(/\.0$/, '');
  return version !== undefined && aceVersions.has(version) ? version : undefined;
}

/**
 * What the prompt asks for, repeated in fields: the flags choose what is made, the fields what is paid for
 * (openapi/midjourney.json; AceDataCloud/Nexior sends both). Without a flag there's no field.
 */
export function toPaidFields(prompt: string): Record<string, unknown> {
  const version = versionOf(prompt);
  const quality = readFlag(prompt, 'q', 'quality')?.replace(/^0\./, '.');
  const hasQuality = quality !== undefined && aceQualities.has(quality) && version !== '8.1';
  return {
    ...(version === undefined ? {} : { version }),
    ...(hasQuality ? { quality } : {}),
    ...(hasFlag(prompt, 'hd') ? { hd: true } : {}),
    ...(hasFlag(prompt, 'sref') ? { style_reference: true } : {}),
    // From version 8 on, pictures are billed as a mood board.
    ...(version?.startsWith('8') && hasPictures(prompt) ? { moodboard: true } : {}),
  };
}

function hasPictures(prompt: string): boolean {
  return /^https?:\/\//.test(prompt) || hasFlag(prompt, 'edit');
}
