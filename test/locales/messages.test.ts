import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import en from '../../src/locales/en.json' with { type: 'json' };
import { argumentsOf, toMessageTypes } from '../../src/locales/generate.ts';
import { english } from '../../src/locales/index.ts';

const types = new URL('../../src/locales/messages.ts', import.meta.url);

describe('the types of messages', () => {
  it('are those of en.json (npm run messages writes them)', () => {
    expect(readFileSync(types, 'utf8')).toBe(toMessageTypes(en));
  });

  it('name every argument, also inside of branches', () => {
    const pattern =
      '{count, plural, =0 {none} other {# for {person}, {left, number}}} {what, select, b {B} a {{why}} other {}}';
    expect(Object.fromEntries(argumentsOf(pattern))).toEqual({
      count: 'number',
      left: 'number',
      person: 'string',
      what: "'a' | 'b' | 'other'",
      why: 'string',
    });
  });

  it('refuse an argument of two types', () => {
    expect(() => argumentsOf('{count} {count, number}')).toThrow('{count} is both string and number');
  });

  it('let nobody forget, misspell or confuse an argument', () => {
    const { say } = english;
    // @ts-expect-error: it needs an argument.
    const incomplete = () => say('points');
    // @ts-expect-error: there is no such argument.
    const misspelled = () => say('points', { counts: 1 });
    // @ts-expect-error: it is a number.
    const confused = () => say('points', { count: '1' });
    // @ts-expect-error: there is no such message.
    const unknown = () => say('point');
    // @ts-expect-error: it has no arguments.
    const talkative = () => say('button.check', { count: 1 });
    expect(incomplete).toThrow('count');
    expect(misspelled).toThrow('count');
    expect([confused(), unknown(), talkative()]).toEqual(['1 point', 'point', 'Check']);
  });
});
