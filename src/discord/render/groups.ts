import type { Action } from '../../task.ts';

/** Kinds of buttons that people see as one, in the order of Midjourney's own bot. Each has a row of its own if there's room. */
export const buttonGroups = [
  'pick',
  'variation',
  'enlarge',
  'vary',
  'zoom',
  'pan',
  'animate',
  'extend',
  'texts',
  'other',
] as const;
export type ButtonGroup = (typeof buttonGroups)[number];

/** What a grid has, as people know it from that bot: U1–U4 and 🔄 over V1–V4, with nothing else next to them. */
export const gridGroups: readonly ButtonGroup[] = ['pick', 'variation'];

/** The groups of actions whose names don't say it. */
const named: Readonly<Partial<Record<Action, ButtonGroup>>> = {
  upscale: 'pick',
  // Midjourney puts it behind U1–U4.
  reroll: 'pick',
  'reroll-video': 'pick',
  variation: 'variation',
  'custom-zoom': 'zoom',
  square: 'zoom',
  redescribe: 'texts',
  'imagine-all': 'texts',
};

const families: readonly (readonly [prefix: string, group: ButtonGroup])[] = [
  ['vary-', 'vary'],
  ['zoom', 'zoom'],
  ['pan-', 'pan'],
  ['animate-', 'animate'],
  ['extend-', 'extend'],
  ['other', 'other'],
];

/** Returns the group of an action; everything else makes a picture larger or finer. */
export function groupOf(action: Action): ButtonGroup {
  return named[action] ?? families.find(([prefix]) => action.startsWith(prefix))?.[1] ?? 'enlarge';
}
