import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/task.ts';
import { createNewsFilter } from '../../src/tracker/sightings.ts';
import { createFakeClock } from '../helpers/clock.ts';
import { aRunningTask } from '../helpers/tasks.ts';

describe('news of progress', () => {
  it('are single percents while there are few, and larger steps beyond that', () => {
    const clock = createFakeClock(0);
    const bringsNoNews = createNewsFilter(clock);
    const task = aRunningTask({ progress: 40 });
    const isNews = (progress: number, of: Task = task) => !bringsNoNews(of, { state: 'running', progress });
    expect(Array.from({ length: 12 }, () => isNews(41))).toEqual([...Array(10).fill(true), false, false]);
    expect(isNews(47)).toBe(false);
    expect(isNews(48)).toBe(true);
    expect(isNews(1, aRunningTask({ progress: 0 }))).toBe(true);
    clock.set(1_000);
    expect(isNews(41)).toBe(true);
  });

  it('bring a new picture with them, and the first one at once', () => {
    const bringsNoNews = createNewsFilter(createFakeClock(0));
    const preview = 'https://p.example/2.png';
    const first = aRunningTask({ progress: 40 });
    const next = aRunningTask({ progress: 40, preview: 'https://p.example/1.png' });
    expect(bringsNoNews(first, { state: 'running', progress: 40, preview })).toBe(false);
    expect(bringsNoNews(next, { state: 'running', progress: 40, preview })).toBe(true);
    expect(bringsNoNews(next, { state: 'running', progress: 41, preview })).toBe(false);
  });
});
