import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { TranslationPlan } from '../../src/service/translations.ts';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { allDone, createRelay, createScriptedProvider, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const request = { action: 'imagine', prompt: '一只狐狸 --ar 16:9', speed: 'fast', pictures: [] } as const;
const caller = aCaller();
const person = caller.origin.userId;

let relay: Relay;
let asked: string[];
let answers: (string | ProviderError)[];
beforeEach(async () => {
  asked = [];
  answers = ['a fox'];
  await setUp();
});
afterEach(() => relay.remove());

async function setUp(options: Parameters<typeof createRelay>[0] = {}) {
  relay = await createRelay(options);
  relay.provider.translate = translate;
  relay.provider.onLook = allDone;
}

async function translate(text: string): Promise<string> {
  asked.push(text);
  const answer = answers.shift() ?? 'a fox';
  if (answer instanceof ProviderError) throw answer;
  return answer;
}

async function start(plan: TranslationPlan) {
  if (plan.start === undefined) throw new Error('the API translates it by itself');
  return plan.start();
}

describe('words that will not work', () => {
  const wrong = { ...request, prompt: '一只狐狸 --q 1 --v 8.2' };

  async function told() {
    const error: unknown = await relay.translations.plan(wrong, caller).catch((thrown: unknown) => thrown);
    return detailsOf(error, 'prompt-doubtful') ?? { draft: '', corrected: undefined };
  }

  it('are told before anything is translated, and translated once they are corrected, once', async () => {
    const { draft, corrected } = await told();
    expect(corrected).toEqual({ prompt: '一只狐狸 --v 8.2', speed: 'fast', price: 100 });
    expect(asked).toEqual([]);
    expect(await relay.resume.expect(draft, caller)).toEqual({ takesLong: true, isPrivate: false });
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task).toMatchObject({ price: 100, request: { prompt: 'a fox --v 8.2', typed: '一只狐狸' } });
    expect(await codeOf(relay.resume.settle(draft, 'corrected', aCaller()))).toBe('already-started');
    expect(asked).toEqual(['一只狐狸']);
    expect(await relay.left()).toBe(1_900);
  });

  it('are translated once they are in front of the parameters', async () => {
    const behind = { ...request, prompt: '--v 7 一只狐狸' };
    const error: unknown = await relay.translations.plan(behind, caller).catch((thrown: unknown) => thrown);
    const { draft = '', corrected } = detailsOf(error, 'prompt-doubtful') ?? {};
    expect(corrected?.prompt).toBe('一只狐狸 --v 7');
    expect(await relay.resume.expect(draft, caller)).toEqual({ takesLong: true, isPrivate: false });
    const { task } = await relay.resume.settle(draft, 'corrected', aCaller());
    expect(task.request).toMatchObject({ prompt: 'a fox --v 7', typed: '一只狐狸' });
  });

  it.each(['--v 7', 'https://e.org/a.png --v 7', '--p abc'])(
    'are none to translate in %j',
    async (prompt) => {
      const wish = { ...request, prompt };
      expect(await relay.translations.plan(wish, caller)).toEqual({ request: wish });
      expect(asked).toEqual([]);
    },
  );

  it('are translated once they are changed', async () => {
    const { draft } = await told();
    const { task } = await relay.resume.change(draft, '一只狐狸 --v 7', aCaller());
    const times = asked.length;
    expect(await codeOf(relay.resume.change(draft, '一只狐狸 --v 7', aCaller()))).toBe('already-started');
    expect(asked).toHaveLength(times);
    expect(task.request).toMatchObject({ prompt: 'a fox --v 7', typed: '一只狐狸' });
  });
});

