import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectMessages, DirectResult } from '../../src/discord/direct-messages.ts';
import { createDirectResults, type DirectResults } from '../../src/discord/direct-results.ts';
import { english } from '../../src/locales/index.ts';
import { type Task, toPrivatePlace } from '../../src/task.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aPlace } from '../helpers/tasks.ts';

let relay: Relay;
let posts: { channelId: string; content: string }[];
let answers: DirectResult[];
let results: DirectResults;
beforeEach(async () => {
  relay = await createRelay();
  relay.provider.onLook = allDone;
  posts = [];
  answers = [];
  const post: DirectMessages['post'] = async (channelId, { content }) => {
    posts.push({ channelId, content });
    return answers.shift() ?? { outcome: 'done', channelId, messageId: 'sent' };
  };
  const direct: DirectMessages = {
    open: async () => ({ outcome: 'done', channelId: '909' }),
    post,
    send: (_, message) => post('909', message),
  };
  results = createDirectResults({ shares: relay.shares, service: relay.service, direct });
});
afterEach(() => relay.remove());

async function finished(isPrivate = true): Promise<Task> {
  const caller = aCaller({ place: isPrivate ? toPrivatePlace(aPlace()) : aPlace() });
  const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
  const { task } = await relay.service.start(request, caller);
  await relay.service.acknowledged(task.id, '900');
  await relay.clock.pass(10_000);
  return relay.read(task.id);
}

const copyOf = async ({ id }: Task) => (await relay.database.tasks.listChildren([id]))[0];

describe('telling somebody that their task has ended', () => {
  it('sends a private result itself, once', async () => {
    const task = await finished();
    for (let time = 0; time < 2; time += 1) expect((await results.tell(task, english)).outcome).toBe('done');
    expect(posts).toEqual([{ channelId: '909', content: 'Your private result is on its way.' }]);
    expect(await copyOf(task)).toMatchObject({ state: 'done', origin: { place: { messageId: 'sent' } } });
  });

  it('sends a link to any other', async () => {
    await results.tell(await finished(false), english);
    expect(posts).toEqual([{ channelId: '909', content: expect.stringContaining('/900') }]);
  });

  it('has words for what an earlier try left behind, and waits until that is certain', async () => {
    const task = await finished();
    const { task: left } = await relay.shares.copyOnce(task, '909');
    expect((await results.tell(task, english)).outcome).toBe('later');
    await relay.service.unacknowledged(left.id);
    expect((await results.tell(task, english)).outcome).toBe('done');
    expect(posts).toEqual([{ channelId: '909', content: expect.stringContaining(task.id) }]);
  });

  it.each(['closed', 'later'] as const)('says so if it is %s, and leaves nothing behind', async (outcome) => {
    const task = await finished();
    answers.push({ outcome, error: undefined });
    expect((await results.tell(task, english)).outcome).toBe(outcome);
    expect(await copyOf(task)).toMatchObject({ state: 'cancelled' });
    expect((await results.tell(task, english)).outcome).toBe('done');
    expect(posts.at(-1)?.content).toContain('`/task show`');
  });
});
