import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRelay, type Relay } from '../helpers/relay.ts';

let relay: Relay;

beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

it('saves a change, and tells all listeners, even if one of them fails', async () => {
  const heard: string[] = [];
  relay.changes.listen(() => {
    throw new Error('a listener that fails');
  });
  relay.changes.listen(({ state }) => heard.push(state));
  const id = await relay.imagine();
  expect((await relay.read(id)).state).toBe('running');
  expect(heard).toEqual(['queued', 'submitting', 'running']);
  expect(relay.lines.join('')).toContain('a listener failed on a saved task');
});
