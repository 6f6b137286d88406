import type { Interaction } from 'discord.js';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Acknowledge, createAcknowledge } from '../../src/discord/acknowledge.ts';
import type { Acknowledgement, Responder } from '../../src/discord/respond.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aPlace } from '../helpers/tasks.ts';

/** Discord's reaction to a first answer is scripted; the rest is real. */
describe('handing over', () => {
  let relay: Relay;
  let acknowledge: Acknowledge;
  let answers: { defer: Acknowledgement; find: Acknowledgement; post: Acknowledgement };
  /** The tasks whose messages the bot sent by itself. */
  let posts: string[];
  /** The tokens whose first answers were removed. */
  let removed: string[];
  let asked: number;
  /** Discord's reaction to the acknowledgement, if not immediate. */
  let onDefer: (() => Promise<void>) | undefined;

  beforeEach(async () => {
    relay = await createRelay();
    asked = 0;
    onDefer = undefined;
    posts = [];
    removed = [];
    answers = {
      defer: { outcome: 'taken', messageId: '900' },
      find: { outcome: 'unknown' },
      post: { outcome: 'taken', messageId: '901' },
    };
    const responder: Responder = {
      async defer() {
        await onDefer?.();
        return answers.defer;
      },
      replyPrivately: async () => undefined,
      deferUpdate: async () => undefined,
      removeMessage: async () => undefined,
      removeOriginal: async ({ token }) => void removed.push(token),
      followUpPrivately: async () => undefined,
      deferPrivately: async () => undefined,
      editPrivately: async () => undefined,
      updateMessage: async () => undefined,
      suggest: async () => undefined,
      openModal: async () => undefined,
      findOriginal: async () => {
        asked += 1;
        return answers.find;
      },
    };
    acknowledge = createAcknowledge({
      service: relay.service,
      responder,
      postTask: async (task) => {
        posts.push(task.id);
        return answers.post;
      },
      clock: relay.clock,
      log: pino({ level: 'silent' }),
    });
    acknowledge.start();
  });
  afterEach(async () => {
    await acknowledge.stop();
    await relay.remove();
  });

  async function start(): Promise<string> {
    const place = aPlace({ tokenExpiresAt: relay.clock.now() + 14 * 60_000 });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const opened = await relay.service.start(request, aCaller({ place }));
    await acknowledge({} as Interaction, opened);
    return opened.task.id;
  }

  describe('of a task that no interaction waits for', () => {
    /** As the page of the region editor starts one. */
    async function open(isPosted = true) {
      const tokenExpiresAt = isPosted ? 0 : relay.clock.now() + 14 * 60_000;
      const place = aPlace({ tokenExpiresAt, ...(isPosted ? { isPosted } : { isOpenToBot: false }) });
      const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
      return relay.service.start(request, aCaller({ place }));
    }

    it('sends its message, submits it then, and removes the private question', async () => {
      const opened = await open();
      const message = { outcome: 'taken', messageId: '901' };
      expect(await acknowledge.post(opened)).toEqual(message);
      await relay.clock.pass(0);
      expect(await relay.read(opened.task.id)).toMatchObject({
        state: 'running',
        origin: { place: { messageId: '901' } },
      });
      expect(posts).toEqual([opened.task.id]);
      expect(removed).toEqual(['interaction-token']);
    });

    it('cancels and refunds it if Discord refuses the message', async () => {
      answers.post = { outcome: 'refused' };
      const opened = await open();
      expect(await acknowledge.post(opened)).toEqual({ outcome: 'refused' });
      await relay.clock.pass(0);
      expect(await relay.read(opened.task.id)).toMatchObject({ state: 'cancelled' });
      expect(relay.provider.submits).toEqual([]);
      expect(await relay.left()).toBe(2_000);
      expect(removed).toEqual([]);
    });

    it('sends it again if nobody knows whether Discord took it, and after a crash', async () => {
      answers.post = { outcome: 'unknown' };
      const { task } = await open();
      await relay.clock.pass(20_000);
      expect(posts.length).toBeGreaterThan(1);
      expect(relay.provider.submits).toEqual([]);
      answers.post = { outcome: 'taken', messageId: '901' };
      await relay.clock.pass(20_000);
      expect(await relay.read(task.id)).toMatchObject({
        state: 'running',
        origin: { place: { messageId: '901' } },
      });
      expect(relay.provider.submits).toHaveLength(1);
    });

    it('gives up before Discord may forget that it has the message', async () => {
      answers.post = { outcome: 'unknown' };
      const { task } = await open();
      await relay.clock.pass(3 * 60_000);
      expect(await relay.read(task.id)).toMatchObject({ state: 'cancelled' });
      expect(await relay.left()).toBe(2_000);
    });

    it('takes the place of the private question if the bot may not write there', async () => {
      answers.find = { outcome: 'taken', messageId: '902' };
      const opened = await open(false);
      await acknowledge.post(opened);
      await relay.clock.pass(0);
      expect(await relay.read(opened.task.id)).toMatchObject({
        state: 'running',
        origin: { place: { messageId: '902' } },
      });
      expect([posts, removed]).toEqual([[], []]);
    });
  });

  it('submits once Discord has the answer, and saves its message', async () => {
    const id = await start();
    await relay.clock.pass(0);
    expect(await relay.read(id)).toMatchObject({ state: 'running', origin: { place: { messageId: '900' } } });
    expect(await relay.documents.messages.get('900')).toBe(id);
  });

  /** As if starting the task took a while: Discord is answered first. */
  async function startLater(isStarted: () => void = () => {}): Promise<string | undefined> {
    const place = aPlace({ tokenExpiresAt: relay.clock.now() + 14 * 60_000 });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    let id: string | undefined;
    await acknowledge.first({} as Interaction, false, async () => {
      isStarted();
      const opened = await relay.service.start(request, aCaller({ place }));
      id = opened.task.id;
      return opened;
    });
    return id;
  }

  it('comes before a task that takes a while to start', async () => {
    const id = (await startLater()) ?? '';
    await relay.clock.pass(0);
    expect(await relay.read(id)).toMatchObject({ state: 'running', origin: { place: { messageId: '900' } } });
  });

  it('starts no such task if Discord says that it is too late', async () => {
    answers.defer = { outcome: 'refused' };
    let starts = 0;
    await startLater(() => {
      starts += 1;
    });
    expect(starts).toBe(0);
    expect(await relay.left()).toBe(2_000);
  });

  it('says why no such task starts', async () => {
    const why = new Error('no translation');
    await expect(
      startLater(() => {
        throw why;
      }),
    ).rejects.toBe(why);
    expect(await relay.left()).toBe(2_000);
  });

  it('cancels and refunds if Discord says that it is too late', async () => {
    answers.defer = { outcome: 'refused' };
    expect(await relay.read(await start())).toMatchObject({ state: 'cancelled' });
    expect(await relay.left()).toBe(2_000);
    expect(relay.provider.submits).toEqual([]);
  });

  it('asks whether an answer arrived before anything is spent, for as long as necessary', async () => {
    answers.defer = { outcome: 'unknown' };
    const id = await start();
    await relay.clock.pass(60_000);
    expect(asked).toBeGreaterThan(3);
    expect(relay.provider.submits).toEqual([]);
    answers.find = { outcome: 'taken', messageId: '901' };
    await relay.clock.pass(15_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', origin: { place: { messageId: '901' } } });
  });

  it('cancels and refunds if the answer turns out to be missing', async () => {
    answers = { ...answers, defer: { outcome: 'unknown' }, find: { outcome: 'refused' } };
    const id = await start();
    await relay.clock.pass(7_900);
    expect(await relay.read(id)).toMatchObject({ state: 'queued' });
    await relay.clock.pass(200); // eight seconds: Discord never works on an answer that long
    expect(await relay.read(id)).toMatchObject({ state: 'cancelled' });
    expect(await relay.left()).toBe(2_000);
  });

  it('goes on with an answer that Discord was still working on when it was asked', async () => {
    answers = { ...answers, defer: { outcome: 'unknown' }, find: { outcome: 'refused' } };
    const id = await start();
    await relay.clock.pass(5_000);
    expect([asked, (await relay.read(id)).state]).toEqual([1, 'queued']);
    answers.find = { outcome: 'taken', messageId: '901' };
    await relay.clock.pass(15_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', origin: { place: { messageId: '901' } } });
    expect(await relay.left()).toBe(1_900);
  });

  it('cancels and refunds once the token has expired, without asking again', async () => {
    answers.defer = { outcome: 'unknown' };
    const id = await start();
    await relay.clock.pass(15 * 60_000);
    const before = asked;
    expect(await relay.read(id)).toMatchObject({ state: 'cancelled' });
    await relay.clock.pass(60_000);
    expect(asked).toBe(before);
  });

  it.each([
    ['Discord has no message yet', { outcome: 'refused' }],
    ['Discord has one already', { outcome: 'taken', messageId: '777' }],
  ] as const)('leaves a task alone that is being acknowledged, although %s', async (_what, found) => {
    const slow = Promise.withResolvers<void>();
    onDefer = () => slow.promise;
    answers.find = found;
    const place = aPlace({ tokenExpiresAt: relay.clock.now() + 14 * 60_000 });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const opened = await relay.service.start(request, aCaller({ place }));
    const acknowledging = acknowledge({} as Interaction, opened);
    // Several sweeps, long after which a missing answer counts as refused.
    await relay.clock.pass(60_000);
    expect(asked).toBe(0);
    expect(await relay.read(opened.task.id)).toMatchObject({ state: 'queued' });
    expect(relay.provider.submits).toEqual([]);
    slow.resolve();
    await acknowledging;
    await relay.clock.pass(0);
    expect(await relay.read(opened.task.id)).toMatchObject({
      state: 'running',
      origin: { place: { messageId: '900' } },
    });
    // And the next sweep has nothing left to ask about.
    await relay.clock.pass(60_000);
    expect(asked).toBe(0);
    expect(await relay.left()).toBe(1_900);
  });

  it('sweeps older tasks while another is being acknowledged', async () => {
    answers.defer = { outcome: 'unknown' };
    const left = await start();
    const slow = Promise.withResolvers<void>();
    onDefer = () => slow.promise;
    const busy = start();
    await relay.clock.pass(0);
    answers.find = { outcome: 'taken', messageId: '901' };
    await relay.clock.pass(15_000);
    expect(await relay.read(left)).toMatchObject({ origin: { place: { messageId: '901' } } });
    answers.defer = { outcome: 'taken', messageId: '902' };
    slow.resolve();
    expect(await relay.read(await busy)).toMatchObject({ origin: { place: { messageId: '902' } } });
  });

  it('answers once if Discord delivers an interaction twice, while the first answer is on its way', async () => {
    const slow = Promise.withResolvers<void>();
    let defers = 0;
    onDefer = () => {
      defers += 1;
      return slow.promise;
    };
    const place = aPlace({ tokenExpiresAt: relay.clock.now() + 14 * 60_000 });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const caller = aCaller({ place });
    const first = acknowledge({} as Interaction, await relay.service.start(request, caller));
    const again = await relay.service.start(request, caller);
    expect(again.isNew).toBe(false);
    const second = acknowledge({} as Interaction, again);
    slow.resolve();
    await Promise.all([first, second]);
    await relay.clock.pass(0);
    expect(defers).toBe(1);
    expect(await relay.read(again.task.id)).toMatchObject({ state: 'running' });
    expect(relay.provider.submits).toHaveLength(1);
  });

  it('does nothing for an interaction that was delivered twice', async () => {
    const id = await start();
    const task = await relay.read(id);
    answers.defer = { outcome: 'refused' };
    await acknowledge({} as Interaction, { task, isNew: false });
    expect((await relay.read(id)).state).not.toBe('cancelled');
  });
});
