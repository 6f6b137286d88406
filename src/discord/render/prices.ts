import type { APIEmbedField } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import type { PriceSheet } from '../../service/price-view.ts';
import type { Action } from '../../task.ts';
import { fieldLimit, takeFitting } from './embed.ts';

/** Actions that have one name if they cost the same. */
const families = {
  upscale: ['upscale'],
  variation: ['variation'],
  vary: ['vary-subtle', 'vary-strong', 'vary-region'],
  enlarge: [
    ...(['upscale-2x', 'upscale-4x', 'upscale-subtle', 'upscale-creative', 'enlarge'] as const),
    ...(['redo-upscale-2x', 'redo-upscale-4x', 'redo-upscale-subtle', 'redo-upscale-creative'] as const),
  ],
  zoom: ['zoom', 'zoom-2x', 'zoom-1.5x', 'custom-zoom'],
  pan: ['pan-left', 'pan-right', 'pan-up', 'pan-down'],
  animate: ['animate-high', 'animate-low'],
  'reroll-video': ['reroll-video'],
  extend: ['extend-high', 'extend-low'],
  other: ['other'],
  'other-video': ['other-video'],
} as const satisfies Readonly<Record<string, readonly Action[]>>;
type Family = keyof typeof families;

const mostSheets = 3;

/** What everything costs here, the cheapest first; a field for each list that is different. */
export function renderPrices(sheets: readonly PriceSheet[], words: Words): APIEmbedField[] {
  const { say, and } = words;
  return sheets.slice(0, mostSheets).map((sheet) => ({
    name:
      sheets.length === 1 ? say('prices.title') : say('prices.title.of', { accounts: and(sheet.accounts) }),
    value: takeFitting([...toPriceLines(sheet, words), ...toFactorLine(sheet, words)], fieldLimit),
  }));
}

function toPriceLines({ points }: PriceSheet, words: Words): string[] {
  const byPrice = Map.groupBy(points, ([, price]) => price);
  return [...byPrice]
    .toSorted(([one], [other]) => one - other)
    .map(([count, entries]) => {
      const actions = entries.map(([action]) => action);
      const names = new Set(actions.map((action) => nameOf(action, { actions, points }, words)));
      return words.say('prices.line', { count, what: [...names].join(', ') });
    });
}

/** The family's name if all of it costs the same, or else the action's own. */
function nameOf(
  action: Action,
  { actions, points }: { actions: readonly Action[]; points: PriceSheet['points'] },
  { say }: Words,
): string {
  const found = (Object.entries(families) as [Family, readonly Action[]][]).find(([, members]) =>
    members.includes(action),
  );
  if (found === undefined) return say(`action.${action}`);
  const [family, members] = found;
  const others = points.filter(([one]) => members.includes(one)).map(([one]) => one);
  return others.every((one) => actions.includes(one))
    ? say(`prices.family.${family}`)
    : say(`action.${action}`);
}

function toFactorLine({ percents }: PriceSheet, { say }: Words): string[] {
  const parts = percents.map(([factor, percent]) =>
    say(`prices.factor.${factor}`, { percent: percent / 100 }),
  );
  return parts.length === 0 ? [] : [parts.join(' · ')];
}
