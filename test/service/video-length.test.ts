import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countExtensions, isLongest, longestSeconds } from '../../src/service/video-length.ts';
import type { Offer, Task, TaskRequest } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { createRelay, createScriptedProvider, type Relay, type ScriptedProvider } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const offers: Offer[] = [
  { action: 'upscale', index: 1, token: 'pick', isLocal: true },
  { action: 'extend-low', index: 1, token: 'extend', takesWords: true },
  { action: 'extend-high', index: 1, token: 'button' },
  { action: 'reroll-video', token: 'again' },
];
const [pick, extend, pressToExtend, again] = ['pick', 'extend', 'button', 'again'];

let relay: Relay;
let provider: ScriptedProvider;
beforeEach(async () => {
  provider = createScriptedProvider();
  const media = [1, 2].map((clip) => ({ kind: 'video' as const, url: `https://clips.example/${clip}.mp4` }));
  provider.onSubmit = () => ({ ref: { id: 'x' }, update: { state: 'done', media, offers } });
  const actions = new Set([...provider.actions, 'video', 'reroll-video'] as const);
  Object.assign(provider, { actions });
  relay = await createRelay({ accounts: ['main'], providers: { main: provider }, maxInFlight: 50 });
  const { book, userId } = aCaller().asker;
  await relay.policies.update(book, () => ({ people: { [userId]: 100_000 } }));
});
afterEach(() => relay.remove());

async function finish(opened: Promise<{ task: Task }>): Promise<Task> {
  const { task } = await opened;
  await relay.service.acknowledged(task.id, `message-of-${task.id}`);
  await settle();
  return (await relay.read(task.id)) as Task;
}

const start = (options: TaskRequest['options'] = {}) =>
  finish(
    relay.service.start(
      { action: 'video', prompt: 'it waves', speed: 'fast', pictures: [], options },
      aCaller(),
    ),
  );
function press({ id, result }: Task, token: string): Promise<Task> {
  const offer = result?.offers.findIndex((one) => one.token === token) ?? -1;
  return finish(relay.service.act({ taskId: id, messageId: `message-of-${id}`, offer }, aCaller()));
}

describe('the length of a video', () => {
  it('grows four times, also through single clips and sets that are made again', async () => {
    let video = await start();
    for (const way of [[extend], [pick, extend], [again, pressToExtend], [pick, pressToExtend]]) {
      expect(isLongest(video)).toBe(false);
      for (const offer of way) video = await press(video, offer);
    }
    expect(countExtensions(video.request)).toBe(4);
    expect(isLongest(video)).toBe(true);
    const alone = await press(await press(video, again), pick);
    const before = [await relay.left(), provider.submits.length];
    for (const task of [video, alone])
      for (const offer of [extend, pressToExtend])
        await expect(press(task, offer)).rejects.toMatchObject({
          code: 'video-longest',
          details: { seconds: 21 },
        });
    expect([await relay.left(), provider.submits.length]).toEqual(before);
    // What can't be pressed has no price, and the rest can be.
    expect(relay.pricesOf(video).map((price) => price !== undefined)).toEqual([true, false, false, true]);
    expect(longestSeconds).toBe(21);
  });

  it('is told by what tasks of earlier versions do', () => {
    expect(countExtensions({ action: 'extend-high' })).toBe(1);
    expect(countExtensions({ action: 'video', options: { clips: 1 } })).toBe(0);
  });
});

describe('what goes on from a video', () => {
  it('has as many lines and clips as the call can say, and costs that', async () => {
    const video = await start({ resolution: '720p', clips: 2 });
    expect(video.price).toBe(1_300);
    const longer = await press(video, extend);
    expect(longer.request.options).toEqual({ resolution: '720p', clips: 2, extensions: 1 });
    expect(longer.price).toBe(1_300);
    // Nobody knows whether the button makes two or four.
    const pressed = await press(video, pressToExtend);
    expect(pressed.request.options).toEqual({ resolution: '720p', extensions: 1 });
    expect(pressed.price).toBe(2_600);
    expect((await press(video, again)).price).toBe(1_300);
    const [, byCall, byButton, oncemore] = relay.pricesOf(video);
    expect([byCall, byButton, oncemore]).toEqual([1_300, 2_600, 1_300]);
  });
});
