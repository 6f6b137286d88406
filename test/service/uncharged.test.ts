import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edit as editCommand } from '../../commands/edit.ts';
import { createLimits, type LimitOptions } from '../../src/accounts/limits.ts';
import { renderCancelled } from '../../src/discord/render/cancel.ts';
import { renderError } from '../../src/discord/render/error.ts';
import { renderTask } from '../../src/discord/render/task.ts';
import { readTargetMessage } from '../../src/discord/target-message.ts';
import { ProviderError, UserError } from '../../src/errors.ts';
import en from '../../src/locales/en.json' with { type: 'json' };
import { english } from '../../src/locales/index.ts';
import { listPrices } from '../../src/points/prices.ts';
import { composePrompt } from '../../src/prompt/compose.ts';
import type { StartRequest } from '../../src/service/presses.ts';
import type { ServerRules } from '../../src/storage/settings-document.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aPlace, targetOf } from '../helpers/tasks.ts';

const uncharged = 'Nothing was charged.';
const { userId } = aCaller().asker;
const presser = { userId, canManageMessages: false };

const inChinese = { action: 'imagine', prompt: '一只狐狸', speed: 'fast', pictures: [] } as const;

/** A finished grid: its offer 2 is a custom zoom, its offer 3 Vary (Region). */
async function offer(relay: Relay, number: number) {
  const taskId = await relay.finished();
  return { taskId, messageId: `message-of-${taskId}`, offer: number };
}

const start = (relay: Relay, request: Partial<StartRequest>) =>
  relay.service.start(
    { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [], ...request },
    aCaller(),
  );

function film(relay: Relay, request: Partial<StartRequest>) {
  Object.assign(relay.provider, { actions: new Set([...relay.provider.actions, 'video' as const]) });
  return start(relay, { action: 'video', ...request });
}

/** An edit with a picture and a style. */
function edit(relay: Relay, request: Partial<StartRequest>) {
  (relay.provider.actions as Set<string>).add('edit');
  const photo = { name: 'photo.png', url: 'https://cdn.example/photo.png' };
  const style = { name: 'ink.png', url: 'https://cdn.example/ink.png', role: 'style' } as const;
  return start(relay, { action: 'edit', prompt: 'a hat --v 8.2', pictures: [photo, style], ...request });
}

async function zoom(relay: Relay, prompt: string) {
  return relay.service.act({ ...(await offer(relay, 2)), prompt }, aCaller());
}

async function region(relay: Relay, cells: number[]) {
  return relay.service.act({ ...(await offer(relay, 3)), prompt: 'a hat', region: { cells } }, aCaller());
}

/** `/edit`, as Discord passes it on, where nobody outside can reach the bot. */
async function runEdit({ preferences }: Relay, given: Record<string, unknown>): Promise<void> {
  const read = (name: string) => given[name] ?? null;
  const options = { getAttachment: read, getString: read, getBoolean: read };
  const context = { preferences, caller: aCaller().asker, regionPages: { begin: async () => undefined } };
  await editCommand.execute({ options } as never, context as never);
}

/** Sends the mask of a page whose private answer could no longer be shown. */
async function paintLate(relay: Relay): Promise<never> {
  const source = await offer(relay, 3);
  const place = aPlace({ isPrivate: true, isOpenToBot: false, tokenExpiresAt: relay.clock.now() + 1_000 });
  const caller = { ...aCaller({ place }), displayName: 'Max' };
  const url = await relay.regionPages.begin({ kind: 'offer', ...source }, { prompt: 'a fox' }, caller);
  const token = url?.split('/').at(-1) ?? '';
  const painted = { prompt: 'a door', price: 100, isAsWritten: false, mask: Buffer.from('a mask') };
  const outcome = await relay.regionPages.submit(token, painted);
  throw outcome.kind === 'refused' ? outcome.error : new Error(outcome.kind);
}

/** Closes the only account, as its API would. */
async function close(relay: Relay, kind: 'auth' | 'balance') {
  relay.provider.onSubmit = () => {
    throw new ProviderError(kind, 'refused', { status: kind === 'auth' ? 401 : 402, hasOwnMarks: true });
  };
  await relay.imagine('somebody');
  await relay.clock.pass(1_000);
  return start(relay, {});
}

