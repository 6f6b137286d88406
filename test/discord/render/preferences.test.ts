import { embedLength } from '@discordjs/builders';
import { describe, expect, it } from 'vitest';
import { renderPreferences } from '../../../src/discord/render/preferences.ts';
import { english } from '../../../src/locales/index.ts';
import { longestCode, longestCodeName, longestText } from '../../../src/prompt/preferences.ts';
import { mostCodes, mostPresets } from '../../../src/service/preferences.ts';

/** As much as anybody can have, made of one character. */
function everything(character: string) {
  const fill = (length: number) => character.repeat(length);
  const presets = Array.from({ length: mostPresets }, (_, index) => [
    `preset-${index}`.padEnd(32, 'x'),
    fill(longestText),
  ]);
  const codes = Array.from({ length: mostCodes }, (_, index) => ({
    name: `${index}`.padEnd(longestCodeName, character),
    kind: index % 2 === 0 ? ('style' as const) : ('profile' as const),
    value: fill(longestCode),
  }));
  const settings = { version: '8.1', aspect: '999:1000', speed: 'turbo', stylize: 1_000, raw: true } as const;
  const others = { translate: true, notify: 'off', suffix: fill(longestText) } as const;
  return { ...settings, ...others, presets: Object.fromEntries(presets), codes };
}

describe('the preferences of somebody who has set all they can', () => {
  it.each(['x', '*', '_', '`', 'ש', '字'])(
    'fit into a message, each preset and code, all of %s',
    (character) => {
      const { embeds = [] } = renderPreferences({ own: everything(character) }, english);
      expect(embeds.reduce((sum, embed) => sum + embedLength(embed), 0)).toBeLessThanOrEqual(6_000);
      const rows = embeds.slice(1).map(({ description = '' }) => description.split('\n').length);
      expect(rows).toEqual([mostPresets, mostCodes]);
    },
  );
});
