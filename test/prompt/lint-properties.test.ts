import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { composePrompt } from '../../src/prompt/compose.ts';
import { isSendable, type LintContext, lint } from '../../src/prompt/lint.ts';
import { knownFlags } from '../../src/prompt/parameters.ts';

const numRuns = Number(process.env['SCAN_RUNS'] ?? 1_000);

const words = fc.constantFrom(
  'fox',
  'in',
  'snow,',
  '“red”',
  '狐狸',
  '-',
  '—',
  '1980',
  'hot::',
  'dog::2',
  'std::-1',
  'https://e.org/a.png',
  'r2d2',
  "it's",
  '-ar',
  '7',
);
const names = fc.constantFrom(
  ...'ar aspect v version niji s stylize c chaos w weird q quality seed no raw style tile iw sref sw sv cref cw oref ow'.split(
    ' ',
  ),
  ...'exp stop p profile draft sd hd zoom motion loop end stealth preview test sameseed stlize chaso foo ratio negative'.split(
    ' ',
  ),
);
const values = fc.constantFrom(
  '',
  '',
  '1',
  '2',
  '7',
  '8.2',
  '9',
  '5.1',
  '.5',
  '4',
  '100',
  '5000',
  '-3',
  '16:9',
  '1.85:1',
  '20:1',
  '0:1',
  'raw',
  'cute',
  'random',
  '1234',
  '“1234”',
  '12, 34',
  '1,000',
  'https://e.org/b.png',
  'a, b',
  'wide',
  '1234::2',
  'x'.repeat(200),
  'high',
);
const flag = fc
  .tuple(fc.constantFrom('--', '--', '--', '-', '—'), names, values)
  .map(([dash, name, value]) => `${dash}${name} ${value}`.trim());
const prompts = fc.array(fc.oneof(words, flag), { maxLength: 14 }).map((parts) => `a ${parts.join(' ')}`);
const contexts: fc.Arbitrary<LintContext> = fc.record({
  action: fc.constantFrom('imagine', 'imagine', 'imagine', 'edit', 'video', 'custom-zoom'),
  speed: fc.constantFrom('fast', 'relax', 'turbo'),
  pictures: fc.constantFrom(0, 1),
  kind: fc.constantFrom(undefined, '4allapi', 'mjproxy', 'acedata', 'apixo', 'aigc2d'),
});

/** The prompt as a command makes it; `undefined` if it's refused. */
function compose(text: string): string | undefined {
  try {
    return composePrompt(text, {}, 1);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The words that are no parameters, read by other means: everything before the first two dashes. */
function plainWords(prompt: string): string[] {
  return (prompt.split(/(?:^|\s)--?[a-z]/iu)[0] ?? '').split(' ').filter(Boolean);
}

describe('a corrected prompt', () => {
  it('has no finding, and is corrected to itself', () => {
    fc.assert(
      fc.property(prompts, contexts, (text, context) => {
        const prompt = compose(text);
        if (prompt === undefined) return;
        const once = lint(prompt, context);
        const twice = lint(once.prompt, { ...context, speed: once.speed });
        expect(twice.findings).toEqual([]);
        expect(twice.prompt).toBe(once.prompt);
      }),
      { numRuns },
    );
  });

  it('is the one that was written if nothing was found', () => {
    fc.assert(
      fc.property(prompts, contexts, (text, context) => {
        const prompt = compose(text);
        if (prompt === undefined) return;
        const { findings, prompt: corrected, speed } = lint(prompt, context);
        if (findings.length === 0) expect([corrected, speed]).toEqual([prompt, context.speed]);
      }),
      { numRuns },
    );
  });

  it('is spelled the way it would be if somebody typed it', () => {
    fc.assert(
      fc.property(prompts, contexts, (text, context) => {
        const prompt = compose(text);
        if (prompt === undefined) return;
        const { prompt: corrected } = lint(prompt, context);
        expect(compose(corrected)).toBe(corrected);
      }),
      { numRuns },
    );
  });

  it('has the words that were typed, in their order', () => {
    const plain = fc.constantFrom(
      'fox',
      'in',
      'snow,',
      '“red”',
      '狐狸',
      '—',
      '1980',
      'https://e.org/a.png',
      'r2d2',
    );
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1 }), fc.array(flag), contexts, (typed, flags, context) => {
        const prompt = compose([...typed, ...flags].join(' '));
        if (prompt === undefined) return;
        const { prompt: corrected } = lint(prompt, context);
        // Addresses behind a parameter go to the front, where Midjourney looks for them.
        const kept = plainWords(corrected).filter((word) => word !== 'https://e.org/b.png');
        expect(kept.slice(0, typed.length)).toEqual(plainWords(prompt).slice(0, typed.length));
      }),
      { numRuns },
    );
  });

  // Any word may be a style or a motion, all of them may be unwanted, and lists and speeds don't get this far.
  const others = ['style', 'motion', 'end', 'no', 'r', 'repeat'];
  const flags = [...knownFlags.keys()].filter((name) => !others.includes(name));
  it.each(flags)('has all words that come after a parameter which cannot mean them: --%s', (name) => {
    const prompt = compose(`a fox --${name} in the snow`) ?? '';
    const { prompt: corrected } = lint(prompt, { action: 'imagine', speed: 'fast', pictures: 0 });
    expect(corrected).toMatch(/^a fox in the snow(?: --|$)/);
  });

  it('of words alone is the same words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const prompt = compose(text);
        if (prompt === undefined || /-|::/.test(prompt)) return;
        expect(lint(prompt, { action: 'imagine', speed: 'fast', pictures: 0 })).toEqual({
          findings: [],
          prompt,
          speed: 'fast',
        });
      }),
      { numRuns },
    );
  });
});

describe('what is only doubtful', () => {
  it('may be sent as it is', () => {
    const context = { action: 'imagine', speed: 'fast', pictures: 0 } as const;
    expect(isSendable(lint('a fox --v 9', context))).toBe(true);
    expect(isSendable(lint('a fox --v 8.2 --q 1', context))).toBe(false);
  });
});
