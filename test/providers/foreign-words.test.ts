import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { cutWords, limitUpdate, withoutLinks } from '../../src/providers/foreign-words.ts';
import { parseJson } from '../../src/providers/json.ts';
import { locateMedia, toMediaAddress } from '../../src/providers/media-address.ts';
import { buttonSchema } from '../../src/providers/mj-proxy/buttons.ts';
import type { Media, Offer, Update } from '../../src/task.ts';

const base = 'https://api.example';
const media = (count: number): Media[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'picture', url: `https://cdn.example/${index}` }));
const offers = (count: number, token = 'x'): Offer[] =>
  Array.from({ length: count }, (_, index) => ({ action: 'reroll', index, token }));

describe('what an API says about a task', () => {
  it('is passed on unchanged, up to what a message can show', () => {
    const done: Update = { state: 'done', media: media(10), offers: offers(40), text: ['a fox', 'a hare'] };
    expect(locateMedia(done, base)).toEqual(done);
    const token = `extend:high:0:${'x'.repeat(10_000)}`;
    const long: Update = { state: 'done', media: media(1), offers: offers(8, token) };
    expect(limitUpdate(long)).toEqual(long);
    for (const update of [
      { state: 'asking', prompt: 'x'.repeat(10_000) },
      { state: 'failed', kind: 'rejected', reason: 'x'.repeat(10_000) },
      { state: 'running', progress: 40 },
    ] as const)
      expect(limitUpdate(update)).toEqual(update);
  });

  it('is cut beyond that: ten files, 40 buttons, ten prompts', () => {
    const told = {
      state: 'done',
      media: media(100_000),
      offers: offers(100_000),
      text: Array(1_000).fill('x'),
    };
    const { media: files, offers: buttons, text } = locateMedia(told as Update, base) as typeof told;
    expect([files.length, buttons.length, text.length]).toEqual([10, 40, 10]);
    expect(files).toEqual(media(10));
  });

  it('drops a button whose token is too long, because a cut one would press another button', () => {
    const told: Update = {
      state: 'done',
      media: media(1),
      offers: [...offers(1, 'x'.repeat(20_000)), ...offers(1)],
    };
    expect(limitUpdate(told)).toMatchObject({ offers: offers(1) });
  });

  it("drops a gateway's button whose id is longer than any of Midjourney's", () => {
    const id = (length: number) => 'MJ::JOB::upsample::1::'.padEnd(length, 'x');
    expect(buttonSchema.parse({ customId: id(1_000) })).toEqual({ customId: id(1_000) });
    expect(buttonSchema.parse({ customId: id(1_001) }).customId).toBeUndefined();
  });

  it('is cut in long texts', () => {
    const long = 'x'.repeat(1_000_000);
    const asking = limitUpdate({ state: 'asking', prompt: long });
    const failed = limitUpdate({ state: 'failed', kind: 'rejected', reason: long });
    const done = limitUpdate({ state: 'done', media: [], offers: [], text: [long] });
    expect(asking).toEqual({ state: 'asking', prompt: 'x'.repeat(10_000) });
    expect(failed).toMatchObject({ reason: 'x'.repeat(10_000) });
    expect(done).toMatchObject({ text: ['x'.repeat(10_000)] });
    expect(new ProviderError('rejected', 'no', { reason: long }).reason).toHaveLength(10_000);
    expect(cutWords(`${'x'.repeat(9_999)}🦊`)).toBe('x'.repeat(9_999));
  });
});

describe("links in an API's text", () => {
  it.each([
    ['a [fox](https://e.org/fox) runs', 'a fox runs'],
    ['[fox](https://en.wikipedia.org/wiki/Fox_(animal)), red', 'fox, red'],
    ['[](x)', ''],
    ['[one](a) [two](b)', 'one two'],
    ['[1] a fox', '[1] a fox'],
    ['[a [fox](x)', '[a fox'],
    ['[fox] (x)', '[fox] (x)'],
    ['[fox](x y)', '[fox](x y)'],
  ])('are reduced to their text: %j', (text, words) => {
    expect(withoutLinks(text)).toBe(words);
  });
});

describe('addresses of media', () => {
  it('may be signed, and may contain their file, but are no longer than servers allow', () => {
    const signed = `https://cdn.example/1.png?s=${'x'.repeat(7_000)}`;
    const data = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const picture = `iVBORw0KGgo${'A'.repeat(100_000)}`;
    expect(toMediaAddress(signed, base)).toBe(signed);
    expect(toMediaAddress(data, base)).toBe(data);
    expect(toMediaAddress(picture, base)).toBe(`data:;base64,${picture}`);
    expect(toMediaAddress(`https://cdn.example/${'x'.repeat(8_000)}`, base)).toBeUndefined();
  });
});

describe('the depth of an answer', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  it.each([
    ['a hundred levels', nested(100)],
    ['brackets in texts', JSON.stringify({ text: '[{'.repeat(1_000), more: '\\"[' })],
    ['many lists next to each other', `[${Array(1_000).fill('[[1]]').join()}]`],
  ])('can be %s', (_what, text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['one level more', nested(101)],
    ['as many as break a parser', nested(1_000_000)],
    ['objects', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`],
  ])('makes it invalid JSON if it is %s', (_what, text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it('leaves all digits of ids, no matter how long they are', () => {
    expect(parseJson('{"id": 18014398509481985, "n": 12}')).toEqual({ id: '18014398509481985', n: 12 });
    expect(parseJson('{"id": 9007199254740993}')).toEqual({ id: '9007199254740993' });
    expect(parseJson('{"id": 900719925474099}')).toEqual({ id: 900719925474099 });
    expect(parseJson('[-9007199254740993, 1e400]')).toEqual(['-9007199254740993', Number.POSITIVE_INFINITY]);
  });
});
