import { describe, expect, it } from 'vitest';
import { providerKinds } from '../../src/config.ts';
import { hasTurbo, kinds } from '../../src/prompt/kinds.ts';
import { modelOf, models, unnumbered, versions, videoModel } from '../../src/prompt/models.ts';
import { knownFlags, toParameter } from '../../src/prompt/parameters.ts';

/** Rules that are about something other than a parameter. */
const others = ['::', 'codes', 'turbo'];

describe('the table of versions', () => {
  it.each([...models, ...unnumbered, videoModel])(
    '$name says where it is from, and only speaks of parameters that exist',
    (model) => {
      expect(model.source).toMatch(/, 20\d\d-\d\d$/);
      const names = Object.keys(model.rules).filter((name) => !others.includes(name));
      expect(names.filter((name) => !knownFlags.has(name) || toParameter(name) !== name)).toEqual([]);
    },
  );

  it('has all that /imagine offers, newest first, and none that is gone', () => {
    const offered = versions.map(modelOf);
    expect(offered.filter((model) => model === undefined || model.goneSince !== undefined)).toEqual([]);
    const places = offered.map((model) => models.indexOf(model ?? (models[0] as never)));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });
});

describe('the table of kinds', () => {
  it('has only kinds and versions that exist', () => {
    const all: readonly string[] = providerKinds;
    expect(Object.keys(kinds).filter((kind) => !all.includes(kind))).toEqual([]);
    const named = Object.values(kinds).flatMap(({ versions: own = {}, keeps = [], onlyVersions = [] }) => [
      ...Object.keys(own),
      ...keeps,
      ...onlyVersions,
    ]);
    expect(named.filter((name) => modelOf(name) === undefined)).toEqual([]);
  });

  it.each([
    ['acedata', '8.1', false],
    ['acedata', '8.2', true],
    ['mjproxy', '8.2', false],
    ['mjproxy', '7', true],
    ['mjproxy', '9', true],
  ])('knows at %s whether version %s has turbo: %s', (kind, version, has) => {
    expect(hasTurbo(kind, version)).toBe(has);
  });
});
