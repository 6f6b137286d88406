import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import type { Database } from '../../src/storage/database.ts';
import { type Task, toPrivatePlace } from '../../src/task.ts';
import { anOffer, anOrigin, aPlace, aRunningTask, aTask } from '../helpers/tasks.ts';

/** What every database must do; run once for each. */
export function describeStorage(
  name: string,
  open: () => Promise<{ database: Database; remove: () => Promise<void> }>,
) {
  describe(`storage on ${name}`, () => {
    let database: Database;
    let remove: () => Promise<void>;

    beforeEach(async () => {
      ({ database, remove } = await open());
    });
    afterEach(() => remove());

    const entry = (id: string, allowancePart: number, grantPart: number, period = '2026-W48') => ({
      id,
      kind: 'charge' as const,
      book: 'server',
      userId: 'person',
      allowancePart,
      grantPart,
      monthPart: allowancePart + grantPart,
      period,
      month: '2026-11',
      createdAt: 1,
    });

    it('returns a task exactly as it was saved', async () => {
      const parent = aTask({ result: undefined as never });
      await database.tasks.insert(aTask({ id: parent.id }));
      const task: Task = {
        ...aRunningTask({
          parentId: parent.id,
          parentOffer: 3,
          parentMessageId: '9007199254740993',
          ref: { id: '14001934816969359' },
          progress: 12,
          preview: 'https://pictures.example/p.webp',
          missingSince: 4,
          notBefore: 1,
        }),
        result: {
          media: [{ kind: 'picture', url: 'https://pictures.example/1.png?a=1&b=2&' }],
          offers: [anOffer()],
        },
        failure: { kind: 'rejected', reason: '任务超时', mayHaveCost: false },
        finishedAt: 1_732_000_000_000,
      };
      await database.tasks.insert(task);
      expect(await database.tasks.get(task.id)).toEqual(task);
    });

    it('saves over the previous revision, and over no other', async () => {
      const task = aTask();
      await database.tasks.insert(task);
      const first = apply(task, { type: 'acknowledged', messageId: '5' }, 1) as Task;
      const second = apply(task, { type: 'cancelled' }, 1) as Task;
      expect(await database.tasks.save(first, task)).toBe(true);
      expect(await database.tasks.save(second, task)).toBe(false);
      expect(await database.tasks.get(task.id)).toEqual(first);
    });

    it('finds a task by interaction and by message', async () => {
      const task = aTask({ origin: anOrigin({ place: aPlace({ messageId: '777' }) }) });
      await database.tasks.insert(task);
      expect((await database.tasks.getByInteraction(task.origin.interactionId))?.id).toBe(task.id);
      expect((await database.tasks.getByMessage('777'))?.id).toBe(task.id);
      expect(await database.tasks.getByMessage('778')).toBeUndefined();
    });

    it('holds one task per interaction', async () => {
      const origin = anOrigin();
      await database.tasks.insert(aTask({ origin }));
      await expect(database.tasks.insert(aTask({ origin }))).rejects.toThrow();
    });

    it('holds one unfinished task per button and person', async () => {
      const parent = aTask();
      await database.tasks.insert(parent);
      const press = { parentId: parent.id, parentOffer: 1 };
      await database.tasks.insert(aTask({ ...press, state: 'done' }));
      const running = aTask(press);
      await database.tasks.insert(running);
      await expect(database.tasks.insert(aTask(press))).rejects.toThrow();
      await database.tasks.insert(aTask({ ...press, origin: anOrigin({ userId: 'somebody else' }) }));
      await database.tasks.insert(aTask({ ...press, parentOffer: 2 }));
      expect((await database.tasks.getUnfinishedPress(parent.id, 1, running.origin.userId))?.id).toBe(
        running.id,
      );
    });

    it('lists due tasks, longest due first', async () => {
      const [late, later, early] = [
        aRunningTask({ nextLookAt: 30 }),
        aRunningTask({ nextLookAt: 40 }),
        aRunningTask({ nextLookAt: 10 }),
      ];
      for (const task of [late, later, early]) await database.tasks.insert(task);
      expect((await database.tasks.listDue(30, 10)).map(({ id }) => id)).toEqual([early.id, late.id]);
      expect((await database.tasks.listDue(99, 1)).map(({ id }) => id)).toEqual([early.id]);
      expect(await database.tasks.nextDueAt()).toBe(10);
    });

    it('lists unfinished tasks past their deadline, no matter what they wait for', async () => {
      const queued = aTask({ deadlineAt: 10 });
      const ended = aTask({ deadlineAt: 10, state: 'failed' });
      for (const task of [queued, ended, aTask({ deadlineAt: 11 })]) await database.tasks.insert(task);
      expect((await database.tasks.listOverdue(10, 10)).map(({ id }) => id)).toEqual([queued.id]);
      expect(await database.tasks.nextDueAt()).toBe(10);
    });

    it('lists acknowledged tasks that may go now, oldest first', async () => {
      const ready = aTask({ acknowledgedAt: 1, createdAt: 2 });
      const older = aTask({ acknowledgedAt: 1, createdAt: 1, notBefore: 50 });
      const tasks = [
        ready,
        older,
        aTask(),
        aTask({ acknowledgedAt: 1, notBefore: 51 }),
        aTask({ acknowledgedAt: 1, account: 'other' }),
      ];
      for (const task of tasks) await database.tasks.insert(task);
      expect((await database.tasks.listWaiting('main', 50)).map(({ id }) => id)).toEqual([
        older.id,
        ready.id,
      ]);
      expect(await database.tasks.nextWaitingAt('main', 50)).toBe(51);
      expect(await database.tasks.nextWaitingAt('main', 51)).toBeUndefined();
    });

    it('counts tasks that take up a slot', async () => {
      const [submitting, running] = [aTask({ state: 'submitting' }), aRunningTask()];
      for (const task of [
        submitting,
        running,
        aTask({ state: 'asking' }),
        aTask(),
        aRunningTask({ account: 'other' }),
      ]) {
        await database.tasks.insert(task);
      }
      expect(await database.tasks.countInFlight('main', 0)).toBe(2);
    });

    it('writes a ledger row once', async () => {
      expect(await database.ledger.write(entry('charge:1', -100, 0))).toBe(true);
      expect(await database.ledger.write(entry('charge:1', -100, 0))).toBe(false);
      expect(await database.ledger.spentAllowance('server', 'person', '2026-W48')).toBe(100);
    });

    it('sums the allowance per period, and grants forever', async () => {
      await database.ledger.write({ ...entry('grant:1', 0, 500), kind: 'grant' });
      await database.ledger.write(entry('charge:1', -70, -30));
      await database.ledger.write(entry('charge:2', -10, 0, '2026-W47'));
      expect(await database.ledger.spentAllowance('server', 'person', '2026-W48')).toBe(70);
      expect(await database.ledger.spentAllowance('elsewhere', 'person', '2026-W48')).toBe(0);
      expect(await database.ledger.grantBalance('server', 'person')).toBe(470);
    });

    it("tells a server's books from a person's, and says what unfinished tasks hold", async () => {
      const [open, done] = [aRunningTask(), aTask({ state: 'done', finishedAt: 5 })];
      for (const task of [open, done]) await database.tasks.insert(task);
      const row = (id: string, taskId: string) => ({ ...entry(id, -60, -40), taskId });
      await database.ledger.write(row('charge:1', open.id));
      await database.ledger.write({ ...row('charge:2', done.id), createdAt: 2 });
      await database.ledger.write({ ...entry('refund:0', 30, 0), kind: 'refund', createdAt: 3 });
      await database.ledger.write({ ...entry('grant:1', 0, 500), kind: 'grant', createdAt: 4 });
      await database.ledger.write({ ...entry('reset:1', 10, 0), kind: 'reset', createdAt: 5 });
      expect(await database.ledger.spentByBook('server', '2026-11')).toBe(170);
      expect(await database.ledger.spentByBook('server', '2026-12')).toBe(0);
      const held = (period: string) => {
        const { book, userId } = open.origin;
        return database.ledger.heldByUnfinished(book, userId, period);
      };
      expect(await held('2026-W48')).toEqual({ allowance: 60, grants: 40 });
      expect(await held('2026-W47')).toEqual({ allowance: 0, grants: 40 });
      expect(await database.ledger.hasGrant('server', 'person')).toBe(true);
      expect(await database.ledger.hasGrant('server', 'another')).toBe(false);
      expect(await database.ledger.countByPerson('server', 'person')).toBe(5);
      const page = await database.ledger.listByPerson('server', 'person', { limit: 3, offset: 1 });
      expect(page.map(({ id }) => id)).toEqual(['grant:1', 'refund:0', 'charge:2']);
      expect(page[2]?.task).toEqual({
        action: 'imagine',
        place: { guildId: done.origin.place.guildId, channelId: done.origin.place.channelId },
      });
      expect(page[0]?.task).toBeUndefined();
      const { origin } = aTask();
      const hidden = aTask({ origin: { ...origin, place: toPrivatePlace(origin.place) } });
      await database.tasks.insert(hidden);
      await database.ledger.write({ ...row('charge:3', hidden.id), createdAt: 6 });
      const [latest] = await database.ledger.listByPerson('server', 'person', { limit: 1, offset: 0 });
      expect(latest?.task?.place).toMatchObject({ isPrivate: true });
      expect(
        (await database.ledger.listAll('person', { limit: 1_000 })).map(({ createdAt }) => createdAt),
      ).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it("sums what a book's month keeps separately from what its people paid", async () => {
      const spent = () => database.ledger.spentByBook('server', '2026-11');
      const kept = () => database.ledger.keptByBook('server', '2026-11');
      for (const id of ['1', '2', '3', '4']) await database.ledger.write(entry(`charge:${id}`, -60, -40));
      expect([await spent(), await kept()]).toEqual([400, 0]);
      const refund = (id: string, changes: object) =>
        database.ledger.write({ ...entry(`refund:${id}`, 60, 40), kind: 'refund', ...changes });
      await refund('1', {});
      expect([await spent(), await kept()]).toEqual([300, 0]);
      await refund('2', { monthPart: 0 });
      await refund('3', { allowancePart: 0, grantPart: 0, monthPart: 0 });
      expect([await spent(), await kept()]).toEqual([300, 100]);
      const reset = { ...entry('reset:1', 120, 0), kind: 'reset' as const, monthPart: 0 };
      await database.ledger.write(reset);
      await database.ledger.write({ ...entry('grant:1', 0, 70), kind: 'grant', monthPart: 0 });
      await refund('4', { month: '2026-12' });
      expect([await spent(), await kept()]).toEqual([300, 100]);
      expect(await database.ledger.get('refund:2')).toMatchObject({ grantPart: 40, monthPart: 0 });
      expect(await database.ledger.spentAllowance('server', 'person', '2026-W48')).toBe(-60);
    });

    it('knows which waiting tasks have files to fetch, no matter what their prompts say', async () => {
      const { request } = aTask();
      const picture = { url: 'https://cdn.example/1.png', name: '1.png' };
      for (const [id, changes] of Object.entries({
        picture: { pictures: [picture] },
        cells: { region: { cells: [1] } },
        none: { prompt: '"pictures":[{"url":"x"}] "region":{"cells":[1]}' },
      }))
        await database.tasks.insert(aTask({ id, acknowledgedAt: 1, request: { ...request, ...changes } }));
      const waiting = await database.tasks.listWaiting('main', 50);
      expect(new Map(waiting.map(({ id, hasFiles }) => [id, hasFiles]))).toEqual(
        new Map([
          ['picture', true],
          ['cells', true],
          ['none', false],
        ]),
      );
    });

    it('counts the refunds promised to a person since a given time, in all books', async () => {
      const stop = (at: number, isRefunded = true) => ({ stop: { at, isRefunded } });
      const mine = (book = 'here') => ({ origin: anOrigin({ userId: 'me', book }) });
      const asking = aRunningTask({ state: 'asking', ...mine(), ...stop(10) });
      for (const task of [
        asking,
        aTask({ state: 'cancelled', finishedAt: 12, ...mine('elsewhere'), ...stop(11) }),
        aRunningTask({ ...mine(), ...stop(9) }),
        aRunningTask({ ...mine(), ...stop(12, false) }),
        aRunningTask({ ...mine(), ...stop(12), price: 0 }),
        aRunningTask(mine()),
        aRunningTask({ origin: anOrigin({ userId: 'another' }), ...stop(12) }),
      ])
        await database.tasks.insert(task);
      const count = (since: number) => database.tasks.countRefundsPromised('me', since);
      expect([await count(9), await count(10), await count(11), await count(12)]).toEqual([3, 2, 1, 0]);
      const answering = apply(asking, { type: 'answering', prompt: 'a', deadlineAt: 9, nextLookAt: 9 }, 20);
      await database.tasks.save(answering as Task, asking);
      expect(await count(10)).toBe(1);
      expect((await database.tasks.get(asking.id))?.stop).toBeUndefined();
    });

    it('counts tasks by book, person and state, and knows which prompts are running', async () => {
      const [mine, book] = [anOrigin({ userId: 'me' }), anOrigin().book];
      const request = { action: 'imagine', prompt: 'a hare', speed: 'fast', pictures: [] } as const;
      const waiting = aTask({ origin: mine, acknowledgedAt: 1 });
      for (const task of [
        waiting,
        aRunningTask({ request, origin: anOrigin({ userId: 'me' }) }),
        aTask({ state: 'done', finishedAt: 1, origin: anOrigin({ userId: 'me' }) }),
        aTask({ origin: anOrigin({ userId: 'me', book: 'elsewhere' }) }),
      ])
        await database.tasks.insert(task);
      expect(await database.tasks.countByState(book)).toEqual({ queued: 1, running: 1 });
      expect(await database.tasks.countUnfinished({ book, userId: 'me' })).toBe(2);
      expect(await database.tasks.countWaiting(book)).toBe(1);
      const counts = await database.tasks.countInFlightByPerson([{ book, userId: 'me' }], 0);
      expect([...counts.values()]).toEqual([1]);
      const [{ promptKey = '' } = {}] = await database.tasks.listWaiting('main', 5);
      expect(await database.tasks.listPromptsInFlight('main', [promptKey], 0)).toEqual(new Set());
      await database.tasks.insert(aTask({ request, acknowledgedAt: 1, createdAt: 9, account: 'other' }));
      const [{ promptKey: hare = '' } = {}] = await database.tasks.listWaiting('other', 5);
      expect(await database.tasks.listPromptsInFlight('main', [hare, promptKey], 0)).toEqual(new Set([hare]));
    });

    it("returns a person's tasks in pages, newest first", async () => {
      const ids: string[] = [];
      for (const createdAt of [1, 2, 2, 2, 3]) {
        const task = aTask({ origin: anOrigin({ userId: 'me', book: `server-${createdAt}` }), createdAt });
        ids.push(task.id);
        await database.tasks.insert(task);
      }
      const first = await database.tasks.listByPerson('me', { limit: 3 });
      const second = await database.tasks.listByPerson('me', { limit: 3, before: first.at(-1) });
      expect([...first, ...second].map(({ id }) => id)).toEqual(ids.toReversed());
    });

    it('owes a delivery until it is removed, and counts failed attempts', async () => {
      const task = aTask({ state: 'done' });
      await database.tasks.insert(task);
      await database.deliveries.put(task.id, 'final', 10);
      await database.deliveries.postpone(task.id, 'final', 20);
      expect(await database.deliveries.listDue(19, 10)).toEqual([]);
      expect(await database.deliveries.listDue(20, 10)).toEqual([
        { taskId: task.id, kind: 'final', attempts: 1, dueAt: 20, createdAt: 10 },
      ]);
      expect(await database.deliveries.nextDueAt()).toBe(20);
      await database.deliveries.put(task.id, 'final', 30);
      expect(await database.deliveries.remove(task.id, 'final', 10)).toBe(false); // owed again in the meantime
      expect(await database.deliveries.remove(task.id, 'final', 30)).toBe(true);
      expect(await database.deliveries.count()).toBe(0);
    });

    it('makes a mention wait for the final message', async () => {
      const task = aTask({ state: 'done' });
      await database.tasks.insert(task);
      await database.deliveries.put(task.id, 'mention', 10);
      await database.deliveries.put(task.id, 'final', 10);
      await database.deliveries.postpone(task.id, 'final', 90);
      expect(await database.deliveries.listDue(50, 10)).toEqual([]);
      expect(await database.deliveries.nextDueAt()).toBe(90);
      await database.deliveries.remove(task.id, 'final');
      expect((await database.deliveries.listDue(50, 10)).map(({ kind }) => kind)).toEqual(['mention']);
    });

    it('counts a lost answer as a slot for only two minutes', async () => {
      await database.tasks.insert(aTask({ state: 'submitting', lostAt: 1_000 }));
      const { userId, book } = anOrigin();
      const ofPerson = async (now: number) => [
        ...(await database.tasks.countInFlightByPerson([{ userId, book }], now)).values(),
      ];
      expect(await database.tasks.countInFlight('main', 100_000)).toBe(1);
      expect(await ofPerson(100_000)).toEqual([1]);
      expect(await database.tasks.countInFlight('main', 200_000)).toBe(0);
      expect(await ofPerson(200_000)).toEqual([]);
    });

    it('forgets a token, and nothing else', async () => {
      const task = aTask();
      await database.tasks.insert(task);
      await database.tasks.settle(task.id);
      const { token: _token, ...place } = task.origin.place;
      expect(await database.tasks.get(task.id)).toEqual({ ...task, origin: { ...task.origin, place } });
    });

    it.each([
      ['one file in its address', ['data:image/png;base64,AAAA'], ['data:,']],
      ['one file elsewhere', ['https://p.example/1'], ['https://p.example/1']],
      ['several files', ['data:,a', 'data:,b'], ['data:,a', 'data:,b']],
      ['no file', [], []],
    ])('keeps the address of a result with %s, once it is settled', async (_what, given, left) => {
      const media = given.map((url) => ({ kind: 'picture', url }) as const);
      const task = aTask({ state: 'done', result: { media, offers: [], text: ['a fox'] } });
      await database.tasks.insert(task);
      await database.tasks.settle(task.id);
      const { result } = (await database.tasks.get(task.id)) ?? {};
      expect(result).toEqual({ ...task.result, media: left.map((url) => ({ kind: 'picture', url })) });
    });

    it('brings forward what is due too late, and leaves the rest', async () => {
      const [far, near] = [aRunningTask({ nextLookAt: 900 }), aRunningTask({ nextLookAt: 5 })];
      const waiting = aTask({ acknowledgedAt: 1, notBefore: 900 });
      const lost = aTask({ state: 'submitting', acknowledgedAt: 1, lostAt: 2, deadlineAt: 900 });
      for (const task of [far, near, waiting, lost]) await database.tasks.insert(task);
      await database.deliveries.put(far.id, 'final', 900);
      await database.tasks.clampDue({ look: 100, wait: 200, lost: 250 });
      await database.deliveries.clampDue(300);
      expect((await database.tasks.get(far.id))?.nextLookAt).toBe(100);
      expect((await database.tasks.get(near.id))?.nextLookAt).toBe(5);
      expect((await database.tasks.get(waiting.id))?.notBefore).toBe(200);
      expect((await database.tasks.get(lost.id))?.deadlineAt).toBe(250);
      expect((await database.tasks.get(far.id))?.deadlineAt).toBe(far.deadlineAt);
      expect(await database.deliveries.nextDueAt()).toBe(300);
    });

    it('finds the tasks that a nameless one at a provider may belong to', async () => {
      const words = { ...aTask().request, prompt: 'a fox' };
      const [running, done, failed, old, others] = [
        aRunningTask({ account: 'spare', request: words }),
        aTask({
          state: 'done',
          request: { ...words, prompt: 'an owl' },
          emptied: 'all',
          ref: { id: '1_7' },
          finishedAt: 50,
        }),
        aTask({ state: 'failed', request: words, finishedAt: 60 }),
        aTask({ state: 'done', request: words, finishedAt: 40 }),
        aRunningTask({ request: { ...words, prompt: 'a hare' }, ref: { id: '18' } }),
      ];
      const task = aTask({ request: words });
      for (const one of [running, done, failed, old, others, task]) await database.tasks.insert(one);
      const rivals = await database.tasks.listRivals(task, { refs: [{ id: '1_7' }], since: 50 });
      const ids = new Set(rivals.map(({ id }) => id));
      expect(ids).toEqual(new Set([running.id, done.id, failed.id]));
    });

    it('finds the last finished task of a button', async () => {
      const parent = aTask();
      const press = { parentId: parent.id, parentOffer: 1 };
      const [older, newer] = [
        aTask({ ...press, state: 'done', finishedAt: 1 }),
        aTask({ ...press, state: 'done', finishedAt: 2 }),
      ];
      for (const task of [parent, newer, older, aTask({ ...press, state: 'failed', finishedAt: 9 })])
        await database.tasks.insert(task);
      expect((await database.tasks.getDonePress(parent.id, 1))?.id).toBe(newer.id);
      expect(await database.tasks.getDonePress(parent.id, 2)).toBeUndefined();
    });

    it('rolls back all of a transaction if part of it throws', async () => {
      const task = aTask();
      const work = database.transaction(async ({ tasks, ledger }) => {
        await tasks.insert(task);
        await ledger.write({ ...entry('charge:1', -100, 0), taskId: task.id });
        throw new Error('a power cut');
      });
      await expect(work).rejects.toThrow('a power cut');
      expect(await database.tasks.get(task.id)).toBeUndefined();
      expect(await database.ledger.get('charge:1')).toBeUndefined();
    });

    it('never shows two transactions the same balance', async () => {
      const debit = (id: number) =>
        database.transaction(async ({ ledger }) => {
          const spent = await ledger.spentAllowance('server', 'person', '2026-W48');
          if (spent >= 50) return false;
          return ledger.write(entry(`charge:${id}`, -1, 0));
        });
      const results = await Promise.all(Array.from({ length: 80 }, (_, id) => debit(id)));
      expect(results.filter(Boolean)).toHaveLength(50);
      expect(await database.ledger.spentAllowance('server', 'person', '2026-W48')).toBe(50);
    });
  });
}
