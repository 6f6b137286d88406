import { PermissionFlagsBits } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { type RawInteraction, toCaller } from '../../src/discord/caller.ts';

const everything = {
  id: '1',
  token: 'a-token',
  application_id: '2',
  guild_id: '300',
  channel_id: '400',
  channel: { id: '400' },
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
      asker: { userId: '500', book: '300', roleIds: ['600'], isAdministrator: true },
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

  it('is the person of a direct message, too', () => {
    const direct = { guild_id: undefined, member: undefined, user: { id: '501' } };
    expect(read(direct).asker).toEqual({
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
  ])('has the rights that are written down: %s', (_, changes, isAdministrator) => {
    expect(read(changes).asker.isAdministrator).toBe(isAdministrator);
  });

  it('is nobody without a name', () => {
    for (const member of [undefined, null, {}, { user: null }, { user: {} }, { user: { id: 5 } }])
      expect(() => read({ member })).toThrow('names nobody');
  });
});
