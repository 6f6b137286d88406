import { describe, expect, it } from 'vitest';
import { type Asker, decide, type Standing } from '../../src/points/policy.ts';
import { commandOf, type Whereabouts, type Work } from '../../src/points/server-rules.ts';
import type { ServerRules } from '../../src/storage/settings-document.ts';
import { type Action, followUpActions, startActions } from '../../src/task.ts';

const operator = {
  allowedGuilds: '*',
  allowsDirect: false,
  operatorIds: new Set(['olga']),
  serverBudget: undefined,
  refundedCancels: 10,
} as const;
const standing: Standing = {
  spent: 0,
  granted: 0,
  refillsAt: 1,
  serverSpent: 0,
  monthEndsAt: 2,
  unfinished: 0,
  serverWaiting: 0,
};
const general: Whereabouts = { channelId: 'general', parentId: 'lobby', isAgeRestricted: false };
const thread: Whereabouts = { channelId: 'thread', parentId: 'general', isAgeRestricted: false };
const afterDark: Whereabouts = { channelId: 'after-dark', isAgeRestricted: true };

interface Try {
  rules: ServerRules;
  where?: Whereabouts | undefined;
  roles?: readonly string[];
  work?: Partial<Work>;
  price?: number;
  now?: Partial<Standing>;
  who?: Partial<Asker>;
}

/** What is decided: the rule and the code of a refusal, or `all`. */
function outcome({ rules, where = general, roles = [], work = {}, price = 100, now = {}, who = {} }: Try) {
  const asker = { userId: 'max', book: 'server', roleIds: roles, isAdministrator: false, where, ...who };
  const decision = decide({ operator, book: rules }, asker, {
    to: 'start',
    work: { action: 'imagine', speed: 'fast', ...work },
    price,
    count: 1,
    standing: { ...standing, ...now },
  });
  return decision.isAllowed ? decision.rule : `${decision.rule}: ${decision.refusal.code}`;
}

const only: ServerRules = { channels: { mode: 'only', ids: ['general'] } };
const except: ServerRules = { channels: { mode: 'except', ids: ['general'] } };
const painters: ServerRules = { commandRoles: { imagine: ['painter', 'patron'], video: ['patron'] } };
const calm: ServerRules = { speedRoles: { turbo: ['patron'], fast: ['painter', 'patron'] } };
const others = { action: 'reroll', ownerId: 'mei' } as const;

describe('what a server refuses', () => {
  it.each<[string, Try, string]>([
    ['another channel', { rules: only, where: afterDark }, 'channel: channel-not-allowed'],
    ['an excluded channel', { rules: except }, 'channel: channel-excluded'],
    ['a thread in an excluded channel', { rules: except, where: thread }, 'channel: channel-excluded'],
    [
      'a channel of an excluded category',
      { rules: { channels: { mode: 'except', ids: ['lobby'] } } },
      'channel: channel-excluded',
    ],
    ['nobody knows where', { rules: except, who: { where: undefined } }, 'channel: channel-excluded'],
    [
      'a free result in another channel',
      { rules: only, where: afterDark, price: 0 },
      'channel: channel-not-allowed',
    ],
    [
      'an operator in another channel',
      { rules: only, where: afterDark, who: { userId: 'olga' } },
      'channel: channel-not-allowed',
    ],
    ['a channel for all ages', { rules: { sensitive: 'age-restricted' } }, 'sensitive: age-restricted-only'],
    [
      'an age-restricted channel',
      { rules: { sensitive: 'never' }, where: afterDark },
      'sensitive: age-restricted-never',
    ],
    [
      'nobody knows for which ages',
      { rules: { sensitive: 'never' }, who: { where: undefined } },
      'sensitive: age-restricted-never',
    ],
    ['a command without its role', { rules: painters }, 'command-role: command-role-missing'],
    [
      'another role',
      { rules: painters, roles: ['painter'], work: { action: 'video' } },
      'command-role: command-role-missing',
    ],
    [
      'a button that makes videos',
      { rules: painters, roles: ['painter'], work: { action: 'animate-low' } },
      'command-role: command-role-missing',
    ],
    [
      'a button that makes pictures',
      { rules: painters, work: { action: 'pan-left' } },
      'command-role: command-role-missing',
    ],
    ['a speed without its role', { rules: calm }, 'speed-role: speed-role-missing'],
    [
      'a faster speed than the role has',
      { rules: calm, roles: ['painter'], work: { speed: 'turbo' } },
      'speed-role: speed-role-missing',
    ],
    [
      "somebody else's buttons",
      { rules: { buttons: { who: 'owner' } }, work: others },
      'button: buttons-of-owner',
    ],
    [
      "somebody else's free buttons",
      { rules: { buttons: { who: 'owner' } }, work: others, price: 0 },
      'button: buttons-of-owner',
    ],
    [
      "somebody else's buttons without the role",
      { rules: { buttons: { who: 'roles', roles: ['patron'] } }, work: others, roles: ['painter'] },
      'button: button-role-missing',
    ],
    [
      'more than a person may',
      { rules: { personRunning: 1, personWaiting: 1 }, now: { unfinished: 2 } },
      'person-limit: too-many-yours',
    ],
    [
      'more than may wait',
      { rules: { serverWaiting: 5 }, now: { serverWaiting: 5 } },
      'server-limit: too-many-here',
    ],
  ])('%s', (_what, attempt, expected) => {
    expect(outcome(attempt)).toBe(expected);
  });
});

