import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { locateParts } from '../../src/service/json-lines.ts';
import { readSettings, writeSettings } from '../../src/service/settings-file.ts';

/** What is told about a text that can't be read. */
function mistakesIn(text: string): unknown {
  try {
    return readSettings(text);
  } catch (error) {
    return error instanceof UserError ? (error.details as { mistakes: unknown }).mistakes : error;
  }
}

describe('a file of settings', () => {
  it('is read as it was written, without what is about single people or only for operators', () => {
    const settings = { sensitive: 'spoiler', points: 500, timeZone: 'Asia/Shanghai' } as const;
    const text = writeSettings({ ...settings, people: { max: 1 }, ceiling: 5, accounts: ['main'] });
    expect(readSettings(text).settings).toEqual(settings);
    expect(readSettings(`\uFEFF${text.replaceAll('\n', '\r\n')}`).settings).toEqual(settings);
  });

  it.each([
    ['{\n"format": 1,\n"points": 01\n}', 3],
    ['{\n"format": 1,\n"points": 5,\n}', 4],
    ['{\n"format": 1\n"points": 5\n}', 3],
    ['{\n"format": 1,\n"suffix": "ink\n}', 4],
    ['{\n"format": 1,', 2],
    ['', 1],
    ['settings', 1],
  ])('says in which line it stops being JSON: %j', (text, line) => {
    expect(mistakesIn(text)).toEqual([{ kind: 'unreadable', line }]);
  });

  it('names the first five mistakes, in the order of their lines', () => {
    const text = `{\n"format": 1,\n${['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `"${name}": 0`).join(',\n')}\n}`;
    expect(mistakesIn(text)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name, index) => ({ kind: 'unknown', line: index + 3, name })),
    );
  });

  it('says in which lines channels and roles are', () => {
    const [channel, role] = ['123456789012345678', '223456789012345678'];
    const text = writeSettings({
      channels: { mode: 'only', ids: [channel] },
      star: { channel, hearts: 3 },
      commandRoles: { video: [role] },
      buttons: { who: 'roles', roles: [role] },
      roles: { [role]: 5 },
    });
    const lines = text.split('\n');
    const { places } = readSettings(text);
    expect(places.map(({ kind }) => kind)).toEqual(['channel', 'channel', 'role', 'role', 'role']);
    for (const { id, line } of places) expect(lines[line - 1]).toContain(id);
  });

  it('takes the line of what something is missing from', () => {
    const text = '{\n"format": 1,\n"star": {\n"channel": "123456789012345678"\n}\n}';
    expect(mistakesIn(text)).toEqual([{ kind: 'value', line: 3, name: 'star.hearts' }]);
  });
});

describe('the lines of a JSON text', () => {
  it('are those where names and values begin', () => {
    const text = '{ "a": [\n1,\n{ "b\\"{": "}\\n]" }\n],\n"c": true }';
    expect(Object.fromEntries(locateParts(text).lines)).toEqual({
      '': 1,
      a: 1,
      'a.0': 2,
      'a.1': 3,
      'a.1.b"{': 3,
      c: 5,
    });
  });

  it('are no trouble for a text that is deeper than any stack', () => {
    expect(() => locateParts('['.repeat(50_000) + ']'.repeat(50_000))).not.toThrow();
  });
});
