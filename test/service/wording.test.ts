import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChoice } from '../../src/accounts/choose.ts';
import { ProviderError } from '../../src/errors.ts';
import type { TaskRequest } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { always, createRelay, createScriptedProvider, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin } from '../helpers/tasks.ts';

const { book, userId } = anOrigin();
const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 50, findsByPrompt: false });
});
afterEach(() => relay.remove());

function start(prompt: string, changes: Partial<TaskRequest> = {}) {
  const request = { speed: 'fast', pictures: [], ...changes, action: 'imagine', prompt } as const;
  return relay.service.start(request, aCaller());
}

/** What somebody is told about their words before anything is charged. */
async function told(opened: Promise<unknown>) {
  const [left, submits] = [await relay.left(), relay.provider.submits.length];
  const error = await opened.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const details = detailsOf(error, 'prompt-doubtful');
  if (details === undefined) throw error ?? new Error('nobody was told');
  expect([await relay.left(), relay.provider.submits.length]).toEqual([left, submits]);
  return { ...details, codes: details.findings.map(({ code }) => code) };
}

const allow = (points: number) => relay.policies.update(book, (settings) => ({ ...settings, points }));

describe('words that will not work', () => {
  it('are told with the corrected prompt and its price, and start corrected', async () => {
    const { draft, codes, corrected, ...rest } = await told(start('a fox --q 1 --v 8.2'));
    expect(codes).toEqual(['not-in-version']);
    expect(corrected).toEqual({ prompt: 'a fox --v 8.2', speed: 'fast', price: 100 });
    expect(rest).toMatchObject({ left: 2_000 });
    expect(rest.writtenPrice).toBeUndefined();
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task).toMatchObject({ price: 100, request: { prompt: 'a fox --v 8.2' } });
    expect(await relay.left()).toBe(1_900);
  });

  it('are never sent as they are', async () => {
    const { draft } = await told(start('a fox --q 1 --v 8.2'));
    expect(await codeOf(relay.resume.settle(draft, 'written', aCaller()))).toBe('unknown-component');
    expect(await relay.left()).toBe(2_000);
  });

  it('may become dearer, which is told, and charged', async () => {
    const { draft, corrected } = await told(start('a fox --cref https://e.org/a.png --v 7'));
    expect(corrected).toMatchObject({ prompt: 'a fox --oref https://e.org/a.png --v 7', price: 200 });
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task.price).toBe(200);
    expect(await relay.left()).toBe(1_800);
  });

  it('cost what the corrected ones cost', async () => {
    Object.assign(relay.provider, { speeds: new Set(['fast', 'turbo']) });
    const { draft, codes, corrected } = await told(start('a fox --v 8.2', { speed: 'turbo' }));
    expect([codes, corrected.speed, corrected.price]).toEqual([['no-turbo'], 'fast', 100]);
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task).toMatchObject({ price: 100, request: { speed: 'fast' } });
  });

  it('without a price are refused as before, corrected or not', async () => {
    expect(await codeOf(start('a fox --edit --v 8.2 --q 1'))).toBe('unpriced');
    expect(await codeOf(start('a {red, blue} fox --q 1 --v 8.2'))).toBe('several-jobs');
    expect(await relay.left()).toBe(2_000);
  });
});

