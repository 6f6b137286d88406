import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

/** A describe that found two prompts, and its message. */
async function described(text: string[] = ['a red fox --ar 3:2', 'a hare']) {
  relay.provider.onSubmit = () => ({
    ref: { id: 'described' },
    update: { state: 'done', media: [], text, offers: [] },
  });
  const pictures = [{ url: 'https://cdn.example/fox.png', name: 'fox.png' }];
  const request = { action: 'describe', prompt: '', speed: 'relax', pictures } as const;
  const { task } = await relay.service.start(request, aCaller());
  await relay.service.acknowledged(task.id, 'described-message');
  await relay.clock.pass(0);
  relay.provider.onSubmit = () => ({ ref: { id: 'imagined' }, update: { state: 'running' } });
  return { taskId: task.id, messageId: 'described-message', index: 0 };
}

describe('a prompt from a describe', () => {
  it("is suggested, edited, and made into pictures at its task's speed", async () => {
    const press = await described();
    expect(await relay.proposals.read(press, aCaller())).toEqual({ prompt: 'a red fox --ar 3:2' });
    const { task } = await relay.proposals.imagine({ ...press, prompt: 'a blue fox' }, aCaller());
    expect(task).toMatchObject({
      request: { action: 'imagine', prompt: 'a blue fox', speed: 'relax' },
      price: 40,
      parentId: press.taskId,
      parentMessageId: 'described-message',
    });
  });

  it("comes with its person's preferences, and without what they take out of it", async () => {
    const press = await described();
    const { userId } = aCaller().asker;
    await relay.preferences.set(userId, { aspect: '1:1', suffix: 'in ink --s 50', speed: 'fast' });
    await relay.preferences.savePreset(userId, 'tall', '--ar 2:3');
    expect(await relay.proposals.read(press, aCaller())).toEqual({
      prompt: 'a red fox in ink --ar 3:2 --s 50 --fast',
    });
    expect(await relay.proposals.read({ ...press, index: 1 }, aCaller())).toEqual({
      prompt: 'a hare in ink --s 50 --ar 1:1 --fast',
    });
    const { task } = await relay.proposals.imagine({ ...press, prompt: 'a red fox --tall' }, aCaller());
    expect(task).toMatchObject({ request: { prompt: 'a red fox --ar 2:3', speed: 'relax' }, price: 40 });
    const other = aCaller({ userId: '5' });
    expect(await relay.proposals.read(press, other)).toEqual({ prompt: 'a red fox --ar 3:2' });
  });

  it("is shown as it was found if its person's preferences do not fit", async () => {
    const press = await described(['x'.repeat(3_990), 'a {red, blue} fox']);
    await relay.preferences.set(aCaller().asker.userId, { suffix: 'in ink in ink' });
    for (const [index, prompt] of ['x'.repeat(3_990), 'a {red, blue} fox'].entries())
      expect(await relay.proposals.read({ ...press, index }, aCaller())).toEqual({ prompt });
  });

  it('starts one task when one person presses twice at once', async () => {
    const press = { ...(await described()), prompt: 'a fox' };
    await relay.proposals.imagine(press, aCaller());
    expect(await codeOf(relay.proposals.imagine(press, aCaller()))).toBe('already-running');
    expect(await codeOf(relay.proposals.imagine({ ...press, index: 1 }, aCaller()))).toBeUndefined();
  });

  it('counts only on the message that shows it, and if it exists', async () => {
    const press = await described();
    for (const wrong of [
      { messageId: 'nowhere' },
      { taskId: 'AAAAAAAAAAAAAAAA' },
      { index: 2 },
      { index: -1 },
    ])
      expect(await codeOf(relay.proposals.read({ ...press, ...wrong }, aCaller()))).toBe('unknown-component');
  });

  it("is refused before the modal if it couldn't be paid for, or nothing is left of it", async () => {
    const press = await described();
    const { asker } = aCaller();
    await relay.policies.update(asker.book, () => ({ people: { [asker.userId]: 39 } }));
    expect(await codeOf(relay.proposals.read(press, aCaller()))).toBe('points-short');
    await relay.policies.update(asker.book, () => ({}));
    expect(await codeOf(relay.proposals.imagine({ ...press, prompt: '--ar 1:1' }, aCaller()))).toBe(
      'prompt-empty',
    );
  });
});
