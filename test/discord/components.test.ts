import type { ButtonInteraction, StringSelectMenuInteraction } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/discord/command.ts';
import { chooseMore, pressButton } from '../../src/discord/components.ts';
import { createRemovals } from '../../src/discord/removals.ts';
import type { Responder } from '../../src/discord/respond.ts';
import { UserError } from '../../src/errors.ts';
import { english } from '../../src/locales/index.ts';
import type { TaskService } from '../../src/service/presses.ts';
import { createFakeClock, type FakeClock } from '../helpers/clock.ts';

const taskId = 'AbCdEfGh_-123456';
const userId = '444444444444444444';

describe('a press', () => {
  let clock: FakeClock;
  /** What the service and Discord were asked for, in order. */
  let done: string[];
  let showsResult: boolean;
  let mayRemove: boolean;
  let isRemovalRefused: boolean;
  let context: CommandContext;

  beforeEach(() => {
    clock = createFakeClock(0);
    done = [];
    showsResult = true;
    mayRemove = true;
    isRemovalRefused = false;
    const note = (what: string) => async (first: { token?: string }) => {
      done.push([what, first.token].filter(Boolean).join(' '));
    };
    const responder = {
      deferUpdate: note('defer'),
      followUpPrivately: note('ask'),
      removeOriginal: async ({ token }: { token: string }) => {
        if (isRemovalRefused) throw new Error('Discord is down');
        done.push(`delete ${token}`);
      },
      removeMessage: note('defer and delete'),
    } as unknown as Responder;
    const service = {
      showsResult: async () => showsResult,
      remove: async ({ messageId }: { messageId: string }) => {
        if (!mayRemove) throw new UserError('not-yours');
        done.push(`remove ${messageId}`);
      },
      windowFor: async () => undefined,
      act: async ({ offer, messageId }: { offer: number; messageId: string }) => ({ offer, messageId }),
    } as unknown as TaskService;
    context = {
      service,
      responder,
      removals: createRemovals({ responder, clock }),
      caller: { userId, isOnPrivateMessage: true },
      words: english,
      acknowledge: async (opened: unknown) => void done.push(JSON.stringify(opened)),
      async replyPrivatelyWith(make: () => Promise<{ message: { content: string } }>) {
        done.push('promise');
        const { message } = await make();
        done.push(message.content);
      },
      resume: { agree: async () => 'an agreement' },
    } as unknown as CommandContext;
  });

  const press = (kind: string, token: string, messageId: string) =>
    pressButton(
      { customId: `${kind}:${taskId}:0`, token, message: { id: messageId } } as unknown as ButtonInteraction,
      context,
    );

  it('on 🗑️ asks first, and the answer deletes the result by the token of that press', async () => {
    await press('remove', 'first', '900');
    expect(done).toEqual(['defer first', 'ask first']);
    await press('delete', 'second', '901');
    expect(done.slice(2)).toEqual(['promise', 'remove 900', 'delete first', 'Deleted.']);
  });

  it("on Yes doesn't say that a result is deleted if Discord didn't delete it", async () => {
    await press('remove', 'first', '900');
    isRemovalRefused = true;
    await expect(press('delete', 'second', '901')).rejects.toThrow('Discord is down');
    expect(done).not.toContain('Deleted.');
  });

  it('on 🗑️ of a failure deletes it at once', async () => {
    showsResult = false;
    await press('remove', 'first', '900');
    expect(done).toEqual(['remove 900', 'defer and delete first']);
  });

  it('on Yes decides again whether that person may', async () => {
    await press('remove', 'first', '900');
    mayRemove = false;
    await expect(press('delete', 'second', '901')).rejects.toThrow('not-yours');
    expect(done).not.toContain('delete first');
  });

  it('on Yes does nothing if nobody was asked, or too long ago', async () => {
    await press('delete', 'second', '901');
    await press('remove', 'first', '900');
    clock.set(14 * 60_000);
    await press('delete', 'second', '901');
    const tooOld = english.say('remove.too-old');
    expect(done).toEqual(['promise', tooOld, 'defer first', 'ask first', 'promise', tooOld]);
  });

  it.each([
    'search:1:fox',
    'list:mine:any:1',
    `unfavorite:${taskId}:0`,
    `delete:${taskId}:0`,
    `cancel-anyway:${taskId}:0`,
    'forget-me',
  ])("doesn't replace a message that others see: %s", async (customId) => {
    const seen = { ...context, caller: { userId, isOnPrivateMessage: false } } as unknown as CommandContext;
    const forged = { customId, token: 't', message: { id: '900' } } as unknown as ButtonInteraction;
    await expect(pressButton(forged, seen)).rejects.toThrow('unknown-component');
    expect(done).toEqual([]);
  });

  it('in the menu acts like the button', async () => {
    const choice = (customId: string, ...values: string[]) =>
      chooseMore(
        { customId, values, message: { id: '900' } } as unknown as StringSelectMenuInteraction,
        context,
      );
    await choice(`more:${taskId}:0`, '17');
    expect(done).toEqual([JSON.stringify({ offer: 17, messageId: '900' })]);
    await expect(choice(`more:${taskId}:0`, 'x')).rejects.toThrow('unknown-component');
    await expect(choice(`more:${taskId}:0`)).rejects.toThrow('unknown-component');
    await expect(choice(`offer:${taskId}:0`, '1')).rejects.toThrow('unknown-component');
  });

  it.each(['more', 'window', 'proposal-window', 'draft-window'])(
    'on a button that has the id of a menu or a modal does nothing: %s',
    async (kind) => {
      await expect(press(kind, 'first', '900')).rejects.toThrow('unknown-component');
      expect(done).toEqual([]);
    },
  );
});