describe('words that may not work', () => {
  it.each([
    ['corrected', 'a fox --v 8.2'],
    ['written', 'a fox --v 9'],
  ] as const)('are sent %s if that is what their person wants', async (words, prompt) => {
    const { draft, codes, writtenPrice } = await told(start('a fox --v 9'));
    expect([codes, writtenPrice]).toEqual([['version-unknown'], 100]);
    const { task } = await relay.resume.settle(draft, words, aCaller());
    expect(task).toMatchObject({ price: 100, request: { prompt } });
    await relay.service.acknowledged(task.id, 'a message');
    await settle();
    expect(relay.provider.submits.map((submit) => submit.prompt)).toEqual([prompt]);
  });

  it('are not offered as they are if they have no price like that', async () => {
    const { writtenPrice, corrected } = await told(start('a fox --q 2'));
    expect(writtenPrice).toBeUndefined();
    expect(corrected.prompt).toBe('a fox');
  });

  it('are sent as they are at a higher price only after another question', async () => {
    const { draft } = await told(start('a fox --v 9'));
    Object.assign(relay.accounts.get('main')?.prices.points ?? {}, { imagine: 150 });
    const error: unknown = await relay.resume.settle(draft, 'written', aCaller()).catch((thrown) => thrown);
    const again = detailsOf(error, 'price-unconfirmed');
    expect(again).toMatchObject({ price: 150 });
    const { task } = await relay.resume.agree(again?.draft ?? '', aCaller());
    expect(task).toMatchObject({ price: 150, request: { prompt: 'a fox --v 9' } });
  });

  it('are told about options that the text overrides', async () => {
    const overridden = [{ flag: '--ar 3:2', option: 'aspect' }];
    const request = { action: 'imagine', prompt: 'a fox --ar 3:2', speed: 'fast', pictures: [] } as const;
    const { draft, codes, corrected, writtenPrice } = await told(
      relay.service.start({ ...request, overridden }, aCaller()),
    );
    expect([codes, corrected.prompt]).toEqual([['option-overridden'], 'a fox --ar 3:2']);
    // There's nothing to choose from.
    expect(writtenPrice).toBeUndefined();
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task.request).toEqual(request);
  });
});

describe('a decision about words', () => {
  it('starts one task, no matter how often and what is pressed', async () => {
    const { draft } = await told(start('a fox --v 9'));
    const presses = (['corrected', 'written', 'corrected', 'written'] as const).map((words) =>
      codeOf(relay.resume.settle(draft, words, aCaller())),
    );
    const codes = (await Promise.all(presses)).filter((code) => code !== undefined);
    expect(codes).toEqual(['already-started', 'already-started', 'already-started']);
    expect(await codeOf(relay.resume.change(draft, 'a hare', aCaller()))).toBe('already-started');
    expect(await relay.left()).toBe(1_900);
  });

  it('starts one task, though the window with other words is sent twice', async () => {
    const { draft } = await told(start('a fox --v 9'));
    const sent = ['a hare', 'a hare'].map((words) => codeOf(relay.resume.change(draft, words, aCaller())));
    expect((await Promise.all(sent)).filter((code) => code !== undefined)).toEqual(['already-started']);
    await relay.clock.pass(15 * minute);
    expect(await codeOf(relay.resume.change(draft, 'a hare', aCaller()))).toBe('already-started');
    expect(await relay.left()).toBe(1_900);
  });

  it('is its own person’s, for fifteen minutes, and over a restart', async () => {
    const { draft } = await told(start('a fox --v 9'));
    const stranger = aCaller({ userId: 'somebody else' });
    expect(await codeOf(relay.resume.settle(draft, 'corrected', stranger))).toBe('draft-gone');
    expect(await codeOf(relay.resume.wordsOf(draft, stranger))).toBe('draft-gone');
    expect(await codeOf(relay.resume.change(draft, 'a hare', stranger))).toBe('draft-gone');
    await relay.close();
    const reopened = await relay.reopen();
    await relay.clock.pass(15 * minute - 1);
    expect(await reopened.resume.wordsOf(draft, aCaller())).toEqual({ prompt: 'a fox --v 9' });
    await relay.clock.pass(1);
    expect(await codeOf(reopened.resume.settle(draft, 'corrected', aCaller()))).toBe('draft-gone');
    await reopened.close();
  });

  it('is asked about again at a higher price, and never booked higher than it was told', async () => {
    const { draft } = await told(start('a fox --q 1 --v 8.2'));
    Object.assign(relay.accounts.get('main')?.prices.points ?? {}, { imagine: 150 });
    expect(await codeOf(relay.resume.settle(draft, 'corrected', aCaller()))).toBe('price-unconfirmed');
    expect(await relay.left()).toBe(2_000);
  });

  it('is an agreement to the price, however much of the allowance that is', async () => {
    await allow(300);
    const { draft, left } = await told(start('a fox --q 1 --v 8.2'));
    expect(left).toBe(300);
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task.price).toBe(100);
  });

  it('is not asked for if the person cannot pay anyway', async () => {
    await allow(99);
    expect(await codeOf(start('a fox --q 1 --v 8.2'))).toBe('points-short');
  });

  it('may be other words, which are read again', async () => {
    const { draft } = await told(start('a fox --q 1 --v 8.2', { speed: 'relax' }));
    const again = await told(relay.resume.change(draft, 'a hare --chaos 500', aCaller()));
    expect(again.corrected).toMatchObject({ prompt: 'a hare --chaos 100', speed: 'relax' });
    const { task } = await relay.resume.change(draft, 'a hare —fast', aCaller());
    expect(task.request).toMatchObject({ prompt: 'a hare', speed: 'fast' });
    expect(await codeOf(relay.resume.change(draft, 'a hare —r 4', aCaller()))).toBe('several-jobs');
    expect(await codeOf(relay.resume.change(draft, ' ', aCaller()))).toBe('prompt-empty');
  });

  it('is exported, and forgotten with the rest', async () => {
    const { draft } = await told(start('a fox --q 1 --v 8.2'));
    const exported = JSON.parse(await relay.personalData.export(userId));
    expect(exported.unfinished).toMatchObject([
      { action: 'imagine', prompt: 'a fox --q 1 --v 8.2', corrected: 'a fox --v 8.2', points: 100 },
    ]);
    await relay.personalData.forget(userId);
    expect(await codeOf(relay.resume.settle(draft, 'corrected', aCaller()))).toBe('draft-gone');
  });
});

