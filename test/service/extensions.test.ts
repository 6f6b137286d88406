import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Extensions, ExtensionWish } from '../../src/service/extensions.ts';
import type { Offer, Task } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import {
  createRelay,
  createScriptedProvider,
  type Relay,
  type RelayOptions,
  type ScriptedProvider,
} from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const taking = (action: 'extend-low' | 'extend-high', index: number): Offer => ({
  ...{ action, index, token: `${action} ${index}` },
  takesWords: true,
});
const offers: Offer[] = [
  { action: 'upscale', index: 1, token: 'pick', isLocal: true },
  ...[taking('extend-high', 1), taking('extend-high', 2), taking('extend-low', 1), taking('extend-low', 2)],
];

let relay: Relay;
let provider: ScriptedProvider;
let extensions: Extensions;
async function open(options: RelayOptions = {}): Promise<void> {
  provider = createScriptedProvider();
  Object.assign(provider, { actions: new Set([...provider.actions, 'video', 'extend-high'] as const) });
  relay = await createRelay({
    accounts: ['main'],
    providers: { main: provider },
    maxInFlight: 50,
    ...options,
  });
  extensions = relay.extensions;
  const { book, userId } = aCaller().asker;
  await relay.policies.update(book, () => ({ people: { [userId]: 100_000 } }));
}
beforeEach(() => open());
afterEach(() => relay.remove());

async function film(made: Offer[] = offers, extended = 0) {
  const media = [1, 2].map((clip) => ({ kind: 'video' as const, url: `https://clips.example/${clip}.mp4` }));
  provider.onSubmit = () => ({ ref: { id: 'x' }, update: { state: 'done', media, offers: made } });
  const options = extended === 0 ? {} : { extensions: extended };
  const request = { action: 'video', prompt: 'it waves', speed: 'fast', pictures: [], options } as const;
  const { task } = await relay.service.start(request, aCaller());
  await relay.service.acknowledged(task.id, 'film');
  await settle();
  return { taskId: task.id, messageId: 'film' };
}

async function extend(target: { taskId: string; messageId: string }, wish: ExtensionWish): Promise<Task> {
  const { task } = await extensions.start(target, wish, aCaller());
  await relay.service.acknowledged(task.id, 'longer');
  await settle();
  return (await relay.read(task.id)) as Task;
}

describe('extending a video with other words', () => {
  it('asks which clip, and begins with its words', async () => {
    const window = await extensions.windowFor(await film(), aCaller());
    expect(window).toEqual({ prompt: 'it waves', clips: [1, 2] });
    const single = await extensions.windowFor(await film([taking('extend-low', 3)]), aCaller());
    expect(single.clips).toEqual([3]);
  });

  it('opens for who can pay for it at their speed', async () => {
    await relay.remove();
    await open({ takesPressSpeeds: true });
    const target = await film();
    const caller = aCaller({ userId: 'short' });
    await relay.policies.update(caller.asker.book, () => ({ people: { short: 400 } }));
    expect(await codeOf(extensions.windowFor(target, caller))).toBe('points-short');
    await relay.preferences.set('short', { speed: 'relax' });
    expect(await codeOf(extensions.windowFor(target, caller))).toBeUndefined();
  });

  it('sends the words with the offer of that clip and motion', async () => {
    const longer = await extend(await film(), { prompt: 'it flies away', motion: 'low', clip: 2 });
    expect(longer.request).toMatchObject({ prompt: 'it flies away', offer: { token: 'extend-low 2' } });
    expect(provider.submits.at(-1)).toMatchObject({ action: 'extend-low', prompt: 'it flies away' });
    expect(longer.price).toBe(800);
    // The flag counts more than the menu.
    const flown = await extend(await film(), { prompt: 'it flies --motion high', motion: 'low' });
    expect(provider.submits.at(-1)).toMatchObject({ action: 'extend-high', prompt: 'it flies' });
    expect(flown.request.offer?.token).toBe('extend-high 1');
  });

  it('keeps the words if none are sent', async () => {
    const longer = await extend(await film(), { prompt: '  ', motion: 'high' });
    expect(longer.request.prompt).toBe('it waves');
  });

  it.each<[string, ExtensionWish, string]>([
    ['what videos do not take', { prompt: 'it flies --ar 3:2', motion: 'low' }, 'prompt-doubtful'],
    ['another number of clips', { prompt: 'it flies --bs 1', motion: 'low' }, 'unpriced'],
    ['another speed', { prompt: 'it flies --turbo', motion: 'low' }, 'speed-in-prompt'],
    ['a clip that is not there', { prompt: 'it flies', motion: 'low', clip: 3 }, 'unknown-component'],
    ['no number', { prompt: 'it flies', motion: 'low', clip: Number.NaN }, 'unknown-component'],
    ['several jobs', { prompt: 'it {flies, runs}', motion: 'low' }, 'several-jobs'],
    ['a motion that is none', { prompt: 'it flies --motion medium', motion: 'low' }, 'option-malformed'],
  ])('is refused before anything is charged: %s', async (_what, wish, code) => {
    const target = await film();
    const before = [await relay.left(), provider.submits.length];
    await expect(extensions.start(target, wish, aCaller())).rejects.toMatchObject({ code });
    expect([await relay.left(), provider.submits.length]).toEqual(before);
  });

  it.each<[string, Offer[], number, string]>([
    ['nothing that takes words', [{ action: 'extend-low', token: 'a button' }], 0, 'unknown-component'],
    ['21 seconds', offers, 4, 'video-longest'],
  ])('is refused for a video with %s', async (_what, made, extended, code) => {
    const target = await film(made, extended);
    await expect(extensions.windowFor(target, aCaller())).rejects.toMatchObject({ code });
    const wish = { prompt: 'it flies', motion: 'low' } as const;
    await expect(extensions.start(target, wish, aCaller())).rejects.toMatchObject({ code });
  });

  it('is refused on a message that shows something else', async () => {
    const { taskId } = await film();
    const other = { taskId, messageId: 'another message' };
    await expect(extensions.windowFor(other, aCaller())).rejects.toMatchObject({ code: 'unknown-component' });
  });
});
