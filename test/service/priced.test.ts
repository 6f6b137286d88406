import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { StartRequest } from '../../src/service/presses.ts';
import type { Update } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

const owner = '444444444444444444';
const target = (taskId: string) => ({ taskId, messageId: `message-of-${taskId}` });

function always(update: Update): Relay['provider']['onLook'] {
  return (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', update]));
}

async function finished(): Promise<string> {
  relay.provider.onLook = allDone;
  const id = await relay.imagine();
  await relay.clock.pass(10_000);
  return id;
}

async function asked(proposal: string): Promise<string> {
  relay.provider.onLook = always({ state: 'asking', prompt: proposal });
  const id = await relay.imagine();
  await relay.clock.pass(10_000);
  return id;
}

/** A describe that found that prompt, and its message. */
async function described(text: string) {
  relay.provider.onSubmit = () => ({
    ref: { id: 'described' },
    update: { state: 'done', media: [], text: [text], offers: [] },
  });
  const pictures = [{ url: 'https://cdn.example/fox.png', name: 'fox.png' }];
  const { task } = await relay.service.start(
    { action: 'describe', prompt: '', speed: 'fast', pictures },
    aCaller(),
  );
  await relay.service.acknowledged(task.id, `message-of-${task.id}`);
  await relay.clock.pass(0);
  return { ...target(task.id), index: 0 };
}

/** A failed task like one saved before there was a scanner. */
async function failedWith(prompt: string): Promise<string> {
  relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
  const id = await relay.imagine();
  const task = await relay.read(id);
  expect(task.state).toBe('failed');
  const request = { ...task.request, prompt };
  await relay.database.tasks.save({ ...task, request, revision: task.revision + 1 }, task);
  return id;
}

/** The refusal's code; nothing was charged, and nothing was sent to the provider. */
async function refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
  const { submits, answers } = relay.provider;
  const before = [await relay.left(), submits.length, answers.length];
  const code = await codeOf(work());
  await relay.clock.pass(1_000);
  expect([await relay.left(), submits.length, answers.length]).toEqual(before);
  return code;
}

const worst = [
  ['fox \u2010turbo', 'speed-in-prompt'],
  ['a quick—fast fox', 'speed-in-prompt'],
  ['fox --no tree\u2010turbo', 'speed-in-prompt'],
  ['fox –r 40', 'several-jobs'],
  ['fox —repeat 40', 'several-jobs'],
  ['{red, blue {x}} fox', 'several-jobs'],
  ['fox --video --bs 4', 'unpriced'],
  ['fox --edit', 'unpriced'],
  ['fox --q 4 --v 7', 'unpriced'],
  ['fox --no hat--uhd', 'flag-unknown'],
] as const;

describe.each(worst)('%s', (words, code) => {
  it('is refused as a command', async () => {
    const request = { action: 'imagine', prompt: words, speed: 'fast', pictures: [] } as const;
    expect(await refusalOf(() => relay.service.start(request, aCaller()))).toBe(code);
  });

  it('is refused in modals', async () => {
    const parent = target(await finished());
    const zoom = { ...parent, offer: 2, prompt: `${words} --zoom 2` };
    expect(await refusalOf(() => relay.service.act(zoom, aCaller()))).toBe(code);
    const region = { ...parent, offer: 3, prompt: words, region: { cells: [1] } };
    expect(await refusalOf(() => relay.service.act(region, aCaller()))).toBe(code);
  });

  it('is refused as an answer, and the question stays', async () => {
    const id = await asked('a fox');
    expect(await refusalOf(() => relay.service.answer(target(id), owner, words))).toBe(code);
    expect(await refusalOf(() => relay.service.answer(target(id), owner, words))).toBe(code);
    expect((await relay.read(id)).state).toBe('asking');
    await relay.service.answer(target(id), owner, 'a hare');
    await settle();
    expect(relay.provider.answers.map(({ prompt }) => prompt)).toEqual(['a hare']);
  });

  it('is refused as a suggestion', async () => {
    const press = { ...(await described('a hare')), prompt: words };
    expect(await refusalOf(() => relay.proposals.imagine(press, aCaller()))).toBe(code);
  });

  it('is refused by Try again', async () => {
    const id = await failedWith(words);
    expect(await refusalOf(() => relay.service.again(target(id), aCaller()))).toBe(code);
  });
});

