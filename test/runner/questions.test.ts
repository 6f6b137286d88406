import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { ProviderError } from '../../src/errors.ts';
import type { Submitted } from '../../src/providers/provider.ts';
import type { Task, TaskEvent } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, always, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, owner, stranger, targetOf } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('a custom zoom', () => {
  const asking = (prompt: string) => () => ({
    ref: { id: 'window-1' },
    update: { state: 'asking' as const, prompt },
  });

  async function zoom(prompt: string, proposal = ''): Promise<string> {
    const parent = await relay.finished();
    relay.provider.onSubmit = asking(proposal);
    const { task } = await relay.service.act({ ...targetOf(parent), offer: 2, prompt }, aCaller());
    await relay.service.acknowledged(task.id, `message-of-${task.id}`);
    await relay.clock.pass(0);
    return task.id;
  }

  it("answers the provider's question with the person's text, once", async () => {
    const id = await zoom('a hare --zoom 1.5', 'something else');
    expect(relay.provider.answers).toEqual([{ ref: { id: 'window-1' }, prompt: 'a hare --zoom 1.5' }]);
    expect((await relay.read(id)).state).toBe('running');
    relay.provider.onLook = always({ state: 'asking' });
    await relay.clock.pass(minute);
    expect(relay.provider.answers).toHaveLength(1);
    expect((await relay.read(id)).state).toBe('running');
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('answers after a restart between the question and the answer', async () => {
    const parent = await relay.finished();
    const { task } = await relay.service.act(
      { ...targetOf(parent), offer: 2, prompt: 'a hare --zoom 2' },
      aCaller(),
    );
    // Saved, but the process died before anybody was told.
    const at = { deadlineAt: relay.clock.now() + 60 * minute, nextLookAt: relay.clock.now() };
    const events: TaskEvent[] = [
      { type: 'acknowledged', messageId: '1' },
      { type: 'submitting', deadlineAt: at.deadlineAt },
      { type: 'accepted', ref: { id: 'window-1' }, update: { state: 'asking' }, ...at },
    ];
    let saved: Task = task;
    for (const event of events) {
      const before: Task = saved;
      saved = apply(before, event, relay.clock.now()) as Task;
      await relay.database.tasks.save(saved, before);
    }
    await relay.crash();
    const again = await relay.reopen();
    await again.recover();
    await relay.clock.pass(0);
    expect(relay.provider.answers).toEqual([{ ref: { id: 'window-1' }, prompt: 'a hare --zoom 2' }]);
    expect((await again.database.tasks.get(task.id))?.state).toBe('running');
  });

  it('answers later if the database refuses the first time', async () => {
    const real = relay.changes.change;
    let refusals = 0;
    relay.changes.change = (id, event) => {
      if (event.type !== 'answering' || refusals > 0) return real(id, event);
      refusals += 1;
      return Promise.reject(new Error('disk full'));
    };
    const id = await zoom('a hare --zoom 1.5');
    expect((await relay.read(id)).state).toBe('asking');
    await relay.clock.pass(minute);
    expect(relay.provider.answers).toHaveLength(1);
    expect((await relay.read(id)).state).toBe('running');
  });

  it("answers later if what goes with the answer can't be read the first time", async () => {
    await relay.remove();
    let masks = 0;
    const loadMask = async () => {
      masks += 1;
      if (masks === 3) throw new Error('disk broken');
      return { bytes: Buffer.from('x'), type: 'image/png' as const, url: '' };
    };
    relay = await createRelay({ loadMask });
    const id = await zoom('a hare --zoom 1.5');
    expect(relay.provider.answers).toHaveLength(0);
    expect((await relay.read(id)).state).toBe('asking');
    await relay.clock.pass(minute);
    expect(relay.provider.answers).toHaveLength(1);
    expect((await relay.read(id)).state).toBe('running');
  });

  it('leaves the answer to the next start if the bot is stopping', async () => {
    const parent = await relay.finished();
    const held = Promise.withResolvers<Submitted>();
    relay.provider.onSubmit = () => held.promise;
    const { task } = await relay.service.act(
      { ...targetOf(parent), offer: 2, prompt: 'a hare --zoom 2' },
      aCaller(),
    );
    await relay.service.acknowledged(task.id, '1');
    await settle();
    const stopped = relay.lanes.stop();
    held.resolve({ ref: { id: 'window-1' }, update: { state: 'asking' } });
    await stopped;
    await relay.clock.pass(1_000);
    expect(relay.provider.answers).toHaveLength(0);
    expect((await relay.read(task.id)).state).toBe('asking');
  });

  it('learns from looks whether an answer arrived whose reply was lost', async () => {
    relay.provider.onAnswer = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await zoom('a hare --zoom 1.5');
    expect((await relay.read(id)).state).toBe('answering');
    relay.provider.onLook = always({ state: 'asking' });
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('answering');
    expect(relay.provider.answers).toHaveLength(1);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('fails and is refunded if the provider refuses the answer', async () => {
    relay.provider.onAnswer = () =>
      Promise.reject(new ProviderError('rejected', 'no', { reason: 'bad zoom' }));
    const before = await relay.left();
    const id = await zoom('a hare --zoom 1.5');
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'rejected', reason: 'bad zoom' },
    });
    expect(await relay.left()).toBe(before - 100);
  });
});

describe('an answer that meets a full queue', () => {
  const full = () => Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 20_000 }));

  it('is sent again later if its text was given in advance', async () => {
    const parent = await relay.finished();
    relay.provider.onSubmit = () => ({ ref: { id: 'window-1' }, update: { state: 'asking' } });
    const accept = relay.provider.onAnswer;
    relay.provider.onAnswer = full;
    const { task } = await relay.service.act(
      { ...targetOf(parent), offer: 2, prompt: 'a hare --zoom 2' },
      aCaller(),
    );
    await relay.service.acknowledged(task.id, '1');
    await relay.clock.pass(0);
    expect((await relay.read(task.id)).state).toBe('asking');
    relay.provider.onAnswer = accept;
    await relay.clock.pass(15_000);
    expect(relay.provider.answers).toHaveLength(1);
    await relay.clock.pass(6_000);
    expect(relay.provider.answers).toHaveLength(2);
    expect((await relay.read(task.id)).state).toBe('running');
  });

  it('returns the question to its person, and the points after half an hour', async () => {
    relay.provider.onLook = always({ state: 'asking' });
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    relay.provider.onAnswer = full;
    await relay.service.answer(targetOf(id), owner.userId, 'a hare');
    await settle();
    expect(await relay.read(id)).toMatchObject({ state: 'asking', request: { prompt: 'a hare' } });
    await relay.clock.pass(31 * minute);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
  });
});

