import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../sandbox/index.ts';
import type { Habits } from '../../sandbox/providers/mj-proxy/habits.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

describe("4allapi's own codes", () => {
  const whole = useSandbox({ kind: '4allapi' });

  it.each([
    ['invalid-parameters', 'The provider turned this down.', 'Invalid parameters'],
    ['system-error', 'The provider has a problem of its own right now.', 'System error'],
    ['account-unavailable', 'The provider has a problem of its own right now.', 'Account unavailable'],
    ['insufficient-balance', 'no credit left at the provider', ''],
  ] as const)('end a task at once, in words, with its points: %s', async (refusal, sentence, said) => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('submit', { do: 'refuse', as: refusal });
    const message = await whole.end(await whole.imagine('a red fox'));
    expect(textOf(message)).toContain(sentence);
    expect(textOf(message)).toContain(said);
    expect(labelsOf(message)).not.toContain('Answer');
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toEqual([]);
  });
});

describe('two accounts', () => {
  const whole = useSandbox({ kinds: ['4allapi', 'mjproxy'] });

  it.each(['system-error', 'account-unavailable', 'no-account', 'insufficient-balance'] as const)(
    'help each other out when one says %s',
    async (refusal) => {
      const [first, second] = whole.sandbox.providers;
      first?.trouble.always('submit', { do: 'refuse', as: refusal });
      await whole.sandbox.startBot(quick);
      await whole.picture(await whole.imagine('a red fox'));
      expect(second?.submits).toHaveLength(1);
      expect(first?.requests.filter(({ path }) => path.endsWith('/submit/imagine'))).toHaveLength(1);
    },
  );

  it.each(['banned', 'invalid-parameters'] as const)(
    'leave a prompt alone that one of them turned down: %s',
    async (refusal) => {
      const [first, second] = whole.sandbox.providers;
      first?.trouble.always('submit', { do: 'refuse', as: refusal });
      await whole.sandbox.startBot(quick);
      await whole.reply(await whole.imagine('a red fox'), 'The provider turned this down.');
      expect(second?.submits).toEqual([]);
    },
  );
});

describe('the same words again, at an API that still has their task', () => {
  const habits: Partial<Habits> = { repeatedImagine: 'existed' };
  const whole = useSandbox({
    kind: 'mjproxy',
    provider: { habits } as SandboxOptions['provider'] & object,
  });

  it('show its picture to each who asks, with buttons that work, and no question', async () => {
    await whole.sandbox.startBot(quick);
    const { member, otherMember } = whole.sandbox.discord.world.people;
    await whole.picture(await whole.imagine('a red fox'));
    const second = await whole.picture(await whole.imagine('a red fox', {}, otherMember));
    expect(labelsOf(second)).not.toContain('Answer');
    await whole.picture(await whole.press(second, 'U2', otherMember));
    const { submits } = whole.sandbox.provider;
    expect(submits.map(({ kind }) => kind)).toEqual(['imagine', 'imagine', 'action']);
    // It answered a paid call, and gateways charge for this code, too.
    expect(await whole.points(member)).toBe('1,900 points');
  });
});

describe('a task that somebody cancels at the provider', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('says so, and the points are back', async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('task', { do: 'fail', reason: '取消任务' });
    const message = await whole.end(await whole.imagine('a red fox'));
    expect(textOf(message)).toContain('The provider says that this task was canceled there.');
    expect(textOf(message)).not.toContain('取消任务');
    expect(await whole.points()).toBe('2,000 points');
  });
});
