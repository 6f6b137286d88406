import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/pictures.ts';
import type { Picture } from '../../src/providers/provider.ts';
import { settle } from '../helpers/clock.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
/** Files that haven't arrived yet, by their address. */
let files: Map<string, PromiseWithResolvers<Picture>>;

const picture: Picture = { bytes: Buffer.from('x'), type: 'image/png', url: 'https://cdn.example/1.png' };

beforeEach(async () => {
  files = new Map();
  relay = await createRelay({
    maxInFlight: 1,
    loadInput: ({ url }) => {
      const file = Promise.withResolvers<Picture>();
      files.set(url, file);
      return file.promise;
    },
  });
});
afterEach(async () => {
  for (const file of files.values()) file.resolve(picture);
  await relay.remove();
});

/** A task with a picture from the person's own file server. */
async function describePicture(userId: string, name = userId): Promise<string> {
  const pictures = [{ url: `https://${name}.example/1.png`, name: '1.png', isLink: true }];
  const request = { action: 'describe', prompt: '', speed: 'fast', pictures } as const;
  const { task } = await relay.service.start(request, aCaller({ userId }));
  await relay.service.acknowledged(task.id, `message-of-${task.id}`);
  await settle();
  return task.id;
}

const stateOf = async (id: string) => (await relay.read(id)).state;

describe('a slow picture', () => {
  it('takes up no slot, so others go first', async () => {
    const slow = await describePicture('max');
    const other = await relay.imagine('mei', 'a fox');
    await settle();
    expect(await stateOf(other)).toBe('running');
    expect(await stateOf(slow)).toBe('queued');
  });

  it("keeps nobody else's pictures waiting, and comes one at a time for its person", async () => {
    for (const name of ['one', 'two', 'three', 'four']) await describePicture('max', name);
    expect([...files.keys()]).toEqual(['https://one.example/1.png']);
    const other = await describePicture('mei');
    files.get('https://mei.example/1.png')?.resolve(picture);
    await settle();
    await settle();
    expect(await stateOf(other)).toBe('running');
  });

  it('is sent once it has arrived and a slot is free', async () => {
    const slow = await describePicture('max');
    files.get('https://max.example/1.png')?.resolve(picture);
    await settle();
    await settle();
    expect(await stateOf(slow)).toBe('running');
    expect(relay.provider.submits[0]?.pictures).toEqual([picture]);
  });

  it('that never comes ends its own task only', async () => {
    const slow = await describePicture('max');
    const refusal = { code: 'link-slow', details: { name: '1.png' } } as const;
    files.get('https://max.example/1.png')?.reject(new InputError(refusal));
    await settle();
    await settle();
    expect(await relay.read(slow)).toMatchObject({ state: 'failed', failure: { kind: 'input', refusal } });
    expect(await relay.left('max')).toBe(2_000);
    expect(relay.provider.submits).toEqual([]);
  });

  it("isn't sent for a task that was cancelled meanwhile", async () => {
    const slow = await describePicture('max');
    await relay.changes.change(slow, { type: 'cancelled' });
    files.get('https://max.example/1.png')?.resolve(picture);
    await settle();
    await settle();
    expect(relay.provider.submits).toEqual([]);
    const other = await relay.imagine('mei', 'a fox');
    expect(await stateOf(other)).toBe('running');
  });
});
