import { describe, expect, it } from 'vitest';
import { createRemixing } from '../../src/accounts/remixing.ts';
import type { Task } from '../../src/task.ts';
import { aTask } from '../helpers/tasks.ts';

const hour = 60 * 60_000;

function begin() {
  const warnings: unknown[] = [];
  const clock = { time: 100 * hour };
  const remixing = createRemixing({
    clock: { now: () => clock.time, after: () => () => undefined },
    log: { warn: (...said: unknown[]) => void warnings.push(said) } as never,
  });
  return { clock, remixing, warnings };
}

const ended = (overrides: Partial<Task> = {}) =>
  aTask({ account: 'main', state: 'done', finishedAt: 100 * hour, ...overrides });
const request = { ...aTask().request, prompt: 'a hare', remixOf: 'a fox' };
const refused = (reason: string) =>
  ended({ state: 'failed', request, failure: { kind: 'rejected', reason, mayHaveCost: false } });

describe('an account', () => {
  it.each([
    ['that used its own prompt', ended({ isPromptIgnored: true })],
    ['that says that it has Remix off', refused('当前账号不支持 remix，请开启 remix 功能')],
  ])('%s is not asked again for a day, and its operator is told once', (_, task) => {
    const { clock, remixing, warnings } = begin();
    expect(remixing.takesPrompts('main')).toBe(true);
    remixing.learn(task);
    remixing.learn(task);
    expect(remixing.takesPrompts('main')).toBe(false);
    expect(remixing.takesPrompts('spare')).toBe(true);
    expect(warnings).toHaveLength(1);
    clock.time += 24 * hour;
    expect(remixing.takesPrompts('main')).toBe(true);
  });

  it.each([
    ['a plain press', ended()],
    ['a prompt that was asked for', ended({ request, answeredAt: 1 })],
    ['other words that were refused', refused('Banned prompt detected')],
    ['a plain press that failed', { ...refused('remix'), request: aTask().request }],
  ])('is still asked after %s', (_, task) => {
    const { remixing, warnings } = begin();
    remixing.learn(task);
    expect(remixing.takesPrompts('main')).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('is asked again once it has taken a prompt', () => {
    const { remixing } = begin();
    remixing.learn(ended({ isPromptIgnored: true }));
    remixing.learn(ended({ request, answeredAt: 1, finishedAt: 100 * hour + 1 }));
    expect(remixing.takesPrompts('main')).toBe(true);
    // Saved again, as when somebody removes its message.
    remixing.learn(ended({ isPromptIgnored: true }));
    expect(remixing.takesPrompts('main')).toBe(true);
  });

  it('that ignored a prompt long ago is no news after a restart', () => {
    const { remixing, warnings } = begin();
    remixing.learn(ended({ isPromptIgnored: true, finishedAt: 70 * hour }));
    expect(remixing.takesPrompts('main')).toBe(true);
    expect(warnings).toEqual([]);
  });
});