describe('a question from the provider', () => {
  async function asked(): Promise<string> {
    relay.provider.onLook = always({ state: 'asking', prompt: 'a fox --v 7' });
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('asking');
    return id;
  }

  it("goes to the task's owner only, with the prompt that the provider proposes", async () => {
    const id = await asked();
    expect(await codeOf(relay.service.questionOf(targetOf(id), stranger.userId))).toBe('not-yours');
    expect(await relay.service.questionOf(targetOf(id), owner.userId)).toEqual({
      prompt: 'a fox --v 7',
      mayBeEmpty: true,
    });
  });

  it('is answered with what it proposes if nothing is typed', async () => {
    const id = await asked();
    await relay.service.answer(targetOf(id), owner.userId, '');
    await settle();
    expect(relay.provider.answers).toMatchObject([{ prompt: 'a fox --v 7' }]);
  });

  it('is answered once', async () => {
    const id = await asked();
    await relay.service.answer(targetOf(id), owner.userId, 'a hare');
    await settle();
    expect(relay.provider.answers).toEqual([{ ref: { id: 'remote-1' }, prompt: 'a hare' }]);
    expect((await relay.read(id)).request.prompt).toBe('a hare');
    expect(await codeOf(relay.service.answer(targetOf(id), owner.userId, 'again'))).toBe('asked-no-more');
    expect(relay.provider.answers).toHaveLength(1);
  });

  it('stays open after a number that Midjourney would turn down', async () => {
    const id = await asked();
    const answer = (prompt: string) => codeOf(relay.service.answer(targetOf(id), owner.userId, prompt));
    expect(await answer('a hare --s 1001')).toBe('answer-wrong');
    expect(await relay.read(id)).toMatchObject({ state: 'asking' });
    expect(await answer('a hare --s 1000')).toBeUndefined();
    await settle();
    expect(relay.provider.answers.map(({ prompt }) => prompt)).toEqual(['a hare --s 1000']);
  });

  it('is cancelled and refunded after half an hour', async () => {
    const id = await asked();
    await relay.clock.pass(31 * minute);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
    expect(await codeOf(relay.service.answer(targetOf(id), owner.userId, 'late'))).toBe('asked-no-more');
  });

  it('takes up no slot while it waits', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 1 });
    await asked();
    relay.provider.onLook = allDone;
    const second = await relay.imagine('another');
    await relay.clock.pass(20_000);
    expect((await relay.read(second)).state).toBe('done');
  });
});