describe('what a server allows', () => {
  it.each<[string, Try]>([
    ['anything, without rules', { rules: {}, where: afterDark, work: { ...others, speed: 'turbo' } }],
    ['a channel', { rules: only }],
    ['a thread in it', { rules: only, where: thread }],
    ['a channel of a category', { rules: { channels: { mode: 'only', ids: ['lobby'] } } }],
    ['any channel but one', { rules: except, where: afterDark }],
    ['an age-restricted channel', { rules: { sensitive: 'age-restricted' }, where: afterDark }],
    ['a channel for all ages', { rules: { sensitive: 'never' } }],
    ['both, behind spoilers', { rules: { sensitive: 'spoiler' }, where: afterDark }],
    ['a command with one of its roles', { rules: painters, roles: ['patron'] }],
    ['a command that needs no role', { rules: painters, work: { action: 'describe' } }],
    ['a speed with its role', { rules: calm, roles: ['patron'], work: { speed: 'turbo' } }],
    ['a speed that needs no role', { rules: calm, work: { speed: 'relax' } }],
    ["one's own buttons", { rules: { buttons: { who: 'owner' } }, work: { ...others, ownerId: 'max' } }],
    ['a command where buttons are restricted', { rules: { buttons: { who: 'owner' } } }],
    [
      "somebody else's buttons with the role",
      { rules: { buttons: { who: 'roles', roles: ['patron'] } }, work: others, roles: ['patron'] },
    ],
    ['as many as a person may', { rules: { personRunning: 1, personWaiting: 1 }, now: { unfinished: 1 } }],
    ['more than the default', { rules: { personRunning: 10 }, now: { unfinished: 15 } }],
  ])('%s', (_what, attempt) => {
    expect(outcome(attempt)).toBe('all');
  });
});

describe('the command that an action counts as', () => {
  it('is itself for a command, and the one that makes the same for a button', () => {
    for (const action of startActions) expect(commandOf(action)).toBe(action);
    const byCommand = (command: string) =>
      followUpActions.filter((action: Action) => commandOf(action) === command);
    expect(byCommand('video')).toEqual([
      'animate-high',
      'animate-low',
      'reroll-video',
      'extend-high',
      'extend-low',
      'other-video',
    ]);
    expect(byCommand('describe')).toEqual(['redescribe']);
    expect(byCommand('imagine')).toHaveLength(followUpActions.length - 7);
  });
});