describe('a prompt with a price', () => {
  it.each(['a fox — fast — in snow', 'a fox --q 1 --draft --v 7', '一只狐狸——红色'])(
    'is sent to the provider as it was scanned: %s',
    async (words) => {
      await relay.imagine(owner, words);
      expect(relay.provider.submits.map(({ prompt }) => prompt)).toEqual([words]);
      expect(await relay.left()).toBe(1_900);
    },
  );

  it('passes in a modal, an answer, a suggestion and Try again', async () => {
    const words = 'a fox — fast — in snow';
    const parent = target(await finished());
    const zoom = { ...parent, offer: 2, prompt: `${words} --zoom 2` };
    expect((await relay.service.act(zoom, aCaller())).task.request.answer).toBe(`${words} --zoom 2`);
    const press = { ...(await described(words)), prompt: words };
    expect((await relay.proposals.imagine(press, aCaller())).task.request.prompt).toBe(words);
    const failed = await failedWith(words);
    expect((await relay.service.again(target(failed), aCaller())).task.request.prompt).toBe(words);
  });
});

describe('other parts of a request', () => {
  const image = { url: 'https://cdn.example/fox.png', name: 'fox.png' };
  const video = { action: 'video', prompt: '', speed: 'fast', pictures: [image] } as const;

  it.each([
    [{ ...video, prompt: 'it waves --bs 4' }, 'unpriced'],
    [
      { ...video, action: 'imagine', pictures: [{ ...image, url: 'https://cdn.example/--hd.png' }] },
      'picture-name',
    ],
  ] satisfies [StartRequest, string][])('%j', async (request, code) => {
    Object.assign(relay.provider, { actions: new Set([...relay.provider.actions, 'video']) });
    expect(await refusalOf(() => relay.service.start(request, aCaller()))).toBe(code);
  });

  it('are scanned when an older picture is made again, but not when it is shown again', async () => {
    const id = await finished();
    const task = await relay.read(id);
    const result = task.result;
    if (result === undefined) throw new Error('no result');
    const offers = [...result.offers, { action: 'reroll', token: 'MJ::JOB::reroll::0::abc' } as const];
    const request = { ...task.request, prompt: 'a fox --edit' };
    await relay.database.tasks.save(
      { ...task, request, result: { ...result, offers }, revision: task.revision + 1 },
      task,
    );
    const again = { ...target(id), offer: 4 };
    expect(await refusalOf(() => relay.service.act(again, aCaller()))).toBe('unpriced');
    expect(await codeOf(relay.service.act({ ...target(id), offer: 0 }, aCaller()))).toBeUndefined();
  });
});

describe("a gateway's suggestion", () => {
  it.each([
    'a fox --relax --fast',
    'a fox --fast --turbo --fast',
    'a fox ——turbo，--relax',
    'a fox --fast--relax',
  ])('is shown without its speeds, and can be sent back: %s', async (proposal) => {
    const id = await asked(proposal);
    const { prompt } = await relay.service.questionOf(target(id), owner);
    expect(prompt).not.toMatch(/fast|turbo|relax/);
    await relay.service.answer(target(id), owner, prompt);
    await settle();
    expect(relay.provider.answers.map((answer) => answer.prompt)).toEqual([prompt]);
  });

  it('loses its speeds in a describe, too', async () => {
    const press = await described('a red fox --relax --fast --ar 3:2');
    expect(await relay.proposals.read(press, aCaller())).toEqual({ prompt: 'a red fox --ar 3:2' });
  });

  it("keeps its task's speed, and says so to a person who types another", async () => {
    const id = await asked('a fox');
    expect(await refusalOf(() => relay.service.answer(target(id), owner, 'a hare --turbo'))).toBe(
      'speed-in-prompt',
    );
    await relay.service.answer(target(id), owner, 'a hare --fast');
    await settle();
    expect(relay.provider.answers.map(({ prompt }) => prompt)).toEqual(['a hare']);
  });
});
