import { describe, expect, it } from 'vitest';
import {
  dateAndTime,
  listNumberedLinks,
  mebibytes,
  mentionPerson,
  mentionRole,
  messageLink,
  relativeTime,
  timeOfDay,
} from '../../src/locales/format.ts';

describe("forms of Discord's own", () => {
  it('are times in the zone and language of whoever reads them, cut to the second', () => {
    const forms = [relativeTime(1_999), timeOfDay(2_000), dateAndTime(0)];
    expect(forms).toEqual(['<t:1:R>', '<t:2:t>', '<t:0:d> <t:0:t>']);
  });

  it('are links to messages, also to those of direct messages', () => {
    const place = { channelId: '3', messageId: '5' };
    expect(messageLink({ ...place, guildId: '2' })).toBe('https://discord.com/channels/2/3/5');
    expect(messageLink(place)).toBe('https://discord.com/channels/@me/3/5');
  });

  it('are mentions, numbered links and sizes', () => {
    expect([mentionPerson('1'), mentionRole('2')]).toEqual(['<@1>', '<@&2>']);
    expect(listNumberedLinks(['https://a.example', 'https://b.example'])).toBe(
      '[1](https://a.example) · [2](https://b.example)',
    );
    expect([mebibytes(26_214_400), mebibytes(1)]).toEqual(['25.0 MiB', '0.0 MiB']);
  });
});
