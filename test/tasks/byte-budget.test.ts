import { describe, expect, it } from 'vitest';
import { createByteBudget, type Share } from '../../src/tasks/byte-budget.ts';
import { settle } from '../helpers/clock.ts';

/** Work that records that it began, and ends when it is told to. */
function begin(budget: ReturnType<typeof createByteBudget>) {
  const { promise, resolve: end } = Promise.withResolvers<void>();
  let share: Share | undefined;
  const ended = budget.share((own) => {
    share = own;
    return promise;
  });
  const got: number[] = [];
  return {
    got,
    ended,
    end,
    take: (bytes: number) => void share?.take(bytes).then(() => got.push(bytes)),
    tryTake: (bytes: number) => share?.tryTake(bytes),
    giveBack: (bytes?: number) => share?.giveBack(bytes),
  };
}

describe('a budget of bytes', () => {
  const open = (count: number) => {
    const budget = createByteBudget(100);
    return Array.from({ length: count }, () => begin(budget));
  };
  type Work = ReturnType<typeof begin>;

  it('lets many small ones in at once, and the next once one of them is done', async () => {
    const [a, b, c] = open(3) as [Work, Work, Work];
    for (const one of [a, b, c]) one.take(40);
    await settle();
    expect([a.got, b.got, c.got]).toEqual([[40], [40], []]);
    b.end();
    await settle();
    expect(c.got).toEqual([40]);
  });

  it('gives the oldest everything it wants, even more than there is', async () => {
    const [a, b] = open(2) as [Work, Work];
    b.take(90);
    a.take(500);
    await settle();
    expect([a.got, b.got]).toEqual([[500], [90]]);
  });

  it('lets nobody overtake one that waits for a lot', async () => {
    const [a, large, small] = open(3) as [Work, Work, Work];
    a.take(50);
    large.take(90);
    small.take(1);
    await settle();
    expect([large.got, small.got]).toEqual([[], []]);
    expect(small.tryTake(1)).toBe(false);
    a.end();
    await settle();
    expect([large.got, small.got]).toEqual([[90], [1]]);
  });

  it('never gets stuck, although all hold some and want more', async () => {
    const all = open(5);
    for (const one of all) one.take(20);
    await settle();
    for (const one of all) one.take(60);
    for (const one of all) {
      await settle();
      expect(one.got).toEqual([20, 60]);
      one.end();
    }
  });

  it('has room again once bytes are returned, or their work has failed', async () => {
    const budget = createByteBudget(100);
    const [a, b] = [begin(budget), begin(budget)];
    await expect(
      budget.share(async (share) => {
        share.tryTake(100);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    a.take(90);
    b.take(60);
    await settle();
    expect(b.got).toEqual([]);
    a.giveBack(50);
    await settle();
    expect(b.got).toEqual([60]);
    expect(b.tryTake(1)).toBe(false);
    a.giveBack();
    expect(b.tryTake(40)).toBe(true);
  });
});
