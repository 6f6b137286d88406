import { describe, expect, it } from 'vitest';
import { renderQueue } from '../../../src/discord/render/queue.ts';
import type { PrivateMessage } from '../../../src/discord/respond.ts';
import { english } from '../../../src/locales/index.ts';
import { aTask, unique } from '../../helpers/tasks.ts';

const userId = '444444444444444444';

const fieldsOf = (message: PrivateMessage) =>
  (message.embeds?.[0]?.fields ?? []).map(({ name, value }) => `${name}: ${value}`);

describe('a queue', () => {
  it('says who waits for how long, and how long it takes', () => {
    const spread = { usual: 4_200, worst: 95_000 };
    const message = renderQueue(
      {
        now: 100_000,
        running: 3,
        waiting: 1,
        asking: 1,
        next: [{ task: aTask({ createdAt: 40_000 }), position: 0, isHidden: false }],
        lately: { tasks: 50, waitedMs: spread, tookMs: spread },
      },
      english,
    );
    expect(fieldsOf(message)).toEqual([
      'Running: 3',
      'Waiting: 1',
      'Need an answer: 1',
      'Recent times: Usually 4s, at worst 1m 35s (the last 50 tasks).\nWaiting for a free slot: usually 4s, at worst 1m 35s.',
    ]);
    expect(message.embeds?.[0]?.description).toBe(`**Up next**\n1. Imagine by <@${userId}>, waiting for 1m`);
  });

  it('says what a single task took, and if nobody waits for a slot', () => {
    const times = (tasks: number, wait: number) => {
      const lately = {
        tasks,
        waitedMs: { usual: wait, worst: wait },
        tookMs: { usual: 4_000, worst: 6_000 },
      };
      const view = { now: 0, running: 0, waiting: 0, asking: 0, next: [], lately };
      return renderQueue(view, english).embeds?.[0]?.fields?.at(-1)?.value;
    };
    expect(times(1, 2_000)).toBe('The last task took 4s.\nIt waited 2s for a free slot.');
    expect(times(50, 300)).toBe('Usually 4s, at worst 6s (the last 50 tasks).\nNo waiting for a free slot.');
  });

  it('names the button of an API by its own label, which formats nothing', () => {
    const offer = {
      action: 'other',
      token: 'MJ::Tune::u',
      label: '[**Tune**](https://evil.example)',
    } as const;
    const request = { action: 'other', prompt: '', speed: 'fast', pictures: [], offer } as const;
    const view = {
      now: 0,
      running: 0,
      waiting: 1,
      asking: 0,
      next: [{ task: aTask({ request }), position: 0, isHidden: false }],
    };
    expect(renderQueue(view, english).embeds?.[0]?.description).toContain(
      '1. \\[\\*\\*Tune\\*\\*\\]\\(https\\://evil\\.example\\) by <@',
    );
  });

  it('stays within what Discord takes', () => {
    const place = { ...aTask().origin.place, messageId: unique() };
    const task = aTask({ origin: { ...aTask().origin, place } });
    const next = Array.from({ length: 10 }, () => ({ task, position: 0, isHidden: false }));
    const message = renderQueue({ now: 0, running: 0, waiting: 10, asking: 0, next }, english);
    expect(message.embeds?.[0]?.description?.length).toBeLessThanOrEqual(4_096);
    expect(message.embeds?.[0]?.description?.split('\n')).toHaveLength(11);
  });
});
