import { describe, expect, it } from 'vitest';
import { priceFactors, priceFamilies, priceTable } from '../src/price-table.ts';
import { type Action, followUpActions, startActions } from '../src/task.ts';

function problemsOf(text: string): string[] {
  return priceTable.safeParse(text).error?.issues.map(({ message }) => message) ?? [];
}

describe('a table of prices', () => {
  it('sets actions and families', () => {
    expect(priceTable.parse('imagine=120, upscale-2x = 30 ,pan=0')).toEqual({
      points: {
        imagine: 120,
        'upscale-2x': 30,
        'pan-left': 0,
        'pan-right': 0,
        'pan-up': 0,
        'pan-down': 0,
      },
      percents: {},
    });
  });

  it.each(['video=800,extend=400,extend-low=300', 'extend-low=300,extend=400,video=800'])(
    'follows the more specific name in %s',
    (text) => {
      const { points } = priceTable.parse(text);
      expect(points).toMatchObject({ video: 800, 'animate-low': 800, 'reroll-video': 800 });
      expect(points).toMatchObject({ 'extend-high': 400, 'extend-low': 300 });
    },
  );

  it.each([
    ['imagine=0', { imagine: 0 }],
    ['imagine=1000000', { imagine: 1_000_000 }],
    ['IMAGINE=007', { imagine: 7 }],
    ['zoom-1.5x=90', { 'zoom-1.5x': 90 }],
  ])('accepts %s', (text, points) => {
    expect(priceTable.parse(text).points).toEqual(points);
  });

  it('sets in percent what speeds and 720p cost', () => {
    expect(
      priceTable.parse('relax=0,turbo=10000,720p=325,v8-references=100,omni-reference=150,hd=400').percents,
    ).toEqual({
      relax: 0,
      turbo: 10_000,
      '720p': 325,
      'v8-references': 100,
      'omni-reference': 150,
      hd: 400,
    });
  });

  it.each([
    ['', /^each part must be one of /],
    ['imagine=100,', /^each part must be one of /],
    [
      'hunter2=100',
      /^each part must be one of vary, upscale, .*, relax, turbo, 720p, 2-clips, 1-clip, v8-references, omni-reference, hd, then = and a whole/,
    ],
    ['fast=100', /^each part must be one of /],
    ['constructor=1', /^each part must be one of /],
    ['imagine', /^imagine must be a whole number of points, from 0 to 1000000$/],
    ['imagine=', /^imagine must be a whole number/],
    ['imagine=hunter2', /^imagine must be a whole number/],
    ['imagine=1.5', /^imagine must be a whole number/],
    ['imagine=-1', /^imagine must be a whole number/],
    ['imagine=1e3', /^imagine must be a whole number/],
    ['imagine=0x10', /^imagine must be a whole number/],
    ['imagine=１００', /^imagine must be a whole number/],
    ['imagine=1000001', /^imagine must be a whole number/],
    ['imagine=1=2', /^imagine must be a whole number/],
    ['relax=40%', /^relax must be a whole number of percent, from 0 to 10000$/],
    ['turbo=10001', /^turbo must be a whole number of percent/],
    ['imagine=100,Imagine=hunter2', /^names imagine twice$/],
  ])('refuses %j with one sentence, without its value', (text, sentence) => {
    const problems = problemsOf(text);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems[0]).not.toContain('hunter2');
  });

  it('reports all its problems at once', () => {
    expect(problemsOf('imagine=x,upscale=y,relax=z')).toHaveLength(3);
  });
});

const actions: readonly Action[] = [...startActions, ...followUpActions];

describe('each name of a table', () => {
  it.each(actions)('sets its action, and nothing outside its family: %s', (action) => {
    const { points } = priceTable.parse(`${action}=7`);
    const family = priceFamilies[action as keyof typeof priceFamilies] as readonly Action[] | undefined;
    expect(points).toEqual(Object.fromEntries((family ?? [action]).map((member) => [member, 7])));
  });

  it.each<[string, readonly string[]]>([
    ['vary', ['variation', 'vary-subtle', 'vary-strong', 'vary-region']],
    ['zoom', ['zoom', 'zoom-2x', 'zoom-1.5x', 'custom-zoom', 'square']],
    ['pan', ['pan-left', 'pan-right', 'pan-up', 'pan-down']],
    ['animate', ['animate-high', 'animate-low']],
    ['extend', ['extend-high', 'extend-low']],
    [
      'video',
      [
        ...['video', 'animate-high', 'animate-low', 'reroll-video', 'extend-high', 'extend-low'],
        'other-video',
      ],
    ],
    ['describe', ['describe', 'redescribe']],
    ['other', ['other']],
    ['upscale', ['upscale', ...actions.filter((action) => /^(redo-)?upscale-|^enlarge$/.test(action))]],
  ])('stands for its family: %s', (name, members) => {
    const { points } = priceTable.parse(`${name}=7`);
    expect(Object.keys(points).toSorted()).toEqual([...members].toSorted());
  });

  it.each([
    ['upscale=50,upscale-creative=200', { upscale: 50, 'upscale-2x': 50, 'upscale-creative': 200 }],
    ['upscale-creative=200,upscale=50', { upscale: 50, 'upscale-2x': 50, 'upscale-creative': 200 }],
    ['zoom=80,zoom-2x=90', { zoom: 80, 'zoom-2x': 90, 'zoom-1.5x': 80, square: 80 }],
    ['video=800,animate=500', { video: 800, 'animate-low': 500, 'extend-low': 800, 'reroll-video': 800 }],
    ['animate-low=1,animate=2,video=3', { 'animate-low': 1, 'animate-high': 2, 'extend-high': 3 }],
  ])('counts more, the more specific it is: %s', (text, points) => {
    expect(priceTable.parse(text).points).toMatchObject(points);
  });

  it.each(priceFactors)('sets only a percentage, up to the largest allowed: %s', (name) => {
    for (const percent of [0, 1, 10_000])
      expect(priceTable.parse(`${name}=${percent}`)).toEqual({ points: {}, percents: { [name]: percent } });
    expect(problemsOf(`${name}=10001`)).toHaveLength(1);
  });

  it('sets points up to the largest allowed, and none beyond', () => {
    for (const points of [0, 1, 1_000_000])
      expect(priceTable.parse(`pan-up=${points}`).points).toEqual({ 'pan-up': points });
    expect(problemsOf('pan-up=1000001')).toHaveLength(1);
  });
});
