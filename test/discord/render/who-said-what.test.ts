import { describe, expect, it } from 'vitest';
import { renderMention } from '../../../src/discord/render/mention.ts';
import { renderPlain } from '../../../src/discord/render/plain.ts';
import { renderTask } from '../../../src/discord/render/task.ts';
import type { FailureKind, Refusal } from '../../../src/errors.ts';
import en from '../../../src/locales/en.json' with { type: 'json' };
import { english } from '../../../src/locales/index.ts';
import type { Failure } from '../../../src/task.ts';
import { aTask } from '../../helpers/tasks.ts';

/** Who is named as the one who did, said or refused something. */
type Who = 'bot' | 'provider' | 'Discord' | 'firewall';

const names: Readonly<Record<Who, RegExp>> = {
  bot: /\b(?:the|this) bot (?:couldn't|can't|found|takes|gets|has)|something went wrong in the bot|\bthe bot (?:takes|can read)|\btoo large for the bot/iu,
  provider:
    /\bthe provider(?:'s response was lost| turned| doesn't| is too| isn't| sent| has| didn't| no longer| says| tried)|this bot's provider (?:doesn't take|takes|only takes)/iu,
  Discord: /\bDiscord (?:refuses|no longer has)/u,
  firewall: /\ba firewall in front of the provider is blocking/iu,
};

const linesOf = (failure: Failure) =>
  renderTask(aTask({ state: 'failed', failure }), english).embeds[0]?.description?.split('\n') ?? [];

const kinds: Readonly<Record<FailureKind, Who>> = {
  rejected: 'provider',
  auth: 'provider',
  balance: 'bot',
  busy: 'provider',
  unavailable: 'provider',
  malformed: 'provider',
  blocked: 'firewall',
  moved: 'provider',
  faulty: 'provider',
  withdrawn: 'provider',
  closed: 'bot',
  timeout: 'provider',
  lost: 'provider',
  forgotten: 'provider',
  content: 'provider',
  'prompt-length': 'provider',
  generation: 'provider',
  input: 'bot',
  queue: 'bot',
  unshown: 'Discord',
  unfetched: 'bot',
  internal: 'bot',
};

const name = 'fox.png';
const takes = ['JPEG', 'PNG'];

/** What comes to light about people's pictures after the charge. */
const refusals: readonly (readonly [Refusal, Who])[] = [
  [{ code: 'picture-type', details: { name, type: 'HEIC', takes } }, 'bot'],
  [{ code: 'picture-type', details: { name, type: undefined, takes } }, 'bot'],
  [{ code: 'picture-type', details: { name, type: 'AVIF', takes, by: 'provider' } }, 'provider'],
  [{ code: 'picture-too-large', details: { name, bytes: 30_000_000, limit: 26_214_400 } }, 'bot'],
  [{ code: 'picture-too-large', details: { name, bytes: undefined, limit: 26_214_400 } }, 'bot'],
  [{ code: 'picture-too-large', details: { name, bytes: 9e6, limit: 4e6, by: 'provider' } }, 'provider'],
  [{ code: 'picture-too-many-pixels', details: { name, limit: 64_000_000 } }, 'bot'],
  [{ code: 'pictures-too-many-pixels', details: { limit: 128_000_000 } }, 'bot'],
  [{ code: 'picture-takes-too-long', details: { name } }, 'bot'],
  [{ code: 'picture-unreadable', details: { name } }, 'bot'],
  [{ code: 'picture-animated', details: { name } }, 'provider'],
  [{ code: 'picture-unreachable', details: { name } }, 'bot'],
  [{ code: 'picture-gone', details: { name } }, 'Discord'],
  [{ code: 'link-unreachable', details: { name } }, 'bot'],
  [{ code: 'link-slow', details: { name } }, 'bot'],
  [{ code: 'mask-empty', details: undefined }, 'bot'],
  [{ code: 'mask-full', details: undefined }, 'bot'],
  [{ code: 'parent-picture-gone', details: undefined }, 'bot'],
];

function expectNamed(sentence: string, who: Who): void {
  const found = (Object.keys(names) as Who[])
    .map((one) => ({ one, at: sentence.search(names[one]) }))
    .filter(({ at }) => at >= 0)
    .toSorted((first, second) => first.at - second.at);
  expect(found[0]?.one, sentence).toBe(who);
}

describe('a late failure says who said what', () => {
  it.each(Object.entries(kinds) as [FailureKind, Who][])('%s: %s', (kind, who) => {
    const [first = '', ...rest] = linesOf({ kind, mayHaveCost: false });
    expectNamed(first, who);
    expect(rest).toEqual(['Your 100 points are back.']);
  });

  it.each(refusals.map(([refusal, who]) => [refusal.code, refusal, who] as const))(
    'about a picture: %s',
    (_code, refusal, who) => {
      const [first = '', ...rest] = linesOf({ kind: 'input', refusal, mayHaveCost: false });
      expectNamed(first, who);
      expect(rest).toEqual(['Your 100 points are back.']);
    },
  );

  it("quotes the provider's own words as its own", () => {
    const reason = 'your `prompt` is *banned*';
    expect(linesOf({ kind: 'rejected', reason, mayHaveCost: true })).toEqual([
      '❌ The provider turned this down.',
      'The provider says: `your ˋpromptˋ is *banned*`',
      'Your 100 points are back.',
      "The outcome is unknown, so the bot's operator may have been charged anyway.",
    ]);
  });

  it('in a message without an embed, and in a mention', () => {
    const unshown = aTask({ state: 'failed', failure: { kind: 'unshown', mayHaveCost: false } });
    expectNamed(renderPlain(unshown, english)?.content.split('\n')[1] ?? '', 'Discord');
    expectNamed(renderMention(unshown, english).content, 'Discord');
    const unfetched = aTask({ state: 'failed', failure: { kind: 'unfetched', mayHaveCost: false } });
    expectNamed(renderPlain(unfetched, english)?.content.split('\n')[1] ?? '', 'bot');
    expectNamed(renderMention(unfetched, english).content, 'bot');
  });

  it.each(
    Object.entries(en).filter(([key]) =>
      /^result\.(?:link|missing|unreachable|not-shown|awaited)/u.test(key),
    ),
  )('about files: %s', (_key, text) => {
    expect(text).toMatch(
      /\bthe bot couldn't\b|\bthe provider (?:keeps|'s file server)|\bthe provider's file server|^Discord can't/iu,
    );
  });
});
