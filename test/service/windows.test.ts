import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, targetOf } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('the modal of a custom zoom', () => {
  it("proposes its parent's prompt with a zoom", async () => {
    const parent = await relay.finished();
    expect(await relay.service.windowFor({ ...targetOf(parent), offer: 2 }, aCaller())).toEqual({
      prompt: 'a fox --zoom 1.8',
      needsRegion: false,
    });
    expect(await relay.service.windowFor({ ...targetOf(parent), offer: 0 }, aCaller())).toBeUndefined();
  });

  it.each([
    ['a fox', 'zoom-malformed'],
    ['a fox --zoom 3', 'zoom-malformed'],
    ['a fox --zoom 1 --turbo', 'speed-in-prompt'],
  ])('refuses %j before anything is charged', async (prompt, code) => {
    const parent = await relay.finished();
    const before = await relay.left();
    const press = { ...targetOf(parent), offer: 2, prompt };
    expect(await codeOf(relay.service.act(press, aCaller()))).toBe(code);
    expect(await relay.left()).toBe(before);
  });

  it('opens again with what was typed, for whoever typed it', async () => {
    const parent = await relay.finished();
    const press = { ...targetOf(parent), offer: 2, prompt: 'a hare  in snow --zoom 9' };
    const refusal = await relay.service.act(press, aCaller()).catch((error: unknown) => error);
    const { draft = '' } = detailsOf(refusal, 'zoom-malformed') ?? {};
    const window = { prompt: 'a hare in snow --zoom 9', needsRegion: false };
    expect(await relay.resume.windowFor(draft, aCaller())).toEqual(window);
    const stranger = aCaller({ userId: 'somebody else' });
    expect(await codeOf(relay.resume.windowFor(draft, stranger))).toBe('draft-gone');
    expect(await codeOf(relay.resume.act(draft, { prompt: 'x --zoom 2' }, stranger))).toBe('draft-gone');
    const { task } = await relay.resume.act(draft, { prompt: 'a hare --zoom 1.9' }, aCaller());
    expect(task).toMatchObject({ parentId: parent, request: { action: 'custom-zoom' } });
    expect(task.request.answer).toBe('a hare --zoom 1.9');
  });

  it("is not opened for someone who can't pay", async () => {
    const parent = await relay.finished();
    const caller = aCaller({ userId: 'poor' });
    await relay.policies.update(caller.asker.book, () => ({ people: { poor: 99 } }));
    expect(await codeOf(relay.service.windowFor({ ...targetOf(parent), offer: 2 }, caller))).toBe(
      'points-short',
    );
  });
});
