import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { listPrices } from '../../src/points/prices.ts';
import type { TaskRequest } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { always, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aPlace } from '../helpers/tasks.ts';

const { book, userId } = anOrigin();
const hour = 60 * 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 50, findsByPrompt: false });
});
afterEach(() => relay.remove());

const request = (changes: Partial<TaskRequest> = {}) =>
  ({ action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [], ...changes }) as const;

const start = (caller = aCaller()) => relay.service.start({ ...request(), action: 'imagine' }, caller);

/** What somebody is asked before they pay. */
async function asked(opened: Promise<unknown>) {
  const error = await opened.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const details = detailsOf(error, 'price-unconfirmed');
  if (details === undefined) throw error ?? new Error('nobody was asked');
  return details;
}

const allow = (points: number) => relay.policies.update(book, (settings) => ({ ...settings, points }));
const submits = () => relay.provider.submits.length;

describe('a speed that the provider runs as a dearer one', () => {
  beforeEach(() => {
    relay.provider.review = ({ speed }) =>
      speed === 'relax' ? [{ flag: '--relax', asked: 'relax', used: 'fast' }] : [];
  });
  const startAt = (speed: TaskRequest['speed']) =>
    relay.service.start({ ...request({ speed }), action: 'imagine' }, aCaller());

  it('is told with its price before anything is charged, however much the person has', async () => {
    const { draft, ...told } = await asked(startAt('relax'));
    const speed = { asked: 'relax', used: 'fast' };
    expect(told).toEqual({ work: 'imagine', price: 100, left: 2_000, speed });
    expect(await relay.left()).toBe(2_000);
    const { task } = await relay.resume.agree(draft, aCaller());
    expect(task).toMatchObject({ price: 100, request: { speed: 'fast' } });
    expect(await relay.left()).toBe(1_900);
  });

  it('is not asked about if it was chosen, or if the other one costs no more', async () => {
    expect(await codeOf(startAt('fast'))).toBeUndefined();
    relay.provider.review = ({ speed }) =>
      speed === 'fast' ? [{ flag: '--fast', asked: 'fast', used: 'relax' }] : [];
    expect(await codeOf(startAt('fast'))).toBeUndefined();
    expect(await relay.left()).toBe(2_000 - 100 - 40);
  });
});

describe('a price that nobody has published', () => {
  const guessed = (changes: Partial<TaskRequest> = {}) =>
    relay.service.start({ ...request({ prompt: 'a fox --hd', ...changes }), action: 'imagine' }, aCaller());

  beforeEach(async () => {
    await relay.remove();
    relay = await createRelay({ prices: { main: listPrices('4allapi') } });
  });

  it('is told as a guess before anything is charged, however much the person has', async () => {
    const { draft, ...told } = await asked(guessed());
    expect(told).toEqual({ work: 'imagine', price: 163, left: 2_000, guess: 'hd' });
    expect([await relay.left(), submits()]).toEqual([2_000, 0]);
    const { task } = await relay.resume.agree(draft, aCaller());
    expect(task).toMatchObject({ price: 163, request: { prompt: 'a fox --hd' } });
    expect(await relay.left()).toBe(2_000 - 163);
  });

  it.each([
    ['without what it is for', 'a fox', '4allapi', {}],
    ['at an API that publishes it', 'a fox --hd', 'acedata', {}],
    ['if the operator has set it', 'a fox --hd', '4allapi', { hd: 200 }],
  ] as const)('is not asked about %s', async (_what, prompt, kind, percents) => {
    await relay.remove();
    relay = await createRelay({ prices: { main: listPrices(kind, { points: {}, percents }) } });
    expect(await codeOf(guessed({ prompt }))).toBeUndefined();
  });

  it('is not asked about for a button, which says it', async () => {
    const picture = { kind: 'picture', url: 'https://pictures.example/1.png' } as const;
    const offers = [{ action: 'reroll' as const, token: 'x' }];
    relay.provider.onLook = always({ state: 'done', media: [picture], offers });
    const { draft } = await asked(guessed());
    const { task } = await relay.resume.agree(draft, aCaller());
    await relay.service.acknowledged(task.id, 'a message');
    await relay.clock.pass(10_000);
    const press = { taskId: task.id, messageId: 'a message', offer: 0 };
    const { task: again } = await relay.service.act(press, aCaller());
    expect(again).toMatchObject({ price: 163, request: { action: 'reroll' } });
  });
});

