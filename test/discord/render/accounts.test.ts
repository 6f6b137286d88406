import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../../src/accounts/administration.ts';
import { renderAccounts } from '../../../src/discord/render/accounts.ts';
import { renderError } from '../../../src/discord/render/error.ts';
import { UserError } from '../../../src/errors.ts';
import { english } from '../../../src/locales/index.ts';

function anAccount(number: number, changes: Partial<AccountState> = {}): AccountState {
  return {
    name: `account-${number}`,
    kind: 'mjproxy',
    isChosen: true,
    outage: undefined,
    pausedUntil: undefined,
    closing: undefined,
    limits: { dailyPoints: undefined, hours: undefined, timeZone: 'UTC' },
    spentToday: 0,
    running: 0,
    slots: 3,
    waiting: 0,
    callsBack: false,
    balance: undefined,
    differences: [],
    ...changes,
  };
}

const troubled: Partial<AccountState> = {
  isChosen: false,
  outage: { trouble: 'blocked', until: 1_764_000_000_000 } as never,
  balance: 'blocked',
  callsBack: true,
};

function lengthOf(states: readonly AccountState[]) {
  const [embed] = renderAccounts(states, english, true).embeds ?? [];
  const { title = '', description = '', footer, fields = [] } = embed ?? {};
  const parts = [
    title,
    description,
    footer?.text ?? '',
    ...fields.flatMap(({ name, value }) => [name, value]),
  ];
  return { fields, footer: footer?.text, characters: parts.join('').length };
}

describe('the accounts', () => {
  it.each([1, 20, 25])('are all shown if there are %i', (count) => {
    const { fields, footer } = lengthOf(Array.from({ length: count }, (_, index) => anAccount(index)));
    expect([fields.length, footer]).toEqual([count, undefined]);
  });

  it.each([
    ['26', 26, {}],
    ['25 in trouble', 25, troubled],
    ['60 in trouble', 60, troubled],
    ['25 with long names', 25, { name: 'x'.repeat(400) }],
    ['25 with names of emoji', 25, { ...troubled, name: '🦊'.repeat(200) }],
  ])('stay within what Discord takes if there are %s', (_, count, changes) => {
    const states = Array.from({ length: count }, (_item, index) => anAccount(index, changes));
    const { fields, footer, characters } = lengthOf(states);
    expect(characters).toBeLessThanOrEqual(6_000);
    expect(fields.length).toBeLessThanOrEqual(25);
    for (const { name, value } of fields)
      expect([name.length <= 256, value.length <= 1_024, name !== '', value !== '']).not.toContain(false);
    expect(footer ?? '').toBe(
      fields.length === count ? '' : english.say('more', { count: count - fields.length }),
    );
  });

  it('say which prices are wrong, and what the API takes', () => {
    const differences = [
      { action: 'imagine', charged: 100, taken: 130 },
      { action: 'upscale', charged: 50, taken: 10 },
    ] as const;
    const [{ value = '' } = {}] = lengthOf([anAccount(1, { differences })]).fields;
    expect(value).toContain('**Imagine** costs 130 points there but 100 here.');
    expect(value).toContain('**U1–U4** costs 10 points there but 50 here.');
  });

  it.each([0, 2, 60, 1_000])('are named in a sentence that Discord takes if there are %i', (count) => {
    const known = Array.from({ length: count }, (_, index) => `an-account-with-a-long-name-${index}`);
    const { content } = renderError(new UserError('account-unknown', { name: 'x', known }), english, 'x');
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content).toContain(known[0] ?? 'x');
    expect(content.includes(`and ${english.say('more.listed', { count: count - 25 })}`)).toBe(count > 25);
  });
});
