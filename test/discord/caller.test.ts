import { PermissionFlagsBits } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { type RawInteraction, toCaller } from '../../src/discord/caller.ts';

const everything = {
  id: '1',
  token: 'a-token',
  application_id: '2',
  guild_id: '300',
  channel_id: '400',
  channel: { id: '400', parent_id: '390', nsfw: true },
  member: { user: { id: '500' }, roles: ['600'], permissions: String(PermissionFlagsBits.ManageGuild) },
  message: { id: '700', channel_id: '400', flags: 0 },
  locale: 'de',
  app_permissions: String(PermissionFlagsBits.ViewChannel),
  authorizing_integration_owners: { '0': '300' },
  attachment_size_limit: 25_000_000,
} as const satisfies RawInteraction;

const read = (changes: object = {}) => toCaller({ ...everything, ...changes } as RawInteraction, 1_000);

describe('who asks, and where', () => {
  it('is read from what Discord sent', () => {
    expect(read()).toMatchObject({
      userId: '500',
      guildId: '300',
      canManageMessages: false,
      locale: 'de',
      asker: {
        userId: '500',
        book: '300',
        roleIds: ['600'],
        isAdministrator: true,
        where: { channelId: '400', parentId: '390', isAgeRestricted: true },
      },
      origin: {
        interactionId: '1',
        place: { applicationId: '2', channelId: '400', token: 'a-token', tokenExpiresAt: 841_000 },
      },
    });
  });

  const fromElsewhere: [string, object, object][] = [
    ['no channel', { channel: undefined }, { channelId: '400' }],
    ['no channel_id', { channel_id: null }, { channelId: '400' }],
    ['neither, on a button', { channel_id: null, channel: null }, { channelId: '400', isOpenToBot: true }],
    ['no channel at all', { channel_id: null, channel: null, message: null }, { isOpenToBot: false }],
    ['no guild_id', { guild_id: null, guild: { id: '300' } }, { guildId: '300' }],
    ['no locale', { locale: null }, { locale: 'en-US' }],
    ['no limit', { attachment_size_limit: null }, { uploadLimitBytes: 10 * 1024 * 1024 }],
    ['a limit of nothing', { attachment_size_limit: 0 }, { uploadLimitBytes: 10 * 1024 * 1024 }],
    ['a limit', {}, { uploadLimitBytes: 25_000_000 }],
    ['no permissions of the bot', { app_permissions: undefined }, { isOpenToBot: false }],
    ['permissions that are no number', { app_permissions: 'all' }, { isOpenToBot: false }],
    ['an administrator', { app_permissions: '8' }, { isOpenToBot: true }],
    ['an ephemeral message', { message: { id: '7', flags: 64 } }, { isOpenToBot: false }],
    ['a message without flags', { message: { id: '7' } }, { isOpenToBot: true }],
    ['no owners', { authorizing_integration_owners: null }, { isOpenToBot: true }],
    ["a person's app", { authorizing_integration_owners: { '1': '500' } }, { isOpenToBot: false }],
    ['an owner that is nobody', { authorizing_integration_owners: { '0': null } }, { isOpenToBot: false }],
  ];
  it.each(fromElsewhere)('is read with %s', (_, changes, place) => {
    expect(read(changes).origin.place).toMatchObject(place);
  });

  const target = (flags: number) => ({
    message: null,
    data: { target_id: '7', resolved: { messages: { '7': { id: '7', flags } } } },
  });
  it.each([
    ['a press on a message that only they see', { message: { id: '7', flags: 64 } }, true],
    ['a command from the menu of such a message', target(64), true],
    ['a press on a message that others see', { message: { id: '7', flags: 128 } }, undefined],
    ['a command from the menu of one', target(0), undefined],
    ['a command', { message: null }, undefined],
  ])('is meant privately or not: %s', (_, changes, isPrivate) => {
    const { place } = read(changes).origin;
    expect(place.isPrivate).toBe(isPrivate);
    expect(place.isOpenToBot).toBe(isPrivate !== true);
  });

  const { ViewChannel, SendMessages, SendMessagesInThreads, UseExternalApps } = PermissionFlagsBits;
  const may = (permissions: bigint) => ({ app_permissions: String(permissions) });
  const asThread = { channel: { id: '400', type: 11 } };
  const asPersonsApp = (permissions: bigint) => ({
    authorizing_integration_owners: { '1': '500' },
    member: { user: { id: '500' }, permissions: String(permissions) },
  });
  const inGroup = {
    authorizing_integration_owners: { '1': '500' },
    guild_id: null,
    member: null,
    user: { id: '500' },
  };
  it.each([
    ['the bot may write', may(ViewChannel | SendMessages), true],
    ['the bot may only see', may(ViewChannel), false],
    ['the bot may write but not see', may(SendMessages), false],
    ['the bot may write, but not in threads', { ...may(ViewChannel | SendMessages), ...asThread }, false],
    ['the bot may write in threads', { ...may(ViewChannel | SendMessagesInThreads), ...asThread }, true],
    ["a person's app may be shown", asPersonsApp(UseExternalApps), true],
    ["a person's app may not be shown", asPersonsApp(SendMessages), false],
    ['it is a group of friends', inGroup, true],
    [
      'Discord names no channel',
      { ...may(ViewChannel | SendMessages), channel_id: null, channel: null, message: null },
      false,
    ],
  ])('takes new messages or not: %s', (_, changes, takes) => {
    expect(read(changes).channel.takesMessages).toBe(takes);
  });

  it('is the person of a direct message, too', () => {
    const direct = { guild_id: undefined, member: undefined, user: { id: '501' } };
    expect(read(direct).asker).toMatchObject({
      userId: '501',
      book: 'direct',
      roleIds: [],
      isAdministrator: false,
    });
  });

  it.each([
    ['nothing', { member: { user: { id: '500' } } }, false],
    ['null', { member: { user: { id: '500' }, roles: null, permissions: null } }, false],
    ['words', { member: { user: { id: '500' }, permissions: 'ManageGuild' } }, false],
    ['all of them', { member: { user: { id: '500' }, permissions: '2147483647' } }, true],
    ['a bit of next year', { member: { user: { id: '500' }, permissions: String(1n << 90n) } }, false],
    ["all, as a person's app", { authorizing_integration_owners: { '1': '500' } }, false],
  ])('has the permissions that Discord sends: %s', (_, changes, isAdministrator) => {
    expect(read(changes).asker.isAdministrator).toBe(isAdministrator);
  });

  it('has no name if Discord sends none', () => {
    for (const member of [undefined, null, {}, { user: null }, { user: {} }, { user: { id: 5 } }])
      expect(() => read({ member })).toThrow('names nobody');
  });
});