describe('a translation', () => {
  it('is what is checked, charged and sent, and the words that it came from are kept', async () => {
    const { task } = await start(await relay.translations.plan(request, caller));
    expect(asked).toEqual(['一只狐狸']);
    expect(task).toMatchObject({
      price: 100,
      request: { prompt: 'a fox --ar 16:9', typed: '一只狐狸', speed: 'fast' },
    });
    await relay.service.acknowledged(task.id, 'message');
    await relay.clock.pass(10_000);
    expect(relay.provider.submits.map(({ prompt }) => prompt)).toEqual(['a fox --ar 16:9']);
    expect(await relay.left()).toBe(1_900);
  });

  it('that changes nothing is no translation', async () => {
    answers = ['一只狐狸'];
    const { task } = await start(await relay.translations.plan(request, caller));
    expect(task.request).toEqual(request);
  });

  it.each([
    ['invents a speed', 'a fox --turbo'],
    ['invents a flag', 'a fox --v 5'],
    ['is empty', '  '],
    ['never comes', new ProviderError('unavailable', 'down')],
    ['is refused', new ProviderError('rejected', 'no', { reason: 'no' })],
    ['meets an empty account', new ProviderError('balance', 'no credit left')],
  ])('is not used if it %s: nothing is charged, and one press sends it as typed', async (_, answer) => {
    answers = [answer];
    const plan = await relay.translations.plan(request, caller);
    const refusal = await start(plan).catch((error: unknown) => error);
    const { draft, price } = detailsOf(refusal, 'translation-failed') ?? {};
    expect(price).toBe(100);
    expect(await relay.left()).toBe(2_000);
    expect(relay.announced).toEqual([]);
    const { task } = await relay.resume.agree(draft ?? '', aCaller());
    expect(task).toMatchObject({ price: 100, request });
    expect(task.request.typed).toBeUndefined();
    expect(await relay.left()).toBe(1_900);
    expect(await codeOf(relay.resume.agree(draft ?? '', aCaller()))).toBe('already-started');
    expect(await codeOf(relay.resume.agree(draft ?? '', aCaller({ userId: '9' })))).toBe('draft-gone');
  });

  it('is asked for only if the request could start', async () => {
    await relay.policies.update(caller.asker.book, () => ({ points: 50 }));
    expect(await codeOf(relay.translations.plan(request, caller))).toBe('points-short');
    await relay.policies.update(caller.asker.book, () => ({ points: 2_000 }));
    for (const [prompt, code] of [
      ['狐狸 --turbo', 'speed-in-prompt'],
      ['狐狸 --repeat 4', 'several-jobs'],
      ['狐狸 --chaos 500', 'prompt-doubtful'],
    ] as const)
      expect(await codeOf(relay.translations.plan({ ...request, prompt }, caller))).toBe(code);
    expect(asked).toEqual([]);
  });

  it('asks about the price of what is sent, and keeps that', async () => {
    await relay.policies.update(caller.asker.book, () => ({ points: 150 }));
    const refusal = await start(await relay.translations.plan(request, caller)).catch(
      (error: unknown) => error,
    );
    const { draft } = detailsOf(refusal, 'price-unconfirmed') ?? {};
    const { task } = await relay.resume.agree(draft ?? '', aCaller());
    expect(task.request).toMatchObject({ prompt: 'a fox --ar 16:9', typed: '一只狐狸' });
    expect(asked).toHaveLength(1);
  });

  it('is asked for one at a time per person', async () => {
    let finish = (_: string) => {};
    relay.provider.translate = () => {
      relay.provider.translate = translate;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const [first, second, other] = [
      await relay.translations.plan(request, caller),
      await relay.translations.plan(request, aCaller()),
      await relay.translations.plan(request, aCaller({ userId: 'other' })),
    ];
    const running = start(first);
    expect(await codeOf(start(second))).toBe('translation-under-way');
    finish('a fox');
    await running;
    await start(other);
    await start(second);
  });

  it('has nothing to do without words', async () => {
    const prompt = 'https://a.example/1.png --ar 16:9';
    expect(await relay.translations.plan({ ...request, prompt }, caller)).toEqual({
      request: { ...request, prompt },
    });
  });

  it('is forgotten with the words it came from', async () => {
    const { task } = await start(await relay.translations.plan(request, caller));
    await relay.service.acknowledged(task.id, `message-of-${task.id}`);
    await relay.clock.pass(10_000);
    const target = { taskId: task.id, messageId: `message-of-${task.id}`, offer: 0 };
    const other = aCaller({ userId: '555555555555555555' });
    const { task: child } = await relay.service.act(target, other);
    await relay.service.acknowledged(child.id, `message-of-${child.id}`);
    await relay.clock.pass(10_000);
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect(await relay.personalData.export(person)).toContain('一只狐狸');
    await relay.personalData.forget(person);
    expect(JSON.stringify([await relay.read(task.id), await relay.read(child.id)])).not.toMatch(
      /狐狸|a fox/u,
    );
  });
});

describe('the account that translates', () => {
  const names = ['main', 'spare'];

  it("is another one if the first can't", async () => {
    const main = createScriptedProvider();
    await relay.remove();
    await setUp({ accounts: names, providers: { main } });
    const { task } = await start(await relay.translations.plan(request, caller));
    expect(task).toMatchObject({ account: 'main', request: { prompt: 'a fox --ar 16:9' } });
    expect(asked).toEqual(['一只狐狸']);
  });

  it('is none: this is refused, and nothing is charged', async () => {
    delete relay.provider.translate;
    const plan = await relay.translations.plan(request, caller);
    expect(await codeOf(relay.service.start(plan.request ?? request, caller))).toBe(
      'translation-unavailable',
    );
    expect(await relay.left()).toBe(2_000);
  });

  it('is one that works, or else one that may work again by now', async () => {
    const main = createScriptedProvider();
    const spare = createScriptedProvider();
    await relay.remove();
    await setUp({ accounts: ['main', 'spare', 'third'], providers: { main, spare } });
    let asks = 0;
    spare.translate = async () => {
      asks += 1;
      return 'a hare';
    };
    const pause = (name: string) => {
      const account = relay.accounts.get(name);
      if (account !== undefined) account.pausedUntil = relay.clock.now() + 60_000;
    };
    pause('spare');
    await start(await relay.translations.plan(request, caller));
    expect([asked.length, asks]).toEqual([1, 0]);
    pause('third');
    await start(await relay.translations.plan(request, aCaller()));
    expect([asked.length, asks]).toEqual([1, 1]);
  });

  it('is one that this server uses', async () => {
    const main = createScriptedProvider();
    await relay.remove();
    await setUp({ accounts: names, providers: { main } });
    await relay.policies.update(caller.asker.book, () => ({ accounts: ['main'] }));
    const plan = await relay.translations.plan(request, caller);
    expect(await codeOf(relay.service.start(plan.request ?? request, caller))).toBe(
      'translation-unavailable',
    );
    expect(asked).toEqual([]);
  });
});