describe('a price of more than a fifth of an allowance', () => {
  it.each([
    [499, true],
    [500, false],
    [2_000, false],
  ])('with %i points and 100 for an image, is asked about: %s', async (points, isAsked) => {
    await allow(points);
    expect(await codeOf(start())).toBe(isAsked ? 'price-unconfirmed' : undefined);
  });

  it('is told with what is left, and nothing is charged or saved before the person agrees', async () => {
    await allow(300);
    const { draft, ...told } = await asked(start());
    expect(told).toEqual({ work: 'imagine', price: 100, left: 300 });
    expect(await relay.left()).toBe(300);
    expect(await relay.database.tasks.listByPerson(userId, { limit: 5 })).toEqual([]);
    const { task } = await relay.resume.agree(draft, aCaller());
    expect(task).toMatchObject({ price: 100, state: 'queued', request: { prompt: 'a fox' } });
    expect(await relay.left()).toBe(200);
  });

  it('starts one task, however often it is agreed to', async () => {
    await allow(300);
    const { draft } = await asked(start());
    const agreements = [1, 2, 3].map(() => codeOf(relay.resume.agree(draft, aCaller())));
    expect((await Promise.all(agreements)).sort()).toEqual(['already-started', 'already-started', undefined]);
    expect(await codeOf(relay.resume.agree(draft, aCaller()))).toBe('already-started');
    expect(await relay.left()).toBe(200);
    // A button that was paid with never says that nothing was charged.
    await relay.clock.pass(hour);
    await relay.drafts.sweep();
    expect(await codeOf(relay.resume.agree(draft, aCaller()))).toBe('already-started');
    expect(await codeOf(relay.resume.agree(draft, aCaller({ userId: 'somebody else' })))).toBe('draft-gone');
  });

  it('is the same agreement if Discord delivers the press twice', async () => {
    await allow(300);
    const { draft } = await asked(start());
    const caller = aCaller();
    const [first, second] = [
      await relay.resume.agree(draft, caller),
      await relay.resume.agree(draft, caller),
    ];
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.task.id).toBe(first.task.id);
  });

  it('is the agreement of whoever was asked, for an hour', async () => {
    await allow(300);
    const { draft } = await asked(start());
    expect(await codeOf(relay.resume.agree(draft, aCaller({ userId: 'somebody else' })))).toBe('draft-gone');
    expect(await codeOf(relay.resume.agree('aaaaaaaaaaaaaaaa', aCaller()))).toBe('draft-gone');
    await relay.clock.pass(hour);
    expect(await codeOf(relay.resume.agree(draft, aCaller()))).toBe('draft-gone');
  });

  it('is not asked about if the person cannot pay it anyway', async () => {
    await allow(99);
    expect(await codeOf(start())).toBe('points-short');
  });

  it('is refused if the points are gone by the time of the agreement', async () => {
    await allow(300);
    const drafts = [];
    for (let count = 0; count < 4; count += 1) drafts.push((await asked(start())).draft);
    const codes = [];
    for (const draft of drafts) codes.push(await codeOf(relay.resume.agree(draft, aCaller())));
    expect(codes).toEqual([undefined, undefined, undefined, 'points-short']);
  });

  it('is asked about again if it has risen, and never booked higher than it was told', async () => {
    await allow(300);
    const { draft } = await asked(start());
    relay.provider.review = () => {
      throw new UserError('flags-unsupported', { flags: '--odd' });
    };
    expect(await codeOf(relay.resume.agree(draft, aCaller()))).toBe('flags-unsupported');
    delete relay.provider.review;
    Object.assign(relay.accounts.get('main')?.prices.points ?? {}, { imagine: 150 });
    const again = await asked(relay.resume.agree(draft, aCaller()));
    expect(again).toMatchObject({ price: 150 });
    expect(again.draft).not.toBe(draft);
    expect((await relay.resume.agree(again.draft, aCaller())).task.price).toBe(150);
  });

  it('is asked about again if it has risen, even if nobody would ask about the new one by now', async () => {
    await allow(300);
    const { draft } = await asked(start());
    Object.assign(relay.accounts.get('main')?.prices.points ?? {}, { imagine: 150 });
    await allow(2_000);
    expect(await asked(relay.resume.agree(draft, aCaller()))).toMatchObject({ price: 150 });
    expect(await relay.left()).toBe(2_000);
  });

  it.each([
    [
      'its account is no longer set up',
      'account-gone',
      (gone: Relay) => (gone.accounts.get = () => undefined),
    ],
    [
      'its account can no longer do it',
      'action-unavailable',
      (gone: Relay) => Object.assign(gone.provider, { actions: new Set(['imagine']) }),
    ],
  ])('is not paid, and starts nothing, if %s', async (_what, code, change) => {
    const press = { taskId: await relay.finished(), messageId: '', offer: 0 };
    press.messageId = `message-of-${press.taskId}`;
    await allow(40);
    const { draft } = await asked(relay.service.act(press, aCaller({ userId: 'another' })));
    change(relay);
    expect(await codeOf(relay.resume.agree(draft, aCaller({ userId: 'another' })))).toBe(code);
    expect(await relay.left('another')).toBe(40);
    expect(await relay.database.tasks.listByPerson('another', { limit: 5 })).toEqual([]);
  });

  it('is neither charged nor agreed to while drafts cannot be kept or read', async () => {
    await allow(300);
    const { drafts } = relay.documents;
    const { draft } = await asked(start());
    const { get, set } = drafts;
    const fail = () => Promise.reject(new Error('the disk is broken'));
    Object.assign(drafts, { get: fail, set: fail });
    await expect(start()).rejects.toThrow('the disk is broken');
    await expect(relay.resume.agree(draft, aCaller())).rejects.toThrow('the disk is broken');
    expect(await relay.left()).toBe(300);
    Object.assign(drafts, { get, set });
    expect((await relay.resume.agree(draft, aCaller())).task.price).toBe(100);
  });

  it('counts what was granted for people without an allowance', async () => {
    await allow(0);
    const person = { userId, isBot: false, roleIds: [] };
    const administrator = { userId: 'ada', book, roleIds: [], isAdministrator: true };
    await relay.administration.grant(administrator, person, 499, { interactionId: 'one' });
    expect(await codeOf(start())).toBe('price-unconfirmed');
    await relay.administration.grant(administrator, person, 1, { interactionId: 'two' });
    expect(await codeOf(start())).toBeUndefined();
  });

  it('survives a restart, and its answer goes to the channel, however private the question was', async () => {
    await allow(300);
    const { draft } = await asked(start());
    await relay.close();
    const reopened = await relay.reopen();
    const place = { ...anOrigin().place, isOpenToBot: false };
    const { task } = await reopened.resume.agree(draft, aCaller({ place }));
    expect(task.origin.place.isOpenToBot).toBe(true);
    await reopened.close();
  });

  it('is asked about for buttons, too, where a second press of the button is refused while it runs', async () => {
    const video = {
      state: 'done' as const,
      media: [{ kind: 'picture' as const, url: 'https://pictures.example/1.png' }],
      offers: [{ action: 'animate-high' as const, index: 1, token: 'x' }],
    };
    relay.provider.onLook = always(video);
    const taskId = await relay.imagine();
    await relay.clock.pass(10_000);
    relay.provider.onLook = always({ state: 'running' });
    const press = { taskId, messageId: `message-of-${taskId}`, offer: 0 };
    const first = await asked(relay.service.act(press, aCaller()));
    const second = await asked(relay.service.act(press, aCaller()));
    expect(first).toMatchObject({ work: 'animate-high', price: 800, left: 1_900 });
    const { task } = await relay.resume.agree(first.draft, aCaller());
    expect(task).toMatchObject({ parentId: taskId, parentOffer: 0, price: 800 });
    expect(await codeOf(relay.resume.agree(second.draft, aCaller()))).toBe('already-running');
    expect(await codeOf(relay.service.act(press, aCaller()))).toBe('already-running');
    await relay.service.acknowledged(task.id, 'a message');
    await settle();
    expect(submits()).toBe(2);
    expect(await relay.left()).toBe(1_100);
  });
});