const bits = PermissionFlagsBits;

describe('what a person may do', () => {
  const rightsOf = (permissions: bigint) => {
    const { canManageMessages, asker } = read({
      member: { user: { id: '500' }, permissions: `${permissions}` },
    });
    return { canManageMessages, isAdministrator: asker.isAdministrator };
  };

  it.each([
    ['nothing', 0n, false, false],
    ['to manage messages', bits.ManageMessages, true, false],
    ['to manage the server', bits.ManageGuild, false, true],
    ['both', bits.ManageMessages | bits.ManageGuild, true, true],
    ['everything', bits.Administrator, true, true],
    ['to manage channels', bits.ManageChannels, false, false],
    ['to pin messages', bits.PinMessages, false, false],
    ['to manage threads', bits.ManageThreads, false, false],
    ['to moderate members', bits.ModerateMembers, false, false],
    [
      'all that is none of these',
      ~(bits.ManageMessages | bits.ManageGuild | bits.Administrator) & ((1n << 60n) - 1n),
      false,
      false,
    ],
  ])('%s', (_what, permissions, canManageMessages, isAdministrator) => {
    expect(rightsOf(permissions)).toEqual({ canManageMessages, isAdministrator });
  });

  it("depends on their permissions, not the bot's", () => {
    const all = String(bits.Administrator);
    const caller = read({ member: { user: { id: '500' }, permissions: '0' }, app_permissions: all });
    expect(caller.canManageMessages).toBe(false);
    expect(caller.asker.isAdministrator).toBe(false);
    const place = read({ member: { user: { id: '500' }, permissions: all }, app_permissions: '0' }).origin
      .place;
    expect(place.isOpenToBot).toBe(false);
  });

  it('is read in any server, but decides nothing by itself', () => {
    const member = { user: { id: '500' }, roles: ['600'], permissions: String(bits.Administrator) };
    const app = read({ member, authorizing_integration_owners: { '1': '500' } });
    expect(app).toMatchObject({ canManageMessages: true, guildId: '300' });
    expect(app.asker).toMatchObject({
      userId: '500',
      book: 'direct',
      roleIds: ['600'],
      isAdministrator: false,
    });
    expect(app.origin).toMatchObject({ book: 'direct', place: { guildId: '300', isOpenToBot: false } });
  });

  it('depends on the person who acts, if Discord names two', () => {
    expect(read({ user: { id: '501' } }).userId).toBe('501');
    expect(read({ user: null }).userId).toBe('500');
  });
});

