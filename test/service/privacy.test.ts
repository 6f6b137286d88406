import { describe, expect, it } from 'vitest';
import { isMeantPrivately } from '../../src/service/privacy.ts';

describe('what somebody starts', () => {
  const none = undefined;
  it.each([
    [none, none, none, false],
    [none, none, true, true],
    [none, false, true, false],
    [none, true, false, true],
    [false, true, true, false],
    [true, false, false, true],
    [true, none, none, true],
  ])(
    'with the option %s, the preference %s and %s on the server is private: %s',
    (chosen, own, usual, is) => {
      expect(isMeantPrivately({ chosen, own, usual })).toBe(is);
    },
  );
});