describe('words of a follow-up', () => {
  const zoomOf = async () => {
    const taskId = await relay.finished();
    return { taskId, messageId: `message-of-${taskId}`, offer: 2 };
  };

  it('are corrected like those of a command, and keep their button', async () => {
    const press = await zoomOf();
    const act = () => relay.service.act({ ...press, prompt: 'a fox --s 5000 --zoom 2' }, aCaller());
    const { draft, corrected, writtenPrice } = await told(act());
    expect(writtenPrice).toBeUndefined();
    const other = await told(act());
    expect(corrected.prompt).toBe('a fox --s 1000 --zoom 2');
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task).toMatchObject({
      parentId: press.taskId,
      parentOffer: 2,
      request: { answer: corrected.prompt },
    });
    expect(await codeOf(relay.resume.settle(other.draft, 'corrected', aCaller()))).toBe('already-running');
    expect(await codeOf(act())).toBe('already-running');
  });

  it('can be changed, and are checked like the first ones', async () => {
    const press = await zoomOf();
    const { draft } = await told(
      relay.service.act({ ...press, prompt: 'a fox --s 5000 --zoom 2' }, aCaller()),
    );
    expect(await relay.resume.wordsOf(draft, aCaller())).toEqual({ prompt: 'a fox --s 5000 --zoom 2' });
    expect(await codeOf(relay.resume.change(draft, 'a fox --zoom 9', aCaller()))).toBe('zoom-malformed');
    const { task } = await relay.resume.change(draft, 'a hare --zoom 2', aCaller());
    expect(task).toMatchObject({ parentId: press.taskId, request: { answer: 'a hare --zoom 2' } });
  });

  it('keep the region that they were typed for', async () => {
    const press = { ...(await zoomOf()), offer: 3 };
    const region = { cells: [1, 2] };
    const { draft } = await told(
      relay.service.act({ ...press, prompt: 'a hat --s 5000', region }, aCaller()),
    );
    const { task } = await relay.resume.change(draft, 'a red hat', aCaller());
    expect(task.request).toMatchObject({ answer: 'a red hat', region });
  });

  it('are corrected when a failed task is tried again, once', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
    const id = await relay.imagine();
    const task = await relay.read(id);
    const request = { ...task.request, prompt: 'a fox --q 1 --v 8.2' };
    await relay.database.tasks.save({ ...task, request, revision: task.revision + 1 }, task);
    const target = { taskId: id, messageId: `message-of-${id}` };
    const first = await told(relay.service.again(target, aCaller()));
    const second = await told(relay.service.again(target, aCaller()));
    const again = await relay.resume.settle(first.draft, 'corrected', aCaller());
    expect(again.task).toMatchObject({ parentId: id, request: { prompt: 'a fox --v 8.2' } });
    expect(await codeOf(relay.resume.settle(second.draft, 'corrected', aCaller()))).toBe('already-running');
    expect(await relay.left()).toBe(1_900);
  });

  it('are corrected when a proposal is imagined', async () => {
    relay.provider.onSubmit = () => ({
      ref: { id: 'described' },
      update: { state: 'done', media: [], text: ['a hare'], offers: [] },
    });
    const pictures = [{ url: 'https://cdn.example/fox.png', name: 'fox.png' }];
    const described = await relay.service.start(
      { action: 'describe', prompt: '', speed: 'fast', pictures },
      aCaller(),
    );
    await relay.service.acknowledged(described.task.id, 'a message');
    await relay.clock.pass(0);
    const press = { taskId: described.task.id, messageId: 'a message', index: 0 };
    const { draft, corrected } = await told(
      relay.proposals.imagine({ ...press, prompt: 'a hare --q 1 --v 8.2' }, aCaller()),
    );
    expect(corrected.prompt).toBe('a hare --v 8.2');
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task).toMatchObject({ parentId: press.taskId, request: { action: 'imagine' } });
  });

  it('are not read if none are sent', async () => {
    const taskId = await relay.finished();
    const task = await relay.read(taskId);
    const offers = [{ action: 'reroll', token: 'MJ::JOB::reroll::0::abc' } as const];
    const request = { ...task.request, prompt: 'a fox --q 1 --v 8.2' };
    const result = { ...(task.result ?? { media: [] }), offers };
    await relay.database.tasks.save({ ...task, request, result, revision: task.revision + 1 }, task);
    const press = { taskId, messageId: `message-of-${taskId}`, offer: 0 };
    expect(await codeOf(relay.service.act(press, aCaller()))).toBeUndefined();
  });
});