describe('where the bot may write', () => {
  it.each([
    ['nothing', 0n, false],
    ['to see the channel', bits.ViewChannel, true],
    ['to see and to send', bits.ViewChannel | bits.SendMessages, true],
    ['to send alone', bits.SendMessages, false],
    ['everything', bits.Administrator, true],
    ['all but to see', ~(bits.ViewChannel | bits.Administrator) & ((1n << 60n) - 1n), false],
  ])('with the permission to do %s', (_what, permissions, isOpenToBot) => {
    expect(read({ app_permissions: `${permissions}` }).origin.place.isOpenToBot).toBe(isOpenToBot);
  });

  it.each([
    [0, true],
    [4, true],
    [64, false],
    [64 + 4, false],
    [128, true],
  ])('under a message with the flags %i', (flags, isOpenToBot) => {
    expect(read({ message: { id: '7', flags } }).origin.place.isOpenToBot).toBe(isOpenToBot);
  });
});

describe('a person they name', () => {
  const resolved = {
    members: { '501': { roles: ['601', '602'] }, '502': { roles: [] }, '503': {}, '504': null },
  };
  const caller = read({ data: { resolved } });

  it.each([
    ['with roles of their own', '501', ['601', '602']],
    ['without roles', '502', []],
    ['whose roles Discord leaves out', '503', undefined],
    ['about whom Discord says nothing', '504', undefined],
    ['who has left', '505', undefined],
    ["who is the person asking, but wasn't resolved", '500', undefined],
  ])('%s', (_who, id, roleIds) => {
    expect(caller.named({ id, bot: false })).toEqual({
      userId: id,
      isBot: false,
      roleIds,
      isAdministrator: false,
    });
  });

  it.each([
    ['who may manage the server', bits.ManageGuild, true],
    ['who may do everything', bits.Administrator, true],
    ['who may do the rest', ~(bits.ManageGuild | bits.Administrator) & ((1n << 60n) - 1n), false],
  ])('%s', (_who, permissions, isAdministrator) => {
    const members = { '501': { roles: [], permissions: `${permissions}` } };
    const named = read({ data: { resolved: { members } } }).named({ id: '501', bot: false });
    expect(named).toMatchObject({ isAdministrator });
  });

  it('may be a bot', () => {
    expect(caller.named({ id: '501', bot: true })).toMatchObject({ isBot: true });
  });

  it.each([null, undefined, {}, { resolved: null }, { resolved: {} }, { resolved: { members: null } }])(
    'is nobody on the server if Discord resolves nobody: %j',
    (data) => {
      expect(read({ data }).named({ id: '501', bot: false }).roleIds).toBeUndefined();
    },
  );
});

describe('what a task remembers', () => {
  it('is everything that a later message needs', () => {
    expect(read().origin).toEqual({
      interactionId: '1',
      userId: '500',
      book: '300',
      place: {
        applicationId: '2',
        guildId: '300',
        channelId: '400',
        token: 'a-token',
        tokenExpiresAt: 841_000,
        uploadLimitBytes: 25_000_000,
        locale: 'de',
        isOpenToBot: true,
        repliesTo: '700',
      },
    });
    expect(read({ message: null }).origin.place).not.toHaveProperty('repliesTo');
    const direct = read({ guild_id: undefined, member: undefined, user: { id: '501' } });
    expect(direct.origin.place).not.toHaveProperty('guildId');
    expect(direct.guildId).toBeUndefined();
  });
});

describe('a message that a component is on', () => {
  it.each([
    ['that only its person sees', { id: '7', flags: 64 }, true],
    ['that others see', { id: '7', flags: 0 }, false],
    ['without flags', { id: '7' }, false],
    ['that there is none', undefined, false],
  ] as const)('is one %s', (_what, message, isOnPrivateMessage) => {
    expect(read({ message }).isOnPrivateMessage).toBe(isOnPrivateMessage);
  });
});