const elsewhen = { from: 0, to: 1, text: '00:00-00:01' };

/** Starts an imagine while the only account has such limits. */
async function startLimited(
  relay: Relay,
  limits: LimitOptions,
  request: Partial<StartRequest> = {},
  somebody = userId,
) {
  const [account] = relay.accounts.all;
  const { spending } = relay.accounts;
  spending.watch(['main']);
  Object.assign(account ?? {}, { limits: createLimits('main', limits, { spending, timeZone: 'UTC' }) });
  if (somebody === userId) return start(relay, request);
  return relay.imagine(somebody);
}

/** How a person gets each sentence that says so. Those of `commands/` come before anything else is asked. */
const ways: Readonly<Record<string, (relay: Relay) => Promise<unknown>>> = {
  'error.flags-unsupported': (relay) => {
    relay.provider.review = () => {
      throw new UserError('flags-unsupported', { flags: '--weird' });
    };
    return start(relay, { prompt: 'a fox --weird 5' });
  },
  'error.several-jobs': (relay) => start(relay, { prompt: '{, fox}' }),
  'error.several-jobs.first': (relay) => start(relay, { prompt: 'a {red, blue} fox' }),
  'error.speed-twice': (relay) => zoom(relay, 'a fox --zoom 2 --fast --relax'),
  'error.speed-in-prompt': (relay) => zoom(relay, 'a fox --zoom 2 --turbo'),
  'error.unpriced': (relay) => start(relay, { prompt: 'a fox --edit' }),
  'error.flag-unknown': (relay) => start(relay, { prompt: 'a fox --no hats--remix-of-next-year' }),
  'error.page-late': paintLate,
  'error.picture-name': (relay) =>
    start(relay, { pictures: [{ name: 'a --hd.png', url: 'https://cdn.example/a --hd.png' }] }),
  'error.message-without-picture': async () =>
    readTargetMessage({ id: '1', token: 'token', application_id: '2' }).listPictures(),
  'error.task-without-prompt': async (relay) => {
    const pictures = [{ name: 'fox.png', url: 'https://cdn.example/fox.png' }];
    const { task } = await start(relay, { action: 'describe', prompt: '', pictures });
    await relay.service.acknowledged(task.id, 'described');
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    return relay.menuWork.beginAgain('described', aCaller());
  },
  'error.option-malformed': async () => composePrompt('a fox', { stylize: 5_000 }),
  'error.too-many-pictures': (relay) => {
    relay.provider.review = () => {
      throw new UserError('too-many-pictures', { limit: 1 });
    };
    return start(relay, {});
  },
  'error.mask-unsupported': (relay) => {
    relay.provider.review = () => {
      throw new UserError('mask-unsupported');
    };
    return start(relay, {});
  },
  ...Object.fromEntries(
    (['clips', 'resolution', 'end_image'] as const).map((option) => [
      `error.video-option.${option}`,
      (relay: Relay) => {
        relay.provider.review = () => {
          throw new UserError('video-option', { option });
        };
        return start(relay, {});
      },
    ]),
  ),
  'error.video-720p-relaxed': (relay) => film(relay, { speed: 'relax', options: { resolution: '720p' } }),
  'error.video-loop-and-end': (relay) => {
    const pictures = ['1', '2'].map((name) => ({ name, url: `https://cdn.example/${name}.png` }));
    return film(relay, { pictures, options: { isLoop: true } });
  },
  'error.video-longest': async (relay) => {
    const media = [{ kind: 'video', url: 'https://cdn.example/1.mp4' }] as const;
    const offers = [{ action: 'extend-low', token: 'more' }] as const;
    relay.provider.onSubmit = () => ({
      ref: { id: 'film' },
      update: { state: 'done', media: [...media], offers: [...offers] },
    });
    const { task } = await relay.agreed(film(relay, { options: { extensions: 4 } }), aCaller());
    await relay.service.acknowledged(task.id, 'film');
    await relay.clock.pass(1_000);
    return relay.service.act({ taskId: task.id, messageId: 'film', offer: 0 }, aCaller());
  },
  'error.mask-for-several': (relay) =>
    edit(relay, { region: { cells: [], picture: { name: 'mask.png', url: 'https://cdn.example/m.png' } } }),
  'error.edit-version': (relay) => edit(relay, { prompt: 'a hat --v 7' }),
  'error.edit-tile': (relay) => edit(relay, { prompt: 'a hat --tile --v 8.2' }),
  'error.style-twice': (relay) => edit(relay, { prompt: 'a hat --sref 1 --v 8.2' }),
  'error.quarter-unsupported': (relay) =>
    edit(relay, {
      pictures: ['a', 'b'].map((name) => ({ name, url: `https://cdn.example/${name}`, quarter: 1 })),
    }),
  'error.role-without-picture': (relay) => runEdit(relay, { image: {}, role2: 'style' }),
  'error.mask-twice': (relay) => runEdit(relay, { image: {}, mask: {}, prompt: 'a hat', paint: true }),
  'error.page-unavailable': (relay) => runEdit(relay, { image: {}, prompt: 'a hat', paint: true }),
  'error.niji-unavailable': (relay) => start(relay, { options: { isNiji: true } }),
  'error.translation-unavailable': async (relay) => {
    const { request } = await relay.translations.plan(inChinese, aCaller());
    return relay.service.start(request ?? inChinese, aCaller());
  },
  'error.translation-failed': async (relay) => {
    relay.provider.translate = async () => {
      throw new ProviderError('unavailable', 'down');
    };
    const plan = await relay.translations.plan(inChinese, aCaller());
    return plan.start?.();
  },
  'error.account-unusable.auth': (relay) => close(relay, 'auth'),
  'error.account-unusable.balance': (relay) => close(relay, 'balance'),
  'error.account-closed.hours': (relay) => startLimited(relay, { hours: elsewhen }),
  'error.account-closed.points': async (relay) => {
    await startLimited(relay, { dailyPoints: 100 }, {}, 'somebody');
    return startLimited(relay, { dailyPoints: 100 });
  },
  'error.account-closed.for-good': (relay) => startLimited(relay, { dailyPoints: 39 }),
  'error.draft-gone': (relay) => relay.resume.act('no-such-draft', { prompt: 'a hat' }, aCaller()),
  'error.channel-not-allowed': (relay) => startUnder(relay, { channels: { mode: 'only', ids: [role] } }),
  'error.channel-excluded': (relay) =>
    startUnder(relay, { channels: { mode: 'except', ids: [here.channelId] } }),
  'error.age-restricted-only': (relay) => startUnder(relay, { sensitive: 'age-restricted' }),
  'error.age-restricted-never': (relay) => startUnder(relay, { sensitive: 'never' }, true),
  'error.command-role-missing': (relay) => startUnder(relay, { commandRoles: { imagine: [role] } }),
  'error.speed-role-missing': (relay) => startUnder(relay, { speedRoles: { fast: [role] } }),
  'error.buttons-of-owner': (relay) => pressUnder(relay, { buttons: { who: 'owner' } }),
  'error.button-role-missing': (relay) => pressUnder(relay, { buttons: { who: 'roles', roles: [role] } }),
  'error.zoom-malformed': (relay) => zoom(relay, 'a fox'),
  'error.prompt-fixed': async (relay) => {
    const target = targetOf(await relay.finished());
    return relay.service.act({ ...target, offer: 0, prompt: 'a hare' }, aCaller());
  },
  'error.region-missing': (relay) => region(relay, []),
  'error.region-everything': (relay) =>
    region(
      relay,
      Array.from({ length: 25 }, (_, index) => index + 1),
    ),
};

