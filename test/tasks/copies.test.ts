import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../helpers/clock.ts';
import { allDone, always, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;

beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

/** Presses U1 of a finished grid, without an acknowledgement yet. */
async function pressPick(parentId: string): Promise<string> {
  const press = { taskId: parentId, messageId: `message-of-${parentId}`, offer: 0 };
  return (await relay.service.act(press, aCaller())).task.id;
}

async function finish(): Promise<void> {
  relay.provider.onLook = allDone;
  await relay.clock.pass(60_000);
  await settle();
}

describe('a picture that is there already', () => {
  it('is shown from the moment its press is acknowledged, in no state between', async () => {
    const grid = await relay.imagine();
    await finish();
    const first = await pressPick(grid);
    await relay.service.acknowledged(first, 'message of the first pick');
    await finish();
    expect((await relay.read(first)).state).toBe('done');

    const again = await pressPick(grid);
    relay.announced.length = 0;
    await relay.service.acknowledged(again, 'message of the second pick');
    expect(relay.announced.map(({ id, state }) => [id, state])).toEqual([[again, 'done']]);
    expect(relay.provider.submits).toHaveLength(2);
    expect(await relay.database.deliveries.listDue(relay.clock.now(), 10)).toContainEqual(
      expect.objectContaining({ taskId: again }),
    );
  });

  it.each([
    ['the picture', false],
    ['the grid with separate pictures', true],
  ])('fails, free, if %s was forgotten before the press is acknowledged', async (_what, isLocal) => {
    const media = [{ kind: 'picture' as const, url: 'https://pictures.example/1.png' }];
    const offers = [{ action: 'upscale' as const, index: 1, token: '', isLocal }];
    relay.provider.onLook = always({ state: 'done', media, offers });
    const grid = await relay.imagine();
    await relay.clock.pass(60_000);
    const first = await pressPick(grid);
    await relay.service.acknowledged(first, 'message of the first pick');
    await relay.clock.pass(60_000);
    const left = await relay.left();
    const again = await pressPick(grid);
    await relay.changes.change(isLocal ? grid : first, { type: 'forgotten', isAll: true });
    await relay.service.acknowledged(again, 'message of the second pick');
    expect(await relay.read(again)).toMatchObject({
      state: 'failed',
      failure: { kind: 'forgotten' },
      price: 0,
    });
    expect(await relay.left()).toBe(left);
    expect(relay.provider.submits).toHaveLength(isLocal ? 1 : 2);
  });

  it('is shown at the next start if an earlier version died before that', async () => {
    const grid = await relay.imagine();
    await finish();
    const first = await pressPick(grid);
    await relay.service.acknowledged(first, 'message of the first pick');
    await finish();
    const again = await relay.read(await pressPick(grid));
    const acknowledgedAt = relay.clock.now();
    await relay.database.tasks.save({ ...again, acknowledgedAt, revision: again.revision + 1 }, again);
    await relay.crash();

    const reopened = await relay.reopen();
    await reopened.recover();
    await settle();
    expect((await reopened.database.tasks.get(again.id))?.state).toBe('done');
    expect(relay.provider.submits).toHaveLength(2);
  });
});
