import { describe, expect, it } from 'vitest';
import { renderPlain } from '../../../src/discord/render/plain.ts';
import { renderTask } from '../../../src/discord/render/task.ts';
import type { FailureKind } from '../../../src/errors.ts';
import { english } from '../../../src/locales/index.ts';
import type { Task } from '../../../src/task.ts';
import { aTask } from '../../helpers/tasks.ts';

function textOf(task: Task): string {
  return JSON.stringify(renderTask(task, english));
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
    'content',
    'prompt-length',
    'generation',
    'queue',
    'internal',
  ];
  it.each(kinds)('says why a task failed (%s), and that the points are back', (kind) => {
    const text = textOf(aTask({ state: 'failed', failure: { kind, mayHaveCost: false } }));
    expect(text).toContain(english.say(`failure.${kind}`));
    expect(text).toContain('Your 100 points are back.');
    expect(text).not.toContain('may have been charged');
  });

  it('tells when the operator may have been charged anyway', () => {
    expect(textOf(aTask({ state: 'failed', failure: { kind: 'lost', mayHaveCost: true } }))).toContain(
      'may have been charged',
    );
  });

  it("shows the provider's reason as a quote", () => {
    const task = aTask({
      state: 'failed',
      failure: { kind: 'rejected', reason: 'Banned `word` <@1>', mayHaveCost: false },
    });
    expect(textOf(task)).toContain('The provider says: `Banned ˋwordˋ <@1>`');
  });

  it("shows the provider's code in small print, last, and inert", () => {
    const failure = {
      kind: 'content',
      reason: 'No.',
      code: 'NSFW`@everyone`\n# x',
      mayHaveCost: false,
    } as const;
    const { embeds } = renderTask(aTask({ state: 'failed', failure }), english);
    const lines = (embeds[0]?.description ?? '').split('\n');
    expect(lines.at(-1)).toBe("-# The provider's error code: `NSFWˋ@everyoneˋ # x`");
    expect(lines).toContain('The provider says: `No.`');
  });

  it("says what is wrong with a person's picture, and nothing of a provider", () => {
    const details = { name: 'photo.heic', type: 'HEIC', takes: ['JPEG', 'PNG'] };
    const refusal = { code: 'picture-type', details } as const;
    const text = textOf(aTask({ state: 'failed', failure: { kind: 'input', refusal, mayHaveCost: false } }));
    expect(text).toContain(
      "❌ The bot can't read HEIC files like `photo.heic`. Please send JPEG or PNG instead.",
    );
    expect(text).toContain('Your 100 points are back.');
    expect(text).not.toContain('The provider says');
  });

  it('says if no points come back', () => {
    const stop = { at: 1, isRefunded: false };
    const notBack = "You didn't get your 100 points back: you had no refunds left today.";
    expect(textOf(aTask({ state: 'cancelled', stop }))).toContain(`Canceled. ${notBack}`);
    const failure = { kind: 'timeout', mayHaveCost: true } as const;
    expect(textOf(aTask({ state: 'failed', failure, stop }))).toContain(notBack);
    expect(renderPlain(aTask({ state: 'cancelled', stop }), english)?.content).toContain(notBack);
  });
});