const role = '123456789012345678';
const here = { channelId: '222222222222222222', isAgeRestricted: false };

/** Starts something where the server's rules are these. */
async function startUnder(relay: Relay, rules: ServerRules, isAgeRestricted = false) {
  const { asker, origin } = aCaller();
  await relay.policies.update(asker.book, () => rules);
  const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
  return relay.service.start(request, { origin, asker: { ...asker, where: { ...here, isAgeRestricted } } });
}

/** Presses a button of somebody else's result where the server's rules are these. */
async function pressUnder(relay: Relay, rules: ServerRules) {
  const id = await relay.imagine('somebody');
  relay.provider.onLook = allDone;
  await relay.clock.pass(10_000);
  const { asker, origin } = aCaller();
  await relay.policies.update(asker.book, () => rules);
  return relay.service.act({ taskId: id, messageId: `message-of-${id}`, offer: 0 }, { asker, origin });
}

describe('a sentence that says that nothing was charged', () => {
  let relay: Relay;
  beforeEach(async () => {
    relay = await createRelay({ maxInFlight: 50, editModel: ['main'], publicUrl: 'https://relay.example' });
  });
  afterEach(() => relay.remove());

  const refusals = Object.entries(en).flatMap(([key, text]) =>
    key.startsWith('error.') && (text.includes(uncharged) || text.includes('{charge}')) ? [key] : [],
  );

  it('is proved for each refusal that has one', () => {
    expect(Object.keys(ways).toSorted()).toEqual(refusals.toSorted());
  });

  it.each(Object.entries(ways))('is true: %s', async (key, way) => {
    const tasksOf = () => relay.database.tasks.listByPerson(userId, { limit: 50 });
    const error = await way(relay).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const { content } = renderError(error, english, 'an id');
    expect(content).toContain(uncharged);
    expect(key.startsWith(`error.${(error as UserError).code}`)).toBe(true);
    // All that was ever charged is what was finished before, as long as it cost something.
    const charged = (await tasksOf()).reduce((sum, { price }) => sum + price, 0);
    const finished = (await tasksOf()).filter(({ state }) => state === 'done');
    expect(await tasksOf()).toHaveLength(finished.length);
    expect(await relay.left()).toBe(2_000 - charged);
  });

  it.each([
    ['speed-twice', 'a hare --fast --relax'],
    ['speed-in-prompt', 'a hare --turbo'],
    ['several-jobs', 'a {red, blue} hare'],
    ['unpriced', 'a hare --hd'],
    ['flag-unknown', 'a hare --remix-of-next-year'],
    ['answer-wrong', 'a hare --stylize 5000'],
    ['prompt-too-long', 'x'.repeat(9_000)],
  ])("isn't said to who answers the provider's question: %s", async (code, text) => {
    relay.provider.onSubmit = () => ({ ref: { id: 'asked' }, update: { state: 'asking' } });
    const taskId = await relay.imagine();
    await relay.clock.pass(1_000);
    expect(await relay.read(taskId)).toMatchObject({ state: 'asking', price: 100 });
    const target = { taskId, messageId: `message-of-${taskId}` };
    const error = await relay.service.answer(target, userId, text).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code });
    const { content } = renderError(error, english, 'an id');
    expect(content).not.toContain('charged');
    if (!code.startsWith('prompt')) expect(content).toContain('Your task is still waiting for an answer.');
    expect((await relay.read(taskId)).state).toBe('asking');
    expect(await relay.left()).toBe(1_900);
  });

  it("isn't needed for a picture that its account can't take: the refusal comes first", async () => {
    await relay.remove();
    const form = { by: 'address', types: ['image/png'], mostBytes: 100, takesAnimations: false } as const;
    relay = await createRelay({
      inputs: { main: form },
      checkInputs: async ({ pictures: [picture] }, _userId, asked) => {
        expect(asked).toEqual(form);
        throw new UserError('picture-animated', { name: picture?.name ?? '' });
      },
    });
    const pictures = [{ name: 'fox.gif', url: 'https://cdn.example/fox.gif' }];
    await expect(start(relay, { pictures })).rejects.toMatchObject({ code: 'picture-animated' });
    expect(await relay.left()).toBe(2_000);
  });

  it('is true for a task that was free, and is canceled', async () => {
    await relay.remove();
    const { points, ...list } = listPrices('mjproxy');
    relay = await createRelay({
      maxInFlight: 1,
      prices: { main: { ...list, points: { ...points, imagine: 0 } } },
    });
    await relay.imagine('somebody');
    const { task } = await start(relay, {});
    await relay.service.acknowledged(task.id, 'a-message');
    const outcome = await relay.service.cancel({ taskId: task.id, messageId: 'a-message' }, presser);
    if (!outcome.isCancelled) throw new Error('the task goes on');
    expect(renderCancelled(outcome, english).content).toContain(uncharged);
    const { embeds } = renderTask(await relay.read(task.id), english);
    expect(embeds[0]?.description).toBe(`Canceled. ${uncharged}`);
    expect(await relay.left()).toBe(2_000);
  });
});
