import { describe, expect, it } from 'vitest';
import { toText } from '../../src/doctor/line.ts';

const show = (text: string) => toText({ verdict: 'ok', what: 'server', text }, (words) => words);

describe('toText', () => {
  it.each(['گروه می\u200cخواهم', 'हिन्दी क्\u200dष', '👩\u200d🎨 🏳️\u200d🌈', '狐，雪'])(
    'shows a name unchanged: %s',
    (name) => expect(show(name)).toBe(`ok    server: ${name}`),
  );

  it.each([
    ['another line', 'fox\nok    token: works'],
    ['a color', '\u001b[32mfox'],
    ['another direction', '\u202efox'],
  ])('keeps names from adding %s', (_what, name) => {
    expect(show(name)).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('cuts between characters', () => {
    const shown = show('👨\u200d👩\u200d👧\u200d👦'.repeat(60));
    expect(shown.length).toBeLessThanOrEqual(406);
    expect(shown).toMatch(/👨\u200d👩\u200d👧\u200d👦…$/u);
  });
});

describe('a secret at the place where a line is cut', () => {
  const secret = 'sk-abcdefghijklmnopqrstuvwxyz';
  const hide = (text: string) => text.replaceAll(secret, '[secret]');

  it.each([340, 360, 380, 385, 390, 395, 399, 400])('leaves no trace: after %i letters', (length) => {
    const line = toText({ verdict: 'FAIL', what: '', text: 'x'.repeat(length) + secret }, hide);
    for (let end = 4; end <= secret.length; end += 1) expect(line).not.toContain(secret.slice(0, end));
  });
});
