import { describe, expect, it } from 'vitest';
import { renderError } from '../../../src/discord/render/error.ts';
import { toFindingSentence } from '../../../src/discord/render/findings.ts';
import { type Finding, UserError } from '../../../src/errors.ts';
import { english } from '../../../src/locales/index.ts';

const nasty = '`**[free](https://evil.example)** @everyone';
const draft = 'aaaaaaaaaaaaaaaa';

const finding = (code: Finding['code'], details: object) =>
  ({ code, details, isCertain: true }) as unknown as Finding;

/** Every finding with something that a person wrote, in the worst form. */
const foreign: readonly Finding[] = [
  finding('one-dash', { flag: nasty, meant: nasty }),
  finding('words-behind', { flag: nasty, text: nasty }),
  finding('flag-misspelled', { flag: nasty, meant: '--stylize' }),
  finding('flag-unknown', { flag: nasty }),
  finding('quoted', { flag: nasty, meant: nasty }),
  finding('repeated', { flag: nasty, meant: nasty }),
  finding('value-missing', { flag: nasty }),
  finding('version-unknown', { version: nasty, newest: '8.2' }),
  finding('version-gone', { version: nasty, newest: '8.2' }),
  finding('not-in-version', { flag: nasty, version: '8.2' }),
  finding('not-in-default', { flag: nasty, version: '8.2' }),
  finding('maybe-not-in-version', { flag: nasty, version: '8.2' }),
  finding('renamed', { flag: nasty, version: '7', meant: '--oref' }),
  finding('use-command', { flag: nasty, version: '8.2', command: '/edit' }),
  finding('no-weights', { flag: nasty, version: '8.2' }),
  finding('out-of-range', { flag: nasty, value: nasty, smallest: 0, largest: 100, nearest: '0' }),
  finding('not-a-choice', { flag: nasty, value: nasty, choices: ['1', '2'], nearest: '1' }),
  finding('not-a-choice', { flag: nasty, value: nasty, choices: ['1', '2'], nearest: undefined }),
  finding('not-a-number', { flag: nasty, value: nasty }),
  finding('not-a-ratio', { value: nasty, meant: '37:20' }),
  finding('not-a-ratio', { value: nasty, meant: undefined }),
  finding('too-wide', { value: nasty, version: '8.2', widest: '14:1' }),
  finding('too-wide-in-hd', { value: nasty, widest: '4:1' }),
  finding('not-a-style', { flag: nasty, value: nasty }),
  finding('not-a-profile', { flag: nasty, value: nasty }),
  finding('not-a-link', { flag: nasty, value: nasty }),
  finding('only-one-image', { flag: nasty, meant: nasty }),
  finding('style-version', { value: nasty, takes: ['4', '6'], nearest: '--sv 4' }),
  finding('needs-picture', { flag: nasty }),
  finding('needs-flag', { flag: nasty, needed: '--sref' }),
  finding('excluded', { flag: nasty, other: nasty }),
  finding('option-overridden', { flag: nasty, option: 'aspect' }),
  finding('only-in-videos', { flag: nasty }),
  finding('not-in-videos', { flag: nasty }),
  finding('only-in-zooms', { flag: nasty }),
  finding('not-at-provider', { flag: nasty }),
  finding('no-turbo', { version: '8.2' }),
];

describe('the sentence for a finding', () => {
  it.each(foreign)('$code quotes what somebody wrote', (one) => {
    const sentence = toFindingSentence(one, english);
    expect(sentence).not.toContain('undefined');
    const outside = sentence.split('`').filter((_, index) => index % 2 === 0);
    for (const part of outside) expect(part).not.toMatch(/evil|everyone/);
    expect(sentence.split('`').length % 2).toBe(1);
  });
});

describe('what was found in a prompt', () => {
  const render = (details: Partial<ConstructorParameters<typeof UserError<'prompt-doubtful'>>[1]> = {}) =>
    renderError(
      new UserError('prompt-doubtful', {
        findings: [finding('flag-unknown', { flag: '--foo' })],
        corrected: { prompt: 'a fox', speed: 'fast', price: 100 },
        left: 300,
        draft,
        ...details,
      }),
      english,
      'an id',
    );

  it('is one sentence, the price, and the corrected prompt', () => {
    const { content, embeds } = render();
    expect(content).toBe(
      "This bot doesn't know the parameter `--foo` or what it costs.\nThe corrected prompt will cost 100 points, and you have 300 left. Nothing has been charged yet.",
    );
    expect(embeds).toMatchObject([
      { title: 'Corrected prompt', description: '```\na fox\n```', footer: { text: 'Fast' } },
    ]);
  });

  it('says both prices if they differ', () => {
    expect(render({ writtenPrice: 400 }).content).toContain(
      'The corrected prompt will cost 100 points. Yours will cost 400 points. You have 300 left, and nothing has been charged yet.',
    );
  });

  it('shows the longest prompt whole, and nothing in it ends the block', () => {
    const prompt = '`'.repeat(3) + 'x'.repeat(3_997);
    const { embeds } = render({ corrected: { prompt, speed: 'turbo', price: 200 } });
    const description = embeds?.[0]?.description ?? '';
    expect(description).toContain('x'.repeat(3_997));
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(description.split('```')).toHaveLength(3);
  });

  it('fits into a message, however much it is', () => {
    const long = 'x'.repeat(500);
    const findings = Array.from({ length: 900 }, () => finding('words-behind', { flag: long, text: long }));
    const { content } = render({ findings });
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content).toContain('And 895 more things like that.');
  });
});
