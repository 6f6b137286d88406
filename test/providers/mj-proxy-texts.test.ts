import { describe, expect, it } from 'vitest';
import type { MjTask } from '../../src/providers/mj-proxy/task.ts';
import { readPrompts, readWeighed } from '../../src/providers/mj-proxy/texts.ts';

/** As midjourney-proxy plus documents it (docs/api.md). */
const found =
  '## Important tokens\n**appdash** **appdash**, in the ~~style~~ of ~~expert~~ **draftsmanship**, ethereal\n' +
  '## Shortened prompts\n1️⃣ appdash appdash, draftsmanship, ethereal\n\n2️⃣ appdash appdash';
const weighed = '**appdash** **appdash**, in the ~~style~~ of ~~expert~~ **draftsmanship**, ethereal';

const task = (changes: Partial<MjTask>) =>
  ({ id: '1', action: 'SHORTEN', status: 'SUCCESS', ...changes }) as MjTask;

describe('the words of a prompt that matter, as the API says', () => {
  it.each<[string, Partial<MjTask>]>([
    ['midjourney-proxy plus', { properties: { finalPrompt: found }, description: '/shorten appdash' }],
    ['a gateway behind new-api', { promptEn: found, prompt: 'appdash' }],
    ['trueai-org', { description: found.replaceAll('\n', '\r\n'), prompt: 'appdash' }],
  ])('come from %s', (_what, changes) => {
    expect(readWeighed(task(changes))).toBe(weighed);
    expect(readPrompts(task(changes))).toEqual([
      'appdash appdash, draftsmanship, ethereal',
      'appdash appdash',
    ]);
  });

  it.each<[string, Partial<MjTask>]>([
    ['just the prompts', { properties: { finalPrompt: '1️⃣ a **red** fox\n\n2️⃣ fox' } }],
    ['a prompt without marks', { properties: { finalPrompt: '## Important tokens\na fox\n1️⃣ fox' } }],
    ['marks with nothing in between', { properties: { finalPrompt: '**** ~~ ** \n1️⃣ fox' } }],
    ['what a describe found', { action: 'DESCRIBE', properties: { finalPrompt: found } }],
    ['nothing', {}],
  ])("aren't made up from %s", (_what, changes) => {
    expect(readWeighed(task(changes))).toBeUndefined();
  });
});