describe('a window that is sent again', () => {
  it.each([
    ['the channel of the first one', {}, true],
    ['another channel', { channelId: 'another channel' }, false],
  ])('is answered where the bot may edit if it could in %s', async (_where, there, isOpenToBot) => {
    const taskId = await relay.finished();
    const press = { taskId, messageId: `message-of-${taskId}`, offer: 2 };
    const draftOf = async (opened: Promise<unknown>) =>
      detailsOf(await opened.catch((error: unknown) => error), 'zoom-malformed')?.draft ?? '';
    // The refusal is private, so Discord says that what is sent from its button isn't open to the bot.
    const caller = () => aCaller({ place: aPlace({ ...there, isOpenToBot: false }) });
    const first = await draftOf(relay.service.act({ ...press, prompt: 'a fox --zoom 9' }, aCaller()));
    const second = await draftOf(relay.resume.act(first, { prompt: 'a fox --zoom 8' }, caller()));
    const { task } = await relay.resume.act(second, { prompt: 'a fox --zoom 2' }, caller());
    expect(task).toMatchObject({ request: { answer: 'a fox --zoom 2' }, origin: { place: { isOpenToBot } } });
  });
});

describe('what somebody has begun', () => {
  it('is exported, and forgotten with the rest', async () => {
    await allow(300);
    const { draft } = await asked(start());
    const exported = async () => JSON.parse(await relay.personalData.export(userId));
    expect((await exported()).unfinished).toMatchObject([
      { action: 'imagine', prompt: 'a fox', points: 100 },
    ]);
    await relay.personalData.forget('somebody else');
    expect((await exported()).unfinished).toHaveLength(1);
    await relay.personalData.forget(userId);
    expect((await exported()).unfinished).toEqual([]);
    expect(await codeOf(relay.resume.agree(draft, aCaller()))).toBe('draft-gone');
  });

  it('is exported with its options and its mask, and with what was typed into a window', async () => {
    const mask = { url: 'https://cdn.example/mask.png', name: 'mask.png' };
    const options = { motion: 'high', resolution: '480p' } as const;
    const place = { channelId: 'a channel', isOpenToBot: true, isPrivate: false };
    const draft = { kind: 'price', price: 800, ...place } as const;
    await relay.drafts.keep(userId, {
      ...draft,
      request: request({ options, speed: 'relax', region: { cells: [2, 3], picture: mask } }),
    });
    expect(JSON.parse(await relay.personalData.export(userId)).unfinished).toEqual([
      {
        action: 'imagine',
        prompt: 'a fox',
        speed: 'relax',
        options,
        region: { cells: [2, 3], mask: 'mask.png' },
        pictures: [],
        points: 800,
        channel: 'a channel',
        expiresAt: new Date(relay.clock.now() + hour).toISOString(),
      },
    ]);
    await relay.drafts.forget(userId);
    const window = { kind: 'window', taskId: 'a', messageId: 'b', offer: 0, prompt: 'a hare' } as const;
    await relay.drafts.keep(userId, { ...window, ...place });
    expect(JSON.parse(await relay.personalData.export(userId)).unfinished).toMatchObject([
      { prompt: 'a hare', channel: 'a channel' },
    ]);
  });

  it('is deleted once it is too old', async () => {
    await allow(300);
    await asked(start());
    await relay.clock.pass(hour - 1);
    await asked(start());
    await relay.drafts.sweep();
    expect(await relay.documents.drafts.listKeys()).toHaveLength(2);
    await relay.clock.pass(1);
    await relay.drafts.sweep();
    expect(await relay.documents.drafts.listKeys()).toHaveLength(1);
  });
});
