import { hasFlag, readFlag } from '../../prompt/flags.ts';

/** Versions that the `version` field takes (AceDataCloud/Docs, openapi/midjourney.json). */
const versions: ReadonlySet<string> = new Set(['5.2', '6', '6.1', '7', '8', '8.1', '8.2']);
const qualities: ReadonlySet<string> = new Set(['.25', '.5', '1', '2', '4']);

/** The version that a prompt asks for, as the API writes it; `undefined` for niji, and where it asks for none. */
export function versionOf(prompt: string): string | undefined {
  const version = readFlag(prompt, 'v', 'version')?.replace(/\.0$/, '');
  return version !== undefined && versions.has(version) ? version : undefined;
}

/**
 * What the prompt asks for, said a second time in fields: the flags choose what is made, the fields what is paid
 * for (openapi/midjourney.json; AceDataCloud/Nexior sends both). Fields of a prompt without such flags stay away.
 */
export function toPaidFields(prompt: string): Record<string, unknown> {
  const version = versionOf(prompt);
  const quality = readFlag(prompt, 'q', 'quality')?.replace(/^0\./, '.');
  const hasQuality = quality !== undefined && qualities.has(quality) && version !== '8.1';
  return {
    ...(version === undefined ? {} : { version }),
    ...(hasQuality ? { quality } : {}),
    ...(hasFlag(prompt, 'hd') ? { hd: true } : {}),
    ...(hasFlag(prompt, 'sref') ? { style_reference: true } : {}),
    // Pictures are paid for as a mood board from version 8 on.
    ...(version?.startsWith('8') && /^https?:\/\//.test(prompt) ? { moodboard: true } : {}),
  };
}