describe('an answer to the provider', () => {
  it('that will not work is refused with its correction, and the question stays', async () => {
    relay.provider.onLook = always({ state: 'asking', prompt: 'a fox' });
    const taskId = await relay.imagine();
    await relay.clock.pass(10_000);
    const target = { taskId, messageId: `message-of-${taskId}` };
    const error: unknown = await relay.service
      .answer(target, userId, 'a fox --s 5000')
      .catch((thrown) => thrown);
    expect(detailsOf(error, 'answer-wrong')?.corrected.prompt).toBe('a fox --s 1000');
    expect((await relay.read(taskId)).state).toBe('asking');
    for (const dearer of ['a fox --v 7 --oref https://e.org/a.png', 'a fox --hd'])
      expect(await codeOf(relay.service.answer(target, userId, dearer))).toBe('unpriced');
    await relay.service.answer(target, userId, 'a fox --v 9');
    await settle();
    expect(relay.provider.answers.map(({ prompt }) => prompt)).toEqual(['a fox --v 9']);
  });
});

describe('several accounts', () => {
  const request = { action: 'imagine', prompt: 'a fox --q 1 --v 8.2', speed: 'fast', pictures: [] } as const;
  let both: Relay;
  beforeEach(async () => {
    const ace = createScriptedProvider();
    both = await createRelay({ accounts: ['main', 'ace'], providers: { ace }, kinds: { ace: 'acedata' } });
  });
  afterEach(() => both.remove());

  it('get what they take, without a word to anybody', async () => {
    const { task } = await both.service.start(request, aCaller());
    expect(task.account).toBe('ace');
    const plain = await both.service.start({ ...request, prompt: 'a hare' }, aCaller());
    expect(plain.task.account).toBe('main');
  });

  it('do not pass on what the next one would not take', async () => {
    const { task } = await both.service.start(request, aCaller());
    const choice = createChoice(both);
    expect((await choice.rank(task)).map(({ name }) => name)).toEqual(['ace']);
  });
});
