import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toDraftPlace } from '../../src/service/drafts.ts';
import type { ServerRules } from '../../src/storage/settings-document.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, stranger, targetOf } from '../helpers/tasks.ts';

const { book } = anOrigin();

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

const decide = (rules: ServerRules) => relay.policies.update(book, () => rules);

async function finished(): Promise<string> {
  relay.provider.onLook = allDone;
  const id = await relay.imagine();
  await relay.clock.pass(10_000);
  return id;
}

describe('a rule of the server that came after a result', () => {
  it('holds for each press on its buttons and the windows behind them, and nothing is charged', async () => {
    const id = await finished();
    await decide({ buttons: { who: 'owner' } });
    const theirs = aCaller({ userId: stranger.userId });
    const press = { ...targetOf(id), offer: 0 };
    const zoom = { ...targetOf(id), offer: 2 };
    expect(await codeOf(relay.service.act(press, theirs))).toBe('buttons-of-owner');
    expect(await codeOf(relay.service.windowFor(zoom, theirs))).toBe('buttons-of-owner');
    const sent = relay.service.act({ ...zoom, prompt: 'a fox --zoom 1.5' }, theirs);
    expect(await codeOf(sent)).toBe('buttons-of-owner');
    expect(await relay.left(stranger.userId)).toBe(2_000);
    expect(await codeOf(relay.service.act(press, aCaller()))).toBeUndefined();
  });

  it('holds for an agreement that was asked for before', async () => {
    const caller = aCaller();
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const place = toDraftPlace(caller.origin.place);
    const draft = await relay.drafts.keep(caller.origin.userId, {
      kind: 'price',
      request,
      price: 100,
      ...place,
    });
    await decide({ commandRoles: { imagine: ['123456789012345678'] } });
    expect(await codeOf(relay.resume.agree(draft, aCaller()))).toBe('command-role-missing');
    expect(await relay.left()).toBe(2_000);
  });

  it('sends at most as many tasks of a person to providers as the server says', async () => {
    await decide({ personRunning: 1 });
    await relay.imagine(undefined, 'one');
    await relay.imagine(undefined, 'two');
    expect(relay.provider.submits).toHaveLength(1);
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000);
    expect(relay.provider.submits).toHaveLength(2);
  });
});
