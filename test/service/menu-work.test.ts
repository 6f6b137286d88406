import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mjProxyInputs } from '../../src/providers/provider.ts';
import type { MenuWindow } from '../../src/service/menu-work.ts';
import type { InputPicture, Task, Update } from '../../src/task.ts';
import { codeOf } from '../helpers/errors.ts';
import { always, aResult, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
  Object.assign(relay.provider, { actions: new Set([...relay.provider.actions, 'edit']) });
});
afterEach(() => relay.remove());

const minute = 60_000;
const pictures: InputPicture[] = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({
  url: `https://cdn.example/${name}.png`,
  name: `${name}.png`,
  isFromMessage: true,
}));
const [first, , third] = pictures as [InputPicture, InputPicture, InputPicture];

function finish({ draft }: MenuWindow, values: { prompt?: string; chosen?: number[] } = {}, userId?: string) {
  const caller = aCaller(userId === undefined ? {} : { userId });
  return relay.menuWork.finish(draft, { chosen: [], ...values }, caller);
}

/** A finished imagine, and the message that shows it. */
async function made(request: Partial<Task['request']> = {}): Promise<string> {
  const whole = {
    action: 'imagine',
    prompt: 'a fox --ar 3:2',
    speed: 'fast',
    pictures: [],
    ...request,
  } as const;
  const { task } = await relay.service.start(whole as never, aCaller());
  await relay.service.acknowledged(task.id, `message-of-${task.id}`);
  return task.id;
}

