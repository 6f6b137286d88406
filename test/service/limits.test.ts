import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderTask } from '../../src/discord/render/task.ts';
import { UserError } from '../../src/errors.ts';
import { english } from '../../src/locales/index.ts';
import type { Task } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aTask } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 10 });
});
afterEach(() => relay.remove());

const prompts = () => relay.provider.submits.map(({ prompt }) => prompt);

describe('a person', () => {
  it('has three tasks running, and ten waiting', async () => {
    for (let count = 0; count < 13; count += 1) await relay.imagine('max', `fox ${count}`);
    expect(prompts()).toEqual(['fox 0', 'fox 1', 'fox 2']);
    expect(await codeOf(relay.imagine('max', 'one more'))).toBe('too-many-yours');
    expect(await relay.left('max')).toBe(700);
    await relay.imagine('mei', 'a hare');
    expect(prompts()).toContain('a hare'); // slots that one person may not take are left for others
  });

  it('may start the next once one is done', async () => {
    for (let count = 0; count < 13; count += 1) await relay.imagine('max', `fox ${count}`);
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000);
    expect(prompts().length).toBeGreaterThan(3);
    expect(await codeOf(relay.imagine('max', 'one more'))).toBeUndefined();
  });

  it('gets the last free slot once, no matter how many presses come at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => codeOf(relay.imagine('max', `fox ${index}`))),
    );
    expect(outcomes.filter((code) => code === undefined)).toHaveLength(13);
    expect(relay.provider.submits).toHaveLength(3);
  });
});

describe('a person with tasks on several accounts', () => {
  it('has three running in total, even if all accounts start their queues at once', async () => {
    await relay.remove();
    const accounts = ['one', 'two', 'three'];
    relay = await createRelay({ accounts, maxInFlight: 10 });
    const saved = accounts.flatMap((account) =>
      Array.from({ length: 4 }, (_, index) =>
        aTask({
          account,
          acknowledgedAt: 1,
          createdAt: relay.clock.now(),
          deadlineAt: relay.clock.now() + 60_000_000,
          request: { action: 'imagine', prompt: `${account} ${index}`, speed: 'fast', pictures: [] },
        }),
      ),
    );
    for (const task of saved) await relay.database.tasks.insert(task);
    await relay.policies.read(saved[0]?.origin.book ?? ''); // lanes don't wait for the file then
    await relay.recover();
    await settle();
    expect(relay.provider.submits).toHaveLength(3);
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000); // the others follow although their own account doesn't wake them
    expect(relay.provider.submits.length).toBeGreaterThan(3);
  });
});

describe('the same prompt', () => {
  const submitted = () => relay.provider.submits.map(({ action }) => action);

  it('runs once at a time on an API that finds its jobs by it', async () => {
    await relay.imagine('one', 'a fox');
    await relay.imagine('two', 'a fox');
    await relay.imagine('three', 'a hare');
    expect(prompts()).toEqual(['a fox', 'a hare']);
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000);
    expect(prompts()).toEqual(['a fox', 'a hare', 'a fox']);
  });

  it('runs several times at once on any other', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 10, findsByPrompt: false });
    await relay.imagine('one', 'a fox');
    await relay.imagine('two', 'a fox');
    expect(prompts()).toEqual(['a fox', 'a fox']);
  });

  it('makes follow-ups of one grid wait for each other, except upscales, which are found by their picture', async () => {
    const taskId = await relay.imagine('max', 'a fox');
    relay.provider.onLook = (refs) =>
      new Map(
        refs.map((ref) => [
          ref['id'] ?? '',
          {
            state: 'done',
            media: [],
            offers: [
              { action: 'variation', index: 1, token: 'V1' },
              { action: 'variation', index: 2, token: 'V2' },
              { action: 'upscale', index: 1, token: 'U1' },
            ],
          },
        ]),
      );
    await relay.clock.pass(20_000);
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    for (const offer of [0, 1, 2]) {
      const press = { taskId, messageId: `message-of-${taskId}`, offer };
      const { task } = await relay.service.act(press, aCaller({ userId: `person-${offer}` }));
      await relay.service.acknowledged(task.id, `message-${offer}`);
    }
    await settle();
    expect(submitted()).toEqual(['imagine', 'variation', 'upscale']);
  });

  it('is free again two minutes after an answer was lost', async () => {
    relay.provider.onSubmit = () => Promise.reject(new Error('cut'));
    await relay.imagine('one', 'a fox');
    relay.provider.onSubmit = () => ({ ref: { id: 'second' }, update: { state: 'running' } });
    await relay.imagine('two', 'a fox');
    expect(relay.provider.submits).toHaveLength(1);
    await relay.clock.pass(3 * 60_000);
    expect(relay.provider.submits).toHaveLength(2);
  });
});

describe('a server', () => {
  it('has two hundred tasks waiting, and refuses the next before it is charged', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 1 });
    for (let count = 0; count < 201; count += 1) await relay.imagine(`person-${count}`, `fox ${count}`);
    expect(await codeOf(relay.imagine('max', 'one more'))).toBe('too-many-here');
    expect(await relay.left('max')).toBe(2_000);
    const { origin, asker } = aCaller({ userId: 'max', book: 'another server' });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    expect(await codeOf(relay.service.start(request, { origin, asker }))).toBeUndefined();
  });
});

describe('an API that takes one submit a second', () => {
  it('gets all of them, one after another', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 10, submitEveryMs: 1_000 });
    for (const person of ['one', 'two', 'three']) await relay.imagine(person, `by ${person}`);
    expect(relay.provider.submits).toHaveLength(1);
    await relay.clock.pass(1_000);
    expect(relay.provider.submits).toHaveLength(2);
    await relay.clock.pass(1_000);
    expect(relay.provider.submits).toHaveLength(3);
  });

  it('gets them on a clock that was set back, too', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 10, submitEveryMs: 1_000 });
    for (const person of ['one', 'two']) await relay.imagine(person, `by ${person}`);
    relay.clock.set(relay.clock.now() - 3_600_000);
    await relay.clock.pass(2_000);
    expect(relay.provider.submits).toHaveLength(2);
  });
});

describe('what the API would change', () => {
  it('is shown with the task, or refused before anything is charged', async () => {
    relay.provider.review = ({ prompt }) => {
      if (prompt.includes('--no')) throw new UserError('flags-unsupported', { flags: '--no' });
      return [{ flag: '--stylize', asked: '77', used: '100' }];
    };
    const id = await relay.imagine('max', 'a fox --s 77');
    expect((await relay.read(id)).adjustments).toEqual([{ flag: '--stylize', asked: '77', used: '100' }]);
    expect(textOf(await relay.read(id))).toContain('`--stylize 100` instead of `--stylize 77`');
    expect(await codeOf(relay.imagine('max', 'a fox --no hat'))).toBe('flags-unsupported');
    expect(await relay.left('max')).toBe(1_900);
  });
});

function textOf(task: Task): string {
  return renderTask(task, english).embeds[0]?.description ?? '';
}
