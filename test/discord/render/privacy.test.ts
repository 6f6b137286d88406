import { expect, it } from 'vitest';
import { renderPrivacy } from '../../../src/discord/render/privacy.ts';
import { english } from '../../../src/locales/index.ts';

const keptOf = (promptDays: number, pictureDays: number) =>
  renderPrivacy({ promptDays, pictureDays }, english).embeds?.[0]?.fields?.[1]?.value.split('\n').slice(0, 2);

it.each([
  [365, 30, '365 days after a task ends', '30 days'],
  [1, 1, '1 day after a task ends', '1 day'],
  // Results are removed together with their prompts.
  [7, 30, '7 days after a task ends', '7 days'],
  [365, 0, '365 days after a task ends', 'not at all, except in Discord'],
])(
  'says how long prompts (%i days) and results (%i days) are kept',
  (promptDays, pictureDays, prompts, results) => {
    expect(keptOf(promptDays, pictureDays)).toEqual([
      `• Prompts, and links to images: ${prompts}`,
      `• The results themselves: ${results}`,
    ]);
  },
);
