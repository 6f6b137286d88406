import { describe, expect, it } from 'vitest';
import { renderPlain } from '../../../src/discord/render/plain.ts';
import { renderTask } from '../../../src/discord/render/task.ts';
import type { FailureKind } from '../../../src/errors.ts';
import { en } from '../../../src/locales/en.ts';
import type { Task } from '../../../src/task.ts';
import { aTask } from '../../helpers/tasks.ts';

function textOf(task: Task): string {
  return JSON.stringify(renderTask(task, en));
}

describe('a task without a result', () => {
  const kinds: FailureKind[] = [
    'rejected',
    'auth',
    'balance',
    'busy',
    'unavailable',
    'malformed',
    'timeout',
    'lost',
    'forgotten',
    'input',
    'queue',
    'internal',
  ];
  it.each(kinds)('says why a task failed (%s), and that the points are back', (kind) => {
    const text = textOf(aTask({ state: 'failed', failure: { kind, mayHaveCost: false } }));
    expect(text).toContain(en.failure(kind));
    expect(text).toContain('Your 100 points are back.');
    expect(text).not.toContain('may have been charged');
  });

  it('tells when the operator may have been charged all the same', () => {
    expect(textOf(aTask({ state: 'failed', failure: { kind: 'lost', mayHaveCost: true } }))).toContain(
      'may have been charged',
    );
  });

  it("shows the provider's reason as a quote", () => {
    const task = aTask({
      state: 'failed',
      failure: { kind: 'rejected', reason: 'Banned `word` <@1>', mayHaveCost: false },
    });
    expect(textOf(task)).toContain('It says: `Banned ˋwordˋ <@1>`');
  });

  it("says what is wrong with a person's picture, and nothing of a provider", () => {
    const details = { name: 'photo.heic', type: 'HEIC', takes: ['JPEG', 'PNG'] };
    const refusal = { code: 'picture-type', details } as const;
    const text = textOf(aTask({ state: 'failed', failure: { kind: 'input', refusal, mayHaveCost: false } }));
    expect(text).toContain("❌ `photo.heic` is a HEIC file, and HEIC doesn't work here. Send a JPEG or PNG.");
    expect(text).toContain('Your 100 points are back.');
    expect(text).not.toContain('It says');
  });

  it('says if no points come back', () => {
    const stop = { at: 1, isRefunded: false };
    const notBack = "Your 100 points don't come back: you had no refund left today.";
    expect(textOf(aTask({ state: 'cancelled', stop }))).toContain(`Cancelled. ${notBack}`);
    const failure = { kind: 'timeout', mayHaveCost: true } as const;
    expect(textOf(aTask({ state: 'failed', failure, stop }))).toContain(notBack);
    expect(renderPlain(aTask({ state: 'cancelled', stop }), en)?.content).toContain(notBack);
  });
});
