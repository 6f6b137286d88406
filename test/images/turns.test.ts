import { describe, expect, it } from 'vitest';
import { inTurn } from '../../src/images/turns.ts';

const usual = 4_000_000;
const large = 60_000_000;

/** Work that records when it began, and ends when it is told to. */
function createWork(begun: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const work = () => {
    begun.push(name);
    return promise;
  };
  return { work, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

describe('the turns of pictures', () => {
  it('come one after another, whether the one before failed or not', async () => {
    const begun: string[] = [];
    const works = ['one', 'two', 'three'].map((name) => createWork(begun, name));
    const turns = works.map(({ work }) => inTurn(large, work));
    await Promise.resolve();
    expect(begun).toEqual(['one']);
    works[0]?.fail();
    await expect(turns[0]).rejects.toThrow('one');
    works[1]?.end();
    expect(await turns[1]).toBe('two');
    works[2]?.end();
    expect(await turns[2]).toBe('three');
    expect(begun).toEqual(['one', 'two', 'three']);
  });

  it('let an ordinary picture go while large ones wait', async () => {
    const begun: string[] = [];
    const bomb = createWork(begun, 'bomb');
    const turns = [inTurn(large, bomb.work), inTurn(large, async () => 'another')];
    expect(await inTurn(usual, async () => 'photo')).toBe('photo');
    bomb.end();
    expect(await Promise.all(turns)).toEqual(['bomb', 'another']);
  });
});