describe("a message's pictures", () => {
  it('are asked for if there are several, and only the chosen ones are used', async () => {
    const window = await relay.menuWork.begin({ action: 'imagine', pictures }, aCaller());
    expect(window).toMatchObject({ choices: pictures, mostChosen: 5, prompt: '' });
    const { request } = await finish(window, { prompt: 'in winter --relax', chosen: [2, 0] });
    expect(request).toMatchObject({
      action: 'imagine',
      prompt: 'in winter',
      speed: 'relax',
      pictures: [first, third],
    });
  });

  it('become a video with words and options, once, and people know what it costs', async () => {
    Object.assign(relay.provider, { actions: new Set([...relay.provider.actions, 'video']) });
    const id = await made();
    const source = { messageId: `message-of-${id}`, isOurs: true };
    const wish = { action: 'video', pictures: [first], source } as const;
    const window = await relay.menuWork.begin(wish, aCaller());
    expect(window).toMatchObject({ choices: [], prompt: '', video: { price: 800 } });
    expect(window.video?.form).toMatchObject({ clips: [1, 2, 4], resolutions: ['480p', '720p'] });
    const options = { motion: 'low', clips: 2 } as const;
    const { draft } = window;
    const typed = { prompt: 'it turns --motion high --relax', chosen: [], options };
    const { request, lineage } = await relay.menuWork.finish(draft, typed, aCaller());
    expect(request).toEqual({
      ...{ onceId: draft, action: 'video', prompt: 'it turns', speed: 'relax', pictures: [first] },
      options: { motion: 'high', clips: 2 },
      overridden: [{ flag: '--motion high', option: 'motion' }],
    });
    expect(lineage).toEqual({ parentId: id, parentMessageId: source.messageId });
    expect(await codeOf(relay.menuWork.finish(draft, typed, aCaller({ userId: '1' })))).toBe('draft-gone');
  });

  it('become a video at the speed that its person prefers, for what that costs', async () => {
    Object.assign(relay.provider, { actions: new Set([...relay.provider.actions, 'video']) });
    await relay.preferences.set(aCaller().asker.userId, { speed: 'relax' });
    const window = await relay.menuWork.begin({ action: 'video', pictures: [first] }, aCaller());
    expect(window.video?.price).toBe(320);
    const { request } = await finish(window, { prompt: 'it turns' });
    expect(request).toMatchObject({ action: 'video', speed: 'relax' });
  });

  it("aren't asked about if no account can do that", async () => {
    Object.assign(relay.provider, { actions: new Set(['imagine']) });
    const begun = relay.menuWork.begin({ action: 'edit', pictures: [first] }, aCaller());
    expect(await codeOf(begun)).toBe('action-unavailable');
    expect(await codeOf(relay.menuWork.begin({ action: 'imagine', pictures }, aCaller()))).toBeUndefined();
  });

  it('are used without a question if there is one', async () => {
    const window = await relay.menuWork.begin({ action: 'edit', pictures: [first] }, aCaller());
    expect(window).toMatchObject({ choices: [], takesMask: false });
    const { request } = await finish(window, { prompt: 'add snow' });
    expect(request).toMatchObject({ action: 'edit', prompt: 'add snow', speed: 'fast', pictures: [first] });
  });

  it.each([
    ['none', []],
    ['one that nobody offered', [6]],
    ['no number', [Number.NaN]],
    ['two for an edit', [0, 1]],
  ])('are refused if a client sends %s', async (_, chosen) => {
    const window = await relay.menuWork.begin({ action: 'edit', pictures }, aCaller());
    expect(await codeOf(finish(window, { prompt: 'add snow', chosen }))).toBe('unknown-component');
  });

  it.each([
    ['no words', '  ', 'prompt-empty'],
    ['two speeds', 'a fox --fast --relax', 'speed-twice'],
    ['several jobs', 'a {red, green} fox', 'several-jobs'],
  ])('start nothing with %s', async (_, prompt, code) => {
    const window = await relay.menuWork.begin({ action: 'edit', pictures: [first] }, aCaller());
    expect(await codeOf(finish(window, { prompt }))).toBe(code);
  });

  it('start one task, however often the same window is sent', async () => {
    const window = await relay.menuWork.begin({ action: 'describe', pictures: [first] }, aCaller());
    const [once, again] = [await finish(window), await finish(window)];
    await relay.service.start(once.request, aCaller(), once.lineage);
    expect(await codeOf(relay.service.start(again.request, aCaller(), again.lineage))).toBe(
      'already-started',
    );
    expect(await codeOf(finish(window))).toBe('already-started');
    expect(await relay.left()).toBe(1_950);
    const other = await relay.menuWork.begin({ action: 'describe', pictures: [first] }, aCaller());
    const { request, lineage } = await finish(other);
    expect(request).toEqual({ ...once.request, onceId: other.draft });
    await relay.service.start(request, aCaller(), lineage);
    expect(await relay.left()).toBe(1_900);
  });

  it('start one task, though each sent window was translated', async () => {
    relay.provider.translate = async () => 'a fox';
    const window = await relay.menuWork.begin({ action: 'imagine', pictures: [first] }, aCaller());
    const plan = async () =>
      relay.translations.plan((await finish(window, { prompt: '一只狐狸' })).request, aCaller());
    const [once, again] = [await plan(), await plan()];
    await once.start?.();
    expect(await codeOf(again.start?.() ?? Promise.resolve())).toBe('already-started');
    expect(await relay.left()).toBe(1_900);
  });

  it('are kept for an hour, over a restart, for one person', async () => {
    const window = await relay.menuWork.begin({ action: 'describe', pictures }, aCaller());
    await relay.close();
    const { menuWork, close } = await relay.reopen();
    const send = (userId?: string) =>
      menuWork.finish(window.draft, { chosen: [1] }, aCaller(userId === undefined ? {} : { userId }));
    expect((await send()).request.pictures).toEqual([pictures[1]]);
    expect(await codeOf(send('555555555555555555'))).toBe('draft-gone');
    await relay.clock.pass(60 * minute);
    expect(await codeOf(send())).toBe('draft-gone');
    await close();
  });

  it('are removed with the other data of their person', async () => {
    const window = await relay.menuWork.begin({ action: 'edit', pictures: [first] }, aCaller());
    const { userId } = aCaller().asker;
    expect(await relay.personalData.export(userId)).toContain('a.png');
    await relay.personalData.forget(userId);
    expect(await codeOf(finish(window, { prompt: 'add snow' }))).toBe('draft-gone');
  });
});

