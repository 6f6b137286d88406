import type { ButtonInteraction, RawFile, StringSelectMenuInteraction } from 'discord.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/discord/command.ts';
import { chooseInMenu, pressButton } from '../../src/discord/components.ts';
import { createRemovals } from '../../src/discord/removals.ts';
import type { PrivateMessage, Responder } from '../../src/discord/respond.ts';
import { UserError } from '../../src/errors.ts';
import { english } from '../../src/locales/index.ts';
import type { OfferWindow, TaskService } from '../../src/service/presses.ts';
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
  /** What has to be asked before an offer can start. */
  let window: OfferWindow | undefined;
  let picture: Buffer | undefined;
  let page: string | undefined;
  /** Of the last private answer. */
  let components: unknown[];
  let context: CommandContext;

  beforeEach(() => {
    clock = createFakeClock(0);
    done = [];
    showsResult = true;
    mayRemove = true;
    isRemovalRefused = false;
    window = undefined;
    picture = undefined;
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
      openModal: async (_: unknown, data: object) => void done.push(JSON.stringify(data)),
    } as unknown as Responder;
    const service = {
      showsResult: async () => showsResult,
      remove: async ({ messageId }: { messageId: string }) => {
        if (!mayRemove) throw new UserError('not-yours');
        done.push(`remove ${messageId}`);
      },
      windowFor: async () => window,
      act: async ({ offer, messageId }: { offer: number; messageId: string }) => ({ offer, messageId }),
    } as unknown as TaskService;
    context = {
      service,
      responder,
      removals: createRemovals({ responder, clock }),
      caller: { userId, isOnPrivateMessage: true },
      words: english,
      acknowledge: async (opened: unknown) => void done.push(JSON.stringify(opened)),
      async replyPrivatelyWith(
        make: () => Promise<{ message: { content: string; components?: unknown[] }; files: RawFile[] }>,
        { isNewMessage = false } = {},
      ) {
        done.push(isNewMessage ? 'promise a message' : 'promise');
        const { message, files } = await make();
        done.push(message.content, ...files.map(({ name, data }) => `${name}: ${String(data)}`));
        components = message.components ?? [];
      },
      resume: {
        agree: async () => 'an agreement',
        windowFor: async () => ({ prompt: 'a fox', needsRegion: true }),
      },
      regions: {
        begin: async () => 'Draft-Draft-Draf',
        draw: async () => picture,
        taskOf: async () => 'a task',
      },
      regionPages: { begin: async () => page },
      async replyPrivately({ content, components: shown }: PrivateMessage) {
        done.push(String(content));
        components = shown ?? [];
      },
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
    `parts:${taskId}:0`,
    'forget-me',
  ])("doesn't replace a message that others see: %s", async (customId) => {
    const seen = { ...context, caller: { userId, isOnPrivateMessage: false } } as unknown as CommandContext;
    const forged = { customId, token: 't', message: { id: '900' } } as unknown as ButtonInteraction;
    await expect(pressButton(forged, seen)).rejects.toThrow('unknown-component');
    expect(done).toEqual([]);
  });

  it('in the menu acts like the button', async () => {
    const choice = (customId: string, ...values: string[]) =>
      chooseInMenu(
        { customId, values, message: { id: '900' } } as unknown as StringSelectMenuInteraction,
        context,
      );
    await choice(`more:${taskId}:0`, '17');
    expect(done).toEqual([JSON.stringify({ offer: 17, messageId: '900' })]);
    await expect(choice(`more:${taskId}:0`, 'x')).rejects.toThrow('unknown-component');
    await expect(choice(`more:${taskId}:0`)).rejects.toThrow('unknown-component');
    await expect(choice(`offer:${taskId}:0`, '1')).rejects.toThrow('unknown-component');
  });

  it.each([
    ['a picture', Buffer.from('numbered'), [english.say('region.question'), 'parts.jpg: numbered']],
    ['no picture', undefined, [english.say('region.question.unpictured', { rows: 5, last: 25 })]],
  ])('on Vary (Region) promises an answer before it has %s to choose from', async (_what, drawn, told) => {
    window = { prompt: 'a fox', needsRegion: true };
    picture = drawn;
    await press('offer', 'first', '900');
    expect(done).toEqual(['promise a message', ...told]);
    const ids = JSON.stringify(components).match(/[a-z]+:Draft-Draft-Draf:0/g);
    expect(ids).toEqual(['cells:Draft-Draft-Draf:0', 'draft:Draft-Draft-Draf:0']);
  });

  it('on Vary (Region) leads to the page if people can reach it, and to the parts all the same', async () => {
    window = { prompt: 'a fox', needsRegion: true };
    page = 'https://relay.example/region/secret';
    picture = Buffer.from('numbered');
    await press('offer', 'first', '900');
    expect(done).toEqual([english.say('region.link', { minutes: 15 })]);
    expect(JSON.stringify(components)).toContain('"url":"https://relay.example/region/secret"');
    expect(JSON.stringify(components)).toContain('"custom_id":"parts:Draft-Draft-Draf:0"');
    await press('parts', 'second', '901');
    expect(done.slice(1)).toEqual(['promise', english.say('region.question'), 'parts.jpg: numbered']);
  });

  it('in the menu of parts opens the window with them', async () => {
    const choice = { customId: `cells:${taskId}:0`, values: ['7', '8'], message: { id: '901' } };
    await chooseInMenu(choice as unknown as StringSelectMenuInteraction, context);
    const [{ custom_id, components: fields }] = done.map((modal) => JSON.parse(modal));
    expect(custom_id).toBe(`draft-window:${taskId}:0`);
    const { options } = fields[1].component as { options: { value: string; default?: boolean }[] };
    expect(options.flatMap((one) => (one.default ? [one.value] : []))).toEqual(['7', '8']);
  });

  it.each(['more', 'cells', 'window', 'proposal-window', 'draft-window'])(
    'on a button that has the id of a menu or a modal does nothing: %s',
    async (kind) => {
      await expect(press(kind, 'first', '900')).rejects.toThrow('unknown-component');
      expect(done).toEqual([]);
    },
  );
});