describe('an edit of the pictures of a message', () => {
  const photo: InputPicture = { url: 'https://cdn.example/photo.png', name: 'photo.png' };
  const added: InputPicture[] = [
    { url: 'https://cdn.example/hat.png', name: 'hat.png' },
    { url: 'https://cdn.example/ink.png', name: 'ink.png', role: 'style' },
  ];
  const grid: Update = {
    state: 'done',
    media: [{ kind: 'picture', url: 'https://pictures.example/grid.png' }],
    offers: [1, 2, 3, 4].map((index) => ({ action: 'upscale', index, token: `U${index}` })),
  };

  async function reopen(options: Parameters<typeof createRelay>[0]): Promise<void> {
    await relay.remove();
    relay = await createRelay(options);
    Object.assign(relay.provider, { actions: new Set([...relay.provider.actions, 'edit']) });
  }

  /** A finished imagine with that result. */
  async function finished(result: Update): Promise<string> {
    relay.provider.onLook = always(result);
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    return id;
  }

  const begin = (pictures: InputPicture[], messageId = 'elsewhere', isOurs = false) =>
    relay.menuWork.begin({ action: 'edit', pictures, source: { messageId, isOurs } }, aCaller());

  it('starts with the one of the message, and then has those that were added', async () => {
    await reopen({ editModel: ['main'] });
    const window = await begin([photo]);
    expect(window).toMatchObject({ choices: [], mostAdded: 3, takesMask: false });
    const caller = aCaller();
    const values = { prompt: 'put it on --ar 1:1', chosen: [], added };
    const { request, lineage } = await relay.menuWork.finish(window.draft, values, caller);
    expect(request).toMatchObject({
      action: 'edit',
      prompt: 'put it on --ar 1:1 --v 8.2',
      pictures: [photo, ...added],
    });
    expect(lineage).toEqual({ parentMessageId: 'elsewhere' });
  });

  it("doesn't ask for others where every API edits a single one", async () => {
    expect(await begin([photo])).toMatchObject({ mostAdded: 0 });
  });

  it.each([
    ['can be painted', { masksEdits: ['main'], publicUrl: 'https://relay.example' }, true],
    ["can't be painted if nobody can reach the page", { masksEdits: ['main'] }, false],
    ["can't be painted if no API takes a mask", { publicUrl: 'https://relay.example' }, false],
  ])('%s', async (_, options, takesPainting) => {
    await reopen(options);
    expect(await begin([photo])).toMatchObject({ takesPainting, hasPart: false });
  });

  it('that is to be painted keeps all of its words, and where it came from', async () => {
    await reopen({ masksEdits: ['main'], publicUrl: 'https://relay.example' });
    const window = await begin([photo]);
    const values = { prompt: 'a hat --relax', chosen: [], isToPaint: true };
    expect(await relay.menuWork.finish(window.draft, values, aCaller())).toMatchObject({
      isToPaint: true,
      request: { action: 'edit', prompt: 'a hat --relax', speed: 'fast', pictures: [photo] },
      lineage: { parentMessageId: 'elsewhere' },
    });
    const both = { ...values, mask: first };
    expect(await codeOf(relay.menuWork.finish(window.draft, both, aCaller()))).toBe('mask-twice');
  });

  it('offers each picture of a grid, and comes from its task', async () => {
    const id = await finished(grid);
    const window = await begin([photo], `message-of-${id}`, true);
    expect(window.choices.map(({ quarter }) => quarter)).toEqual([undefined, 1, 2, 3, 4]);
    const { request, lineage } = await finish(window, { prompt: 'a hat', chosen: [3] });
    expect(request.pictures).toEqual([{ ...photo, name: 'photo.png (3)', quarter: 3 }]);
    expect(lineage).toEqual({ parentId: id, parentMessageId: `message-of-${id}` });
    const again = await begin([photo], `message-of-${id}`, true);
    const all = await finish(again, { prompt: 'a hat', chosen: [0] });
    expect(all.request.pictures).toEqual([photo]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["somebody else's message", async () => begin([photo], await finishedMessage(grid), false)],
    ['a single picture', async () => begin([photo], await finishedMessage(aResult), true)],
    ['several files', async () => begin([photo, first], await finishedMessage(grid), true)],
  ])('offers no part of %s', async (_, open) => {
    const { choices } = (await open()) as MenuWindow;
    expect(choices.filter(({ quarter }) => quarter !== undefined)).toEqual([]);
  });

  async function finishedMessage(result: Update): Promise<string> {
    return `message-of-${await finished(result)}`;
  }

  it('offers no part where the API fetches pictures itself, and refuses one before the charge', async () => {
    await reopen({ inputs: { main: { ...mjProxyInputs, by: 'address' } } });
    const window = await begin([photo], await finishedMessage(grid), true);
    expect(window.choices).toEqual([]);
    const left = await relay.left();
    const part = { ...photo, quarter: 2 };
    const request = { action: 'edit', prompt: 'a hat', speed: 'fast', pictures: [part] } as const;
    expect(await codeOf(relay.service.start(request, aCaller()))).toBe('quarter-unsupported');
    expect(await relay.left()).toBe(left);
  });

  it('is made again with everything that it was made from', async () => {
    await reopen({ editModel: ['main'], masksEdits: ['main'] });
    const ids = [
      await made({ action: 'edit', prompt: 'put it on --v 8.2', pictures: [photo, ...added] }),
      await made({
        action: 'edit',
        prompt: 'a hat',
        pictures: [photo],
        region: { cells: [], picture: first },
      }),
    ];
    const several = await relay.menuWork.beginAgain(`message-of-${ids[0]}`, aCaller());
    expect(several).toMatchObject({ action: 'edit', prompt: 'put it on --v 8.2', mostAdded: 1 });
    const { request, lineage } = await finish(several, { prompt: 'put it off' });
    const kept = [photo, ...added].map((picture) => ({ ...picture, isFromMessage: true }));
    expect(request).toMatchObject({ prompt: 'put it off --v 8.2', pictures: kept });
    expect(lineage).toEqual({ parentId: ids[0] });
    const masked = await relay.menuWork.beginAgain(`message-of-${ids[1]}`, aCaller());
    expect([several.hasPart, masked.hasPart]).toEqual([false, true]);
    const repainted = { prompt: 'a cap', chosen: [], isToPaint: true };
    const other = await relay.menuWork.finish(masked.draft, repainted, aCaller());
    expect(other.request.region).toBeUndefined();
    expect((await finish(masked, { prompt: 'a cap' })).request.region).toEqual({
      cells: [],
      picture: first,
    });
  });

  it.each(['photo', 'mask'])("isn't made again without its %s", async (lost) => {
    await reopen({ masksEdits: ['main'] });
    const expired = (name: string) => `https://cdn.example/${name}.png${name === lost ? '?ex=1' : ''}`;
    const id = await made({
      action: 'edit',
      prompt: 'a hat',
      pictures: [{ ...photo, url: expired('photo') }],
      region: { cells: [], picture: { ...photo, url: expired('mask') } },
    });
    expect(await codeOf(relay.menuWork.beginAgain(`message-of-${id}`, aCaller()))).toBe('picture-gone');
  });
});

describe('a result that is imagined again', () => {
  it('has the prompt, the speed and the reference pictures that it began with', async () => {
    const reference = { url: 'https://cdn.example/a.png', name: 'a.png' };
    const id = await made({ speed: 'relax', pictures: [reference] });
    const window = await relay.menuWork.beginAgain(`message-of-${id}`, aCaller());
    expect(window).toMatchObject({ prompt: 'a fox --ar 3:2 --relax', references: { kept: 1, gone: 0 } });
    const { request, lineage } = await finish(window, { prompt: 'a hare --relax' });
    expect(request).toMatchObject({
      action: 'imagine',
      prompt: 'a hare',
      speed: 'relax',
      pictures: [{ ...reference, isFromMessage: true }],
    });
    expect(lineage).toEqual({ parentId: id });
  });

  it('keeps a slow speed that has no room in the window', async () => {
    const id = await made({ prompt: 'a'.repeat(3_995), speed: 'relax' });
    const window = await relay.menuWork.beginAgain(`message-of-${id}`, aCaller());
    expect(window.prompt).toHaveLength(3_995);
    const { request } = await finish(window, { prompt: window.prompt });
    expect(request.speed).toBe('relax');
  });

  it('leaves out reference pictures whose address has expired', async () => {
    const expired = { url: 'https://cdn.example/a.png?ex=1', name: 'a.png' };
    const window = await relay.menuWork.beginAgain(
      `message-of-${await made({ pictures: [expired] })}`,
      aCaller(),
    );
    expect(window.references).toEqual({ kept: 0, gone: 1 });
    expect((await finish(window, { prompt: 'a fox' })).request.pictures).toEqual([]);
  });

  it('drops the zoom of a custom zoom', async () => {
    const id = await relay.finished();
    const press = { taskId: id, messageId: `message-of-${id}`, offer: 2, prompt: 'a fox --zoom 1.8' };
    const { task } = await relay.service.act(press, aCaller());
    await relay.service.acknowledged(task.id, 'zoomed');
    expect(await relay.menuWork.beginAgain('zoomed', aCaller())).toMatchObject({ prompt: 'a fox' });
  });

  it.each([
    ['a message that shows nothing', async () => 'nowhere', 'message-without-task'],
    [
      'a description',
      async () => `message-of-${await made({ action: 'describe', prompt: '', pictures: [first] })}`,
      'task-without-prompt',
    ],
    [
      'what was removed',
      async () => {
        const id = await relay.finished();
        for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
        await relay.personalData.forget(aCaller().asker.userId);
        return `message-of-${id}`;
      },
      'task-emptied',
    ],
  ])('is not %s', async (_, find, code) => {
    const messageId = await find();
    expect(await codeOf(relay.menuWork.beginAgain(messageId, aCaller()))).toBe(code);
  });

  it("isn't asked for if the person couldn't pay for it", async () => {
    const messageId = `message-of-${await relay.finished()}`;
    const caller = aCaller({ userId: '555555555555555555' });
    await relay.administration.setPerson(
      { ...aCaller().asker, isAdministrator: true },
      { userId: '555555555555555555', isBot: false, roleIds: [] },
      0,
    );
    expect(await codeOf(relay.menuWork.beginAgain(messageId, caller))).toBe('points-short');
    expect(await codeOf(relay.menuWork.begin({ action: 'imagine', pictures }, caller))).toBe('points-short');
  });
});
